"""Fakes of the ports of arrangements, answering with the examples; errors and calls are those of the fake they belong to."""

from typing import Any
from uuid import UUID

import msgspec

from gateway.api import examples_regelingen as examples
from gateway.core.chain import Sender, Trace
from gateway.regelingen import kinds
from schemas.regelingen import Regeling, Regelingbericht, Regelingberichten, Regelingbewijs, Regelingen, Regelingsoort, Stiltebewijs
from tests.http.casefakes import Whole


class RegelingFake:
    created = True

    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def start(self, caller: Sender, gemeente: str, trace: Trace, request: Any) -> tuple[Regeling, bool]:
        self._whole.note("regelingen.start", caller, gemeente, request)
        return examples.regeling(kinds.of(request)), self.created

    def page(
        self, caller: Sender, gemeente: str, soort: Regelingsoort, before: UUID | None, limit: int, staat: Any
    ) -> Regelingen:
        self._whole.note("regelingen.page", gemeente, soort, before, limit, staat)
        found = examples.regelingen(soort)
        return msgspec.structs.replace(found, volgende=str(found.regelingen[0].id))

    def one(self, caller: Sender, gemeente: str, trace: Trace, soort: Regelingsoort, id: UUID, *, disclose: bool) -> Regeling:
        self._whole.note("regelingen.one", gemeente, soort, id, disclose=disclose)
        self._whole.find(id)
        return examples.regeling(soort)

    def withdraw(self, caller: Sender, gemeente: str, trace: Trace, soort: Regelingsoort, id: UUID, request: Any) -> Regeling:
        self._whole.note("regelingen.withdraw", caller, gemeente, soort, id, request)
        self._whole.find(id)
        return examples.ingetrokken(soort)

    def prove(self, caller: Sender, gemeente: str, id: UUID) -> Stiltebewijs:
        self._whole.note("regelingen.prove", gemeente, id)
        self._whole.find(id)
        return examples.STILTE


class BerichtFake:
    created = True

    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def page(self, principal: str, soort: Regelingsoort, after: UUID | None, limit: int, staat: Any) -> Regelingberichten:
        self._whole.note("regelingberichten.page", principal, soort, after, limit, staat)
        found = examples.berichten(soort)
        return msgspec.structs.replace(found, volgende=str(found.berichten[0].id))

    def one(self, sender: Sender, trace: Trace, soort: Regelingsoort, id: UUID, *, disclose: bool) -> Regelingbericht:
        self._whole.note("regelingberichten.one", sender, soort, id, disclose=disclose)
        self._whole.find(id)
        return examples.bericht(soort)

    def answer(self, sender: Sender, trace: Trace, soort: Regelingsoort, id: UUID, request: Any) -> tuple[Regelingbewijs, bool]:
        self._whole.note("regelingberichten.answer", sender, soort, id, request)
        self._whole.find(id)
        return examples.bewijs(soort), self.created
