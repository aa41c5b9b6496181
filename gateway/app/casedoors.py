"""Cases and feedback behind the ports of the edges: only calls, no decisions. Authority: `gateway.api.caseports`."""

from datetime import date
from uuid import UUID

from gateway.cases import casework, contact, reach
from gateway.cases.desk import CaseDesk
from gateway.core.chain import Sender, Trace
from gateway.feedback import feed, giving
from gateway.feedback.giving import Counter
from gateway.store.database import Database
from schemas.terugkoppeling import TerugkoppelAanvraag, Terugkoppelingen, Terugkoppelkeuzen, TerugkoppelUitkomsten
from schemas.zaken import Bereik, Contactgegevens, Contactpoging, Resultaat, Zaak, ZaakAanvraag, Zaken


class CaseDoor:
    """`gateway.api.caseports.CasePort`."""

    def __init__(self, desk: CaseDesk) -> None:
        self._desk = desk

    def open(self, caller: Sender, gemeente: str, trace: Trace, request: ZaakAanvraag) -> tuple[Zaak, bool]:
        """Open a case."""
        return casework.open_case(caller, gemeente, trace, request, self._desk)

    def page(self, gemeente: str, before: UUID | None, limit: int) -> Zaken:
        """A page of cases."""
        return casework.page(gemeente, before, limit, self._desk)

    def one(self, gemeente: str, id: UUID) -> Zaak:
        """One case."""
        return casework.one(gemeente, id, self._desk)

    def attempt(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Contactpoging) -> tuple[Zaak, bool]:
        """Write an attempt down."""
        return casework.attempt(caller, gemeente, trace, id, request, self._desk)

    def finish(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Resultaat) -> Zaak:
        """Give a result."""
        return casework.finish(caller, gemeente, trace, id, request, self._desk)

    def keep_contact(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Contactgegevens) -> Zaak:
        """Keep contact data."""
        return contact.keep(caller, gemeente, trace, id, request, self._desk)

    def read_contact(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, *, disclose: bool) -> Contactgegevens:
        """Read contact data."""
        return contact.read(caller, gemeente, trace, id, self._desk, disclose=disclose)

    def reach(self, gemeente: str, van: date, tot: date) -> Bereik:
        """The figures."""
        return reach.reach(gemeente, van, tot, self._desk)


class FeedbackDoor:
    """`gateway.api.caseports.FeedbackPort`."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def give(self, caller: Sender, gemeente: str, trace: Trace, request: TerugkoppelAanvraag) -> TerugkoppelUitkomsten:
        """Tell the senders."""
        return giving.give(caller, gemeente, trace, request, self._counter)

    def preview(self, caller: Sender, gemeente: str, trace: Trace, request: TerugkoppelAanvraag) -> TerugkoppelUitkomsten:
        """Show what they would hear."""
        return giving.preview(caller, gemeente, trace, request, self._counter)

    def choices(self, gemeente: str) -> Terugkoppelkeuzen:
        """The choices."""
        return giving.choices(gemeente, self._counter)

    def choose(self, caller: Sender, gemeente: str, trace: Trace, request: Terugkoppelkeuzen) -> Terugkoppelkeuzen:
        """Change the choices."""
        return giving.choose(caller, gemeente, trace, request, self._counter)


class FeedDoor:
    """`gateway.api.caseports.FeedPort`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, principal: str, after: int, limit: int) -> Terugkoppelingen:
        """A page of the feed."""
        return feed.page(self._database, principal, after, limit)
