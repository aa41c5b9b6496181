"""One row of the page table as an application: the checks in their order, then the handler, then the page.

A refusal of somebody we know is on record before it is answered; when that fails nothing is answered but a 503. A form that does not fit is
shown again, with its errors. Authority: `pages`.
"""

import re
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from gateway.console import cookies, forms, guard
from gateway.console.behind import Arrived, Behind
from gateway.console.entrance import SEE_OTHER
from gateway.console.forms import Fields
from gateway.console.pages import NOTES, Go, Page, Visit
from gateway.console.sessions import Session
from gateway.console.shell import TRACE
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Forbidden, Invalid, NotFound, SeinhuisError, Unavailable
from gateway.privacylog import staff
from schemas.strict import Fout, Refused

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Endpoint:
    """One page."""

    def __init__(self, page: Page, behind: Behind) -> None:
        self._page = page
        self._behind = behind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check in order, handle, show."""
        headers = Headers(scope=scope)
        session = await run_in_threadpool(self._behind.session, headers)
        if session is None:
            ended = bool(cookies.read(headers, cookies.SESSION))
            response: Response = RedirectResponse("/?melding=verlopen" if ended else "/", SEE_OTHER)
            if ended:
                cookies.drop(response, cookies.SESSION)
        else:
            response = await self._served(scope, receive, headers, session)
        await response(scope, receive, send)

    async def _served(self, scope: Scope, receive: Receive, headers: Headers, session: Session) -> Response:
        try:
            arrived = await run_in_threadpool(self._arrived, session)
            fields = await self._fields(scope, receive, headers, session)
            return await run_in_threadpool(self._answer, arrived, scope, fields)
        except SeinhuisError as error:
            if error.status < 500:
                await self._record(session, scope[TRACE], error.code)
            raise

    def _arrived(self, session: Session) -> Arrived:
        if session.rol != self._page.rol:
            raise Forbidden("ROL_ONTBREEKT", "Deze pagina hoort niet bij de rol waarin u werkt.")
        return Arrived(session, *self._behind.caller(session.identity, session.rol))

    async def _fields(self, scope: Scope, receive: Receive, headers: Headers, session: Session) -> Fields:
        if self._page.method == "GET":
            return forms.parsed(scope["query_string"])
        guard.require_own(headers, self._behind.origin)
        fields = dict(await forms.read(receive, headers))
        if not session.is_own(fields.pop("csrf", "")):
            raise Forbidden("FORMULIER_VERLOPEN", "Dit formulier is niet (meer) van uw sessie. Ga terug en probeer het opnieuw.")
        return fields

    def _answer(self, arrived: Arrived, scope: Scope, fields: Fields) -> Response:
        visit = Visit(
            who=arrived.session.identity,
            caller=arrived.caller,
            principal=arrived.principal,
            trace=scope[TRACE],
            day=dutch_day(self._behind.clock.now()),
            id=_id(scope["path_params"].get("id")),
            fields=fields,
        )
        try:
            visit = _read(self._page, visit)
            done = self._page.handler(self._behind.desks, visit)
        except (Refused, Invalid) as error:
            if self._page.read is None:
                raise
            self._behind.refused(arrived.caller, visit.trace, _code(error), self._page.id)
            return self._shown(arrived, visit, {"fouten": _findings(error), "ingevuld": fields}, 400)
        if isinstance(done, Go):
            return RedirectResponse(done.path + (f"?melding={done.note}" if done.note else ""), SEE_OTHER)
        note = NOTES.get(fields.get("melding", "")) if self._page.method == "GET" else None
        return self._shown(arrived, visit, {"ingevuld": fields, "melding": note, **done})

    def _shown(self, arrived: Arrived, visit: Visit, context: dict[str, Any], status: int = 200) -> Response:
        base = {"titel": self._page.titel, "vandaag": visit.day, **self._behind.shown(arrived, self._page.path)}
        return self._behind.pages.page(self._page.template, {**base, **context}, status)

    async def _record(self, session: Session, trace: Trace, code: str) -> None:
        who = session.identity
        sender = Sender(who.oin, who.oin, staff.committed(who.person, self._behind.keys))
        try:
            await run_in_threadpool(self._behind.refused, sender, trace, code, self._page.id)
        except Exception as failure:
            detail = "Het logboek is niet bereikbaar; probeer het straks weer."
            raise Unavailable("LOGBOEK_NIET_BEREIKBAAR", detail, retry_after=5) from failure


def _read(page: Page, visit: Visit) -> Visit:
    if page.read is None:
        return visit
    return Visit(
        who=visit.who, caller=visit.caller, principal=visit.principal, trace=visit.trace, day=visit.day, id=visit.id, fields=visit.fields,
        form=page.read(visit.fields),
    )  # fmt: skip


def _id(text: str | None) -> UUID | None:
    """The id in a path. Raises NotFound: it has not the form of one."""
    if text is None:
        return None
    if not _ID.fullmatch(text):
        raise NotFound
    return UUID(text)


def _code(error: Refused | Invalid) -> str:
    return error.code if isinstance(error, Invalid) else error.fouten[0].code


def _findings(error: Refused | Invalid) -> list[tuple[str, str]]:
    """(field, words) of each error; the field is empty when it is about the whole."""
    if isinstance(error, Refused):
        return [(forms.field_of(fout.pointer), fout.melding) for fout in error.fouten]
    found = [Fout(one.pointer or "", one.code, one.melding) for one in error.errors or []]
    return [(forms.field_of(fout.pointer), fout.melding) for fout in found] or [("", error.detail)]
