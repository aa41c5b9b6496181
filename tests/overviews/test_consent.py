"""Who asks by a document of its client sees what it asked itself; a withdrawal of consent stops all that rests on it."""

from typing import Any

import pytest

from gateway.core.chain import Sender
from gateway.core.errors import Conflict, NotFound
from gateway.overviews import asking, assembled
from gateway.regelingen import consent, extract, silence, starting
from schemas.regelingen import RegelingIntrekking
from schemas.schuldenoverzicht import OverzichtIntrekking, Schuldenoverzicht
from tests.overviews.around import Square
from tests.overviews.hall import CARRIER, CLERK, COUNSELLOR, HAARLEM, LANDLORD, MORE, OTHER, TRACE, TRUSTEE, WATER, document
from tests.overviews.test_regelingen_silence import notary

CONSENT, RULING = document("toestemmingsverklaring"), document("beschikking")
WITHDRAWN = OverzichtIntrekking(reden="toestemming_ingetrokken")


def asked_by_each(square: Square) -> dict[Sender, Schuldenoverzicht]:
    return {
        CLERK: square.ask(LANDLORD, kenmerk="SO-1"),
        COUNSELLOR: square.ask(LANDLORD, kenmerk="SO-2", by=COUNSELLOR, machtiging=CONSENT),
        TRUSTEE: square.ask(LANDLORD, kenmerk="SO-3", by=TRUSTEE, machtiging=RULING),
    }


@pytest.mark.parametrize("by", [COUNSELLOR, TRUSTEE])
def test_who_asks_by_a_document_sees_what_it_asked_itself(square: Square, by: Sender) -> None:
    made, desk = asked_by_each(square), square.overviews
    assert [one.id for one in asking.page(by, HAARLEM, None, 10, None, desk).schuldenoverzichten] == [made[by].id]
    assert asking.one(by, HAARLEM, TRACE, made[by].id, desk, disclose=True).id == made[by].id
    for other in (one for asker, one in made.items() if asker != by):
        calls: list[Any] = [
            lambda id=other.id: asking.one(by, HAARLEM, TRACE, id, desk, disclose=True),
            lambda id=other.id: asking.withdraw(by, HAARLEM, TRACE, id, WITHDRAWN, desk),
            lambda id=other.id: assembled.overview(by, HAARLEM, TRACE, id, desk, disclose=True),
            lambda id=other.id: extract.extract(by, HAARLEM, id, desk),
        ]
        for call in calls:
            with pytest.raises(NotFound):
                call()
    assert square.rows("SELECT DISTINCT state FROM schuldenoverzicht") == [("open",)]


@pytest.mark.parametrize("by", [CLERK, CARRIER])
def test_municipality_and_who_holds_its_mandate_see_all_of_it(square: Square, by: Sender) -> None:
    made = asked_by_each(square)
    found = asking.page(by, HAARLEM, None, 10, None, square.overviews).schuldenoverzichten
    assert {one.id for one in found} == {one.id for one in made.values()}
    assert all(asking.one(by, HAARLEM, TRACE, one.id, square.overviews, disclose=True).id == one.id for one in made.values())


def test_same_kenmerk_of_another_asker_tells_nothing(square: Square) -> None:
    asked_by_each(square)
    with pytest.raises(Conflict, match="KENMERK_IN_GEBRUIK"):
        square.ask(LANDLORD, kenmerk="SO-2", by=TRUSTEE, machtiging=CONSENT)


def test_arrangements_of_another_asker_do_not_exist(square: Square) -> None:
    own = square.send(square.pause(LANDLORD, kenmerk="K-2", machtiging=CONSENT), by=COUNSELLOR)
    town = square.send(square.proposal(LANDLORD))
    desk = square.overviews
    assert [one.id for one in starting.page(COUNSELLOR, HAARLEM, "kennisgeving", None, 10, None, desk).regelingen] == [own.id]
    assert starting.page(COUNSELLOR, HAARLEM, "betaalvoorstel", None, 10, None, desk).regelingen == []
    assert len(starting.page(CLERK, HAARLEM, "kennisgeving", None, 10, None, desk).regelingen) == 1
    with pytest.raises(NotFound):
        starting.one(COUNSELLOR, HAARLEM, TRACE, "betaalvoorstel", town.id, desk, disclose=True)
    with pytest.raises(NotFound):
        silence.prove(COUNSELLOR, HAARLEM, town.partijen[0].id, desk, notary(square))
    with pytest.raises(Conflict, match="GEEN_STILTE"):  # the control: for its municipality it is there
        silence.prove(CLERK, HAARLEM, town.partijen[0].id, desk, notary(square))


