"""Ids carry their time; those of two creditors of one request carry nothing of how many lie between them."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from gateway.core import ids

NEAR = 1 << 40


def near(made: list[UUID]) -> int:
    """How many of them follow another as ids of one counter do."""
    return sum(b.int - a.int < NEAR for a, b in pairwise(sorted(made)))


def test_id_that_stands_alone_does_not_count_on() -> None:
    assert near([ids.new() for _ in range(1_000)]) > 500  # the control: these do
    assert near([ids.alone() for _ in range(1_000)]) == 0


def test_id_that_stands_alone_is_a_uuid7_of_now() -> None:
    made = ids.alone()
    assert (made.version, made.variant) == (7, ids.new().variant)
    assert abs(ids.instant_of(made) - ids.instant_of(ids.new())) < timedelta(seconds=5)
    assert len({ids.alone() for _ in range(1_000)}) == 1_000
