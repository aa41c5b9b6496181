"""What the suite saw of one partner: every exchange at the test door, and what the gateway behind it has. No person data.

A record of a delivery stands here as the card that it is of, a digest of its kenmerk, a digest of its content, its amount, and what the
gateway said of it. `status` is what the gateway did, `gezien` what reached the partner: a scenario may have lost or changed that. Filled in
by `door` and `stage`, judged by the modules of `judging`. Leaves what any of it means to them.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas.inbox import Berichtstaat

AFGEBROKEN = 0
"""The status that a partner saw when no answer reached it."""
GELUKT = range(200, 300)


class Regel(NamedTuple):
    """One signal in a request. `uitkomst` is the gateway's word for it, with its `codes`, `id` that of its message; empty when it said
    none."""

    kaart: str
    kenmerk: str
    inhoud: str
    bedrag: int | None = None
    gemeentecode: str | None = None
    uitkomst: str = ""
    codes: tuple[str, ...] = ()
    id: str = ""


class Uitwisseling(NamedTuple):
    """One request of the partner: when (seconds since the door opened), which operation, and how it ended.

    `ingreep`: what the suite did to it, for scenario `scenario`. The other members are there as far as the operation has them: `id` and
    `claim` that it is about, `berichten` (or feedback, or questions) that came along, the cursor it used and the one it got, `keuze`:
    purpose, status, code or reason.
    """

    op: float
    handeling: str
    status: int
    gezien: int
    ingreep: str = ""
    scenario: str = ""
    regels: tuple[Regel, ...] = ()
    id: str = ""
    claim: str = ""
    berichten: tuple[str, ...] = ()
    cursor: str | None = None
    volgende: str | None = None
    keuze: str = ""

    @property
    def gelukt(self) -> bool:
        """Whether the gateway did what was asked."""
        return self.status in GELUKT

    def kaarten(self) -> set[str]:
        """The cards of its records."""
        return {regel.kaart for regel in self.regels}


class Feit(NamedTuple):
    """A message of the gateway behind the door. `zaak`: the case number is the one that only who opened the message can know."""

    id: str
    staat: Berichtstaat
    bedrag: int = 0
    zaak: bool = False


class Bestand(NamedTuple):
    """A file of the partner in the mailbox: its state and kind, lines refused and lines known before, and whether its answers were
    collected."""

    staat: str
    soort: str = ""
    geweigerd: int = 0
    eerder: int = 0
    opgehaald: bool = False


class Waargenomen(NamedTuple):
    """Everything, by scenario where it was planted for one. `uitkomsten` are words of the counterparties: an answer that they opened."""

    uitwisselingen: tuple[Uitwisseling, ...] = ()
    berichten: Mapping[str, tuple[Feit, ...]] = {}
    bestanden: tuple[Bestand, ...] = ()
    uitkomsten: Mapping[str, tuple[str, ...]] = {}

    def van(self, handeling: str) -> Iterator[Uitwisseling]:
        """The exchanges of one operation, in order."""
        return (one for one in self.uitwisselingen if one.handeling == handeling)

    def met(self, kaart: str) -> list[tuple[Uitwisseling, Regel]]:
        """Every time that a card was delivered, in order."""
        return [(one, regel) for one in self.uitwisselingen for regel in one.regels if regel.kaart == kaart]

    def ingreep(self, scenario: str) -> Uitwisseling | None:
        """The first exchange that was interfered with for a scenario."""
        return next((one for one in self.uitwisselingen if one.scenario == scenario and one.ingreep), None)
