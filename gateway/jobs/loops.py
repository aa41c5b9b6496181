"""The clock of the house: background loops that any node may run.

The sequencer numbers what is committed (woken by every commit, and every `POLL_SECONDS` for other nodes); the register and the
revocation list are looked at every second. A loop outlives any failure of one round and says so in the operational log. A node that stops
begins no round any more, but for a loop that has a last one: what was just committed is numbered before the process ends.
"""

import threading
from collections.abc import Callable

import structlog

from gateway.core.stopping import Cut

POLL_SECONDS = 0.25


class Loop:
    """Runs `work` whenever woken, and at least every `seconds`, until closed; once more after that when it has a `last` round."""

    def __init__(self, name: str, work: Callable[[], object], seconds: float, *, last: bool = False) -> None:
        self._name = name
        self._work = work
        self._seconds = seconds
        self._last = last
        self._failing = ""
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name)

    @property
    def state(self) -> tuple[str, float, str]:
        """Its name, how often it runs (seconds), and the kind of error of its last round, empty when that went well."""
        return self._name, self._seconds, self._failing

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is work now."""
        self._wake.set()

    @property
    def closing(self) -> bool:
        """Whether no further round begins, but for the last."""
        return self._closed.is_set()

    def close(self) -> None:
        """Let the round in progress end, then the last one where there is one, and stop."""
        self._closed.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self.closing:
            self._wake.wait(self._seconds)
            self._wake.clear()
            if not self.closing:
                self._round()
        if self._last:
            self._round()

    def _round(self) -> None:
        try:
            self._work()
        except Cut:
            return
        except Exception as error:  # noqa: BLE001 - one failed round must not end the loop; the next one tries again
            self._say("ronde_mislukt", type(error).__name__)
        else:
            self._say("ronde_hersteld", "")

    def _say(self, event: str, kind: str) -> None:
        """Once per change: a loop that fails every second says so once."""
        if kind != self._failing:
            self._failing = kind
            structlog.get_logger().warning(event, lus=self._name, soort=kind)
