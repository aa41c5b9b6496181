"""CSV that we write: nothing in it can become a formula in the spreadsheet of whoever opens it.

Authority: RFC 4180; ASVS 1.2.10 (CSV and formula injection): a text that a spreadsheet would calculate gets an apostrophe before it, also
after a sign inside it at which a spreadsheet that expects another separator (a Dutch one: the semicolon) would begin a cell. Leaves what
is in the cells, and in which encoding they go out, to the caller.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

_CALCULATED = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BREAKS = ("\t", "\r", "\n")
_INSIDE = re.compile(rf'(?<=[\s\S])([;,|\t\r\n][\s"\']*)(?=[{"".join(map(re.escape, _CALCULATED))}])')


def lines(rows: Iterable[Sequence[object]], sign: str = ",") -> Iterator[str]:
    """A line per row, CRLF included; every cell in quotes, `sign` between them. None is an empty cell, a number stays a number."""
    for row in rows:
        yield sign.join([f'"{inert(cell)}"' for cell in row]) + "\r\n"


def inert(cell: object) -> str:
    """The text of a cell for between quotes: harmless, its own quotes doubled."""
    if cell is None:
        return ""
    text = str(cell)
    if text.isalnum() or isinstance(cell, int | float):  # most cells, and no formula
        return text
    return harmless(text).replace('"', '""')


def harmless(text: str) -> str:
    """The text as no spreadsheet calculates it."""
    text = _INSIDE.sub(r"\1'", text)
    return "'" + text if _calculates(text) else text


def _calculates(text: str) -> bool:
    return text.startswith(_BREAKS) or text.lstrip().startswith(_CALCULATED)
