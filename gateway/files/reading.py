"""By which reader a file is read: canonical XML (answers: JSON), unless a profile of the partner that holds on the day is for this name;
and what looks at it before that.

Authority: contract, files. Readers and the check for malware are injected; the shipped check knows programs and documents by their first
bytes and is no substitute for a scanner of your own (`Scanner`). Leaves bytes to the readers, and what comes of the records to the flow.
"""

import io
from collections.abc import Callable
from datetime import date
from fnmatch import fnmatchcase
from typing import BinaryIO, NamedTuple, Protocol

from gateway.files import unpacking
from gateway.files.spool import FRAME, Reader
from gateway.partners.mailroom import Bestandsprofiel
from gateway.partners.register import Register
from schemas.bestand import Lezer, Lezing, Onleesbaar

_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf")
_BEGIN = "begin van het bestand"


class Scanner(Protocol):
    """Looks for malware in a file as it came."""

    @property
    def naam(self) -> str:
        """What the receipt says looked at it."""
        ...

    def scan(self, file: BinaryIO) -> str | None:
        """Why the file is refused, in Dutch; None when it may be read. Raises Unavailable when it cannot look: the file then waits."""
        ...


class FirstBytes:
    """The shipped check: programs, scripts, PDF and old Office documents are no deliveries."""

    naam = "eerste bytes"

    def scan(self, file: BinaryIO) -> str | None:
        """See `Scanner`."""
        return "Dit is een programma of document, geen aanlevering." if file.read(8).startswith(_PROGRAMS) else None


class Leeswijze(NamedTuple):
    """How one file is read. `archief`: the format itself is a zip (a spreadsheet). `ingepakt`: in what it may be compressed."""

    lezer: Lezer
    archief: bool = False
    ingepakt: frozenset[str] = frozenset()


class Profiled(Protocol):
    """Makes the reader of a mapping profile for a file of this name."""

    def __call__(self, inhoud: str, naam: str) -> Leeswijze:
        """Raises Onleesbaar: the profile cannot be used."""
        ...


class Readers:
    """The choice; `canonical` reads XML as in `schemas/xsd/aanlevering.xsd`, `answers` JSON with answers to balance requests."""

    def __init__(self, register: Callable[[], Register], canonical: Lezer, profiled: Profiled, answers: Lezer | None = None) -> None:
        self._register = register
        self._canonical = canonical
        self._profiled = profiled
        self._answers = answers

    def choose(self, party: str, naam: str, day: date) -> Leeswijze:
        """For a file of a partner, of this name, on a day. The longest pattern that fits goes first. Raises Onleesbaar."""
        fitting = [p for p in self._register().profiles(party, day) if fnmatchcase(naam.lower(), p.patroon.lower())]
        if not fitting:
            if naam.lower().endswith(".xml"):
                return Leeswijze(self._canonical)
            if self._answers and naam.lower().endswith(".json"):
                return Leeswijze(self._answers)
            melding = "Voor deze naam is geen profiel; zonder profiel is .xml leesbaar, en .json met antwoorden."
            raise Onleesbaar("PROFIEL_ONTBREEKT", melding, "naam")
        return self._by(max(fitting, key=lambda p: (len(p.patroon), p.geldig_van)), naam)

    def _by(self, row: Bestandsprofiel, naam: str) -> Leeswijze:
        found = Leeswijze(self._canonical) if row.inhoud is None else self._profiled(row.inhoud, naam)
        return found._replace(ingepakt=row.ingepakt)


def scanned(reader: Reader, scanner: Scanner) -> None:
    """Look for malware; the reader is closed after it. Raises Onleesbaar, Unavailable (of the scanner)."""
    with io.BufferedReader(reader, FRAME) as file:
        reason = scanner.scan(file)
    if reason:
        raise Onleesbaar("MALWARE_VERMOED", reason, _BEGIN)


def begin(reader: Reader, wijze: Leeswijze, limits: unpacking.Limits) -> Lezing:
    """Begin to read, unpacked where that is allowed. Raises Onleesbaar."""
    how = unpacking.packing(reader)
    if how is None or (how == "zip" and wijze.archief):
        return wijze.lezer(io.BufferedReader(reader, FRAME))
    if how not in wijze.ingepakt:
        raise Onleesbaar("INGEPAKT_NIET_TOEGESTAAN", "Ingepakte bestanden zijn voor u niet ingericht; lever het uitgepakt aan.", _BEGIN)
    return wijze.lezer(unpacking.unpack(reader, how, limits))
