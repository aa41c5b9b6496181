"""Baskets, what fits together, clocks and age classes: pure."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.triage import validity
from gateway.triage.baskets import DEFAULT, Baskets, Fact
from gateway.triage.clocks import Facts, on_a_working_day, opened, running, working_days_ago
from schemas.instellingen import (
    Opvolgpartner,
    Opvolgpartners,
    Standaardwerkbak,
    Termijnregels,
    Velden,
    Voorwaarden,
    Werkbak,
    Werkbakken,
    Wijk,
)  # fmt: skip
from schemas.triage import Triage, age_class

OIN, PARTNER = "00000099000000001000", "00000099000000004000"
FACT = Fact("vroegsignaal", "huur", 45_000, "enkelvoudig", OIN, False, "WK1", "tot_90_dagen")
ALL = Velden(optionele_velden=[], triage=["postcode4", "ouderdom"])
NOBODY = Opvolgpartners(opvolgpartners=[])


def bak(code: str = "a", partner: str | None = None, **criteria: Any) -> Werkbak:
    return Werkbak(code=code, naam=code, kanaal="brief", voorwaarden=Voorwaarden(**criteria), opvolgpartner=partner)


def setting(*baskets: Werkbak, wijken: tuple[Wijk, ...] = (Wijk(code="WK1", postcodes=["2011"]),)) -> Werkbakken:
    return Werkbakken(standaard=Standaardwerkbak(code="rest", naam="Rest", kanaal="brief"), werkbakken=list(baskets), wijken=list(wijken))


@pytest.mark.parametrize(
    ("criteria", "other"),
    [
        ({"soorten": ["vroegsignaal"]}, {"soort": "actualisering"}),
        ({"sectoren": ["gas", "huur"]}, {"sector": "warmte"}),
        ({"bedrag_vanaf_cent": 45_000}, {"bedrag_cent": 44_999}),
        ({"bedrag_tot_cent": 45_001}, {"bedrag_cent": 45_001}),
        ({"indelingen": ["enkelvoudig"]}, {"indeling": "meervoudig"}),
        ({"wijken": ["WK1"]}, {"wijk": "WK2"}),
        ({"wijken": ["WK1"]}, {"wijk": None}),
        ({"ouderdom": ["tot_90_dagen"]}, {"ouderdom": None}),
        ({"schuldeisers": [OIN]}, {"schuldeiser": PARTNER}),
        ({"crisis": False}, {"crisis": True}),
    ],
)
def test_criterion_takes_what_meets_it_and_nothing_else(criteria: dict[str, Any], other: dict[str, Any]) -> None:
    baskets = Baskets(setting(bak(**criteria)))
    assert baskets.place(FACT).code == "a"
    assert baskets.place(FACT._replace(**other)).code == "rest"


def test_every_criterion_must_hold_and_the_first_basket_wins() -> None:
    baskets = Baskets(setting(bak("a", sectoren=["huur"], crisis=True), bak("b", sectoren=["huur"]), bak("c")))
    assert baskets.place(FACT).code == "b"
    assert baskets.matching(FACT) == ["b", "c"]


def test_default_takes_everything() -> None:
    assert Baskets(DEFAULT).place(FACT).code == "algemeen"


CRITERIA = st.fixed_dictionaries(
    {},
    optional={
        "sectoren": st.lists(st.sampled_from(["huur", "gas"]), min_size=1, max_size=2),
        "bedrag_vanaf_cent": st.integers(1, 100_000),
        "bedrag_tot_cent": st.integers(1, 100_000),
        "crisis": st.booleans(),
    },
)


@given(st.lists(CRITERIA, max_size=6), st.integers(1, 100_000), st.booleans())
def test_no_message_is_ever_dropped_and_the_first_match_is_the_place(rows: list[dict[str, Any]], amount: int, crisis: bool) -> None:
    baskets = Baskets(setting(*(bak(f"b{n}", **row) for n, row in enumerate(rows))))
    fact = FACT._replace(bedrag_cent=amount, crisis=crisis)
    assert baskets.place(fact).code == next(iter(baskets.matching(fact)), "rest")


def test_district_is_shown_instead_of_the_postcode() -> None:
    baskets = Baskets(setting())
    shown = baskets.shown(Triage(postcode4="2011", ouderdom="tot_30_dagen"))
    assert msgspec.to_builtins(shown) == {"wijk": "WK1", "ouderdom": "tot_30_dagen"}
    assert baskets.shown(None) is None


@pytest.mark.parametrize(
    ("days", "name"), [(0, "tot_30"), (29, "tot_30"), (30, "tot_90"), (89, "tot_90"), (90, "tot_180"), (180, "vanaf_180")]
)
def test_age_class_has_its_boundaries(days: int, name: str) -> None:
    assert age_class(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days)) == f"{name}_dagen"


def codes(findings: Any) -> list[str]:
    return [f.code for f in findings]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (setting(bak("rest")), "WERKBAK_DUBBEL"),
        (setting(bak(partner=PARTNER)), "OPVOLGPARTNER_ONBEKEND"),
        (setting(bak(bedrag_vanaf_cent=5, bedrag_tot_cent=5)), "WERKBAK_BEDRAG_LEEG"),
        (setting(bak(wijken=["WK9"])), "WIJK_ONBEKEND"),
        (setting(wijken=(Wijk(code="A", postcodes=["2011"]), Wijk(code="A", postcodes=["2012"]))), "WIJK_DUBBEL"),
    ],
)
def test_baskets_that_do_not_fit_are_named(bad: Werkbakken, code: str) -> None:
    assert codes(validity.baskets(bad, NOBODY, ALL)) == [code]


def test_fitting_baskets_have_no_finding() -> None:
    known = Opvolgpartners(opvolgpartners=[Opvolgpartner(oin=PARTNER, naam="Belteam", veldgroepen=["contact"])])
    good = setting(bak(partner=PARTNER, wijken=["WK1"], ouderdom=["tot_30_dagen"], bedrag_vanaf_cent=1, bedrag_tot_cent=2))
    assert codes(validity.baskets(good, known, ALL)) == []
    off = Velden(optionele_velden=[])
    assert codes(validity.baskets(good, known, off)) == ["TRIAGE_NIET_AAN", "TRIAGE_NIET_AAN"]


def test_postcode_lies_in_one_district() -> None:
    two = setting(wijken=(Wijk(code="A", postcodes=["2011"]), Wijk(code="B", postcodes=["2011"])))
    assert set(codes(validity.baskets(two, NOBODY, ALL))) == {"POSTCODE_IN_TWEE_WIJKEN"}


def test_partner_needs_mandate_allowed_groups_and_a_key_where_needed() -> None:
    new = Opvolgpartners(opvolgpartners=[Opvolgpartner(oin=PARTNER, naam="Belteam", veldgroepen=["contact", "klant"])])
    found = validity.partners(new, DEFAULT, ("identiteit", "contact"), lambda _: False, own_key=True)
    assert codes(found) == ["OPVOLGPARTNER_ZONDER_MANDAAT", "VELDGROEP_NIET_TOEGESTAAN", "OPVOLGPARTNER_ZONDER_SLEUTEL"]
    used = setting(bak(partner=PARTNER))
    assert codes(validity.partners(NOBODY, used, (), lambda _: True, own_key=False)) == ["OPVOLGPARTNER_IN_GEBRUIK"]


FACTS = Facts(UUID(int=1), date(2026, 11, 20), "bezorgd", None, None, {}, 20, date(2026, 11, 20))  # a Friday
RULES = Termijnregels()


def due(facts: Facts, today: date = date(2026, 11, 22)) -> dict[str, tuple[date, str]]:
    return {t.soort: (t.uiterlijk, t.stand) for t in running(facts, RULES, today)}


def test_own_terms_and_the_term_of_an_unfetched_message_run() -> None:
    assert due(FACTS) == {
        "eerste_contact": (date(2026, 12, 4), "lopend"),
        "analyse": (date(2026, 12, 18), "lopend"),
        "onopgehaald": (date(2026, 12, 18), "lopend"),
    }


def test_an_unfetched_message_waits_from_the_day_on_which_it_could_be_fetched() -> None:
    assert due(FACTS._replace(opened=date(2026, 12, 1)))["onopgehaald"] == (date(2026, 12, 30), "lopend")


def test_threatening_runs_three_working_days_from_the_workers_day_and_ends_with_the_talk() -> None:
    told = FACTS._replace(milestones={"bedreigend": date(2026, 11, 20)})
    assert due(told)["bedreigend"] == (date(2026, 11, 25), "lopend")
    assert due(told, date(2026, 11, 26))["bedreigend"][1] == "overschreden"
    talked = FACTS._replace(milestones={"bedreigend": date(2026, 11, 20), "eerste_gesprek": date(2026, 11, 23)})
    assert "bedreigend" not in due(talked)
    assert due(talked)["besluit"] == (date(2027, 1, 18), "lopend")


def test_end_of_supply_is_no_threat_by_itself() -> None:
    crisis = FACTS._replace(crisis="eindelevering")
    assert due(crisis)["einde_levering"][0] == date(2026, 12, 18)
    assert due(crisis._replace(end_of_supply=date(2027, 1, 4)))["einde_levering"][0] == date(2027, 1, 4)
    assert "bedreigend" not in due(crisis)


def test_four_weeks_run_from_acceptance_and_do_not_end_on_a_day_off() -> None:
    accepted = FACTS._replace(milestones={"hulp_geaccepteerd": date(2026, 11, 27)})
    assert due(accepted)["eerste_gesprek"][0] == date(2026, 12, 28)  # 25 December, and then a weekend


@pytest.mark.parametrize("state", ["afgewezen", "doorgezonden", "ingetrokken", "verlopen"])
def test_closed_message_has_no_clock(state: Any) -> None:
    assert due(FACTS._replace(state=state, milestones={"bedreigend": date(2026, 11, 20)})) == {}


def test_processed_message_keeps_its_legal_clocks_only() -> None:
    assert set(due(FACTS._replace(state="verwerkt", milestones={"bedreigend": date(2026, 11, 20)}))) == {"bedreigend"}


def test_working_days() -> None:
    assert on_a_working_day(date(2026, 11, 21)) == date(2026, 11, 23)
    assert on_a_working_day(date(2026, 11, 20)) == date(2026, 11, 20)
    assert working_days_ago(date(2026, 11, 20), 5) == date(2026, 11, 15)  # a Sunday
    assert working_days_ago(date(2026, 11, 23), 1) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("received", "day", "expected"),
    [
        (date(2026, 11, 20), None, date(2026, 11, 20)),
        (date(2026, 11, 20), 20, date(2026, 11, 20)),
        (date(2026, 11, 20), 25, date(2026, 11, 25)),
        (date(2026, 12, 20), 5, date(2027, 1, 5)),
        (date(2026, 1, 31), 5, date(2026, 2, 5)),
    ],
)
def test_message_waits_for_the_matching_day(received: date, day: int | None, expected: date) -> None:
    assert opened(received, day) == expected
