"""What stands behind the pages of a municipality: the desks of the flows that its case system reaches through `/gemeente/v1`.

Made by the composition root. Leaves every rule to the flows.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from gateway.cases.desk import CaseDesk
from gateway.feedback.giving import Counter
from gateway.inboxes.desk import Desk
from gateway.inboxes.settings import Place
from gateway.letters.merging import Letters
from gateway.meldingen.matcher import Matcher
from gateway.overviews.desk import OverviewDesk
from gateway.partners.register import Register

ROL = "gemeente"
SIGNAL = "vroegsignaal"


class GemeenteDesk(NamedTuple):
    """`changed`: this node reads a changed setting at once."""

    inbox: Desk
    cases: CaseDesk
    counter: Counter
    letters: Letters
    overviews: OverviewDesk
    matcher: Matcher
    register: Callable[[], Register]
    changed: Callable[[], None]

    def place(self, gemeente: str) -> Place:
        """Whose settings."""
        return Place(gemeente, self.register())

    def purposes(self, day: date) -> dict[str, str]:
        """The purposes for which signals may be opened on a day, with their grounds."""
        known = self.inbox.purposes
        return {
            one.doel: one.grondslag
            for one in known.purposes()
            if known.reading(one.doel, ROL, day) is not None and any(SIGNAL in row.berichtsoorten for row in one.rij)
        }

    def own_key(self, gemeente: str) -> bool:
        """Whether only the municipality itself can open what is sealed to it."""
        key = self.register().sealing_key(gemeente)
        return key is not None and key.wijze == "eigen"
