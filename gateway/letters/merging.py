"""A merge file of the messages of a claim: opened here, for a municipality with a managed key, and each a disclosure on record.

Only messages that stand in an open case: the attempt is written there, in the same transaction. With an own key the gateway cannot open
anything; `adapters.client.letters` does the same at the municipality. Authority: contract, "who can read what"; AVG art. 5(1)(b).
Leaves texts to `texts`, the letters to `schemas.letters`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from joserfc.errors import JoseError

from gateway.cases import rows as case_rows
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Forbidden, NotFound
from gateway.inboxes.desk import Desk, require_log
from gateway.keys.content import ContentKey
from gateway.keys.names import commitment
from gateway.letters import texts
from gateway.mailbox import inbox, reversals
from gateway.mailbox.inbox import Item
from gateway.partners.register import Register
from gateway.policy.register import Row
from gateway.privacylog import append
from gateway.privacylog.afterwards import BrievenGemaakt, ContactpogingVastgelegd
from gateway.privacylog.entry import Entry, Frame, person, subject
from gateway.sealing import opening
from gateway.store.tenant import municipality
from schemas.brieven import BrievenAanvraag, Brievenbestand, Kanaal
from schemas.codelijsten import Contactsoort
from schemas.inbox import Berichtstaat, Veldgroep
from schemas.keyed import Keyed
from schemas.letters import NEEDS, Opened, compose
from schemas.sealed import Identiteit
from schemas.signaal import Contact
from schemas.zaken import Contactpoging, Zaak

RECEIVER = "gemeente"
OPEN: frozenset[Berichtstaat] = frozenset({"geclaimd", "ontvangen", "verwerkt"})
"""Rejected or sent on, a message is no ground to write to anybody; nor is one that its sender withdrew."""
SORT: dict[Kanaal, Contactsoort] = {"brief": "brief", "mail": "mail", "sms": "sms_whatsapp"}
Link = psycopg.Connection[Any]


class Letters(NamedTuple):
    """Made by the composition root."""

    desk: Desk
    register: Callable[[], Register]


def make(caller: Sender, gemeente: str, trace: Trace, request: BrievenAanvraag, letters: Letters) -> Brievenbestand:
    """The merge file.

    Raises:
        NotFound: no such claim. Conflict: an own key, a message that the claim does not hold, without a case, or in a closed one.
        Forbidden: the purpose register does not allow the groups. TooMany: the ceiling of the day. Unavailable: the log is behind.
    """
    desk, register = letters.desk, letters.register()
    key = register.sealing_key(gemeente)
    if key is None or key.wijze != "beheerd":
        raise Conflict("EIGEN_SLEUTEL", "Met een eigen sleutel maakt u het bestand zelf; gebruik het clientpakket.")
    with desk.database.transaction(municipality(gemeente)) as connection:
        require_log(connection)
        doel = inbox.purpose_of(connection, gemeente, request.claim)
        if doel is None:
            raise NotFound
        row = desk.purposes.reading(doel, RECEIVER, dutch_day(desk.clock.now()))
        if row is None or set(NEEDS[request.kanaal]) - set(row.groups):
            raise Forbidden("DOEL_NIET_TOEGESTAAN", "Voor dit doel mag deze organisatie deze persoonsgegevens niet ontvangen.")
        items = _held(connection, gemeente, request, doel)
        cases = _cases(connection, gemeente, items)
        opened = _open_all(connection, gemeente, items, cases, request.kanaal, desk)
        reversals.count(connection, caller, gemeente, dutch_day(desk.clock.now()), "opening", len(opened), desk.openings)
        text = texts.text_of(connection, gemeente, request.kanaal, desk.seals)
        found = compose(request.kanaal, text, register.gemeenten[gemeente].naam, opened.values())
        closed = [item.id for item in items if item.id not in opened]
        found = msgspec.structs.replace(found, zonder_contact=[*found.zonder_contact, *closed])
        frame = Frame(caller, trace, desk.clock.now(), desk.activity(texts.FLOW))
        entries = [_entry(frame, gemeente, item, request, doel, row, desk) for item in items if item.id in opened]
        append.append(connection, [*entries, *_attempts(connection, gemeente, request, found, cases, frame)])
    desk.committed()
    return found


def _held(connection: Link, gemeente: str, request: BrievenAanvraag, doel: str) -> list[Item]:
    claimed = inbox.of_claim(connection, gemeente, request.claim, payload=True)
    held = {item.id: item for item in claimed if item.held and item.doel == doel and item.state in OPEN and item.withdrawn_at is None}
    wanted = list(dict.fromkeys(request.berichten)) if request.berichten else list(held)
    if not wanted or any(id not in held or held[id].payload is None for id in wanted):
        raise Conflict("BERICHT_NIET_VAN_DEZE_CLAIM", "Deze claim houdt niet al deze berichten (meer) vast. Claim opnieuw.")
    return [held[id] for id in wanted]


def _cases(connection: Link, gemeente: str, items: Sequence[Item]) -> dict[UUID, Zaak]:
    """The open case of each message, held until the transaction ends. Raises Conflict."""
    ids = [item.id for item in items]
    for zaak in case_rows.of_messages(connection, gemeente, ids):
        case_rows.lock(connection, gemeente, zaak.id)
    found = {m.bericht: zaak for zaak in case_rows.of_messages(connection, gemeente, ids) for m in zaak.berichten}
    if any(id not in found or found[id].staat != "open" for id in ids):
        raise Conflict("BERICHT_ZONDER_ZAAK", "Open eerst een zaak voor elk bericht: daar wordt de contactpoging vastgelegd.")
    return found


def _open_all(
    connection: Link, gemeente: str, items: Sequence[Item], cases: Mapping[UUID, Zaak], kanaal: Kanaal, desk: Desk
) -> dict[UUID, Opened]:
    """What opens, by message. What another municipality sealed wrongly when it sent it on stays closed, and spoils no other letter."""
    content_keys = inbox.content_keys(connection, gemeente, [item.content_key for item in items])
    releaser = opening.Releaser(desk.keys)
    found = ((item, _open(gemeente, item, content_keys[item.content_key], releaser, kanaal, desk)) for item in items)
    return {item.id: Opened(item.id, cases[item.id].zaaknummer, *groups) for item, groups in found if groups is not None}


def _open(
    gemeente: str, item: Item, content_key: ContentKey, releaser: opening.Releaser, kanaal: Kanaal, desk: Desk
) -> tuple[Identiteit, Contact | None] | None:
    sealed = opening.unwrap(item.payload or b"", desk.keys.key(item.storage_key), gemeente, item.id, item.meta)
    groups: list[Veldgroep] = [group for group in NEEDS[kanaal] if group in sealed]
    keys = releaser.release(content_key, groups, item.id).groepssleutels or {}
    if not set(groups) <= keys.keys():
        raise Conflict("EIGEN_SLEUTEL", "Dit bericht is verzegeld voor een eigen sleutel; gebruik het clientpakket.")
    try:
        clear = {group: opening.clear(sealed[group], keys[group], group) for group in groups}
        return msgspec.convert(clear["identiteit"], Identiteit), _contact(clear)
    except (JoseError, KeyError, ValueError):
        return None


def _contact(clear: dict[Veldgroep, Any]) -> Contact | None:
    return msgspec.convert(clear["contact"], Contact) if "contact" in clear else None


def _attempts(
    connection: Link, gemeente: str, request: BrievenAanvraag, found: Brievenbestand, cases: dict[UUID, Zaak], frame: Frame
) -> list[Entry]:
    """One attempt per case that gets a letter; the same kenmerk again counts once."""
    numbered = {zaak.zaaknummer: zaak for zaak in cases.values()}
    poging = Contactpoging(kenmerk=request.kenmerk, soort=SORT[request.kanaal], bereikt=False, datum=dutch_day(frame.at))
    written: list[Entry] = []
    for letter in found.brieven:
        zaak = numbered[letter.zaaknummer]
        if any((p.kenmerk, p.soort) == (poging.kenmerk, poging.soort) for p in zaak.contactpogingen):
            continue
        if not case_rows.add_attempt(connection, gemeente, zaak.id, poging):
            raise Conflict("KENMERK_IN_GEBRUIK", "Dit kenmerk is in een van deze zaken al gebruikt voor een andere contactpoging.")
        written.append(ContactpogingVastgelegd(**frame.fields(), gemeente=gemeente, zaak=zaak.id))
    return written


def _entry(frame: Frame, gemeente: str, item: Item, request: BrievenAanvraag, doel: str, row: Row, desk: Desk) -> Entry:
    key = Keyed(desk.keys.key(commitment()))
    fields: dict[str, Any] = {
        **frame.fields(),
        "gemeente": gemeente,
        "bericht": item.id,
        "doel": doel,
        "rij": row.id,
        "registerversie": desk.purposes.version,
        "artikel": row.artikel,
        "claim": request.claim,
        "veldgroepen": NEEDS[request.kanaal],
        "kanaal": request.kanaal,
        "betrokkene": subject(item.subject, key) if item.subject else None,
        "persoon": person(item.subject_person, key) if item.subject_person else None,
    }
    return BrievenGemaakt(**fields)
