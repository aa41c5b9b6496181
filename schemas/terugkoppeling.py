"""Feedback: what a creditor may learn of its own signal, and how a municipality gives it.

Authority: Wgs art. 8 lid 2, Bgs art. 17, rules FB-01 to FB-07; `docs/contract.md`, feedback to creditors. `Terugkoppeling` is all
that a creditor ever sees: its own kenmerk and a coarse status. Leaves which outcome gives which code to `gateway.feedback.policy`.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.types import Kenmerk, Wire, text

Terugkoppelcode = Literal[
    "herhaalde_melding",
    "onterecht_signaal",
    "geen_inwoner",
    "niet_opgepakt",
    "overleden",
    "schuldhulpverlening_loopt",
    "schuldhulpverlening_beeindigd",
    "hulp_geaccepteerd",
    "afgerond_zonder_detail",
]
Onterechtgrond = Literal["onder_drempel", "termijn", "rechtspersoon"]


class Terugkoppeling(Wire, frozen=True, kw_only=True):
    """One item of a creditor's feed. `week` is an ISO week (`2026-W48`): no finer date."""

    kenmerk: Kenmerk
    code: Terugkoppelcode
    omschrijving: str
    week: str
    pauze_tot: date | None = None


class Terugkoppelingen(Wire, frozen=True, kw_only=True):
    """A page of a creditor's feed; `volgende` is the cursor for the next call, also when the page is empty."""

    terugkoppelingen: list[Terugkoppeling]
    volgende: str


class TerugkoppelAanvraag(Wire, frozen=True, kw_only=True):
    """Tell the senders of these messages. The receiver is never named: it is who sent the message. `grond` goes with onterecht_signaal."""

    berichten: Annotated[list[UUID], Meta(min_length=1, max_length=100)]
    code: Terugkoppelcode
    grond: Onterechtgrond | None = None


class TerugkoppelUitkomst(Wire, frozen=True, kw_only=True):
    """What became of it for one message: `ziet` is exactly what the creditor will see; without it nothing, and `reden` says why."""

    bericht: UUID
    ziet: Terugkoppeling | None = None
    reden: str | None = None


class TerugkoppelUitkomsten(Wire, frozen=True, kw_only=True):
    """An outcome per message, in the order asked."""

    uitkomsten: list[TerugkoppelUitkomst]


class Terugkoppelgrond(Wire, frozen=True, kw_only=True):
    """The ground that a municipality records for telling a code: a document of its own, and since when."""

    soort: Literal["convenant", "overeenkomst", "toestemming", "besluit"]
    kenmerk: Annotated[str, text(64, "CONV-2026-01")]
    vanaf: date


class Terugkoppelkeuze(Wire, frozen=True, kw_only=True):
    """A code switched on or off. `grond` is required where the policy says so."""

    code: Terugkoppelcode
    aan: bool
    grond: Terugkoppelgrond | None = None


class Terugkoppelkeuzen(Wire, frozen=True, kw_only=True):
    """The choices of a municipality; what it does not name is as the policy has it."""

    keuzen: Annotated[list[Terugkoppelkeuze], Meta(max_length=20)]
