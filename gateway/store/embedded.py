"""A real PostgreSQL in the state folder, started and stopped by us: the default when no database is given.

Decides who owns it (the first process, by a lock that dies with it), its settings, and when it stops. Authority: performance
reference, section 3 (traps 3-5), and architecture ("the first process owns the embedded PostgreSQL"). Two locks: the owner holds
`eigenaar.lock`; every PostgreSQL process inherits `data.lock`, so that a free `data.lock` proves that nothing writes the data any
more, whatever a process number says (a zombie, a number used again). Leaves the user it runs under to `programs`, schema and
roles to `prepare`. Linux only.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg.conninfo import make_conninfo

from gateway.core.errors import Misconfigured, Unavailable
from gateway.store.private import keep_private, write_private
from gateway.store.programs import Route, choose_route, environment, make_cluster, program

OWNER, DATABASE = "seinhuis_owner", "seinhuis"

T = TypeVar("T")

_SOCKET = ".s.PGSQL.5432"
_SOCKET_LIMIT = 107  # bytes of a socket's path, sockaddr_un
_STEP = 0.02
_STOPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))  # fast, immediate, hard: none loses a commit
_SETTINGS = {
    "listen_addresses": "",  # its socket only
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_compression": "on",  # pglz: the wheel is built without lz4
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "logging_collector": "on",  # one file per weekday, overwritten a week later
    "log_filename": "postgresql-%u.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_file_mode": "0600",
    # nothing of a statement may reach the log: no text, no values, no ERROR that quotes one (the client gets it anyway)
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class EmbeddedPostgres:
    """The PostgreSQL of one state folder. `patience`: seconds to wait for a start, or for another process to finish one."""

    def __init__(self, state: Path, *, patience: float = 60.0) -> None:
        self._state = state.resolve()
        self._folder = self._state / "pg"
        self._patience = patience
        self._lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None
        self._joined = False

    @property
    def owned(self) -> bool:
        """Whether this process started it, and so has to stop it."""
        return self._lock is not None

    @property
    def alive(self) -> bool:
        """Whether the server runs; for who joined: whether the owner offers it still. Before the start there is nothing to end."""
        if self._child is not None:
            return self._child.poll() is None
        return not self._joined or (self._folder / "verbinding").exists()

    def start(self) -> str:
        """Start it, or find the one that another process owns; calling again is harmless and restarts one that died.

        Returns the owner's conninfo. Call it from the main thread: the kernel stops PostgreSQL when the thread that started it
        ends. Raises Misconfigured (cannot run here; wrong thread), Unavailable (the owner does not answer).
        """
        if threading.current_thread() is not threading.main_thread():
            raise Misconfigured("De ingebouwde PostgreSQL start alleen vanuit de hoofdthread.")
        self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if not self.owned:
            self._lock = _lock(self._folder / "eigenaar.lock")
        self._joined = not self.owned
        if self._joined:
            return self._join()
        try:
            return self._own()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it when it is ours (fast shutdown; the hard way after half a minute), and give up the lock. Never raises."""
        if self._lock is None:
            return
        (self._folder / "verbinding").unlink(missing_ok=True)
        if self._child is not None:
            _finish(self._child)
            self._child = None
        if self._sockets is not None and self._sockets != self._folder / "run":
            shutil.rmtree(self._sockets, ignore_errors=True)
        self._sockets = None
        os.close(self._lock)
        self._lock = None

    def _join(self) -> str:
        conninfo = _await(lambda: _answering(self._folder / "verbinding"), self._patience)
        if conninfo is not None:
            return conninfo
        raise Unavailable("DATABASE_NIET_BEREIKBAAR", "Het proces dat de ingebouwde PostgreSQL bezit, antwoordt niet.", retry_after=5)

    def _own(self) -> str:
        verbinding = self._folder / "verbinding"
        if self._child is not None and self._child.poll() is None and verbinding.exists():
            return verbinding.read_text(encoding="utf-8")
        verbinding.unlink(missing_ok=True)
        data = self._folder / "data"
        route = choose_route(data)
        if route.uid not in (os.geteuid(), self._folder.stat().st_uid):
            self._hand_over(route.uid)
        lock = self._claim(data)
        try:
            password = self._initialised(data, route)
            conninfo = make_conninfo(host=str(self._socket_folder(route)), user=OWNER, password=password, dbname=DATABASE)
            self._launch(data, route, lock)
        finally:
            os.close(lock)  # from here on only PostgreSQL's processes hold it
        self._await_ready(conninfo)
        write_private(verbinding, conninfo)
        return conninfo

    def _hand_over(self, uid: int) -> None:
        """The set-uid route: PostgreSQL's user reaches its own folder, and nothing else of the state folder can be listed."""
        self._state.chmod(self._state.stat().st_mode | 0o001)
        os.chown(self._folder, uid, -1)

    def _claim(self, data: Path) -> int:
        """Hold `data.lock`; a PostgreSQL that outlived its owner is stopped first. What is left of it is then safe to remove."""
        path = self._folder / "data.lock"
        lock = _lock(path)
        for number, seconds in _STOPS:
            if lock is None:
                _signal_orphan(data, number)
                lock = _await(lambda: _lock(path), seconds)
        if lock is None:
            raise Unavailable("DATABASE_NIET_BEREIKBAAR", "Een vorige PostgreSQL gebruikt de gegevens nog.", retry_after=5)
        if not _await(lambda: _orphan(data) is None or None, 2.0):
            os.close(lock)
            raise Misconfigured(f"Een PostgreSQL die niet van ons is, gebruikt {data}: stop die eerst.")
        for left in (data / "postmaster.pid", self._folder / "run" / _SOCKET, self._folder / "run" / f"{_SOCKET}.lock"):
            left.unlink(missing_ok=True)
        return lock

    def _initialised(self, data: Path, route: Route) -> str:
        """The owner's password; makes the cluster first when there is none. Half a cluster never gets the name `data`."""
        path = self._folder / "wachtwoord"
        if data.exists() and not path.exists():
            raise Misconfigured(f"Het wachtwoord van de ingebouwde PostgreSQL ontbreekt: zet {path} terug.")
        password = keep_private(path, lambda: secrets.token_urlsafe(32))
        os.chown(path, route.uid, -1)
        if not data.exists():
            fresh = self._folder / "data.nieuw"
            shutil.rmtree(fresh, ignore_errors=True)
            make_cluster(fresh, OWNER, path, route)
            fresh.rename(data)
        return password

    def _socket_folder(self, route: Route) -> Path:
        if self._sockets is None:
            folder = self._folder / "run"
            if len(os.fsencode(folder / _SOCKET)) > _SOCKET_LIMIT or "," in str(folder):
                folder = Path(tempfile.mkdtemp(prefix="seinhuis-"))
            folder.mkdir(mode=0o700, exist_ok=True)
            os.chown(folder, route.uid, -1)
            self._sockets = folder
        return self._sockets

    def _launch(self, data: Path, route: Route, lock: int) -> None:
        log = self._folder / "log"
        log.mkdir(mode=0o700, exist_ok=True)
        os.chown(log, route.uid, -1)
        settings = _SETTINGS | {"unix_socket_directories": str(self._sockets), "log_directory": str(log)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (log / "start.log").open("wb") as output:
            self._child = subprocess.Popen(
                [*route.prefix, program("postgres"), "-D", str(data), *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self._folder,
                env=environment(),
                start_new_session=True,  # Ctrl-C is for us: we drain first
                pass_fds=(lock,),
            )

    def _await_ready(self, conninfo: str) -> None:
        deadline = time.monotonic() + self._patience
        while self._child is not None and self._child.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(psycopg.OperationalError):
                _ensure_database(conninfo)
                return
            time.sleep(_STEP)
        raise Misconfigured(f"De ingebouwde PostgreSQL start niet; zie {self._folder / 'log'}.")


def _answering(verbinding: Path) -> str | None:
    with contextlib.suppress(FileNotFoundError, psycopg.OperationalError):
        conninfo = verbinding.read_text(encoding="utf-8")
        psycopg.connect(conninfo, connect_timeout=5).close()
        return conninfo
    return None


def _ensure_database(conninfo: str) -> None:
    with psycopg.connect(make_conninfo(conninfo, dbname="postgres"), autocommit=True, connect_timeout=5) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _lock(path: Path) -> int | None:
    """An exclusive lock that ends with its last holder, or None when somebody has it. Lock files are never removed."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _await(attempt: Callable[[], T | None], seconds: float) -> T | None:
    """What `attempt` gives once it gives something; None when `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while (found := attempt()) is None and time.monotonic() < deadline:
        time.sleep(_STEP)
    return found


def _orphan(data: Path) -> int | None:
    """The number in the pid file, if it still is a process that works in `data`: not a zombie, and not a number used again."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        if Path(f"/proc/{pid}/cwd").readlink() == data:
            return pid
    return None


def _signal_orphan(data: Path, number: signal.Signals) -> None:
    pid = _orphan(data)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _finish(child: subprocess.Popen[bytes]) -> None:
    for number, seconds in _STOPS:
        if child.poll() is None:
            child.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(seconds)
