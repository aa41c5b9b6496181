"""The canonical XML: bytes to a head and records, as a stream.

Authority: `schemas/xsd/aanlevering.xsd` and `docs/bestanden-xml.md`. Every record is held against the XSD: the certain ones by `narrow`,
the others one by one by `elements` and `xsd`, with what is wrong and on which line. A record that is not valid harms no other; from where
the file is no XML on, nothing can be read. Leaves lawfulness to the flow.
"""

import codecs
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, BinaryIO

from adapters.formats.elements import Translation
from adapters.formats.gate import Gate, Limits, Node, Start, refuse
from adapters.formats.head import Head, head, is_child, no_loose_text
from adapters.formats.narrow import narrow
from adapters.formats.untrusted import blocks, encoding_of
from adapters.formats.xsd import Schema
from schemas import strict
from schemas.bestand import Lezing, Record, Recordsoort
from schemas.elementen import INTREKKING, NAMESPACE, SIGNAAL, Element, IntrekkingElement
from schemas.ontvangst import findings
from schemas.signaal import Signaal
from schemas.types import Wire

ROOM = 2_000
"""Findings that a file gets in full; from then on one per record."""

_RECORDS: dict[Recordsoort, tuple[Element, type[Wire]]] = {"signaal": (SIGNAAL, Signaal), "intrekking": (INTREKKING, IntrekkingElement)}
_END = re.compile(r"</(?:[^<>/\s:]{1,100}:)?(?:signaal|intrekking)[ \t\r\n]*>")
_NO_RECORD = "Op deze plaats staat een signaal of een intrekking; laat dit element weg."


def read(stream: BinaryIO, limits: Limits | None = None) -> Lezing:
    """Begin to read a canonical file: a `schemas.bestand.Lezer`. Raises Onleesbaar: the head is not as it must be."""
    limits = limits or Limits()
    source = blocks(stream, limits)
    block = next(source)
    encoding_of(block, ("utf-8",))
    return _Reading(head(block, limits), block, source, limits)


class _Reading:
    """A file being read. `_text` is what was read and not yet passed, from `_at` on; `_line` belongs to `_at`, `_column` to its begin."""

    def __init__(self, head: Head, block: bytes, source: Iterator[bytes], limits: Limits) -> None:
        self.kop = head.kop
        self._head = head
        self._source = source
        self._limits = limits
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._nr = 0
        self._at = 0
        self._line = block.count(b"\n", 0, head.end) + 1
        self._column = len(block[block.rfind(b"\n", 0, head.end) + 1 : head.end].decode()) + 1
        self._text = ""
        self._text = self._decoded(block[head.end :])
        self._room = ROOM

    def __iter__(self) -> Iterator[Record]:
        """Every record. Raises Onleesbaar."""
        signal, withdrawal = narrow(SIGNAAL, self._head.prefix).read, narrow(INTREKKING, self._head.prefix).read
        while True:
            if found := signal(self._text, self._at):
                yield self._certain("signaal", *found)
            elif found := withdrawal(self._text, self._at):
                yield self._certain("intrekking", *found)
            elif end := _END.search(self._text, self._at):
                yield from self._careful(end.end(), last=False)
            elif not self._more():
                break
        yield from self._careful(len(self._text), last=True)

    def _certain(self, soort: Recordsoort, value: dict[str, Any], end: int) -> Record:
        text, at = self._text, self._at
        line = self._line + text.count("\n", at, text.find("<", at))
        self._line += text.count("\n", at, end)
        self._at = end
        self._nr += 1
        return Record(self._nr - 1, f"{soort} {self._nr} (regel {line})", soort, value)

    def _careful(self, end: int, *, last: bool) -> Iterator[Record]:
        """The records up to `end`, one by one."""
        gate = Gate(is_child, self._limits, bare=True, start=Start(self._line, self._column_at(self._at), len(self._head.root)))
        found = gate.feed((self._head.root + self._text[self._at : end]).encode(), final=last)
        no_loose_text(gate)
        if not last and gate.depth != 1:
            melding = "Een record is niet afgesloten voor het volgende begint, of bevat zelf een signaal of intrekking."
            refuse("XML_ONGELDIG", melding, gate.opened)
        self._line += self._text.count("\n", self._at, end)
        self._at = end
        for node in found:
            self._nr += 1
            yield self._record(node)

    def _record(self, node: Node) -> Record:
        soort: Recordsoort = "intrekking" if node.name == "intrekking" else "signaal"
        element, kind = _RECORDS[soort]
        if (node.name, node.namespace) != (element.name, NAMESPACE):
            return self._refused(node, soort, {}, [strict.Fout("", "VELD_NIET_TOEGESTAAN", _NO_RECORD)])
        read = Translation(node, element)
        if not read.unfit and self._schema.is_valid(node):
            return Record(self._nr - 1, f"{soort} {self._nr} (regel {node.line})", soort, read.value)
        defaults = self.kop.defaults if soort == "signaal" else {}
        return self._refused(node, soort, read.value, read.findings(kind, defaults, strict.FINDINGS if self._room > 0 else 1))

    def _refused(self, node: Node, soort: Recordsoort, value: dict[str, Any], fouten: list[strict.Fout]) -> Record:
        self._room -= len(fouten)
        return Record(self._nr - 1, f"{soort} {self._nr} (regel {node.line})", soort, value, findings(fouten))

    @cached_property
    def _schema(self) -> Schema:
        return Schema()

    def _more(self) -> bool:
        """Read on, unless one record would become too large. False at the end of the file."""
        if len(self._text) - self._at > self._limits.record:
            melding = f"Binnen {self._limits.record} tekens eindigt geen record."
            refuse("XML_TE_GROOT", melding, self._line, self._column_at(self._at))
        self._column = self._column_at(self._at)
        self._text, self._at = self._text[self._at :], 0
        block = next(self._source, b"")
        self._text += self._decoded(block)
        return bool(block)

    def _column_at(self, at: int) -> int:
        newline = self._text.rfind("\n", 0, at)
        return self._column + at if newline < 0 else at - newline

    def _decoded(self, block: bytes) -> str:
        try:
            return self._decoder.decode(block, not block)
        except UnicodeDecodeError as error:
            line = self._line + self._text.count("\n", self._at) + block.count(b"\n", 0, error.start)
            refuse("XML_TEKENSET", "Het bestand is geen geldige UTF-8; lever het in UTF-8 aan.", line)
