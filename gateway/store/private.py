"""Files that only we may read: mode 0600, written whole or not at all.

Authority: security reference 5.2 (no secret in the clear for others). Leaves to the caller what stands in them.
"""

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from gateway.core.errors import Misconfigured

_MOST = 64 * 1024


def write_private(path: Path, text: str) -> None:
    """Put `text` in `path`, mode 0600; a reader sees the old or the new text, never half of one. Raises OSError."""
    _fresh(path, text).replace(path)


def keep_private(path: Path, make: Callable[[], str]) -> str:
    """The text of `path`, made once by `make`: of many processes that ask at once, one makes it and all get it. Raises OSError."""
    if not path.exists():
        fresh = _fresh(path, make())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="utf-8")


def read_private(path: Path) -> bytes:
    """What somebody else put in a file for us. Raises Misconfigured: not readable, or open to others."""
    try:
        with path.open("rb") as file:
            others = os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO)
            content = file.read(_MOST)
    except OSError as error:
        raise Misconfigured(f"{path.name} is niet te lezen ({error.strerror}).") from None
    if others or not content.strip():
        raise Misconfigured(f"{path.name} moet een bestand met inhoud zijn, met rechten 0600 of 0400.")
    return content


def _fresh(path: Path, text: str) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
    return Path(name)
