import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gateway.core.errors import Misconfigured
from gateway.store.embedded import EmbeddedPostgres
from tests.conftest import postmaster


def test_password_wrong_or_absent_is_refused(cluster: EmbeddedPostgres) -> None:
    dsn = cluster.start()
    psycopg.connect(dsn).close()  # the right one passes
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(dsn, password="anders"))
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(make_conninfo(host=str(conninfo_to_dict(dsn)["host"]), user="seinhuis_owner", dbname="seinhuis"))


def test_cluster_is_scram_utf8_checksummed_durable_and_off_the_network(cluster: EmbeddedPostgres) -> None:
    wanted = {
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
        "password_encryption": "scram-sha-256",
    }
    with psycopg.connect(cluster.start()) as connection:
        query = "SELECT name, setting FROM pg_settings WHERE name = ANY (%s)"
        found: dict[str, str] = dict(connection.execute(query, (list(wanted),)).fetchall())
        rules = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        locale = connection.execute("SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = current_database()").fetchone()
    assert found == wanted
    assert rules == [("scram-sha-256",)]
    assert locale == ("b", "C.UTF-8")


def test_files_are_private(started: Callable[[], EmbeddedPostgres], tmp_path: Path) -> None:
    started().start()
    pg = tmp_path / "pg"
    folders = [pg, pg / "data", pg / "run", pg / "log"]
    files = [pg / "wachtwoord", pg / "verbinding", pg / "eigenaar.lock", pg / "data.lock", *(pg / "log").glob("postgresql-*")]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def log_text(state: Path, canary: str, setting: str) -> str:
    """What the log holds after failing statements with a canary as text, as value and in a message, under a log_min_messages."""
    owner = EmbeddedPostgres(state)
    with psycopg.connect(owner.start(), autocommit=True) as connection:
        connection.execute("SELECT set_config('log_min_messages', %s, false)", (setting,))
        for statement, values in ((f"SELECT '{canary}'::int", None), ("SELECT %s::text::int", (canary,))):
            with pytest.raises(psycopg.errors.InvalidTextRepresentation):
                connection.execute(statement, values)
        connection.execute("SELECT pg_reload_conf()")  # a line to wait for
    owner.stop()
    return "".join(path.read_text() for path in (state / "pg" / "log").iterdir())


def test_log_holds_nothing_of_a_statement(tmp_path: Path) -> None:
    text = log_text(tmp_path, "Kanariegeel", "log")
    assert "ready to accept connections" in text
    assert "Kanariegeel" not in text


def test_log_with_errors_on_would_hold_it(tmp_path: Path) -> None:
    assert "Kanariegeel" in log_text(tmp_path, "Kanariegeel", "error")  # the control


def test_restart_keeps_data_and_conninfo(started: Callable[[], EmbeddedPostgres]) -> None:
    first = started()
    dsn = first.start()
    assert first.start() == dsn  # again is harmless
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")
    first.stop()
    first.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(dsn)
    second = started()
    assert second.start() == dsn
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT n FROM t").fetchall() == [(7,)]


def test_pid_file_of_another_process_is_harmless(tmp_path: Path, started: Callable[[], EmbeddedPostgres]) -> None:
    first = started()
    first.start()
    os.kill(postmaster(tmp_path), signal.SIGKILL)
    first.stop()
    path = tmp_path / "pg" / "data" / "postmaster.pid"
    path.write_text(path.read_text().replace(path.read_text().splitlines()[0], str(os.getppid()), 1))
    second = started()
    psycopg.connect(second.start()).close()


def test_data_in_use_by_a_postgres_that_is_not_ours_is_left_alone(tmp_path: Path, started: Callable[[], EmbeddedPostgres]) -> None:
    dsn = started().start()
    for lock in ("eigenaar.lock", "data.lock"):
        (tmp_path / "pg" / lock).unlink()  # as if it was started by hand, without our locks
    second = started()
    with pytest.raises(Misconfigured, match="niet van ons"):
        second.start()
    assert not second.owned
    psycopg.connect(dsn).close()


def test_lost_password_is_told(started: Callable[[], EmbeddedPostgres], tmp_path: Path) -> None:
    postgres = started()
    postgres.start()
    postgres.stop()
    (tmp_path / "pg" / "wachtwoord").unlink()
    with pytest.raises(Misconfigured, match="wachtwoord"):
        postgres.start()
    assert not postgres.owned


def test_deep_state_folder_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path / ("diep" * 20) / "state")
    dsn = postgres.start()
    sockets = Path(str(conninfo_to_dict(dsn)["host"]))
    psycopg.connect(dsn).close()
    assert sockets.stat().st_mode & 0o777 == 0o700
    postgres.stop()
    assert not sockets.exists()


def test_start_outside_the_main_thread_is_refused(tmp_path: Path) -> None:
    refused: list[str] = []

    def attempt() -> None:
        try:
            EmbeddedPostgres(tmp_path).start()
        except Misconfigured as error:
            refused.append(str(error))

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert len(refused) == 1
