"""Files through the browser: bring one, see how far it is, read its report. The flow of files is that of SFTP, with the party's profiles.

The status page asks itself again while there is more to come, by a header and without a script. Authority: F07, contract, files; WCAG 2.2
2.2.1 (it says so, and nothing is lost by it). Leaves the mailbox and its quota to `gateway.files`.
"""

from functools import partial
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from adapters.sftp.port import Refused
from gateway.console import upload
from gateway.console.pages import Arrival, Desks, File, Go, Page, Shown, Visit
from gateway.files import bringing, following
from gateway.files.bringing import Bringer
from gateway.files.transfers import FileUpload
from gateway.privacylog.messages import BestandAangeboden

PATH = "/schuldeiser/bestanden"
LARGEST = 256 << 20
REFRESH, PAGE = 3, 50
MEDIA = {"csv": "text/csv; charset=utf-8", "xml": "application/xml", "ontvangst": "application/json", "bewijzen": "application/json"}
_REPLACED = "Dit bestand is intussen vervangen; kijk in de lijst of stuur het opnieuw."


def listed(desks: Desks, visit: Visit) -> dict[str, Any]:
    """What this party brought, by whichever door; the form."""
    return {"bestanden": following.listed(desks.schuldeiser.room, visit.caller.party, PAGE), "hoogstens": LARGEST >> 20}


class _Writing:
    """`upload.Sink` over a file in the mailbox: a refusal stands at the field."""

    def __init__(self, begun: FileUpload) -> None:
        self.begun = begun

    def write(self, data: bytes) -> None:
        try:
            self.begun.write(data)
        except Refused as refused:
            raise upload.at_file("BESTAND_NIET_AANGENOMEN", refused.reason) from None

    def discard(self) -> None:
        self.begun.discard()


async def take(desks: Desks, arrival: Arrival) -> UUID:
    """Stream it to the spool; its id, once it is the gateway's. Raises Invalid, TooLarge, Forbidden, HungUp."""
    desk = desks.schuldeiser

    def begin(name: str) -> _Writing:
        if not name:
            raise upload.at_file("VELD_VERPLICHT", "Kies een bestand.")
        try:
            return _Writing(desk.room.mailbox(arrival.caller.party).begin(name))
        except Refused as refused:
            raise upload.at_file("BESTAND_NIET_AANGENOMEN", refused.reason) from None

    taken = await upload.Taking(arrival.own, begin, LARGEST).take(arrival.receive, arrival.headers)
    by = Bringer(arrival.caller, arrival.trace, desk.steps.activity("aanleveren"))
    return await run_in_threadpool(_complete, desks, by, taken)


def _complete(desks: Desks, by: Bringer, taken: _Writing) -> UUID:
    try:
        id = bringing.complete(desks.schuldeiser.room, by, taken.begun)
    except Refused as refused:
        raise upload.at_file("BESTAND_NIET_AANGENOMEN", refused.reason) from None
    if id is None:
        raise upload.at_file("BESTAND_NIET_AANGENOMEN", _REPLACED)
    return id


def brought(_desks: Desks, visit: Visit) -> Go:
    """On to its status."""
    return Go(f"{PATH}/{visit.form}", "ontvangen")


def one(desks: Desks, visit: Visit) -> Shown:
    """How far it is; what was wrong in it."""
    room, party = desks.schuldeiser.room, visit.caller.party
    found = following.progress(room, party, visit.key)
    remarks = [] if found.seen.busy else following.remarks(room, party, visit.key)
    context = {"voortgang": found, "bestand": found.seen, "opmerkingen": remarks, "hoogstens": following.FOUND, "seconden": REFRESH}
    return Shown(context, refresh=REFRESH if found.seen.busy else None)


def keep(desks: Desks, visit: Visit) -> File:
    """One of its reports."""
    part = visit.fields.get("deel", "")
    name, content = following.report(desks.schuldeiser.room, visit.caller.party, visit.key, part)
    return File(name, MEDIA[part], content)


def clear_away(desks: Desks, visit: Visit) -> Go:
    """Its reports may go."""
    following.clear_away(desks.schuldeiser.room, visit.caller.party, visit.key)
    return Go(PATH, "opgeruimd")


_any = partial(Page, rol="schuldeiser", titel="Bestanden", template="schuldeiser/bestanden.html", leaves=None)
_page, _post = partial(_any, method="GET"), partial(_any, method="POST")
_FOLLOW = ("gateway.files.following.progress", "gateway.files.following.remarks")
PAGES: tuple[Page, ...] = (
    _page(path=PATH, handler=listed, flow=("gateway.files.following.listed",), menu="Bestanden"),
    _post(
        path=PATH,
        leaves=BestandAangeboden,
        handler=brought,
        flow=("gateway.files.bringing.complete",),
        takes=take,
        again=listed,
    ),
    _page(path=f"{PATH}/{{id}}", titel="Eén bestand", template="schuldeiser/bestand.html", handler=one, flow=_FOLLOW),
    _page(path=f"{PATH}/{{id}}/verslag", handler=keep, flow=("gateway.files.following.report",), query=frozenset({"deel"})),
    _post(
        path=f"{PATH}/{{id}}/opruimen",
        handler=clear_away,
        flow=("gateway.files.following.clear_away",),
    ),
)
