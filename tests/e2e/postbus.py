"""A partner's mailbox as OpenSSH's own `sftp` meets it: one session in batch mode, kept open."""

import secrets
import subprocess
import threading
import time
from pathlib import Path
from typing import Self

from tests.tools import need

PATIENCE = 30


class Postbus:
    """A session of a login; `folder` is the partner's own, with the private half of its key."""

    def __init__(self, folder: Path, login: str, port: int) -> None:
        self.folder = folder
        options = ("IdentitiesOnly=yes", f"UserKnownHostsFile={folder / 'bekend'}", "StrictHostKeyChecking=accept-new", "LogLevel=ERROR")
        words = [word for option in options for word in ("-o", option)]
        command = [need("sftp"), "-b", "-", "-P", str(port), "-i", str(folder / "sleutel"), *words, f"{login}@127.0.0.1"]
        self._sftp = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def do(self, *lines: str) -> list[str]:
        """Run these commands; returns what they wrote. One that fails ends the session, and the test."""
        assert self._sftp.stdin is not None
        assert self._sftp.stdout is not None
        end, found = secrets.token_hex(8), list[str]()
        self._sftp.stdin.write("".join(f"{line}\n" for line in (*lines, f"!echo {end}")))
        self._sftp.stdin.flush()
        timer = threading.Timer(PATIENCE, self._sftp.kill)
        timer.start()
        for line in self._sftp.stdout:
            if line.strip() == end:
                timer.cancel()
                return found
            if not line.startswith("sftp>"):
                found.append(line.strip())
        timer.cancel()
        raise AssertionError(found)

    def waiting(self) -> list[str]:
        """The names in `uit/`."""
        return [Path(name).name for name in self.do("ls -1 uit")]

    def put(self, name: str, content: bytes) -> None:
        """Bring a file in the way that says when it is whole."""
        (self.folder / name).write_bytes(content)
        self.do(f"put {name} in/{name}.part", f"rename in/{name}.part in/{name}")

    def get(self, name: str) -> bytes:
        """Collect a file, once it is there."""
        until = time.monotonic() + PATIENCE
        while name not in self.waiting():
            assert time.monotonic() < until, name
            time.sleep(0.1)
        self.do(f"get uit/{name}")
        return (self.folder / name).read_bytes()

    def close(self) -> None:
        """Hang up."""
        self._sftp.communicate(timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
