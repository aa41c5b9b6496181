"""CSV under a mapping profile, as a stream.

Authority: RFC 4180. The header has the names (or the profile has letters); separator and encoding are found unless the profile says. A
quote that never closes, or that would swallow whole rows, costs its own line and no other; a last line that was cut off refuses the file.
Leaves encodings to `csvlines`.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from adapters.formats import table
from adapters.formats.conversions import Cell
from adapters.formats.csvlines import LINE, Line, Lines
from adapters.formats.evidence import finding
from adapters.formats.mapping import Mapping
from adapters.formats.table import COLUMNS, FIELD, Row, Tabel
from schemas.bestand import Onleesbaar
from schemas.ontvangst import Bevinding

LINES = 50
"""Lines of one record at most (line breaks inside quotes)."""

Cells = Sequence[str]


class _Bad(Exception):
    """This record cannot be read; what is wrong, in Dutch."""

    def __init__(self, code: str, melding: str) -> None:
        super().__init__(code)
        self.found: Bevinding = finding(code, melding, "")


_CHARSET = "De regel bevat een byte die niet bij de tekenset van het bestand hoort, of een NUL-teken."
_QUOTES = "Een aanhalingsteken sluit niet of staat los; zet het veld tussen aanhalingstekens en verdubbel die erbinnen."


class CsvLezing(Tabel):
    """A CSV file being read; `scheiding` is the separator that was found."""

    def __init__(self, mapping: Mapping, naam: str, stream: BinaryIO) -> None:
        """Reads the header. Raises Onleesbaar."""
        form = mapping.profiel.bestand
        lines = Lines(stream, form.codering)
        source = _Source(iter(lines))
        head = [_head_line(source) for _ in range(max(form.kopregel, 1))]
        if head[0][1].lower() in {f"sep={sign}" for sign in ";,\t|"}:  # how Excel names the separator
            self.scheiding = head.pop(0)[1][4]
            head.append(_head_line(source))
        else:
            self.scheiding = form.scheiding or _separator(mapping, head[-1][1])
        nr, header = head[-1][0], _cells(head[-1][1], self.scheiding)
        if len(header) > COLUMNS:
            raise Onleesbaar("TE_VEEL_KOLOMMEN", f"Een rij heeft hoogstens {COLUMNS} kolommen.", f"regel {nr}")
        places = table.places(mapping, header, f"regel {nr}")
        if any(place >= len(header) for place in places):
            raise Onleesbaar("KOLOM_ONTBREEKT", f"De rij heeft {len(header)} kolommen; het profiel leest verder.", f"regel {nr}")
        if form.kopregel == 0:
            source.back(Line(*head[-1], False))
        rows = _rows(source, self.scheiding, len(header), places)
        super().__init__(mapping, naam, rows, lambda: lines.codering, _cell(mapping, [text for _, text in head], self.scheiding))


class _Source:
    """Lines, some of which may come again."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()

    def next(self) -> Line | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def back(self, *lines: Line) -> None:
        self._again.extendleft(reversed(lines))


def _head_line(source: _Source) -> tuple[int, str]:
    """A record of the head as text; its separator is not known yet."""
    line = source.next()
    if line is None:
        raise Onleesbaar("BESTAND_LEEG", "Het bestand eindigt voor de kopregel.", "regel 1")
    try:
        return line.nr, _record(line, source, lambda text: (text,))[0]
    except _Bad as bad:
        raise Onleesbaar(bad.found.code, bad.found.melding, f"regel {line.nr}") from None


def _separator(mapping: Mapping, header: str) -> str:
    """The sign under which most of the wanted columns are there; without names the one that occurs most."""
    wanted = {table.named(source) for source in mapping.sources}

    def score(sign: str) -> tuple[int, int]:
        try:
            cells = _parsed(header, sign)
        except _Bad:
            return -1, 0
        return len(wanted.intersection(map(table.named, cells))), len(cells)

    return max((";", ",", "\t", "|"), key=score)


def _cell(mapping: Mapping, head: Sequence[str], sign: str) -> Cell:
    """The cell that the profile names, in the lines up to the header."""
    expected = table.expected_cell(mapping.profiel)
    if expected is None or expected[0] > len(head):
        return ""
    cells = _cells(head[expected[0] - 1], sign)
    return cells[expected[1]].strip() if expected[1] < len(cells) else ""


def _cells(text: str, sign: str) -> Cells:
    try:
        return _parsed(text, sign)
    except _Bad as bad:
        raise Onleesbaar(bad.found.code, bad.found.melding, "de kopregel") from None


def _parsed(text: str, sign: str) -> Cells:
    """The cells of one record. Raises _Bad."""
    if '"' not in text:
        return text.split(sign)
    try:
        return next(csv.reader((text,), delimiter=sign, strict=True), [])
    except csv.Error:
        raise _Bad("REGEL_ONLEESBAAR", _QUOTES) from None


def _rows(source: _Source, sign: str, width: int, places: Sequence[int]) -> Iterator[Row]:
    def parse(text: str) -> Cells:
        if "\n" in text and width > 1 and _swallows(text, sign, width):
            raise _Bad("REGEL_ONLEESBAAR", _QUOTES)
        return _fitting(text, sign, width)

    while (line := source.next()) is not None:
        try:
            cells = _record(line, source, parse)
        except _Bad as bad:
            yield Row(f"regel {line.nr}", (), bad.found)
        else:
            yield Row(f"regel {line.nr}", [cells[place].strip() for place in places] if cells else [""] * len(places))


def _swallows(text: str, sign: str, width: int) -> bool:
    """Whether a quoted cell holds a line that is a whole row by itself: a quote that was no quote must not make records disappear."""
    return any(line.partition('"')[0].count(sign) >= width - 1 for line in text.split("\n")[1:])


def _record(line: Line, source: _Source, parse: Callable[[str], Cells]) -> Cells:
    """The cells of the record that begins on this line. Lines that turn out not to belong to it come again. Raises _Bad, Onleesbaar."""
    text = line.text
    if text is None or "\0" in text:
        raise _Bad("TEKENSET_ONGELDIG", _CHARSET)
    if '"' not in text:
        try:
            return parse(text)
        except _Bad:
            if line.cut:
                raise _cut_off(line) from None
            raise
    more: list[Line] = []
    while text.count('"') % 2:
        following = source.next() if len(more) < LINES and len(text) <= LINE else None
        if following is None or following.text is None:
            if line.cut:
                raise _cut_off(line)
            source.back(*more, *([following] if following else []))
            raise _Bad("REGEL_ONLEESBAAR", _QUOTES)
        more.append(following)
        text += "\n" + following.text
    try:
        return parse(text)
    except _Bad:
        source.back(*more)
        raise


def _cut_off(line: Line) -> Onleesbaar:
    return Onleesbaar("BESTAND_AFGEBROKEN", "De laatste regel is niet af; het bestand is onderweg afgebroken.", f"regel {line.nr}")


def _fitting(text: str, sign: str, width: int) -> Cells:
    """The cells, as many as the header has; none for an empty line. Raises _Bad."""
    if not text:
        return ()
    cells = _parsed(text, sign)
    if len(cells) != width and (len(cells) < width or any(cells[width:])) and any(cells):
        raise _Bad("KOLOMMEN_ONJUIST", f"De rij heeft {len(cells)} kolommen, de kopregel {width}.")
    if len(text) > FIELD and any(len(cell) > FIELD for cell in cells):
        raise _Bad("TE_LANG", f"Een veld heeft hoogstens {FIELD} tekens.")
    return cells if len(cells) >= width else ()
