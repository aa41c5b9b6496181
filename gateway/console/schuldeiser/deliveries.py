"""Deliveries that came by the API, each with its report: what was refused, by the creditor's own kenmerk, and the report as a file.

Authority: contract, `/schuldeiser/v1` aanleveringen. Leaves the report to `gateway.signals.deliveries`, and its form as CSV to `csvreport`.
"""

from functools import partial
from uuid import UUID

from gateway.console.pages import Context, Desks, File, Page, Visit
from gateway.core.errors import NotFound
from gateway.signals import csvreport, deliveries

PATH = "/schuldeiser/aanleveringen"
PAGE, SHOWN = 50, 200


def listed(desks: Desks, visit: Visit) -> Context:
    """The newest first. A cursor that is none begins at the beginning."""
    before = _cursor(visit.fields.get("voor", ""))
    return {"lijst": deliveries.page(visit.caller.principal, before, PAGE, desks.schuldeiser.steps)}


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def one(desks: Desks, visit: Visit) -> Context:
    """One delivery, with what was wrong in it; the first of them, all are in the file."""
    found = deliveries.find(visit.caller.principal, visit.key, desks.schuldeiser.steps)
    if found.status != "verwerkt":
        return {"aanlevering": found, "regels": [], "meer": 0}
    verslag = deliveries.report(visit.caller.principal, visit.key, desks.schuldeiser.steps)
    wrong = [regel for regel in verslag.regels if regel.bevindingen]
    return {"aanlevering": found, "regels": wrong[:SHOWN], "meer": max(0, len(wrong) - SHOWN)}


def keep(desks: Desks, visit: Visit) -> File:
    """The whole report."""
    verslag = deliveries.report(visit.caller.principal, visit.key, desks.schuldeiser.steps)
    name = f"verslag-{verslag.kenmerk.replace('/', '-')}.csv"
    return File(name, "text/csv; charset=utf-8", csvreport.as_csv(verslag).encode())


_page = partial(Page, method="GET", rol="schuldeiser", leaves=None, template="schuldeiser/aanlevering.html", titel="Aanlevering")
PAGES: tuple[Page, ...] = (
    _page(
        path=PATH,
        titel="Aanleveringen",
        template="schuldeiser/aanleveringen.html",
        handler=listed,
        flow=("gateway.signals.deliveries.page",),
        menu="Aanleveringen",
        query=frozenset({"voor"}),
    ),
    _page(path=f"{PATH}/{{id}}", handler=one, flow=("gateway.signals.deliveries.find", "gateway.signals.deliveries.report")),
    _page(path=f"{PATH}/{{id}}/verslag", handler=keep, flow=("gateway.signals.deliveries.report",)),
)
