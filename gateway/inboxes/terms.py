"""Clocks of an inbox: what a worker tells the gateway, and which terms run or are overdue.

Authority: Wgs art. 4 and 4a; only a worker makes a situation threatening. A list shows pseudonymous ids and dates and leaves no
entry; telling is logged by kind. Leaves counting to `gateway.triage.clocks`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, NotFound
from gateway.inboxes.desk import Desk
from gateway.inboxes.settings import terms
from gateway.mailbox import clocks, inbox, instellingen
from gateway.mailbox.inbox import Item
from gateway.privacylog import append
from gateway.privacylog.afterwards import MijlpaalVastgelegd
from gateway.privacylog.entry import Frame
from gateway.sealing.sealing import Meta
from gateway.store.tenant import municipality
from gateway.triage.clocks import Facts, opened, running
from schemas.ontvangst import Bevinding
from schemas.termijnen import Bedreigend, Mijlpaalsoort, Mijlpaalstand, Mijlpalen, Termijn, Termijnen, Termijnsoort, Termijnstand

EARLIEST = timedelta(days=366)
"""How long before its message a milestone may lie. Beyond it no term can be counted, and one such day would spoil every list of terms."""
_META = msgspec.json.Decoder(Meta)


def threaten(caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Bedreigend, desk: Desk) -> Mijlpaalstand:
    """A worker says that a situation is threatening since a day (today when it names none), or no longer. Raises NotFound, Conflict."""
    today = dutch_day(desk.clock.now())
    if request.bedreigend:
        return _reach(caller, gemeente, trace, id, {"bedreigend": request.sinds or today}, desk)
    with desk.database.transaction(municipality(gemeente)) as connection:
        item = _require(connection, gemeente, id)
        if clocks.take_back(connection, gemeente, item.id, "bedreigend"):
            _note(connection, caller, gemeente, trace, id, ("bedreigend",), desk)
        return _stand(connection, gemeente, id)


def milestones(caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Mijlpalen, desk: Desk) -> Mijlpaalstand:
    """What happened since, on which day. Raises NotFound, Conflict: a day that has not come yet, or of long before."""
    given: dict[Mijlpaalsoort, date | None] = {
        "hulp_geaccepteerd": request.hulp_geaccepteerd,
        "eerste_contact": request.eerste_contact,
        "analyse": request.analyse,
        "eerste_gesprek": request.eerste_gesprek,
        "besluit": request.besluit,
    }
    days = {name: day for name, day in given.items() if day is not None}
    return _reach(caller, gemeente, trace, id, days, desk)


def page(
    gemeente: str, desk: Desk, *, after: int, limit: int, soort: Termijnsoort | None = None, stand: Termijnstand | None = None
) -> Termijnen:
    """The terms of messages with a number above `after`; `limit` counts messages, so that a page always comes further."""
    today = dutch_day(desk.clock.now())
    with desk.database.transaction(municipality(gemeente)) as connection:
        items = inbox.page(connection, gemeente, after=after, limit=limit)
        rules, day = terms(connection, gemeente, desk.seals), instellingen.ritme(connection, gemeente).dag
        told = clocks.milestones(connection, gemeente, [item.id for item in items])
    found = [term for item in items for term in running(_facts(item, told.get(item.id, {}), day, desk), rules, today)]
    return Termijnen(
        peildatum=today,
        termijnen=[term for term in found if _wanted(term, soort, stand)],
        volgende=str(items[-1].nr if items else after),
    )


def _wanted(term: Termijn, soort: Termijnsoort | None, stand: Termijnstand | None) -> bool:
    return soort in (None, term.soort) and stand in (None, term.stand)


def _facts(item: Item, told: Mapping[Mijlpaalsoort, date], matching_day: int | None, desk: Desk) -> Facts:
    meta = _META.decode(item.meta)
    received = dutch_day(meta.ontvangen_op)
    crisis = meta.crisis.soort if meta.crisis else "eindelevering" if meta.soort == "eindelevering" else None
    return Facts(
        bericht=item.id,
        received=received,
        state=item.state,
        crisis=crisis,
        end_of_supply=meta.crisis.beoogde_datum if meta.crisis else None,
        milestones=told,
        keep=desk.purposes.retention(item.purpose_row).onopgehaald_werkdagen,
        opened=opened(received, matching_day),
    )


def _reach(caller: Sender, gemeente: str, trace: Trace, id: UUID, days: Mapping[Mijlpaalsoort, date], desk: Desk) -> Mijlpaalstand:
    today = dutch_day(desk.clock.now())
    late = [_wrong(name, "MIJLPAAL_IN_TOEKOMST", "Deze dag moet nog komen.") for name, day in days.items() if day > today]
    if late:
        raise Conflict("MIJLPAAL_IN_TOEKOMST", "Een mijlpaal ligt vandaag of eerder.", errors=late)
    with desk.database.transaction(municipality(gemeente)) as connection:
        first = dutch_day(_require(connection, gemeente, id).received) - EARLIEST
        early = [_wrong(name, "WAARDE_ONGELDIG", "Deze dag ligt te ver voor het bericht.") for name, day in days.items() if day < first]
        if early:
            raise Conflict("WAARDE_ONGELDIG", "Een mijlpaal ligt hoogstens een jaar voor het bericht.", errors=early)
        changed = clocks.reach(connection, gemeente, id, days)
        if changed:
            _note(connection, caller, gemeente, trace, id, tuple(changed), desk)
        return _stand(connection, gemeente, id)


def _wrong(name: str, code: str, melding: str) -> Bevinding:
    first, *rest = name.split("_")
    pointer = "/sinds" if name == "bedreigend" else f"/{first}{''.join(part.title() for part in rest)}"
    return Bevinding(code=code, oordeel="fout", melding=melding, pointer=pointer)


def _require(connection: psycopg.Connection[Any], gemeente: str, id: UUID) -> Item:
    item = inbox.find(connection, gemeente, id, payload=False)
    if item is None:
        raise NotFound
    return item


def _note(
    connection: psycopg.Connection[Any], caller: Sender, gemeente: str, trace: Trace, id: UUID, kinds: tuple[str, ...], desk: Desk
) -> None:
    frame = Frame(caller, trace, desk.clock.now(), desk.activity("bewaken"))
    append.append(connection, [MijlpaalVastgelegd(**frame.fields(), gemeente=gemeente, bericht=id, mijlpalen=kinds)])


def _stand(connection: psycopg.Connection[Any], gemeente: str, id: UUID) -> Mijlpaalstand:
    return Mijlpaalstand(bericht=id, mijlpalen=clocks.milestones(connection, gemeente, [id]).get(id, {}))
