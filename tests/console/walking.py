"""Every page of a role, used once in an order in which each succeeds: what it answered and what it left in the log."""

from collections.abc import Iterable

from gateway.console.pages import Page
from gateway.privacylog.entry import Entry
from tests.console.offices import Offices

Step = tuple[Page, int]


def walked(offices: Offices, steps: Iterable[Step]) -> set[Page]:
    """The pages that were used; each answered, and left its entry, or nothing when its row says so."""
    seen, begun = set(), len(offices.rows("SELECT 1 FROM log_entry"))
    for page, status in steps:
        assert status in (200, 303), page.id
        seen.add(page)
        rows = offices.rows("SELECT event FROM log_entry ORDER BY id OFFSET %s", begun)
        begun += len(rows)
        events = [event for (event,) in rows]
        assert (name(page.leaves) in events) if page.leaves else events == [], page.id
    return seen


def name(kind: type[Entry] | None) -> str:
    """The event of a kind of entry."""
    return str(kind.__struct_config__.tag) if kind else ""
