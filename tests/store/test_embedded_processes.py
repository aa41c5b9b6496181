import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from gateway.core.errors import Unavailable
from gateway.store.embedded import EmbeddedPostgres
from tests.conftest import postmaster
from tests.store.owner import ROOT, alive, finish, gone_within, run_owner


def test_killed_postmaster_restarts_at_once_with_every_commit(started: Callable[[], EmbeddedPostgres], tmp_path: Path) -> None:
    postgres = started()
    dsn = postgres.start()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (n int)")
        for n in range(1000):
            connection.execute("INSERT INTO t VALUES (%s)", (n,))
    server = postmaster(tmp_path)
    os.kill(server, signal.SIGKILL)
    assert gone_within(server, 5)
    assert postgres.start() == dsn
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT count(*), sum(n) FROM t").fetchone() == (1000, 499500)


def test_killed_owner_takes_postgres_along_within_5_seconds(tmp_path: Path) -> None:
    owner, dsn = run_owner(tmp_path)
    server = postmaster(tmp_path)
    psycopg.connect(dsn).close()
    owner.kill()
    finish(owner)
    assert gone_within(server, 5)


def test_orphan_is_stopped_by_the_next_owner(tmp_path: Path, started: Callable[[], EmbeddedPostgres]) -> None:
    owner, dsn = run_owner(tmp_path)
    server = postmaster(tmp_path)
    os.kill(server, signal.SIGSTOP)  # deaf to the signal that comes with its owner's death
    owner.kill()
    finish(owner)
    assert alive(server)
    threading.Timer(0.5, os.kill, (server, signal.SIGCONT)).start()
    postgres = started()
    assert postgres.start() == dsn
    assert postgres.owned
    assert not alive(server)
    psycopg.connect(dsn).close()


def test_second_process_connects_and_does_not_own(tmp_path: Path, started: Callable[[], EmbeddedPostgres]) -> None:
    owner, dsn = run_owner(tmp_path)
    guest = started()
    assert guest.start() == dsn
    assert not guest.owned
    guest.stop()
    psycopg.connect(dsn).close()  # still there
    assert guest.alive
    owner.terminate()
    finish(owner)
    assert not guest.alive  # it can end, and be started again


def test_second_process_fails_clearly_when_the_owner_has_no_database(tmp_path: Path) -> None:
    owner, dsn = run_owner(tmp_path)
    server = postmaster(tmp_path)
    os.kill(server, signal.SIGKILL)
    assert gone_within(server, 5)
    with pytest.raises(Unavailable) as caught:
        EmbeddedPostgres(tmp_path, patience=0.5).start()
    assert caught.value.code == "DATABASE_NIET_BEREIKBAAR"
    assert str(conninfo_to_dict(dsn)["password"]) not in caught.value.detail
    owner.kill()
    finish(owner)


def test_eight_processes_at_once_have_one_owner(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from gateway.store.embedded import EmbeddedPostgres as E\n"
    program += "e = E(Path(sys.argv[1])); e.start(); print(e.owned, flush=True); sys.stdin.read(); e.stop()"
    command = [sys.executable, "-c", program, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    many = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(8)]
    answers = [process.stdout.readline().strip() for process in many if process.stdout]
    for process in many:
        process.communicate()
    assert sorted(answers) == ["False"] * 7 + ["True"]
    assert {process.returncode for process in many} == {0}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_to_owner_drains_and_stops(number: signal.Signals, tmp_path: Path, started: Callable[[], EmbeddedPostgres]) -> None:
    owner, _ = run_owner(tmp_path)
    server = postmaster(tmp_path)
    owner.send_signal(number)
    assert finish(owner) == ""
    assert owner.returncode == 0
    assert not alive(server)
    assert not (tmp_path / "pg" / "verbinding").exists()
    with psycopg.connect(started().start()) as connection:
        assert connection.execute("SELECT n FROM t").fetchall() == [(1,)]  # what was in progress was finished first


def test_interrupt_from_the_terminal_reaches_the_owner_only(tmp_path: Path, started: Callable[[], EmbeddedPostgres]) -> None:
    started().start()
    assert os.getpgid(postmaster(tmp_path)) != os.getpgid(0)
