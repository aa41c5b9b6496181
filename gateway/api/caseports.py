"""What the doors need for cases and feedback, as protocols; the part of `gateway.api.ports` for these conversations.

Authority: architecture, "the house". The same promises hold: values or `gateway.core.errors`; what is not yours does not exist.
"""

from datetime import date
from typing import Protocol
from uuid import UUID

from gateway.core.chain import Sender, Trace
from schemas.terugkoppeling import TerugkoppelAanvraag, Terugkoppelingen, Terugkoppelkeuzen, TerugkoppelUitkomsten
from schemas.types import Gemeentecode, Oin
from schemas.zaken import Bereik, Contactgegevens, Contactpoging, Resultaat, Zaak, ZaakAanvraag, Zaken


class CasePort(Protocol):
    """Cases of a municipality."""

    def open(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: ZaakAanvraag) -> tuple[Zaak, bool]:
        """Open a case; the flag is False for the same case again. Raises Conflict."""
        ...

    def page(self, gemeente: Gemeentecode, before: UUID | None, limit: int) -> Zaken:
        """Cases older than `before`, newest first; `volgende` is `str(id)` of the last one, None at the end."""
        ...

    def one(self, gemeente: Gemeentecode, id: UUID) -> Zaak:
        """One case. Raises NotFound."""
        ...

    def attempt(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: Contactpoging) -> tuple[Zaak, bool]:
        """Write an attempt down; the flag is False for the same one again. Raises NotFound, Conflict."""
        ...

    def finish(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: Resultaat) -> Zaak:
        """Give a case its result; the same again changes nothing. Raises NotFound, Conflict."""
        ...

    def keep_contact(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: Contactgegevens) -> Zaak:
        """Keep sealed contact data. Raises NotFound, Conflict."""
        ...

    def read_contact(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, *, disclose: bool) -> Contactgegevens:
        """The sealed contact data; nothing is logged when `disclose` is False. Raises NotFound, Unavailable."""
        ...

    def reach(self, gemeente: Gemeentecode, van: date, tot: date) -> Bereik:
        """Figures over whole past months. Raises Invalid."""
        ...


class FeedbackPort(Protocol):
    """Feedback that a municipality gives."""

    def give(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: TerugkoppelAanvraag) -> TerugkoppelUitkomsten:
        """Tell the senders of messages, as far as the policy lets it. Raises Conflict."""
        ...

    def preview(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: TerugkoppelAanvraag) -> TerugkoppelUitkomsten:
        """What `give` would do now; nothing is written. Raises Conflict."""
        ...

    def choices(self, gemeente: Gemeentecode) -> Terugkoppelkeuzen:
        """What the municipality chose."""
        ...

    def choose(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: Terugkoppelkeuzen) -> Terugkoppelkeuzen:
        """Switch codes on or off. Raises Invalid."""
        ...


class FeedPort(Protocol):
    """Feedback that a creditor reads."""

    def page(self, principal: Oin, after: int, limit: int) -> Terugkoppelingen:
        """Feedback on this principal's signals with a number above `after`, in order. `volgende` is `str(number)` to go on from."""
        ...
