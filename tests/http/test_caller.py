"""Who may in, decided per request: certificate, dates, revocation, status, role, mandate."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from gateway.api import creditor, ddas, municipality, oversight
from gateway.api.operation import Api
from gateway.core.errors import Unavailable
from gateway.partners.register import Mandaat
from tests.http.test_operations import assert_problem
from tests.http.world import AGENCY, KNOWN, LANDLORD, NOW, OTHER, TOWN, Connected, World, certificate, partner, registered, send

PATH = "/schuldeiser/v1/dekking"


def test_known_partner_comes_in(world: World) -> None:
    assert world.ask("GET", PATH).status_code == 200


def test_no_certificate_is_401_and_closes(world: World) -> None:
    response = send(Connected(world.app, None), "GET", PATH)
    assert_problem(response, 401)
    assert response.headers["connection"] == "close"
    assert response.headers["www-authenticate"]
    assert world.creditors.calls == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ingetrokken_op": NOW}, "CERTIFICAAT_INGETROKKEN"),
        ({"geldig_tot": NOW - timedelta(seconds=1)}, "CERTIFICAAT_VERLOPEN"),
        ({"geldig_van": NOW + timedelta(seconds=1)}, "CERTIFICAAT_VERLOPEN"),
        ({"oin": TOWN}, "CERTIFICAAT_ONBEKEND"),
        ({"vingerafdruk": b"x" * 32}, "CERTIFICAAT_ONBEKEND"),
    ],
)
def test_registered_certificate_that_does_not_hold_is_401(world: World, change: dict[str, Any], code: str) -> None:
    assert world.ask("GET", PATH).status_code == 200
    world.certificates[0] = msgspec.structs.replace(world.certificates[0], **change)
    response = world.ask("GET", PATH)
    assert assert_problem(response, 401).code == code
    assert response.headers["connection"] == "close"
    assert world.refusals.seen == []


def test_certificate_past_its_own_date_is_401_whatever_the_register_says(world: World) -> None:
    der = certificate(LANDLORD, serial=7, days=-1)
    world.certificates.append(registered(der, LANDLORD))
    assert assert_problem(world.ask("GET", PATH, der=der), 401).code == "CERTIFICAAT_VERLOPEN"


def test_certificate_on_the_revocation_list_is_401_at_the_next_request(world: World) -> None:
    assert world.ask("GET", PATH).status_code == 200
    world.crl.serials.add(1)
    assert assert_problem(world.ask("GET", PATH), 401).code == "CERTIFICAAT_INGETROKKEN"


def test_stale_revocation_list_lets_nobody_in(world: World) -> None:
    world.crl.old = True
    assert assert_problem(world.ask("GET", PATH), 503).code == "INTREKKINGSLIJST_VERLOPEN"


def test_stale_register_lets_nobody_in(world: World) -> None:
    class Stale(World):
        def snapshot(self) -> Any:
            raise Unavailable("REGISTER_VEROUDERD", "Probeer het later opnieuw.", retry_after=5)

    assert assert_problem(Stale().ask("GET", PATH), 503).code == "REGISTER_VEROUDERD"


@pytest.mark.parametrize("status", ["aangemeld", "in_test", "getoetst", "opgeschort", "beeindigd"])
def test_partner_that_is_not_active_is_403_and_on_record(world: World, status: str) -> None:
    world.partners[LANDLORD] = partner(LANDLORD, "schuldeiser", status=status)
    assert assert_problem(world.ask("GET", PATH), 403).code == "DEELNEMER_NIET_ACTIEF"
    assert world.refusals.seen == [(LANDLORD, None, "DEELNEMER_NIET_ACTIEF", "leesDekking")]


def test_partner_in_shadow_may_deliver_and_no_more(world: World) -> None:
    world.partners[LANDLORD] = partner(LANDLORD, "schuldeiser", status="schaduw")
    assert world.ask("GET", PATH).status_code == 200
    assert assert_problem(world.ask("GET", "/schuldeiser/v1/terugkoppelingen"), 403).code == "DEELNEMER_NIET_ACTIEF"
    doors: list[Api[Any]] = [creditor.API, municipality.API, oversight.API, ddas.API]
    opened = {operation.id for api in doors for operation in api.operations if operation.schaduw}
    assert opened == {
        "ingang", "leverSignaal", "leesDekking", "leesSleutels", "leverAan", "valideerAanlevering", "lijstAanleveringen",
        "leesAanlevering", "leesVerslag", "leverStand",
    }  # fmt: skip


@pytest.mark.parametrize(("path", "der"), [(PATH, TOWN), ("/gemeente/v1/inbox/berichten", LANDLORD)])
def test_other_door_is_403(world: World, path: str, der: str) -> None:
    assert assert_problem(world.ask("GET", path, der=certificate(der)), 403).code == "ROL_ONTBREEKT"


def test_only_mandate_is_the_default_principal(world: World) -> None:
    world.mandates = [Mandaat(AGENCY, LANDLORD, "schuldeiser", date(2026, 1, 1))]
    assert world.ask("GET", PATH, der=certificate(AGENCY)).status_code == 200
    assert world.creditors.calls[0][1][0] == LANDLORD


@pytest.mark.parametrize(
    "mandate",
    [
        Mandaat(AGENCY, LANDLORD, "gemeente", date(2026, 1, 1)),
        Mandaat(AGENCY, LANDLORD, "schuldeiser", date(2026, 11, 21)),
        Mandaat(AGENCY, LANDLORD, "schuldeiser", date(2026, 1, 1), date(2026, 11, 19)),
        Mandaat(LANDLORD, AGENCY, "schuldeiser", date(2026, 1, 1)),
    ],
)
def test_mandate_of_another_role_date_or_direction_does_not_count(world: World, mandate: Mandaat) -> None:
    world.mandates = [mandate]
    response = world.ask("GET", PATH, der=certificate(AGENCY), headers={"Namens": LANDLORD})
    assert assert_problem(response, 403).code == "MANDAAT_ONTBREEKT"


def test_more_than_one_principal_needs_namens(world: World) -> None:
    world.partners[OTHER] = partner(OTHER, "schuldeiser")
    world.mandates = [Mandaat(AGENCY, oin, "schuldeiser", date(2026, 1, 1)) for oin in (LANDLORD, OTHER)]
    response = world.ask("GET", PATH, der=certificate(AGENCY))
    assert assert_problem(response, 400).code == "NAMENS_VERPLICHT"
    assert LANDLORD not in response.text
    assert OTHER not in response.text
    assert world.ask("GET", PATH, der=certificate(AGENCY), headers={"Namens": OTHER}).status_code == 200
    assert world.creditors.calls[0][1][0] == OTHER


def test_own_role_and_a_mandate_need_namens(world: World) -> None:
    world.partners[OTHER] = partner(OTHER, "schuldeiser")
    world.mandates = [Mandaat(LANDLORD, OTHER, "schuldeiser", date(2026, 1, 1))]
    assert assert_problem(world.ask("GET", PATH), 400).code == "NAMENS_VERPLICHT"
    assert world.ask("GET", PATH, headers={"Namens": LANDLORD}).status_code == 200


def test_unknown_principal_and_one_without_mandate_get_the_same_answer(world: World) -> None:
    answers = [world.ask("GET", PATH, headers={"Namens": oin}) for oin in (TOWN, "00000099000000009000")]
    assert answers[0].content == answers[1].content
    assert answers[0].status_code == 403


@pytest.mark.parametrize("value", ["", "123", "x" * 20, f"{LANDLORD},{TOWN}", f"{LANDLORD[:-1]}1"])
def test_malformed_namens_is_400(world: World, value: str) -> None:
    assert assert_problem(world.ask("GET", PATH, headers={"Namens": value}), 400).code == "NAMENS_ONGELDIG"


def test_namens_twice_is_400(world: World) -> None:
    response = world.ask("GET", PATH, headers=[("Namens", LANDLORD), ("Namens", LANDLORD)])
    assert assert_problem(response, 400).code == "NAMENS_ONGELDIG"


@pytest.mark.parametrize("change", [{"status": "opgeschort"}, {"rollen": frozenset({"gemeente"})}])
def test_principal_must_be_active_and_have_the_role(world: World, change: dict[str, Any]) -> None:
    world.mandates = [Mandaat(AGENCY, LANDLORD, "schuldeiser", date(2026, 1, 1))]
    assert world.ask("GET", PATH, der=certificate(AGENCY)).status_code == 200
    world.partners[LANDLORD] = msgspec.structs.replace(world.partners[LANDLORD], **change)
    assert world.ask("GET", PATH, der=certificate(AGENCY)).status_code == 403


def test_municipality_without_code_is_403(world: World) -> None:
    world.partners[TOWN] = partner(TOWN, "gemeente")
    response = world.ask("GET", f"/gemeente/v1/inbox/berichten/{KNOWN}")
    assert assert_problem(response, 403).code == "GEMEENTE_ONBEKEND"
