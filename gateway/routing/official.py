"""The official CBS table of postcode and house number, kept small: 8 million rows become sorted numbers of a few megabytes.

Authority: CBS, "buurt, wijk en gemeente voor postcode-huisnummer" (columns PC6, Huisnummer, Buurt, Wijk, Gemeente). A postcode that
lies in one municipality, nearly all of them, keeps one code; only a divided one keeps its house numbers.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path

from gateway.core.errors import Misconfigured
from schemas.types import Gemeentecode

Row = tuple[str, int, int]
"""Postcode (`1011AB`), house number, municipality code as a number."""
_DIVIDED = 0


class Official:
    """Look-up of municipality codes by postcode and house number."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """`rows` in any order; gone through twice, so that only divided postcodes are held in full."""
        found: dict[int, int] = {}
        for postcode, _, code in rows:
            key = _number(postcode)
            if found.setdefault(key, code) != code:
                found[key] = _DIVIDED
        self._divided: dict[int, dict[int, set[int]]] = {key: {} for key, code in found.items() if code == _DIVIDED}
        for postcode, huisnummer, code in rows if self._divided else ():
            numbers = self._divided.get(_number(postcode))
            if numbers is not None:
                numbers.setdefault(huisnummer, set()).add(code)
        self._keys = array("I", sorted(found))
        self._codes = array("H", (found[key] for key in self._keys))

    @classmethod
    def read(cls, path: Path) -> "Official":
        """Read the CBS file (semicolon or comma, with a header line). Raises Misconfigured: it is not that file."""
        try:
            return cls(_File(path))
        except (OSError, ValueError, IndexError, OverflowError) as error:
            raise Misconfigured(f"{path.name}: onleesbaar ({type(error).__name__}).") from None

    def codes(self) -> frozenset[Gemeentecode]:
        """Every municipality code in the file."""
        divided = {c for numbers in self._divided.values() for codes in numbers.values() for c in codes}
        return frozenset(_text(c) for c in {*self._codes, *divided} if c != _DIVIDED)

    def find(self, postcode: str, huisnummer: int) -> frozenset[Gemeentecode]:
        """The municipality; several when the file does not settle it; none when it does not know the postcode."""
        key = _number(postcode)
        at = bisect_left(self._keys, key)
        if at == len(self._keys) or self._keys[at] != key:
            return frozenset()
        if self._codes[at] != _DIVIDED:
            return frozenset((_text(self._codes[at]),))
        numbers = self._divided[key]
        codes = numbers.get(huisnummer) or {c for found in numbers.values() for c in found}
        return frozenset(map(_text, codes))


class _File:
    """The rows of the file, read anew each time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[Row]:
        with self._path.open(encoding="utf-8-sig", newline="") as lines:
            header = next(lines, "").replace('"', "").strip()
            mark = ";" if ";" in header else ","
            names = [name.rstrip("0123456789_ ").casefold() for name in header.split(mark)]
            if names[:2] != ["pc", "huisnummer"] or "gemeente" not in names:
                raise Misconfigured(f"{self._path.name}: verwacht de kolommen PC6, Huisnummer, Buurt, Wijk en Gemeente.")
            at = names.index("gemeente")
            for line in lines:
                parts = line.replace('"', "").strip().split(mark)
                if parts[0]:
                    yield parts[0].replace(" ", "").upper(), int(parts[1]), int(parts[at])


def _number(postcode: str) -> int:
    """A postcode as a number that keeps its order. Raises ValueError: not four digits and two letters."""
    if len(postcode) != 6 or not postcode[4:].isalpha() or not postcode.isascii():
        raise ValueError("postcode")
    return (int(postcode[:4]) * 26 + ord(postcode[4]) - 65) * 26 + ord(postcode[5]) - 65


def _text(code: int) -> Gemeentecode:
    return f"{code:04d}"
