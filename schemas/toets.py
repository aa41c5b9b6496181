"""A conformance result: what a partner's system showed for one mouth, scenario by scenario, signed by the gateway that ran the suite.

Authority: contract, states (`getoetst`). It is the interface between whoever runs the suite and whoever lets a partner in: the suite fills
it in and signs, the registration verifies and keeps it. No person data: scenarios are named, and `toelichting` says what to mend.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.types import Oin, Wire

Mond = Literal["api", "bestand"]
Toetssoort = Literal[
    "signaal",
    "intrekking",
    "stand",
    "saldoantwoord",
    "regelingantwoord",
    "bericht",
    "terugkoppeling",
    "zaak",
    "overzicht",
    "regeling",
    "toezicht",
    "ddas",
]
"""Kinds of message: what a creditor sends or answers, what a municipality takes, gives back or asks, oversight, statistics."""
Scenarionaam = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{2,63}$", description="Naam van het scenario")]


class Scenario(Wire, frozen=True, kw_only=True):
    """One named scenario and how it ended; `toelichting` says what to mend."""

    naam: Scenarionaam
    soort: Toetssoort
    uitkomst: Literal["geslaagd", "gezakt"]
    toelichting: Annotated[str, Meta(max_length=500)] | None = None


class Toetsuitslag(Wire, frozen=True, kw_only=True):
    """The result for one partner and mouth. `handtekening` is a compact JWS (ES256) over the other members (RFC 8785)."""

    id: UUID
    deelnemer: Oin
    mond: Mond
    soorten: Annotated[list[Toetssoort], Meta(min_length=1, description="Berichtsoorten die zijn getoetst")]
    suite: Annotated[str, Meta(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$", description="Versie van de toets")]
    scenarios: Annotated[list[Scenario], Meta(min_length=1)]
    geslaagd: bool
    getoetst_op: datetime
    handtekening: str | None = None
