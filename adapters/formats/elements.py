"""An element to its wire value, whatever it holds; and for a record that is not as it must be: what, on which line, and what to do.

Authority: `schemas.elementen` for the table, `schemas.strict` for codes and texts, so that a fault is told as the same fault in JSON. What
JSON cannot have (attributes, order, text between elements) is told here. Leaves the verdict on values to `xsd`.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from adapters.formats.gate import Node
from schemas import strict
from schemas.elementen import NAMESPACE, Element
from schemas.types import Wire

_BLANK = " \t\r\n"
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,39})")
_EXACT = 15  # digits; a longer number is a float, as in `strict.load`
_BOOLEANS = {"true": True, "false": False}
_ATTRIBUTE = "Attributen zijn niet toegestaan; haal ze weg."
_NAMESPACE = f"Dit element hoort niet bij {NAMESPACE}; controleer xmlns."
_ORDER = "Dit element staat op de verkeerde plaats; zet de elementen in de volgorde van het schema."
_TEXT = "Tussen elementen mag geen tekst staan; haal haar weg."


class Place(NamedTuple):
    """An element and the line on which it begins."""

    name: str
    line: int


class Translation:
    """The wire value of one element. `unfit`: it has what the table has no place for, so that the XSD need not be asked."""

    def __init__(self, node: Node, element: Element) -> None:
        self.faults: list[strict.Fout] = []
        self.unfit = False
        self._places: dict[str, Place] = {}
        self._marked = self._value(node, element, "")

    @property
    def value(self) -> Any:  # noqa: ANN401 - a JSON value
        """The JSON value, as far as it could be made."""
        return _unmarked(self._marked)

    def findings(self, kind: type[Wire], defaults: Mapping[str, object], most: int = strict.FINDINGS) -> list[strict.Fout]:
        """What is wrong, each with its element and line; at most `most`. `defaults` are the members that the head gives."""
        found = list(self.faults)
        try:
            strict.convert({**defaults, **self._marked}, kind, most=most)
        except strict.Refused as refused:
            found += refused.fouten
        found = found or [strict.Fout("", "WAARDE_ONGELDIG", "Dit voldoet niet aan het schema; controleer het met aanlevering.xsd.")]
        return [self._placed(fout) for fout in found[:most]]

    def _placed(self, fout: strict.Fout) -> strict.Fout:
        around = fout.pointer
        while around not in self._places:
            around = around.rpartition("/")[0]
        place = self._places[around]
        return fout._replace(melding=f"{fout.melding} (element {place.name}, regel {place.line})")

    def _value(self, node: Node, element: Element, pointer: str) -> Any:  # noqa: ANN401
        self._places[pointer] = Place(node.name, node.line)
        if node.attributes:
            self._fault(pointer, "ATTRIBUUT_NIET_TOEGESTAAN", _ATTRIBUTE)
        if element.kind == "groep":
            return self._group(node, element, pointer)
        if element.kind == "lijst":
            return self._list(node, element, pointer)
        self.unfit = self.unfit or bool(node.children)
        return _leaf(node, element.kind)

    def _group(self, node: Node, element: Element, pointer: str) -> dict[str, Any]:
        self._no_text(node, pointer)
        order = {part.name: nr for nr, part in enumerate(element.parts)}
        value: dict[str, Any] = {}
        newest = -1
        for child in node.children:
            at = f"{pointer}/{child.name}"
            nr = order.get(child.name)
            if nr is None or child.namespace != NAMESPACE:
                self._foreign(child, at, value)
                continue
            if child.name in value:
                value[strict.DUPLICATE] = sorted({*value.get(strict.DUPLICATE, ()), child.name})
                self.unfit = True
                continue
            if nr < newest:
                self._places[at] = Place(child.name, child.line)
                self._fault(at, "VOLGORDE_ONJUIST", _ORDER)
            newest = nr
            value[child.name] = self._value(child, element.parts[nr], at)
        return value

    def _list(self, node: Node, element: Element, pointer: str) -> list[Any]:
        self._no_text(node, pointer)
        (item,) = element.parts
        value: list[Any] = []
        for child in node.children:
            at = f"{pointer}/{len(value)}"
            if child.name != item.name or child.namespace != NAMESPACE:
                self._foreign(child, at, None)
            else:
                value.append(self._value(child, item, at))
        return value

    def _foreign(self, child: Node, pointer: str, value: dict[str, Any] | None) -> None:
        """An element that has no place here: in a group strict names it, as it would in JSON."""
        self.unfit = True
        self._places.setdefault(pointer, Place(child.name, child.line))
        if value is None or child.namespace != NAMESPACE:
            melding = _NAMESPACE if child.namespace != NAMESPACE else "Dit element hoort niet in deze lijst; laat het weg."
            self.faults.append(strict.Fout(pointer, "VELD_NIET_TOEGESTAAN", melding))
        else:
            value[child.name] = child.text

    def _no_text(self, node: Node, pointer: str) -> None:
        if node.text.strip(_BLANK):
            self._fault(pointer, "TEKST_NIET_TOEGESTAAN", _TEXT)

    def _fault(self, pointer: str, code: str, melding: str) -> None:
        self.unfit = True
        self.faults.append(strict.Fout(pointer, code, melding))


def _leaf(node: Node, kind: str) -> Any:  # noqa: ANN401
    """A text that is no number, truth value or day stays a text: then it is refused as such."""
    if node.children:
        return {}
    if kind == "getal" and _NUMBER.fullmatch(text := node.text.strip(_BLANK)):
        return int(text) if len(text) <= _EXACT else float(text)
    if kind == "janee":
        return _BOOLEANS.get(node.text.strip(_BLANK), node.text)
    return node.text.strip(_BLANK) if kind == "datum" else node.text


def _unmarked(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {name: _unmarked(part) for name, part in value.items() if name != strict.DUPLICATE}
    return [_unmarked(part) for part in value] if isinstance(value, list) else value
