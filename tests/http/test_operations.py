"""Every operation of both doors: the whole list, and for each one its success, its refusals, its headers and its limits."""

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest

from gateway.api import creditor, municipality
from gateway.api.edge import FIXED
from gateway.api.operation import Api, Operation
from schemas.problem import Problem
from tests.http.world import KNOWN, STRANGE, World

ALL = [(api, o) for api in (creditor.API, municipality.API) for o in api.operations]
EACH = pytest.mark.parametrize(("api", "op"), ALL, ids=[f"{o.method} {a.name}{o.path}" for a, o in ALL])
LIST = """
GET /schuldeiser/v1/ schuldeiser
POST /schuldeiser/v1/signalen schuldeiser
GET /schuldeiser/v1/signalen/{id} schuldeiser
POST /schuldeiser/v1/signalen/{id}/intrekking schuldeiser
POST /schuldeiser/v1/aanleveringen schuldeiser
POST /schuldeiser/v1/aanleveringen/_valideer schuldeiser
GET /schuldeiser/v1/aanleveringen schuldeiser
GET /schuldeiser/v1/aanleveringen/{id} schuldeiser
GET /schuldeiser/v1/aanleveringen/{id}/verslag schuldeiser
GET /schuldeiser/v1/dekking schuldeiser
GET /schuldeiser/v1/sleutels schuldeiser
GET /schuldeiser/v1/inspanningsverslag schuldeiser
PUT /schuldeiser/v1/standen/{peildatum} schuldeiser
GET /schuldeiser/v1/signalen/{id}/bewijs schuldeiser
GET /schuldeiser/v1/kwaliteit schuldeiser
GET /schuldeiser/v1/terugkoppelingen schuldeiser
GET /schuldeiser/v1/saldoverzoeken schuldeiser
GET /schuldeiser/v1/saldoverzoeken/{id} schuldeiser
POST /schuldeiser/v1/saldoverzoeken/{id}/antwoord schuldeiser
GET /schuldeiser/v1/kennisgevingen schuldeiser
GET /schuldeiser/v1/kennisgevingen/{id} schuldeiser
POST /schuldeiser/v1/kennisgevingen/{id}/antwoord schuldeiser
GET /schuldeiser/v1/afkoelingsperioden schuldeiser
GET /schuldeiser/v1/afkoelingsperioden/{id} schuldeiser
POST /schuldeiser/v1/afkoelingsperioden/{id}/antwoord schuldeiser
GET /schuldeiser/v1/betaalvoorstellen schuldeiser
GET /schuldeiser/v1/betaalvoorstellen/{id} schuldeiser
POST /schuldeiser/v1/betaalvoorstellen/{id}/antwoord schuldeiser
GET /schuldeiser/v1/log/controlepunt schuldeiser
GET /schuldeiser/v1/log/blad schuldeiser
GET /gemeente/v1/ gemeente
GET /gemeente/v1/inbox/berichten gemeente
GET /gemeente/v1/inbox/berichten/{id} gemeente
POST /gemeente/v1/inbox/claims gemeente
PUT /gemeente/v1/inbox/claims/{id} gemeente
DELETE /gemeente/v1/inbox/claims/{id} gemeente
POST /gemeente/v1/inbox/claims/{id}/_bevestig gemeente
PUT /gemeente/v1/inbox/berichten/{id}/bevestiging gemeente
POST /gemeente/v1/inbox/berichten/{id}/afwijzing gemeente
GET /gemeente/v1/meldingen gemeente
GET /gemeente/v1/meldingen/{id} gemeente
GET /gemeente/v1/instellingen/ritme gemeente
PUT /gemeente/v1/instellingen/ritme gemeente
POST /gemeente/v1/historie gemeente
GET /gemeente/v1/instellingen/bezwaren gemeente
POST /gemeente/v1/instellingen/bezwaren gemeente
DELETE /gemeente/v1/instellingen/bezwaren/{id} gemeente
POST /gemeente/v1/zaken gemeente
GET /gemeente/v1/zaken gemeente
GET /gemeente/v1/zaken/{id} gemeente
POST /gemeente/v1/zaken/{id}/contactpogingen gemeente
PUT /gemeente/v1/zaken/{id}/resultaat gemeente
PUT /gemeente/v1/zaken/{id}/contactgegevens gemeente
GET /gemeente/v1/zaken/{id}/contactgegevens gemeente
GET /gemeente/v1/bereik gemeente
POST /gemeente/v1/terugkoppelingen gemeente
POST /gemeente/v1/terugkoppelingen/_voorbeeld gemeente
GET /gemeente/v1/instellingen/terugkoppeling gemeente
PUT /gemeente/v1/instellingen/terugkoppeling gemeente
GET /gemeente/v1/instellingen/drempels gemeente
PUT /gemeente/v1/instellingen/drempels gemeente
GET /gemeente/v1/instellingen/velden gemeente
PUT /gemeente/v1/instellingen/velden gemeente
GET /gemeente/v1/instellingen/werkbakken gemeente
PUT /gemeente/v1/instellingen/werkbakken gemeente
GET /gemeente/v1/instellingen/opvolgpartners gemeente
PUT /gemeente/v1/instellingen/opvolgpartners gemeente
GET /gemeente/v1/instellingen/termijnen gemeente
PUT /gemeente/v1/instellingen/termijnen gemeente
GET /gemeente/v1/instellingen/inhaalslag gemeente
PUT /gemeente/v1/instellingen/inhaalslag gemeente
POST /gemeente/v1/instellingen/werkbakken/_proef gemeente
PUT /gemeente/v1/inbox/berichten/{id}/bedreigend gemeente
PUT /gemeente/v1/inbox/berichten/{id}/mijlpalen gemeente
GET /gemeente/v1/termijnen gemeente
POST /gemeente/v1/inbox/berichten/{id}/delingen gemeente
GET /gemeente/v1/opvolging/berichten gemeente
POST /gemeente/v1/opvolging/claims gemeente
DELETE /gemeente/v1/opvolging/claims/{id} gemeente
PUT /gemeente/v1/opvolging/claims/{id}/afronding gemeente
GET /gemeente/v1/gemeentesleutels gemeente
POST /gemeente/v1/inbox/berichten/{id}/doorzending gemeente
POST /gemeente/v1/meldingen/_brievenbestand gemeente
GET /gemeente/v1/instellingen/teksten gemeente
PUT /gemeente/v1/instellingen/teksten gemeente
GET /gemeente/v1/instellingen/statistiek gemeente
PUT /gemeente/v1/instellingen/statistiek gemeente
POST /gemeente/v1/schuldenoverzichten gemeente
GET /gemeente/v1/schuldenoverzichten gemeente
GET /gemeente/v1/schuldenoverzichten/{id} gemeente
POST /gemeente/v1/schuldenoverzichten/{id}/intrekking gemeente
POST /gemeente/v1/kennisgevingen gemeente
GET /gemeente/v1/kennisgevingen gemeente
GET /gemeente/v1/kennisgevingen/{id} gemeente
POST /gemeente/v1/kennisgevingen/{id}/intrekking gemeente
POST /gemeente/v1/afkoelingsperioden gemeente
GET /gemeente/v1/afkoelingsperioden gemeente
GET /gemeente/v1/afkoelingsperioden/{id} gemeente
POST /gemeente/v1/afkoelingsperioden/{id}/intrekking gemeente
POST /gemeente/v1/betaalvoorstellen gemeente
GET /gemeente/v1/betaalvoorstellen gemeente
GET /gemeente/v1/betaalvoorstellen/{id} gemeente
POST /gemeente/v1/betaalvoorstellen/{id}/intrekking gemeente
GET /gemeente/v1/partijen/{id}/bewijs gemeente
GET /gemeente/v1/schuldenoverzichten/{id}/overzicht gemeente
GET /gemeente/v1/schuldenoverzichten/{id}/uittreksel gemeente
GET /gemeente/v1/log/controlepunt gemeente
GET /gemeente/v1/log/blad gemeente
"""


