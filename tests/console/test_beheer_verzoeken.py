"""What waits for a second person, through the pages: what he meets when he decides, and what an integrator may not do by itself."""

import re
from datetime import timedelta

import psycopg
import pytest

from gateway.onboarding import levenscyclus, registration, requests
from gateway.onboarding.poorten import Poort
from gateway.partners import administration
from gateway.partners.mailroom import Bestandsprofiel
from gateway.partners.rows import sealer
from gateway.store.tenant import parties
from tests.console.balie import BUILDER, INA, OLGA, Balie
from tests.console.test_beheer import PROFILE, text_of
from tests.onboarding.world import GIVES, LANDLORD, TODAY, TOWN
from tests.tenants import acting

NEW = "00000099000000072000"
SCRIPT = "<script>alert(1)</script>"
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


@pytest.mark.parametrize("status", ["actief", "opgeschort"])
def test_profile_of_who_is_live_is_read_by_once_a_second_person_agreed(balie: Balie, status: str) -> None:
    ina, olga = balie.window(INA), balie.window(OLGA)
    first = profile("2026-01-01")
    assert "is vastgelegd" in ina.get(ina.submit("/aansluiten/profiel", **first).headers["location"]).text  # the control: not live yet
    live(balie, status)
    assert profiles(balie) == {"2026-01-01"}
    request = ina.asks("/profiel", **profile("2026-02-01"))
    assert (profiles(balie), first["profiel"][:20] in text_of(olga.get(f"/beheer{request}").text)) == ({"2026-01-01"}, True)
    shown = olga.get(f"/beheer{request}").text
    assert (SCRIPT in shown, SCRIPT.replace("<", "&lt;").replace(">", "&gt;") in shown) == (False, True)
    assert ina.submit(f"/beheer{request}", besluit="goedgekeurd").status_code == 403
    assert olga.submit(f"/beheer{request}", besluit="goedgekeurd").status_code == 303
    assert profiles(balie) == {"2026-01-01", "2026-02-01"}
    assert olga.submit("/beheer/profiel", **profile("2026-03-01")).status_code == 303  # the operator's people do it at once
    assert profiles(balie) == {"2026-01-01", "2026-02-01", "2026-03-01"}


def test_profile_of_who_is_live_is_refused_past_the_code_too(balie: Balie) -> None:
    insert = "INSERT INTO bestandsprofiel (oin, naam, geldig_van, patroon, ingepakt) VALUES (%s, 'x', now(), '*', '{}')"
    with acting(balie.dsns.integrator, parties(BUILDER, LANDLORD)) as connection:
        connection.execute(insert.encode(), (LANDLORD,))  # the control
    live(balie, "actief")
    for statement in (insert, "UPDATE bestandsprofiel SET patroon = '*.csv' WHERE oin = %s"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), acting(balie.dsns.integrator, parties(BUILDER, LANDLORD)) as connection:
            connection.execute(statement.replace("'x'", "'y'").encode(), (LANDLORD,))


def live(balie: Balie, status: str) -> None:
    GIVES[TOWN][Poort.LOKET](balie, TOWN)
    for give in GIVES[LANDLORD].values():
        give(balie, LANDLORD)
    assert balie.climb(LANDLORD) == ("actief", set())
    registration.set_status(balie.office, LANDLORD, status)


def profile(begin: str) -> dict[str, str]:
    text = re.sub(r'(?m)^partner = ".*"', f'partner = "{LANDLORD}"', PROFILE)
    return {"oin": LANDLORD, "patroon": "*.csv", "profiel": re.sub(r"(?m)^geldigVan = .*", f"geldigVan = {begin}", text) + f"# {SCRIPT}\n"}


def profiles(balie: Balie) -> set[str]:
    with balie.beheer.transaction() as connection:
        rows = administration.about(connection, LANDLORD, sealer(balie.keys))
        return {str(row.geldig_van) for _, row, sealed in rows if isinstance(row, Bestandsprofiel) and sealed}
