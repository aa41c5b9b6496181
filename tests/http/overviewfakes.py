"""Fakes of the ports of schuldenoverzichten, answering with the examples; errors and calls are those of the fake they belong to."""

from typing import Any
from uuid import UUID

from gateway.api import examples_overzichten as examples
from gateway.api import examples_overzichtsblad as sheets
from gateway.core.chain import Sender, Trace
from schemas.overzicht import Overzicht
from schemas.schuldenoverzicht import Antwoordbewijs, Saldoverzoek, Saldoverzoeken, Schuldenoverzicht, Schuldenoverzichten
from schemas.uittreksel import Uittreksel
from tests.http.casefakes import Whole


class OverviewFake:
    created = True

    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def ask(self, caller: Sender, gemeente: str, trace: Trace, request: Any) -> tuple[Schuldenoverzicht, bool]:
        self._whole.note("overzichten.ask", caller, gemeente, request)
        return examples.OVERZICHT, self.created

    def page(self, caller: Sender, gemeente: str, before: UUID | None, limit: int, staat: Any) -> Schuldenoverzichten:
        self._whole.note("overzichten.page", gemeente, before, limit, staat)
        return Schuldenoverzichten(schuldenoverzichten=[examples.OVERZICHT], volgende=str(examples.OVERZICHT.id))

    def one(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, *, disclose: bool) -> Schuldenoverzicht:
        self._whole.note("overzichten.one", gemeente, id, disclose=disclose)
        self._whole.find(id)
        return examples.OVERZICHT_VOLLEDIG if disclose else examples.OVERZICHT

    def withdraw(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Any) -> Schuldenoverzicht:
        self._whole.note("overzichten.withdraw", caller, gemeente, id, request)
        self._whole.find(id)
        return examples.OVERZICHT_INGETROKKEN


class SheetFake:
    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def assembled(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, *, disclose: bool) -> Overzicht:
        self._whole.note("overzichtsbladen.assembled", caller, gemeente, id, disclose=disclose)
        self._whole.find(id)
        return sheets.OVERZICHT

    def extract(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, *, disclose: bool) -> Uittreksel:
        self._whole.note("overzichtsbladen.extract", gemeente, id)
        self._whole.find(id)
        return sheets.UITTREKSEL

    def names(self) -> dict[str, str]:
        return {"00000099000000001000": "Woningstichting <Voorbeeld>"}


class SaldoFake:
    created = True

    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def page(self, principal: str, after: UUID | None, limit: int, staat: Any) -> Saldoverzoeken:
        self._whole.note("saldoverzoeken.page", principal, after, limit, staat)
        return Saldoverzoeken(saldoverzoeken=[examples.VERZOEK], volgende=str(examples.VERZOEK.id))

    def one(self, sender: Sender, trace: Trace, id: UUID, *, disclose: bool) -> Saldoverzoek:
        self._whole.note("saldoverzoeken.one", sender, id, disclose=disclose)
        self._whole.find(id)
        return examples.VERZOEK_OPEN if disclose else examples.VERZOEK

    def answer(self, sender: Sender, trace: Trace, id: UUID, request: Any) -> tuple[Antwoordbewijs, bool]:
        self._whole.note("saldoverzoeken.answer", sender, id, request)
        self._whole.find(id)
        return examples.BEWIJS, self.created
