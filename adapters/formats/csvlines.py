"""Bytes of a text file to lines, as a stream: the encoding is found on the way, and a line has an end.

Authority: RFC 4180, RFC 3629. UTF-8 (with or without a byte order mark) is tried first; a file without any UTF-8 sequence of more than one
byte and with a byte that is no UTF-8 is Windows-1252. A line that does not fit the encoding harms no other. Leaves columns to `csvfile`.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from schemas.bestand import Onleesbaar
from schemas.profiel import Codering

BLOCK = 64 * 1024
LINE = 256 * 1024
"""Bytes of a line at most."""
_BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line without its end; `nr` from 1, `text` None when it does not fit the encoding, `cut` when the file ends without a line end."""

    nr: int
    text: str | None
    cut: bool


class Lines:
    """The lines of a file, once. `codering` is how they were read so far."""

    def __init__(self, stream: BinaryIO, declared: Codering | None) -> None:
        """Reads the first block. Raises Onleesbaar: empty, no text, UTF-16, or plainly another encoding than declared."""
        self._stream = stream
        self._declared = declared
        self._first = full_block(stream, BLOCK)
        self._sure = declared is not None
        self.codering: Codering = declared or "utf-8"
        self._look(self._first)

    def __iter__(self) -> Iterator[Line]:
        """Every line. Raises Onleesbaar: a line that is too long."""
        nr = 0
        for chunk, cut in self._chunks():
            for text in self._decoded(chunk):
                nr += 1
                yield Line(nr, text, cut)

    def _look(self, first: bytes) -> None:
        if not first:
            raise Onleesbaar("BESTAND_LEEG", "Het bestand is leeg.", "regel 1")
        if first[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise Onleesbaar("TEKENSET_ONGELDIG", "Het bestand is UTF-16; bewaar het als CSV in UTF-8.", "regel 1")
        if b"\0" in first[:512]:
            raise Onleesbaar("GEEN_TEKST", "Dit is geen tekstbestand (het bevat NUL-tekens).", "regel 1")
        marked = first.startswith(_BOM)
        if self._declared not in {None, "utf-8"} and (marked or _is_utf8(first)):
            raise Onleesbaar("TEKENSET_ONGELDIG", f"Het profiel zegt {self._declared}, maar het bestand is UTF-8.", "regel 1")
        if marked:
            self._sure, self._first = True, first[len(_BOM) :]

    def _chunks(self) -> Iterator[tuple[bytes, bool]]:
        """Whole lines, with LF between them; True for what is left at the end of the file."""
        rest, block, nr = b"", self._first, 1
        while block:
            lines, found, begun = block.rpartition(b"\n")
            if len(rest) + (block.find(b"\n") if found else len(block)) > LINE:
                raise Onleesbaar("REGEL_TE_LANG", f"Een regel is langer dan {LINE // 1024} KiB.", f"regel {nr}")
            if found:
                yield (rest + lines).replace(b"\r\n", b"\n").removesuffix(b"\r"), False
                nr += block.count(b"\n")
                rest = begun
            else:
                rest += block
            block = self._stream.read(BLOCK)
        if rest:
            yield rest.removesuffix(b"\r"), True

    def _decoded(self, chunk: bytes) -> Iterator[str | None]:
        if not self._sure and not chunk.isascii():
            self._decide(chunk)
        try:
            yield from chunk.decode(self.codering).split("\n")
        except UnicodeDecodeError:
            for line in chunk.split(b"\n"):
                yield _or_none(line, self.codering)

    def _decide(self, chunk: bytes) -> None:
        """The first bytes beyond ASCII decide: not one line of them is UTF-8, so it is Windows-1252."""
        lines = [line for line in chunk.split(b"\n") if not line.isascii()]
        if all(_or_none(line, "utf-8") is None for line in lines):
            self.codering = "windows-1252"
        self._sure = True


def full_block(stream: BinaryIO, size: int) -> bytes:
    """So many bytes, also of a stream that gives less than is asked; fewer only at its end."""
    block = stream.read(size)
    while len(block) < size and (more := stream.read(size - len(block))):
        block += more
    return block


def _is_utf8(block: bytes) -> bool:
    """Whether a block holds UTF-8 beyond ASCII and nothing else; its last character may be cut off."""
    if block.isascii():
        return False
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(block) - 3 and not block[: error.start].isascii()
    return True


def _or_none(line: bytes, codering: str) -> str | None:
    try:
        return line.decode(codering)
    except UnicodeDecodeError:
        return None
