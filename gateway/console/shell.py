"""The outermost layer of the console: the headers that every answer has, and an error as a page that says what to do.

An error that is not ours becomes a page that says nothing, and is reported by type and place only. Authority: ASVS 5.0 3.4 and 16.5.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.console import guard
from gateway.console.forms import HungUp
from gateway.console.render import Pages
from gateway.core.chain import Trace
from gateway.core.errors import NotFound, SeinhuisError
from schemas.strict import Refused

TRACE = "seinhuis.trace"
Report = Callable[[str, str, str], None]


class MethodNotAllowed(SeinhuisError):
    """The page exists, the method does not; `allow` is the complete list."""

    status, title = 405, "Kan niet op deze pagina"

    def __init__(self, allow: str) -> None:
        super().__init__("METHODE_NIET_TOEGESTAAN", "Dit kan niet op deze pagina. Begin opnieuw op de beginpagina.")
        self.allow = allow


class ByMethod:
    """The application of one path: one per method, and 405 with the complete `Allow` for all others."""

    def __init__(self, methods: Mapping[str, ASGIApp]) -> None:
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or raise MethodNotAllowed."""
        app = self._methods.get(scope["method"])
        if app is None:
            raise MethodNotAllowed(", ".join(sorted(self._methods)))
        await app(scope, receive, send)


async def nothing_here(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """For every path that is not served."""
    raise NotFound


class Shell:
    """Wraps the pages. `host` is the only one that is answered to; `report` hears of bugs: kind, place, trace."""

    def __init__(self, app: ASGIApp, pages: Pages, host: str, report: Report) -> None:
        self._app = app
        self._pages = pages
        self._host = host
        self._report = report

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; the console speaks HTTP only."""
        if scope["type"] != "http":
            return
        trace = Trace(secrets.token_hex(16), secrets.token_hex(8))
        answer = _Answer(send)
        try:
            headers = Headers(scope=scope)
            guard.require_host(headers, self._host)
            guard.require_visit(headers)
            await self._app({**scope, TRACE: trace}, receive, answer)
        except HungUp:
            return
        except Exception as error:  # noqa: BLE001 - the edge of the console: whatever escapes becomes a page that says nothing
            self._tell(error, trace)
            if answer.started:
                raise ConnectionAbortedError("answer broke off") from None
            await self._page(error, trace)(scope, receive, answer)

    def _page(self, error: Exception, trace: Trace) -> Response:
        status, title, detail, code = 500, "Er ging iets mis", "Er ging iets mis. Probeer het later opnieuw.", "INTERNE_FOUT"
        if isinstance(error, Refused):
            status, title, detail, code = 400, "Ongeldige invoer", error.fouten[0].melding, error.fouten[0].code
        elif isinstance(error, SeinhuisError):
            status, title, detail, code = error.status, error.title, error.detail, error.code
        context = {"titel": title, "uitleg": detail, "code": code, "spoor": trace.trace_id}
        page = self._pages.page("fout.html", context, status)
        if isinstance(error, MethodNotAllowed):
            page.headers["Allow"] = error.allow
        return page

    def _tell(self, error: Exception, trace: Trace) -> None:
        if isinstance(error, Refused) or (isinstance(error, SeinhuisError) and error.status < 500):
            return
        bug = error.__cause__ or error
        if not isinstance(bug, SeinhuisError):
            self._report(type(bug).__name__, _where(bug.__traceback__), trace.trace_id)


class _Answer:
    """The `send` of one request: adds the headers that every answer has."""

    def __init__(self, send: Callable[[Message], Awaitable[None]]) -> None:
        self.started = False
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in guard.FIXED.items():
                headers.setdefault(name, value)  # a style sheet may be kept
        await self._send(message)


def _where(traceback: TracebackType | None) -> str:
    """The innermost place in our own code, as module:line."""
    place = "?"
    while traceback is not None:
        module = traceback.tb_frame.f_globals.get("__name__", "?")
        if module.split(".")[0] in ("gateway", "schemas", "adapters"):
            place = f"{module}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
