"""Owner processes of an embedded PostgreSQL, to signal and to kill."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
# An owner process as the wiring makes it: prints its conninfo, waits for SIGTERM or SIGINT, drains (its commit) and stops.
OWNER = """
import signal, sys, threading, time
from pathlib import Path
import psycopg
from gateway.store.embedded import EmbeddedPostgres
asked = threading.Event()
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: asked.set())
postgres = EmbeddedPostgres(Path(sys.argv[1]))
dsn = postgres.start()
with psycopg.connect(dsn) as work:
    work.execute("CREATE TABLE IF NOT EXISTS t (n int)")
    work.commit()
    print(dsn, flush=True)
    asked.wait()
    work.execute("INSERT INTO t SELECT 1 FROM pg_sleep(0.3)")
postgres.stop()
"""


def run_owner(state: Path, *prefix: str, path: str = os.defpath) -> tuple[subprocess.Popen[str], str]:
    environment = {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [*prefix, sys.executable, "-c", OWNER, str(state)]
    owner = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/", env=environment)
    assert owner.stdout is not None
    return owner, owner.stdout.readline().strip()


def finish(owner: subprocess.Popen[str]) -> str:
    _, errors = owner.communicate(timeout=30)
    return errors


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)