def path(api: Api[Any], op: Operation[Any], id: UUID | str = KNOWN) -> str:
    return api.base + op.path.replace("{id}", str(id)).replace("{peildatum}", "2026-11-20")


def content(op: Operation[Any]) -> dict[str, Any]:
    if op.request is None:
        return {}
    return {"content": msgspec.json.encode(op.request_example), "headers": {"content-type": "application/json"}}


def assert_dressed(response: Any) -> None:
    for name, value in FIXED.items():
        assert response.headers[name] == value
    assert response.headers["traceparent"]
    assert UUID(response.headers["Fsc-Transaction-Id"]).version == 7
    assert "Access-Control-Allow-Origin" not in response.headers


def assert_problem(response: Any, status: int) -> Problem:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert_dressed(response)
    problem = msgspec.json.decode(response.content, type=Problem)
    assert (problem.status, bool(problem.title), bool(problem.detail), bool(problem.code)) == (status, True, True, True)
    return problem


def test_table_is_the_whole_list() -> None:
    assert [f"{o.method} {a.base}{o.path} {a.rol}" for a, o in ALL] == LIST.split("\n")[1:-1]


@EACH
def test_operation_succeeds_with_its_declared_type(world: World, api: Api[Any], op: Operation[Any]) -> None:
    response = world.ask(op.method, path(api, op), **content(op))
    assert response.status_code == max(op.answers), response.text
    assert_dressed(response)
    assert response.headers["content-type"] == "application/json"
    msgspec.json.decode(response.content, type=op.answers[response.status_code])
    assert ("location" in response.headers) == (response.status_code == 201)
    assert world.refusals.seen == []


@EACH
def test_trailing_slash_is_404(world: World, api: Api[Any], op: Operation[Any]) -> None:
    if op.path != "/":
        assert_problem(world.ask(op.method, path(api, op) + "/", **content(op)), 404)


