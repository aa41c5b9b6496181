"""The index of the officer's search under its functions: a municipality finds its own only, and a row goes at its term only."""

import uuid

import psycopg
import pytest

from gateway.store.prepare import Dsns
from gateway.store.tenant import Tenant, municipality, parties, task
from tests.tenants import acting

A, B = "0392", "0344"
SUBJECT = "bericht:1"
_FILL = """
INSERT INTO toezicht_regel (nr, entry, gemeente, tijd, event, activiteit, partij, principaal, onderwerpen)
VALUES (%s, %s, %s, now(), 'x', 'x', 'x', 'x', %s)
"""


@pytest.fixture
def filled(dsns: Dsns) -> Dsns:
    """A row of each municipality about the same subject, and one about another."""
    with psycopg.connect(dsns.owner) as owner:
        for nr, (place, about) in enumerate([(A, SUBJECT), (B, SUBJECT), (A, "bericht:2")]):
            owner.execute(_FILL, (nr, uuid.uuid4(), place, [about]))
    return dsns


@pytest.mark.parametrize(("who", "numbers"), [(municipality(A), [0]), (municipality(B), [1]), (parties(A), []), (task("zoekindex"), [])])
def test_what_is_about_a_subject_is_found_by_its_own_municipality_only(filled: Dsns, who: Tenant, numbers: list[int]) -> None:
    with acting(filled.toezicht, who) as connection:
        assert connection.execute("SELECT regels_over(%s)", ([SUBJECT],)).fetchall() == [(nr,) for nr in numbers]


def test_without_a_context_nothing_is_found(filled: Dsns) -> None:
    with psycopg.connect(filled.toezicht) as connection:
        assert connection.execute("SELECT regels_over(%s)", ([SUBJECT],)).fetchall() == []


@pytest.mark.parametrize(("who", "left"), [(task("zoekindex"), 3), (task("logtermijn"), 2)])
def test_a_row_goes_for_the_term_of_the_log_only(filled: Dsns, who: Tenant, left: int) -> None:
    with acting(filled.log, who) as connection:
        connection.execute("SELECT log_vernietig(%s)", ([0],))
    with psycopg.connect(filled.owner) as owner:
        assert owner.execute("SELECT count(*) FROM toezicht_regel").fetchone() == (left,)
