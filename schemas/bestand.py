"""Files: what a reader makes of bytes. One shape for XML, CSV and XLSX, so that everything after reading is the one flow.

Authority: `docs/contract.md`, files. A reader translates and says where; it never judges lawfulness and never invents a value. Leaves
bytes to `adapters.formats`, and what becomes of the records to `gateway.files`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO, Literal, NamedTuple, Protocol

from schemas.ontvangst import Bevinding
from schemas.standen import Vervalreden
from schemas.types import Kenmerk, Naam, Oin, Sector

Bestandsoort = Literal["signalen", "stand", "saldoantwoorden"]
Recordsoort = Literal["signaal", "intrekking", "saldoantwoord"]


class Onleesbaar(Exception):
    """The file cannot be read as a whole; nothing of it is done. `code` for machines, `melding` in Dutch, `plek` where reading stopped."""

    def __init__(self, code: str, melding: str, plek: str) -> None:
        super().__init__(f"{code} ({plek})")
        self.code = code
        self.melding = melding
        self.plek = plek


class Kop(NamedTuple):
    """What a file says as a whole. `kenmerk` None: the gateway takes the file's name. `namens`: the principal, if not the sender.

    `peildatum` belongs to a stand, and only to that. `codering` is how the text was read (`utf-8`, `windows-1252`, `iso-8859-1`).
    """

    soort: Bestandsoort = "signalen"
    kenmerk: Kenmerk | None = None
    namens: Oin | None = None
    sector: Sector | None = None
    handelsnaam: Naam | None = None
    profiel: Kenmerk | None = None
    peildatum: date | None = None
    reden_vervallen: Vervalreden | None = None
    inhaalslag: bool | None = None
    codering: str = "utf-8"

    @property
    def defaults(self) -> dict[str, str]:
        """What a signal takes from the head when it leaves it out."""
        given = {"sector": self.sector, "handelsnaam": self.handelsnaam}
        return {name: value for name, value in given.items() if value is not None}


class Record(NamedTuple):
    """One record, in the order of the file (`nr` from 0).

    `plek` says where in words of the format: `regel 17`, `blad 1, rij 17`, `signaal 17 (regel 402)`. `value` is the JSON object that
    `POST aanleveringen` carries for a signal (camelCase, parsed JSON types, defaults of the file not yet filled in), or
    `{"kenmerk", "reden"}` of a withdrawal, or `{"kenmerk", "antwoord"}`: the id of a balance request, and its answer as at the door. With
    `bevindingen` the record could not be translated: it is refused with these.
    """

    nr: int
    plek: str
    soort: Recordsoort
    value: dict[str, Any]
    bevindingen: tuple[Bevinding, ...] = ()


class Lezing(Protocol):
    """A file being read as a stream, once. `kop` is there before the first record; either may raise Onleesbaar."""

    @property
    def kop(self) -> Kop:
        """What the file says as a whole."""
        ...

    def __iter__(self) -> Iterator[Record]:
        """Every record, in order."""
        ...


class Lezer(Protocol):
    """Reads one format under one profile; may be used for many files, at once."""

    def __call__(self, stream: BinaryIO) -> Lezing:
        """Begin. The stream is read forwards only, in blocks. Raises Onleesbaar."""
        ...
