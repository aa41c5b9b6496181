"""What the doors need for settings, clocks and follow-up partners. Authority and rules as in `gateway.api.ports`."""

from typing import Protocol, TypeVar
from uuid import UUID

from gateway.core.chain import Sender, Trace
from schemas.instellingen import Drempels, Opvolgpartners, Stand, Termijnregels, Velden, Werkbakken, Werkbakkenproef
from schemas.opvolging import Deling, Delingstand, OpvolgBerichten, OpvolgClaim, OpvolgClaimAanvraag, OpvolgStand
from schemas.termijnen import Bedreigend, Mijlpaalstand, Mijlpalen, Termijnen, Termijnsoort, Termijnstand
from schemas.types import Gemeentecode

T = TypeVar("T", Drempels, Velden, Werkbakken, Opvolgpartners, Termijnregels)


class TriagePort(Protocol):
    """How a municipality sorts its work, watches its terms and lets others follow up."""

    def setting(self, gemeente: Gemeentecode, kind: type[T]) -> Stand:
        """The setting that holds, with its version."""
        ...

    def change(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, new: T) -> Stand:
        """Replace a setting. Raises Invalid or Conflict with every finding."""
        ...

    def trial(self, gemeente: Gemeentecode, setting: Werkbakken) -> Werkbakkenproef:
        """How last month would have been divided; nothing is kept."""
        ...

    def threaten(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: Bedreigend) -> Mijlpaalstand:
        """A worker's judgement. Raises NotFound, Conflict."""
        ...

    def milestones(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: Mijlpalen) -> Mijlpaalstand:
        """What happened since. Raises NotFound, Conflict."""
        ...

    def terms(self, gemeente: Gemeentecode, *, after: int, limit: int, soort: Termijnsoort | None, stand: Termijnstand | None) -> Termijnen:
        """Running and overdue terms; `volgende` is `str(number)` to go on from, never empty."""
        ...

    def share(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: Deling) -> Delingstand:
        """Share sealed group keys with a follow-up partner. Raises NotFound, Gone, Conflict, Forbidden."""
        ...

    def sub_mailbox(self, caller: Sender, gemeente: Gemeentecode, *, after: int, limit: int) -> OpvolgBerichten:
        """The partner's messages. Raises Forbidden."""
        ...

    def sub_claim(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: OpvolgClaimAanvraag) -> OpvolgClaim:
        """Lease and disclose. Raises Forbidden, Unavailable."""
        ...

    def sub_release(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID) -> OpvolgStand:
        """Give back. Raises NotFound."""
        ...

    def sub_finish(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID) -> OpvolgStand:
        """Done with. Raises NotFound."""
        ...
