"""The operation table: what a door can do is declared once, and from it come the routes, 405 with `Allow`, and the OpenAPI document.

Authority: API Design Rules 2.2, /core/http-methods and /core/error-handling; architecture, "a signal, step by step", step 0.
The order of the checks is here and nowhere else: who, for whom, answer's form, body's form, query, id, body. A refusal of a
known party is written down before it is answered; when that fails nothing is answered but a 503.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api import body, nobsn
from gateway.api.caller import Caller, Gate
from gateway.api.edge import HEAD, TRACE, or_unavailable
from gateway.api.ports import Refusals
from gateway.api.problem import MethodNotAllowed
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import SeinhuisError, Unauthenticated
from gateway.partners.register import Deelnemer
from schemas import strict
from schemas.types import Wire

P = TypeVar("P")
KIB = 1024


class Geen(Wire, frozen=True, kw_only=True):
    """A query without parameters."""


class Ingang(Wire, frozen=True, kw_only=True):
    """The root of an API."""

    naam: str
    versie: str
    beschrijving: str


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler gets. `day` is today in the Netherlands; `body` is what `read` made of `content`; `head` asks for headers only."""

    caller: Caller
    sender: Sender
    trace: Trace
    day: date
    query: Any
    id: UUID | None
    media: str
    head: bool
    content: bytes = b""
    body: Any = None

    day_text: str | None = None

    @property
    def peildatum(self) -> date:
        """The day in the path, for operations that have one. Raises NotFound when it is none: no such list can exist."""
        return body.path_day(self.day_text or "")

    @property
    def key(self) -> UUID:
        """The id in the path, for operations that have one."""
        return cast(UUID, self.id)


def ok(value: object, status: int = 200, **headers: str) -> Response:
    """An answer in JSON, encoded once."""
    return Response(msgspec.json.encode(value), status, headers, body.JSON)


