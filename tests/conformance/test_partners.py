"""The suite against partners over real sockets: a correct one passes everything, and each fault is named by the scenario meant for it."""

import threading
from collections.abc import Mapping
from datetime import date

import pytest

from adapters.client.calling import Patience as Patient
from adapters.client.connection import Answer, Connection
from adapters.client.gemeente import Gemeente as Client
from adapters.client.opening import Opener
from gateway.conformance.play import Begin, Verslag
from gateway.sandbox.parties import Gemeente
from tests.client.front import access
from tests.conformance import creditor, municipality
from tests.conformance.creditor import Creditor
from tests.conformance.municipality import Municipality
from tests.conformance.own_client import OwnClient
from tests.conformance.world import CREDITOR, MANAGED, OTHER, OWN_KEY, Hall, Patience, failed, named

TODAY = date.today().isoformat()  # noqa: DTZ011 - as a partner's own system would
NONE: frozenset[str] = frozenset()
PLANTED = (
    ("creditor", "nieuw_kenmerk"),
    ("creditor", "geen_geduld"),
    ("creditor", "laat_geweigerd_liggen"),
    ("creditor", "euros"),
    ("creditor", "alles_opnieuw"),
    ("creditor", "gelooft_elk_bewijs"),
    ("municipality", "opent_niet"),
    ("municipality", "bevestigt_te_laat"),
    ("municipality", "streng"),
    ("municipality", "dubbele_zaak"),
    ("municipality", "verkeerd_doel"),
    ("municipality", "verkeerde_claim"),
)
"""Each by itself: ten, and two that hide others when they come together."""
HIDING = {"verkeerd_doel", "verkeerde_claim", "opent_niet", "streng", "vraagt_niet"}


def of_creditor(hall: Hall, faults: frozenset[str] = NONE) -> Verslag:
    def work(connection: Connection, begin: Begin, stop: threading.Event) -> None:
        Creditor(connection, begin.kaarten, faults).work(stop, TODAY)

    return hall.run(CREDITOR, work, until=patience(creditor.FAULTS, faults))


def of_municipality(hall: Hall, faults: frozenset[str] = NONE, *, own: bool = False) -> Verslag:
    town = OWN_KEY if own else MANAGED

    def work(connection: Connection, begin: Begin, stop: threading.Event) -> None:
        Municipality(connection, faults, hall.sandbox.own_key(town) if own else None).work(stop, TODAY)

    return hall.run(town.oin, work, until=patience(municipality.FAULTS, faults))


def patience(table: Mapping[str, str], faults: frozenset[str]) -> Patience:
    """Until each fault is named; with faults that hide others, until the hiding one is."""
    waited = faults & {"verkeerd_doel"} or faults
    return Patience(frozenset(table[fault] for fault in waited), alone=not faults & HIDING)


def test_correct_creditor_passes_every_scenario(hall: Hall) -> None:
    verslag = of_creditor(hall)
    assert failed(verslag) == {}
    assert verslag.uitslag.geslaagd
    assert set(verslag.uitslag.soorten) == {"signaal", "intrekking", "stand", "saldoantwoord", "regelingantwoord"}


@pytest.mark.parametrize("own", [True, False], ids=["own_key", "managed_key"])
def test_correct_municipality_passes_every_scenario(hall: Hall, own: bool) -> None:
    verslag = of_municipality(hall, own=own)
    assert failed(verslag) == {}
    assert set(verslag.uitslag.soorten) == {"bericht", "terugkoppeling", "zaak", "overzicht", "regeling"}


@pytest.mark.parametrize("town", [OWN_KEY, MANAGED], ids=["own_key", "managed_key"])
def test_our_own_client_passes_every_scenario_of_a_municipality(hall: Hall, town: Gemeente) -> None:
    def work(_: Connection, begin: Begin, stop: threading.Event) -> None:
        opener = Opener(hall.sandbox.own_key(town).read_bytes() if town.eigen else None)
        entrance = access(hall.sandbox, town.oin, begin.port)
        with Client(entrance, opener=opener, patience=Patient(tries=3, total=5)) as seinhuis:
            OwnClient(seinhuis, date.fromisoformat(TODAY)).work(stop)

    assert failed(hall.run(town.oin, work, until=patience(municipality.FAULTS, NONE))) == {}
    assert hall.failed == []


@pytest.mark.parametrize(("who", "fault"), PLANTED)
def test_planted_fault_is_named_by_the_scenario_meant_for_it(hall: Hall, who: str, fault: str) -> None:
    if who == "creditor":
        verslag, scenario = of_creditor(hall, frozenset({fault})), creditor.FAULTS[fault]
    else:
        verslag, scenario = of_municipality(hall, frozenset({fault})), municipality.FAULTS[fault]
    assert scenario in named(failed(verslag))
    assert not verslag.uitslag.geslaagd
    assert "Herstel: " in next(one.toelichting or "" for one in verslag.uitslag.scenarios if one.naam == scenario)


def test_all_faults_of_a_creditor_at_once_are_all_named(hall: Hall) -> None:
    assert named(failed(of_creditor(hall, frozenset(creditor.FAULTS)))) >= set(creditor.FAULTS.values())


def test_faults_of_a_municipality_that_hide_nothing_are_all_named_at_once(hall: Hall) -> None:
    faults = frozenset(municipality.FAULTS) - HIDING
    assert named(failed(of_municipality(hall, faults))) >= {municipality.FAULTS[fault] for fault in faults}


def test_all_faults_of_a_municipality_at_once_pass_no_scenario_meant_for_one(hall: Hall) -> None:
    verslag = of_municipality(hall, frozenset(municipality.FAULTS))
    assert set(failed(verslag)) >= set(municipality.FAULTS.values())
    assert municipality.FAULTS["verkeerd_doel"] in named(failed(verslag))


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


def test_body_of_another_form_gets_an_answer_of_the_agreement(hall: Hall) -> None:
    answers: list[Answer] = []

    def work(connection: Connection, begin: Begin, stop: threading.Event) -> None:
        answers.extend(connection.post("/schuldeiser/v1/signalen", value) for value in ({"adres": "x"}, {"achterstand": [1]}))
        answers.append(connection.post("/schuldeiser/v1/aanleveringen", {"signalen": 5}))

    hall.run(CREDITOR, work, duur=3.0)
    assert [(one.status, one.json()["code"]) for one in answers] == [(400, "GEEN_TESTGEVAL")] * 2 + [(400, "INVOER_ONGELDIG")]
