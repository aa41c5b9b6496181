"""A mapping profile from its TOML text, with every error at its place in the file.

Authority: `schemas.profiel` for the form, `profilechecks` for what must agree with what. Leaves reading records to `mapping`.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple, TypeVar

from adapters.formats import profilechecks
from schemas import strict
from schemas.profiel import Profiel
from schemas.types import Wire

T = TypeVar("T", bound=Wire)
LARGEST = 256 * 1024
"""Bytes of one profile."""

_TABLE = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_WORDS = {
    "VELD_NIET_TOEGESTAAN": "Dit lid kent een profiel hier niet; kijk naar de schrijfwijze, en onder welke [kop] de regel staat.",
    "VELD_VERPLICHT": "Dit lid ontbreekt in het profiel.",
}
_LINE = re.compile(r"at line (\d+), column (\d+)")


class Profielfout(NamedTuple):
    """One error: where in the file, and what is expected, in Dutch."""

    plek: str
    melding: str


class Ongeldig(Exception):
    """The text is no profile; `fouten` has every reason."""

    def __init__(self, fouten: list[Profielfout]) -> None:
        super().__init__(f"{len(fouten)} fout(en)")
        self.fouten = fouten


def load(content: bytes) -> Profiel:
    """Read one profile (UTF-8). Raises Ongeldig."""
    return read(content, Profiel, profilechecks.check)


def read(content: bytes, kind: type[T], check: Callable[[T], Iterable[strict.Fout]]) -> T:
    """Read a profile of some kind; `check` says what does not fit together. Raises Ongeldig."""
    if len(content) > LARGEST:
        raise Ongeldig([Profielfout("het bestand", f"Een profiel is hoogstens {LARGEST // 1024} KiB.")])
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Ongeldig([Profielfout("het bestand", "Een profiel is tekst in UTF-8.")]) from None
    try:
        return checked(tomllib.loads(text), text, kind, check)
    except tomllib.TOMLDecodeError as error:
        raise Ongeldig([_syntax(str(error))]) from None
    except RecursionError:
        raise Ongeldig([Profielfout("het bestand", "De haken zijn te diep genest.")]) from None


def checked(value: dict[str, Any], text: str, kind: type[T], check: Callable[[T], Iterable[strict.Fout]]) -> T:
    """The profile in a parsed table; `text` is where its errors are looked up. Raises Ongeldig."""
    try:
        profiel = strict.convert(_plain(value), kind)
    except strict.Refused as refused:
        raise Ongeldig(_placed(refused.fouten, text)) from None
    if fouten := list(check(profiel)):
        raise Ongeldig(_placed(fouten, text))
    return profiel


def _plain(value: Any) -> Any:  # noqa: ANN401 - parsed TOML
    """Dates of TOML as the text that they are on the wire."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def _syntax(said: str) -> Profielfout:
    found = _LINE.search(said)
    where = f"regel {found[1]}, teken {found[2]}" if found else "het einde van het bestand"
    return Profielfout(where, "Geen geldige TOML; vaak een aanhalingsteken of haak die niet sluit, of een naam die twee keer voorkomt.")


def _placed(fouten: list[strict.Fout], text: str) -> list[Profielfout]:
    lines = dict(_lines(text))
    return [Profielfout(_place(fout.pointer, lines), _WORDS.get(fout.code, fout.melding)) for fout in fouten]


def _place(pointer: str, lines: dict[str, int]) -> str:
    """The line of the member itself, or else of the nearest thing around it."""
    around = pointer
    while around and around not in lines:
        around = around.rpartition("/")[0]
    name = ".".join(str(int(part) + 1) if part.isdecimal() else part for part in pointer.split("/")[1:])
    return f"regel {lines.get(around, 1)}, {name}"


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Pointer and line number of every table and key that begins a line."""
    table, counts = "", dict[str, int]()
    for number, line in enumerate(text.split("\n"), start=1):
        if head := _TABLE.match(line):
            table = "/" + head[2].replace(".", "/")
            if head[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}/{counts[table]}"
            yield table, number
        elif key := _KEY.match(line):
            yield f"{table}/{key[1]}", number
