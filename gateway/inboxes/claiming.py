"""Claims: take messages under a lease for a purpose, extend, release, acknowledge, reject.

An acknowledgement counts while nobody else holds the message, also after the lease ended; repeated it changes nothing.
Authority: contract, "/gemeente/v1" and "states"; which state may follow which is in `gateway.mailbox.states`.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Invalid, NotFound
from gateway.feedback import recording
from gateway.feedback.recording import Teller
from gateway.inboxes import disclosure, placing, prolonging
from gateway.inboxes.desk import Desk, newest_checkpoint, require_log, show
from gateway.inboxes.disclosure import Claimed
from gateway.inboxes.sorting import free_in
from gateway.mailbox import inbox, instellingen, states
from gateway.mailbox.inbox import Item
from gateway.mailbox.states import Event
from gateway.matching import ritme
from gateway.privacylog import append, staff
from gateway.privacylog.entry import Entry, Frame
from gateway.privacylog.messages import BerichtAfgewezen, BerichtBevestigd, ClaimVerlengd, ClaimVrijgegeven
from gateway.store.tenant import municipality
from schemas.inbox import (
    Afwijzing,
    Berichtstaat,
    BerichtStand,
    Bevestiging,
    Claim,
    ClaimAanvraag,
    ClaimBevestiging,
    ClaimStand,
    ClaimVerlenging,
)
from schemas.ontvangst import Bevinding

FOLLOWED: frozenset[Berichtstaat] = frozenset({"ontvangen", "verwerkt"})
"""Kept on where people follow up."""
_EVENTS: dict[str, Event] = {"ontvangen": "receive", "verwerkt": "process"}


def claim(caller: Sender, gemeente: str, trace: Trace, request: ClaimAanvraag, desk: Desk) -> Claim:
    """Take up to `maximum` messages, oldest first, and disclose them for the purpose.

    Raises:
        Forbidden: the purpose register has no row for this. Conflict: no such basket.
        Unavailable: the log is behind or the database is away.
    """
    id = ids.new()
    with desk.database.transaction(municipality(gemeente)) as connection:
        require_log(connection)
        lease = inbox.save_claim(
            connection, gemeente, id, party=caller.party, doel=request.doel, wijze=request.wijze, lease_seconds=request.lease_seconden
        )
        until = ritme.open_until(instellingen.ritme(connection, gemeente).dag, dutch_day(desk.clock.now()))
        late = placing.late_left(connection, gemeente, desk.clock.now(), desk.seals)
        only = None if request.werkbak is None else free_in(connection, gemeente, request, request.werkbak, until, desk.seals, late)
        items = inbox.take(connection, gemeente, id, request.doel, request.maximum, request.lease_seconden, until, only, late)
        found = list(zip(items, show(connection, gemeente, items, desk.seals), strict=True))
        if request.wijze == "bemand":
            prolonging.prolong(connection, gemeente, [item.id for item in items], desk)
        medewerker = staff.named(connection, gemeente, request.medewerker, desk.keys, dutch_day(desk.clock.now()))
        claimed = Claimed(caller, gemeente, trace, id, request.doel, request.wijze, medewerker)
        berichten = disclosure.disclose(connection, desk, claimed, found)
        note = newest_checkpoint(connection)  # here: after COMMIT a failure would say that nothing was done
    return Claim(id=id, doel=request.doel, vervalt_op=lease, berichten=berichten, controlepunt=note)


def extend(caller: Sender, gemeente: str, trace: Trace, id: UUID, request: ClaimVerlenging, desk: Desk) -> ClaimStand:
    """Extend the lease of what the claim still holds, from now. Raises NotFound, Conflict when it holds nothing any more."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        _require_claim(connection, gemeente, id)
        held, until = inbox.extend(connection, gemeente, id, request.lease_seconden)
        if not held:
            raise Conflict("CLAIM_LEEG", "Deze claim houdt geen berichten meer vast; claim opnieuw.")
        prolonging.prolong(connection, gemeente, [item.id for item in inbox.of_claim(connection, gemeente, id, payload=False)], desk)
        append.append(connection, [ClaimVerlengd(**desk.frame(caller, trace).fields(), gemeente=gemeente, claim=id)])
    return ClaimStand(id=id, aantal=held, vervalt_op=until)


