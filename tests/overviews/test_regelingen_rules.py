"""Rules on pauses, proposals, cooling-off periods and their answers: each refuses what it is for, and lets the rest through."""

from datetime import date, timedelta
from typing import Any

import pytest

from gateway.core.errors import Conflict, Invalid, SeinhuisError
from gateway.partners.register import Deelnemer
from gateway.regelingen import replied, requested
from gateway.regelingen.replied import REASONS
from schemas.regelingen import (
    BenaderdeMetVoorstel,
    Bevestigd,
    Geweigerd,
    Toelichting,
    Uitspraak,
    Weigering,
)
from tests.overviews.around import FOUND, INSURER, SIGNED, Square, offer
from tests.overviews.hall import COUNSELLOR, LANDLORD, OTHER, TRUSTEE, document

BSN = "999990019"


def found(error: SeinhuisError) -> set[tuple[str, str | None]]:
    return {(finding.code, finding.pointer) for finding in error.errors or ()}


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 23), 8, date(2027, 7, 23)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int, later: date) -> None:
    assert requested.months_later(day, months) == later


@pytest.mark.parametrize(("make", "months"), [(Square.pause, 8), (Square.cooling, 6)])
def test_period_may_last_so_many_months_and_not_a_day_longer(square: Square, make: Any, months: int) -> None:
    last = requested.months_later(square.today, months)
    assert square.send(make(square, LANDLORD, einde=last)).einde == last
    for einde in (last + timedelta(days=1), square.today - timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            square.send(make(square, LANDLORD, kenmerk="R-2", einde=einde))
        assert found(refused.value) == {("PERIODE_ONGELDIG", "/einde")}
    begin = square.today + requested.AHEAD + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        square.send(make(square, LANDLORD, kenmerk="R-2", begin=begin, einde=begin))
    assert found(refused.value) == {("PERIODE_ONGELDIG", "/begin")}
    assert square.count("regeling") == 1


def test_covenant_needs_a_dated_agreement_that_holds_here_and_now(square: Square) -> None:
    wanted = square.pause(LANDLORD, grondslag="convenant")
    square.agree("akkoord_vooraf", LANDLORD, id="another-kind")
    square.agree("convenant", OTHER, id="of-another")
    square.agree("convenant", LANDLORD, id="elsewhere", gemeentecode="0344")
    square.agree("convenant", LANDLORD, id="over", geldig_tot=square.today - timedelta(days=1))
    square.agree("convenant", LANDLORD, id="not-signed", getekend_op=square.today + timedelta(days=1))
    with pytest.raises(Conflict) as refused:
        square.send(wanted)
    assert found(refused.value) == {("CONVENANT_ONTBREEKT", "/schuldeisers/0/grondslag")}
    square.agree("convenant", LANDLORD, OTHER, id="sector-1", geldig_tot=square.today)
    sent = square.send(wanted)
    assert [(p.grondslag, p.afspraak) for p in sent.partijen] == [("convenant", "sector-1")]
    (entry,) = square.entries("regelingbericht.bezorgd")
    assert (entry.grondslag, entry.afspraak) == ("convenant", "sector-1")


def test_request_rests_on_no_agreement_though_one_is_registered(square: Square) -> None:
    square.agree("convenant", LANDLORD)
    sent = square.send(square.pause(LANDLORD, OTHER))
    assert [(p.grondslag, p.afspraak) for p in sent.partijen] == [("verzoek", None)] * 2


def test_agreement_beforehand_counts_only_when_it_is_registered_signed_and_running(square: Square) -> None:
    square.agree("akkoord_vooraf", LANDLORD, id="not-yet", geldig_van=square.today + timedelta(days=1))
    square.agree("akkoord_vooraf", LANDLORD, id="elsewhere", gemeentecode="0344")
    square.agree("convenant", LANDLORD, id="another-kind")
    assert square.send(square.proposal(LANDLORD)).partijen[0].staat == "open"
    square.agree("akkoord_vooraf", LANDLORD, id="yes", getekend_op=SIGNED)
    assert square.send(square.proposal(LANDLORD, kenmerk="B-2")).partijen[0].staat == "akkoord_vooraf"


@pytest.mark.parametrize(
    ("uitspraak", "errors"),
    [
        ({}, {("UITSPRAAK_ONTBREEKT", "/uitspraak")}),
        ({"zaaknummer": f"C/{BSN}"}, {("BSN_NIET_TOEGESTAAN", "/uitspraak/zaaknummer")}),
        ({"zaaknummer": "C/15/123 R 26/4"}, set()),
        ({"ecli": "ECLI:NL:RBNHO:2026:1234"}, set()),
    ],
)
def test_cooling_off_period_names_the_court(square: Square, uitspraak: dict[str, Any], errors: set[tuple[str, str]]) -> None:
    aanvraag = square.cooling(LANDLORD, uitspraak=Uitspraak(datum=square.today, **uitspraak))
    if not errors:
        assert square.send(aanvraag).staat == "lopend"
        return
    with pytest.raises(Invalid) as refused:
        square.send(aanvraag)
    assert found(refused.value) == errors


def test_cooling_off_period_does_not_begin_before_the_decision(square: Square) -> None:
    decided = Uitspraak(datum=square.today, zaaknummer="C/15/123")
    with pytest.raises(Invalid) as refused:
        square.send(square.cooling(LANDLORD, uitspraak=decided, begin=square.today - timedelta(days=1), einde=square.today))
    assert found(refused.value) == {("PERIODE_ONGELDIG", "/begin")}
    later = Uitspraak(datum=square.today + timedelta(days=1), zaaknummer="C/15/123")
    with pytest.raises(Invalid, match="DATUM_IN_TOEKOMST"):
        square.send(square.cooling(LANDLORD, uitspraak=later, begin=square.today + timedelta(days=1)))


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        ({"prognose_cent": 5_002}, True),  # within what hundredths of a percent can say
        ({"prognose_cent": 5_100}, False),
        ({"prognose_cent": 40_001, "percentage_honderdsten": 10_000}, False),
        ({"prognose_cent": 40_000, "percentage_honderdsten": 10_000}, True),
        ({"prognose_cent": 0, "percentage_honderdsten": 0}, True),
    ],
)
def test_percentage_and_forecast_say_the_same(square: Square, changed: dict[str, Any], holds: bool) -> None:
    named = [BenaderdeMetVoorstel(oin=LANDLORD.principal, vorderingen=[offer(**changed)])]
    aanvraag = square.proposal(LANDLORD, schuldeisers=named)
    if holds:
        assert square.send(aanvraag).staat == "lopend"
        return
    with pytest.raises(Invalid) as refused:
        square.send(aanvraag)
    assert found(refused.value) == {("PROGNOSE_KLOPT_NIET", "/schuldeisers/0/vorderingen/0/prognoseCent")}


