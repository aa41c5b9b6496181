"""The outermost layer: what every answer has, whatever made it, also a 404, a 405 and a 500.

Authority: API Design Rules 2.2 (/core/http-methods: HEAD for every GET; /core/version-header; /core/transport/security-headers),
W3C Trace Context, FSC Logging (`Fsc-Transaction-Id` is a UUIDv7; an invalid one is a 400). It is also the last resort: an
exception that is not ours becomes a 500 that says nothing, and is reported by type and place only.
"""

import re
import secrets
from collections.abc import Awaitable
from types import TracebackType

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api import problem
from gateway.api.body import HungUp
from gateway.api.ports import Report
from gateway.core import ids
from gateway.core.chain import Trace
from gateway.core.errors import Invalid, NotFound, SeinhuisError, Unavailable
from schemas.strict import Refused

VERSION = "1.0.0"
TRACE = "seinhuis.trace"
HEAD = "seinhuis.head"
FIXED = {
    "API-Version": VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
_UUID7 = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}")


class Edge:
    """Wraps an ASGI application. `report` hears of bugs."""

    def __init__(self, app: ASGIApp, report: Report) -> None:
        self._app = app
        self._report = report

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything but HTTP goes straight through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        head = scope["method"] == "HEAD"
        trace = Trace(_trace_id(headers), secrets.token_hex(8))
        answer = _Answer(send, head, trace)
        scope = {**scope, "method": "GET" if head else scope["method"], HEAD: head, TRACE: trace}
        try:
            answer.transaction = _transaction(headers)
            await self._app(scope, receive, answer)
        except HungUp:
            return
        except Exception as error:  # noqa: BLE001 - the one place that catches everything
            self._tell(error, trace)
            if answer.started:
                raise ConnectionAbortedError("answer broke off") from None
            await problem.of(error)(scope, receive, answer)

    def _tell(self, error: Exception, trace: Trace) -> None:
        if isinstance(error, Refused) or (isinstance(error, SeinhuisError) and error.status < 500):
            return
        bug = error.__cause__ or error
        if not isinstance(bug, SeinhuisError):
            self._report(type(bug).__name__, _where(bug.__traceback__), trace.trace_id)


class _Answer:
    """The `send` of one request: adds the headers that every answer has and keeps the body of a HEAD back."""

    def __init__(self, send: Send, head: bool, trace: Trace) -> None:
        self.started = False
        self.transaction = ""
        self._send = send
        self._head = head
        self._trace = trace

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in FIXED.items():
                headers.setdefault(name, value)  # a page may have a stricter policy of its own
            headers["traceparent"] = f"00-{self._trace.trace_id}-{self._trace.span_id}-01"
            headers["Fsc-Transaction-Id"] = self.transaction or str(ids.new())
            if self._head:
                del headers["content-length"]  # a GET may show more, and then it would be wrong
        elif self._head:
            message = {**message, "body": b""}
        await self._send(message)


async def or_unavailable(record: Awaitable[None]) -> None:
    """Wait until a refusal is on record; whatever goes wrong there is a 503: what cannot be written is not answered."""
    try:
        await record
    except Exception as failure:
        raise Unavailable("LOGBOEK_NIET_BEREIKBAAR", "Het logboek is niet bereikbaar; probeer het straks weer.", retry_after=5) from failure


async def nothing_here(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """For every path that is not served, with a trailing slash or not: the same 404 as for a thing that is not yours."""
    raise NotFound


def _trace_id(headers: Headers) -> str:
    given = headers.getlist("traceparent")
    match = _TRACEPARENT.fullmatch(given[0]) if len(given) == 1 else None
    return match[1] if match else secrets.token_hex(16)


def _transaction(headers: Headers) -> str:
    given = headers.getlist("fsc-transaction-id")
    if not given:
        return str(ids.new())
    if len(given) > 1 or not _UUID7.fullmatch(given[0]):
        raise Invalid("TRANSACTIE_ID_ONGELDIG", "De header Fsc-Transaction-Id moet precies één UUIDv7 zijn, of weggelaten worden.")
    return given[0]


def _where(traceback: TracebackType | None) -> str:
    """The innermost place in our own code, as module:line."""
    place = "?"
    while traceback is not None:
        module = traceback.tb_frame.f_globals.get("__name__", "?")
        if module.split(".")[0] in ("gateway", "schemas", "adapters"):
            place = f"{module}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
