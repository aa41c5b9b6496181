"""Proof for a court: that a signal was delivered and when, without a person in it.

Authority: Bgs art. 2 (an early signal before eviction or end of supply), `docs/contract.md` on receipts; RFC 6962 (inclusion), C2SP
tlog-checkpoint. Everything here is of the asking creditor itself; it holds after the payload is gone.
"""

from datetime import datetime
from uuid import UUID

from schemas.signaal import Soort
from schemas.types import Gemeentecode, Kenmerk, Oin, Sector, Wire


class Logbewijs(Wire, frozen=True, kw_only=True):
    """The leaf stands at `nummer` (from 0) under a signed checkpoint; `pad` are the sibling hashes (hex, RFC 6962) up to its root."""

    nummer: int
    pad: list[str]
    controlepunt: str


class Controlepunt(Wire, frozen=True, kw_only=True):
    """A signed checkpoint over `omvang` leaves; `pad` (hex, RFC 9162 section 2.1.4) shows that the one over `bewaard` is its beginning."""

    omvang: int
    controlepunt: str
    bewaard: int
    pad: list[str]


class Bladbewijs(Wire, frozen=True, kw_only=True):
    """The leaf hash (hex) with this number, from 0; `log` proves it as soon as a checkpoint covers it."""

    nummer: int
    logblad: str
    log: Logbewijs | None = None


class Bewijs(Wire, frozen=True, kw_only=True):
    """`logblad` is the leaf hash (hex) of the receipt; `log` comes within a minute. `handtekening` is over all other members."""

    id: UUID
    kenmerk: Kenmerk
    schuldeiser: Oin
    soort: Soort
    sector: Sector
    gemeente: Gemeentecode
    gemeentenaam: str
    ontvangen_op: datetime
    bezorgd_als_nummer: int | None = None
    opgehaald_op: datetime | None = None
    ingetrokken_op: datetime | None = None
    reden_intrekking: str | None = None
    opgemaakt_op: datetime
    controleadres: str
    logblad: str
    log: Logbewijs | None = None
    handtekening: str | None = None
