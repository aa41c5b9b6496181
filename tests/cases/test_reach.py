"""Reach figures: counted as the cases were, and small cells not shown nor to be worked out."""

import random  # noqa: TID251 - seeded
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest

from gateway.cases import casework
from gateway.cases.reach import SMALL, Counts, protect, reach
from gateway.core.errors import Invalid
from schemas.zaken import Cel, Contactpoging
from tests.feedback.town import CLERK, HAARLEM, TRACE, UTRECHT, Town


def shown(cel: Cel) -> tuple[int | None, ...]:
    return (cel.zaken, cel.bereikt, cel.aangenomen)


def worked_out(total: Cel, rows: list[Cel]) -> list[str]:
    """What a reader can work out: numbers under 10 that stand there, and single or small sums of what was withheld."""
    wrong = []
    for level in range(3):
        for cel in (total, *rows):
            value = shown(cel)[level]
            if value is None:
                continue
            rest = [] if level == 0 else [shown(cel)[level - 1]]
            if any(part is None for part in rest) or min([value, *(part - value for part in rest if part is not None)]) < SMALL:
                wrong.append(f"{cel.naam} level {level} shown")
        whole = shown(total)[level]
        hidden = [cel for cel in rows if shown(cel)[level] is None]
        if whole is not None and hidden and len(hidden) < len(rows):
            above = 0 if level == 0 else _sum_hidden(total, rows, level - 1, hidden)
            left = whole - sum(shown(cel)[level] or 0 for cel in rows)
            if len(hidden) == 1 or left < SMALL or (level and above - left < SMALL):
                wrong.append(f"{[cel.naam for cel in hidden]} level {level} by difference")
    return wrong


def _sum_hidden(total: Cel, rows: list[Cel], level: int, hidden: list[Cel]) -> int:
    return (shown(total)[level] or 0) - sum(shown(cel)[level] or 0 for cel in rows if cel not in hidden)


def table(seed: int) -> tuple[Counts, dict[str, Counts]]:
    draw = random.Random(seed)
    rows = {}
    for name in "abcdef"[: draw.randint(1, 6)]:
        zaken = draw.choice((0, draw.randint(1, 12), draw.randint(5, 40), draw.randint(20, 400)))
        bereikt = draw.randint(0, zaken)
        rows[name] = Counts(zaken, bereikt, draw.randint(0, bereikt))
    return Counts(*(sum(column) for column in zip(*rows.values(), strict=True))), rows


@pytest.mark.parametrize("seed", range(600))
def test_small_cells_cannot_be_worked_out(seed: int) -> None:
    total, rows = table(seed)
    assert worked_out(*protect(total, rows)) == []


def test_control_cells_without_protection_can_be_worked_out() -> None:
    plain = caught = only_small = 0
    for seed in range(600):
        total, rows = table(seed)
        cells = [Cel(naam=n, zaken=r[0], bereikt=r[1], aangenomen=r[2]) for n, r in rows.items() if r[0]]
        bare = [Cel(naam=c.naam, zaken=c.zaken if (c.zaken or 0) >= SMALL else None) for c in cells]
        whole = Cel(naam="totaal", zaken=total.zaken)
        plain += 1
        caught += bool(worked_out(Cel(naam="totaal", zaken=total[0], bereikt=total[1], aangenomen=total[2]), cells))
        only_small += total.zaken >= SMALL and bool(worked_out(whole, bare))
    assert caught > plain // 2
    assert only_small > plain // 10  # leaving out small cells alone is not enough


def test_large_cells_are_shown_whole() -> None:
    total, rows = Counts(200, 100, 40), {"brief": Counts(100, 40, 15), "telefoon": Counts(100, 60, 25)}
    assert [shown(c) for c in (protect(total, rows)[0], *protect(total, rows)[1])] == [total, *rows.values()]


@pytest.mark.parametrize(("size", "visible"), [(9, False), (10, True)])
def test_limit_is_ten(size: int, visible: bool) -> None:
    rows = {"brief": Counts(size, 0, 0), "mail": Counts(size, 0, 0), "telefoon": Counts(50, 25, 12)}
    _, cells = protect(Counts(50 + 2 * size, 25, 12), rows)
    assert [c.zaken for c in cells] == ([size, size, 50] if visible else [None, None, 50])


def test_single_small_cell_takes_the_next_smallest_along() -> None:
    rows = {"brief": Counts(3, 0, 0), "kaartje": Counts(80, 0, 0), "telefoon": Counts(20, 0, 0)}
    assert [c.zaken for c in protect(Counts(103, 0, 0), rows)[1]] == [None, 80, None]


def test_figures_are_those_of_the_cases(town: Town) -> None:
    town.clock.at = datetime(2026, 10, 20, 10, tzinfo=UTC)
    ids = town.take(48)
    expected = Counts(0, 0, 0)
    for n, id in enumerate(ids):
        zaak = town.open(id, nummer=f"Z-{n}")
        reached, accepted = n % 2 == 0, n % 4 == 0
        poging = Contactpoging(kenmerk="a", soort="telefoon", bereikt=reached, datum=town.today, dagdeel="avond")
        for one in (poging, Contactpoging(kenmerk="b", soort="telefoon", bereikt=False, datum=town.today)):
            casework.attempt(CLERK, HAARLEM, TRACE, zaak.id, one, town.cases)
        town.finish(zaak, "budgetadvies_quick_fix" if accepted else "geen_contact")
        expected = Counts(*(a + b for a, b in zip(expected, (1, reached, accepted), strict=True)))
    town.clock.at = datetime(2026, 11, 2, tzinfo=UTC)
    found = reach(HAARLEM, date(2026, 10, 1), date(2026, 10, 31), town.cases)
    assert shown(found.totaal) == expected == (48, 24, 12)
    assert [(c.naam, *shown(c)) for c in found.kanalen] == [("telefoon", 48, 24, 12)]
    assert [(c.naam, *shown(c)) for c in found.sectoren] == [("huur", 48, 24, 12)]
    assert [(c.naam, c.zaken) for c in found.dagdelen] == [("avond", 48), ("onbekend", 48)]
    assert shown(reach(HAARLEM, date(2026, 9, 1), date(2026, 9, 30), town.cases).totaal) == (None, None, None)
    assert reach(UTRECHT, date(2026, 10, 1), date(2026, 10, 31), town.cases).kanalen == []


@pytest.mark.parametrize(
    ("van", "tot"),
    [("2026-10-02", "2026-10-31"), ("2026-10-01", "2026-10-30"), ("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-09-30")],
)
def test_part_of_a_month_or_a_month_that_is_not_past_is_refused(town: Town, van: Any, tot: Any) -> None:
    town.clock.at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    with pytest.raises(Invalid, match="PERIODE_ONGELDIG"):
        reach(HAARLEM, date.fromisoformat(van), date.fromisoformat(tot), town.cases)


def test_every_small_table_of_two_rows_is_safe() -> None:
    for a, b in product(range(0, 25), repeat=2):
        rows = {"a": Counts(a, 0, 0), "b": Counts(b, 0, 0)}
        assert worked_out(*protect(Counts(a + b, 0, 0), rows)) == []
