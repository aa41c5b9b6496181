"""The flows behind the ports of the edges: only calls, no decisions. Authority: `gateway.api.ports` says what each promises."""

import asyncio
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from gateway.app.casedoors import CaseDoor, FeedbackDoor, FeedDoor
from gateway.app.house import House
from gateway.app.logdoor import LogDoor
from gateway.app.meldingen import MeldingenDoor
from gateway.app.outward import OutwardDoor
from gateway.app.overviewdoors import OverviewDoor, SaldoDoor
from gateway.app.overzichtsblad import OverzichtsbladDoor
from gateway.app.regelingdoors import BerichtDoor, RegelingDoor
from gateway.app.standen import StandenDoor, notary
from gateway.app.triage_door import TriageDoor
from gateway.core.chain import Inbound, Outcome, Sender, Trace
from gateway.core.errors import NotFound
from gateway.feedback.giving import Counter
from gateway.inboxes import claiming, reading
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.messages import VerzoekGeweigerd
from gateway.signals import afterwards, deliveries, effort, reports, schaduw
from gateway.signals.parsing import is_well_formed
from gateway.signals.receive import receive
from gateway.signals.turns import Turns
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


class EffortDoor:
    """`gateway.api.ports.EffortPort`."""

    def __init__(self, house: House) -> None:
        self._database = house.ingest

    def report(self, principal: str, van: date, tot: date) -> Inspanningsverslag:
        """The creditor's own efforts."""
        return effort.report(principal, van, tot, self._database)


class CreditorDoor:
    """`gateway.api.ports.CreditorPort`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._bulk = Turns()
        self.inspanning = EffortDoor(house)
        self.standen = StandenDoor(house)
        self.logbewijzen = LogDoor(house)
        self.terugkoppeling = FeedDoor(house.ingest)
        self.saldoverzoeken = SaldoDoor(house.overviews)
        self.regelingberichten = BerichtDoor(house.overviews)

    async def deliver_one(self, sender: Sender, trace: Trace, value: Any) -> Outcome:  # noqa: ANN401 - parsed JSON
        """One record through the shared commit; a malformed one by itself, since finding its reasons would hold up the others."""
        record = Inbound(0, sender, trace, self._house.clock.now(), "", value)
        if schaduw.applies(self._house.register.current(), sender):
            work = partial(receive, [record])
            return (await run_in_threadpool(schaduw.deliver, sender, trace, "api", self._house.steps, work))[0]
        if not is_well_formed(record):
            return (await run_in_threadpool(self._house.receive, [record]))[0]
        return await asyncio.wrap_future(self._house.posts.submit(record))

    def receipt(self, outcome: Outcome) -> Ontvangstbewijs:
        """The signed receipt."""
        return reports.receipt(outcome, self._house.signer)

    def deliver_many(self, sender: Sender, trace: Trace, envelop: AanleveringEnvelop, content: bytes) -> tuple[Aanlevering, bool]:
        """A delivery, chunk by chunk."""
        with self._bulk.turn():
            return deliveries.deliver(sender, trace, envelop, self._house.steps, self._house.signer)

    def preflight(self, sender: Sender, trace: Trace, envelop: AanleveringEnvelop) -> Voorcontrole:
        """The checks alone."""
        with self._bulk.turn():
            return deliveries.preflight(sender, trace, envelop, self._house.steps)

    def delivery(self, principal: str, id: UUID) -> Aanlevering:
        """One delivery."""
        return deliveries.find(principal, id, self._house.steps)

    def deliveries(self, principal: str, cursor: UUID | None, limit: int) -> Aanleveringen:
        """A page of deliveries."""
        return deliveries.page(principal, cursor, limit, self._house.steps)

    def report(self, principal: str, id: UUID) -> Verslag:
        """The report of a delivery."""
        return deliveries.report(principal, id, self._house.steps)

    def state(self, principal: str, id: UUID) -> SignaalStand:
        """Where a signal stands."""
        return afterwards.state(principal, id, self._house.steps)

    def withdraw(self, sender: Sender, trace: Trace, id: UUID, request: IntrekkingAanvraag) -> Intrekking:
        """Withdraw a signal."""
        return afterwards.withdraw(sender, trace, id, request, self._house.steps, self._house.number)

    def coverage(self, principal: str, day: date) -> Dekking:
        """Who takes this creditor's signals."""
        register = self._house.register.current()
        creditor = register.partner(principal)
        if creditor is None:
            raise NotFound
        return afterwards.coverage(creditor, day, register, self._house.municipalities)

    def keys(self) -> dict[str, Any]:
        """The public keys of receipts and checkpoints."""
        return self._house.public_keys()


