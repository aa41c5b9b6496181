"""The clock of the house: background loops that any node may run.

The sequencer numbers what is committed (woken by every commit, and every `POLL_SECONDS` for other nodes); the register and the
revocation list are looked at every second. A loop outlives any failure of one round and says so in the operational log.
"""

import threading
from collections.abc import Callable

import structlog

POLL_SECONDS = 0.25


class Loop:
    """Runs `work` whenever woken, and at least every `seconds`, until closed."""

    def __init__(self, name: str, work: Callable[[], object], seconds: float) -> None:
        self._name = name
        self._work = work
        self._seconds = seconds
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

    def close(self) -> None:
        """Finish the round in progress, then one last round, and stop."""
        self._closed.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._wake.wait(self._seconds)
            self._wake.clear()
            try:
                self._work()
            except Exception as error:  # noqa: BLE001 - one failed round must not end the loop; the next one tries again
                self._say("ronde_mislukt", type(error).__name__)
            else:
                self._say("ronde_hersteld", "")

    def _say(self, event: str, kind: str) -> None:
        """Once per change: a loop that fails every second says so once."""
        if kind != self._failing:
            self._failing = kind
            structlog.get_logger().warning(event, lus=self._name, soort=kind)
