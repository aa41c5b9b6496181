"""Real PostgreSQL for every test that wants one: one cluster per run, one schema made by the migrations, a copy of it per test."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from gateway.core.clock import SystemClock
from gateway.store.embedded import EmbeddedPostgres
from gateway.store.prepare import Dsns, prepare
from tests.canaries import left_behind
from tests.processes import pytest_collection_modifyitems, pytest_xdist_make_scheduler
from tests.tenants import SIGNER
from tests.tokens import slot, token_folder
from tests.tools import pytest_runtest_makereport, pytest_terminal_summary

__all__ = [
    "pytest_collection_modifyitems",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
    "pytest_xdist_make_scheduler",
    "slot",
    "token_folder",
]  # the hooks that say what runs where and what was not run; a token

TEMPLATE = "sjabloon"
MEMORY, ENOUGH = Path("/dev/shm"), 6 << 30
_numbers = count(1)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A running PostgreSQL of ours, with the settings of production; `start()` returns the owner's conninfo.

    Its files lie in memory where there is enough: a database per test is mostly files to write, 200 ms on a disk and 30 in memory.
    What needs a disk, as the kills do, starts a PostgreSQL of its own.
    """
    kept = tmp_path_factory.mktemp("cluster")
    with _folder(kept) as folder:
        postgres = EmbeddedPostgres(folder)
        postgres.start()
        yield postgres
        postgres.stop()


@contextmanager
def _folder(kept: Path) -> Iterator[Path]:
    """A folder in memory, or `kept`; what is left in it at the end lies in `kept`, where the search for canaries comes."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ENOUGH:
        yield kept
        return
    with TemporaryDirectory(prefix="seinhuis-", dir=MEMORY) as folder:
        yield Path(folder)
        shutil.copytree(folder, kept, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def template(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Dsns:
    """The database that the others are copies of; do not connect to it in a test."""
    owner = cluster.start()
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    dsns = prepare(make_conninfo(owner, dbname=TEMPLATE), tmp_path_factory.mktemp("rollen"), SystemClock())
    SIGNER.teach(dsns.owner)
    return dsns


@pytest.fixture
def dsns(cluster: EmbeddedPostgres, template: Dsns) -> Iterator[Dsns]:
    """A database of its own for one test: a conninfo per role."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(cluster.start(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")  # 80 ms; WAL_LOG took 140
        yield Dsns(*(make_conninfo(dsn, dbname=name) for dsn in template))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def postmaster(state: Path) -> int:
    """The process number of the PostgreSQL in a state folder, to kill it with."""
    return int((state / "pg" / "data" / "postmaster.pid").read_text().splitlines()[0])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The search for canaries comes last: no test of this run left a person anywhere. One process does it, for all that ran tests."""
    if hasattr(session.config, "workerinput"):
        return
    base: Path = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # what the fixture of this name is made of
    if found := left_behind(base):
        sys.stderr.write("\n".join(("", "Een persoon bleef achter in:", *found, "")))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
