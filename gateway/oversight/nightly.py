"""Once a day: the whole search index beside the log. `index.read` finds a row that says something else; only this finds one that is gone.

What differs fails the round, which the operational log says, and the next round looks again. Authority: decision 0033. Leaves its clock
to the composition root.
"""

from gateway.core.clock import dutch_day
from gateway.core.errors import Misconfigured
from gateway.oversight import index
from gateway.oversight.desk import OversightDesk


class Nightly:
    """Compares at the first round of each Dutch day after the one it was made on."""

    def __init__(self, desk: OversightDesk) -> None:
        self._desk = desk
        self._day = dutch_day(desk.clock.now())

    def run(self) -> None:
        """One round. Raises Misconfigured: the index is not what the log makes."""
        today = dutch_day(self._desk.clock.now())
        if today == self._day:
            return
        index.catch_up(self._desk.database)
        found = index.compare(self._desk.database)
        if found:
            raise Misconfigured(f"De zoekindex van toezicht past op {len(found)} plaatsen niet bij de log: {found[0]}.")
        self._day = today