def test_withdrawn_consent_stops_everything_that_rests_on_it_and_nothing_else(square: Square) -> None:
    first = square.ask(LANDLORD, OTHER, kenmerk="SO-1", by=COUNSELLOR, machtiging=CONSENT)
    second = square.ask(WATER, kenmerk="SO-2", zaaknummer="zaak-1", by=COUNSELLOR, machtiging=CONSENT)
    pause = square.send(square.pause(LANDLORD, machtiging=CONSENT), by=COUNSELLOR)
    elsewhere = square.ask(LANDLORD, kenmerk="SO-3", zaaknummer="ZAAK-2", by=COUNSELLOR, machtiging=CONSENT)
    task = square.ask(LANDLORD, kenmerk="SO-4")
    ruling = square.ask(LANDLORD, kenmerk="SO-5", by=TRUSTEE, machtiging=RULING)
    court = square.send(square.cooling(LANDLORD))
    consent.withdraw_overview(COUNSELLOR, HAARLEM, TRACE, first.id, WITHDRAWN, square.overviews)
    assert [square.see(one.id, disclose=False).staat for one in (first, second)] == ["ingetrokken"] * 2
    assert square.look(pause).staat == "ingetrokken"
    assert [square.see(one.id, disclose=False).staat for one in (elsewhere, task, ruling)] == ["open"] * 3
    assert square.look(court).staat == "lopend"
    assert [one.staat for one in square.mine(WATER)] == ["ingetrokken"]
    assert [one.staat for one in square.told(LANDLORD, "kennisgeving")] == ["ingetrokken"]
    assert square.rows("SELECT count(*) FROM log_entry WHERE event IN ('schuldenoverzicht.ingetrokken', 'regeling.ingetrokken')") == [(3,)]


def test_withdrawn_consent_on_an_arrangement_stops_the_questions_too_and_again_takes_up_what_was_left(square: Square) -> None:
    pause = square.send(square.pause(LANDLORD, machtiging=CONSENT), by=COUNSELLOR)
    square.cancel(pause)  # as if all that comes after it was cut short
    asked = square.ask(LANDLORD, by=COUNSELLOR, machtiging=CONSENT)
    why = RegelingIntrekking(reden="toestemming_ingetrokken")
    consent.withdraw_regeling(CLERK, HAARLEM, TRACE, pause.soort, pause.id, why, square.overviews)
    assert square.see(asked.id, disclose=False).staat == "ingetrokken"


def test_another_reason_stops_that_one_alone(square: Square) -> None:
    first = square.ask(LANDLORD, kenmerk="SO-1", by=COUNSELLOR, machtiging=CONSENT)
    second = square.ask(LANDLORD, kenmerk="SO-2", by=COUNSELLOR, machtiging=CONSENT)
    consent.withdraw_overview(COUNSELLOR, HAARLEM, TRACE, first.id, OverzichtIntrekking(reden="onterecht"), square.overviews)
    assert square.see(second.id, disclose=False).staat == "open"


def test_twenty_creditors_of_a_case_are_those_of_arrangements_and_questions_together(square: Square) -> None:
    square.send(square.pause(*MORE[:12], kenmerk="K-1"))
    square.ask(*MORE[:4], *MORE[12:20], zaaknummer="zaak-1")
    with pytest.raises(Conflict, match="TWEEDE_PERSOON_NODIG"):
        square.send(square.pause(MORE[20], kenmerk="K-2"))
    with pytest.raises(Conflict, match="TWEEDE_PERSOON_NODIG"):
        square.ask(MORE[20], kenmerk="SO-2")
    assert square.send(square.pause(MORE[20], kenmerk="K-2", zaaknummer="ZAAK-2")).staat == "lopend"  # the control
    assert square.send(square.pause(*MORE[:20], kenmerk="K-3")).staat == "lopend"


@pytest.mark.parametrize("first", ["overzicht", "kennisgeving"])
def test_document_whose_consent_was_taken_back_serves_no_longer(square: Square, first: str) -> None:
    if first == "overzicht":
        made = square.ask(LANDLORD, by=COUNSELLOR, machtiging=CONSENT)
        consent.withdraw_overview(COUNSELLOR, HAARLEM, TRACE, made.id, WITHDRAWN, square.overviews)
    else:
        sent = square.send(square.pause(LANDLORD, machtiging=CONSENT), by=COUNSELLOR)
        why = RegelingIntrekking(reden="toestemming_ingetrokken")
        consent.withdraw_regeling(COUNSELLOR, HAARLEM, TRACE, sent.soort, sent.id, why, square.overviews)
    with pytest.raises(Conflict, match="TOESTEMMING_INGETROKKEN"):
        square.ask(LANDLORD, kenmerk="SO-2", zaaknummer="ZAAK-2", by=COUNSELLOR, machtiging=CONSENT)
    with pytest.raises(Conflict, match="TOESTEMMING_INGETROKKEN"):
        square.send(square.pause(LANDLORD, kenmerk="K-2", machtiging=CONSENT), by=COUNSELLOR)
    new = document("toestemmingsverklaring", b"%PDF-1.7 opnieuw getekend")
    assert square.ask(LANDLORD, kenmerk="SO-2", by=COUNSELLOR, machtiging=new).staat == "open"  # the control


def test_document_serves_on_after_another_withdrawal(square: Square) -> None:
    made = square.ask(LANDLORD, by=COUNSELLOR, machtiging=CONSENT)
    square.withdraw(made.id)
    assert square.ask(LANDLORD, kenmerk="SO-2", by=COUNSELLOR, machtiging=CONSENT).staat == "open"
