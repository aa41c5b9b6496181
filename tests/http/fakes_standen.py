"""After delivery, with examples for answers."""

from datetime import date
from typing import Any, Protocol
from uuid import UUID

from gateway.api import logbewijzen
from gateway.api import standen as examples
from gateway.core.chain import Sender, Trace
from schemas.bewijs import Bewijs, Bladbewijs, Controlepunt
from schemas.kwaliteit import Kwaliteit
from schemas.standen import StandEnvelop, StandVerslag


class Notes(Protocol):
    def note(self, method: str, *args: Any, **named: Any) -> None: ...
    def find(self, id: UUID) -> None: ...


class AfterFake:
    """Standen, proof and quality: the examples."""

    def __init__(self, fake: Notes) -> None:
        self._fake = fake

    def reconcile(self, sender: Sender, trace: Trace, peildatum: date, stand: StandEnvelop) -> StandVerslag:
        self._fake.note("reconcile", sender, peildatum, stand)
        return examples.VERSLAG

    def prove(self, principal: str, id: UUID) -> Bewijs:
        self._fake.note("prove", principal, id)
        self._fake.find(id)
        return examples.BEWIJS

    def quality(self, principal: str, van: date, tot: date) -> Kwaliteit:
        self._fake.note("quality", principal, van, tot)
        return examples.KWALITEIT


class LogFake:
    """Proofs of the log: the examples."""

    def __init__(self, fake: Notes) -> None:
        self._fake = fake

    def checkpoint(self, kept: int, size: int | None) -> Controlepunt:
        self._fake.note("log.checkpoint", kept, size)
        return logbewijzen.CONTROLEPUNT

    def leaf(self, number: int) -> Bladbewijs:
        self._fake.note("log.leaf", number)
        return logbewijzen.BLAD
