"""Questions and answers whose registered number fields hold citizens' numbers: counted, held for review, refused with a code, released."""

from typing import Any

import pytest
from stdnum.nl import bsn

from gateway.core.chain import Sender
from gateway.core.errors import Conflict
from gateway.mailbox import numberwatch
from gateway.mailbox.numberwatch import Field
from gateway.store.tenant import parties
from schemas.schuldenoverzicht import GevraagdeSchuldeiser, Incasso, Schuldvordering, Vorderingen
from tests.overviews.hall import CLERK, LANDLORD, TAX, WATER, Hall, claim, claims

RANGE = range(999_900_000, 999_902_000)
CITIZENS = [str(n) for n in RANGE if bsn.is_valid(str(n))]
OTHERS = [str(n) for n in RANGE if not bsn.is_valid(str(n))]


def answer(hall: Hall, numbers: list[str], **more: Any) -> Vorderingen:
    return claims(hall.today, *(claim(kenmerk=number) for number in numbers), **more)


def refused(hall: Hall, given: Vorderingen) -> list[str | None]:
    with pytest.raises(Conflict, match="NUMMERVELD_AANGEHOUDEN") as error:
        hall.answer(TAX, given=given)
    return [found.pointer for found in error.value.errors or ()]


def counted(hall: Hall, party: Sender) -> list[tuple[Any, ...]]:
    query = "SELECT veld, sum(getoetst)::int, sum(geslaagd)::int FROM nummer_telling WHERE partij = %s GROUP BY veld ORDER BY veld"
    return hall.rows(query, party.principal)


def test_answer_full_of_citizens_numbers_is_refused_and_its_question_stays_open(hall: Hall) -> None:
    hall.ask(TAX, LANDLORD)
    assert refused(hall, answer(hall, CITIZENS[:60])) == [f"/vorderingen/{nr}/kenmerk" for nr in range(60)]
    assert [one.staat for one in hall.mine(TAX)] == ["open"]
    assert counted(hall, TAX) == [("factuurnummer", 60, 60)]
    (entry,) = hall.entries("nummerveld.aangehouden")
    assert (entry.principaal, entry.onderdeel) == (TAX.principal, "factuurnummer")
    assert hall.entries("saldoverzoek.beantwoord") == []
    assert refused(hall, answer(hall, [OTHERS[0], CITIZENS[0]])) == ["/vorderingen/1/kenmerk"]
    assert counted(hall, TAX) == [("factuurnummer", 60, 60)]
    assert len(hall.entries("nummerveld.aangehouden")) == 1
    assert hall.answer(TAX, given=answer(hall, OTHERS[:3], klantnummer=CITIZENS[1])).staat == "beantwoord"  # no citizen's; another field


def test_ordinary_numbers_go_on_and_the_same_answer_counts_once(hall: Hall) -> None:
    hall.ask(TAX)
    given = answer(hall, [str(n) for n in RANGE[:200]])
    first = hall.answer(TAX, given=given)
    assert hall.answer(TAX, id=first.id, given=given) == first
    assert counted(hall, TAX) == [("factuurnummer", 200, sum(bsn.is_valid(str(n)) for n in RANGE[:200]))]
    assert hall.count("nummer_aangehouden") == 0


def test_released_field_takes_the_same_answer(hall: Hall) -> None:
    hall.ask(TAX)
    given = answer(hall, CITIZENS[:60])
    refused(hall, given)
    hall.run("GRANT DELETE ON nummer_telling TO gw_inbox")
    with hall.inbox.transaction(parties(TAX.principal)) as connection:
        assert numberwatch.release(connection, Field(TAX.principal, "factuurnummer"), hall.clock.now(), hall.today)
    assert hall.answer(TAX, given=given).staat == "beantwoord"


def test_case_numbers_of_a_collector_that_are_of_no_registered_format_are_refused_as_ever(hall: Hall) -> None:
    hall.ask(TAX)
    away = Incasso(naam="Incasso", soort="incassobureau", dossiernummer=CITIZENS[0])
    held: list[Schuldvordering] = [claim(soort="uit_handen_gegeven", uit_handen_gegeven_aan=away)]
    with pytest.raises(Exception, match="BSN_NIET_TOEGESTAAN"):
        hall.answer(TAX, given=claims(hall.today, *held))
    assert counted(hall, TAX) == []


def test_municipality_that_asks_with_citizens_numbers_is_held_itself(hall: Hall) -> None:
    def ask(nr: int, number: str, *others: Sender) -> str:
        named = GevraagdeSchuldeiser(oin=TAX.principal, factuurnummers=[number])
        return hall.ask(named, *others, kenmerk=f"SO-{nr}", zaaknummer=f"ZAAK-{nr}").staat

    assert {ask(nr, CITIZENS[nr]) for nr in range(49)} == {"open"}
    with pytest.raises(Conflict, match="NUMMERVELD_AANGEHOUDEN") as error:
        ask(50, CITIZENS[50], WATER)
    assert [found.pointer for found in error.value.errors or ()] == ["/schuldeisers/0/factuurnummers/0"]
    assert (hall.count("schuldenoverzicht"), len(hall.entries("schuldenoverzicht.gevraagd"))) == (49, 49)
    assert counted(hall, CLERK) == [("factuurnummer", 50, 50)]
    assert counted(hall, TAX) == []  # whose format it is, did nothing
    assert ask(51, OTHERS[0]) == "open"
    assert hall.answer(TAX, given=answer(hall, CITIZENS[:1])).staat == "beantwoord"