def test_number_that_could_be_a_bsn_is_refused_wherever_it_stands(square: Square) -> None:
    named = [BenaderdeMetVoorstel(oin=LANDLORD.principal, klantnummer=BSN, vorderingen=[offer(kenmerk=BSN)])]
    with pytest.raises(Invalid, match="BSN_NIET_TOEGESTAAN"):
        square.send(square.proposal(LANDLORD, schuldeisers=named))
    id = square.send(square.pause(LANDLORD)).partijen[0].id
    for answer in (Bevestigd(klantnummer=BSN), Bevestigd(factuurnummers=["F-1", BSN])):
        with pytest.raises(Invalid, match="BSN_NIET_TOEGESTAAN"):
            square.reply(LANDLORD, "kennisgeving", id, answer)
    assert square.count("regeling") == 1


def test_counsellor_needs_a_document_and_the_creditor_sees_its_hash(square: Square) -> None:
    for asker, soort in ((COUNSELLOR, "toestemmingsverklaring"), (TRUSTEE, "beschikking")):
        with pytest.raises(Invalid, match="MACHTIGING_ONTBREEKT"):
            square.send(square.pause(LANDLORD, kenmerk=soort), by=asker)
        sent = square.send(square.pause(LANDLORD, kenmerk=soort, machtiging=document(soort)), by=asker)
        told = square.opened(LANDLORD, "kennisgeving", sent.partijen[0].id)
        assert square.open(told.inhoud, told.id, "vraag")["machtiging"]["soort"] == soort
        before = square.rows("SELECT count(document) FROM regeling")
        square.cancel(sent)
        assert (before, square.rows("SELECT count(document) FROM regeling")) == ([(1,)], [(0,)])


@pytest.mark.parametrize(("wijd", "zorg", "holds"), [("alleen_premie", True, True), ("alle_vorderingen", True, False),
                                                     ("alleen_premie", False, False), ("alle_vorderingen", False, True)])  # fmt: skip
def test_health_insurer_pauses_the_premium_only(square: Square, wijd: Any, zorg: bool, holds: bool) -> None:
    creditor = INSURER if zorg else LANDLORD
    id = square.send(square.pause(creditor)).partijen[0].id
    answer = Bevestigd(klantnummer="K-1", reikwijdte=wijd)
    if holds:
        assert square.reply(creditor, "kennisgeving", id, answer).staat == "bevestigd"
        return
    with pytest.raises(Conflict, match="ALLEEN_PREMIE" if zorg else "ANTWOORD_PAST_NIET") as refused:
        square.reply(creditor, "kennisgeving", id, answer)
    assert {pointer for _, pointer in found(refused.value)} == {"/reikwijdte"}


def test_cooling_off_period_covers_everything_of_a_health_insurer_too(square: Square) -> None:
    id = square.send(square.cooling(INSURER)).partijen[0].id
    with pytest.raises(Conflict, match="ANTWOORD_PAST_NIET"):
        square.reply(INSURER, "afkoelingsperiode", id, Bevestigd(klantnummer="K-1", reikwijdte="alleen_premie"))
    assert square.reply(INSURER, "afkoelingsperiode", id, FOUND).staat == "bevestigd"


def test_confirmation_names_the_customer(square: Square) -> None:
    with pytest.raises(Invalid, match="VELD_VERPLICHT"):
        replied.check("kennisgeving", Bevestigd(), None)
    replied.check("kennisgeving", Bevestigd(factuurnummers=["F-1"]), None)


def test_every_refusal_has_a_code_that_explains_it() -> None:
    codes = [code for explained in REASONS.values() for code in explained]
    assert sorted(codes) == sorted(set(codes)) == sorted(Toelichting.__args__)  # type: ignore[attr-defined]
    party = Deelnemer(LANDLORD.principal, "Verhuur", frozenset({"schuldeiser"}), "actief")
    for reden, explained in REASONS.items():
        for code in Toelichting.__args__:  # type: ignore[attr-defined]
            refusal = Geweigerd(redenen=[Weigering(reden=reden, toelichting=code)])
            if code in explained:
                replied.check("betaalvoorstel", refusal, party)
            else:
                with pytest.raises(Invalid, match="TOELICHTING_PAST_NIET"):
                    replied.check("betaalvoorstel", refusal, party)
    double = Weigering(reden="zekerheid", toelichting="pand_of_hypotheek")
    with pytest.raises(Invalid, match="REDEN_DUBBEL"):
        replied.check("betaalvoorstel", Geweigerd(redenen=[double, double]), party)
