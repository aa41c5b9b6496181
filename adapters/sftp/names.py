"""Paths of SFTP: which folder and which file a path means. A path is only looked at here; nothing on disk has these names.

Authority: `docs/contract.md`, files: `in`, `uit` and `terugkoppeling` under `/`, no deeper; `uitlaat` for a desk. Leaves to the
mailbox whether a file exists.
"""

import re
from typing import NamedTuple, get_args

from stdnum.nl import bsn

from adapters.sftp.port import Folder, Refused

FOLDERS: tuple[Folder, ...] = get_args(Folder)
NO_FOLDER = "Er zijn alleen de mappen in, uit en terugkoppeling."
PART = ".part"
CHECKSUM = ".sha256"
LONGEST_NAME = 128
"""Bytes of the name of a file that is put. What we make of it (`name.ontvangst.json`) is longer, up to the length that disks know."""
_LONGEST_READ = 255
_NINE = re.compile(r"(?<!\d)[0-9]{9}(?!\d)")
_LONGEST_PATH = 1024


class Place(NamedTuple):
    """What a path means: `/` (no folder), a folder (no name), or a file in it."""

    folder: Folder | None = None
    name: str | None = None

    @property
    def path(self) -> str:
        """The one way to write it."""
        return "/" + "/".join(part for part in self if part is not None)


def oddity(name: str, longest: int = LONGEST_NAME) -> str | None:
    """Why a file may not have this name, in Dutch; None when it may. `longest` in bytes of UTF-8."""
    if not name or name != name.strip() or name.startswith(".") or not name.isprintable():
        return "Een bestandsnaam begint niet met een punt, heeft geen spatie aan begin of eind, en alleen leesbare tekens."
    if "/" in name or "\\" in name:
        return "Een bestandsnaam heeft geen schuine streep."
    if any(map(bsn.is_valid, _NINE.findall(name))):
        return "In een bestandsnaam staat geen getal van negen cijfers dat aan de elfproef voldoet: dat kan een BSN zijn."
    if len(name.encode()) > longest:
        return f"Een bestandsnaam heeft hoogstens {longest} bytes."
    return None


def locate(path: bytes) -> Place:
    """The place of a path; `..` has no place in it. Raises Refused."""
    parts = [part for part in _text(path).split("/") if part not in {"", "."}]
    if ".." in parts:
        raise Refused("denied", "Gebruik een pad zonder punten.")
    return _place(parts)


def resolve(path: bytes) -> Place:
    """As `locate`, for `cd ..` and the like: `..` goes one up, never above `/`. Raises Refused."""
    parts: list[str] = []
    for part in _text(path).split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    return _place(parts)


def uploaded(place: Place) -> str:
    """The name that a file in `in` will have: `x` of `in/x.part`. Raises Refused."""
    if place.folder != "in" or place.name is None or not place.name.endswith(PART):
        raise Refused("denied", "Zet een bestand eerst in de map in als naam.part, en hernoem het daarna tot naam.")
    name = place.name.removesuffix(PART)
    if reason := oddity(name) or ("Een bestandsnaam eindigt niet op .part.part." if name.endswith(PART) else None):
        raise Refused("denied", reason)
    return name


def checked(place: Place) -> str | None:
    """The name of the file that a checksum file is about: `x` of `in/x.sha256`; None of another file. Raises Refused."""
    if place.folder != "in" or place.name is None or not place.name.endswith(CHECKSUM):
        return None
    name = place.name.removesuffix(CHECKSUM)
    if reason := oddity(name):
        raise Refused("denied", reason)
    return name


def _place(parts: list[str]) -> Place:
    if not parts:
        return Place()
    folder = next((known for known in FOLDERS if known == parts[0]), None)
    if folder is None:
        raise Refused("absent", NO_FOLDER)
    if len(parts) > 2:
        raise Refused("absent", "In een map zijn geen andere mappen.")
    if len(parts) == 1:
        return Place(folder)
    if reason := oddity(parts[1], _LONGEST_READ):
        raise Refused("denied", reason)
    return Place(folder, parts[1])


def _text(path: bytes) -> str:
    if len(path) > _LONGEST_PATH:
        raise Refused("denied", "Dit pad is te lang.")
    try:
        return path.decode()
    except UnicodeDecodeError:
        raise Refused("denied", "Een pad is tekst in UTF-8.") from None
