"""Judgements by themselves: what is not on record passes nothing, and small differences decide."""

import pytest

from gateway.conformance import judging_creditor as creditor
from gateway.conformance import judging_files as files
from gateway.conformance import judging_municipality as town
from gateway.conformance.observed import AFGEBROKEN, Bestand, Feit, Regel, Uitwisseling, Waargenomen

LATE = Uitwisseling(1.0, "claimen", 201, 201, "te laat", town.VERLOPEN, claim="C1", berichten=("B",))
DONE = {town.VERLOPEN: (Feit("B", "verwerkt", zaak=True),)}


def ack(at: float, claim: str) -> Uitwisseling:
    return Uitwisseling(at, "bevestigen", 200, 200, claim=claim, berichten=("B",), keuze="verwerkt")


@pytest.mark.parametrize(
    ("then", "good"),
    [
        ((ack(2.0, "C1"),), False),
        ((ack(2.0, "C2"),), True),
        ((Uitwisseling(1.5, "verlengen", 200, 200, id="C1"), ack(2.0, "C1")), True),
        ((Uitwisseling(1.5, "verlengen", 409, 409, id="C1"), ack(2.0, "C1")), False),
        ((ack(1.5, "C1"), Uitwisseling(2.0, "verlengen", 200, 200, id="C1")), False),
    ],
)
def test_lease_that_ended_holds_only_once_it_is_extended(then: tuple[Uitwisseling, ...], good: bool) -> None:
    assert town.na_verloop(Waargenomen((LATE, *then), DONE)).goed is good


@pytest.mark.parametrize(("zaak", "good"), [(True, True), (False, False)])
def test_message_without_the_sealed_number_in_its_case_was_not_opened(zaak: bool, good: bool) -> None:
    assert town.geopend(Waargenomen(berichten={town.EERSTE: (Feit("B", "verwerkt", zaak=zaak),)})).goed is good


@pytest.mark.parametrize(
    ("kenmerk", "inhoud", "good"), [("k", "i", True), ("k2", "i", False), ("k", "i2", False), (None, None, False)]
)
def test_lost_answer_asks_for_the_same_again(kenmerk: str | None, inhoud: str, good: bool) -> None:
    lost = Uitwisseling(
        1.0, "signaal", 201, AFGEBROKEN, "verloren antwoord", "zelfde_kenmerk_na_verlies", (Regel(creditor.VERLOREN, "k", "i"),)
    )
    again = [Uitwisseling(2.0, "signaal", 200, 200, regels=(Regel(creditor.VERLOREN, kenmerk, inhoud),))] if kenmerk else []
    assert creditor.verloren(Waargenomen((lost, *again))).goed is good


@pytest.mark.parametrize(("at", "good"), [(1.5, False), (2.9, False), (3.0, True), (9.0, True)])
def test_retry_after_is_kept_to_the_second(at: float, good: bool) -> None:
    line = Regel(creditor.WACHTEN, "k", "i", uitkomst="bezorgd")
    busy = Uitwisseling(1.0, "signaal", 0, 503, "bezet", "wacht_bij_503", (line._replace(uitkomst=""),))
    assert creditor.wachten(Waargenomen((busy, Uitwisseling(at, "signaal", 201, 201, regels=(line,))))).goed is good


@pytest.mark.parametrize(("eerder", "good"), [(0, True), (2, False)])
def test_lines_that_were_taken_do_not_come_again_in_a_file(eerder: int, good: bool) -> None:
    brought = (Bestand("verwerkt", "signalen", geweigerd=1), Bestand("verwerkt", "signalen", eerder=eerder))
    assert files.verbeterd(Waargenomen(bestanden=brought, berichten={files.WRONG: (Feit("B", "bezorgd"),)})).goed is good
