"""What a door makes of the outcomes of its flow, and what it hands over."""

import csv
import io
import json
from typing import Any
from uuid import UUID

import msgspec
import pytest

from gateway.api import examples
from gateway.api.body import cursor
from gateway.core.chain import Outcome, Sender
from gateway.core.errors import Conflict, Gone, Invalid, Unavailable
from gateway.signals.csvreport import as_csv
from schemas.ontvangst import Verslag, VerslagRegel
from tests.http.test_operations import assert_problem
from tests.http.world import KNOWN, LANDLORD, TOWN, World, finding

ROOT, TOWN_ROOT = "/schuldeiser/v1", "/gemeente/v1"
JSON = {"content-type": "application/json"}


def deliver(world: World, outcome: Outcome | None = None) -> Any:
    world.creditors.outcome = outcome or world.creditors.outcome
    return world.ask("POST", f"{ROOT}/signalen", content=msgspec.json.encode(examples.SIGNAAL), headers=JSON)


def test_first_delivery_is_201_and_a_repeated_one_the_same_receipt_with_200(world: World) -> None:
    first = deliver(world)
    again = deliver(world, msgspec.structs.replace(world.creditors.outcome, repeated=True))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert first.headers["location"] == again.headers["location"] == f"{ROOT}/signalen/{KNOWN}"
    assert "handtekening" in first.json()


def test_signal_is_handed_over_as_parsed_json_of_its_sender(world: World) -> None:
    response = deliver(world)
    (_, (sender, trace, value), _), *_ = world.creditors.calls
    assert sender == Sender(LANDLORD, LANDLORD)
    assert value == json.loads(msgspec.json.encode(examples.SIGNAAL))
    assert response.headers["traceparent"] == f"00-{trace.trace_id}-{trace.span_id}-01"


def test_refused_signal_is_400_with_every_finding_and_the_candidates(world: World) -> None:
    ambiguous = finding("POSTCODE_MEERDUIDIG", pointer="/adres/postcode", kandidaten=["0392", "0397"])
    findings = (finding("GEEN_HERINNERING", regel="VS-05"), ambiguous)
    problem = assert_problem(deliver(world, Outcome("geweigerd", findings, "HUUR-2026-000123")), 400)
    assert (problem.code, problem.kenmerk, problem.kandidaten) == ("SIGNAAL_GEWEIGERD", "HUUR-2026-000123", ["0392", "0397"])
    assert tuple(problem.errors or ()) == findings
    assert world.refusals.seen == []  # the flow wrote it down with its reasons


def test_quarantined_signal_is_400(world: World) -> None:
    problem = assert_problem(deliver(world, Outcome("in_quarantaine", (finding("POSTCODE_ONBEKEND"),), "K-1")), 400)
    assert (problem.code, problem.kandidaten) == ("SIGNAAL_IN_QUARANTAINE", None)


def test_same_kenmerk_with_other_content_is_409(world: World) -> None:
    problem = assert_problem(deliver(world, Outcome("geweigerd", (), "K-1", conflict=True)), 409)
    assert (problem.code, problem.kenmerk, problem.errors) == ("KENMERK_IN_GEBRUIK", "K-1", None)


def test_repeated_batch_is_200(world: World) -> None:
    content = msgspec.json.encode(examples.AANLEVERING_AANVRAAG)
    world.creditors.created = False
    assert world.ask("POST", f"{ROOT}/aanleveringen", content=content, headers=JSON).status_code == 200
    (_, (_, envelop, handed), _), *_ = world.creditors.calls
    assert handed == content
    assert isinstance(envelop.signalen[0], dict)  # still undecoded: a bad record harms no other


def test_bad_record_in_a_batch_does_not_stop_the_batch(world: World) -> None:
    body = {"kenmerk": "L-1", "signalen": [{"zomaar": 1}, 7]}
    assert world.ask("POST", f"{ROOT}/aanleveringen", json=body).status_code == 201


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Conflict("STAAT_LAAT_NIET_TOE", "Dat kan nu niet."), 409),
        (Gone("NIET_MEER_BESCHIKBAAR", "Dit bericht is vernietigd."), 410),
        (Invalid("VELD_VERPLICHT", "Dat ontbreekt.", errors=[finding("VELD_VERPLICHT")]), 400),
    ],
)
def test_refusal_of_a_flow_is_a_problem_and_on_record(world: World, error: Any, status: int) -> None:
    world.municipalities.error = error
    problem = assert_problem(world.ask("GET", f"{TOWN_ROOT}/inbox/berichten/{KNOWN}"), status)
    assert (problem.code, problem.detail) == (error.code, error.detail)
    assert world.refusals.seen == [(TOWN, TOWN, error.code, "leesBericht")]


