"""Figures of a municipality: where its signals went, and whom it reached by which channel at which part of the day.

Reach is the flow's own, small numbers withheld. Authority: F35; contract, reach. Leaves geometry to `drawings`.
"""

import re
from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from typing import Any

from gateway.cases import reach
from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.gemeente import drawings
from gateway.console.gemeente.inbox import baskets_of
from gateway.console.gemeente.words import TABLES
from gateway.console.pages import Context, Desks, Visit
from gateway.inboxes import streams
from schemas.types import Wire
from schemas.zaken import Bereik, Cel

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
PARTS = ("kanalen", "dagdelen", "sectoren")


class Maandvraag(Wire, frozen=True, kw_only=True):
    """The query: the first day of a month."""

    van: date | None = None


def read_month(fields: Fields) -> Maandvraag:
    """Which month, as 2026-10."""
    given = fields.get("van", "")
    return forms.wire({"van": f"{given}-01" if _MONTH.fullmatch(given) else given} if given else {}, Maandvraag)


def figures(desks: Desks, visit: Visit) -> Context:
    """The figures of a past month; of the last when none is named."""
    van = (visit.form.van if isinstance(visit.form, Maandvraag) else None) or (visit.day.replace(day=1) - timedelta(days=1)).replace(day=1)
    tot = van.replace(day=monthrange(van.year, van.month)[1])
    bereik = reach.reach(visit.gemeente, van, tot, desks.gemeente.cases)
    found = streams.streams(visit.gemeente, van, tot + timedelta(days=1), desks.gemeente.inbox)
    return {"van": van, "grens": streams.MOST, **_streams(desks, visit, found), **_reach(bereik)}


def choose(_desks: Desks, visit: Visit) -> Context:
    """The form alone."""
    return {"van": visit.day.replace(day=1), "bereik": None}


def _streams(desks: Desks, visit: Visit, found: list[streams.Stream]) -> dict[str, Any]:
    names = {bak.code: bak.naam for bak in baskets_of(desks, visit)}
    said: Counter[tuple[str, str, str]] = Counter()
    for one in found:
        said[one.sector.replace("_", " "), names.get(one.werkbak, one.werkbak), TABLES["berichtstaat"][one.staat]] += one.aantal
    rows = [(*key, count) for key, count in said.most_common()]
    return {"stroom": drawings.streams(said), "rijen": rows, "aantal": sum(said.values())}


def _reach(bereik: Bereik) -> dict[str, Any]:
    drawn = {name: drawings.pairs([_row(name, cel) for cel in getattr(bereik, name)], "zaken", "bereikt") for name in PARTS[:2]}
    return {"bereik": bereik, "staven": drawn}


def _row(part: str, cel: Cel) -> tuple[str, int | None, int | None]:
    table = TABLES["contactsoort"] if part == "kanalen" else TABLES["dagdeel"]
    return table.get(cel.naam, cel.naam.capitalize()), cel.zaken, cel.bereikt
