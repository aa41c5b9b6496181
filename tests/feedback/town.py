"""A gateway without doors in which a municipality works on cases: two creditors, a clerk and a debt counsellor."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from gateway.cases import casework
from gateway.core.chain import Sender
from gateway.feedback import feed, giving, recording
from gateway.feedback.giving import Counter
from gateway.feedback.policy import FeedbackPolicy
from gateway.feedback.recording import Teller
from gateway.inboxes import claiming
from gateway.partners.register import Deelnemer, GemeenteInstelling, Register
from gateway.store.prepare import Dsns
from gateway.store.tenant import municipality
from schemas.inbox import Afwijzing
from schemas.terugkoppeling import (
    TerugkoppelAanvraag,
    Terugkoppelgrond,
    Terugkoppeling,
    Terugkoppelkeuze,
    Terugkoppelkeuzen,
    TerugkoppelUitkomst,
)
from schemas.zaken import Resultaat, Zaak, ZaakAanvraag
from tests.flows.world import CLERK, HAARLEM, LANDLORD, OTHER, TRACE, UTRECHT, World
from tests.tenants import acting

COUNSELLOR = Sender("00000099000000004000", CLERK.principal)
__all__ = ["CLERK", "COUNSELLOR", "HAARLEM", "LANDLORD", "OTHER", "TRACE", "UTRECHT", "Town"]


class Town(World):
    """A world with parties for cases; its threshold is 100 euro."""

    def __init__(self, dsns: Dsns, folder: Path) -> None:
        super().__init__(dsns, folder)
        self.counter = Counter(self.inbox, self.feedback)
        old = self.register
        town = Deelnemer(CLERK.principal, "Gemeente", frozenset({"gemeente"}), "actief", gemeentecode=HAARLEM)
        counsellor = Deelnemer(COUNSELLOR.party, "Kredietbank", frozenset({"uitvoerder", "schuldhulpverlener"}), "actief")
        places = [msgspec.structs.replace(g, drempel_cent=10_000) for g in old.gemeenten.values()]
        self.rebuild([*old.deelnemers.values(), town, counsellor], places)

    def rebuild(self, deelnemers: list[Deelnemer], places: list[GemeenteInstelling]) -> None:
        """Another register, with the same keys."""
        keys = [key for code in (HAARLEM, UTRECHT) if (key := self.register.sealing_key(code))]
        self.register = Register(2, deelnemers=deelnemers, gemeenten=places, sleutels=keys)

    def take(self, n: int = 1, *, sender: Sender = LANDLORD, gemeente: str = HAARLEM, **changes: Any) -> list[UUID]:
        """Deliver `n` signals and claim them: their ids."""
        outcomes = self.deliver(*self.signals(n, gemeente=gemeente, **changes), sender=sender)
        self.number()
        ids = [o.id for o in outcomes if o.id is not None]
        assert len(ids) == n, [o.findings for o in outcomes]
        self.claim(gemeente, maximum=500)
        return ids

    def open(self, *berichten: UUID, nummer: str = "Z-1", gemeente: str = HAARLEM) -> Zaak:
        """Open a case."""
        return casework.open_case(CLERK, gemeente, TRACE, ZaakAanvraag(zaaknummer=nummer, berichten=list(berichten)), self.cases)[0]

    def finish(self, zaak: Zaak, resultaat: Any, by: Sender = CLERK, gemeente: str = HAARLEM, **more: Any) -> Zaak:
        """Close a case."""
        return casework.finish(by, gemeente, TRACE, zaak.id, Resultaat(resultaat=resultaat, datum=self.today, **more), self.cases)

    def reject(self, id: UUID, reden: Any) -> None:
        """Reject a message in hand."""
        ((claim,),) = self.rows("SELECT claim FROM inbox_item WHERE bericht = %s", id)
        claiming.reject(CLERK, HAARLEM, TRACE, id, Afwijzing(claim=claim, reden=reden), self.desk)

    def forward(self, id: UUID, arrived: UUID | None = None) -> None:
        """What a forwarding does to the message it leaves, and to the one that arrives in the other municipality."""
        with self.inbox.transaction(municipality(HAARLEM)) as connection:
            connection.execute("UPDATE inbox_item SET state = 'doorgezonden' WHERE gemeente = %s AND bericht = %s", (HAARLEM, id))
            recording.rejected(connection, self.feedback, Teller(CLERK, HAARLEM, TRACE), id, "geen_inwoner")
        if arrived:
            with acting(self.dsns.owner, municipality(HAARLEM)) as owner:
                owner.execute("INSERT INTO doorzending VALUES (%s, %s, %s, %s, now())", (HAARLEM, id, UTRECHT, arrived))

    def give(self, *ids: UUID, code: Any, by: Sender = CLERK, grond: Any = None) -> list[TerugkoppelUitkomst]:
        """Tell the senders of messages."""
        request = TerugkoppelAanvraag(berichten=list(ids), code=code, grond=grond)
        return giving.give(by, HAARLEM, TRACE, request, self.counter).uitkomsten

    def choose(self, code: Any, *, on: bool, since: date | None = None) -> None:
        """Switch a code on or off."""
        grond = Terugkoppelgrond(soort="convenant", kenmerk="CONV-1", vanaf=since) if since else None
        keuzen = Terugkoppelkeuzen(keuzen=[Terugkoppelkeuze(code=code, aan=on, grond=grond)])
        giving.choose(CLERK, HAARLEM, TRACE, keuzen, self.counter)

    def policy(self, policy: FeedbackPolicy) -> None:
        """Work with another policy."""
        self.feedback = self.feedback._replace(policy=policy)
        self.counter = Counter(self.inbox, self.feedback)
        self.cases = self.cases._replace(feedback=self.feedback)
        self.desk = self.desk._replace(feedback=self.feedback)

    def release(self) -> int:
        """Release what is due."""
        total = 0
        while done := feed.release(self.tasks, self.clock):
            total += done
        return total

    def week(self) -> None:
        """A week later, released."""
        self.clock.advance(timedelta(days=7))
        self.release()

    def feed(self, sender: Sender = LANDLORD, after: int = 0, limit: int = 500) -> list[Terugkoppeling]:
        """What a creditor reads."""
        return feed.page(self.ingest, sender.principal, after, limit).terugkoppelingen

    def codes(self, sender: Sender = LANDLORD) -> list[str]:
        """The codes that a creditor reads."""
        return [item.code for item in self.feed(sender)]

    def kenmerk(self, id: UUID) -> str:
        """The sender's own kenmerk of a message."""
        return str(self.rows("SELECT kenmerk FROM bericht WHERE id = %s", id)[0][0])
