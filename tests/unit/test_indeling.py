"""The indeling of an address, case by case from the definitions, on Dutch calendar months."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from gateway.core.neighbour import Earlier, Neighbour
from gateway.matching import meldingid
from gateway.matching.indeling import Melding, Oordeel, meldingen, period_of

ONE, TWO = "00000099000000001000", "00000099000000002000"
A, B = b"a" * 32, b"b" * 32
ME = UUID(int=0)
NOW = "2026-11-20T12:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def other(
    when: str, creditor: str = TWO, contract: bytes | None = None, amount: int = 100, picked_up: str | None = None, nr: int = 1
) -> Neighbour:
    return Neighbour(UUID(int=nr), nr, creditor, contract, amount, at(when), at(picked_up) if picked_up else None)


def me(when: str = NOW, contract: bytes | None = None, amount: int = 100, nr: int = 50) -> Neighbour:
    return Neighbour(ME, nr, ONE, contract, amount, at(when))


def own(neighbours: list[Neighbour], history: tuple[Earlier, ...] = ()) -> Melding:
    return next(m for m in meldingen(neighbours, history).values() if any(n.id == ME for n in m.messages))


def judged(neighbours: list[Neighbour], history: tuple[Earlier, ...] = ()) -> Oordeel:
    return own(neighbours, history).of(ME)


NONE: tuple[str, ...] = ()
MULTIPLE, AFTER, REPEAT = ("meervoudig",), ("opeenvolgend",), ("herhaald", "opeenvolgend")
CASES = {
    "alone": ([me()], NONE),
    "another creditor this month": ([me(), other("2026-11-02T09:00")], MULTIPLE),
    "another creditor later this month": ([me(), other("2026-11-29T09:00", nr=60)], MULTIPLE),
    "the same creditor again, no contract told": ([me(), other("2026-11-02T09:00", ONE)], NONE),
    "the same creditor, one contract not told": ([me(contract=A), other("2026-11-02T09:00", ONE)], NONE),
    "two co-tenants, or two products, of one contract": ([me(contract=A), other("2026-11-02T09:00", ONE, A)], NONE),
    "two contracts of one creditor": ([me(contract=A), other("2026-11-02T09:00", ONE, B)], MULTIPLE),
    "the same creditor last month": ([me(), other("2026-10-02T09:00", ONE)], AFTER),
    "another creditor last month": ([me(), other("2026-10-31T09:00")], AFTER),
    "both": ([me(), other("2026-11-02T09:00"), other("2026-10-02T09:00", ONE, nr=2)], ("meervoudig", "opeenvolgend")),
    "six months ago": ([me(), other("2026-05-01T09:00")], AFTER),
    "seven months ago": ([me(), other("2026-04-30T09:00")], NONE),
    "next month": ([me(), other("2026-12-01T09:00", nr=60)], NONE),
    "over the turn of the year": ([me("2027-01-02T09:00"), other("2026-12-31T09:00")], AFTER),
    "Dutch midnight: November here, October in UTC": ([me(), other("2026-10-31T23:30")], MULTIPLE),
    "Dutch midnight: still October": ([me(), other("2026-10-31T22:30")], AFTER),
    "picked up before, not higher": ([me(contract=A), other("2026-10-02T09:00", ONE, A, 100, "2026-10-05T09:00")], REPEAT),
    "picked up before, lower now": ([me(contract=A, amount=99), other("2026-10-02T09:00", ONE, A, 100, "2026-10-05T09:00")], REPEAT),
    "picked up before, higher now": ([me(contract=A, amount=101), other("2026-10-02T09:00", ONE, A, 100, "2026-10-05T09:00")], AFTER),
    "not picked up": ([me(contract=A), other("2026-10-02T09:00", ONE, A)], AFTER),
    "picked up after it came": ([me(contract=A), other("2026-10-02T09:00", ONE, A, 100, "2026-11-21T09:00")], AFTER),
    "picked up long ago": ([me(contract=A), other("2026-05-02T09:00", ONE, A, 100, "2026-05-03T09:00")], AFTER),
    "another contract was picked up": ([me(contract=A), other("2026-10-02T09:00", ONE, B, 100, "2026-10-05T09:00")], AFTER),
    "another creditor was picked up": ([me(contract=A), other("2026-10-02T09:00", TWO, A, 100, "2026-10-05T09:00")], AFTER),
    "no contract told": ([me(), other("2026-10-02T09:00", ONE, None, 100, "2026-10-05T09:00")], AFTER),
    "repeat in the same month": ([me(contract=A), other("2026-11-02T09:00", ONE, A, 100, "2026-11-03T09:00")], ("herhaald",)),
    "a repeat beside another creditor": (
        [me(contract=A), other("2026-10-02T09:00", ONE, A, 100, "2026-10-05T09:00"), other("2026-11-02T09:00", TWO, B, nr=2)],
        ("meervoudig", "herhaald", "opeenvolgend"),
    ),
    "lower than the first, higher than the last that was picked up": (
        [
            me(contract=A, amount=150),
            other("2026-08-02T09:00", ONE, A, 200, "2026-08-05T09:00", nr=1),
            other("2026-10-02T09:00", ONE, A, 100, "2026-10-05T09:00", nr=2),
        ],
        AFTER,
    ),
}


@pytest.mark.parametrize(("neighbours", "expected"), CASES.values(), ids=CASES)
def test_a_signal_is_judged(neighbours: list[Neighbour], expected: tuple[str, ...]) -> None:
    found = judged(neighbours)
    assert (found.kenmerken, found.indeling) == (expected, (*expected, "enkelvoudig")[0])
    assert judged(neighbours[::-1]) == found


def test_a_melding_repeats_only_when_all_of_it_does() -> None:
    before = other("2026-10-02T09:00", ONE, A, 100, "2026-10-05T09:00")
    second = other("2026-11-21T09:00", ONE, A, 120, nr=60)
    found = own([me(contract=A), before, second])
    assert (found.of(ME).indeling, found.of(second.id).indeling, found.oordeel.indeling) == ("herhaald", "opeenvolgend", "opeenvolgend")


def gone(neighbour: Neighbour, when: str) -> Neighbour:
    return neighbour._replace(gone=at(when))


def test_a_withdrawn_signal_counts_no_more() -> None:
    assert judged([me(), gone(other("2026-11-02T09:00"), "2026-11-22T09:00")]).kenmerken == ()
    assert judged([me(), gone(other("2026-10-02T09:00"), "2026-10-22T09:00")]).kenmerken == ()


def test_version_rises_with_every_change_and_with_nothing_else() -> None:
    first = me(nr=1)
    again, second, third = other("2026-11-21T09:00", ONE, nr=2), other("2026-11-22T09:00", nr=3), other("2026-11-23T09:00", nr=4)
    before = other("2026-10-02T09:00", ONE, nr=0)
    assert judged([first]).version == 1
    assert judged([first, again]).version == 1  # the control: it did not change
    assert judged([before, first]).version == 1
    assert judged([first, again, second]).version == 2
    assert judged([first, again, second, third]).version == 2
    assert judged([first, again, gone(second, "2026-11-24T09:00")]).version == 3


def test_version_rises_when_a_signal_that_does_not_repeat_joins_one_that_does() -> None:
    repeat = [other("2026-10-02T09:00", ONE, A, 100, "2026-10-05T09:00"), me(contract=A)]
    higher = other("2026-11-21T09:00", ONE, A, 120, nr=60)
    assert (own(repeat).oordeel, own([*repeat, higher]).oordeel) == (
        Oordeel("herhaald", ("herhaald", "opeenvolgend"), 1),
        Oordeel("opeenvolgend", ("opeenvolgend",), 2),
    )


def test_version_never_falls_whatever_the_creditors_withdraw() -> None:
    arrived = [me(nr=1), *(other(f"2026-11-2{n}T09:00", (ONE, TWO)[n % 2], (A, B, None)[n % 3], nr=n) for n in range(2, 8))]
    last = 0
    for count in range(1, len(arrived) + 1):
        found = judged(arrived[:count]).version
        assert found >= last
        last = found
    for count in range(1, len(arrived)):
        withdrawn = [gone(n, "2026-11-29T09:00") if place and place <= count else n for place, n in enumerate(arrived)]
        found = judged(withdrawn).version
        assert found > last
        last = found


LOADED = at("2026-11-01T08:00")


def test_history_makes_a_signal_consecutive_or_multiple() -> None:
    assert judged([me()], (Earlier(TWO, None, date(2026, 9, 3), LOADED),)).kenmerken == AFTER
    assert judged([me()], (Earlier(TWO, None, date(2026, 11, 3), LOADED),)).kenmerken == MULTIPLE
    assert judged([me()], (Earlier(ONE, None, date(2026, 11, 3), LOADED),)).kenmerken == ()
    assert judged([me()], (Earlier(TWO, None, date(2026, 4, 30), LOADED),)).kenmerken == ()


def test_history_that_is_loaded_later_raises_the_version() -> None:
    early, late = (Earlier(TWO, None, date(2026, 11, 3), when) for when in (LOADED, at("2026-11-21T08:00")))
    found = [me(), other("2026-11-22T09:00", nr=60)]
    assert [judged(found[:1], (early,)).version, judged(found[:1], (late,)).version, judged(found, (late,)).version] == [1, 2, 3]


def test_an_id_is_read_back_and_is_of_one_address_and_period() -> None:
    period = period_of(date(2026, 11, 20))
    ids = {meldingid.of(bytes([n]) * 32, period + m) for n in (0, 1, 127, 255) for m in range(14)}
    assert len(ids) == 4 * 14
    for id in ids:
        named = meldingid.read(id)
        assert named is not None
        assert meldingid.of(named.prefix.ljust(32, b"?"), named.period) == id
        assert (id.version, id.variant) == (8, "specified in RFC 4122")
        low, high = meldingid.bounds(named.prefix)
        assert low <= named.prefix.ljust(32, b"?") <= high


def test_an_id_of_something_else_is_not_of_a_melding() -> None:
    assert [meldingid.read(id) for id in (ME, UUID(int=2**128 - 1), UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20"))] == [None] * 3


def test_recent_is_half_a_year() -> None:
    """A claim that was picked up 183 days before is still recent, one of a day more is not."""
    moment = at(NOW)
    for days, expected in ((183, True), (184, False)):
        before = Neighbour(UUID(int=1), 1, ONE, A, 100, moment - timedelta(days=185), moment - timedelta(days=days))
        assert ("herhaald" in judged([me(contract=A), before]).kenmerken) is expected
