"""How long work gives way to a process that stops: between two of its steps it asks whether it may go on.

What was committed stays, what was in hand is rolled back, and who comes next goes on from there. A command that is no server ends on
SIGTERM as it does on Ctrl-C: everything that it opened is closed. Leaves who stops to the composition root, and what a step is to the work
itself.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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


@contextmanager
def interruptible() -> Iterator[None]:
    """Until the end SIGTERM is a KeyboardInterrupt too, and SIGINT though a shell in the background ignores it. In the main thread only."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
