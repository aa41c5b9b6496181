"""Canonical files for tests: made of signals, read at once, and drawn at random from the table of elements."""

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from adapters.client.xml import write
from adapters.formats.canonical import read
from adapters.formats.gate import Gate, Limits, Node
from adapters.synthetic.generator import Creditor, Generator, Place
from schemas.bestand import Record, Recordsoort
from schemas.elementen import INTREKKING, NAMESPACE, SIGNAAL, Element

ROOT = f'<aanlevering xmlns="{NAMESPACE}">'
PLACES = [Place("2011", "Haarlem", "0392"), Place("3511", "Utrecht", "0344")]
CREDITORS = [
    Creditor("00000099000000001000", "huur", "Woningstichting Voorbeeld"),
    Creditor("00000099000000002000", "drinkwater", "Waterbedrijf Voorbeeld"),
    Creditor("00000099000000003000", "zorgverzekering", "Zorgverzekeraar Voorbeeld"),
]


def generator(seed: int = 7) -> Generator:
    return Generator(seed, PLACES, date(2026, 11, 22), CREDITORS)


def file(records: Iterable[tuple[Recordsoort, Mapping[str, Any]]], **kop: Any) -> bytes:
    return b"".join(write(kop, records))


def around(records: str, kop: str = "<kop/>") -> bytes:
    """A file with this text for records."""
    return f"{ROOT}{kop}{records}</aanlevering>".encode()


def records(content: bytes) -> list[Record]:
    return list(read(io.BytesIO(content)))


def codes(record: Record) -> list[tuple[str | None, str]]:
    return [(finding.pointer, finding.code) for finding in record.bevindingen]


def node(record: str) -> Node:
    """One record as the gate builds it."""
    gate = Gate(lambda path: len(path) == 2, Limits())
    (found,) = gate.feed((ROOT + record).encode())
    return found


_CODES = {
    "kenmerk": "A-1", "eerderKenmerk": "A-0", "sector": "huur", "postcode": "2011AB", "huisletter": "A", "gemeentecode": "0392",
    "telefoonnummer": "+31612345678", "emailadres": "j@example.nl", "verklaring": "V-1",
}  # fmt: skip


def full(element: Element) -> Any:
    """A value with every member there is."""
    if element.kind == "groep":
        return {part.name: full(part) for part in element.parts}
    if element.kind == "lijst":
        return [full(element.parts[0])]
    plain = {"regel": "Tekst", "getal": 12, "janee": True, "datum": "2026-11-20"}
    return plain.get(element.kind) or _CODES.get(element.name) or element.values[0]


_DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CHARACTERS = st.characters(blacklist_categories=["Cc", "Cs"], blacklist_characters=_DIRECTION + "\u2028\u2029\ufffe\uffff")


def _text(element: Element) -> st.SearchStrategy[str]:
    if element.kind == "regel":
        return st.text(_CHARACTERS, min_size=element.least or 1, max_size=min(element.most or 20, 30))
    return st.from_regex((element.pattern or "").replace(r"$(?!\n)", r"\Z"), fullmatch=True)


def _group(element: Element) -> st.SearchStrategy[Any]:
    parts = {part.name: values(part) for part in element.parts}
    required = {part.name: parts.pop(part.name) for part in element.parts if part.required}
    return st.fixed_dictionaries(required, optional=parts)


_VALUES: dict[str, Callable[[Element], st.SearchStrategy[Any]]] = {
    "regel": _text,
    "code": _text,
    "keuze": lambda element: st.sampled_from(element.values),
    "getal": lambda element: st.integers(element.least, element.most),
    "janee": lambda _: st.booleans(),
    "datum": lambda _: st.dates().map(date.isoformat),
    "lijst": lambda element: st.lists(values(element.parts[0]), min_size=element.least or 0, max_size=min(element.most or 3, 3)),
    "groep": _group,
}


def values(element: Element) -> st.SearchStrategy[Any]:
    """Any value that is valid in this element."""
    return _VALUES[element.kind](element)


SIGNALS = values(SIGNAAL)
WITHDRAWALS = values(INTREKKING)
