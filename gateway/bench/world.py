"""What every measurement works with: a gateway of its own as a separate process, its weight in /proc, prepared signals.

The load generator is the measuring process; `Load` tells how busy it was, so that it shows when it, and not the gateway, was the
limit. Linux only. Leaves what is measured to the modules beside this one.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import psycopg

from adapters.synthetic.aanmelddienst import Persoon
from adapters.synthetic.generator import Generator
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import SeinhuisError
from gateway.sandbox.login import employ, login_service
from gateway.sandbox.parties import creditors, places
from gateway.sandbox.sandbox import Sandbox
from gateway.store.embedded import EmbeddedPostgres

Result = dict[str, float]
_TICKS = os.sysconf("SC_CLK_TCK")
_ANY_PORT = {"SEINHUIS_PORT": "0", "SEINHUIS_PUBLIC_PORT": "0", "SEINHUIS_INNER_PORT": "0", "SEINHUIS_SFTP_PORT": "0"}
_NO_WORKERS = {"SEINHUIS_FILE_WORKERS": "0"}


class Failed(SeinhuisError):
    """The gateway did not do what was asked, so there is nothing to measure."""

    def __init__(self, detail: str) -> None:
        super().__init__("METING", f"De meting is mislukt: {detail}.")


class World:
    """A running gateway, and the owner's connection to its database (`database`, autocommit)."""

    def __init__(self, sandbox: Sandbox, clock: Clock, database: psycopg.Connection[Any]) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self.database = database
        self._seeds = count(1)

    @property
    def today(self) -> date:
        """The last day a signal can have."""
        return dutch_day(self.clock.now())

    def signals(self, creditor: int, n: int) -> list[dict[str, Any]]:
        """New lawful signals of one creditor (its place in the sandbox); none comes twice."""
        return list(Generator(next(self._seeds), places(), self.today, [creditors()[creditor]]).signals(n))

    def messages(self) -> int:
        """How many messages have their place in an inbox."""
        return int(one(self.database, "SELECT count(*) FROM inbox_item"))

    def numbered(self, patience: float = 60) -> int:
        """Wait until all that is committed is numbered; returns the size of the log. Raises Failed after `patience` seconds."""
        until = time.perf_counter() + patience
        while one(self.database, "SELECT EXISTS (SELECT FROM log_queue)"):
            if time.perf_counter() > until:
                raise Failed("de nummering van de log blijft achter")
            time.sleep(0.005)
        return int(one(self.database, "SELECT size FROM log_state"))


class Load(NamedTuple):
    """What a stretch of work took: seconds of wall clock, CPU seconds of gateway and generator, gateway's peak memory (MB)."""

    wall: float
    gateway_cpu: float
    client_cpu: float
    peak_mb: float


class Meter:
    """Begin now; `read` at the end."""

    def __init__(self, pid: int) -> None:
        self._proc = Path("/proc") / str(pid)
        (self._proc / "clear_refs").write_text("5")  # the peak of memory counts from here
        self._cpu, self._own, self._begun = self._ticks(), time.process_time(), time.perf_counter()

    def read(self) -> Load:
        """Since the beginning."""
        wall, own = time.perf_counter() - self._begun, time.process_time() - self._own
        peak = next(line for line in (self._proc / "status").read_text().splitlines() if line.startswith("VmHWM:"))
        return Load(wall, (self._ticks() - self._cpu) / _TICKS, own, int(peak.split()[1]) / 1024)

    def _ticks(self) -> int:
        fields = (self._proc / "stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])  # utime, stime


@contextmanager
def open_world(clock: Clock, people: tuple[Persoon, ...] = ()) -> Iterator[World]:
    """A gateway in a temporary folder, with `people` who can log in to its console; stopped and removed at the end. Raises Unavailable."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="seinhuis-bench-"))
        console = stack.enter_context(login_service(Path(folder), people))
        sandbox = Sandbox(Path(folder) / "staat", clock, **_ANY_PORT, **_NO_WORKERS, **console)
        sandbox.prepare()
        employ(sandbox, clock)
        stack.callback(sandbox.stop)
        sandbox.start()
        owner = EmbeddedPostgres(sandbox.state).start()  # the gateway owns it, we join
        yield World(sandbox, clock, stack.enter_context(psycopg.connect(owner, autocommit=True)))


def one(connection: psycopg.Connection[Any], query: str, *parameters: object) -> Any:  # noqa: ANN401 - whatever was asked for
    """The first column of the first row. Raises LookupError without one."""
    row = connection.execute(query, parameters).fetchone()
    if row is None:
        raise LookupError(query)
    return row[0]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values stay at or below; of an empty sequence 0."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
