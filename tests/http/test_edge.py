"""What every answer has, and what a request may look like."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from gateway.api.body import choose, cursor, cursor_bytes
from gateway.api.edge import Edge
from gateway.api.problem import Unacceptable
from tests.http.test_operations import assert_dressed, assert_problem
from tests.http.world import LANDLORD, Connected, World, certificate, send

ROOT = "/schuldeiser/v1"
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("path", ["/", "/schuldeiser", "/schuldeiser/v2/dekking", "/health", "/metrics", f"{ROOT}/x/y", "/docs"])
def test_unknown_path_is_404(world: World, path: str) -> None:
    assert_problem(world.ask("GET", path), 404)


@pytest.mark.parametrize("path", [ROOT, f"{ROOT}/"])
def test_root_answers_with_and_without_slash(world: World, path: str) -> None:
    assert world.ask("GET", path).json()["beschrijving"] == f"{ROOT}/openapi.json"


def test_trace_and_transaction_come_back(world: World) -> None:
    trace, transaction = "4bf92f3577b34da6a3ce929d0e0e4736", "019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "Fsc-Transaction-Id": transaction}
    response = world.ask("GET", ROOT, headers=headers)
    assert response.headers["traceparent"].split("-")[1] == trace
    assert response.headers["traceparent"].split("-")[2] != "00f067aa0ba902b7"
    assert response.headers["fsc-transaction-id"] == transaction


@pytest.mark.parametrize("given", ["", "00-xyz", f"00-{'0' * 32}-{'1' * 16}-01", f"ff-{'1' * 32}-{'1' * 16}-01", "00-" + "1" * 90])
def test_bad_traceparent_starts_a_new_trace(world: World, given: str) -> None:
    made = world.ask("GET", ROOT, headers={"traceparent": given}).headers["traceparent"].split("-")
    assert (len(made[1]), made[1] in given) == (32, False)


@pytest.mark.parametrize("given", ["", "x", "019aa2b4-7c1e-4b52-9d3f-0c5e8a6b1f20"])
def test_transaction_that_is_no_uuid7_is_400(world: World, given: str) -> None:
    response = world.ask("GET", ROOT, headers={"Fsc-Transaction-Id": given})
    assert assert_problem(response, 400).code == "TRANSACTIE_ID_ONGELDIG"
    assert UUID(response.headers["fsc-transaction-id"]).version == 7


def test_body_over_the_limit_is_413(world: World) -> None:
    response = world.ask("POST", f"{ROOT}/signalen", content=b" " * 65_537, headers=JSON)
    assert_problem(response, 413)
    assert response.headers["connection"] == "close"
    assert world.creditors.calls == []


def test_body_over_the_limit_without_length_is_413(world: World) -> None:
    async def endless() -> Any:
        while True:
            yield b" " * 10_000

    assert_problem(world.ask("POST", f"{ROOT}/signalen", content=endless(), headers=JSON), 413)


def test_body_that_takes_too_long_is_408(world: World) -> None:
    world.body_seconds = 0.05

    async def slow() -> Any:
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    response = world.ask("POST", f"{ROOT}/signalen", content=slow(), headers=JSON)
    assert_problem(response, 408)
    assert response.headers["connection"] == "close"


def test_compressed_body_is_415(world: World) -> None:
    assert_problem(world.ask("POST", f"{ROOT}/signalen", content=b"{}", headers={**JSON, "content-encoding": "gzip"}), 415)


@pytest.mark.parametrize("media", ["application/json", "Application/JSON", 'application/json; charset="UTF-8"'])
def test_json_in_utf8_is_taken_however_it_is_written(world: World, media: str) -> None:
    assert world.ask("POST", f"{ROOT}/signalen", content=b"{}", headers={"content-type": media}).status_code == 201


@pytest.mark.parametrize("raw", [b"", b"{", b'{"a": NaN}', b"\xff", b'"\\ud800"', b"[" * 30_000])
def test_what_is_no_json_is_400(world: World, raw: bytes) -> None:
    assert_problem(world.ask("POST", f"{ROOT}/signalen", content=raw, headers=JSON), 400)
    assert world.creditors.calls == []


@pytest.mark.parametrize("query", ["limiet=0", "limiet=501", "limiet=x", "limiet=01", "limiet=1.0", "limiet=", "limiet=1&limiet=2", "%ff="])
def test_bad_query_is_400(world: World, query: str) -> None:
    assert_problem(world.ask("GET", f"{ROOT}/aanleveringen?{query}"), 400)


def test_client_that_hangs_up_gets_nothing_and_is_no_bug(world: World) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def note(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    scope: Scope = {"type": "http", "method": "POST", "path": f"{ROOT}/signalen", "query_string": b"", "headers": headers}
    asyncio.run(Connected(world.app, certificate(LANDLORD))(scope, receive, note))
    assert (sent, world.bugs, world.refusals.seen) == ([], [], [])


def test_answer_that_breaks_off_is_not_completed(world: World) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise KeyError("x")

    async def drop(message: Message) -> None:
        return

    async def receive() -> Message:
        return {"type": "http.request"}

    edge = Edge(app, world.report)
    with pytest.raises(ConnectionAbortedError):
        asyncio.run(edge({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, drop))
    assert [kind for kind, _ in world.bugs] == ["KeyError"]


def test_positive_control_an_application_without_edge_has_no_headers(world: World) -> None:
    async def bare(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with pytest.raises(KeyError):
        assert_dressed(send(bare, "GET", "/"))
    assert_dressed(send(Edge(bare, world.report), "GET", "/"))


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "a/x"),
        ("*/*", "a/x"),
        ("b/y", "b/y"),
        ("a/*;q=0.1, b/*", "b/y"),
        ("a/x;q=0, */*", "b/y"),
        ("A/X ; Q=0.5", "a/x"),
        ("b/y;q=0.9, a/x;q=0.9", "a/x"),
        ("a/z", None),
        ("*/*;q=0", None),
        ("a/x;q=2", None),
        (",,", None),
    ],
)
def test_choose_follows_the_accept_header(accept: str, chosen: str | None) -> None:
    if chosen is None:
        with pytest.raises(Unacceptable):
            choose(accept, ("a/x", "b/y"))
    else:
        assert choose(accept, ("a/x", "b/y")) == chosen


@given(st.binary(min_size=1, max_size=32))
def test_cursor_comes_back(raw: bytes) -> None:
    assert cursor_bytes(cursor(raw)) == raw