@EACH
def test_other_method_is_405_with_complete_allow(world: World, api: Api[Any], op: Operation[Any]) -> None:
    methods = {o.method for a, o in ALL if a is api and o.path == op.path}
    allow = sorted(methods | ({"HEAD"} if "GET" in methods else set()))
    for method in ("PATCH", "OPTIONS", "TRACE", "VERZIN"):
        response = world.ask(method, path(api, op))
        assert_problem(response, 405)
        assert response.headers["allow"] == ", ".join(allow)


@EACH
def test_accept_that_excludes_the_answer_is_406(world: World, api: Api[Any], op: Operation[Any]) -> None:
    request = content(op)
    headers = {**request.pop("headers", {}), "accept": "image/png, application/json;q=0"}
    assert_problem(world.ask(op.method, path(api, op), headers=headers, **request), 406)


@EACH
@pytest.mark.parametrize("media", [None, "text/plain", "application/json; charset=latin1", "application/json; versie=2"])
def test_body_of_another_kind_is_415(world: World, api: Api[Any], op: Operation[Any], media: str | None) -> None:
    if op.request is not None:
        headers = {"content-type": media} if media else {}
        response = world.ask(op.method, path(api, op), content=b"{}", headers=headers)
        assert_problem(response, 415)


@EACH
def test_bug_is_a_500_that_says_nothing(world: World, api: Api[Any], op: Operation[Any]) -> None:
    if op.path == "/":
        return
    world.creditors.error = world.municipalities.error = ZeroDivisionError("Jansen 999912345")
    response = world.ask(op.method, path(api, op), **content(op))
    problem = assert_problem(response, 500)
    assert problem.detail == "Er ging iets mis. Probeer het later opnieuw."
    assert [kind for kind, _ in world.bugs] == ["ZeroDivisionError"]
    assert "Jansen" not in response.text + str(world.bugs)
    assert world.bugs[0][1].startswith("gateway.api.")


@EACH
def test_unknown_query_keys_are_400_all_at_once(world: World, api: Api[Any], op: Operation[Any]) -> None:
    problem = assert_problem(world.ask(op.method, path(api, op) + "?zomaar=geheimpje&nogiets=1&nogiets=2", **content(op)), 400)
    found = {(e.pointer, e.code) for e in problem.errors or ()}
    assert {("/zomaar", "VELD_NIET_TOEGESTAAN"), ("/nogiets", "VELD_NIET_TOEGESTAAN"), ("/nogiets", "VELD_DUBBEL")} <= found


@EACH
def test_malformed_and_unknown_ids_get_the_same_404(world: World, api: Api[Any], op: Operation[Any]) -> None:
    if "{id}" in op.path:
        answers = [world.ask(op.method, path(api, op, id), **content(op)) for id in (STRANGE, "1", "geen-uuid", KNOWN.hex, f"{{{KNOWN}}}")]
        for answer in answers:
            assert_problem(answer, 404)
        assert len({answer.content for answer in answers}) == 1
        assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1


@EACH
def test_head_is_get_without_body(world: World, api: Api[Any], op: Operation[Any]) -> None:
    if op.method == "GET":
        response = world.ask("HEAD", path(api, op))
        assert (response.status_code, response.content) == (200, b"")
        assert_dressed(response)


@EACH
def test_refusal_is_on_record_before_the_answer(world: World, api: Api[Any], op: Operation[Any]) -> None:
    world.ask(op.method, path(api, op) + "?zomaar=1", **content(op))
    assert [(code, operation) for _, _, code, operation in world.refusals.seen] == [("QUERY_ONGELDIG", op.id)]


@EACH
def test_refusal_that_cannot_be_recorded_is_503(world: World, api: Api[Any], op: Operation[Any]) -> None:
    world.refusals.broken = OSError("disk")
    response = world.ask(op.method, path(api, op) + "?zomaar=1", **content(op))
    assert_problem(response, 503)
    assert response.headers["retry-after"] == "5"
    assert world.bugs[0][0] == "OSError"


@EACH
def test_every_error_of_a_body_is_named_and_no_value_returned(world: World, api: Api[Any], op: Operation[Any]) -> None:
    if op.request is None or op.id == "leverSignaal":  # that one hands its errors to the flow
        return
    example = json.loads(msgspec.json.encode(op.request_example))
    bad: dict[str, Any] = {name: {"geheimpje": 1} if isinstance(value, list) else [["geheimpje"]] for name, value in example.items()}
    bad["verzonnen"] = "geheimpje"
    if op.id.startswith("beantwoord"):  # without its tag nothing is known of the rest
        bad["soort"] = example["soort"]
    problem = assert_problem(world.ask(op.method, path(api, op), json=bad), 400)
    named = {(e.pointer or "/").split("/")[1] for e in problem.errors or ()}
    assert named >= {name for name, value in bad.items() if value != example.get(name)}
    assert "geheimpje" not in str(problem)
