"""The report of efforts over HTTP: of the principal only, for a period that defaults to the last year."""

from datetime import date

import pytest

from gateway.core.errors import Invalid
from tests.http.world import LANDLORD, World

PATH = "/schuldeiser/v1/inspanningsverslag"


def test_report_is_asked_for_the_caller_and_the_last_year(world: World) -> None:
    answer = world.ask("GET", PATH)
    assert answer.status_code == 200
    assert answer.json()["sectoren"][0]["aandeelPersoonlijkContact"] == 0.45
    assert world.creditors.calls == [("inspanning.report", (LANDLORD, date(2025, 11, 20), date(2026, 11, 20)), {})]


def test_period_is_handed_over(world: World) -> None:
    world.ask("GET", PATH, params={"van": "2026-01-01", "tot": "2026-03-31"})
    assert world.creditors.calls[0][1][1:] == (date(2026, 1, 1), date(2026, 3, 31))


@pytest.mark.parametrize("query", [{"van": "gisteren"}, {"schuldeiser": "00000099000000002000"}])
def test_other_query_is_refused(world: World, query: dict[str, str]) -> None:
    assert world.ask("GET", PATH, params=query).status_code == 400
    assert world.creditors.calls == []


def test_impossible_period_is_a_problem(world: World) -> None:
    world.creditors.error = Invalid("PERIODE_ONGELDIG", "De periode kan niet.")
    assert world.ask("GET", PATH, params={"tot": "0001-01-01"}).json()["code"] == "PERIODE_ONGELDIG"
