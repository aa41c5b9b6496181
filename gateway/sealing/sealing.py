"""Step 7: seal for one municipality. Clear person data goes in and does not come out.

One random content key per chunk and municipality; per message and field group a key derived from it and a JWE that names its
message and group; the whole encrypted once more under the storage key of (municipality, week of expiry), so that it can be
destroyed. Authority: `docs/crypto.md`, sealing; architecture, keys. Leaves which groups may travel to `policy`, and which
optional fields a municipality takes to the register.
"""

import hashlib
import os
import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.core import ids
from gateway.core.chain import Header, Judged, Parsed, Sealed
from gateway.core.errors import Unavailable
from gateway.keys import names
from gateway.keys.content import ContentKey
from gateway.keys.keystore import KeyStore
from gateway.partners.register import Register
from gateway.sealing.jwe import encrypt_direct, wrap_content_key
from schemas.identity import join
from schemas.inbox import Schuldeiser, Veldgroep
from schemas.ontvangst import Bevinding
from schemas.sealed import Identiteit, Klant, expand, extract, group_kid
from schemas.signaal import Crisis, Signaal, Soort
from schemas.triage import Triage, age_class
from schemas.types import Gemeentecode, Sector, Wire

RETENTION = timedelta(weeks=26)
"""The longest term of a payload: followed up by people."""
FIRST = timedelta(weeks=13)
"""Until a case system is done at the latest: up to a month until the matching day, 20 working days to fetch it, 10 after its receipt."""
NONCE = 12
_ENCODER = msgspec.json.Encoder(order="sorted")


class Meta(Wire, frozen=True, kw_only=True):
    """What an inbox shows of a message apart from its place and state. No kenmerk of the creditor, no person data."""

    soort: Soort
    sector: Sector
    schuldeiser: Schuldeiser
    signaaldatum: date
    ontvangen_op: datetime
    bedrag_cent: int
    bevindingen: list[Bevinding]
    crisis: Crisis | None = None
    warme_overdracht: bool | None = None
    voorrang: bool | None = None
    inhaalslag: bool | None = None
    triage: Triage | None = None


class _Envelope:
    """What the messages of one chunk for one municipality share."""

    def __init__(self, gemeente: Gemeentecode, register: Register, keys: KeyStore, week: str) -> None:
        recipient = register.sealing_key(gemeente)
        if recipient is None:
            raise Unavailable("GEMEENTE_ZONDER_SLEUTEL", f"Gemeente {gemeente} heeft nog geen sleutel.", retry_after=3600)
        content_key, id = secrets.token_bytes(32), ids.new()
        self.row = ContentKey(id, gemeente, recipient.kid, recipient.wijze, wrap_content_key(id, content_key, recipient))
        self.extracted = extract(content_key)
        self.storage_key = names.storage(gemeente, week)
        self.storage = AESGCM(keys.key(self.storage_key))
        taken = register.optional_fields(gemeente)
        self.triage = register.triage(gemeente)
        self.birth_date, self.customer = "geboortedatum" in taken, "klantnummer" in taken


def seal(judged: list[Judged], register: Register, keys: KeyStore, clock_day: date) -> tuple[list[Sealed], list[ContentKey]]:
    """Seal a chunk.

    Args:
        judged: records that may be delivered.
        register: names the key and the optional fields of each municipality.
        keys: gives the storage keys.
        clock_day: the day of delivery; payloads expire 13 weeks later, unless people follow them up.

    Raises:
        Unavailable: a municipality has no key to seal to.
        Misconfigured: a registered key is too weak, or the key store cannot be opened.
    """
    week = names.iso_week(clock_day + FIRST)
    envelopes: dict[Gemeentecode, _Envelope] = {}
    sealed: list[Sealed] = []
    for record in judged:
        gemeente = record.named.routed.gemeente
        envelope = envelopes.get(gemeente)
        if envelope is None:
            envelope = envelopes[gemeente] = _Envelope(gemeente, register, keys, week)
        sealed.append(_seal(record, envelope))
    return sealed, [envelope.row for envelope in envelopes.values()]


