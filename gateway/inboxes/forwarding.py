"""Sending a message on: rejected here as `geen_inwoner`, delivered in the inbox of the municipality where the resident lives.

The creditor hears of it what it hears of any `geen_inwoner`, at the same moment, and nothing of another municipality: the new message has
this municipality as its sender, a kenmerk of its own, and its feedback is silenced. One log entry and one row of `doorzending` link the
two. Authority: rules RT-08 and FB; contract, "states". The gateway checks the shape and the key of what was sealed and opens no group.
"""

import os
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Forbidden, Misconfigured, NotFound
from gateway.feedback import recording
from gateway.feedback.recording import Teller
from gateway.inboxes.desk import Desk
from gateway.keys import names
from gateway.keys.content import ContentKey
from gateway.mailbox import derivations, inbox, states
from gateway.mailbox.instellingen import Whose
from gateway.matching.naming import Namer, namer
from gateway.partners import versions
from gateway.partners.register import Register
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.policy.register import Allowed
from gateway.privacylog import append
from gateway.privacylog.afterwards import BerichtDoorgezonden
from gateway.privacylog.entry import Frame, content, person, subject
from gateway.privacylog.messages import SignaalBezorgd
from gateway.sealing.jwe import ALGORITHMS
from gateway.sealing.opening import Releaser
from gateway.sealing.sealing import FIRST, NONCE, Meta, storage_aad
from gateway.store.tenant import municipality
from schemas import identity
from schemas.doorzending import Doorzending, Gemeentesleutels, PubliekeSleutel
from schemas.inbox import BerichtStand
from schemas.keyed import Keyed
from schemas.ontvangst import Bevinding
from schemas.sealed import group_kid

FLOW, KIND, ROLE = "doorzenden", "doorzending", "gemeente"
REASON = "geen_inwoner"
CLOCKS_DIFFER = timedelta(hours=1)
_META = msgspec.json.Decoder(Meta)
_ENCODER = msgspec.json.Encoder(order="sorted")
Link = psycopg.Connection[Any]


class Forwarding(NamedTuple):
    """Made by the composition root."""

    desk: Desk
    register: Callable[[], Register]


def keys(gemeentecode: str | None, forwarding: Forwarding) -> Gemeentesleutels:
    """The keys of participating municipalities, or of one. Raises NotFound: that one takes no messages."""
    register = forwarding.register()
    codes = sorted(register.gemeenten) if gemeentecode is None else [gemeentecode]
    found = [_shown(register, key) for code in codes if (key := register.sealing_key(code)) and code in register.gemeenten]
    if gemeentecode is not None and not found:
        raise NotFound
    return Gemeentesleutels(sleutels=found)


def forward(caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Doorzending, forwarding: Forwarding) -> BerichtStand:
    """Send one message on; the same again changes nothing.

    Raises:
        NotFound: no such message. Conflict: what was sealed has not the right shape or key, the message is not held by this claim,
        withdrawn, or its id is in use. Forbidden: the purpose register has no row for it.
    """
    desk = forwarding.desk
    key = _require_receiver(gemeente, request, forwarding.register())
    _require_shape(request, key, desk)
    with desk.database.transaction(municipality(gemeente)) as connection:
        inbox.lock(connection, gemeente, [id])
        item = inbox.find(connection, gemeente, id, payload=False)
        if item is None:
            raise NotFound
        if item.state == "doorgezonden":
            return _again(connection, gemeente, id, request)
        if item.claim != request.claim or states.after(item.state, "forward") is None:
            raise Conflict("BERICHT_NIET_VAN_DEZE_CLAIM", "Deze claim houdt het bericht niet (meer) vast. Claim opnieuw.")
        if item.withdrawn_at is not None:  # to its sender it would stop being withdrawn, and nothing would follow it
            raise Conflict("SIGNAAL_INGETROKKEN", "De afzender trok dit signaal in; wijs het bericht af in plaats van het door te zenden.")
        meta = _META.decode(item.meta)
        allowed = desk.purposes.decide(ROLE, meta.sector, KIND, ROLE, dutch_day(desk.clock.now()))
        if not isinstance(allowed, Allowed) or set(request.persoonsgegevens) - set(allowed.groups):
            raise Forbidden("DOEL_NIET_TOEGESTAAN", "Het doelbindingsregister laat deze doorzending of een van deze veldgroepen niet toe.")
        _deliver(connection, caller, gemeente, trace, id, request, meta, allowed, key, desk)
        inbox.move(connection, gemeente, [id], "doorgezonden", at=desk.clock.now(), reden=REASON)
        recording.rejected(connection, desk.feedback, Teller(caller, gemeente, trace), id, REASON)
    desk.committed()
    return BerichtStand(id=id, staat="doorgezonden")


