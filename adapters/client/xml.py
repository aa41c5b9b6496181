"""Writes the canonical XML: signals in wire form to the bytes of a file, as a stream.

Authority: `schemas.elementen` for names and order, `docs/bestanden-xml.md`. It writes what it is given and judges nothing, so a member that
is not ours becomes an element too, after ours; that is for the gateway to refuse, as it would in JSON. Leaves sending to others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from schemas.bestand import Recordsoort
from schemas.elementen import INTREKKING, ITEMS, KOP, NAME, NAMESPACE, ROOT, SIGNAAL, Element

_ELEMENTS: dict[Recordsoort, Element] = {"signaal": SIGNAAL, "intrekking": INTREKKING}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCES = {"\r": "&#13;"}  # a bare one would be read as a line feed


def write(kop: Mapping[str, Any], records: Iterable[tuple[Recordsoort, Mapping[str, Any]]]) -> Iterator[bytes]:
    """The file in parts, to write one after the other.

    Args:
        kop: members of the head, by their names on the wire.
        records: each with its kind: a signal as `POST aanleveringen` carries it, or a withdrawal (`kenmerk`, `reden`).

    Raises:
        ValueError: a name that cannot be an element, or a character that XML 1.0 does not have.
    """
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT} xmlns="{NAMESPACE}">\n{_element("kop", kop, KOP)}\n'.encode()
    for soort, value in records:
        yield f"{_element(soort, value, _ELEMENTS[soort])}\n".encode()
    yield f"</{ROOT}>\n".encode()


def _element(name: str, value: Any, element: Element | None) -> str:  # noqa: ANN401 - a JSON value
    if not NAME.fullmatch(name):
        raise ValueError("this name cannot be an element")
    return f"<{name}>{_inside(name, value, element)}</{name}>"


def _inside(name: str, value: Any, element: Element | None) -> str:  # noqa: ANN401
    if isinstance(value, Mapping):
        return "".join(_members(value, element))
    if isinstance(value, list):
        item = element.parts[0] if element is not None and element.kind == "lijst" else None
        return "".join(_element(ITEMS.get(name, "item"), part, item) for part in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else str(value)


def _members(value: Mapping[str, Any], element: Element | None) -> Iterator[str]:
    """Ours in the order of the schema, then the others; a member that is null is left out."""
    ours = {part.name: part for part in element.parts} if element is not None and element.kind == "groep" else {}
    for name in (*ours, *(name for name in value if name not in ours)):
        if value.get(name) is not None:
            yield _element(name, value[name], ours.get(name))


def _text(value: str) -> str:
    if _NOT_XML.search(value):
        raise ValueError("this text has a character that XML does not have")
    return escape(value, _REFERENCES)
