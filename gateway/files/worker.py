"""Takes turns at all the work there is with files, in any number of threads, processes and nodes: they share it through the database.

New files first, so that a partner soon knows whether its file was taken; then lists, chunks (of all files in turn) and reports. A worker
that is killed leaves a lease behind that runs out. Authority: decision 0025. Leaves when to look to `gateway.jobs`.
"""

import threading
from collections.abc import Callable
from datetime import timedelta

from gateway.core.errors import Unavailable
from gateway.files import accepting, delivering, ending, standing, workrows
from gateway.files.flow import Files, Lost
from gateway.files.workrows import Kind, Work

AGAIN = timedelta(seconds=5)
"""When work is tried again that could not be done just now."""


class Worker:
    """One worker; `run` until there is nothing left to do, or it is stopped."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._stopped = threading.Event()
        self._rounds: tuple[tuple[Kind, Callable[[Files, Work], None]] | None, ...] = (
            ("ontvangen", accepting.accept),
            ("stand", standing.compare),
            None,  # a chunk
            ("klaar", ending.finish),
        )

    def run(self) -> None:
        """Work. Raises Unavailable, psycopg.Error: what was in hand is tried again later."""
        while not self._stopped.is_set() and self.step():
            pass

    def stop(self) -> None:
        """Finish what is in hand, and no more."""
        self._stopped.set()

    def step(self) -> bool:
        """Do one piece of work; False when there is none. Raises Unavailable."""
        try:
            return any(self._part() if kind is None else self._file(*kind) for kind in self._rounds)
        except Lost:
            return True

    def _file(self, kind: Kind, do: Callable[[Files, Work], None]) -> bool:
        now = self._files.steps.clock.now()
        with self._files.steps.database.transaction() as connection:
            work = workrows.claim(connection, kind, now, now + self._files.lease)
        if work is None:
            return False
        try:
            do(self._files, work)
        except Unavailable:
            with self._files.steps.database.transaction() as connection:
                workrows.release(connection, work, self._files.steps.clock.now() + AGAIN)
            raise
        return True

    def _part(self) -> bool:
        now = self._files.steps.clock.now()
        with self._files.steps.database.transaction() as connection:
            found = workrows.claim_part(connection, now, now + self._files.lease)
        if found is None:
            return False
        part, work = found
        try:
            delivering.deliver(self._files, part, work)
        except Unavailable:
            with self._files.steps.database.transaction() as connection:
                workrows.release_part(connection, part, self._files.steps.clock.now() + AGAIN)
            raise
        return True
