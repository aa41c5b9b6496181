"""The world of the flows with what leaves a municipality: statistics, forwarding, letters."""

from datetime import date
from pathlib import Path
from uuid import UUID

from gateway.cases import casework
from gateway.ddas import setting
from gateway.ddas.export import DOEL, RECEIVER, Statistics
from gateway.inboxes.forwarding import Forwarding
from gateway.letters.merging import Letters
from gateway.signals.residue import Residues
from gateway.store.prepare import Dsns
from schemas.ddas import Contactpersoon, Organisatie, StatistiekInstelling
from schemas.zaken import Zaak, ZaakAanvraag
from tests.flows.world import CLERK, HAARLEM, MUNICIPALITIES, PURPOSES, TRACE, World

CONTACT = Contactpersoon(naam="A. Jansen", telefoonnummer="023 511 5115", email="cijfers@voorbeeld.example", functietitel="Adviseur")
ORGANISATION = Organisatie(naam="Gemeente Voorbeeld", kvk_nummer="34369366", contactpersonen=[CONTACT])
ON = StatistiekInstelling(levering="gateway", organisatie=ORGANISATION)


class Outgoing(World):
    """A world that keeps residues where a municipality asks for it."""

    def __init__(self, dsns: Dsns, folder: Path) -> None:
        super().__init__(dsns, folder)
        residues = Residues(self.keys, lambda day: PURPOSES.reading(DOEL, RECEIVER, day) is not None)
        self.steps = self.steps._replace(residue=residues.keep)
        self.forwarding = Forwarding(self.desk, lambda: self.register)
        self.letters = Letters(self.desk, lambda: self.register)
        self.statistics = Statistics(self.inbox, self.keys, PURPOSES, self.clock, _known, "Seinhuis 1.0.0")

    def deliver_statistics(self, gemeente: str = HAARLEM) -> None:
        """Let the gateway deliver the statistics of a municipality."""
        setting.change(CLERK, gemeente, TRACE, ON, self.statistics)

    def case(self, nummer: str, *berichten: UUID) -> Zaak:
        """Open a case over claimed messages."""
        return casework.open_case(CLERK, HAARLEM, TRACE, ZaakAanvraag(zaaknummer=nummer, berichten=list(berichten)), self.cases)[0]


def _known(code: str, day: date) -> bool:
    return MUNICIPALITIES.gemeente_op(code, day) == code
