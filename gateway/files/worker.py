"""Takes turns at all the work there is with files, in any number of threads, processes and nodes: they share it through the database.

New files first, so that a partner soon knows whether its file was taken; then lists, chunks (of all files in turn) and reports. A worker
that is killed leaves a lease behind that runs out. Authority: decision 0025. Leaves when to look to `gateway.jobs`.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from gateway.core.errors import Unavailable
from gateway.files import accepting, delivering, ending, standing, workrows
from gateway.files.flow import Files, Lost
from gateway.files.workrows import Kind, Work
from gateway.store.tenant import parties, task

T = TypeVar("T")

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
        work = self._taken(kind, partial(workrows.claim, kind=kind))
        if work is None:
            return False
        try:
            do(self._files, work)
        except Unavailable:
            with self._files.steps.database.transaction(workrows.tenant(work)) as connection:
                workrows.release(connection, work, self._files.steps.clock.now() + AGAIN)
            raise
        return True

    def _part(self) -> bool:
        found = self._taken(None, workrows.claim_part)
        if found is None:
            return False
        part, work = found
        try:
            delivering.deliver(self._files, part, work)
        except Unavailable:
            with self._files.steps.database.transaction(workrows.tenant(work)) as connection:
                workrows.release_part(connection, part, self._files.steps.clock.now() + AGAIN)
            raise
        return True

    def _taken(self, kind: Kind | None, claim: Callable[..., T | None]) -> T | None:
        """The first that can be claimed, party by party, each in a transaction for that party alone."""
        now = self._files.steps.clock.now()
        with self._files.tasks.transaction(task("bestanden")) as connection:
            waiting = workrows.waiting(connection, kind, now)
        for party in waiting:
            with self._files.steps.database.transaction(parties(party)) as connection:
                found = claim(connection, now=now, until=now + self._files.lease)
            if found is not None:
                return found
        return None
