"""The clients as the tests use them: no real waiting, and a clock that goes on as they wait."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import msgspec

from adapters.client.calling import Patience, Timing
from adapters.client.gemeente import Gemeente
from adapters.client.opening import Opener
from adapters.client.schuldeiser import Schuldeiser
from adapters.synthetic.generator import Generator
from gateway.core.clock import dutch_day
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS, creditors, places
from gateway.sandbox.sandbox import Sandbox
from schemas.signaal import Signaal
from tests.client.front import access
from tests.gateways import CLOCK

LANDLORD, HAARLEM, UTRECHT = SCHULDEISERS[0], GEMEENTEN[0], GEMEENTEN[1]
TODAY = dutch_day(CLOCK.now())
_SEEDS = count(4_000)


class Watch:
    """A clock that only goes on when somebody waits or turns it."""

    def __init__(self) -> None:
        self.at = 1_000.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += seconds

    def timing(self, jitter: float = 0.0) -> Timing:
        return Timing(self.now, self.wait, lambda: jitter)


def schuldeiser(sandbox: Sandbox, port: int | None = None, watch: Watch | None = None, patience: Patience | None = None) -> Schuldeiser:
    return Schuldeiser(
        access(sandbox, LANDLORD.oin, port), timing=(watch or Watch()).timing(), patience=patience or Patience()
    )


def gemeente(sandbox: Sandbox, port: int | None = None, watch: Watch | None = None, of: Any = HAARLEM) -> Gemeente:
    opener = Opener(sandbox.own_key(of).read_bytes() if of.eigen else None)
    return Gemeente(access(sandbox, of.oin, port), opener=opener, timing=(watch or Watch()).timing())


def signals(of: Any = HAARLEM) -> Iterator[Signaal]:
    """Lawful signals of the landlord about people in one municipality, others than before."""
    towns = [place for place in places() if place.gemeentecode == of.code]
    generator = Generator(next(_SEEDS), towns, TODAY, creditors()[:1])
    for value in generator.signals(1_000):
        yield msgspec.convert(value, Signaal)
