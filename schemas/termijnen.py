"""Clocks: what must be done by when, what a worker tells the gateway about it, and what is overdue.

Authority: Wgs art. 4 and 4a, Bgs art. 3 with the sector rules (20 working days), the municipality's own terms. The gateway counts;
it decides nothing. Leaves counting to `gateway.triage.clocks`.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from schemas.types import Wire

Termijnsoort = Literal["bedreigend", "eerste_gesprek", "besluit", "einde_levering", "eerste_contact", "analyse", "onopgehaald"]
Mijlpaalsoort = Literal["bedreigend", "hulp_geaccepteerd", "eerste_contact", "analyse", "eerste_gesprek", "besluit"]
Termijnstand = Literal["lopend", "overschreden"]


class Bedreigend(Wire, frozen=True, kw_only=True):
    """A worker's own judgement that the situation is threatening (Wgs art. 4 lid 2), since a day; false takes it back."""

    bedreigend: bool
    sinds: date | None = None


class Mijlpalen(Wire, frozen=True, kw_only=True):
    """What has happened since; what is absent stays as it was."""

    hulp_geaccepteerd: date | None = None
    eerste_contact: date | None = None
    analyse: date | None = None
    eerste_gesprek: date | None = None
    besluit: date | None = None


class Mijlpaalstand(Wire, frozen=True, kw_only=True):
    """The days that a message's clocks go by."""

    bericht: UUID
    mijlpalen: dict[Mijlpaalsoort, date]


class Termijn(Wire, frozen=True, kw_only=True):
    """One clock of one message; `uiterlijk` is the last day."""

    bericht: UUID
    soort: Termijnsoort
    vanaf: date
    uiterlijk: date
    stand: Termijnstand


class Termijnen(Wire, frozen=True, kw_only=True):
    """Clocks on one day; `volgende` is the cursor for the next call, also after an empty page."""

    peildatum: date
    termijnen: list[Termijn]
    volgende: str
