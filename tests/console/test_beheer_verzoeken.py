"""What waits for a second person, through the pages: what he meets when he decides, and what an integrator may not do by itself."""

from gateway.onboarding import levenscyclus, registration
from tests.console.balie import INA, OLGA, Balie
from tests.onboarding.world import TOWN

NEW = "00000099000000072000"


def test_code_of_another_municipality_is_refused_at_the_decision_until_that_one_ended(balie: Balie) -> None:
    ina, olga = balie.window(INA), balie.window(OLGA)
    fields = {"oin": NEW, "naam": "Gemeente Nieuw", "machtiging": "M-1", "gemeente": "ja", "gemeentecode": "0392"}
    request = ina.asks("/aanmelden", **fields)
    answer = olga.submit(f"/beheer{request}", besluit="goedgekeurd")
    assert (answer.status_code, "al een andere deelnemer" in answer.text) == (409, True), answer.text
    assert (balie.status(NEW), balie.entries("toelating.besloten")) == ("telt niet", [])
    registration.set_status(balie.office, TOWN, levenscyclus.EINDE)
    assert olga.submit(f"/beheer{request}", besluit="goedgekeurd").status_code == 303
    assert balie.status(NEW) == "aangemeld"
