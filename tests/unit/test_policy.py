"""The purpose register: every combination against an independent oracle, dates, activities, and what refuses to start."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from gateway.core.errors import Misconfigured
from gateway.policy.register import DOELEN, Allowed, Denied, PurposeRegister

REGISTER = PurposeRegister.load()
TODAY = date(2026, 11, 22)
ROLES = (
    "signaalpartner", "schuldeiser", "gemeente", "uitvoerder", "gerechtsdeurwaarder", "bewindvoerder", "toezichthouder", "verwerker", "",
)  # fmt: skip
SECTORS = (
    "huur", "elektriciteit", "gas", "warmte", "drinkwater", "zorgverzekering", "hypotheek", "cak_eigen_bijdrage", "belastingdienst",
    "toeslagen", "gemeentelijke_belastingen", "telecom", "webwinkel", "boetes",
)  # fmt: skip
KINDS = (
    "vroegsignaal", "actualisering", "eindelevering", "intrekking", "historie", "zaak", "terugkoppeling", "deling", "saldoverzoek",
    "uitlaat", "",
)  # fmt: skip
DAYS = (
    date(2020, 12, 31), date(2021, 1, 1), date(2024, 3, 18), date(2024, 3, 19), date(2025, 5, 14), date(2025, 5, 15), date(2025, 12, 31),
    date(2026, 1, 1), TODAY, date(2026, 12, 31), date(2027, 1, 1), date(2029, 3, 18), date(2029, 3, 19), date(2030, 5, 14),
    date(2030, 5, 15), date(2040, 1, 1),
)  # fmt: skip
EXPERIMENTS = {
    "hypotheek": (date(2024, 3, 19), date(2026, 12, 31)),
    "cak_eigen_bijdrage": (date(2024, 3, 19), date(2029, 3, 18)),
    "belastingdienst": (date(2025, 5, 15), date(2030, 5, 14)),
}


SIX = {"huur", "elektriciteit", "gas", "warmte", "drinkwater", "zorgverzekering"}
EXPERIMENTS = {
    "hypotheek": (date(2024, 3, 19), date(2026, 12, 31)),
    "cak_eigen_bijdrage": (date(2024, 3, 19), date(2029, 3, 18)),
    "belastingdienst": (date(2025, 5, 15), date(2030, 5, 14)),
}


def oracle(role: str, sector: str, kind: str, receiver: str, day: date) -> bool:
    """The law, written apart from the rows.

    Since 2021 six sectors may signal to a municipality and withdraw, an end of supply only where something is supplied; experiments on
    their days. The municipality keeps cases and its own history, shares with whom it mandated, hands on to the desk that
    works for it, and since 2022 tells the sender a status.
    """
    if (role, receiver) == ("signaalpartner", "gemeente"):
        if sector in EXPERIMENTS and kind in {"vroegsignaal", "actualisering"}:
            return EXPERIMENTS[sector][0] <= day <= EXPERIMENTS[sector][1]
        supplied = kind == "eindelevering" and sector in {"elektriciteit", "gas", "warmte", "drinkwater"}
        return day.year >= 2021 and sector in SIX and (supplied or kind in {"vroegsignaal", "actualisering", "intrekking"})
    own = {("gemeente", "gemeente"): {"historie", "zaak"}, ("gemeente", "uitvoerder"): {"deling"}, ("gemeente", "verwerker"): {"uitlaat"}}
    if kind in own.get((role, receiver), set()):
        return day.year >= 2021 and sector in SIX
    return (role, receiver, kind) == ("gemeente", "signaalpartner", "terugkoppeling") and day.year >= 2022 and sector in SIX


def test_every_combination_agrees_with_the_oracle() -> None:
    combinations = list(product(ROLES, SECTORS, KINDS, ROLES, DAYS))
    differing = [c for c in combinations if isinstance(REGISTER.decide(*c), Allowed) != oracle(*c)]
    allowed = sum(oracle(*c) for c in combinations)
    assert {found.code for c in combinations if isinstance(found := REGISTER.decide(*c), Denied)} == {"DOEL_NIET_TOEGESTAAN"}
    print(f"{len(combinations)} combinations, {allowed} allowed, {len(differing)} disagreements")  # noqa: T201 - the figure is the point
    assert differing == []
    assert 0 < allowed < len(combinations)


def test_permit_names_row_article_version_and_activity() -> None:
    found = REGISTER.decide("signaalpartner", "huur", "vroegsignaal", "gemeente", TODAY)
    assert isinstance(found, Allowed)
    assert (found.doel, found.row, found.agreement_needed) == ("WGS-3-1-b", "WGS-3-1-b/huur/2021", False)
    assert found.groups == ("identiteit", "contact", "klant")
    assert found.register_version == REGISTER.version
    assert found.activity == REGISTER.activity("aanleveren")
    assert "Bgs" in found.artikel


def test_experiment_asks_for_an_agreement_with_the_municipality() -> None:
    for sector in EXPERIMENTS:
        found = REGISTER.decide("signaalpartner", sector, "vroegsignaal", "gemeente", TODAY)
        assert isinstance(found, Allowed)
        assert found.agreement_needed


def test_unlisted_combination_is_denied_with_a_code() -> None:
    assert REGISTER.decide("schuldeiser", "huur", "vroegsignaal", "gemeente", TODAY) == Denied("DOEL_NIET_TOEGESTAAN", REGISTER.version)


@pytest.mark.parametrize(("day", "row"), [(date(2025, 12, 31), "WGS-3-1-b/energie/2021"), (date(2026, 1, 1), "WGS-3-1-b/energie/2026")])
def test_row_of_the_day_is_named(day: date, row: str) -> None:
    found = REGISTER.decide("signaalpartner", "gas", "eindelevering", "gemeente", day)
    assert isinstance(found, Allowed)
    assert found.row == row


def test_groups_are_given_to_the_municipality_for_the_purpose_only() -> None:
    assert REGISTER.groups_for("WGS-3-1-b", "gemeente", TODAY) == ("identiteit", "contact", "klant")
    assert REGISTER.groups_for("WGS-3-1-b", "signaalpartner", TODAY) == ()
    assert REGISTER.groups_for("WGS-9-statistiek", "gemeente", TODAY) == ()
    assert REGISTER.groups_for("WGS-3-1-b", "gemeente", date(2020, 12, 31)) == ()
    row = REGISTER.reading("WGS-3-1-b", "gemeente", TODAY)
    assert row is not None
    assert row.activity == REGISTER.activity("ophalen")


def test_agreement_is_needed_for_a_row_that_does_not_exist() -> None:
    assert REGISTER.agreement_needed("WGS-3-1-b/huur/2021") is False
    assert REGISTER.agreement_needed("WGS-3-1-b/huur/1999") is True


def test_retention_stands_with_the_row() -> None:
    assert REGISTER.retention("WGS-3-1-b/huur/2021").onopgehaald_werkdagen == 20
    assert REGISTER.retention("WGS-3-1-b/weg/2019") == REGISTER.retention("WGS-3-1-b/huur/2021")  # the shortest there is


def test_flow_without_activity_refuses_to_start() -> None:
    REGISTER.require(["aanleveren", "ophalen", "beheren"])
    with pytest.raises(Misconfigured, match="duikboot"):
        REGISTER.require(["aanleveren", "duikboot"])


def _text() -> str:
    return (DOELEN / "WGS-3-1-b.toml").read_text()


def _load(folder: Path, text: str) -> PurposeRegister:
    (folder / "a.toml").write_text(text)
    return PurposeRegister.load(folder)


def test_version_follows_content_and_not_layout(tmp_path: Path) -> None:
    version = _load(tmp_path, _text()).version
    assert _load(tmp_path, _text() + "\n# een opmerking\n").version == version
    assert _load(tmp_path, _text().replace("onopgehaald_werkdagen = 20", "onopgehaald_werkdagen = 21", 1)).version != version


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("geldig_tot = 2025-12-31\n", "", "tegelijk"),
        ("WGS-3-1-b/energie/2026", "WGS-3-1-b/energie/2021", "twee keer"),
        ('activiteit = "ophalen"', 'activiteit = "weg"', "onbekende activiteit"),
        ('stroom = "ophalen"', 'stroom = "aanleveren"', "twee activiteiten"),
        ("geldig_tot = 2025-12-31", "geldig_tot = 2020-12-31", "eindigt"),
        ('artikel = "Bgs art. 2 en 3"\n', "", "artikel"),
        ("overeenkomst = false", "", "overeenkomst"),
        ('"identiteit", "contact"', '"identiteit", "gezondheid"', "gezondheid"),
    ],
)
def test_bad_register_refuses_to_start(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in _text()
    with pytest.raises(Misconfigured, match=says):
        _load(tmp_path, _text().replace(old, new, 1))


def test_empty_folder_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        PurposeRegister.load(tmp_path)
