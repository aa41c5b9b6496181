"""Fakes of the ports of what leaves a municipality, answering with the examples; errors and calls are those of the fake they belong to."""

from typing import Any, Protocol
from uuid import UUID

from gateway.api import ddas, outward
from gateway.api.outward_port import SignedBody
from gateway.core.chain import Sender, Trace
from schemas.brieven import Brievenbestand, Teksten
from schemas.ddas import Gegevens, StatistiekInstelling
from schemas.doorzending import Gemeentesleutels
from schemas.inbox import BerichtStand


class Whole(Protocol):
    """The fake that a part belongs to."""

    def note(self, method: str, *args: Any, **named: Any) -> None: ...
    def find(self, id: UUID) -> None: ...


class OutwardFake:
    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def keys(self, gemeentecode: str | None) -> Gemeentesleutels:
        self._whole.note("uitgaand.keys", gemeentecode)
        return outward.SLEUTELS

    def forward(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Any) -> BerichtStand:
        self._whole.note("uitgaand.forward", caller, gemeente, id, request)
        self._whole.find(id)
        return outward.STAND

    def merge(self, caller: Sender, gemeente: str, trace: Trace, request: Any) -> Brievenbestand:
        self._whole.note("uitgaand.merge", gemeente, request)
        return outward.BRIEVEN

    def texts(self, gemeente: str) -> Teksten:
        self._whole.note("uitgaand.texts", gemeente)
        return outward.TEKSTEN

    def set_texts(self, caller: Sender, gemeente: str, trace: Trace, request: Any) -> Teksten:
        self._whole.note("uitgaand.set_texts", gemeente, request)
        return outward.TEKSTEN

    def statistics(self, gemeente: str) -> StatistiekInstelling:
        self._whole.note("uitgaand.statistics", gemeente)
        return outward.STATISTIEK

    def set_statistics(self, caller: Sender, gemeente: str, trace: Trace, request: Any) -> StatistiekInstelling:
        self._whole.note("uitgaand.set_statistics", gemeente, request)
        return outward.STATISTIEK


class StatisticsFake:
    """Remembers the bytes that it signed."""

    def __init__(self) -> None:
        self.signed: list[bytes] = []

    def gegevens(self, caller: Sender, trace: Trace, request: Any) -> Gegevens:
        return ddas.EXAMPLE

    def sign(self, body: bytes) -> SignedBody:
        self.signed.append(body)
        return SignedBody("SHA-256=x", "kop..handtekening")
