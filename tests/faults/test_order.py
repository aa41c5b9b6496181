"""Inbox paging and claims under concurrent writers that commit in any order: nothing skipped, nothing twice, no gap.

The control pages the same kind of writers by an identity column, as one would without thinking, and skips. `SEINHUIS_PROOF=1`
makes it 200,000 messages.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random  # noqa: TID251 - seeded
from typing import Any
from uuid import UUID

import psycopg

from gateway.core.errors import Unavailable
from gateway.inboxes import claiming, reading
from gateway.privacylog import sequencer
from gateway.signals.receive import receive
from gateway.store.database import Connection, Database
from gateway.store.prepare import Dsns
from gateway.store.tenant import Tenant
from schemas.inbox import Claim, ClaimBevestiging
from tests.flows.world import CLERK, HAARLEM, TRACE, World
from tests.tenants import SIGNER

MESSAGES = 200_000 if os.environ.get("SEINHUIS_PROOF") else 20_000
WRITERS = 8
POLLERS = 3
RETRIES = 10
DELAY = 0.02  # seconds, at most, between a writer's last statement and its COMMIT
RECEIVED = ClaimBevestiging(status="ontvangen")


class Hesitant(Database):
    """Commits after a random while, so that transactions end in another order than they began."""

    def __init__(self, dsn: str, seed: int) -> None:
        super().__init__(dsn, name=f"schrijver-{seed}", size=1, signer=SIGNER)
        self._random = Random(seed)

    @contextmanager
    def transaction(self, tenant: Tenant | None = None) -> Iterator[Connection]:
        with super().transaction(tenant) as connection:
            yield connection
            time.sleep(self._random.uniform(0, DELAY))


class Crowd:
    """Writers, sequencers and pollers on one inbox, each in its thread; what they saw."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._written = threading.Event()
        self._ended = threading.Event()
        self.sent: list[UUID] = []
        self.listed: list[list[tuple[int, UUID]]] = [[] for _ in range(POLLERS)]
        self.acknowledged: list[UUID] = []
        self.again: set[UUID] = set()  # delivered after they were acknowledged
        self._done: set[UUID] = set()
        self._lock = threading.Lock()

    def run(self) -> None:
        with ThreadPoolExecutor(WRITERS + 2 * POLLERS + 2) as pool:
            writers = [pool.submit(self._write, n) for n in range(WRITERS)]
            sequencers = [pool.submit(self._number) for _ in range(2)]
            pollers = [pool.submit(self._list, seen) for seen in self.listed] + [pool.submit(self._take, n) for n in range(POLLERS)]
            try:
                for writer in writers:
                    writer.result()
                self._written.set()
                for poller in pollers:
                    poller.result()
            finally:
                self._written.set()
                self._ended.set()
            for other in sequencers:
                other.result()

    def _write(self, number: int) -> None:
        chance, world = Random(number), self._world
        database = Hesitant(world.dsns.ingest, number)
        steps = world.steps._replace(database=database)
        waiting = world.signals(MESSAGES // WRITERS, seed=1000 + number)
        while waiting:
            size = chance.choice((1, 1, 5, 40, 200))
            chunk, waiting = waiting[:size], waiting[size:]
            ids = [outcome.id for outcome in receive(world.inbound(chunk), steps)]
            with self._lock:
                self.sent += [id for id in ids if id is not None]
        database.close()

    def _number(self) -> None:
        world = self._world
        while not self._ended.is_set():
            if not sequencer.run_once(world.log, world.checkpoints, world.clock, world.seen):
                time.sleep(0.005)

    def _numbered(self) -> int:
        return self._world.count("inbox_item")

    def _list(self, seen: list[tuple[int, UUID]]) -> None:
        after = 0
        while not self._written.is_set() or len(seen) < len(self.sent):
            complete = self._written.is_set() and self._numbered() == len(self.sent)  # before the page: nothing comes after it
            page = reading.page(HAARLEM, self._world.desk, after=after, limit=500)
            seen += [(bericht.volgnummer, bericht.id) for bericht in page.berichten]
            after = int(page.volgende)
            if not page.berichten:
                if complete:
                    return
                time.sleep(0.02)

    def _take(self, number: int) -> None:
        """Claim and acknowledge; one claim in ten is left lying for a second instead."""
        chance, world = Random(number), self._world
        while not self._written.is_set() or len(self.acknowledged) < len(self.sent):
            forget = chance.random() < 0.1
            claim = world.claim(maximum=100, seconds=1 if forget else 600)
            with self._lock:
                self.again |= self._done.intersection(_ids(claim))
            if not claim.berichten:
                if self._written.is_set() and self._numbered() == len(self.sent) and not self._open():
                    return
                time.sleep(0.05)
            elif not forget:
                self._acknowledge(claim)
                with self._lock:
                    self.acknowledged += _ids(claim)
                    self._done.update(_ids(claim))

    def _acknowledge(self, claim: Claim) -> None:
        """As a client does: a 503 (here a lock that another claimer held too long) is sent again, a bounded number of times."""
        for _ in range(RETRIES):
            try:
                claiming.acknowledge_claim(CLERK, HAARLEM, TRACE, claim.id, RECEIVED, self._world.desk)
            except Unavailable:
                continue
            return
        raise AssertionError(f"claim {claim.id} was refused {RETRIES} times")

    def _open(self) -> int:
        return int(self._world.rows("SELECT count(*) FROM inbox_item WHERE state IN ('bezorgd', 'geclaimd')")[0][0])


@contextmanager
def many_threads() -> Iterator[None]:
    """Let threads take turns often: a thread that waits for PostgreSQL is answered in less than the usual 5 ms."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _ids(claim: Claim) -> list[UUID]:
    return [bericht.id for bericht in claim.berichten]


def test_nothing_is_skipped_or_doubled_under_concurrent_writers(dsns: Dsns, tmp_path: Path) -> None:
    world = World(dsns, tmp_path)
    crowd = Crowd(world)
    with many_threads():
        crowd.run()
    sent = set(crowd.sent)
    assert len(crowd.sent) == len(sent) == MESSAGES // WRITERS * WRITERS
    for seen in crowd.listed:
        numbers, ids = [n for n, _ in seen], [id for _, id in seen]
        assert (len(sent - set(ids)), len(ids) - len(set(ids))) == (0, 0)  # skipped, doubled
        assert numbers == sorted(set(numbers))
    assert (len(sent - set(crowd.acknowledged)), len(crowd.acknowledged) - len(sent)) == (0, 0)
    assert crowd.again == set()
    assert world.rows("SELECT count(*), count(DISTINCT nr), min(nr), max(nr) - count(*) FROM log_leaf") == _gapless(world)
    assert world.rows("SELECT count(*), count(DISTINCT nr), count(DISTINCT bericht) FROM inbox_item") == [(MESSAGES,) * 3]
    report = world.verify()
    assert report.ok, report.findings
    world.close()


def _gapless(world: World) -> list[tuple[Any, ...]]:
    """All entries, numbered from 0 without a gap or a double."""
    entries = world.count("log_entry") - int(world.rows("SELECT coalesce(sum(cardinality(entries)), 0) FROM log_queue")[0][0])
    return [(entries, entries, 0, -1)]


class Naive:
    """The same pattern on an identity column: writers that commit late, pollers with `id > cursor`."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._written = threading.Event()
        self._sql("CREATE TABLE naief (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)")

    def run(self, transactions: int) -> tuple[int, list[int]]:
        """How many rows were written, and how many each poller missed."""
        with ThreadPoolExecutor(WRITERS + POLLERS) as pool:
            pollers = [pool.submit(self._list) for _ in range(POLLERS)]
            writers = [pool.submit(self._write, n, transactions) for n in range(WRITERS)]
            for writer in writers:
                writer.result()
            self._written.set()
            seen = [poller.result() for poller in pollers]
        rows = {int(row[0]) for row in self._sql("TABLE naief")}
        return len(rows), [len(rows - found) for found in seen]

    def _write(self, number: int, transactions: int) -> None:
        chance = Random(number)
        with psycopg.connect(self._dsn) as connection:
            for _ in range(transactions):
                connection.execute("INSERT INTO naief SELECT FROM generate_series(1, %s)", (chance.choice((1, 1, 5, 40, 200)),))
                time.sleep(chance.uniform(0, DELAY))
                connection.commit()

    def _list(self) -> set[int]:
        found: set[int] = set()
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            after, last = 0, False
            while not last:
                last = self._written.is_set()
                while rows := connection.execute("SELECT id FROM naief WHERE id > %s ORDER BY id LIMIT 500", (after,)).fetchall():
                    found.update(row[0] for row in rows)
                    after = rows[-1][0]
                time.sleep(0.005)
        return found

    def _sql(self, text: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._dsn) as connection:
            cursor = connection.execute(text)
            return cursor.fetchall() if cursor.description else []


def test_a_cursor_on_an_identity_column_skips(dsns: Dsns, record_testsuite_property: Callable[[str, object], None]) -> None:
    rows, missed = Naive(dsns.owner).run(transactions=50)
    record_testsuite_property("naive_rows", rows)
    record_testsuite_property("naive_missed", missed)
    assert all(missed), (rows, missed)
