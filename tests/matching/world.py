"""The world of the flows, with matching, and with creditors of every sector."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from gateway.core.chain import Outcome, Sender
from gateway.keys.keystore import CachedKeys
from gateway.meldingen import instellingen, listing
from gateway.meldingen.listing import Filter
from gateway.meldingen.matcher import Matcher
from gateway.partners.register import Deelnemer, GemeenteInstelling, Register
from gateway.partners.sealkeys import Gemeentesleutel, Pseudoniemversie
from gateway.store.prepare import Dsns
from schemas.meldingen import BezwaarAanvraag, HistorieAanvraag, HistorieSignaal, Melding, RitmeAanvraag
from tests.flows.world import CLERK, HAARLEM, NAME, PURPOSES, TRACE, UTRECHT, World

SECTORS: dict[str, frozenset[str]] = {
    "00000099000000001000": frozenset({"huur"}),
    "00000099000000002000": frozenset({"huur"}),
    "00000099000000004000": frozenset({"elektriciteit", "gas"}),
    "00000099000000005000": frozenset({"drinkwater"}),
    "00000099000000006000": frozenset({"zorgverzekering"}),
    "00000099000000007000": frozenset({"warmte"}),
}


class MatchingWorld(World):
    """`matcher` is what the flows of matching work with."""

    def __init__(self, dsns: Dsns, folder: Path, *, size: int = 12, keys: CachedKeys | None = None) -> None:
        super().__init__(dsns, folder, size=size, keys=keys)
        self.matcher = Matcher(self.inbox, self.keys, self.clock, self._wake, PURPOSES.activity)
        creditors = [
            Deelnemer(oin, NAME, frozenset({"schuldeiser", "signaalpartner"}), "actief", sectors, frozenset({NAME}))
            for oin, sectors in SECTORS.items()
        ]
        found = [self.register.sealing_key(code) for code in (HAARLEM, UTRECHT)]
        sealing: list[Gemeentesleutel] = [key for key in found if key is not None]
        optional = frozenset({"geboortedatum", "klantnummer"})
        places = [GemeenteInstelling(key.gemeentecode, "Gemeente", date(2021, 1, 1), optionele_velden=optional) for key in sealing]
        self._register = partial(Register, 1, deelnemers=creditors, gemeenten=places, sleutels=sealing)
        self.register = self._register()

    def name_in(self, *versions: Pseudoniemversie) -> None:
        """Go on with a register that has these versions of pseudonyms."""
        self.register = self._register(pseudoniemversies=versions)

    def give(self, signal: dict[str, Any], creditor: str = CLERK.party, **changes: object) -> UUID:
        """Deliver one signal of a creditor, number it, and give its id."""
        oin = creditor if creditor in SECTORS else next(iter(SECTORS))
        (outcome,) = self.deliver({**signal, **changes}, sender=Sender(oin, oin))
        assert outcome.id is not None, outcome
        self.number()
        return outcome.id

    def outcome(self, signal: dict[str, Any]) -> Outcome:
        """What became of one signal."""
        return self.deliver(signal)[0]

    def meldingen(self, gemeente: str = HAARLEM, after: int = 0, limit: int = 500, **wanted: Any) -> list[Melding]:
        """A page of meldingen."""
        return listing.page(gemeente, self.matcher, after=after, limit=limit, wanted=Filter(**wanted)).meldingen

    def melding(self, id: UUID, gemeente: str = HAARLEM) -> Melding:
        """One melding."""
        return listing.find(gemeente, id, self.matcher)

    def set_rhythm(self, wijze: str, dag: int | None = None, gemeente: str = HAARLEM) -> None:
        """Set the rhythm."""
        request = msgspec.convert({"wijze": wijze, "dag": dag}, RitmeAanvraag)
        instellingen.set_rhythm(CLERK, gemeente, TRACE, request, self.matcher)

    def tell(self, *signals: HistorieSignaal, gemeente: str = HAARLEM) -> tuple[int, int, int]:
        """Load history; what was added, known and out of term."""
        done = instellingen.load_history(CLERK, gemeente, TRACE, HistorieAanvraag(signalen=list(signals)), self.matcher)
        assert done.aangeboden == len(signals)
        return done.toegevoegd, done.al_bekend, done.buiten_termijn

    def oppose(self, adres: dict[str, Any], gemeente: str = HAARLEM, **persoon: str) -> tuple[UUID, bool]:
        """Put an address, or a person at an address, on the objection list."""
        place = {name: value for name, value in adres.items() if name not in ("woonplaats", "gemeentecode")}
        request = msgspec.convert({**place, "persoon": persoon or None}, BezwaarAanvraag)
        found, new = instellingen.oppose(CLERK, gemeente, TRACE, request, self.matcher)
        return found.id, new

    def flagged(self) -> list[bool]:
        """`bezwaarLoopt` of every message in the inbox."""
        return [bool(bericht.bezwaar_loopt) for bericht in self.page()]
