"""A file of XML from outside as a stream: which bytes are refused at once, and the records of a file of any shape.

Authority: `docs/bestanden-xml.md`; XML 1.0 section 4.3.3 on encodings, of which only those that are asked for are read, as the file itself
says. Leaves parsing to `gate`, and what a record means to `canonical` and to mapping profiles.
"""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from adapters.formats.gate import Gate, IsRecord, Limits, Node, refuse

BLOCK = 64 * 1024
_DECLARED = re.compile(rb"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_MAGIC = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_BOM = b"\xef\xbb\xbf"


def blocks(stream: BinaryIO, limits: Limits) -> Iterator[bytes]:
    """The file in blocks. Raises Onleesbaar: too large, a NUL byte (so UTF-16 too), compressed, or empty."""
    size, lines = 0, 1
    while block := _full(stream):
        if not size:
            _first(block)
        size += len(block)
        if size > limits.size:
            refuse("BESTAND_TE_GROOT", f"Het bestand is groter dan {limits.size} bytes; splits het.", lines)
        if (at := block.find(b"\0")) >= 0:
            why = "Er staat een NUL-byte in het bestand, en die bestaat in XML niet; haal hem weg."
            refuse("XML_TEKENSET", why, lines + block.count(b"\n", 0, at))
        yield block
        lines += block.count(b"\n")
    if not size:
        refuse("XML_ONGELDIG", "Het bestand is leeg.", 1)


def _full(stream: BinaryIO) -> bytes:
    """A whole block, also of a stream that gives less than is asked; shorter only at the end."""
    block = stream.read(BLOCK)
    while len(block) < BLOCK and (more := stream.read(BLOCK - len(block))):
        block += more
    return block


def _first(block: bytes) -> None:
    for magic, name in _MAGIC.items():
        if block.startswith(magic):
            refuse("BESTAND_GECOMPRIMEERD", f"Dit is een {name}-bestand; lever het uitgepakt aan.", 1)
    if b"\0" in block[:4]:
        refuse("XML_TEKENSET", "Dit is geen UTF-8 maar UTF-16, UTF-32 of een ander soort bestand; lever XML in UTF-8.", 1)
    if not block.removeprefix(_BOM).lstrip(b" \t\r\n").startswith(b"<"):
        refuse("XML_ONGELDIG", "Dit is geen XML in UTF-8: het bestand begint niet met <.", 1)


def encoding_of(head: bytes, allowed: Sequence[str]) -> str:
    """How the file says it is written; UTF-8 when it does not say. Raises Onleesbaar: another one, or not what its first bytes show."""
    found = _DECLARED.match(head.removeprefix(_BOM))
    encoding = found[1].decode("ascii").lower() if found else "utf-8"
    if encoding not in allowed or (head.startswith(_BOM) and encoding != "utf-8"):
        refuse("XML_TEKENSET", f"De tekenset moet {' of '.join(allowed).upper()} zijn, en zo in de eerste regel staan.", 1)
    return encoding


def nodes(stream: BinaryIO, is_record: IsRecord, limits: Limits | None = None, encodings: Sequence[str] = ("utf-8",)) -> Iterator[Node]:
    """The records of a file of any shape, as they come; only one is in memory. Raises Onleesbaar, with line and column."""
    limits = limits or Limits()
    gate: Gate | None = None
    for block in blocks(stream, limits):
        gate = gate or Gate(is_record, limits, encoding_of(block, encodings))
        yield from gate.feed(block)
    if gate is not None:
        yield from gate.feed(b"", final=True)