def test_unavailable_flow_is_503_and_no_refusal(world: World) -> None:
    world.creditors.error = Unavailable("DATABASE_NIET_BEREIKBAAR", "Probeer het later opnieuw.", retry_after=5)
    response = deliver(world)
    assert_problem(response, 503)
    assert response.headers["retry-after"] == "5"
    assert (world.refusals.seen, world.bugs) == ([], [])


def test_page_of_deliveries_goes_on_where_its_cursor_says(world: World) -> None:
    page = world.ask("GET", f"{ROOT}/aanleveringen?limiet=1").json()
    assert page["volgende"] == cursor(KNOWN.bytes)
    world.ask("GET", f"{ROOT}/aanleveringen?limiet=1&cursor={page['volgende']}")
    assert [call[1] for call in world.creditors.calls] == [(LANDLORD, None, 1), (LANDLORD, KNOWN, 1)]


def test_page_of_the_inbox_goes_on_where_its_cursor_says(world: World) -> None:
    page = world.ask("GET", f"{TOWN_ROOT}/inbox/berichten").json()
    filters = {"soort": "vroegsignaal", "sector": "huur", "staat": "bezorgd", "werkbak": "crisis"}
    world.ask("GET", f"{TOWN_ROOT}/inbox/berichten", params={"cursor": page["volgende"], "limiet": "500", **filters})
    assert world.municipalities.calls[0][2] == {"after": 0, "limit": 100, "soort": None, "sector": None, "staat": None, "werkbak": None}
    assert world.municipalities.calls[1][2] == {"after": 17, "limit": 500, **filters}


@pytest.mark.parametrize("text", ["", "x", "AAAAAAAAABE=", "gAAAAAAAABE", "AAAAAAAAABF", "AAAAAAAAAAAAAAA", "..."])
def test_cursor_that_is_not_ours_is_400(world: World, text: str) -> None:
    assert_problem(world.ask("GET", f"{TOWN_ROOT}/inbox/berichten?cursor={text}"), 400)
    assert world.municipalities.calls == []


def test_largest_cursor_fits_the_database(world: World) -> None:
    assert world.ask("GET", f"{TOWN_ROOT}/inbox/berichten?cursor=f_________8").status_code == 200
    assert world.municipalities.calls[0][2]["after"] == 2**63 - 1


def test_head_of_a_message_discloses_nothing_and_get_does(world: World) -> None:
    path = f"{TOWN_ROOT}/inbox/berichten/{KNOWN}"
    head = world.ask("HEAD", path)
    assert (head.status_code, head.content, "content-length" in head.headers) == (200, b"", False)
    assert "persoonsgegevens" in world.ask("GET", path).json()
    assert [call[2]["disclose"] for call in world.municipalities.calls] == [False, True]


def test_coverage_is_of_today_unless_asked(world: World) -> None:
    world.ask("GET", f"{ROOT}/dekking")
    world.ask("GET", f"{ROOT}/dekking?peildatum=2026-12-01")
    assert [str(call[1][1]) for call in world.creditors.calls] == ["2026-11-20", "2026-12-01"]


def test_report_as_csv_has_a_line_per_record(world: World) -> None:
    response = world.ask("GET", f"{ROOT}/aanleveringen/{KNOWN}/verslag", headers={"accept": "text/csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["status"] for row in rows] == ["bezorgd", "geweigerd"]
    assert (rows[0]["ontvangenOp"], rows[1]["codes"]) == ("2026-11-20T09:30:00Z", "VELD_VERPLICHT")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t", "\r", "\n="])
def test_csv_cell_that_a_spreadsheet_would_calculate_is_text(start: str) -> None:
    line = VerslagRegel(volgnummer=0, status="geweigerd", bevindingen=[], kenmerk=f"{start}1+1")
    text = as_csv(Verslag(aanlevering=UUID(int=1), kenmerk="L", regels=[line]))
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["kenmerk"] == f"'{start}1+1"
