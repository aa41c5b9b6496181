"""The flows behind `gateway.api.triage_port.TriagePort`: only calls, no decisions."""

from typing import TypeVar
from uuid import UUID

import msgspec

from gateway.app.house import House
from gateway.core.chain import Sender, Trace
from gateway.inboxes import followup, settings, sharing, sorting, terms
from gateway.inboxes.settings import Place
from schemas.instellingen import Drempels, Opvolgpartners, Stand, Termijnregels, Velden, Werkbakken, Werkbakkenproef, Zegelsleutel
from schemas.opvolging import Deling, Delingstand, OpvolgBerichten, OpvolgClaim, OpvolgClaimAanvraag, OpvolgStand
from schemas.termijnen import Bedreigend, Mijlpaalstand, Mijlpalen, Termijnen, Termijnsoort, Termijnstand

T = TypeVar("T", Drempels, Velden, Werkbakken, Opvolgpartners, Termijnregels)


class TriageDoor:
    """How a municipality sorts its work, watches its terms and lets others follow up."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._desk = house.desk

    def setting(self, gemeente: str, kind: type[T]) -> Stand:
        """The setting that holds."""
        return settings.read(self._place(gemeente), kind, self._desk)

    def change(self, caller: Sender, gemeente: str, trace: Trace, new: T) -> Stand:
        """Replace a setting; this node sees it at once, the others within a second."""
        stand = settings.change(caller, self._place(gemeente), trace, new, self._desk)
        self._house.register.refresh()
        return stand

    def trial(self, gemeente: str, setting: Werkbakken) -> Werkbakkenproef:
        """Try baskets on last month."""
        return sorting.trial(gemeente, setting, self._desk)

    def threaten(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Bedreigend) -> Mijlpaalstand:
        """A worker's judgement."""
        return terms.threaten(caller, gemeente, trace, id, request, self._desk)

    def milestones(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Mijlpalen) -> Mijlpaalstand:
        """What happened since."""
        return terms.milestones(caller, gemeente, trace, id, request, self._desk)

    def terms(self, gemeente: str, *, after: int, limit: int, soort: Termijnsoort | None, stand: Termijnstand | None) -> Termijnen:
        """Running and overdue terms."""
        return terms.page(gemeente, self._desk, after=after, limit=limit, soort=soort, stand=stand)

    def share(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Deling) -> Delingstand:
        """Share sealed group keys."""
        return sharing.share(caller, gemeente, trace, id, request, self._desk)

    def sub_mailbox(self, caller: Sender, gemeente: str, *, after: int, limit: int) -> OpvolgBerichten:
        """The partner's messages."""
        return followup.page(caller, gemeente, self._desk, after=after, limit=limit)

    def sub_claim(self, caller: Sender, gemeente: str, trace: Trace, request: OpvolgClaimAanvraag) -> OpvolgClaim:
        """Lease and disclose."""
        return followup.claim(caller, gemeente, trace, request, self._desk, self._sealing_key(gemeente))

    def sub_release(self, caller: Sender, gemeente: str, trace: Trace, id: UUID) -> OpvolgStand:
        """Give back."""
        return followup.release(caller, gemeente, trace, id, self._desk)

    def sub_finish(self, caller: Sender, gemeente: str, trace: Trace, id: UUID) -> OpvolgStand:
        """Done with."""
        return followup.finish(caller, gemeente, trace, id, self._desk)

    def _place(self, gemeente: str) -> Place:
        return Place(gemeente, self._house.register.current())

    def _sealing_key(self, gemeente: str) -> Zegelsleutel | None:
        """The municipality's P-256 key; a key of another kind is not offered for sealing by partners."""
        key = self._house.register.current().sealing_key(gemeente)
        if key is None or key.publiek.get("crv") != "P-256":
            return None
        members = {name: key.publiek[name] for name in ("kty", "crv", "x", "y")}
        return msgspec.convert({**members, "kid": key.kid}, Zegelsleutel)