Handler = Callable[[P, Call], Response | Awaitable[Response]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Operation(Generic[P]):
    """One operation. `request` is a wire type or a union of them. `answers` are its successes; `errors` the statuses it adds to those that
    every operation can give.

    `read` decodes the body and is `strict.parse` of `request` unless a hot path decodes less. `example` and `request_example`
    stand in the document and validate. `activity` is the flow (AVG art. 30) that it belongs to; start fails when the purpose register
    has none; `also` names more, where the activity follows from the request. `rol` is for an operation that another role than the door's
    may use: then nobody else may. `numbers`: no text of the body may hold a citizen's number; False where the flow has rules of its own.
    `schaduw`: participants in shadow may use it too.
    """

    method: str
    path: str
    id: str
    tag: str
    activity: str
    summary: str
    description: str
    handler: Handler[P]
    answers: Mapping[int, Any]
    example: Any
    request: Any = None
    request_example: Any = None
    read: Callable[[bytes], Any] | None = None
    query: type[Wire] = Geen
    errors: tuple[int, ...] = ()
    media: tuple[str, ...] = (body.JSON,)
    limit: int = 64 * KIB
    rol: str | None = None
    also: tuple[str, ...] = ()
    numbers: bool = True
    schaduw: bool = False

    @property
    def decode(self) -> Callable[[bytes], Any]:
        """From the body to `Call.body`."""
        return self.read or partial(strict.parse, kind=self.request)


@dataclass(frozen=True, kw_only=True, eq=False)
class Api(Generic[P]):
    """One door: its address, the role that opens it, and everything it can do."""

    name: str
    title: str
    description: str
    rol: str
    operations: Sequence[Operation[P]]

    @property
    def base(self) -> str:
        """The base path, with the major version."""
        return f"/{self.name}/v1"


@dataclass(frozen=True, kw_only=True)
class House(Generic[P]):
    """What stands behind a door. `strangers` hears the code of a refusal of somebody unknown, who has no place in the log."""

    port: P
    gate: Gate
    refusals: Refusals
    strangers: Callable[[str], None]
    body_seconds: float = 30.0


class Resource:
    """One path: the ASGI application per method, and 405 with the complete `Allow` for all others."""

    def __init__(self, methods: Mapping[str, ASGIApp]) -> None:
        self._methods = methods
        self._allow = ", ".join(sorted({*methods, "HEAD"} if "GET" in methods else methods))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or raise MethodNotAllowed."""
        app = self._methods.get(scope["method"])
        if app is None:
            raise MethodNotAllowed(self._allow)
        await app(scope, receive, send)


class Endpoint(Generic[P]):
    """One operation as an ASGI application."""

    def __init__(self, rol: str, operation: Operation[P], house: House[P]) -> None:
        self._rol = rol
        self._operation = operation
        self._house = house
        self._async = inspect.iscoroutinefunction(operation.handler)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check in order, handle, answer; a refusal goes on record first."""
        gate = self._house.gate
        register = gate.snapshot()
        try:
            party = gate.party(scope, register)
        except Unauthenticated as error:
            self._house.strangers(error.code)
            raise
        principal: Deelnemer | None = None
        try:
            headers = Headers(scope=scope)
            principal = gate.principal(headers, register, party, self._rol, schaduw=self._operation.schaduw)
            call = self._call(scope, headers, Caller(party, principal))
            content = b""
            if self._operation.request is not None:
                content = await body.read(receive, headers, self._operation.limit, self._house.body_seconds)
            response = await self._run(call, content)
        except (SeinhuisError, strict.Refused) as error:
            await self._record(party, principal, scope[TRACE], error)
            raise
        await response(scope, receive, send)

    def _call(self, scope: Scope, headers: Headers, caller: Caller) -> Call:
        operation = self._operation
        media = body.choose(", ".join(headers.getlist("accept")), operation.media)
        if operation.request is not None:
            body.require_json(headers)
        text = scope["path_params"].get("id")
        return Call(
            caller=caller,
            sender=Sender(caller.party.oin, caller.principal.oin),
            trace=scope[TRACE],
            day=dutch_day(self._house.gate.clock.now()),
            query=body.query(scope["query_string"], operation.query),
            id=None if text is None else body.path_id(text),
            media=media,
            head=scope[HEAD],
            day_text=scope["path_params"].get("peildatum"),
        )

    async def _run(self, call: Call, content: bytes) -> Response:
        if self._async:
            return await cast(Awaitable[Response], self._handle(call, content))
        return cast(Response, await run_in_threadpool(self._handle, call, content))

    def _handle(self, call: Call, content: bytes) -> Response | Awaitable[Response]:
        if self._operation.request is not None:
            call = replace(call, content=content, body=self._operation.decode(content))
            if self._operation.numbers:
                nobsn.require(call.body, call.caller.principal.nummerformaten)
        return self._operation.handler(self._house.port, call)

    async def _record(self, party: Deelnemer, principal: Deelnemer | None, trace: Trace, error: SeinhuisError | strict.Refused) -> None:
        if isinstance(error, SeinhuisError) and error.status >= 500:
            return
        code = error.code if isinstance(error, SeinhuisError) else "INVOER_ONGELDIG"
        oin = principal.oin if principal else None
        await or_unavailable(run_in_threadpool(self._house.refusals.log_refusal, party.oin, oin, trace, code, self._operation.id))


def routes(api: Api[P], house: House[P]) -> list[Route]:
    """The routes of a door, literal paths before paths with an id; the root answers with and without a slash."""
    paths: dict[str, dict[str, ASGIApp]] = {}
    for operation in api.operations:
        paths.setdefault(operation.path, {})[operation.method] = Endpoint(operation.rol or api.rol, operation, house)
    found = []
    for path in sorted(paths, key=lambda path: path.replace("{", "\x7f")):
        resource = Resource(paths[path])
        found.append(Route(api.base + path, resource))
        if path == "/":
            found.append(Route(api.base, resource))
    return found
