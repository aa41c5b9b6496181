"""`file`: canonical XML over SFTP, until every signal has its place in an inbox; beside the raw parse and raw COPY of the same file.

The edge (`seinhuis sftp`), the workers (`seinhuis verwerk`) and the gateway that numbers the log are processes of their own. The clock runs
from the first byte sent to the moment that every message is numbered in `inbox_item`; the report comes after it. Measured with one process
of two threads, and, with other files of the same size, with one worker (a process of one thread) and with two that share the file. Memory
is the peak of the workers and of the edge. The raw parse is expat without handlers; what raw COPY is stands in `rawcopy`. Authority:
`docs/performance.md`.
"""

import asyncio
import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from xml.parsers import expat  # noqa: TID251 - the raw parse, of a file that we made ourselves

import asyncssh

from adapters.client import xml
from adapters.synthetic.generator import Generator
from gateway.app.house import open_office
from gateway.bench.rawcopy import OF_FILES, RawCopy
from gateway.bench.world import Failed, Load, Meter, Result, World, one
from gateway.onboarding import registration
from gateway.partners.mailroom import SftpSleutel
from gateway.sandbox.parties import SCHULDEISERS, creditors, places

COPIED = 60
"""Chunks whose rows are copied, at most: raw COPY keeps them all in memory."""
LOOK_SECONDS = 0.05
PATIENCE = 3_600.0
_READ = "SELECT state NOT IN ('schrijvend', 'klaargezet', 'ontvangen') FROM bestand WHERE naam = %s"
_DELIVERED = """
SELECT NOT EXISTS (SELECT FROM bestand_deel d JOIN bestand b ON b.id = d.bestand WHERE b.naam = %s AND d.done IS NULL)
"""
_ENDED = "SELECT finished IS NOT NULL FROM bestand WHERE naam = %s"
_numbers, _seeds = count(1), count(1_000)


class _Run(NamedTuple):
    """One file: seconds until it was sent, accepted and delivered, and what the workers and the edge took."""

    sent: float
    accepted: float
    wall: float
    workers: list[Load]
    edge: Load


def measure(world: World, signals: int) -> Result:
    """One file of so many signals by one process, others by one worker and by two. Raises Failed."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    row = SftpSleutel(hashlib.sha256(key.public_data).digest(), SCHULDEISERS[0].oin, "ssh-ed25519", world.clock.now())
    with open_office(world.sandbox.settings, world.clock) as office:
        registration.save(office, row)
    path = world.sandbox.state / "bench.xml"
    _write(world, path, signals)
    size, parse, first = path.stat().st_size, _parse(path), world.numbered()
    whole = _run(world, path, signals, key, threads=2)
    copies = RawCopy(world.database, OF_FILES)
    copied = min(signals, COPIED * 1_000) / copies.copy_round(first, COPIED)
    _write(world, path, signals)
    one_worker = _run(world, path, signals, key)
    _write(world, path, signals)
    two_workers = _run(world, path, signals, key, processes=2)
    path.unlink()
    runs = (whole, one_worker, two_workers)
    return {
        "signals": signals,
        "file_mb": round(size / 1e6, 1),
        "signals_per_second": round(signals / whole.wall),
        "one_worker_signals_per_second": round(signals / one_worker.wall),
        "two_workers_signals_per_second": round(signals / two_workers.wall),
        "two_workers_ratio": round(one_worker.wall / two_workers.wall, 2),
        "upload_mb_per_second": round(size / 1e6 / whole.sent, 1),
        "pass_1_signals_per_second": round(signals / (whole.accepted - whole.sent)),
        "parse_signals_per_second": round(signals / parse),
        "copy_signals_per_second": round(copied),
        "copy_ratio": round(signals / whole.wall / copied, 3),
        "signals_per_cpu_second": round(signals / one_worker.workers[0].gateway_cpu),
        "peak_memory_mb": round(max(load.peak_mb for run in runs for load in run.workers)),
        "edge_peak_memory_mb": round(max(run.edge.peak_mb for run in runs)),
    }


def _run(world: World, path: Path, signals: int, key: asyncssh.SSHKey, threads: int = 1, processes: int = 1) -> _Run:
    before, name = world.messages(), f"bench-{next(_numbers)}.xml"
    words = ("verwerk", "--werkers", str(threads))
    with ExitStack() as stack:
        edge, told = stack.enter_context(world.sandbox.beside("sftp"))
        pids = [stack.enter_context(world.sandbox.beside(*words))[0] for _ in range(processes)]
        meters, at_edge = [Meter(pid) for pid in pids], Meter(edge)
        begun = time.perf_counter()
        asyncio.run(_upload(path, name, key, told["klaar"]["sftp"]))
        sent = time.perf_counter() - begun
        _until(world, _READ, name)
        accepted = time.perf_counter() - begun
        _until(world, _DELIVERED, name)
        world.numbered()
        wall = time.perf_counter() - begun
        loads, load = [meter.read() for meter in meters], at_edge.read()
        _until(world, _ENDED, name)
    if world.messages() - before != signals:
        raise Failed("niet elk signaal staat in een inbox")
    return _Run(sent, accepted, wall, loads, load)


async def _upload(path: Path, name: str, key: asyncssh.SSHKey, port: int) -> None:
    connection = await asyncssh.connect("127.0.0.1", port, username=SCHULDEISERS[0].oin, client_keys=[key], known_hosts=None)
    async with connection, connection.start_sftp_client() as client:
        await client.put(str(path), f"in/{name}.part")
        await client.rename(f"in/{name}.part", f"in/{name}")


def _until(world: World, query: str, name: str) -> None:
    until = time.perf_counter() + PATIENCE
    while not one(world.database, query, name):
        if time.perf_counter() > until:
            raise Failed("het bestand komt niet klaar")
        time.sleep(LOOK_SECONDS)


def _write(world: World, path: Path, signals: int) -> None:
    """New lawful signals of one creditor, as canonical XML."""
    party = creditors()[0]
    made = Generator(next(_seeds), places(), world.today, [party]).signals(signals)
    with path.open("wb") as file:
        file.writelines(xml.write({"sector": party.sector, "handelsnaam": party.handelsnaam}, _kinds(made)))


def _kinds(made: Iterator[dict[str, Any]]) -> Iterator[tuple[Any, dict[str, Any]]]:
    return (("signaal", value) for value in made)


def _parse(path: Path) -> float:
    """Seconds of reading the file with nobody listening."""
    begun = time.perf_counter()
    with path.open("rb") as file:
        expat.ParserCreate().ParseFile(file)
    return time.perf_counter() - begun