def release(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: Desk) -> ClaimStand:
    """Give back what was not acknowledged. Raises NotFound."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        _require_claim(connection, gemeente, id)
        freed = inbox.release(connection, gemeente, id)
        append.append(connection, [ClaimVrijgegeven(**desk.frame(caller, trace).fields(), gemeente=gemeente, claim=id)])
    return ClaimStand(id=id, aantal=len(freed))


def acknowledge_claim(caller: Sender, gemeente: str, trace: Trace, id: UUID, request: ClaimBevestiging, desk: Desk) -> ClaimStand:
    """Acknowledge every message that the claim holds, all or none. Raises NotFound, Invalid, Conflict."""
    _require_case(request.status, request.zaaknummer)
    with desk.database.transaction(municipality(gemeente)) as connection:
        _require_claim(connection, gemeente, id)
        items = inbox.of_claim(connection, gemeente, id, payload=False)
        moved = move(
            connection, caller, gemeente, trace, [i.id for i in items], id, _EVENTS[request.status], desk, zaaknummer=request.zaaknummer
        )
    return ClaimStand(id=id, aantal=len(moved))


def acknowledge(caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Bevestiging, desk: Desk) -> BerichtStand:
    """Acknowledge one message. Raises NotFound, Invalid, Conflict."""
    _require_case(request.status, request.zaaknummer)
    with desk.database.transaction(municipality(gemeente)) as connection:
        (stand,) = move(
            connection, caller, gemeente, trace, [id], request.claim, _EVENTS[request.status], desk, zaaknummer=request.zaaknummer
        )
    return stand


def reject(caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Afwijzing, desk: Desk) -> BerichtStand:
    """Reject one message; the reason stays in this inbox. Raises NotFound, Conflict."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        (stand,) = move(connection, caller, gemeente, trace, [id], request.claim, "reject", desk, reden=request.reden)
    return stand


def move(  # noqa: PLR0913, PLR0917 - who, what, under which claim, to which state
    connection: psycopg.Connection[Any],
    caller: Sender,
    gemeente: str,
    trace: Trace,
    berichten: Sequence[UUID],
    claim: UUID,
    event: Event,
    desk: Desk,
    *,
    zaaknummer: str | None = None,
    reden: str | None = None,
) -> list[BerichtStand]:
    """One event on messages under a claim, all or none, with its entries, in the caller's transaction. Raises NotFound, Conflict."""
    inbox.lock(connection, gemeente, berichten)
    items = inbox.find_all(connection, gemeente, berichten)
    if len(items) < len(berichten):
        raise NotFound
    stands: list[BerichtStand] = []
    moved: dict[Berichtstaat, list[UUID]] = {}
    for item in items:
        state = states.after(item.state, event) if item.claim == claim else None
        if state is None:
            raise Conflict("BERICHT_NIET_VAN_DEZE_CLAIM", _held_elsewhere(item))
        if state != item.state or (zaaknummer and zaaknummer != item.zaaknummer):
            moved.setdefault(state, []).append(item.id)
            if reden is not None:
                recording.rejected(connection, desk.feedback, Teller(caller, gemeente, trace), item.id, reden)
        stands.append(BerichtStand(id=item.id, staat=state, zaaknummer=zaaknummer or item.zaaknummer))
    for state, moving in moved.items():
        inbox.move(connection, gemeente, moving, state, at=desk.clock.now(), zaaknummer=zaaknummer, reden=reden)
        if state in FOLLOWED:
            prolonging.prolong(connection, gemeente, moving, desk)
    frame = desk.frame(caller, trace)
    append.append(connection, [_entry(state, frame, gemeente, id) for state, moving in moved.items() for id in moving])
    return stands


def _entry(state: Berichtstaat, frame: Frame, gemeente: str, id: UUID) -> Entry:
    if state == "afgewezen":
        return BerichtAfgewezen(**frame.fields(), gemeente=gemeente, bericht=id)
    return BerichtBevestigd(**frame.fields(), gemeente=gemeente, bericht=id, resultaat="verwerkt" if state == "verwerkt" else "ontvangen")


def _held_elsewhere(item: Item) -> str:
    return f"Deze claim houdt het bericht niet (meer) vast, of de handeling past niet bij de staat {item.state}. Claim opnieuw."


def _require_claim(connection: psycopg.Connection[Any], gemeente: str, id: UUID) -> None:
    if inbox.purpose_of(connection, gemeente, id) is None:
        raise NotFound


def _require_case(status: str, zaaknummer: str | None) -> None:
    if status == "verwerkt" and not zaaknummer:
        finding = Bevinding(
            code="VELD_VERPLICHT", oordeel="fout", melding="Bij verwerkt hoort het zaaknummer van de gemeente.", pointer="/zaaknummer"
        )
        raise Invalid("ZAAKNUMMER_VERPLICHT", "Bij de status verwerkt hoort een zaaknummer.", errors=[finding])
