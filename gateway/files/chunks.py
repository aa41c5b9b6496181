"""The records of an accepted file, cut into chunks that may be delivered in any order, by any worker.

A record that may belong to an earlier one in the file (the same kenmerk, or a kenmerk that it follows or withdraws) comes in a later
chunk, which waits for all before it; so each is judged after its predecessor, as everywhere else. What may have come before is remembered
in a Bloom filter (8 MiB, whatever the file's size): now and then a record waits without need, none is ever judged too early. A kenmerk
that comes a third time is refused, as in every delivery. Of a record that could not be read only its kenmerk is kept, and a chunk ends
before it grows large, so that memory depends on no file. Leaves the rows of chunks to `workrows`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from gateway.files.spool import Spool, Writer
from gateway.files.workrows import Part, Span
from schemas.bestand import Record, Recordsoort
from schemas.ontvangst import Bevinding

CHUNK = 1_000
BYTES = 4 << 20
"""Bytes after which a chunk ends, however few its records."""
ROOM = 2_000
"""Findings of unreadable records that a file gets in full; from then on one per record."""
KENMERK = 64
"""Characters of a kenmerk: what is longer is none, and will be refused as such."""
LATER = 1_000
"""Chunks that wait for others, at most: each is a round of its own. Beyond it nothing is held apart any more."""
TWICE = 100_000
"""Kenmerken that came twice, of which the third is noticed."""
_BITS = 1 << 26
_HASHES = 4
_EXCESS = Bevinding(
    code="KENMERK_DUBBEL", oordeel="fout", melding="Dit kenmerk staat vaker dan twee keer in dit bestand.", pointer="/kenmerk"
)
_ENCODER = msgspec.json.Encoder()


class Item(NamedTuple):
    """A record as it stands in a chunk: as `Record`, its value still JSON."""

    nr: int
    plek: str
    soort: Recordsoort
    value: msgspec.Raw
    bevindingen: tuple[Bevinding, ...]

    @property
    def parsed(self) -> dict[str, Any]:
        """Its value."""
        found: dict[str, Any] = msgspec.json.decode(self.value)
        return found


_DECODER = msgspec.json.Decoder(list[Item])


class Seen:
    """Whether a text may have come before. A no is certain; a yes is wrong about once in 100,000 at a million texts."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS >> 3)

    def maybe(self, text: str) -> bool:
        """Whether it may have been added."""
        return all(self._bits[place >> 3] & 1 << (place & 7) for place in _places(text))

    def add(self, text: str) -> bool:
        """Add it; returns whether it may have been there."""
        bits, before = self._bits, True
        for place in _places(text):
            mask = 1 << (place & 7)
            if not bits[place >> 3] & mask:
                before = False
                bits[place >> 3] |= mask
        return before


def _places(text: str) -> Iterator[int]:
    number = hash(text)  # a keyed hash (SipHash), another key in each process: nobody can aim at it
    first, step = number & _BITS - 1, number >> 26 & _BITS - 1 | 1
    return ((first + step * n) & _BITS - 1 for n in range(_HASHES))


class Cutter:
    """Takes the records of a file in order and writes them to the chunk spool, with `defaults` for what a signal leaves out.

    `ordered` False: a list, which needs no order.
    """

    def __init__(self, writer: Writer, defaults: Mapping[str, Any] | None = None, *, ordered: bool = True) -> None:
        self._writer = writer
        self._defaults = dict(defaults or {})
        self._ordered = ordered
        self._seen = Seen() if ordered else None
        self._twice: set[str] = set()
        self._room = ROOM
        self._now = _Pile()
        self._later = _Pile()
        self._apart: set[str] = set()
        self._spans: list[Span] = []
        self._waiting: list[Span] = []

    @property
    def size(self) -> int:
        """Bytes that were written so far."""
        return self._writer.size

    def add(self, record: Record) -> None:
        """The next record."""
        if record.bevindingen:
            record = self._bare(record)
        elif self._defaults and record.soort == "signaal":
            record = record._replace(value={**self._defaults, **record.value})
        kenmerk, follows = _text(record.value, "kenmerk"), _text(record.value, "eerderKenmerk")
        if not self._ordered or not self._comes_after(kenmerk, follows):
            self._append(record)
        elif kenmerk in self._twice and record.soort == "signaal":
            self._append(record._replace(bevindingen=(_EXCESS,)))
        else:
            self._hold(record, {text for text in (kenmerk, follows) if text is not None})
            if kenmerk is not None and record.soort == "signaal" and len(self._twice) < TWICE:
                self._twice.add(kenmerk)

    def close(self) -> list[Span]:
        """Every chunk in the order of their numbers, once the last record was added."""
        if self._now.records:
            self._spans.append(self._write(self._now, na=False))
        self._flush()
        return [*self._spans, *self._waiting]

    def _bare(self, record: Record) -> Record:
        """What the report tells of it; who it is about goes no further."""
        found = record.bevindingen if self._room > 0 else record.bevindingen[:1]
        self._room -= len(found)
        kenmerk = record.value.get("kenmerk")
        value = {"kenmerk": kenmerk} if isinstance(kenmerk, str) and len(kenmerk) <= KENMERK else {}
        return record._replace(value=value, bevindingen=found)

    def _append(self, record: Record) -> None:
        self._now.add(record)
        if self._now.full:
            self._spans.append(self._write(self._now, na=False))

    def _comes_after(self, kenmerk: str | None, follows: str | None) -> bool:
        assert self._seen is not None  # noqa: S101 - asked for ordered records only
        known = kenmerk is not None and self._seen.add(kenmerk)
        return known or (follows is not None and self._seen.maybe(follows))

    def _hold(self, record: Record, names: set[str]) -> None:
        if names & self._apart:
            if len(self._waiting) >= LATER:
                self._later.add(record._replace(bevindingen=record.bevindingen or (_EXCESS,)))
                names = set()
            else:
                self._flush()
        if names:
            self._later.add(record)
        self._apart |= names
        if self._later.full:
            self._flush()

    def _flush(self) -> None:
        if self._later.records:
            self._waiting.append(self._write(self._later, na=True))
            self._apart.clear()

    def _write(self, pile: "_Pile", *, na: bool) -> Span:
        count, data, position = len(pile.records), pile.taken(), self._writer.size
        self._writer.write(data)
        return Span(na, position, len(data), count)


class _Pile:
    """The records of a chunk, as JSON."""

    def __init__(self) -> None:
        self.records: list[bytes] = []
        self._size = 0

    @property
    def full(self) -> bool:
        """Whether it is a chunk."""
        return len(self.records) >= CHUNK or self._size >= BYTES

    def add(self, record: Record) -> None:
        """One more."""
        data = _ENCODER.encode(record)
        self._size += len(data)
        self.records.append(data)

    def taken(self) -> bytes:
        """All of them; it is empty then."""
        data = b"[" + b",".join(self.records) + b"]"
        self.records.clear()
        self._size = 0
        return data


def load(spool: Spool, chunks: UUID, part: Part) -> list[Item]:
    """The records of one chunk. Raises Damaged, FileNotFoundError."""
    if not part.size:
        return []
    with spool.open(chunks) as reader:
        return _DECODER.decode(reader.read_at(part.position, part.size))


def _text(value: dict[str, Any], name: str) -> str | None:
    found = value.get(name)
    return found if isinstance(found, str) and len(found) <= KENMERK else None
