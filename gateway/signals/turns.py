"""Bulk work takes turns: few deliveries and pre-flights run at once, so that single posts always find a connection and a processor.

Authority: architecture, "speed". Leaves the size of the pool to the composition root; `PLACES` stays well below it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.core.errors import Unavailable

PLACES = 4
PATIENCE = 5.0


class Turns:
    """At most `places` at once; `patience`: seconds to wait for one."""

    def __init__(self, places: int = PLACES, patience: float = PATIENCE) -> None:
        self._free = threading.BoundedSemaphore(places)
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Work while the block lasts. Raises Unavailable when no place comes free in time."""
        if not self._free.acquire(timeout=self._patience):
            raise Unavailable("TE_DRUK", "Er lopen nu te veel aanleveringen. Probeer het later opnieuw.", retry_after=5)
        try:
            yield
        finally:
            self._free.release()
