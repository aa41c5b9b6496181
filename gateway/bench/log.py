"""`log`: how fast an outsider verifies an export, with one process and nothing of the gateway.

The log of this gateway is written out as `seinhuis log uitvoer` does; then its entries are repeated under new numbers until there are as
many leaves as wanted, with a checkpoint per 1,000 under a key of the bench, so that it is the verifier that is measured and not an empty
log. Both must hold. Authority: `docs/performance.md`, `docs/log.md`.
"""

import secrets
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import msgspec

from adapters.client import logcheck
from gateway.app.audit import open_audit
from gateway.bench.batch import DELIVERY, deliver
from gateway.bench.world import Failed, Result, World
from gateway.privacylog import export
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.sequencer import CHECKPOINT_LEAVES
from gateway.privacylog.tree import Frontier

LEAST = 10_000


def measure(world: World, leaves: int) -> Result:
    """Write out and verify; figures of the export, of the log itself and of `leaves` leaves. Raises Failed when one does not hold."""
    missing = LEAST - world.messages()
    if missing > 0:
        deliver(world, -(-missing // DELIVERY))
    world.numbered()
    own, long = world.sandbox.state / "log.jsonl", world.sandbox.state / "log-lang.jsonl"
    with open_audit(world.sandbox.settings, world.clock) as audit:
        begun = time.perf_counter()
        with audit.database.transaction() as connection, own.open("wb") as file:
            file.writelines(export.lines(connection))
        wrote = time.perf_counter() - begun
        found, _ = _verified(own, audit.verifier.vkey)
    signer = CheckpointSigner("seinhuis.example/bench", secrets.token_bytes(32))
    with long.open("wb") as file:
        file.writelines(_repeated(own, leaves, signer))
    busy = time.process_time()
    checked, wall = _verified(long, signer.verifier.vkey)
    busy = time.process_time() - busy
    size = long.stat().st_size
    return {
        "leaves": checked.leaves,
        "leaves_per_second": round(checked.leaves / wall),
        "leaves_per_cpu_second": round(checked.leaves / busy),
        "checkpoints": checked.checkpoints,
        "megabytes": round(size / 1e6),
        "megabytes_per_second": round(size / 1e6 / wall),
        "export_leaves_per_second": round(found.leaves / wrote),
    }


def _verified(file: Path, vkey: str) -> tuple[logcheck.Report, float]:
    begun = time.perf_counter()
    with file.open("rb", buffering=logcheck.BUFFER) as lines:
        report = logcheck.verify(lines, vkey)
    if not report.ok or not report.leaves:
        raise Failed(f"de uitvoer van de log klopt niet: {report.findings[:1]}")
    return report, time.perf_counter() - begun


def _repeated(file: Path, leaves: int, signer: CheckpointSigner) -> Iterator[bytes]:
    """The leaves of an export, again and again under new numbers, and checkpoints over them."""
    with file.open("rb") as lines:
        ours = [line.partition(b",")[2] for line in lines if line.startswith(b'{"nr":')][-LEAST:]  # of minutes: times go with numbers
    frontier = Frontier()
    for nr, rest in enumerate(islice(cycle(ours), leaves)):
        frontier.extend([bytes.fromhex(rest[8:72].decode())])
        yield b'{"nr":%d,%b' % (nr, rest)
        if frontier.size % CHECKPOINT_LEAVES == 0:
            yield msgspec.json.encode({"controlepunt": signer.sign(frontier.size, frontier.root())}) + b"\n"
