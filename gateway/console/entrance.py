"""The entrance: the first page, the way to the login service and back, another role, and out.

Nothing is kept of who only began to log in: state, nonce and verifier come from a token in his cookie (`tokens`). One is never sent to an
address that came from outside. Authority: OpenID Connect Core 3.1, RFC 9700. Leaves the checks of the answer to `signon`.
"""

from asyncio import Semaphore
from collections.abc import Callable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.console import cookies, forms, guard, tokens
from gateway.console.behind import Arrived, Behind
from gateway.console.forms import Fields
from gateway.console.sessions import Session
from gateway.console.shell import TRACE
from gateway.core.chain import Trace
from gateway.core.errors import Forbidden, SeinhuisError, Unauthenticated, Unavailable

AWAY, BACK, OUT, ROLE = "/aanmelden", "/aanmelden/terug", "/afmelden", "/rol"
SEE_OTHER, TURNS = 303, 4
"""`TURNS`: so many who log in take a thread; nobody has shown yet who he is, and the doors of machines share the threads."""
_NOTES = {
    "afgemeld": "U bent afgemeld.",
    "verlopen": "U bent afgemeld omdat u een kwartier niets deed, omdat u acht uur was aangemeld, of door de beheerder.",
}
Answering = Callable[[Headers, Fields, Trace], Response]


class Entrance:
    """The pages without a row in the page table."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind
        self._turns = Semaphore(TURNS)

    def methods(self) -> dict[str, dict[str, ASGIApp]]:
        """By path and method."""
        return {
            "/": {"GET": self._asking(self.first)},
            AWAY: {"GET": self._asking(self.away)},
            BACK: {"GET": self._asking(self.back)},
            OUT: {"POST": self._posting(self.out)},
            ROLE: {"GET": self._asking(self.choose), "POST": self._posting(self.change)},
        }

    def first(self, headers: Headers, fields: Fields, _trace: Trace) -> Response:
        """The first page; on to the role's own when there is a session."""
        session = self._behind.session(headers)
        if session is not None:
            return RedirectResponse(self._behind.home(session.rol), SEE_OTHER)
        bye = None
        if fields.get("melding") == "afgemeld":
            with suppress(Unavailable):
                bye = self._behind.signon.bye()
        return self._behind.pages.page("begin.html", {"titel": "Aanmelden", "melding": _NOTES.get(fields.get("melding", "")), "bye": bye})

    def away(self, _headers: Headers, _fields: Fields, _trace: Trace) -> Response:
        """To the login service."""
        token = tokens.fresh()
        response = RedirectResponse(self._behind.signon.away(token), SEE_OTHER)
        cookies.put(response, cookies.LOGIN, token, cookies.LOGIN_SECONDS)
        return response

    def back(self, headers: Headers, fields: Fields, trace: Trace) -> Response:
        """And back: a new session, whatever there was before."""
        token = cookies.read(headers, cookies.LOGIN)
        try:
            if not tokens.is_token(token):
                raise Unauthenticated("AANMELDING_ONBEKEND", "Aanmelden duurde te lang of begon elders. Begin opnieuw op de beginpagina.")
            claims = self._behind.signon.back(token, fields)
            who = self._behind.access.identity(claims, mfa=self._behind.mfa)
        except Unauthenticated as error:
            self._behind.strangers(error.code)
            raise
        session = self._behind.enter(who, trace)
        self._end(headers)
        response = RedirectResponse(self._behind.home(session.rol), SEE_OTHER)
        cookies.put(response, cookies.SESSION, session.token)
        cookies.drop(response, cookies.LOGIN)
        return response

    def out(self, headers: Headers, fields: Fields, trace: Trace) -> Response:
        """Log out."""
        self._behind.leave(self._own(headers, fields), trace)
        response = RedirectResponse("/?melding=afgemeld", SEE_OTHER)
        cookies.drop(response, cookies.SESSION)
        return response

    def choose(self, headers: Headers, _fields: Fields, _trace: Trace) -> Response:
        """Which role to go on in."""
        session = self._behind.session(headers)
        if session is None:
            return RedirectResponse("/", SEE_OTHER)
        arrived = Arrived(session, *self._behind.caller(session.identity, session.rol))
        return self._behind.pages.page("rol.html", {"titel": "Kies een rol", **self._behind.shown(arrived, ROLE)})

    def change(self, headers: Headers, fields: Fields, trace: Trace) -> Response:
        """Go on in another role."""
        session = self._behind.change(self._own(headers, fields), fields.get("rol", ""), trace)
        response = RedirectResponse(self._behind.home(session.rol), SEE_OTHER)
        cookies.put(response, cookies.SESSION, session.token)
        return response

    def _own(self, headers: Headers, fields: Fields) -> Session:
        session = self._behind.session(headers)
        if session is None or not session.is_own(fields.get("csrf", "")):
            raise Forbidden("FORMULIER_VERLOPEN", "Dit formulier is niet (meer) van uw sessie. Begin opnieuw op de beginpagina.")
        return session

    def _end(self, headers: Headers) -> None:
        """A session that this browser still had."""
        token = cookies.read(headers, cookies.SESSION)
        if token:
            with self._behind.database.transaction() as connection:
                self._behind.sessions.end(connection, token)

    def _posting(self, answer: Answering) -> ASGIApp:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            headers = Headers(scope=scope)
            guard.require_own(headers, self._behind.origin)
            fields = await forms.read(receive, headers)
            async with self._turns:
                response = await run_in_threadpool(answer, headers, fields, scope[TRACE])
            await response(scope, receive, send)

        return app

    def _asking(self, answer: Answering) -> ASGIApp:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                fields = forms.parsed(scope["query_string"])
            except SeinhuisError:
                fields = {}  # an address that somebody mistyped is no form; what is needed from it is missing
            async with self._turns:
                response = await run_in_threadpool(answer, Headers(scope=scope), fields, scope[TRACE])
            await response(scope, receive, send)

        return app