def _deliver(  # noqa: PLR0913, PLR0917 - from where, to where, what, by which row
    connection: Link, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Doorzending, meta: Meta,
    allowed: Allowed, key: Gemeentesleutel, desk: Desk,
) -> None:  # fmt: skip
    now = desk.clock.now()
    storage_key = names.storage(request.gemeentecode, names.iso_week(dutch_day(now) + FIRST))
    text = _ENCODER.encode(request.persoonsgegevens)
    nonce = os.urandom(NONCE)
    shown = _ENCODER.encode(msgspec.structs.replace(meta, ontvangen_op=now, bevindingen=[]))
    sealed = AESGCM(desk.keys.key(storage_key)).encrypt(nonce, text, storage_aad(request.gemeentecode, request.bericht, shown))
    derivations.count(connection, gemeente, dutch_day(now), 1)
    key_of = namer(desk.keys, request.gemeentecode, versions.of(connection, request.gemeentecode, desk.seals))
    whose = _names(request, key_of)
    done = connection.execute(
        "SELECT bericht_doorzenden(%s, %s, %s, %s, %s, %s, %s, %s, %s::smallint, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (gemeente, id, request.gemeentecode, request.bericht, caller.principal, now, allowed.row, shown,
         key_of.version, *whose, key.kid, key.wijze, request.inhoudssleutel, storage_key, nonce + sealed),
    ).fetchone()  # fmt: skip
    if done is None or not done[0]:
        raise Conflict("BERICHT_ID_IN_GEBRUIK", "Dit bericht-id is al gebruikt. Verzegel opnieuw met een nieuw id.")
    frame, keyed = Frame(caller, trace, now, allowed.activity), Keyed(desk.keys.key(names.commitment()))
    arrived = SignaalBezorgd(
        **frame.fields(),
        gemeente=request.gemeentecode,
        bericht=request.bericht,
        doel=allowed.doel,
        rij=allowed.row,
        registerversie=allowed.register_version,
        betrokkene=subject(whose.subject, keyed),
        persoon=person(whose.subject_person, keyed) if whose.subject_person else None,
        inhoud=content(sha256(text).digest(), keyed),
    )
    link = BerichtDoorgezonden(
        **frame.fields(), gemeente=gemeente, bericht=id, naar_gemeente=request.gemeentecode, naar_bericht=request.bericht
    )
    append.append_forwarded(connection, [arrived, link])


def _names(request: Doorzending, key: Namer) -> Whose:
    """What address and person are called under the keys of the other municipality."""
    at = request.adres
    place = identity.address_of(at.postcode, at.huisnummer, at.huisletter, at.toevoeging)
    who = identity.person_of(request.persoon.achternaam, request.persoon.geboortedatum) if request.persoon else None
    return Whose(
        address=key.digest(place),
        person=None if who is None else key.digest(who),
        subject=key.subject(place),
        address_2=key.afterwards(place),
        person_2=key.afterwards(who),
        subject_person=None if who is None else key.subject(who),
    )


def _require_receiver(gemeente: str, request: Doorzending, register: Register) -> Gemeentesleutel:
    key = register.sealing_key(request.gemeentecode)
    if key is None or request.gemeentecode not in register.gemeenten or request.gemeentecode == gemeente:
        melding = "Deze gemeente ontvangt geen berichten; wijs het bericht af als geen_inwoner."
        raise _conflict("GEMEENTE_NEEMT_NIET_DEEL", melding, "/gemeentecode")
    if key.kid != request.kid:
        raise _conflict("NIET_VERZEGELD", "Verzegel voor de sleutel die deze gemeente nu heeft (kid).", "/kid")
    return key


def _require_shape(request: Doorzending, key: Gemeentesleutel, desk: Desk) -> None:
    """The headers are right; with a managed key the content key opens, so that nobody can spoil a claim of the other municipality."""
    if request.bericht.version != 7 or abs(ids.instant_of(request.bericht) - desk.clock.now()) > CLOCKS_DIFFER:
        raise _conflict("BERICHT_ID_ONGELDIG", "Het bericht-id moet een UUIDv7 van nu zijn.", "/bericht")
    wrapping = {"alg": ALGORITHMS.get(key.publiek.get("kty", "")), "enc": "A256GCM", "kid": key.kid}
    if not wrapping.items() <= _header(request.inhoudssleutel).items():
        raise _conflict("NIET_VERZEGELD", "De inhoudssleutel is niet verzegeld voor de sleutel van die gemeente.", "/inhoudssleutel")
    if "identiteit" not in request.persoonsgegevens:
        raise _conflict("NIET_VERZEGELD", "Zonder identiteit is niet te zien over wie het gaat.", "/persoonsgegevens")
    for group, token in request.persoonsgegevens.items():
        if _header(token) != {"alg": "dir", "enc": "A256GCM", "kid": group_kid(request.bericht, group)}:
            raise _conflict("NIET_VERZEGELD", "Deze veldgroep noemt een ander bericht of een andere groep.", f"/persoonsgegevens/{group}")
    if key.wijze == "beheerd":
        try:
            Releaser(desk.keys).release(
                ContentKey(request.bericht, request.gemeentecode, key.kid, key.wijze, request.inhoudssleutel), (), request.bericht
            )
        except (Misconfigured, msgspec.DecodeError, KeyError, TypeError, ValueError):
            raise _conflict("NIET_VERZEGELD", "De inhoudssleutel opent niet.", "/inhoudssleutel") from None


def _again(connection: Link, gemeente: str, id: UUID, request: Doorzending) -> BerichtStand:
    row = connection.execute("SELECT naar_bericht FROM doorzending WHERE gemeente = %s AND bericht = %s", (gemeente, id)).fetchone()
    if row is None or row[0] != request.bericht:
        raise Conflict("BERICHT_AL_DOORGEZONDEN", "Dit bericht is al doorgezonden.")
    return BerichtStand(id=id, staat="doorgezonden")


def _header(token: str) -> Mapping[str, Any]:
    head = token.partition(".")[0]
    try:
        return msgspec.json.decode(urlsafe_b64decode(head + "=" * (-len(head) % 4)), type=dict[str, Any])
    except (ValueError, msgspec.DecodeError):
        return {}


def _shown(register: Register, key: Gemeentesleutel) -> PubliekeSleutel:
    place = register.gemeenten[key.gemeentecode]
    return PubliekeSleutel(
        gemeentecode=key.gemeentecode,
        naam=place.naam,
        kid=key.kid,
        wijze="eigen" if key.wijze == "eigen" else "beheerd",
        publiek=key.publiek,
    )


def _conflict(code: str, melding: str, pointer: str) -> Conflict:
    return Conflict(code, melding, errors=[Bevinding(code=code, oordeel="fout", melding=melding, pointer=pointer)])
