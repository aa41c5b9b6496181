"""The indeling of a signal among its neighbours, case by case, on Dutch calendar months."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from gateway.matching.indeling import Neighbour, indeling

ONE, TWO = "00000099000000001000", "00000099000000002000"
ME = UUID(int=0)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def around(*others: tuple[str, str], mine: str = "2026-11-20T12:00") -> list[Neighbour]:
    return [(ME, ONE, at(mine)), *((UUID(int=n), who, at(when)) for n, (who, when) in enumerate(others, 1))]


CASES = {
    "alone": (around(), "enkelvoudig"),
    "another creditor this month": (around((TWO, "2026-11-02T09:00")), "meervoudig"),
    "another creditor later this month": (around((TWO, "2026-11-29T09:00")), "meervoudig"),
    "the same creditor again this month": (around((ONE, "2026-11-02T09:00")), "enkelvoudig"),
    "the same creditor last month": (around((ONE, "2026-10-02T09:00")), "opeenvolgend"),
    "another creditor last month": (around((TWO, "2026-10-31T09:00")), "opeenvolgend"),
    "both: several this month weighs more": (around((TWO, "2026-11-02T09:00"), (ONE, "2026-10-02T09:00")), "meervoudig"),
    "six months ago": (around((ONE, "2026-05-01T09:00")), "opeenvolgend"),
    "seven months ago": (around((ONE, "2026-04-30T09:00")), "enkelvoudig"),
    "next month": (around((TWO, "2026-12-01T09:00")), "enkelvoudig"),
    "over the turn of the year": (around((TWO, "2026-12-31T09:00"), mine="2027-01-02T09:00"), "opeenvolgend"),
    "Dutch midnight: UTC says October, the Netherlands say November": (around((TWO, "2026-10-31T23:30")), "meervoudig"),
    "Dutch midnight: still October": (around((TWO, "2026-10-31T22:30")), "opeenvolgend"),
}


@pytest.mark.parametrize(("neighbours", "expected"), CASES.values(), ids=CASES)
def test_a_signal_is_classified(neighbours: list[Neighbour], expected: str) -> None:
    assert indeling(ME, neighbours) == expected
    assert indeling(ME, neighbours[::-1]) == expected


def test_a_signal_that_is_not_among_its_neighbours_stands_alone() -> None:
    assert indeling(UUID(int=99), around((TWO, "2026-11-02T09:00"))) == "enkelvoudig"
