"""What waits for a second person, through the pages: what he meets when he decides, and what an integrator may not do by itself."""

from datetime import timedelta

from gateway.onboarding import levenscyclus, registration, requests
from tests.console.balie import BUILDER, INA, OLGA, Balie
from tests.onboarding.world import LANDLORD, TODAY, TOWN

NEW = "00000099000000072000"
MANY = (
    "INSERT INTO beheerverzoek (id, soort, aanvrager, inhoud, gevraagd_op) "
    "SELECT gen_random_uuid(), 'activering', %s, '{}', now() + interval '1 hour' FROM generate_series(1, %s)"
)


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


def test_longest_waiting_request_stands_first_and_never_falls_off(balie: Balie) -> None:
    ina, olga = balie.window(INA), balie.window(OLGA)
    made = []
    for day in range(3):
        balie.clock.advance(timedelta(minutes=1))
        made.append(ina.asks("/mandaat", oin=LANDLORD, gemachtigde=TOWN, rol="schuldeiser", geldigVan=str(TODAY + timedelta(days=day))))
    assert olga.asked() == made
    assert olga.submit(f"/beheer{made[0]}", besluit="afgewezen").status_code == 303
    assert olga.asked() == [made[1], made[2], made[0]]
    balie.past(MANY, BUILDER, requests.MOST)
    assert olga.asked()[:2] == made[1:]