def _seal(judged: Judged, envelope: _Envelope) -> Sealed:
    named = judged.named
    routed = named.routed
    fresh = routed.lawful.fresh
    header = _header(judged, ids.new(), envelope)
    return Sealed(
        nr=fresh.parsed.inbound.nr,
        header=header,
        key=fresh.key,
        content=fresh.content,
        content_hash=hashlib.sha256(fresh.parsed.canonical).digest(),
        version=named.version,
        address=named.address,
        person=named.person,
        contract=named.contract,
        payload=_payload(fresh.parsed.signaal, routed.groups, header.id, header.meta, envelope),
        storage_key=envelope.storage_key,
        content_key_id=envelope.row.id,
        renews=fresh.renews,
        subject=named.subject,
        subject_person=named.subject_person,
        later=named.later,
    )


def _payload(signaal: Signaal, groups: tuple[Veldgroep, ...], message: UUID, meta: bytes, envelope: _Envelope) -> bytes:
    jwes: dict[str, str] = {}
    name = str(message)
    for group in groups:
        clear = _clear(signaal, group, envelope)
        if clear is not None:
            key = expand(envelope.extracted, name, group)
            jwes[group] = encrypt_direct(key, group_kid(name, group), _ENCODER.encode(clear))
    nonce = os.urandom(NONCE)
    return nonce + envelope.storage.encrypt(nonce, _ENCODER.encode(jwes), storage_aad(envelope.row.gemeente, name, meta))


def _clear(signaal: Signaal, group: Veldgroep, envelope: _Envelope) -> Wire | None:
    """The content of one group, or None when there is nothing to send."""
    if group == "contact":
        contact = signaal.contact
        return contact if contact and (contact.telefoonnummers or contact.emailadressen) else None
    if group == "klant":
        return Klant(klantnummer=signaal.klantnummer) if signaal.klantnummer and envelope.customer else None
    persons = signaal.personen
    if not envelope.birth_date:
        persons = [msgspec.structs.replace(person, geboortedatum=None) for person in persons]
    return Identiteit(personen=persons, adres=signaal.adres)


def storage_aad(gemeente: Gemeentecode, message: UUID | str, meta: bytes) -> bytes:
    """What the outer layer is bound to: the message, and what its inbox shows of it, so that neither can be changed unseen."""
    return join(gemeente, str(message), hashlib.sha256(meta).hexdigest())


def _header(judged: Judged, id: UUID, envelope: _Envelope) -> Header:
    routed = judged.named.routed
    parsed = routed.lawful.fresh.parsed
    fresh, inbound, signaal = routed.lawful.fresh, parsed.inbound, parsed.signaal
    return Header(
        id=id,
        gemeente=routed.gemeente,
        sender=inbound.sender,
        trace=inbound.trace,
        received=inbound.received,
        kenmerk=signaal.kenmerk,
        soort=signaal.soort,
        sector=signaal.sector,
        meta=_meta(parsed, judged, _triage(signaal, routed.triage, envelope.triage)),
        findings=judged.findings,
        doel=routed.doel,
        row=routed.row,
        register_version=routed.register_version,
        activity=routed.activity,
        earlier=fresh.earlier if fresh.earlier_gemeente == routed.gemeente else None,
        artikel=routed.artikel,
    )


def _triage(signaal: Signaal, named: tuple[str, ...], switched_on: frozenset[str]) -> Triage | None:
    """What may be kept to sort on: the purpose row names it *and* the municipality switched it on; else nothing."""
    kept = switched_on.intersection(named)
    if not kept:
        return None
    return Triage(
        postcode4=signaal.adres.postcode[:4] if "postcode4" in kept else None,
        ouderdom=age_class(signaal.achterstand.ontstaansdatum, signaal.signaaldatum) if "ouderdom" in kept else None,
    )


def _meta(parsed: Parsed, judged: Judged, triage: Triage | None) -> bytes:
    signaal = parsed.signaal
    return _ENCODER.encode(
        Meta(
            soort=signaal.soort,
            sector=signaal.sector,
            schuldeiser=Schuldeiser(oin=parsed.inbound.sender.principal, handelsnaam=signaal.handelsnaam),
            signaaldatum=signaal.signaaldatum,
            ontvangen_op=parsed.inbound.received,
            bedrag_cent=signaal.achterstand.bedrag_cent,
            bevindingen=[_shown(finding) for finding in judged.findings],
            crisis=signaal.crisis,
            warme_overdracht=signaal.warme_overdracht,
            voorrang=judged.first or None,
            inhaalslag=parsed.inbound.inhaalslag or None,
            triage=triage,
        )
    )


def _shown(finding: Bevinding) -> Bevinding:
    """A municipality hears what was found, not where in the delivery it stood; no other municipality is named."""
    return msgspec.structs.replace(finding, pointer=None, kandidaten=None)
