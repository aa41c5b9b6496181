"""Cell to wire value: the closed list of conversions of a mapping profile.

Authority: `schemas.types` for what comes out; `docs/profielen.md`, conversions. A text is never repaired beyond its spelling: what is not
certain is refused, so nine digits without a leading zero are no telephone number (they may be a citizen's number in the wrong column).
Leaves which column and what else is wrong to `mapping`, lengths and rules to the flow.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple


class Rekenfout(NamedTuple):
    """A spreadsheet cell without a value to take: an error of the sheet, or a formula that was never calculated."""

    melding: str


Cell = str | int | float | date | Rekenfout
"""What a reader finds: text without white space around it, or a typed cell of a spreadsheet. An empty text is an empty cell."""

Convert = Callable[[Cell], str | int | bool | None]
"""Gives a wire value, or None for nothing. Raises Onjuist."""


class Onjuist(Exception):
    """The cell does not convert: a `code` of `docs/foutcodes.md` and what is expected, in Dutch. Holds no part of the cell."""

    def __init__(self, code: str, melding: str) -> None:
        super().__init__(code)
        self.code = code
        self.melding = melding


def tekst(cell: Cell) -> str:
    """The text; a number as it is written without a thousands sign, a date as jjjj-mm-dd."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Rekenfout):
        raise Onjuist("WAARDE_ONGELDIG", cell.melding)
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    return cell.isoformat() if isinstance(cell, date) else repr(cell)


def shown(cell: Cell) -> str:
    """`tekst` for a comparison: a cell without a value equals nothing but an empty one."""
    return "" if isinstance(cell, Rekenfout) else tekst(cell)


_NUMBER = re.compile(r"[0-9]{1,15}")


def getal(cell: Cell) -> int:
    """A whole number, digits only."""
    text = tekst(cell)
    if not _NUMBER.fullmatch(text):
        raise Onjuist("TYPE_ONJUIST", "geen heel getal (alleen cijfers)")
    return int(text)


def bedrag(decimaal: str) -> Convert:
    """An amount to whole euro cents; `decimaal` is the decimal sign, the other one may group thousands."""
    point, group = re.escape(decimaal), re.escape("." if decimaal == "," else ",")
    form = re.compile(rf"(?:€|EUR)?\s*(-?)([0-9]{{1,9}}|[0-9]{{1,3}}(?:{group}[0-9]{{3}}){{1,2}})(?:{point}(?:([0-9]{{1,2}})|--?))?")
    thousands = "." if decimaal == "," else ","

    def convert(cell: Cell) -> int:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return _cents(cell)
        found = form.fullmatch(tekst(cell))
        if found is None:
            raise Onjuist("VORM_ONJUIST", f"geen bedrag met {decimaal!r} als decimaalteken en hoogstens twee decimalen")
        sign, euros, cents = found.groups()
        total = int(euros.replace(thousands, "")) * 100 + int((cents or "0").ljust(2, "0"))
        return -total if sign else total

    return convert


def _cents(amount: float) -> int:
    """Of a number of a spreadsheet, which keeps binary fractions: 450.12 may be 450.11999999999995."""
    if not abs(amount) < 1e9 or abs(amount * 100 - round(amount * 100)) > 1e-4:
        raise Onjuist("VORM_ONJUIST", "geen bedrag met hoogstens twee decimalen")
    return round(amount * 100)


_TOKENS = {"jjjj": "(?P<y>[0-9]{4})", "mm": "(?P<m>[0-9]{2})", "dd": "(?P<d>[0-9]{2})", "m": "(?P<m>[0-9]{1,2})", "d": "(?P<d>[0-9]{1,2})"}
_TOKEN = re.compile("jjjj|mm|dd|m|d")


def date_form(patroon: str) -> str:
    """The regular expression of a date pattern, with groups y, m and d. Raises ValueError: not one year, one month and one day."""
    at = int(patroon.startswith("*"))
    body = ".*?" * at
    for token in _TOKEN.finditer(patroon):
        body += re.escape(patroon[at : token.start()]) + _TOKENS[token.group()]
        at = token.end()
    rest = patroon[at:]
    body += re.escape(rest[:-1]) + ".*" if rest.endswith("*") else re.escape(rest)
    if sorted(re.findall(r"\(\?P<(\w)>", body)) != ["d", "m", "y"]:
        raise ValueError(patroon)
    return body


