"""The indeling of one address in one matching period: enkelvoudig, meervoudig, opeenvolgend, herhaald; and its version.

Authority: Divosa monitor vroegsignalering (definitions of 2023), DDAS (herhaalde melding), rules VS-19 and RT-06;
`docs/matching.md` says the definitions in words. Pure: computed from numbered rows of one municipality whenever it is shown,
never fixed at arrival, because concurrent deliveries do not see each other. Leaves reading the rows to `gateway.mailbox`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from operator import and_
from typing import NamedTuple, TypeAlias
from uuid import UUID

from gateway.core.clock import dutch_day
from gateway.core.neighbour import Earlier, Neighbour
from schemas.inbox import Indeling

WINDOW_MONTHS = 6
RECENT = timedelta(days=183)
Period: TypeAlias = int
"""A Dutch calendar month: year * 12 + month - 1."""
_RANKED: tuple[Indeling, ...] = ("meervoudig", "herhaald", "opeenvolgend")


class Oordeel(NamedTuple):
    """`kenmerken` is all that holds, `indeling` the first of it; `version` counts from 1 and rises with every change."""

    indeling: Indeling
    kenmerken: tuple[Indeling, ...]
    version: int


ALONE = Oordeel("enkelvoudig", (), 1)
"""A message whose address key is past its term, or that has no place yet."""


class Melding(NamedTuple):
    """One address in one period: its live messages in order of number, which of them repeat, and how it is judged."""

    period: Period
    messages: tuple[Neighbour, ...]
    repeats: frozenset[UUID]
    oordeel: Oordeel

    def of(self, message: UUID) -> Oordeel:
        """How one message is judged: as its melding, but `herhaald` when itself repeats."""
        others = [k for k in self.oordeel.kenmerken if k != "herhaald"]
        return _judged([*others, "herhaald"] if message in self.repeats else others, self.oordeel.version)


def period_of(day: date) -> Period:
    """The matching period of a Dutch day."""
    return day.year * 12 + day.month - 1


def meldingen(neighbours: Sequence[Neighbour], history: Sequence[Earlier] = ()) -> dict[Period, Melding]:
    """Every melding of one address, by period; `neighbours` are all its messages of the last months, withdrawn ones included."""
    arrived = sorted(neighbours, key=lambda n: n.nr)
    periods: dict[Period, list[Neighbour]] = {}
    for neighbour in arrived:
        periods.setdefault(period_of(dutch_day(neighbour.received)), []).append(neighbour)
    repeats = frozenset(_repeats(arrived))
    return {period: _melding(period, periods, history, repeats) for period in periods}


def _melding(period: Period, periods: dict[Period, list[Neighbour]], history: Sequence[Earlier], repeats: frozenset[UUID]) -> Melding:
    arrived = periods[period]
    told = [e for e in history if period_of(e.day) == period]
    before = [n for other, found in periods.items() if period - WINDOW_MONTHS <= other < period for n in found]
    live = tuple(n for n in arrived if n.gone is None)
    holding: list[Indeling] = []
    if is_multiple([*told, *live]):
        holding.append("meervoudig")
    if live and all(n.id in repeats for n in live):
        holding.append("herhaald")
    if any(n.gone is None for n in before) or any(period - WINDOW_MONTHS <= period_of(e.day) < period for e in history):
        holding.append("opeenvolgend")
    begun = arrived[0].received
    version = 1 + _changes(arrived, [e for e in told if e.loaded <= begun], repeats) + _events(begun, [*arrived, *before], history)
    return Melding(period, live, repeats.intersection(n.id for n in live), _judged(holding, version))


def is_multiple(signals: Iterable[Neighbour | Earlier]) -> bool:
    """Whether there is more than one claim: another partner, or another contract. A contract that was not told is none of its own."""
    return any(multiple for multiple in _growing(signals))


def _growing(signals: Iterable[Neighbour | Earlier]) -> Iterator[bool]:
    """After each signal, whether there is more than one claim so far."""
    contracts: dict[str, set[bytes]] = {}
    multiple = False
    for signal in signals:
        known = contracts.setdefault(signal.creditor, set())
        if signal.contract is not None:
            known.add(signal.contract)
        multiple = multiple or len(contracts) > 1 or len(known) > 1
        yield multiple


def _changes(arrived: Sequence[Neighbour], told: Sequence[Earlier], repeats: frozenset[UUID]) -> int:
    """How often an arrival changed what holds: a second claim came, or the first that does not repeat."""
    multiple = list(_growing([*told, *arrived]))[len(told) :]
    repeating: list[bool] = list(accumulate((n.id in repeats for n in arrived), and_))
    return sum(one != two for one, two in pairwise(zip(multiple, repeating, strict=True)))


def _events(begun: datetime, messages: Sequence[Neighbour], history: Sequence[Earlier]) -> int:
    """Withdrawals and loads of history since the melding began: each may have changed it."""
    loads = {e.loaded for e in history if e.loaded > begun}
    return len(loads) + sum(n.gone is not None and n.gone >= begun for n in messages)


def _repeats(arrived: Sequence[Neighbour]) -> Iterator[UUID]:
    """Messages whose claim was recently picked up before they arrived, at no lower amount than they have."""
    taken: dict[tuple[str, bytes], list[tuple[datetime, int]]] = {}
    for message in arrived:
        if message.contract is None:
            continue
        earlier = taken.setdefault((message.creditor, message.contract), [])
        recent = [amount for at, amount in earlier if message.received - RECENT <= at < message.received]
        if recent and message.amount <= recent[-1]:
            yield message.id
        if message.picked_up is not None:
            earlier.append((message.picked_up, message.amount))


def _judged(holding: Sequence[Indeling], version: int) -> Oordeel:
    found = tuple(k for k in _RANKED if k in holding)
    return Oordeel(found[0] if found else "enkelvoudig", found, version)
