"""Paths that no honest client sends, and a watch on the files of this machine that a server's threads touch."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

PREFIXES = ("", "/", "in/", "/in/./", "uit/", "in/../", "../in/")
BODIES = (
    b"..", b"../..", b"../../../../etc/passwd", b"/etc/passwd", b"etc/passwd", b"/proc/self/environ", b"/dev/zero", b"~", b"~root/.ssh",
    b"$HOME", b"$(id)", b"`id`", b"; rm -rf .", b"|id", b"*", b"?", b"[a]", b"%2e%2e%2f", b"%00", b"..%c0%af", b"..\\..\\x", b"C:\\x",
    b"\\\\host\\share", b"x\\y", b"CON", b"NUL", b"x:stroom", b"", b".", b".x", b" x", b"x ", b"-rf", b"x\x00", b"\x00", b"x\x00/../y",
    b"x\n", b"\n", b"x\ry", b"x\ty", b"x\x1b[31m", b"x\x7f", b"x\x85y", b"\xff", b"\xc0\xae\xc0\xae", b"x\xed\xa0\x80", b"\xf8\x88\x80\x80",
    "x\u202ey".encode(), "x\u200by".encode(), "\uff0e\uff0e/x".encode(), "x\u2028y".encode(), "\ufeffx".encode(), "e\u0301".encode(),
    "x\u00a0".encode(), b"x" * 129, b"x" * 255, b"x" * 256, b"x" * 1025, "é".encode() * 65, b"x/" * 200 + b"y", b"x/y", b"x.part/y",
    b"uit/bon.json", b"../uit/bon.json", b"geheim.json", b"../{oin}/geheim.json", b"{oin}/geheim.json", b"{oin}", b".part", b"x.part",
    b"bon.json", b"./bon.json", b"bon.json/", b"bon.json/.", b"bon.json/..", b"\xef\xbc\x8fetc",
)  # fmt: skip
SUFFIXES = (b"", b".part")


def paths(other: str) -> list[bytes]:
    """Each prefix, body and suffix; `other` is the OIN of somebody else."""
    named = (body.replace(b"{oin}", other.encode()) for body in BODIES)
    return [prefix.encode() + body + suffix for prefix, body, suffix in product(PREFIXES, named, SUFFIXES)]


_WATCHED = {
    "open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.utime", "os.truncate",
    "os.listdir", "os.scandir", "os.setxattr", "subprocess.Popen", "os.exec", "os.posix_spawn", "os.system",
}  # fmt: skip
_touched: list[str] | None = None


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _touched is not None and event in _WATCHED and threading.current_thread() is not threading.main_thread():
        _touched.append(f"{event} {arguments[:2]!r}")


sys.addaudithook(_hook)


@contextmanager
def files_touched() -> Iterator[list[str]]:
    """Every file and program that a thread other than the main one touches meanwhile."""
    global _touched  # noqa: PLW0603 - a hook can be set once and never taken away
    found: list[str] = []
    _touched = found
    try:
        yield found
    finally:
        _touched = None
