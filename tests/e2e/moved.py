"""The processes of a gateway at a clock that a test moves: `python -m tests.e2e.moved serve | sftp | verwerk`.

Each is put together from the parts that its command puts together, and differs in its clock alone: the machine's, and so many seconds as a
file in the state folder says. Time goes on between two moves, and every process reads the same file.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

from gateway.api.tls import ensure_openssl_config
from gateway.app import oplog
from gateway.app.mailroom import host_key_path, open_doorkeeper
from gateway.app.serve import serve
from gateway.app.settings import Settings
from gateway.app.sftp import own_key, serve_sftp
from gateway.app.working import work
from gateway.core.clock import SystemClock, dutch_midnight

PROGRAM = "tests.e2e.moved"
NOON = time(12)
_MACHINE = SystemClock()


class MovedClock:
    """`gateway.core.clock.Clock`: the machine's until it is moved."""

    def __init__(self, state: Path) -> None:
        self._file = state / "klok"

    def now(self) -> datetime:
        """The instant that every process is at."""
        return _MACHINE.now() + (timedelta(seconds=float(self._file.read_text())) if self._file.exists() else timedelta())

    def move(self, day: date, at: time = NOON) -> None:
        """To an hour of a Dutch day."""
        to = dutch_midnight(day) + timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
        new = self._file.with_name("klok.nieuw")
        new.write_text(str((to - _MACHINE.now()).total_seconds()))
        new.replace(self._file)


def main() -> None:
    settings = Settings()
    clock = MovedClock(settings.state)
    if sys.argv[1] == "serve":
        ensure_openssl_config()
    oplog.configure()
    match sys.argv[1]:
        case "serve":
            serve(settings, clock, lambda ports: _ready(**ports))
        case "sftp":
            with open_doorkeeper(settings, clock) as house:
                address = (settings.sftp_host, settings.sftp_port)
                serve_sftp(house, own_key(host_key_path(settings)), address, settings.drain_seconds, lambda port, _: _ready(sftp=port))
        case "verwerk":
            work(settings, clock, 2, _ready)


def _ready(**ports: int) -> None:
    sys.stdout.write(json.dumps({"klaar": ports}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
