"""The table between XML elements and the wire: which element is which member, in which order, and what may stand in it.

Authority: the types of `schemas` themselves; `schemas/xsd/aanlevering.xsd` says the same to the outside, and a test holds the two against
each other. An element has the name of its member; a list is an element with one element per item, whose names stand in `ITEMS`. Leaves
reading to `adapters.formats` and writing to `adapters.client.xml`.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, NamedTuple

from msgspec import inspect

from schemas.signaal import Signaal
from schemas.standen import Vervalreden
from schemas.types import Kenmerk, Naam, Oin, Sector, Wire, text

NAMESPACE = "urn:nl:seinhuis:aanlevering:1"
ROOT = "aanlevering"
ITEMS = {
    "personen": "persoon",
    "telefoonnummers": "telefoonnummer",
    "emailadressen": "emailadres",
    "contacten": "contactmoment",
    "herinneringen": "herinnering",
}
Elementsoort = Literal["regel", "code", "keuze", "getal", "janee", "datum", "groep", "lijst"]
_LINE = text(1).pattern
_PLAIN: dict[type, Elementsoort] = {inspect.BoolType: "janee", inspect.DateType: "datum"}


class KopElement(Wire, frozen=True, kw_only=True):
    """The head of a file; its members are those of `schemas.bestand.Kop`."""

    kenmerk: Kenmerk | None = None
    soort: Literal["signalen", "stand"] = "signalen"
    namens: Oin | None = None
    sector: Sector | None = None
    handelsnaam: Naam | None = None
    profiel: Kenmerk | None = None
    peildatum: date | None = None
    reden_vervallen: Vervalreden | None = None
    inhaalslag: bool | None = None


class IntrekkingElement(Wire, frozen=True, kw_only=True):
    """A withdrawal in a file: of the signal with this kenmerk."""

    kenmerk: Kenmerk
    reden: Vervalreden


class Element(NamedTuple):
    """One element. `parts`: of a `groep` its members in order, of a `lijst` its one item.

    `least` and `most`: characters of a `regel` or `code`, the value of a `getal`, items of a `lijst`. `pattern`: of a `code`, anchored.
    `values`: of a `keuze`. A `regel` is any printable line.
    """

    name: str
    kind: Elementsoort
    required: bool = True
    parts: tuple["Element", ...] = ()
    least: int | None = None
    most: int | None = None
    pattern: str | None = None
    values: tuple[str, ...] = ()


def _element(name: str, kind: Any, required: bool = True) -> Element:  # noqa: ANN401 - a type as msgspec describes it
    form: dict[str, Any]
    match _bare(kind):
        case inspect.StructType(fields=fields):
            form = {"kind": "groep", "parts": tuple(_element(f.encode_name, f.type, f.required) for f in fields)}
        case inspect.ListType(item_type=item, min_length=least, max_length=most):
            form = {"kind": "lijst", "parts": (_element(ITEMS[name], item),), "least": least or 0, "most": most}
        case inspect.StrType(pattern=pattern, min_length=least, max_length=most):
            form = {"kind": "regel" if pattern == _LINE else "code", "least": least, "most": most, "pattern": pattern}
        case inspect.LiteralType(values=values):
            form = {"kind": "keuze", "values": values}
        case inspect.IntType(ge=least, le=most):
            form = {"kind": "getal", "least": least, "most": most}
        case other:
            form = {"kind": _PLAIN[type(other)]}
    return Element(name=name, required=required, **form)


def _bare(kind: Any) -> Any:  # noqa: ANN401
    """Without annotations and without null."""
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        kind = kind.type if isinstance(kind, inspect.Metadata) else next(t for t in kind.types if not isinstance(t, inspect.NoneType))
    return kind


def _optional(group: Element, *names: str) -> Element:
    parts = tuple(part._replace(required=part.required and part.name not in names) for part in group.parts)
    return group._replace(parts=parts)


KOP = _element("kop", inspect.type_info(KopElement))
SIGNAAL = _optional(_element("signaal", inspect.type_info(Signaal)), "sector", "handelsnaam")  # the head may give these two
INTREKKING = _element("intrekking", inspect.type_info(IntrekkingElement))
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,99}")
"""Names that we write as elements."""


def walk(element: Element, path: str = "", pointer: str = "") -> Iterator[tuple[str, str, Element]]:
    """Every element under `element`, with its path in XML and its pointer in JSON (of a list its first item), in the order of a file."""
    for part in element.parts:
        at, place = f"{path}/{part.name}", f"{pointer}/{'0' if element.kind == 'lijst' else part.name}"
        yield at, place, part
        yield from walk(part, at, place)
