"""What the doors need from the house, as protocols: flows know no HTTP, the composition root (`gateway.app`) wires them.

Authority: architecture, "the house". Values in, values or `gateway.core.errors` (and `schemas.strict.Refused`) out. What is
not there and what is not yours both raise `NotFound()`. A flow writes its own entry for whatever it *returns*, refused records
included; whatever it *raises* with a 4xx is written by the edge, through `Refusals`, before the answer. `async` methods run on
the event loop, all others in a thread pool. Cursors are numbers or ids here; the edge makes them opaque.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from gateway.api.caseports import CasePort, FeedbackPort, FeedPort
from gateway.api.outward_port import OutwardPort
from gateway.api.overviewports import OverviewPort, SaldoPort
from gateway.api.port_log import LogPort
from gateway.api.port_meldingen import MeldingenPort
from gateway.api.port_overzichtsblad import OverzichtsbladPort
from gateway.api.port_standen import StandenPort
from gateway.api.regelingports import BerichtPort, RegelingPort
from gateway.api.triage_port import TriagePort
from gateway.core.chain import Outcome, Sender, Trace
from gateway.partners.register import Register
from schemas.inbox import (
    Afwijzing,
    Bericht,
    Berichten,
    Berichtstaat,
    BerichtStand,
    Bevestiging,
    Claim,
    ClaimAanvraag,
    ClaimBevestiging,
    ClaimStand,
    ClaimVerlenging,
)
from schemas.inspanning import Inspanningsverslag
from schemas.ontvangst import Aanlevering, Aanleveringen, Dekking, Intrekking, Ontvangstbewijs, SignaalStand, Verslag, Voorcontrole
from schemas.signaal import AanleveringEnvelop, IntrekkingAanvraag, Soort
from schemas.types import Gemeentecode, Oin, Sector

Snapshot = Callable[[], Register]
"""The register as it is now; raises `Unavailable` when the snapshot is older than 5 seconds."""


class RevocationList(Protocol):
    """The certificate authority's list of revoked certificates (`gateway.api.revocation.Revocations`)."""

    def is_revoked(self, serial: int) -> bool:
        """Whether the certificate with this serial number is on the list."""
        ...

    def stale(self) -> bool:
        """Past its next update: then nobody is let in."""
        ...


class EffortPort(Protocol):
    """What a creditor may know of its own efforts."""

    def report(self, principal: Oin, van: date, tot: date) -> Inspanningsverslag:
        """Its own figures over the days `van` up to and with `tot`. Raises Invalid."""
        ...


class CreditorPort(Protocol):
    """The conversation of a creditor."""

    @property
    def logbewijzen(self) -> LogPort:
        """Proofs of the log."""
        ...

    @property
    def terugkoppeling(self) -> FeedPort:
        """Feedback on its own signals."""
        ...

    @property
    def inspanning(self) -> EffortPort:
        """Its own efforts before its signals."""
        ...

    @property
    def standen(self) -> StandenPort:
        """What it can do after delivery."""
        ...

    @property
    def saldoverzoeken(self) -> SaldoPort:
        """What municipalities ask it."""
        ...

    @property
    def regelingberichten(self) -> BerichtPort:
        """Pauses, proposals and cooling-off periods that it got."""
        ...

    async def deliver_one(self, sender: Sender, trace: Trace, value: Any) -> Outcome:  # noqa: ANN401 - parsed JSON
        """Deliver one parsed record; returns after COMMIT. A refusal is an outcome, not an error."""
        ...

    def receipt(self, outcome: Outcome) -> Ontvangstbewijs:
        """The signed receipt of an accepted outcome (no I/O)."""
        ...

    def deliver_many(self, sender: Sender, trace: Trace, envelop: AanleveringEnvelop, content: bytes) -> tuple[Aanlevering, bool]:
        """Deliver a batch; `content` is the body as sent. The flag is False for a repeated delivery. Raises Conflict: other content."""
        ...

    def preflight(self, sender: Sender, trace: Trace, envelop: AanleveringEnvelop) -> Voorcontrole:
        """The same checks; nothing is kept."""
        ...

    def delivery(self, principal: Oin, id: UUID) -> Aanlevering:
        """One delivery of this principal. Raises NotFound."""
        ...

    def deliveries(self, principal: Oin, cursor: UUID | None, limit: int) -> Aanleveringen:
        """Deliveries older than `cursor`, newest first. `volgende` is `str(id)` of the last one, or None at the end."""
        ...

    def report(self, principal: Oin, id: UUID) -> Verslag:
        """The report of one delivery. Raises NotFound."""
        ...

    def state(self, principal: Oin, id: UUID) -> SignaalStand:
        """Where an accepted signal stands. Raises NotFound."""
        ...

    def withdraw(self, sender: Sender, trace: Trace, id: UUID, request: IntrekkingAanvraag) -> Intrekking:
        """Withdraw a signal; the same answer when repeated. Raises NotFound, Conflict."""
        ...

    def coverage(self, principal: Oin, day: date) -> Dekking:
        """The municipalities that take this principal's signals on a day."""
        ...

    def keys(self) -> Mapping[str, Any]:
        """The public keys of receipts as a JWK set: `{"keys": [...]}`."""
        ...


