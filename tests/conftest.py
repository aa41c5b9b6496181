"""Real PostgreSQL for every test that wants one: one cluster per run, one schema made by the migrations, a copy of it per test."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from gateway.core.clock import SystemClock
from gateway.store.embedded import EmbeddedPostgres
from gateway.store.prepare import Dsns, prepare
from tests.tools import pytest_runtest_makereport, pytest_terminal_summary

__all__ = ["pytest_runtest_makereport", "pytest_terminal_summary"]  # the hooks that say what was not run

TEMPLATE = "sjabloon"
_numbers = count(1)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A running PostgreSQL of ours, as safe as in production; `start()` returns the owner's conninfo."""
    postgres = EmbeddedPostgres(tmp_path_factory.mktemp("cluster"))
    postgres.start()
    yield postgres
    postgres.stop()


@pytest.fixture(scope="session")
def template(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Dsns:
    """The database that the others are copies of; do not connect to it in a test."""
    owner = cluster.start()
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    return prepare(make_conninfo(owner, dbname=TEMPLATE), tmp_path_factory.mktemp("rollen"), SystemClock())


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The search for canaries comes last: it looks through what every other test left behind."""
    items.sort(key=lambda item: "zz_canaries" in item.path.parts)
