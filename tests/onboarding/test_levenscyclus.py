"""The life cycle: the table, and that the database holds to the same one; the door of a trial, and what shuts it."""

import json
from itertools import product

import psycopg
import pytest

from gateway.core.errors import Conflict, Misconfigured
from gateway.onboarding import levenscyclus, registration, trial
from gateway.partners.register import Deelnemer
from tests.onboarding.world import LANDLORD, ROWS, TOWN, Hall

STATUSES = sorted(levenscyclus.OVERGANGEN)
REAL = "00000001003214345000"


def test_table_is_that_of_the_contract() -> None:
    assert levenscyclus.PAD == ("aangemeld", "in_test", "getoetst", "schaduw", "actief")
    assert levenscyclus.OVERGANGEN["beeindigd"] == frozenset()
    assert [van for van, naar in levenscyclus.OVERGANGEN.items() if "actief" in naar] == ["schaduw", "opgeschort"]
    for van, naar in product(STATUSES, STATUSES):
        if naar not in levenscyclus.OVERGANGEN[van]:
            with pytest.raises(Conflict):
                levenscyclus.require_step(van, naar)


@pytest.mark.parametrize("status", STATUSES)
def test_way_to_a_status_is_a_way_of_the_table(status: str) -> None:
    at = "aangemeld"
    for step in levenscyclus.way_to(status):
        levenscyclus.require_step(at, step)
        at = step
    assert at == status


def test_database_holds_to_the_same_table(hall: Hall) -> None:
    """Every pair, as the owner writes it without the trigger first and with it then."""
    with psycopg.connect(hall.dsns.owner, autocommit=True) as owner:
        owner.execute("INSERT INTO deelnemer (oin, naam, rollen, status) VALUES (%s, 'x', '{schuldeiser}', 'aangemeld')", (LANDLORD,))
        allowed = {(van, naar) for van, naar in product(STATUSES, STATUSES) if _goes(owner, van, naar)}
    assert allowed == {(van, naar) for van, onward in levenscyclus.OVERGANGEN.items() for naar in (*onward, van)}


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "aangemeld"])
def test_nobody_begins_further_on(hall: Hall, status: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        hall.past("INSERT INTO deelnemer (oin, naam, rollen, status) VALUES (%s, 'x', '{schuldeiser}', %s)", LANDLORD, status)
    with pytest.raises(Conflict) as refused:
        registration.save(hall.office, Deelnemer(LANDLORD, "x", frozenset({"schuldeiser"}), status))
    assert refused.value.code == "STATUS_NIET_TE_SCHRIJVEN"


def test_trial_lets_in_at_once_and_marks_it(hall: Hall) -> None:
    live = Deelnemer(LANDLORD, "Warmte", frozenset({"schuldeiser"}), "actief")
    office = hall.made(trial=True)
    trial.admit(office, live)
    assert hall.status(LANDLORD) == "actief"
    registration.set_status(office, LANDLORD, "opgeschort")
    trial.admit(office, live)  # once more: what it is stays
    assert hall.status(LANDLORD) == "opgeschort"
    registration.set_status(office, LANDLORD, "actief")
    with pytest.raises(Misconfigured):
        trial.require_none(hall.beheer)
    with psycopg.connect(hall.dsns.owner) as owner:
        entries = owner.execute("SELECT body FROM log_entry WHERE event = 'deelnemer.overgegaan' ORDER BY id")
        told = [json.loads(body) for (body,) in entries]
    assert [(step["nieuw"], step.get("proef", False)) for step in told] == [
        *((status, True) for status in levenscyclus.PAD[1:]),
        ("opgeschort", False),
        ("actief", False),
    ]


def test_production_has_no_such_door(hall: Hall) -> None:
    with pytest.raises(Conflict) as refused:
        trial.admit(hall.office, Deelnemer(LANDLORD, "Warmte", frozenset({"schuldeiser"}), "actief"))
    assert refused.value.code == "PROEFTOELATING_UIT"
    assert hall.status(LANDLORD) == "telt niet"
    trial.require_none(hall.beheer)


def test_trial_lets_no_real_organisation_in(hall: Hall) -> None:
    with pytest.raises(Conflict) as refused:
        trial.admit(hall.made(trial=True), Deelnemer(REAL, "Echt", frozenset({"schuldeiser"}), "actief"))
    assert refused.value.code == "PROEFTOELATING_UIT"
    assert hall.status(REAL) == "telt niet"


def test_trial_holds_who_applied_to_the_gates(hall: Hall) -> None:
    office = hall.made(trial=True)
    registration.save(office, ROWS[TOWN])
    trial.admit(office, ROWS[TOWN])
    with pytest.raises(Conflict) as refused:
        registration.set_status(office, TOWN, "in_test")
    assert refused.value.code == "POORT_GESLOTEN"


def _goes(owner: psycopg.Connection[tuple[object, ...]], van: str, naar: str) -> bool:
    with owner.transaction():
        owner.execute("ALTER TABLE deelnemer DISABLE TRIGGER deelnemer_levenscyclus")
        owner.execute("UPDATE deelnemer SET status = %s", (van,))
        owner.execute("ALTER TABLE deelnemer ENABLE TRIGGER deelnemer_levenscyclus")
    try:
        owner.execute("UPDATE deelnemer SET status = %s", (naar,))
    except psycopg.errors.CheckViolation:
        return False
    return True
