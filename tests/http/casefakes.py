"""Fakes of the ports of cases and feedback, answering with the examples; errors and calls are those of the fake they belong to."""

from datetime import date
from typing import Any, Protocol
from uuid import UUID

from gateway.api import terugkoppeling, zaken
from gateway.core.chain import Sender, Trace
from schemas.terugkoppeling import Terugkoppelingen, Terugkoppelkeuzen, TerugkoppelUitkomsten
from schemas.zaken import Bereik, Contactgegevens, Zaak, Zaken


class Whole(Protocol):
    """The fake that a part belongs to."""

    def note(self, method: str, *args: Any, **named: Any) -> None: ...
    def find(self, id: UUID) -> None: ...


class CaseFake:
    created = True

    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def open(self, caller: Sender, gemeente: str, trace: Trace, request: Any) -> tuple[Zaak, bool]:
        self._whole.note("zaken.open", caller, gemeente, request)
        return zaken.EXAMPLE, self.created

    def page(self, gemeente: str, before: UUID | None, limit: int) -> Zaken:
        self._whole.note("zaken.page", gemeente, before, limit)
        return Zaken(zaken=[zaken.EXAMPLE], volgende=str(zaken.EXAMPLE.id))

    def one(self, gemeente: str, id: UUID) -> Zaak:
        self._whole.note("zaken.one", gemeente, id)
        self._whole.find(id)
        return zaken.EXAMPLE

    def attempt(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Any) -> tuple[Zaak, bool]:
        self._whole.note("zaken.attempt", caller, gemeente, id, request)
        self._whole.find(id)
        return zaken.EXAMPLE, self.created

    def finish(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Any) -> Zaak:
        self._whole.note("zaken.finish", caller, gemeente, id, request)
        self._whole.find(id)
        return zaken.EXAMPLE

    def keep_contact(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Any) -> Zaak:
        self._whole.note("zaken.keep_contact", caller, gemeente, id, request)
        self._whole.find(id)
        return zaken.EXAMPLE

    def read_contact(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, *, disclose: bool) -> Contactgegevens:
        self._whole.note("zaken.read_contact", caller, gemeente, id, disclose=disclose)
        self._whole.find(id)
        return zaken.CONTACT

    def reach(self, gemeente: str, van: date, tot: date) -> Bereik:
        self._whole.note("zaken.reach", gemeente, van, tot)
        return zaken.BEREIK


class FeedbackFake:
    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def give(self, caller: Sender, gemeente: str, trace: Trace, request: Any) -> TerugkoppelUitkomsten:
        self._whole.note("terugkoppeling.give", caller, gemeente, request)
        return terugkoppeling.UITKOMSTEN

    def preview(self, caller: Sender, gemeente: str, trace: Trace, request: Any) -> TerugkoppelUitkomsten:
        self._whole.note("terugkoppeling.preview", caller, gemeente, request)
        return terugkoppeling.UITKOMSTEN

    def choices(self, gemeente: str) -> Terugkoppelkeuzen:
        self._whole.note("terugkoppeling.choices", gemeente)
        return terugkoppeling.KEUZEN

    def choose(self, caller: Sender, gemeente: str, trace: Trace, request: Any) -> Terugkoppelkeuzen:
        self._whole.note("terugkoppeling.choose", caller, gemeente, request)
        return terugkoppeling.KEUZEN


class FeedFake:
    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def page(self, principal: str, after: int, limit: int) -> Terugkoppelingen:
        self._whole.note("terugkoppeling.page", principal, after, limit)
        return Terugkoppelingen(terugkoppelingen=terugkoppeling.FEED.terugkoppelingen, volgende="17")
