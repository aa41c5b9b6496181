"""The begin of a canonical file: its root, its namespaces and its head.

Authority: `schemas/xsd/aanlevering.xsd`. The root has no attributes but namespaces, so nothing in it points elsewhere. Leaves the
records to `canonical`, and what a head may say of a stand to the flow.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

import msgspec

from adapters.formats.elements import Translation
from adapters.formats.gate import Gate, Limits, Node, refuse
from schemas import strict
from schemas.bestand import Kop
from schemas.elementen import KOP, NAMESPACE, ROOT, KopElement

_ROOT_TAG = 1024
_ROOT_NAME = re.compile(rb"<((?:[^\s:>/]+:)?)" + ROOT.encode())


class Head(NamedTuple):
    """`root`: its start tag with its namespaces only; `prefix`: as it stands before every name; `end`: the byte after the head."""

    kop: Kop
    root: str
    prefix: str
    end: int


def is_child(path: Sequence[str]) -> bool:
    """Whether this is a child of the root: the head, or a record."""
    return len(path) == 2


def head(block: bytes, limits: Limits) -> Head:
    """The head of the file that begins with this block. Raises Onleesbaar."""
    gate = Gate(is_child, limits, bare=True)
    found = gate.first(block)
    root = gate.root
    if root is None or (root.name, root.namespace) != (ROOT, NAMESPACE):
        refuse("XML_ONBEKEND", f'Het bestand begint niet met <{ROOT} xmlns="{NAMESPACE}">.', 1 if root is None else root.line)
    if root.attributes:
        melding = "Het hoofdelement heeft een attribuut (zoals xsi:schemaLocation); haal het weg, alleen xmlns mag."
        refuse("ATTRIBUUT_NIET_TOEGESTAAN", melding, root.line)
    if found is None or (found.name, found.namespace) != (KOP.name, NAMESPACE):
        refuse("KOP_ONTBREEKT", "Het eerste element is geen volledige kop.", (found or root).line)
    no_loose_text(gate)
    prefix, tag = _root(gate, block)
    if len(tag) > _ROOT_TAG:
        refuse("XML_TE_GROOT", f"De naamruimten van het hoofdelement zijn samen langer dan {_ROOT_TAG} tekens.", root.line)
    return Head(_kop(found), tag, prefix, _end(found, block, gate.ended_at))


def _end(kop: Node, block: bytes, at: int) -> int:
    """The byte after it, from where `Gate.first` says that it ended: `<kop/>` is past then, of `</kop>` the tag is still to come."""
    is_past = not kop.children and not kop.text and block.endswith(b"/>", 0, at)
    return at if is_past else block.index(b">", at) + 1


def _root(gate: Gate, block: bytes) -> tuple[str, str]:
    """Its prefix, and its start tag made anew."""
    found = _ROOT_NAME.match(block, gate.root_at)
    prefix = found[1].decode() if found else ""
    declared = "".join(f" xmlns{':' + name if name else ''}={quoteattr(uri)}" for name, uri in gate.bindings)
    return prefix, f"<{prefix}{ROOT}{declared}>"


def _kop(node: Node) -> Kop:
    read = Translation(node, KOP)
    try:
        value = strict.convert(read.value, KopElement)
    except strict.Refused:
        value = None
    if value is None or read.unfit:
        fout = read.findings(KopElement, {}, 1)[0]
        refuse("KOP_ONGELDIG", f"De kop klopt niet: {fout.melding}", node.line)
    return Kop(**msgspec.structs.asdict(value))


def no_loose_text(gate: Gate) -> None:
    """Raises Onleesbaar: there is text outside the records."""
    if gate.loose is not None:
        refuse("TEKST_NIET_TOEGESTAAN", "Buiten de records staat tekst; haal haar weg.", gate.loose)