class MunicipalityPort(Protocol):
    """The conversation of a municipality; `gemeente` is the code of the principal."""

    @property
    def logbewijzen(self) -> LogPort:
        """Proofs of the log."""
        ...

    @property
    def zaken(self) -> CasePort:
        """Its cases."""
        ...

    @property
    def terugkoppeling(self) -> FeedbackPort:
        """The feedback that it gives."""
        ...

    @property
    def meldingen(self) -> MeldingenPort:
        """Meldingen, and what the municipality sets for them."""
        ...

    @property
    def uitgaand(self) -> OutwardPort:
        """Forwarding, letters, statistics."""
        ...

    @property
    def triage(self) -> TriagePort:
        """Settings, clocks and follow-up partners."""
        ...

    @property
    def overzichten(self) -> OverviewPort:
        """Schuldenoverzichten."""
        ...

    @property
    def regelingen(self) -> RegelingPort:
        """Pauses, proposals and cooling-off periods."""
        ...

    @property
    def overzichtsbladen(self) -> OverzichtsbladPort:
        """Schuldenoverzichten to read and to print."""
        ...

    def messages(  # noqa: PLR0913 - the filters of the inbox
        self,
        caller: Sender,
        gemeente: Gemeentecode,
        trace: Trace,
        *,
        after: int,
        limit: int,
        soort: Soort | None,
        sector: Sector | None,
        staat: Berichtstaat | None,
        werkbak: str | None = None,
    ) -> Berichten:
        """Metadata with a number above `after` (0: from the start), in order. `volgende` is `str(number)` to go on from, never empty."""
        ...

    def claim(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: ClaimAanvraag) -> Claim:
        """Take messages under a lease, for a purpose: a disclosure. Raises Forbidden, Unavailable."""
        ...

    def extend(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: ClaimVerlenging) -> ClaimStand:
        """Extend a lease from now. Raises NotFound, Conflict."""
        ...

    def release(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID) -> ClaimStand:
        """Give the messages back; the same answer when repeated. Raises NotFound."""
        ...

    def acknowledge_claim(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: ClaimBevestiging) -> ClaimStand:
        """Acknowledge every message of a claim. Raises NotFound, Conflict."""
        ...

    def message(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, *, disclose: bool) -> Bericht:
        """Read one message; with `disclose` False metadata only, and nothing is logged. Raises NotFound, Gone."""
        ...

    def acknowledge(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: Bevestiging) -> BerichtStand:
        """Acknowledge one message; the same answer when repeated. Raises NotFound, Conflict."""
        ...

    def reject(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: Afwijzing) -> BerichtStand:
        """Reject one message. Raises NotFound, Conflict."""
        ...


class Refusals(Protocol):
    """Refused requests of known partners, on record before they are answered."""

    def log_refusal(self, party: Oin, principal: Oin | None, trace: Trace, code: str, operation: str) -> None:
        """Write in a short transaction of its own; whatever it raises becomes a 503. `operation` is an operationId."""
        ...


class Report(Protocol):
    """Where the edge tells of a bug: never a message, an argument or a value."""

    def __call__(self, kind: str, where: str, trace_id: str) -> None:
        """`kind` is the exception's type, `where` is module:line."""
        ...
