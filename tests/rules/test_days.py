"""Which rules hold on the days on both sides of every change of the law, written from the sources and not from the rows."""

from datetime import date
from itertools import product
from typing import get_args

import pytest

from gateway.rules.rulebook import Rulebook
from schemas.signaal import Soort
from tests.rules.build import LEGAL

BOOK = Rulebook.load(lambda row: False)
KINDS = get_args(Soort)
HEAT = ("elektriciteit", "gas", "warmte")
EVERYWHERE = {
    "DATUM_IN_TOEKOMST", "DATUM_TE_OUD", "EERDER_KENMERK_PAST_NIET", "HANDELSNAAM_ONBEKEND", "VERKLARING_GELDT_NIET", "BEWIJS_NA_SIGNAAL",
    "GEEN_KLANT_MEER", "BETALINGSREGELING_LOOPT", "BEDRAG_TE_LAAG", "ONTSTAAN_NA_SIGNAAL", "RECHTSPERSOON", "GEBOORTEDATUM_NA_SIGNAAL",
    "BSN_NIET_TOEGESTAAN", "LOKET_NIET_OPEN", "GEEN_OVEREENKOMST", "ONDER_DREMPEL_GEMEENTE", "VELD_NIET_DOORGEGEVEN",
}  # fmt: skip
CONDITIONS = {
    "GEEN_CONTACTPOGING", "NIET_GEWEZEN_OP_SCHULDHULP", "GEEN_HERINNERING", "GEEN_AANBOD_GEGEVENSDELING", "KLANT_MAAKT_BEZWAAR",
    "CRISIS_PAST_NIET",
}  # fmt: skip
REFUSED = {"SECTOR_NIET_AANGEWEZEN"}
CLOSED = EVERYWHERE | {"EXPERIMENT_NIET_ACTIEF"}
DAYS = [
    "2020-12-31", "2021-01-01", "2021-12-31", "2022-01-01", "2022-11-29", "2022-11-30", "2023-03-31", "2023-04-01",
    "2024-03-18", "2024-03-19", "2025-05-14", "2025-05-15", "2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01",
    "2029-03-18", "2029-03-19", "2030-05-14", "2030-05-15",
]  # fmt: skip


def held(sector: str, kind: str, day: str) -> set[str]:
    rows = BOOK.rows_on(sector, kind, date.fromisoformat(day))
    return {f"{row.code} {row.id}" if row.id.startswith("NC-") else row.code for row in rows}


def lawful(sector: str, kind: str, day: str) -> set[str]:
    """Bgs since 2021; LCV of 30-11-2022 (rent and health insurance before); 20 working days since 1-4-2023; Energieregeling 2026."""
    if day < "2021":
        return REFUSED
    found = EVERYWHERE | CONDITIONS | {"SECTOR_NIET_GEREGISTREERD"}
    if day >= "2022-11-30" or sector in {"huur", "zorgverzekering"}:
        found |= {"BUITEN_TERMIJN"}
    if day >= "2026":
        found |= {f"ONDER_AFGESPROKEN_NORM NC-0{n}" for n in range(1, 5)}
    if sector in HEAT and kind == "eindelevering" and day >= "2023-04-01":
        found |= {"TE_LAAT_GEMELD"}
    if sector in HEAT and kind != "vroegsignaal" and day >= "2026":
        found |= {"GEEN_EERDER_SIGNAAL"}
    return found | {"drinkwater": {"EEN_HERINNERING"}, "huur": {"ONTRUIMING_AANGEKONDIGD"}}.get(sector, set())


@pytest.mark.parametrize("sector", LEGAL)
def test_rules_of_a_designated_sector_hold_on_their_days(sector: str) -> None:
    wrong = {(kind, day) for kind, day in product(KINDS, DAYS) if held(sector, kind, day) != lawful(sector, kind, day)}
    assert wrong == set()


EXPERIMENTS = {
    "hypotheek": ("2024-03-19", "2026-12-31", {"GEMEENTE_NIET_IN_EXPERIMENT", "ACHTERSTAND_TE_JONG"}),
    "cak_eigen_bijdrage": (
        "2024-03-19",
        "2029-03-18",
        {"VORDERING_ONBEKEND", "EXPERIMENT_BEDRAG_OPEN", "ONDER_DREMPEL_EXPERIMENT", "ACHTERSTAND_TE_JONG"},
    ),
    "belastingdienst": (
        "2025-05-15",
        "2030-05-14",
        {"VORDERING_ONBEKEND", "ONDER_DREMPEL_EXPERIMENT", "GEEN_AANMANING", "UITSTEL_NIET_UITGESLOTEN"},
    ),
}


@pytest.mark.parametrize("sector", EXPERIMENTS)
def test_experiment_holds_on_its_days_and_is_refused_on_all_others(sector: str) -> None:
    first, last, own = EXPERIMENTS[sector]
    for day in DAYS:
        running = EVERYWHERE | CONDITIONS | own | {"EXPERIMENT_NIET_ACTIEF"}
        expected = REFUSED if day < "2022" else running if first <= day <= last else CLOSED
        assert held(sector, "vroegsignaal", day) == expected, day


def test_reason_of_a_refusal_is_that_of_the_day() -> None:
    def said(sector: str, day: str) -> str:
        return " ".join(row.melding for row in BOOK.rows_on(sector, "vroegsignaal", date.fromisoformat(day)))

    assert "Telecom en webwinkels" in said("telecom", "2021-01-01")
    assert "Telecom en webwinkels" not in said("telecom", "2020-12-31")
    assert "begon op 15 mei 2025" in said("toeslagen", "2025-05-14")
    assert "begon op 15 mei 2025" in said("toeslagen", "2022-01-01")
    assert "nog niet vastgesteld" in said("toeslagen", "2025-05-15")
    assert "kring van aangewezen verstrekkers" in said("hypotheek", "2024-03-18")
    assert "na vijf jaar" in said("hypotheek", "2027-01-01")
    assert "is op 15 mei 2025 vervallen" in said("gemeentelijke_belastingen", "2025-05-15")
