"""A format of our own for tests: JSON lines, the first one the head. As strict and as streaming as a real reader."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

from schemas.bestand import Kop, Onleesbaar, Record
from schemas.ontvangst import Bevinding

_BAD = Bevinding(code="VELD_ONLEESBAAR", oordeel="fout", melding="Dit veld is niet te lezen.", pointer="/achterstand")


class Lines:
    """`schemas.bestand.Lezing`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        head = self._parsed(stream.readline(), 1)
        if "peildatum" in head:
            head["peildatum"] = date.fromisoformat(head["peildatum"])
        self.kop = Kop(**head)

    def __iter__(self) -> Iterator[Record]:
        for nr, line in enumerate(self._stream):
            value = self._parsed(line, nr + 2)
            if value.get("onleesbaar"):
                yield Record(nr, f"regel {nr + 2}", "signaal", {"kenmerk": value.get("kenmerk")}, (_BAD,))
            else:
                yield Record(nr, f"regel {nr + 2}", "intrekking" if "reden" in value else "signaal", value)

    @staticmethod
    def _parsed(line: bytes, nr: int) -> dict[str, Any]:
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise Onleesbaar("REGEL_ONGELDIG", "Deze regel is geen JSON-object.", f"regel {nr}")
        return value


def text(records: Sequence[Any], **head: Any) -> bytes:
    """A file in this format."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in [head, *records])
