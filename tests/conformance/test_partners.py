"""The suite against partners over real sockets: a correct one passes everything, and each fault is named by the scenario meant for it."""

import threading
from datetime import date

import pytest

from adapters.client.connection import Connection
from gateway.conformance.play import Begin, Verslag
from tests.conformance import creditor, municipality
from tests.conformance.creditor import Creditor
from tests.conformance.municipality import Municipality
from tests.conformance.world import CREDITOR, MANAGED, OTHER, OWN_KEY, Hall, failed

TODAY = date.today().isoformat()  # noqa: DTZ011 - as a partner's own system would
NONE: frozenset[str] = frozenset()


def of_creditor(hall: Hall, faults: frozenset[str] = NONE, duur: float = 40.0) -> Verslag:
    def work(connection: Connection, begin: Begin, stop: threading.Event) -> None:
        Creditor(connection, begin.kaarten, faults).work(stop, TODAY)

    return hall.run(CREDITOR, work, but=frozenset(creditor.FAULTS[fault] for fault in faults), duur=duur)


def of_municipality(hall: Hall, faults: frozenset[str] = NONE, *, own: bool = False) -> Verslag:
    town = OWN_KEY if own else MANAGED

    def work(connection: Connection, begin: Begin, stop: threading.Event) -> None:
        Municipality(connection, faults, hall.sandbox.own_key(town) if own else None).work(stop, TODAY)

    return hall.run(town.oin, work, but=frozenset(municipality.FAULTS[fault] for fault in faults))


def test_correct_creditor_passes_every_scenario(hall: Hall) -> None:
    verslag = of_creditor(hall)
    assert failed(verslag) == {}
    assert verslag.uitslag.geslaagd
    assert set(verslag.uitslag.soorten) >= {"signaal", "intrekking", "saldoantwoord"}


@pytest.mark.parametrize("own", [True, False], ids=["own_key", "managed_key"])
def test_correct_municipality_passes_every_scenario(hall: Hall, own: bool) -> None:
    verslag = of_municipality(hall, own=own)
    assert failed(verslag) == {}
    assert set(verslag.uitslag.soorten) >= {"bericht", "terugkoppeling", "overzicht"}


@pytest.mark.parametrize("fault", creditor.FAULTS)
def test_fault_of_a_creditor_is_named_by_its_scenario(hall: Hall, fault: str) -> None:
    verslag = of_creditor(hall, frozenset({fault}), duur=12.0)
    assert creditor.FAULTS[fault] in failed(verslag)
    assert not verslag.uitslag.geslaagd


@pytest.mark.parametrize("fault", municipality.FAULTS)
def test_fault_of_a_municipality_is_named_by_its_scenario(hall: Hall, fault: str) -> None:
    assert municipality.FAULTS[fault] in failed(of_municipality(hall, frozenset({fault})))


def test_all_faults_of_a_creditor_at_once_are_all_named(hall: Hall) -> None:
    assert set(failed(of_creditor(hall, frozenset(creditor.FAULTS)))) >= set(creditor.FAULTS.values())


def test_all_faults_of_a_municipality_at_once_are_all_named(hall: Hall) -> None:
    assert set(failed(of_municipality(hall, frozenset(municipality.FAULTS)))) >= set(municipality.FAULTS.values())


def test_who_does_nothing_passes_nothing(hall: Hall) -> None:
    for oin in (CREDITOR, MANAGED.oin):
        verslag = hall.run(oin, None, duur=2.0)
        assert {one.gezien.goed for one in verslag.oordelen} == {False}


def test_run_of_another_partner_counts_for_nobody(hall: Hall) -> None:
    def work(connection: Connection, begin: Begin, stop: threading.Event) -> None:
        Creditor(connection, begin.kaarten).work(stop, TODAY)

    verslag = hall.run(CREDITOR, work, by=OTHER, duur=4.0)
    assert verslag.waargenomen.uitwisselingen == ()
    assert {one.gezien.goed for one in verslag.oordelen} == {False}
    hall.failed.clear()  # it was refused at the door, and did not expect that


def test_nothing_of_anybody_is_kept_of_an_exchange(hall: Hall) -> None:
    verslag = of_creditor(hall)
    kept = repr(verslag.waargenomen)
    assert len(verslag.waargenomen.uitwisselingen) > 15
    for one in ("3511AB", "T-eerste", "REEKS-1", "hoofdhuurder", "@example", "+316", "K-40417"):
        assert one not in kept
    assert "reeks-1" in kept  # control: the cards' own names are


def test_person_who_is_on_no_card_is_turned_away_at_the_door(hall: Hall) -> None:
    answers = []

    def work(connection: Connection, begin: Begin, stop: threading.Event) -> None:
        signal = dict(begin.kaarten["eerste"].signaal)
        elsewhere = {**signal, "kenmerk": "ECHT-1", "adres": {**signal["adres"], "huisnummer": 7}}
        answers.extend([connection.post("/schuldeiser/v1/signalen", elsewhere), connection.get("/schuldeiser/v1/dekking")])

    verslag = hall.run(CREDITOR, work, duur=3.0)
    assert [(one.status, one.json().get("code")) for one in answers] == [(400, "GEEN_TESTGEVAL"), (200, None)]
    assert not any(verslag.waargenomen.berichten.values())
