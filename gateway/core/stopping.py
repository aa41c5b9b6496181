"""How long work gives way to a process that stops: between two of its steps it asks whether it may go on.

What was committed stays, what was in hand is rolled back, and who comes next goes on from there. Leaves who stops to the composition
root, and what a step is to the work itself.
"""

import threading
from collections.abc import Callable

GoOn = Callable[[], None]
"""Asked between two steps. Raises Cut."""


class Cut(Exception):
    """The process stops: what is in hand ends here, and nothing says that it was done."""


class Stopping:
    """Whether a process was asked to stop; once asked, for good."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        """Stop."""
        self._asked.set()

    def go_on(self) -> None:
        """Raises Cut once it was asked."""
        if self._asked.is_set():
            raise Cut


def always() -> None:
    """`GoOn` of work that nothing cuts off."""
