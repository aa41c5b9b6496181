"""Somebody new with one of the pages in `docs/aan-de-slag`, in a fresh folder: its blocks in bash, in order, as printed.

One shell runs from the first block to the last, so that what is exported and started stays. Commands are counted as a reader counts them.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.architecture.tree import ROOT

PAGES = ROOT / "docs" / "aan-de-slag"
PATIENCE = 900
_BLOCK = re.compile(r"<!-- test: ([a-z0-9-]+) -->\n```\n(.*?)```", re.DOTALL)
_HEREDOC = re.compile(r"<<'?(\w+)'?\n.*?\n\1\n", re.DOTALL)


def blocks(page: str) -> dict[str, str]:
    """The commands of a page, by the name of their block."""
    return dict(_BLOCK.findall((PAGES / page).read_text(encoding="utf-8")))


def commands(page: str, since: str) -> int:
    """How many commands a reader types from a block on."""
    found = blocks(page)
    names = list(found)
    texts = [found[name] for name in names[names.index(since) :]]
    return sum(1 for text in texts for line in _HEREDOC.sub("\n", text).splitlines() if line.strip())


class Newcomer:
    """A shell in a folder with nothing in it but the examples of the repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        programs = folder / ".programs"
        programs.mkdir()
        for name, words in (("python", ""), ("seinhuis", " -m gateway")):
            (programs / name).write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)}{words} "$@"\n')
            (programs / name).chmod(0o755)
        (folder / "aan-de-slag").symlink_to(ROOT / "docs" / "voorbeelden" / "aan-de-slag")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SEINHUIS_")}
        self._environment = {**inherited, "PATH": f"{programs}:{os.environ['PATH']}"}
        self._shell = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, block: str) -> tuple[int, str]:
        """The exit status of a block, and what it wrote; a block ends at its first failure."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        script = self.folder / ".block"
        script.write_text("set -e\n" + block + "\nset +e\n")
        self._shell.stdin.write(f"trap 's=$?; echo; echo \"end $s\"' ERR; . {shlex.quote(str(script))}; echo; echo 'end 0'\n")
        self._shell.stdin.flush()
        timer = threading.Timer(PATIENCE, self._shell.kill)
        timer.start()
        said: list[str] = []
        for line in self._shell.stdout:
            if re.fullmatch(r"end \d+\n", line):
                timer.cancel()
                return int(line.split()[1]), "".join(said)
            said.append(line)
        timer.cancel()
        return 1, "".join(said)

    def ask(self, line: str) -> subprocess.CompletedProcess[str]:
        """One command beside the page."""
        environment = {**self._environment, "SEINHUIS_STATE": str(self.folder / "gateway"), "SEINHUIS_PROEF": "true"}
        words = ["bash", "-c", line]
        return subprocess.run(words, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=60)

    def do(self, block: str) -> str:
        """Run a block that must succeed."""
        status, said = self.run(block)
        assert status == 0, said + "".join(path.read_text() for path in self.folder.glob("*.log"))
        return said

    def close(self) -> None:
        """Leave: what was started ends, and nothing of it stays."""
        with suppress(ProcessLookupError):
            os.killpg(self._shell.pid, signal.SIGTERM)
        self._shell.communicate(timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