class MunicipalityDoor:
    """`gateway.api.ports.MunicipalityPort`."""

    def __init__(self, house: House) -> None:
        self._desk = house.desk
        self.zaken = CaseDoor(house.cases)
        self.terugkoppeling = FeedbackDoor(Counter(house.inbox, house.feedback))
        self.meldingen = MeldingenDoor(house.matcher)
        self.triage = TriageDoor(house)
        self.uitgaand = OutwardDoor(house)
        self.overzichten = OverviewDoor(house.overviews)
        self.regelingen = RegelingDoor(house.overviews, notary(house))
        self.logbewijzen = LogDoor(house)
        self.overzichtsbladen = OverzichtsbladDoor(house.overviews)

    def messages(  # noqa: PLR0913 - the filters of the inbox
        self,
        caller: Sender,
        gemeente: str,
        trace: Trace,
        *,
        after: int,
        limit: int,
        soort: Soort | None,
        sector: str | None,
        staat: Berichtstaat | None,
        werkbak: str | None = None,
    ) -> Berichten:
        """A page of the inbox."""
        return reading.page(gemeente, self._desk, after=after, limit=limit, soort=soort, sector=sector, staat=staat, werkbak=werkbak)

    def claim(self, caller: Sender, gemeente: str, trace: Trace, request: ClaimAanvraag) -> Claim:
        """Take messages."""
        return claiming.claim(caller, gemeente, trace, request, self._desk)

    def extend(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: ClaimVerlenging) -> ClaimStand:
        """Extend a lease."""
        return claiming.extend(caller, gemeente, trace, id, request, self._desk)

    def release(self, caller: Sender, gemeente: str, trace: Trace, id: UUID) -> ClaimStand:
        """Give messages back."""
        return claiming.release(caller, gemeente, trace, id, self._desk)

    def acknowledge_claim(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: ClaimBevestiging) -> ClaimStand:
        """Acknowledge a whole claim."""
        return claiming.acknowledge_claim(caller, gemeente, trace, id, request, self._desk)

    def message(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, *, disclose: bool) -> Bericht:
        """One message."""
        return reading.message(caller, gemeente, trace, id, self._desk, disclose=disclose)

    def acknowledge(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Bevestiging) -> BerichtStand:
        """Acknowledge one message."""
        return claiming.acknowledge(caller, gemeente, trace, id, request, self._desk)

    def reject(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Afwijzing) -> BerichtStand:
        """Reject one message."""
        return claiming.reject(caller, gemeente, trace, id, request, self._desk)


class RefusalLog:
    """`gateway.api.ports.Refusals`: an entry in a transaction of its own."""

    def __init__(self, house: House) -> None:
        self._house = house

    def log_refusal(self, party: str, principal: str | None, trace: Trace, code: str, operation: str) -> None:
        """Write it down before the answer."""
        frame = Frame(Sender(party, principal or party), trace, self._house.clock.now(), self._house.steps.activity("beheren"))
        entry = VerzoekGeweigerd(**frame.fields(), regels=(code,), bewerking=operation)
        with self._house.inbox.transaction() as connection:
            append.append(connection, [entry])
        self._house.sequencer.wake()
