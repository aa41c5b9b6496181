import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from gateway.core.errors import Unavailable
from gateway.store.database import Connection, Database, retrying
from gateway.store.embedded import EmbeddedPostgres
from gateway.store.prepare import Dsns
from tests.conftest import postmaster


@pytest.fixture
def database(dsns: Dsns) -> Iterator[Database]:
    """Two connections as owner, with a table of two rows."""
    made = Database(dsns.owner, name="proef", size=2, patience=1)
    with made.transaction() as connection:
        connection.execute("CREATE TABLE t (n int PRIMARY KEY, m int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        connection.execute("INSERT INTO t VALUES (1, 1), (2, 2)")
    yield made
    made.close()


def rows(database: Database) -> list[int]:
    with database.transaction() as connection:
        return [n for (n,) in connection.execute("SELECT n FROM t ORDER BY n").fetchall()]


def attempt(database: Database, *statements: str) -> None:
    """One transaction of these statements."""
    with database.transaction() as connection:
        for statement in statements:
            connection.execute(statement)


def one(connection: Connection, statement: str) -> object:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def test_block_that_ends_commits(database: Database) -> None:
    attempt(database, "INSERT INTO t VALUES (3, 3)")
    assert rows(database) == [1, 2, 3]


def test_exception_rolls_back_and_passes(database: Database) -> None:
    def work() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO t VALUES (3, 3)")
            raise KeyError

    with pytest.raises(KeyError):
        work()
    assert rows(database) == [1, 2]


def test_failing_commit_raises(database: Database) -> None:
    reached = []

    def work() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO t VALUES (3, 1)")  # the deferred constraint speaks at COMMIT only
            reached.append("end of the block")

    with pytest.raises(psycopg.errors.UniqueViolation):
        work()
    assert reached == ["end of the block"]
    assert rows(database) == [1, 2]


def test_swallowed_error_raises_instead_of_a_silent_rollback(database: Database) -> None:
    def work() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO t VALUES (3, 3)")
            with suppress(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO t VALUES (1, 9)")

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        work()
    assert rows(database) == [1, 2]


def test_swallowed_error_in_psycopg_alone_rolls_back_silently(dsns: Dsns) -> None:
    with psycopg.connect(dsns.owner, autocommit=True) as connection:  # the control: the trap exists
        connection.execute("CREATE TABLE s (n int PRIMARY KEY)")
        with connection.transaction():
            connection.execute("INSERT INTO s VALUES (1)")
            with suppress(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO s VALUES (1)")
        assert one(connection, "SELECT count(*) FROM s") == 0


def test_commit_inside_the_block_is_refused(database: Database) -> None:
    with pytest.raises(psycopg.ProgrammingError, match="commit"), database.transaction() as connection:
        connection.commit()
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        attempt(database, "COMMIT")


def test_session_has_limits_and_a_name(dsns: Dsns) -> None:
    database = Database(make_conninfo(dsns.log, options="-c work_mem=5MB"), name="proef", size=1)
    names = ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "application_name", "work_mem"]
    with database.transaction() as connection:
        found = [one(connection, f"SELECT current_setting('{name}')") for name in names]
        user = one(connection, "SELECT current_user::text")
    database.close()
    assert found == ["5s", "30s", "30s", "proef", "5MB"]
    assert user == "gw_log"


def test_statements_are_prepared(dsns: Dsns) -> None:
    database = Database(dsns.log, name="proef", size=1)
    for _ in range(3):
        with database.transaction() as connection:
            connection.execute("SELECT size FROM log_state WHERE size > %s", (1,))
    with database.transaction() as connection:
        count = one(connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%log_state%'")
    database.close()
    assert count == 1


def test_unique_violation_passes_through(database: Database) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        attempt(database, "INSERT INTO t VALUES (1, 9)")


def terminate(dsns: Dsns, pid: int) -> None:
    with psycopg.connect(dsns.owner, autocommit=True) as other:
        assert one(other, f"SELECT pg_terminate_backend({pid}, 5000)") is True


@pytest.mark.parametrize(
    ("setting", "statement"),
    [("statement_timeout", "SELECT pg_sleep(5)"), ("lock_timeout", "UPDATE t SET m = 7 WHERE n = 1")],
)
def test_timeouts_are_unavailable(database: Database, setting: str, statement: str) -> None:
    with database.transaction() as holder:
        holder.execute("SELECT FROM t WHERE n = 1 FOR UPDATE")
        with pytest.raises(Unavailable) as caught:
            attempt(database, f"SET LOCAL {setting} = '50ms'", statement)
    assert (caught.value.code, caught.value.retry_after) == ("DATABASE_NIET_BEREIKBAAR", 5)


def test_exhausted_pool_is_unavailable(database: Database) -> None:
    with database.transaction(), database.transaction():
        began = time.monotonic()
        with pytest.raises(Unavailable), database.transaction():
            pass
        assert 0.9 < time.monotonic() - began < 3
    assert rows(database) == [1, 2]


def test_wrong_password_is_unavailable(dsns: Dsns) -> None:
    database = Database(make_conninfo(dsns.log, password="anders"), name="proef", size=1, patience=0.3)
    with pytest.raises(Unavailable), database.transaction():
        pass
    database.close()


def test_terminated_connection_is_unavailable_and_leaves_the_pool(database: Database, dsns: Dsns) -> None:
    broken = []

    def work() -> None:
        with database.transaction() as connection:
            broken.append(connection.info.backend_pid)
            terminate(dsns, connection.info.backend_pid)
            connection.execute("SELECT 1")

    with pytest.raises(Unavailable):
        work()
    for _ in range(4):
        with database.transaction() as connection:
            assert connection.info.backend_pid not in broken


def deaf(connection: Connection) -> None:
    """From here on the server hears us, and we no longer hear the server."""
    with socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RD)


def test_connection_lost_during_commit_leaves_the_outcome_unknown_and_is_not_called_nothing(database: Database) -> None:
    def work() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO t VALUES (3, 3)")
            deaf(connection)

    with pytest.raises(Unavailable) as caught:
        work()
    assert (caught.value.code, caught.value.retry_after) == ("UITKOMST_ONBEKEND", None)
    until = time.monotonic() + 5
    while rows(database) != [1, 2, 3] and time.monotonic() < until:
        time.sleep(0.01)
    assert rows(database) == [1, 2, 3]  # it was done all the same


def test_connection_lost_before_commit_is_nothing_done(database: Database) -> None:
    def work() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO t VALUES (3, 3)")
            deaf(connection)
            connection.execute("SELECT 1")

    with pytest.raises(Unavailable) as caught:
        work()
    assert caught.value.code == "DATABASE_NIET_BEREIKBAAR"
    assert rows(database) == [1, 2]


def test_connections_that_died_idle_are_replaced_unnoticed(dsns: Dsns) -> None:
    database = Database(dsns.owner, name="proef", size=8, patience=1)
    with ExitStack() as all_at_once:
        pids = [all_at_once.enter_context(database.transaction()).info.backend_pid for _ in range(8)]
    for pid in pids:
        terminate(dsns, pid)
    with database.transaction() as connection:
        assert connection.info.backend_pid not in pids
    database.close()


def test_pool_recovers_from_a_killed_server(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path)
    database = Database(postgres.start(), name="proef", size=3, patience=0.8)
    with database.transaction() as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS n")
    os.kill(postmaster(tmp_path), signal.SIGKILL)
    for _ in range(7):  # long enough for the pool to have given up
        with pytest.raises(Unavailable):
            attempt(database, "SELECT pg_sleep(5)")
    postgres.start()
    began = time.monotonic()
    recovered = False
    while not recovered and time.monotonic() - began < 5:
        try:
            recovered = rows(database) == [1]
        except Unavailable:
            continue
    database.close()
    postgres.stop()
    assert recovered


def test_retrying_repeats_a_deadlock_until_both_are_done(database: Database) -> None:
    meet, runs = threading.Barrier(2), []

    def move(first: int, second: int) -> None:
        runs.append(first)
        with database.transaction() as connection:
            connection.execute("UPDATE t SET m = m + 10 WHERE n = %s", (first,))
            if len(runs) <= 2:
                meet.wait(5)
            connection.execute("UPDATE t SET m = m + 10 WHERE n = %s", (second,))

    other = threading.Thread(target=retrying, args=(lambda: move(2, 1),))
    other.start()
    retrying(lambda: move(1, 2))
    other.join()
    assert len(runs) == 3  # one of the two ran again
    with database.transaction() as connection:
        assert connection.execute("SELECT n, m FROM t ORDER BY n").fetchall() == [(1, 21), (2, 22)]


def test_retrying_repeats_a_serialization_failure(database: Database) -> None:
    runs = 0

    def increase() -> int:
        nonlocal runs
        runs += 1
        with database.transaction() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            value = one(connection, "SELECT m FROM t WHERE n = 1")
            if runs == 1:
                with database.transaction() as other:
                    other.execute("UPDATE t SET m = 100 WHERE n = 1")
            connection.execute("UPDATE t SET m = m + 1 WHERE n = 1")
            assert isinstance(value, int)
            return value

    assert retrying(increase) == 100
    assert runs == 2


def test_retrying_gives_up_as_unavailable_and_repeats_nothing_else() -> None:
    runs = 0

    def work(error: Exception) -> None:
        nonlocal runs
        runs += 1
        raise error

    with pytest.raises(Unavailable):
        retrying(lambda: work(psycopg.errors.DeadlockDetected()), attempts=3)
    assert runs == 3
    with pytest.raises(psycopg.errors.UniqueViolation):
        retrying(lambda: work(psycopg.errors.UniqueViolation()))
    assert runs == 4
