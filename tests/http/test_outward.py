"""The door of the statistics signs exactly what it sends; the merge file comes as JSON or CSV."""

from gateway.api import ddas, outward
from gateway.api.caller import Gate
from gateway.api.edge import Edge
from gateway.api.machine import machine_app
from gateway.api.operation import House
from gateway.api.operation import House as Behind
from gateway.api.outward_port import StatisticsPort
from gateway.api.ports import CreditorPort, MunicipalityPort
from schemas.ddas import encode
from tests.http.outwardfakes import StatisticsFake
from tests.http.world import AGENCY, Connected, World, certificate, partner, send

CBS = AGENCY


def door(world: World, fake: StatisticsFake, *rollen: str) -> Connected:
    world.partners[CBS] = partner(CBS, *rollen)
    gate = Gate(world.snapshot, world.crl, world.clock)
    app: Edge = machine_app(
        Behind[CreditorPort](port=world.creditors, gate=gate, refusals=world.refusals, strangers=world.strangers.append),
        Behind[MunicipalityPort](port=world.municipalities, gate=gate, refusals=world.refusals, strangers=world.strangers.append),
        world.report,
        House[StatisticsPort](port=fake, gate=gate, refusals=world.refusals, strangers=world.strangers.append),
    )
    return Connected(app, certificate(CBS))


def test_answer_is_signed_over_exactly_its_bytes(world: World) -> None:
    fake = StatisticsFake()
    answer = send(door(world, fake, "cbs"), "POST", "/ddas/v1/gegevens", json={"page": 1})
    assert answer.status_code == 200
    assert answer.content == encode(ddas.EXAMPLE) == fake.signed[0]
    assert (answer.headers["digest"], answer.headers["nlgov-adr-payload-sig"]) == ("SHA-256=x", "kop..handtekening")


def test_door_is_for_the_role_of_cbs_only(world: World) -> None:
    assert send(door(world, StatisticsFake(), "gemeente", "schuldeiser"), "POST", "/ddas/v1/gegevens", json={}).status_code == 403


def test_unknown_member_and_get_are_refused(world: World) -> None:
    app = door(world, StatisticsFake(), "cbs")
    assert send(app, "POST", "/ddas/v1/gegevens", json={"burgerservicenummer": "x"}).status_code == 400
    assert send(app, "GET", "/ddas/v1/gegevens").status_code == 405


def test_merge_file_comes_as_csv_when_asked(world: World) -> None:
    body = {"claim": str(outward._ID), "kanaal": "sms", "kenmerk": "A-1"}
    answer = world.ask("POST", "/gemeente/v1/meldingen/_brievenbestand", json=body, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert b"0031612345678" in answer.content
    assert world.ask("POST", "/gemeente/v1/meldingen/_brievenbestand", json=body).json()["zonderContact"]


def test_keys_are_asked_for_one_municipality(world: World) -> None:
    assert world.ask("GET", "/gemeente/v1/gemeentesleutels?gemeentecode=0344").json()["sleutels"][0]["kid"] == "gemeente/0344/1"
    assert world.municipalities.calls[-1][1] == ("0344",)
    assert world.ask("GET", "/gemeente/v1/gemeentesleutels?gemeentecode=344").status_code == 400
