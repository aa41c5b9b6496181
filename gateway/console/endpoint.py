"""One row of the page table as an application: the checks in their order, then the handler, then the page.

A refusal of somebody we know is on record before it is answered; when that fails nothing is answered but a 503. A form that does not fit is
shown again, with its errors. Authority: `pages`.
"""

import re
from functools import partial
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.console import cookies, forms, guard
from gateway.console.behind import Arrived, Behind
from gateway.console.entrance import SEE_OTHER
from gateway.console.forms import Fields
from gateway.console.pages import NOTES, Arrival, File, Go, Page, Shown, Takes, Visit
from gateway.console.sessions import Session
from gateway.console.shell import TRACE
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Forbidden, Invalid, NotFound, SeinhuisError, Unavailable
from gateway.privacylog import staff
from schemas.strict import Fout, Refused

BY_ITSELF = b"vanzelf=ja"
"""The query of a page that a browser asks again on our word: nobody needs to be there for that, so it keeps no session open."""
_PLAIN = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
"""What an identifier, a choice or a day looks like in a link; a sentence does not."""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Endpoint:
    """One page."""

    def __init__(self, page: Page, behind: Behind) -> None:
        self._page = page
        self._behind = behind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check in order, handle, show."""
        headers = Headers(scope=scope)
        present = scope["query_string"] != BY_ITSELF
        session = await run_in_threadpool(partial(self._behind.session, headers, present=present))
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
            if self._page.takes is not None:
                return await self._taken(self._page.takes, arrived, scope, headers, receive)
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

    async def _taken(self, takes: Takes, arrived: Arrived, scope: Scope, headers: Headers, receive: Receive) -> Response:
        """A body that is read as it comes; an error of its reader stands in the form, as that of a handler does."""
        guard.require_own(headers, self._behind.origin)
        arrival = Arrival(arrived.caller, scope[TRACE], headers, receive, arrived.session.is_own)
        try:
            form: Any = await takes(self._behind.desks, arrival)
        except Invalid as error:
            return await run_in_threadpool(self._again, arrived, self._visit(arrived, scope, {}), error)
        return await run_in_threadpool(self._answer, arrived, scope, {}, form)

    def _visit(self, arrived: Arrived, scope: Scope, fields: Fields, form: Any = None) -> Visit:  # noqa: ANN401 - as in Visit
        return Visit(
            who=arrived.session.identity,
            caller=arrived.caller,
            principal=arrived.principal,
            trace=scope[TRACE],
            day=dutch_day(self._behind.clock.now()),
            id=_id(scope["path_params"].get("id")),
            fields=fields,
            form=form,
        )

    def _answer(self, arrived: Arrived, scope: Scope, fields: Fields, form: Any = None) -> Response:  # noqa: ANN401 - as in Visit
        visit = self._visit(arrived, scope, self._known(fields), form)
        try:
            visit = _read(self._page, visit)
            done = self._page.handler(self._behind.desks, visit)
        except (Refused, Invalid, Conflict) as error:
            if self._page.read is None:
                raise
            return self._again(arrived, visit, error)
        if isinstance(done, Go):
            joint = "&" if "?" in done.path else "?"
            return RedirectResponse(done.path + (f"{joint}melding={done.note}" if done.note else ""), SEE_OTHER)
        if isinstance(done, File):
            return _kept(done)
        page = done if isinstance(done, Shown) else Shown(done)
        note = NOTES.get(fields.get("melding", "")) if self._page.method == "GET" else None
        response = self._shown(arrived, visit, {"ingevuld": visit.fields, "melding": note, **page.context}, page.status)
        if page.refresh is not None:
            response.headers["Refresh"] = f"{page.refresh}; url={quote(scope['path'])}?{BY_ITSELF.decode()}"
        return response

    def _known(self, fields: Fields) -> Fields:
        """Of a query what the row knows; a form of ours as it is."""
        if self._page.method == "POST":
            return fields
        return {name: value for name, value in fields.items() if name in self._page.query and _PLAIN.fullmatch(value)}

    def _again(self, arrived: Arrived, visit: Visit, error: Refused | Invalid | Conflict) -> Response:
        """The form, with what is wrong in it; the refusal is on record."""
        self._behind.refused(arrived.caller, visit.trace, _code(error), self._page.id)
        status = error.status if isinstance(error, Conflict) else 400
        around = self._page.again(self._behind.desks, visit) if self._page.again else {}
        return self._shown(arrived, visit, {**around, "fouten": _findings(error), "ingevuld": visit.fields}, status)

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


def _kept(file: File) -> Response:
    """A download (RFC 6266). Never shown in the browser: what is in it is not a page of ours."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
    if isinstance(file.content, bytes):
        return Response(file.content, headers=headers, media_type=file.media)
    return StreamingResponse(file.content, headers=headers, media_type=file.media)


def _id(text: str | None) -> UUID | None:
    """The id in a path. Raises NotFound: it has not the form of one."""
    if text is None:
        return None
    if not _ID.fullmatch(text):
        raise NotFound
    return UUID(text)


def _code(error: Refused | Invalid | Conflict) -> str:
    return error.fouten[0].code if isinstance(error, Refused) else error.code


def _findings(error: Refused | Invalid | Conflict) -> list[tuple[str, str]]:
    """(field, words) of each error; the field is empty when it is about the whole."""
    if isinstance(error, Refused):
        return [(forms.field_of(fout.pointer), fout.melding) for fout in error.fouten]
    found = [Fout(one.pointer or "", one.code, one.melding) for one in error.errors or []]
    return [(forms.field_of(fout.pointer), fout.melding) for fout in found] or [("", error.detail)]
