"""The resident's extract of one overview: from its rows, and from the log for who looked at it.

It opens nothing: states and days, no amounts and no persons. So it is the same with an own and with a managed key. Authority: AVG art. 15
and art. 5 lid 2; contract, "The resident's extract". Leaves giving it to the resident to the municipality.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from gateway.core.chain import Sender
from gateway.core.clock import dutch_day
from gateway.overviews import asking, extract_rows, rows
from gateway.overviews.desk import DOELEN, OverviewDesk
from gateway.overviews.extract_rows import Asked
from gateway.overviews.rows import OverviewRow, QuestionRow
from gateway.partners.register import Register
from gateway.privacylog.entries import Event, decode
from gateway.privacylog.overviews import (
    SaldoverzoekGelezen,
    SaldoverzoekGesteld,
    SchuldenoverzichtGelezen,
    SchuldenoverzichtIngetrokken,
    SchuldenoverzichtSamengesteld,
)
from gateway.store.tenant import municipality
from schemas.types import Gemeentecode
from schemas.uittreksel import Intrekreden, Inzageregel, Inzagesoort, Uittreksel, Uittrekselpartij, Uittrekselvraag

LOOKS: Final[dict[type, Inzagesoort]] = {
    SaldoverzoekGelezen: "vraag_gelezen",
    SchuldenoverzichtGelezen: "antwoorden_opgehaald",
    SchuldenoverzichtSamengesteld: "overzicht_gemaakt",
}


class Facts(NamedTuple):
    """What is stored about one overview, and what the log says of it, oldest first."""

    row: OverviewRow
    asked: Asked
    questions: list[QuestionRow]
    withdrawn: dict[UUID, datetime]
    entries: list[Event]


def extract(caller: Sender, gemeente: Gemeentecode, id: UUID, desk: OverviewDesk) -> Uittreksel:
    """The extract, without what was sent in its case. Raises NotFound."""
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        row = asking.visible(connection, caller, gemeente, id, desk)
        facts = Facts(
            row,
            extract_rows.asked(connection, gemeente, id),
            rows.questions(connection, gemeente, [id]),
            extract_rows.withdrawn(connection, gemeente, id),
            [decode(body) for body in extract_rows.log(connection, gemeente, id)],
        )
    return _extract(gemeente, facts, desk)


def _extract(gemeente: Gemeentecode, facts: Facts, desk: OverviewDesk) -> Uittreksel:
    row, register = facts.row, desk.register()
    place = register.gemeenten.get(gemeente)
    return Uittreksel(
        id=row.id,
        kenmerk=row.kenmerk,
        zaaknummer=row.zaaknummer,
        gemeente=gemeente,
        gemeentenaam=place.naam if place else None,
        gevraagd_door=organisation(facts.asked.party, register),
        grond=row.grond,
        doel=DOELEN[row.grond],
        grondslag=next(one.grondslag for one in desk.purposes.purposes() if one.doel == DOELEN[row.grond]),
        gevraagd_op=dutch_day(row.created),
        uiterlijk=row.uiterlijk,
        staat=row.state,
        vragen=list(_questions(facts, register)),
        berichten=[],
        inzage=looks(facts.entries, LOOKS, register),
        machtiging=facts.asked.soort,
        machtiging_datum=facts.asked.datum,
        ingetrokken_op=dutch_day(row.withdrawn) if row.withdrawn else None,
        reden_intrekking=_reason(facts.entries),
    )


def _questions(facts: Facts, register: Register) -> Iterator[Uittrekselvraag]:
    with_bsn = {entry.saldoverzoek for entry in facts.entries if isinstance(entry, SaldoverzoekGesteld) and entry.wijze == "met_bsn"}
    for question in facts.questions:
        withdrawn = facts.withdrawn.get(question.id)
        yield Uittrekselvraag(
            schuldeiser=organisation(question.schuldeiser, register),
            staat=question.state,
            gevraagd_op=dutch_day(question.asked),
            met_bsn=question.id in with_bsn,
            herinnerd_op=dutch_day(question.reminded) if question.reminded else None,
            beantwoord_op=dutch_day(question.answered) if question.answered else None,
            ingetrokken_op=dutch_day(withdrawn) if withdrawn else None,
        )


def looks(entries: Iterable[Event], kinds: Mapping[type, Inzagesoort], register: Register) -> list[Inzageregel]:
    """One line per organisation (for whom it acted) and what it opened, in the order of the first time; other kinds are none."""
    days: dict[tuple[str, str, Inzagesoort], list[date]] = {}
    for entry in entries:
        if wat := kinds.get(type(entry)):
            days.setdefault((entry.partij, entry.principaal, wat), []).append(dutch_day(entry.tijd))
    return [
        Inzageregel(
            organisatie=organisation(partij, register),
            namens=organisation(principaal, register) if principaal != partij else None,
            wat=wat,
            aantal=len(found),
            eerst_op=min(found),
            laatst_op=max(found),
        )
        for (partij, principaal, wat), found in days.items()
    ]


def _reason(entries: Iterable[Event]) -> Intrekreden | None:
    return next((entry.resultaat for entry in entries if isinstance(entry, SchuldenoverzichtIngetrokken)), None)


def organisation(oin: str, register: Register) -> Uittrekselpartij:
    """Who that is, as far as it takes part."""
    found = register.partner(oin)
    return Uittrekselpartij(oin=oin, naam=found.naam if found else None)
