"""Runs the tests on one mutant after another, in a copy of the project, each in a fork that has the libraries loaded already.

A mutant is killed when a test fails, or when it makes the tests hang. Leaves what is planted to `mutants`.
"""

import contextlib
import importlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.mutation.mutants import Mutant

SECONDS = 120
_LIBRARIES = (
    "pytest", "psycopg", "psycopg_pool", "alembic.command", "sqlalchemy", "msgspec", "stdnum.nl.bsn", "structlog",
    "cryptography.x509", "typer.testing", "rich.table", "holidays.countries.netherlands", "jsonschema_rs", "starlette.routing", "yaml",
)  # fmt: skip


Tests = dict[str, list[str]]
"""By the beginning of a mutant's path (the first that fits): the tests that must notice."""


def noticing(mutant: Mutant, tests: Tests) -> list[str]:
    """The tests that must notice a mutant."""
    return next(found for prefix, found in tests.items() if mutant.path.startswith(prefix))


def survivors(root: Path, work: Path, mutants: Iterable[Mutant], tests: Tests, workers: int = 2) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant with whether it lived."""
    for name in _LIBRARIES:
        importlib.import_module(name)
    whole = _copy(root, work / "whole")  # nobody's edit reaches a run that has begun
    copies = [_copy(whole, work / str(number)) for number in range(workers)]
    running: dict[int, tuple[Path, Mutant, float]] = {}
    for mutant in mutants:
        while not copies:
            yield from _reap(whole, running, copies)
        place = copies.pop()
        (place / mutant.path).write_text(mutant.text, encoding="utf-8")
        running[_start(place, noticing(mutant, tests))] = (place, mutant, time.monotonic())
    while running:
        yield from _reap(whole, running, copies)


def passes(root: Path, work: Path, paths: list[str]) -> bool:
    """Whether the tests pass on the project as it is: without that a killed mutant means nothing."""
    nothing = Mutant("README.md", "none", (root / "README.md").read_text(encoding="utf-8"))
    return all(lived for _, lived in survivors(root, work / "control", [nothing], {"README.md": paths}, workers=1))


def _copy(root: Path, place: Path) -> Path:
    place.mkdir(parents=True)
    for name in ("gateway", "schemas", "adapters", "certs", "tests", "openapi"):
        shutil.copytree(root / name, place / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy2(root / name, place / name)
    return place


def _start(place: Path, paths: list[str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        os.chdir(place)
        for name in [n for n in sys.modules if n.partition(".")[0] in {"gateway", "schemas", "adapters", "certs", "tests", "conftest"}]:
            del sys.modules[name]
        sys.path[:] = [str(place)] + [p for p in sys.path if p and not (Path(p) / "gateway").is_dir()]
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), 1)
            os.dup2(nothing.fileno(), 2)
        pytest = importlib.import_module("pytest")
        os._exit(int(pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", *paths])))
    finally:
        os._exit(99)


def _reap(whole: Path, running: dict[int, tuple[Path, Mutant, float]], copies: list[Path]) -> Iterator[tuple[Mutant, bool]]:
    """Wait until one has ended or hung; its copy is mended and free again."""
    while True:
        for pid, (place, mutant, begun) in list(running.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            hung = not ended and time.monotonic() - begun > SECONDS
            if hung:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            if ended or hung:
                del running[pid]
                shutil.copy2(whole / mutant.path, place / mutant.path)
                copies.append(place)
                yield mutant, bool(ended) and os.waitstatus_to_exitcode(status) == 0
                return
        time.sleep(0.02)
