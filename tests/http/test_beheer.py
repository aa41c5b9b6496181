"""The integrator's door at a running gateway, over mTLS: from a request to a partner in test, and what stays another's."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from adapters.client.connection import Answer, Connection
from certs.dev import DevPki
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.onboarding import registration, requests
from gateway.onboarding.counter import Counter
from gateway.partners.register import Deelnemer, Mandaat
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import HOST, Sandbox
from tests.architecture.tree import ROOT
from tests.console.balie import csr
from tests.gateways import CLOCK, enrol, office, running, seconds_until

BASE = "/beheer/v1"
BUILDER, OTHER, NEW, ABSENT = (f"000000990000000{n}000" for n in ("81", "82", "83", "89"))
OPERATOR = "00000099000000000000"
TODAY = dutch_day(CLOCK.now())
PROOF = os.environ.get("SEINHUIS_PROOF") == "1"
MINE, THEIRS = SCHULDEISERS[0].oin, SCHULDEISERS[1].oin


class Doors(NamedTuple):
    """A gateway, and two integrators at its door; the first looks after MINE, the second after THEIRS."""

    gateway: Sandbox
    builder: Connection
    other: Connection


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with running(tmp_path_factory.mktemp("beheer")) as gateway:
        for oin, partner in ((BUILDER, MINE), (OTHER, THEIRS)):
            enrol(gateway, Deelnemer(oin, "Integrator Voorbeeld", frozenset({"integrator"}), "actief"))
            with office(gateway) as register:
                registration.save(register, Mandaat(oin, partner, "integrator", TODAY))
        with closing(gateway.connect(BUILDER)) as builder, closing(gateway.connect(OTHER)) as other:
            assert seconds_until(200, lambda: other.get(f"{BASE}/deelnemers/{THEIRS}").status) < 10
            yield Doors(gateway, builder, other)


def put(connection: Connection, path: str, value: object) -> Answer:
    return connection.request("PUT", path, json.dumps(value).encode())


def decided(gateway: Sandbox, id: str, besluit: Any = "goedgekeurd") -> None:
    """A person of the operator decides."""
    with office(gateway) as register:
        who = Sender(OPERATOR, OPERATOR, "p" * 43)
        requests.decide(Counter(register._replace(by=who, trace=lambda: Trace("4b" * 16, "a7" * 8)), who), UUID(id), besluit)


def test_new_partner_comes_in_test_through_the_door(doors: Doors) -> None:
    what = {"soort": "aanmelden", "oin": NEW, "naam": "Nieuw", "rollen": ["schuldeiser", "signaalpartner"], "machtiging": "M-1",
            "sectoren": ["huur"], "gebruik": ["api/signaal"]}  # fmt: skip
    asked = doors.builder.post(f"{BASE}/verzoeken", what)
    assert (asked.status, asked.json()["staat"]) == (201, "gevraagd"), asked.body
    assert doors.builder.get(f"{BASE}/deelnemers/{NEW}").status == 404
    decided(doors.gateway, asked.json()["id"])
    assert seconds_until(200, lambda: doors.builder.get(f"{BASE}/deelnemers/{NEW}").status) < 5
    assert doors.builder.post(f"{BASE}/deelnemers/{NEW}/stappen", {"naar": "in_test"}).status == 409  # a gate
    issued = doors.builder.post(f"{BASE}/deelnemers/{NEW}/certificaten", {"aanvraag": csr(NEW)})
    assert (issued.status, "BEGIN CERTIFICATE" in issued.json()["keten"]) == (201, True), issued.body
    moved = doors.builder.post(f"{BASE}/deelnemers/{NEW}/stappen", {"naar": "in_test"})
    assert (moved.status, moved.json()["status"]) == (200, "in_test"), moved.body
    assert [gap["poort"] for gap in moved.json()["ontbreekt"] if gap["voor"] == "getoetst"] == ["toets"]
    assert doors.builder.post(f"{BASE}/deelnemers/{NEW}/stappen", {"naar": "actief"}).status == 403
    paper = {"soort": "verwerkersovereenkomst", "kenmerk": "VO-1", "versie": "1", "geldigVan": str(TODAY)}
    assert doors.builder.post(f"{BASE}/deelnemers/{NEW}/stukken", paper).json()["stukken"][0]["kenmerk"] == "VO-1"
    assert put(doors.builder, f"{BASE}/deelnemers/{NEW}/aansluiting", {"gebruik": ["api/signaal", "api/stand"]}).status == 200
    print_ = issued.json()["vingerafdruk"]
    gone = doors.builder.post(f"{BASE}/deelnemers/{NEW}/certificaatintrekkingen", {"vingerafdruk": print_})
    assert gone.status == 409 or gone.json()["certificaten"][0]["ingetrokkenOp"]
    assert {one["oin"] for one in doors.builder.get(f"{BASE}/deelnemers").json()["deelnemers"]} == {MINE, NEW}


def calls(oin: str, pem: str) -> list[tuple[str, str, Any]]:
    """Every operation about a participant, with a body that would do."""
    at = f"{BASE}/deelnemers/{oin}"
    return [
        ("GET", at, None),
        ("PUT", f"{at}/aansluiting", {"gebruik": []}),
        ("POST", f"{at}/stukken", {"soort": "dpia", "kenmerk": "D", "versie": "1", "geldigVan": str(TODAY)}),
        ("POST", f"{at}/toetsuitslagen", RESULT),
        ("POST", f"{at}/stappen", {"naar": "opgeschort"}),
        ("POST", f"{at}/mappingprofielen", {"patroon": "*.csv", "profiel": "naam = 1"}),
        ("POST", f"{at}/certificaten", {"certificaat": pem}),
        ("POST", f"{at}/certificaatintrekkingen", {"vingerafdruk": "0" * 64}),
        ("POST", f"{BASE}/verzoeken", {"soort": "activering", "oin": oin}),
        ("POST", f"{BASE}/verzoeken", {"soort": "mandaat", "gemachtigde": MINE, "principaal": oin, "rol": "schuldeiser",
                                       "geldigVan": str(TODAY)}),
        ("POST", f"{BASE}/verzoeken", {"soort": "profiel", "oin": oin, "patroon": "*.csv", "profiel": "naam = 1"}),
    ]  # fmt: skip


RESULT = {"id": "019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f21", "deelnemer": THEIRS, "mond": "api", "soorten": ["signaal"], "suite": "1.0.0",
          "scenarios": [{"naam": "goed_bericht", "soort": "signaal", "uitkomst": "geslaagd"}], "geslaagd": True,
          "getoetstOp": "2026-11-20T09:30:00Z", "handtekening": "x"}  # fmt: skip


def test_partner_of_another_is_as_one_that_is_not_there(doors: Doors) -> None:
    pem = DevPki.load(doors.gateway.state / "pki", CLOCK).partner(THEIRS, "x").cert_path.read_text()
    for theirs, absent in zip(calls(THEIRS, pem), calls(ABSENT, pem), strict=True):
        found = [plain(doors.builder, *call) for call in (theirs, absent)]
        assert found[0] == found[1], theirs
        assert found[0][0] == 404, theirs
    status = doors.other.get(f"{BASE}/deelnemers/{THEIRS}").json()
    assert (status["status"], [c["bezwaar"] for c in status["certificaten"] if c.get("ingetrokkenOp")]) == ("actief", [])


def plain(connection: Connection, method: str, path: str, body: Any) -> tuple[int, dict[str, Any]]:
    answer = connection.request(method, path, None if body is None else json.dumps(body).encode())
    told = {name: value for name, value in answer.json().items() if name not in ("instance", "traceId")}
    return answer.status, json.loads(json.dumps(told).replace(THEIRS, "").replace(ABSENT, ""))


def test_control_own_partner_is_there(doors: Doors) -> None:
    assert doors.builder.get(f"{BASE}/deelnemers/{MINE}").status == 200
    assert doors.other.get(f"{BASE}/deelnemers/{MINE}").status == 404


def test_request_of_another_is_as_one_that_is_not_there(doors: Doors) -> None:
    asked = doors.other.post(f"{BASE}/verzoeken", {"soort": "activering", "oin": THEIRS}).json()["id"]
    assert doors.other.get(f"{BASE}/verzoeken/{asked}").status == 200
    found = [plain(doors.builder, "GET", f"{BASE}/verzoeken/{id}", None) for id in (asked, "019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f21")]
    assert found[0] == found[1]
    assert asked not in doors.builder.get(f"{BASE}/verzoeken").body.decode()


def test_door_is_shut_for_who_is_no_integrator_and_for_an_integrator_in_anothers_name(doors: Doors) -> None:
    with closing(doors.gateway.connect(GEMEENTEN[0].oin)) as town:
        assert town.get(f"{BASE}/deelnemers").status == 403
    named = doors.builder.request("GET", f"{BASE}/deelnemers", headers={"Namens": MINE})
    assert named.status == 403
    assert doors.builder.request("GET", "/schuldeiser/v1/dekking", headers={"Namens": MINE}).status == 403  # it speaks for nobody


def test_active_partner_gets_no_mouth_that_it_never_showed_and_no_certificate_of_another(doors: Doors) -> None:
    pki = DevPki.load(doors.gateway.state / "pki", CLOCK)
    theirs = pki.partner(THEIRS, "x").cert_path.read_text()
    refused = doors.builder.post(f"{BASE}/deelnemers/{MINE}/certificaten", {"certificaat": theirs})
    assert (refused.status, refused.json()["code"]) == (400, "CERTIFICAAT_ONGESCHIKT")
    for body in ({}, {"certificaat": "x", "aanvraag": "y"}, {"aanvraag": csr(THEIRS)}):
        assert doors.builder.post(f"{BASE}/deelnemers/{MINE}/certificaten", body).status == 400, body


def test_profile_of_an_active_partner_is_asked_and_registered_once_decided(doors: Doors) -> None:
    text = (ROOT / "docs" / "voorbeelden" / "profielen" / "verhuurder.toml").read_text().replace("00000099000000001000", MINE)
    body = {"patroon": "*.csv", "profiel": text}
    alone = doors.builder.post(f"{BASE}/deelnemers/{MINE}/mappingprofielen", body)
    assert (alone.status, alone.json()["code"]) == (403, "NIET_ALLEEN")
    wrong = doors.builder.post(f"{BASE}/verzoeken", {"soort": "profiel", "oin": MINE, **body, "profiel": "naam = 1"})
    assert (wrong.status, wrong.json()["code"]) == (400, "MAPPINGPROFIEL_ONGELDIG")
    asked = doors.builder.post(f"{BASE}/verzoeken", {"soort": "profiel", "oin": MINE, **body})
    assert (asked.status, doors.builder.get(f"{BASE}/deelnemers/{MINE}").json()["profielen"]) == (201, []), asked.body
    decided(doors.gateway, asked.json()["id"])
    assert [one["naam"] for one in doors.builder.get(f"{BASE}/deelnemers/{MINE}").json()["profielen"]] == ["verhuurder-csv"]


def test_period_that_ends_before_it_begins_is_refused_and_one_day_is_not(doors: Doors) -> None:
    paper = {"soort": "dpia", "kenmerk": "DPIA-2", "versie": "1", "geldigVan": "2026-03-02"}
    mandate = {"soort": "mandaat", "gemachtigde": THEIRS, "principaal": MINE, "rol": "schuldeiser", "geldigVan": "2026-03-02"}
    for path, body in ((f"{BASE}/deelnemers/{MINE}/stukken", paper), (f"{BASE}/verzoeken", mandate)):
        refused = doors.builder.post(path, {**body, "geldigTot": "2026-03-01"})
        assert (refused.status, refused.json()["code"]) == (400, "PERIODE_ONGELDIG"), path
        assert doors.builder.post(path, {**body, "geldigTot": "2026-03-02"}).status < 300, path


def test_profile_is_tried_and_list_is_looked_at(doors: Doors) -> None:
    shipped = ROOT / "docs" / "voorbeelden" / "profielen"
    body = {"profiel": (shipped / "verhuurder.toml").read_text(), "voorbeeld": (shipped / "verhuurder.csv").read_text(encoding="cp1252")}
    tried = doors.builder.post(f"{BASE}/mappingprofielen/_voorbeeld", body)
    assert (tried.status, tried.json()["records"][0]["record"]["kenmerk"]) == (200, "HUUR-2026-000123"), tried.body
    head = "schuldeiser;gemeentecode;sector;geldig_van;geldig_tot"
    looked = doors.builder.post(f"{BASE}/overeenkomsten/_valideer", {"lijst": f"{head}\n{THEIRS};0392;huur;2026-01-01;\n"})
    assert "niet ingeschreven" in looked.json()["fouten"][0]["melding"]


JUDGED = ("legStukVast", "legToetsuitslagVast", "legProfielVast", "registreerCertificaat", "doeVerzoek")
"""What is valid by its schema is judged further here: signatures, certificates, two days, a profile."""


def test_contract_holds_for_random_requests(doors: Doors, tmp_path: Path) -> None:
    pki = doors.gateway.state / "pki"
    (tmp_path / "oin.dict").write_text(f'"{MINE}"\n')
    excused = "".join(EXCUSED.format(name) for name in JUDGED)
    (tmp_path / "schemathesis.toml").write_text(CONFIG + excused)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run", str(ROOT / "openapi" / "beheer.yaml"),
               "--no-color", "-u", f"https://{HOST}:{doors.gateway.ports.mtls}{BASE}", "--tls-verify", str(pki / "root.pem"),
               "--request-cert", str(pki / f"{BUILDER}.chain.pem"), "--request-cert-key", str(pki / f"{BUILDER}.key"),
               "--seed", "20261122", "-n", "200" if PROOF else "15", "--report", "json", "--report-json-path", "report.json"]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=3000, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-8000:]
    found = json.loads((tmp_path / "report.json").read_text())
    assert found["test_cases"]["generated"] >= 500
    print(f"beheer: {found['test_cases']['generated']} examples")  # noqa: T201 - the figure that shows how much was tried


EXCUSED = '\n[[operations]]\ninclude-operation-id = "{}"\nchecks.positive_data_acceptance.enabled = false\n'
CONFIG = """
continue-on-failure = true
request-timeout = 30.0
workers = 1
warnings = false

[checks]
enabled = true
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 408, 409, 413, 414, 415, 431]
positive_data_acceptance.expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 410, 429]

[generation]
mode = "all"

[dictionaries.oin]
from-file = "oin.dict"

[[operations]]
include-path-regex = "^/deelnemers/"
parameters = { "path.oin" = { dictionary = "oin", probability = 0.7 } }

# a lawful OIN of the dictionary counts as one that was made wrong
[[operations]]
include-operation-id = "leesDeelnemer"
checks.negative_data_rejection.enabled = false
"""
