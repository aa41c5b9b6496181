"""Refusals of somebody unknown: counted and, under a rate limit, in the operational log; never in the processing log.

Authority: architecture, decision 4: what nobody can be held to must not fill a tree that is kept for years.
"""

import threading
import time

import structlog

PER_MINUTE = 10


class Strangers:
    """Says at most `PER_MINUTE` refusals a minute, and how many it kept to itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = -1
        self._said = 0
        self._unsaid = 0

    def __call__(self, code: str) -> None:
        """Somebody unknown was refused with this code."""
        with self._lock:
            minute = int(time.monotonic() // 60)
            if minute != self._minute:
                self._minute, self._said = minute, 0
            self._said += 1
            if self._said > PER_MINUTE:
                self._unsaid += 1
                return
            unsaid, self._unsaid = self._unsaid, 0
        structlog.get_logger().warning("onbekende_geweigerd", code=code, verzwegen=unsaid)
