"""What `gateway.api.meldingen` needs from the house, as a protocol; see `gateway.api.ports`."""

from typing import Protocol
from uuid import UUID

from gateway.core.chain import Sender, Trace
from schemas.inbox import Indeling
from schemas.meldingen import Bezwaar, BezwaarAanvraag, Bezwaren, Historie, HistorieAanvraag, Melding, Meldingen, Ritme, RitmeAanvraag
from schemas.signaal import Soort
from schemas.types import Gemeentecode, Sector


class MeldingenPort(Protocol):
    """What a municipality asks of matching; `gemeente` is the code of the principal."""

    def page(
        self,
        gemeente: Gemeentecode,
        *,
        after: int,
        limit: int,
        indeling: Indeling | None,
        sector: Sector | None,
        soort: Soort | None,
        periode: str | None,
    ) -> Meldingen:
        """What changed among the `limit` messages above number `after`. `volgende` is `str(number)` to go on from, never empty."""
        ...

    def find(self, gemeente: Gemeentecode, id: UUID) -> Melding:
        """One melding. Raises NotFound."""
        ...

    def rhythm(self, gemeente: Gemeentecode) -> Ritme:
        """The rhythm as it is."""
        ...

    def set_rhythm(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: RitmeAanvraag) -> Ritme:
        """Set the rhythm. Raises Invalid."""
        ...

    def load_history(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: HistorieAanvraag) -> Historie:
        """Keep the keyed names of earlier signals; what is known is kept once."""
        ...

    def objections(self, gemeente: Gemeentecode, before: UUID | None, limit: int) -> Bezwaren:
        """The objection list, newest first. `volgende` is `str(id)` of the last one, or None at the end."""
        ...

    def oppose(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: BezwaarAanvraag) -> tuple[Bezwaar, bool]:
        """Put an objection on the list. The flag is False when it stood there already."""
        ...

    def end_objection(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID) -> Bezwaar:
        """Take an objection off the list. Raises NotFound."""
        ...
