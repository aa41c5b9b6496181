"""Standen: any sequence of lists ends in exactly the open signals of the last one; each list once, in order, through crashes."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.core.errors import Conflict, Invalid, Unavailable
from gateway.rules import numbers
from gateway.signals import standen, standplan
from schemas import strict
from schemas.standen import StandEnvelop, StandVerslag
from tests.flows.world import HAARLEM, LANDLORD, NAME, OTHER, TRACE, World

LONG = "L" * 60


def stand(records: Sequence[Any], **more: Any) -> StandEnvelop:
    return StandEnvelop(**{"sector": "huur", "handelsnaam": NAME, "signalen": list(records), **more})


def put(world: World, records: Sequence[Any], day: date | None = None, sender: Any = LANDLORD, **more: Any) -> StandVerslag:
    return standen.reconcile(sender, TRACE, day or world.today, stand(records, **more), world.steps, world.number)[0]


def of(signal: dict[str, Any], kenmerk: str, cents: int) -> dict[str, Any]:
    made = {**signal, "kenmerk": kenmerk, "achterstand": {**signal["achterstand"], "bedragCent": cents}}
    return {key: value for key, value in made.items() if key not in {"soort", "eerderKenmerk"}}


def outcomes(verslag: StandVerslag) -> dict[str | None, str]:
    return {line.kenmerk: line.uitkomst for line in verslag.regels}


def opened(world: World) -> dict[str, int]:
    """What a municipality sees as open: newest message of each chain, neither withdrawn nor replaced."""
    query = "SELECT b.id, coalesce(s.kenmerk, split_part(b.kenmerk, ':', 1)) FROM bericht b LEFT JOIN stand_bericht s ON s.bericht = b.id"
    names = dict(world.rows(query))
    live = [b for b in world.page() if b.staat not in {"ingetrokken", "verlopen"} and not b.ingetrokken_op and not b.vervangen_door]
    found = [(names[b.id], b.bedrag_cent) for b in live]
    assert len(dict(found)) == len(found)
    return dict(found)


def ids(world: World) -> list[UUID]:
    return [row[0] for row in world.rows("SELECT id FROM bericht ORDER BY id")]


def test_new_higher_lower_same_and_gone(world: World) -> None:
    a, b, c, d = (of(s, k, 10_000) for s, k in zip(world.signals(4), "ABCD", strict=True))
    first = put(world, [a, b, c, d])
    assert set(outcomes(first).values()) == {"nieuw"}
    world.clock.advance(timedelta(days=1))
    second = put(world, [of(a, "A", 20_000), of(b, "B", 5_000), c])
    assert outcomes(second) == {"A": "hoger", "B": "lager", "C": "gelijk", "D": "vervallen"}
    assert (second.aantallen.aangeboden, second.aantallen.hoger, second.aantallen.vervallen) == (3, 1, 1)
    line = second.regels[0]
    assert line.bezorgd_als == f"A:s{world.today:%Y%m%d}"
    world.number()
    assert opened(world) == {"A": 20_000, "B": 5_000, "C": 10_000}
    (old,) = world.rows("SELECT earlier FROM bericht WHERE id = %s", line.id)
    assert old[0] == first.regels[0].id
    page = {m.id: m for m in world.page()}
    assert page[old[0]].vervangen_door == line.id
    assert world.rows("SELECT withdrawn_reason FROM inbox_item WHERE bericht = %s", first.regels[3].id) == [("betaald",)]
    assert world.events().count("stand.verwerkt") == 2


def test_signals_delivered_one_by_one_belong_to_the_list(world: World) -> None:
    a, b = (of(s, k, 10_000) for s, k in zip(world.signals(2), "AB", strict=True))
    world.delivered({**a, "soort": "vroegsignaal"}, {**b, "soort": "vroegsignaal"})
    assert outcomes(put(world, [a])) == {"A": "gelijk", "B": "vervallen"}


def test_withdrawn_and_expired_come_again_as_new_messages(world: World) -> None:
    a, b = (of(s, k, 10_000) for s, k in zip(world.signals(2), "AB", strict=True))
    put(world, [a, b])
    world.number()
    world.run("UPDATE inbox_item SET state = 'verlopen' WHERE bericht = %s", ids(world)[1])
    world.clock.advance(timedelta(days=1))
    put(world, [b], reden_vervallen="betalingsregeling")
    world.clock.advance(timedelta(days=1))
    assert outcomes(put(world, [a, b])) == {"A": "opnieuw", "B": "gelijk"}
    world.number()
    assert opened(world) == {"A": 10_000, "B": 10_000}
    world.clock.advance(timedelta(days=1))
    assert outcomes(put(world, [of(a, "A", 11_000)])) == {"A": "hoger", "B": "vervallen"}


def test_rejected_is_not_offered_again_unless_higher(world: World) -> None:
    a = of(world.signal(), "A", 10_000)
    put(world, [a])
    world.number()
    world.run("UPDATE inbox_item SET state = 'afgewezen'")
    for cents, expected in ((10_000, "gelijk"), (9_000, "gelijk"), (12_000, "hoger")):
        world.clock.advance(timedelta(days=1))
        assert outcomes(put(world, [of(a, "A", cents)])) == {"A": expected}


def test_same_list_gives_the_same_report_and_other_content_conflicts(world: World) -> None:
    records = [of(s, f"K{n}", 10_000) for n, s in enumerate(world.signals(3))]
    first = put(world, records)
    again, new = standen.reconcile(LANDLORD, TRACE, world.today, stand(records), world.steps, world.number)
    assert (strict.canonical(again), new) == (strict.canonical(first), False)
    with pytest.raises(Conflict, match="STAND_AL_AANGELEVERD"):
        put(world, records[:2])
    assert world.count("bericht") == 3


def test_older_day_after_a_newer_one_is_refused(world: World) -> None:
    records = [of(world.signal(), "A", 10_000)]
    put(world, records)
    yesterday = world.today - timedelta(days=1)
    with pytest.raises(Conflict, match="STAND_VEROUDERD"):
        put(world, records, yesterday)
    other = {**records[0], "kenmerk": "A2"}
    assert outcomes(put(world, [other], yesterday, profiel="P2")) == {"A2": "nieuw"}  # the control: another series may


def test_profiles_do_not_touch_each_other(world: World) -> None:
    a, b = (of(s, k, 10_000) for s, k in zip(world.signals(2), "AB", strict=True))
    put(world, [a], profiel="P1")
    put(world, [b], profiel="P2")
    world.clock.advance(timedelta(days=1))
    assert outcomes(put(world, [], profiel="P1", reden_vervallen="betaald")) == {"A": "vervallen"}
    world.number()
    assert list(opened(world)) == ["B"]


def test_another_creditor_is_never_touched(world: World) -> None:
    a = of(world.signal(), "A", 10_000)
    put(world, [a], sender=OTHER)
    assert put(world, [], reden_vervallen="betaald").regels == []


def test_empty_list_needs_a_reason_and_the_future_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="STAND_LEEG"):
        put(world, [])
    with pytest.raises(Conflict, match="PEILDATUM_IN_TOEKOMST"):
        put(world, [], world.today + timedelta(days=1), reden_vervallen="betaald")


def test_a_bad_record_harms_no_other_and_an_unreadable_one_withdraws_nothing(world: World) -> None:
    a, b, c = (of(s, k, 10_000) for s, k in zip(world.signals(3), "ABC", strict=True))
    put(world, [a, b])
    world.clock.advance(timedelta(days=1))
    verslag = put(world, [a, a, {**c, "onbekend": 1}, {**c, "kenmerk": 7}, "tekst", {**c, "handelsnaam": "Ander", "kenmerk": "D"}])
    assert [line.uitkomst for line in verslag.regels] == ["gelijk", *["geweigerd"] * 5]
    assert verslag.vervallen_overgeslagen
    assert world.count("bericht") == 2


def test_long_kenmerk_stays_unique_and_valid(world: World) -> None:
    records = [of(s, LONG + k, 10_000) for s, k in zip(world.signals(2), "12", strict=True)]
    put(world, records)
    world.clock.advance(timedelta(days=1))
    verslag = put(world, [of(r, r["kenmerk"], 20_000) for r in records])
    assert [line.uitkomst for line in verslag.regels] == ["hoger", "hoger"]
    assert len({line.bezorgd_als for line in verslag.regels}) == 2


def test_own_kenmerk_that_is_anothers_derived_one_is_refused_and_holds_nothing_up(world: World) -> None:
    a, b, c = (of(s, k, 10_000) for s, k in zip(world.signals(3), "ABC", strict=True))
    put(world, [a])
    world.clock.advance(timedelta(days=1))
    twin = f"A:s{world.today:%Y%m%d}"
    verslag = put(world, [of(a, "A", 20_000), of(b, twin, 10_000), c])
    assert outcomes(verslag) == {"A": "hoger", twin: "geweigerd", "C": "nieuw"}
    assert [f.code for f in verslag.regels[1].bevindingen] == ["KENMERK_IN_GEBRUIK"]


class Stalled:
    """A database that stands still before its `nr`-th transaction, while `meanwhile` happens."""

    def __init__(self, database: Any, nr: int, meanwhile: Callable[[], object]) -> None:
        self.database, self.left, self.meanwhile = database, nr, meanwhile

    def transaction(self, tenant: Any = None) -> Any:
        self.left -= 1
        if self.left == 0:
            self.meanwhile()
        return self.database.transaction(tenant)


@pytest.mark.parametrize("overtaken", [True, False])
def test_run_that_was_overtaken_by_a_newer_list_stops(world: World, overtaken: bool) -> None:
    a, b = (of(s, k, 10_000) for s, k in zip(world.signals(2), "AB", strict=True))
    put(world, [a, b])
    world.number()
    world.clock.advance(timedelta(days=1))
    day = world.today

    def newer() -> None:
        world.clock.advance(timedelta(days=1))
        assert not overtaken or outcomes(put(world, [a, b])) == {"A": "gelijk", "B": "gelijk"}

    steps = world.steps._replace(database=cast(Any, Stalled(world.ingest, 2, newer)))
    with pytest.raises(Conflict, match="STAND_VEROUDERD") if overtaken else nullcontext():
        standen.reconcile(LANDLORD, TRACE, day, stand([a]), steps, world.number)
    assert len(opened(world)) == (2 if overtaken else 1)  # the control: by itself it withdraws


class Crash(Exception):
    """The process ends here."""


class Dying:
    """A database that lets `left` transactions through and then is gone."""

    def __init__(self, database: Any, left: int) -> None:
        self.database, self.left = database, left

    def transaction(self, tenant: Any = None) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Crash
        return self.database.transaction(tenant)


@pytest.mark.parametrize("let_through", range(7))
def test_crash_anywhere_then_the_same_list_ends_the_same(world: World, let_through: int) -> None:
    a, b, c = (of(s, k, 10_000) for s, k in zip(world.signals(3), "ABC", strict=True))
    put(world, [a, b])
    world.number()
    world.clock.advance(timedelta(days=1))
    second = [of(a, "A", 20_000), c]
    dying: Any = Dying(world.ingest, let_through)
    steps = world.steps._replace(database=dying)
    crashed = False
    try:
        standen.reconcile(LANDLORD, TRACE, world.today, stand(second), steps, world.number)
    except Crash:
        crashed = True
    assert crashed == (let_through < 6)  # the control: six transactions are the whole of it
    if crashed and let_through:
        with pytest.raises(Unavailable, match="STAND_IN_VERWERKING"):
            put(world, second)
        world.clock.advance(standen.LEASE)
    assert outcomes(put(world, second)) == {"A": "hoger", "C": "nieuw", "B": "vervallen"}
    world.number()
    assert opened(world) == {"A": 20_000, "C": 10_000}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=st.lists(st.dictionaries(st.sampled_from("ABCDEF"), st.integers(1, 4), max_size=6), min_size=1, max_size=6))
def test_any_sequence_of_lists_equals_the_model(world: World, lists: list[dict[str, int]]) -> None:
    """The model is a dict: after each list exactly its names are open, each with its amount."""
    base = dict(zip("ABCDEF", world.signals(6, gemeente=HAARLEM, seed=7), strict=True))
    for wanted in lists:
        world.clock.advance(timedelta(days=1))
        records = [of(base[name], name, cents * 10_000) for name, cents in wanted.items()]
        records = [{**r, "signaaldatum": base[r["kenmerk"]]["signaaldatum"]} for r in records]
        put(world, records, reden_vervallen="betaald")
        world.number()
        assert opened(world) == {name: cents * 10_000 for name, cents in wanted.items()}


@pytest.mark.parametrize("kenmerk", ["HUUR-000007", "7", "HUUR-000007".rjust(64, "9")])
def test_no_derived_kenmerk_looks_like_a_bsn_on_any_day(kenmerk: str) -> None:
    days = [date(2026, 1, 1) + timedelta(days=nr) for nr in range(365)]
    assert not any(numbers.passes(standplan.derived(kenmerk, day)) for day in days)
    assert any(numbers.passes(f"HUUR-000007:{day:%Y%m%d}") for day in days)  # the control: without letters between
