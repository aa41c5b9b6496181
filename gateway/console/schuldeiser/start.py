"""Where a creditor begins: what waits for it. Questions with their last day, deliveries with errors, what municipalities told.

Authority: feature F16. Shows nothing of a person. Leaves each part to the page that it comes from.
"""

from gateway.console.pages import Context, Desks, Page, Visit
from gateway.feedback import feed
from gateway.files import following
from gateway.overviews import answering
from gateway.signals import deliveries

RECENT, FEW = 20, 5


def start(desks: Desks, visit: Visit) -> Context:
    """What waits."""
    desk, principal = desks.schuldeiser, visit.caller.principal
    asked = answering.page(principal, None, RECENT, "open", desk.overviews).saldoverzoeken
    brought = following.listed(desk.room, visit.caller.party, RECENT)
    sent = deliveries.page(principal, None, RECENT, desk.steps).aanleveringen
    return {
        "vragen": sorted(asked, key=lambda one: (one.uiterlijk or visit.day, one.id))[:FEW],
        "aantal": len(asked),
        "namen": {one.gemeente: desk.name_of(one.gemeente) for one in asked if one.gemeente},
        "fouten_in": [one for one in sent if one.resultaat in {"deels", "geen"}][:FEW],
        "bestanden": [one for one in brought if one.result is not None and one.result.resultaat != "volledig"][:FEW],
        "terugkoppelingen": feed.newest(desk.steps.database, principal, FEW),
    }


PAGES: tuple[Page, ...] = (
    Page(
        method="GET",
        path="/schuldeiser",
        rol="schuldeiser",
        titel="Wat er wacht",
        template="schuldeiser/start.html",
        handler=start,
        flow=(
            "gateway.overviews.answering.page",
            "gateway.signals.deliveries.page",
            "gateway.files.following.listed",
            "gateway.feedback.feed.newest",
        ),
        leaves=None,
        menu="Wat er wacht",
    ),
)
