"""Acknowledged means durable: gateway and PostgreSQL are killed (-9) under load, and nothing that was promised is gone.

Each kill is followed by a restart of everything. The controls show that this harness sees loss: a gateway that answers before
COMMIT, and a database that commits without waiting for its disk. `SEINHUIS_PROOF=1` makes it 100 kills.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random  # noqa: TID251 - seeded

import pytest

from tests.faults.harness import EARLY, SERVE, Load, Machine, eventually, inbox

KILLS = 100 if os.environ.get("SEINHUIS_PROOF") else 12
CONTROL_KILLS = 3
Kill = Callable[[Machine], None]
Make = Callable[..., Machine]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Machine] = []

    def machine(program: tuple[str, ...] = SERVE) -> Machine:
        made.append(Machine(tmp_path, program))
        made[-1].start()
        return made[-1]

    yield machine
    for one in made:
        one.stop()


def gateway(machine: Machine) -> None:
    machine.kill_gateway()


def database(machine: Machine) -> None:
    """First the database alone, with the gateway still answering; then what is left."""
    machine.kill_database()
    time.sleep(0.3)
    machine.kill_gateway()


def both(machine: Machine) -> None:
    machine.kill_database()
    machine.kill_gateway()


def cycle(machine: Machine, kill: Kill, chance: Random) -> None:
    time.sleep(chance.uniform(0.3, 1.3))
    kill(machine)
    machine.start()


def stored(machine: Machine) -> list[str]:
    with machine.owner() as owner:
        return [str(kenmerk) for (kenmerk,) in owner.execute("SELECT kenmerk FROM bericht")]


def numbered(machine: Machine) -> bool:
    with machine.owner() as owner:
        return owner.execute("SELECT count(*) FROM log_queue").fetchone() == (0,)


def test_nothing_acknowledged_is_lost_under_kills(
    make: Make, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    machine, chance = make(), Random(1)
    load = Load(machine, tmp_path)
    with load.running():
        for n in range(KILLS):
            cycle(machine, both if n % 5 == 4 else (gateway, database)[n % 2], chance)
    assert eventually(lambda: numbered(machine))
    books, kept, shown = load.books, stored(machine), inbox(machine)
    figures = {
        "kills": KILLS,
        "acknowledged": len(books.acknowledged),
        "lost": len(books.acknowledged - set(kept)),
        "unexpected": len(set(kept) - books.attempted),
        "stored": len(kept),
        "broken_requests": books.broken,
        "resumed_deliveries": books.resumed,
    }
    for name, value in figures.items():
        record_testsuite_property(f"kills_{name}", value)
    assert (figures["lost"], figures["unexpected"]) == (0, 0), figures
    assert len(kept) == len(set(kept)) == len(shown) == len(set(shown)), figures
    assert books.ids <= set(shown)
    report = machine.verify()
    assert report.ok, report.findings
    assert len(books.ids) > 10 * KILLS, figures  # there was load
    assert books.broken >= KILLS, figures  # and the kills met it
    assert books.resumed > 0, figures
    assert books.continued > 0, figures


def test_an_answer_before_the_commit_does_lose(make: Make, tmp_path: Path) -> None:
    machine, chance = make(EARLY), Random(1)
    load = Load(machine, tmp_path, batches=False)
    with load.running():
        for n in range(CONTROL_KILLS):
            cycle(machine, (gateway, both)[n % 2], chance)
    assert load.books.acknowledged - set(stored(machine))


def test_a_commit_that_does_not_wait_for_the_disk_does_lose(make: Make, tmp_path: Path) -> None:
    machine, chance = make(), Random(1)
    load = Load(machine, tmp_path, batches=False)
    with load.running():
        for _ in range(CONTROL_KILLS):
            stop_waiting(machine)
            cycle(machine, both, chance)
    assert load.books.acknowledged - set(stored(machine))


def stop_waiting(machine: Machine) -> None:
    """Behind the back of the start-up check: the sessions that begin now do not wait for the disk, later ones do again.

    What commits without waiting is written by PostgreSQL's WAL writer, five times a second by default: a fast machine may have nothing
    to lose at the moment of a kill. So the writer is slowed down too; a commit that does wait does not depend on it.
    """
    with machine.owner() as owner:
        owner.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        owner.execute("ALTER SYSTEM SET wal_writer_flush_after = '1GB'")
        owner.execute("SELECT pg_reload_conf()")
        owner.execute("ALTER DATABASE seinhuis SET synchronous_commit = off")
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('gw_ingest', 'gw_log')")
        time.sleep(0.5)
        owner.execute("ALTER DATABASE seinhuis RESET synchronous_commit")
