"""What the register says of a partner's files: who may come in over SFTP, how its files are read, where the gateway fetches them,
and to which desk messages go as files.

Authority: contract, files. Rows only; `gateway.partners.register` looks them up.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from schemas.types import Gemeentecode, Oin


class SftpSleutel(msgspec.Struct, frozen=True):
    """A public key that a partner logs in to its mailbox with, known by the SHA-256 of its wire form (RFC 4253, 6.6)."""

    vingerafdruk: bytes
    oin: Oin
    soort: str
    geldig_van: datetime
    ingetrokken_op: datetime | None = None


class Bestandsprofiel(msgspec.Struct, frozen=True):
    """How files of a partner are read whose names fit `patroon` (`*.csv`): by the mapping profile `inhoud`, else as canonical XML.

    `ingepakt`: in what they may be compressed (gzip, zip).
    """

    oin: Oin
    naam: str
    geldig_van: date
    patroon: str
    inhoud: str | None = None
    ingepakt: frozenset[str] = frozenset()
    geldig_tot: date | None = None


class Ophaaladres(msgspec.Struct, frozen=True):
    """A partner's own SFTP server, where the gateway fetches from `map`; trusted by its `hostsleutels` (OpenSSH form) alone.

    `daarna`: what is done there with a file once it is the gateway's.
    """

    oin: Oin
    server: str
    poort: int
    gebruiker: str
    map: str
    hostsleutels: frozenset[str]
    daarna: Literal["verwijder", "hernoem"]
    geldig_van: datetime
    ingetrokken_op: datetime | None = None


class Uitlaat(msgspec.Struct, frozen=True):
    """To which desk the messages of a municipality go, under which processor agreement, and in which layout (`inhoud`: an outlet profile).

    `soorten` and `werkbakken`: which kinds and baskets; empty is all.
    """

    gemeentecode: Gemeentecode
    loket: Oin
    overeenkomst: str
    getekend_op: date
    geldig_van: date
    inhoud: str
    soorten: frozenset[str] = frozenset()
    werkbakken: frozenset[str] = frozenset()
    geldig_tot: date | None = None
    ingetrokken_op: datetime | None = None


def opens(sleutel: SftpSleutel, now: datetime) -> bool:
    """Whether an SFTP key counts."""
    return sleutel.ingetrokken_op is None and sleutel.geldig_van <= now
