"""The own XML of a partner under a mapping profile: records by their path, members by a path from the record.

Authority: `docs/profielen.md`, XML; what any XML must be is in `untrusted`. Paths go by local names, whatever the namespace. UTF-8, and
ISO-8859-1 where the file declares it. Leaves the value to `mapping`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, cast

from adapters.formats.conversions import Cell
from adapters.formats.csvlines import full_block
from adapters.formats.gate import Node
from adapters.formats.mapping import Mapping
from adapters.formats.table import Row, Tabel
from adapters.formats.untrusted import BLOCK, encoding_of, nodes

ENCODINGS = ("utf-8", "iso-8859-1")
_STEP = re.compile(r"([^\[]+)(?:\[([0-9]+)\])?")
Getter = Callable[[Node], str]


class XmlLezing(Tabel):
    """An XML file being read."""

    def __init__(self, mapping: Mapping, naam: str, stream: BinaryIO) -> None:
        """Reads up to the first record when the peildatum stands before it. Raises Onleesbaar."""
        form, day = mapping.profiel.bestand, mapping.profiel.kop.peildatum
        peeked = _Peeked(stream)
        codering = encoding_of(peeked.head, (form.codering,) if form.codering else ENCODINGS)
        record, cel = _parts(form.record or ""), _parts((day and day.cel) or "")
        found = nodes(cast(BinaryIO, peeked), lambda path: path in (record, cel), encodings=ENCODINGS)
        value: Cell = ""
        if cel:
            node = next(found, None)
            value = node.text.strip() if node is not None and node.name == cel[-1] else ""
        super().__init__(mapping, naam, _rows(found, mapping.sources), lambda: codering, value)


class _Peeked:
    """A stream whose first block was looked at."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.head = self._again = full_block(stream, BLOCK)

    def read(self, size: int) -> bytes:
        block, self._again = self._again, b""
        return block or self._stream.read(size)


def _parts(path: str) -> list[str]:
    return path.split("/")[1:]


def _rows(found: Iterator[Node], sources: Sequence[str]) -> Iterator[Row]:
    getters = [getter(source) for source in sources]
    for nr, node in enumerate(found, start=1):
        yield Row(f"record {nr} (regel {node.line})", [get(node) for get in getters])


def getter(source: str) -> Getter:
    """What stands at `Klant/Telefoon[2]` or `Klant/@id` of a record; an empty text when nothing does."""
    *steps, last = source.split("/")
    if last.startswith("@"):
        name = last[1:]
        return _walk(steps, lambda node: next((v.strip() for k, v in node.attributes.items() if k.rpartition(" ")[2] == name), ""))
    return _walk([*steps, last], lambda node: node.text.strip())


def _walk(steps: Sequence[str], give: Getter) -> Getter:
    path = [(found[1], int(found[2] or 1)) for step in steps if (found := _STEP.fullmatch(step))]

    def get(node: Node) -> str:
        for name, nth in path:
            inner = _child(node, name, nth)
            if inner is None:
                return ""
            node = inner
        return give(node)

    return get


def _child(node: Node, name: str, nth: int) -> Node | None:
    for child in node.children:
        if child.name == name:
            nth -= 1
            if not nth:
                return child
    return None
