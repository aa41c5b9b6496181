"""Answers as JSON: the file that says everything that the door can hear.

Authority: `schemas.saldobestand` (Antwoordbestand); RFC 8259, with the traps of `schemas.strict`. An element that is not right harms no
other; a file that is no JSON, or too large, is refused whole. Leaves each answer to the flow.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from adapters.formats.antwoordrijen import Limited, identity, unknown_id
from schemas import strict
from schemas.bestand import Kop, Lezing, Onleesbaar, Record
from schemas.ontvangst import findings
from schemas.saldobestand import Antwoordbestand, Antwoordrecord


def read(stream: BinaryIO) -> Lezing:
    """A `schemas.bestand.Lezer`. Raises Onleesbaar."""
    try:
        found = strict.parse_apart(Limited(stream).read(), Antwoordbestand, "antwoorden", most=1)
    except strict.Refused as refused:
        first = refused.fouten[0]
        raise Onleesbaar(first.code, first.melding, first.pointer or "het bestand") from None
    return _Reading(found)


class _Reading:
    """`schemas.bestand.Lezing`."""

    def __init__(self, found: Antwoordbestand) -> None:
        self._found = found
        self.kop = Kop(soort="saldoantwoorden", namens=found.namens)

    def __iter__(self) -> Iterator[Record]:
        """Every answer."""
        for nr, value in enumerate(self._found.antwoorden):
            yield _record(nr, value)


def _record(nr: int, value: Any) -> Record:  # noqa: ANN401 - parsed JSON
    plek, id = f"antwoord {nr + 1}", identity(value.get("id")) if isinstance(value, dict) else None
    if id is None:
        return unknown_id(Record(nr, plek, "saldoantwoord", {}))
    try:
        strict.convert(value, Antwoordrecord, most=10)
    except strict.Refused as refused:
        fouten = findings(refused.fouten)
        return Record(nr, plek, "saldoantwoord", {"kenmerk": id}, fouten)
    return Record(nr, plek, "saldoantwoord", {"kenmerk": id, "antwoord": value["antwoord"]})
