"""What a creditor may know of how well it delivers: its own figures per month as a drawing and a table, its errors by kenmerk, feedback.

Authority: rule VS-24, contract `GET kwaliteit` and `GET terugkoppelingen` (default deny; a coarse status of its own signals, no date finer
than a week). Leaves what may be told to `gateway.signals.quality` and `gateway.feedback`.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial

from gateway.console.charts import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, Bar, Chart, Mark
from gateway.console.pages import Context, Desks, Page, Visit
from gateway.feedback import feed
from gateway.quality.checks import WORDS
from gateway.signals import quality
from schemas.kwaliteit import KwaliteitMaand

MONTHS, FEEDBACK = 12, 100
_SHORT = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def figures(desks: Desks, visit: Visit) -> Context:
    """The last twelve months."""
    found = quality.report(visit.caller.principal, earlier(visit.day, MONTHS - 1), visit.day, desks.schuldeiser.steps.database)
    return {"kwaliteit": found, "grafiek": course(found.maanden), "controles": WORDS}


def earlier(day: date, months: int) -> date:
    """The first day of the month that many months before."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def course(months: Sequence[KwaliteitMaand]) -> Chart:
    """The score of each month as a bar, from nothing to all."""
    slot, high = (WIDTH - LEFT) / max(1, len(months)), HEIGHT - BOTTOM - TOP
    width = min(slot * 0.7, 48.0)
    bars, marks = [], []
    for nr, one in enumerate(months):
        middle, tall = LEFT + (nr + 0.5) * slot, one.score * high
        name = f"{_SHORT[one.maand.month - 1]} {one.maand.year}"
        title = f"{name}: {one.score * 100:.1f} procent".replace(".", ",")
        bars.append(Bar(round(middle - width / 2, 1), round(HEIGHT - BOTTOM - tall, 1), round(width, 1), round(tall, 1), 1, title))
        marks.append(Mark(round(middle, 1), _SHORT[one.maand.month - 1]))
    steps = tuple(Mark(round(HEIGHT - BOTTOM - high * part / 4, 1), f"{part * 25}") for part in range(5))
    return Chart(WIDTH, HEIGHT, LEFT, HEIGHT - BOTTOM, tuple(bars), tuple(marks), steps, ())


def told(desks: Desks, visit: Visit) -> Context:
    """What municipalities told, the newest first."""
    return {"terugkoppelingen": feed.newest(desks.schuldeiser.steps.database, visit.caller.principal, FEEDBACK), "hoogstens": FEEDBACK}


_page = partial(Page, method="GET", rol="schuldeiser", leaves=None)
PAGES: tuple[Page, ...] = (
    _page(
        path="/schuldeiser/terugkoppeling",
        titel="Terugkoppeling",
        template="schuldeiser/terugkoppeling.html",
        handler=told,
        flow=("gateway.feedback.feed.newest",),
        menu="Terugkoppeling",
    ),
    _page(
        path="/schuldeiser/kwaliteit",
        titel="Kwaliteit",
        template="schuldeiser/kwaliteit.html",
        handler=figures,
        flow=("gateway.signals.quality.report",),
        menu="Kwaliteit",
    ),
)
