"""The fast way: one regular expression per kind of record, which takes only what is certainly valid, character for character.

It describes a part of XML: no attributes, comments, CDATA or references but the five names, elements in the order of the schema, values
inside their facets. What it takes is a valid record and means what `elements` makes of it. What it does not take says nothing, and goes the
careful way. Authority: `schemas.elementen`; tests hold both ways and libxml2 against each other.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count
from typing import Any
from xml.sax.saxutils import unescape

from schemas.elementen import Element

Groups = tuple[str | None, ...]
Make = Callable[[Any], Any]
Step = tuple[str, int, Make | None, bool]

_WS = r"[ \t\r\n]*+"
_CHARACTER = r"[^<>&\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]"
_REFERENCE = r"&(?:amp|lt|gt|quot|apos);"
_DATE = (  # 29 February goes the careful way
    r"(?!0000)[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_GROUP = re.compile(r"(?<!\\)\((?!\?)")


class Narrow:
    """One kind of record, with the prefix that the root of the file uses."""

    def __init__(self, record: Element, prefix: str) -> None:
        self._match = re.compile(_WS + _pattern(record, prefix, capture=True)).match
        _, self._make = _group(record, prefix, count())

    def read(self, text: str, at: int) -> tuple[dict[str, Any], int] | None:
        """The record that begins at `at` (or after white space there), and where it ends; None when it is not certain."""
        found = self._match(text, at)
        return None if found is None else (self._make(found.groups()), found.end())


@lru_cache(maxsize=16)
def narrow(record: Element, prefix: str) -> Narrow:
    """Compiled once; `prefix` is empty or ends with a colon."""
    return Narrow(record, prefix)


def _pattern(element: Element, prefix: str, *, capture: bool) -> str:
    """With `capture`, a group for every value, an empty one for every optional group that is there, and the inside of every list."""
    name = re.escape(prefix + element.name)
    inside, left, right = _inside(element, prefix, capture=capture), "(" if capture else "(?:", ")"
    if element.kind == "groep":
        whole = ("()" if capture else "") + f"<{name}>{inside}{_WS}</{name}>"
    elif element.kind == "lijst":
        whole = f"<{name}>{_WS}{left}{inside}{right}</{name}>"
    else:
        whole = f"<{name}>{left}{inside}{right}</{name}>"
    return whole if element.required else f"(?:{whole})?"


def _inside(element: Element, prefix: str, *, capture: bool) -> str:
    if element.kind == "groep":
        return "".join(_WS + _pattern(part, prefix, capture=capture) for part in element.parts)
    if element.kind == "lijst":
        return f"(?:{_pattern(element.parts[0], prefix, capture=False)}{_WS}){{{element.least},{element.most}}}"
    return _VALUES[element.kind](element)


def _line(element: Element) -> str:
    """Without a reference in one sweep. The two branches exclude each other, so that a late fault is not met twice per line."""
    times = f"{{{element.least},{element.most}}}"
    return rf"{_CHARACTER}{times}+(?=<)|(?=[^<&]*+&)(?:{_CHARACTER}|{_REFERENCE}){times}"


def _code(element: Element) -> str:
    body = _GROUP.sub("(?:", (element.pattern or "").removeprefix("^").partition("$(?!")[0])
    return rf"(?=[^<>&]{{{element.least or 0},{element.most or ''}}}+<){body}"


def _number(element: Element) -> str:
    digits = len(str(element.most))
    if element.least != 1 or element.most != 10**digits - 1:
        raise ValueError(f"{element.name}: a range that digits do not tell")
    return rf"[1-9][0-9]{{0,{digits - 1}}}+"


_VALUES: dict[str, Callable[[Element], str]] = {
    "regel": _line,
    "code": _code,
    "getal": _number,
    "keuze": lambda element: "|".join(map(re.escape, element.values)),
    "janee": lambda _: "true|false",
    "datum": lambda _: _DATE,
}


def _text(value: str) -> str:
    return unescape(value, {"&quot;": '"', "&apos;": "'"}) if "&" in value else value


def _truth(value: str) -> bool:
    return value == "true"


_MAKERS: dict[str, Make] = {"regel": _text, "getal": int, "janee": _truth}


def _group(element: Element, prefix: str, numbers: Iterator[int]) -> tuple[int, Make]:
    """The place of its own mark, and what makes the object from all captured parts; `numbers` are places in the order of `_pattern`."""
    at = next(numbers)
    steps = tuple(_step(part, prefix, numbers) for part in element.parts)

    def make(groups: Groups) -> dict[str, Any]:
        value = {}
        for name, place, convert, whole in steps:
            found = groups[place]
            if found is not None:
                value[name] = found if convert is None else convert(groups if whole else found)
        return value

    return at, make


def _step(element: Element, prefix: str, numbers: Iterator[int]) -> Step:
    """Name, place, conversion, and whether that conversion takes all the parts."""
    if element.kind == "groep":
        return element.name, *_group(element, prefix, numbers), True
    at = next(numbers)
    if element.kind == "lijst":
        return element.name, at, _items(element.parts[0], prefix), False
    return element.name, at, _MAKERS.get(element.kind), False


def _items(item: Element, prefix: str) -> Make:
    find = re.compile(_pattern(item, prefix, capture=True))
    if item.kind == "groep":
        _, make = _group(item, prefix, count())
        return lambda inside: [make(found.groups()) for found in find.finditer(inside)]
    convert = _MAKERS.get(item.kind)
    return find.findall if convert is None else lambda inside: [convert(value) for value in find.findall(inside)]