def datum(patroon: str | None) -> Convert:
    """A date to jjjj-mm-dd. Without a pattern only a real date of a spreadsheet. Raises ValueError for an impossible pattern."""
    form = re.compile(date_form(patroon), re.DOTALL) if patroon else None
    expected = f"geen datum van de vorm {patroon}" if patroon else "geen datum; maak er een echte datum van, of noem een patroon"

    @lru_cache(maxsize=2048)
    def parse(text: str) -> str:
        found = form.fullmatch(text) if form else None
        if found is None:
            raise Onjuist("VORM_ONJUIST", expected)
        try:
            return date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
        except ValueError:
            raise Onjuist("VORM_ONJUIST", "geen bestaande datum") from None

    def convert(cell: Cell) -> str:
        return cell.isoformat() if isinstance(cell, date) else parse(tekst(cell))

    return convert


_POSTCODE = re.compile(r"([1-9][0-9]{3})\s{0,2}([A-Za-z]{2})")


def postcode(cell: Cell) -> str:
    """`2011 ab` to `2011AB`."""
    found = _POSTCODE.fullmatch(tekst(cell))
    if found is None:
        raise Onjuist("VORM_ONJUIST", "geen postcode van vier cijfers en twee letters")
    return found[1] + found[2].upper()


_HOUSE = re.compile(r"([0-9]{1,5})[\s/.,-]*(?:([A-Za-z])(?![A-Za-z])[\s/.,-]*)?(.*)", re.DOTALL)


@lru_cache(maxsize=1024)
def _house(text: str) -> tuple[str | None, ...]:
    found = _HOUSE.fullmatch(text)
    if found is None:
        raise Onjuist("VORM_ONJUIST", "begint niet met een huisnummer (staat dat in een andere kolom, neem beide dan met samen)")
    return found.groups()


def huisnummer(cell: Cell) -> int:
    """The digits that `12 A-2` begins with."""
    return int(_house(tekst(cell))[0] or 0)


def huisletter(cell: Cell) -> str | None:
    """The single letter after the number: A of `12 A-2`, none of `12 hs`."""
    return _house(tekst(cell))[1]


def toevoeging(cell: Cell) -> str | None:
    """What is left: 2 of `12 A-2`, hs of `12 hs`."""
    return _house(tekst(cell))[2] or None


_BETWEEN = str.maketrans("", "", " .-/()\u00a0\u2011\u2013")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")


def telefoon(cell: Cell) -> str:
    """To the international form: `06-12345678`, `0031 (0)6 12345678` and `+31612345678` are one number."""
    number = tekst(cell).replace("(0)", "").translate(_BETWEEN)
    if number.startswith("00"):
        number = "+" + number[2:]
    elif number.startswith("0"):
        number = "+31" + number[1:] if len(number) == 10 else ""
    if number.startswith("+310") and len(number) == 13:
        number = "+31" + number[4:]
    if not _INTERNATIONAL.fullmatch(number):
        raise Onjuist("VORM_ONJUIST", "geen telefoonnummer (tien cijfers met een 0 vooraan, of internationaal met +)")
    return number


_YES = frozenset({"ja", "j", "yes", "y", "true", "waar", "1"})
_NO = frozenset({"nee", "n", "no", "false", "onwaar", "0"})


def janee(cell: Cell) -> bool:
    """Ja, j, 1, waar, or nee, n, 0, onwaar; also in English and in capitals."""
    word = tekst(cell).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Onjuist("WAARDE_ONBEKEND", "geen ja of nee")


def waardelijst(lijst: dict[str, str | int | bool]) -> Convert:
    """What the list of the profile says of the text, exactly as written."""

    def convert(cell: Cell) -> str | int | bool:
        try:
            return lijst[tekst(cell)]
        except KeyError:
            raise Onjuist("WAARDE_ONBEKEND", "een waarde die niet in de waardelijst van het profiel staat") from None

    return convert
