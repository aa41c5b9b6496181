"""The test door: stands in front of the machine doors, records what one partner does there, and lets the director interfere.

An ASGI application on a listener with client certificates. Whoever else comes here is refused by the gateway behind, as anywhere. What is
recorded holds no person data (`recording`). A signal about anybody who is on no card is turned away before the gateway sees it: this is no
place for real persons. Leaves what to interfere with to `plants`.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol
from urllib.parse import parse_qsl, urlencode

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api.protocol import BREAK, HANG_UP, peer
from gateway.conformance.observed import AFGEBROKEN, Uitwisseling
from gateway.conformance.recording import Cards, recorded
from schemas.problem import Problem

LISTS = frozenset({"/schuldeiser/v1/terugkoppelingen", "/schuldeiser/v1/saldoverzoeken", "/gemeente/v1/inbox/berichten"})
PAGE = 2
_LARGEST = 64 * 1024 * 1024


class Verzoek(NamedTuple):
    """One request, read to its end."""

    method: str
    path: str
    query: str
    body: bytes


class Antwoord(NamedTuple):
    """One answer; header names in lower case."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Ingreep(Protocol):
    """What the director does to one request, for one scenario. Each method may block: it runs beside the event loop."""

    naam: str
    scenario: str

    def vooraf(self, verzoek: Verzoek) -> Verzoek | Antwoord:
        """What the gateway gets, or what is answered without it."""
        ...

    def achteraf(self, verzoek: Verzoek, antwoord: Antwoord) -> Antwoord | None:
        """What the partner gets; None: the connection breaks off."""
        ...


Regie = Callable[[Verzoek, Uitwisseling], Ingreep | None]
"""Which interference there is for a request: asked beforehand with what is in it, and afterwards with what is in its answer."""


class Deur:
    """Records every request of the partner with one of `vingerafdrukken`."""

    def __init__(self, app: ASGIApp, vingerafdrukken: frozenset[bytes], cards: Cards, regie: Regie, seconds: Callable[[], float]) -> None:
        """`regie` is asked once before the gateway and, when it had nothing, once after it; `seconds` since the door opened."""
        self._app = app
        self._known = vingerafdrukken
        self._cards = cards
        self._regie = regie
        self._seconds = seconds
        self.seen: list[Uitwisseling] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not self._is_partner(scope):
            await self._app(scope, receive, send)
            return
        verzoek = Verzoek(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), await _read(receive))
        verzoek = _small_pages(verzoek)
        first = recorded(verzoek.method, verzoek.path, verzoek.query, verzoek.body, None, b"", self._cards)
        if any(not regel.kaart for regel in first.regels):
            await self._answer(scope, send, first, _stranger(), None)
            return
        ingreep = await asyncio.to_thread(self._regie, verzoek, first)
        begun = await asyncio.to_thread(ingreep.vooraf, verzoek) if ingreep else verzoek
        if isinstance(begun, Antwoord):
            await self._answer(scope, send, first, begun, ingreep)
            return
        given = await self._ask(scope, receive, begun)
        asked = (verzoek.method, verzoek.path, verzoek.query, verzoek.body)
        done = await asyncio.to_thread(recorded, *asked, given.status, given.body, self._cards)
        ingreep = ingreep or await asyncio.to_thread(self._regie, verzoek, done)
        changed = await asyncio.to_thread(ingreep.achteraf, verzoek, given) if ingreep else given
        await self._answer(scope, send, done, changed, ingreep)

    def _is_partner(self, scope: Scope) -> bool:
        return bool(scope.get("extensions", {}).get("seinhuis.tls")) and peer(scope).sha256 in self._known

    async def _ask(self, scope: Scope, receive: Receive, verzoek: Verzoek) -> Antwoord:
        """The gateway's own answer."""
        status, headers, parts = 0, (), []
        asked = iter([{"type": "http.request", "body": verzoek.body, "more_body": False}])

        async def again() -> Message:
            return next(asked, None) or await receive()

        async def taken(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], tuple(message.get("headers", ()))
            parts.append(message.get("body", b""))

        await self._app({**scope, "query_string": verzoek.query.encode("latin-1")}, again, taken)
        return Antwoord(status, headers, b"".join(parts))

    async def _answer(self, scope: Scope, send: Send, done: Uitwisseling, given: Antwoord | None, ingreep: Ingreep | None) -> None:
        """Record it, and give it; in that order, so that who has its answer finds it on record."""
        name, scenario = (ingreep.naam, ingreep.scenario) if ingreep else ("", "")
        gezien = given.status if given else AFGEBROKEN
        self.seen.append(done._replace(op=self._seconds(), gezien=gezien, ingreep=name, scenario=scenario))
        if given is None:
            scope["extensions"][HANG_UP][BREAK]()
            await asyncio.sleep(0)
            return
        headers = [*((k, v) for k, v in given.headers if k != b"content-length"), (b"content-length", b"%d" % len(given.body))]
        await send({"type": "http.response.start", "status": given.status, "headers": headers})
        await send({"type": "http.response.body", "body": given.body})


def _small_pages(verzoek: Verzoek) -> Verzoek:
    """Lists come two at a time, so that there is more than one page of everything."""
    if verzoek.method != "GET" or verzoek.path not in LISTS:
        return verzoek
    rest = [pair for pair in parse_qsl(verzoek.query, keep_blank_values=True) if pair[0] != "limiet"]
    return verzoek._replace(query=urlencode([*rest, ("limiet", str(PAGE))]))


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionAbortedError("hung up")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _LARGEST:
            raise ConnectionAbortedError("too large for a test")
        if not message.get("more_body"):
            return b"".join(parts)


def _stranger() -> Antwoord:
    detail = "Deze deur neemt alleen de testgevallen van de opdracht; stuur hier nooit gegevens van echte personen."
    return problem(400, "Geen testgeval", "GEEN_TESTGEVAL", detail)


def problem(status: int, title: str, code: str, detail: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> Antwoord:
    """A problem of our own."""
    body = msgspec.json.encode(Problem(status=status, title=title, detail=detail, code=code))
    return Antwoord(status, ((b"content-type", b"application/problem+json"), *headers), body)
