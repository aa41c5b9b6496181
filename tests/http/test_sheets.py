"""The made overview and the extract at the door: JSON or a page, under a policy that lets nothing load or run."""

import pytest

from gateway.api import examples_overzichtsblad as examples
from schemas import paper
from tests.http.world import KNOWN, World

PATH = f"/gemeente/v1/schuldenoverzichten/{KNOWN}"
PAGE = {"Accept": "text/html"}


@pytest.mark.parametrize("what", ["overzicht", "uittreksel"])
def test_both_come_as_json_and_as_a_page_that_runs_nothing(world: World, what: str) -> None:
    as_json, as_page = world.ask("GET", f"{PATH}/{what}"), world.ask("GET", f"{PATH}/{what}", headers=PAGE)
    assert (as_json.status_code, as_page.status_code) == (200, 200)
    assert as_json.json()["zaaknummer"] == examples.OVERZICHT.zaaknummer
    assert as_page.headers["content-type"] == "text/html; charset=utf-8"
    assert as_page.headers.get_list("content-security-policy") == [paper.POLICY]
    assert "<caption>" in as_page.text


def test_names_of_the_register_stand_escaped_on_the_page(world: World) -> None:
    assert "Woningstichting &lt;Voorbeeld&gt;" in world.ask("GET", f"{PATH}/overzicht", headers=PAGE).text
