"""The flows of matching behind their port: only calls. Authority: `gateway.api.meldingen` says what each promises."""

from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.meldingen import instellingen, listing
from gateway.meldingen.listing import Filter
from gateway.meldingen.matcher import Matcher
from schemas.inbox import Indeling
from schemas.meldingen import Bezwaar, BezwaarAanvraag, Bezwaren, Historie, HistorieAanvraag, Melding, Meldingen, Ritme, RitmeAanvraag
from schemas.signaal import Soort


class MeldingenDoor:
    """`gateway.api.meldingen.MeldingenPort`."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def page(
        self,
        gemeente: str,
        *,
        after: int,
        limit: int,
        indeling: Indeling | None,
        sector: str | None,
        soort: Soort | None,
        periode: str | None,
    ) -> Meldingen:
        """A page of meldingen."""
        return listing.page(gemeente, self._matcher, after=after, limit=limit, wanted=Filter(indeling, sector, soort, periode))

    def find(self, gemeente: str, id: UUID) -> Melding:
        """One melding."""
        return listing.find(gemeente, id, self._matcher)

    def rhythm(self, gemeente: str) -> Ritme:
        """The rhythm."""
        return instellingen.rhythm(gemeente, self._matcher)

    def set_rhythm(self, caller: Sender, gemeente: str, trace: Trace, request: RitmeAanvraag) -> Ritme:
        """Set the rhythm."""
        return instellingen.set_rhythm(caller, gemeente, trace, request, self._matcher)

    def load_history(self, caller: Sender, gemeente: str, trace: Trace, request: HistorieAanvraag) -> Historie:
        """Keep earlier signals."""
        return instellingen.load_history(caller, gemeente, trace, request, self._matcher)

    def objections(self, gemeente: str, before: UUID | None, limit: int) -> Bezwaren:
        """The objection list."""
        return instellingen.objections(gemeente, before, limit, self._matcher)

    def oppose(self, caller: Sender, gemeente: str, trace: Trace, request: BezwaarAanvraag) -> tuple[Bezwaar, bool]:
        """An objection on the list."""
        return instellingen.oppose(caller, gemeente, trace, request, self._matcher)

    def end_objection(self, caller: Sender, gemeente: str, trace: Trace, id: UUID) -> Bezwaar:
        """An objection off the list."""
        return instellingen.end_objection(caller, gemeente, trace, id, self._matcher)
