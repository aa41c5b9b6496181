"""Which part a partner plays: of each that its roles have, one a run; and a creditor's where it has to be tested and none is its own."""

import threading

import pytest

from adapters.client.connection import Connection
from gateway.conformance.play import Begin, Opdracht, chosen
from gateway.conformance.scenario import Proef
from gateway.conformance.stage import Kandidaat, kandidaat, staged
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict
from gateway.onboarding import registration
from gateway.onboarding.poorten import SOORTEN
from gateway.partners.register import Deelnemer, Mandaat
from gateway.sandbox.parties import GEMEENTEN
from schemas.toets import Toetssoort
from tests.conformance.creditor import Creditor
from tests.conformance.test_partners import TODAY
from tests.conformance.world import CREDITOR, Hall, failed
from tests.gateways import CLOCK, enrol, office

AGENT = Deelnemer("00000099000000086000", "Deurwaarder Voorbeeld", frozenset({"gerechtsdeurwaarder"}), "actief")
BOTH = Deelnemer(
    GEMEENTEN[2].oin,
    "Gemeente Zwolle",
    frozenset({"gemeente", "schuldeiser", "signaalpartner"}),
    "actief",
    frozenset({"huur"}),
    frozenset({"Gemeente Zwolle"}),
    gemeentecode=GEMEENTEN[2].code,
)


def parts(*rollen: str, gebruik: frozenset[str] = frozenset(), soorten: frozenset[Toetssoort] = frozenset()) -> tuple[Proef, ...]:
    row = Deelnemer("00000099000000085000", "Voorbeeld", frozenset(rollen) - {"tussenpersoon"}, "actief")
    return chosen(Kandidaat(staged(row, rollen), (), (), None, gebruik), Opdracht(soorten=soorten))


@pytest.mark.parametrize("rol", ["gerechtsdeurwaarder", "signaalpartner", "experiment_cak", "tussenpersoon"])
def test_who_must_be_tested_without_a_part_of_its_own_is_a_creditor(rol: str) -> None:
    found = parts(rol)
    assert {proef.rol for proef in found} == {"schuldeiser"}
    assert {proef.soort for proef in found} >= SOORTEN["signaalpartner"]


@pytest.mark.parametrize("rol", ["uitvoerder", "toezichthouder", "cbs", "integrator"])
def test_who_needs_no_test_has_none(rol: str) -> None:
    with pytest.raises(Conflict, match="TOETS_ONBEKEND"):
        parts(rol)


def test_creditor_that_signals_nothing_is_asked_for_answers_alone() -> None:
    assert {proef.soort for proef in parts("schuldeiser")} == {"saldoantwoord", "regelingantwoord"}


def test_each_part_of_a_municipality_that_is_a_creditor_can_be_run() -> None:
    roles = ("gemeente", "schuldeiser", "signaalpartner")
    uses = frozenset({"api/bericht", "api/signaal"})
    assert {(proef.rol, proef.soort) for proef in parts(*roles, gebruik=uses)} == {("gemeente", "bericht")}
    assert {(p.rol, p.soort) for p in parts(*roles, gebruik=uses, soorten=frozenset({"signaal"}))} == {("schuldeiser", "signaal")}
    with pytest.raises(Conflict, match="TOETS_ONBEKEND"):
        parts(*roles, soorten=frozenset({"bericht", "signaal"}))


@pytest.mark.parametrize("row", [AGENT, BOTH], ids=["acts_for_others", "municipality_too"])
def test_its_system_passes_on_the_stage(hall: Hall, row: Deelnemer) -> None:
    """The municipality is also one of the counterparties of a creditor: it does not meet itself."""

    def work(connection: Connection, begin: Begin, stop: threading.Event) -> None:
        Creditor(connection, begin.kaarten).work(stop, TODAY)

    enrol(hall.sandbox, row)
    with office(hall.sandbox) as register:
        if row is AGENT:
            registration.save(register, Mandaat(row.oin, CREDITOR, "schuldeiser", dutch_day(CLOCK.now())))
        hall.knows(kandidaat(register, row.oin))
    verslag = hall.run(row.oin, work, soorten=frozenset({"signaal", "intrekking", "stand"}))
    assert failed(verslag) == {}
    assert verslag.uitslag.deelnemer == row.oin
    assert verslag.uitslag.geslaagd
