"""Verdicts on signals, from the article: the table of `cases`, boundary dates, instructions and the second round."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from gateway.core.chain import Judged, Stopped
from gateway.partners.register import Overeenkomst
from gateway.rules.rulebook import Rulebook
from tests.rules import build
from tests.rules.cases import CASES, CONTEXT_CASES, EXPERIMENT_CASES

BOOK = Rulebook.load(lambda row: False)
STRICT_BOOK = Rulebook.load(lambda row: True)
FLAT = [(sector, changes, expected) for sectors, changes, expected in CASES for sector in sectors]


FLAT_EXPERIMENTS = [(sector, changes, expected) for sectors, changes, expected in EXPERIMENT_CASES for sector in sectors]
FLAT_CONTEXT = [(sector, *rest) for sectors, *rest in CONTEXT_CASES for sector in sectors]


def judged(changes: dict[str, Any], sector: str = "huur", received: datetime = build.RECEIVED, **who: Any) -> tuple[str, set[str]]:
    register = build.register(build.creditor(**who), verklaringen=(build.declaration(),))
    return build.outcome(BOOK.judge(build.fresh(build.wire(changes, sector), received), register))


@pytest.mark.parametrize(("sector", "changes", "expected"), FLAT, ids=[f"{n}-{c[0]}" for n, c in enumerate(FLAT)])
def test_signal_gets_the_verdict_of_the_article(sector: str, changes: dict[str, Any], expected: set[str]) -> None:
    status, findings = judged(changes, sector)
    assert findings == expected
    assert status == ("geweigerd" if any(f.endswith("!") for f in expected) else "verder")


@pytest.mark.parametrize(("sector", "changes", "expected"), FLAT_EXPERIMENTS, ids=[f"{n}-{c[0]}" for n, c in enumerate(FLAT_EXPERIMENTS)])
def test_signal_under_an_experiment_gets_the_verdict_of_the_regulation(sector: str, changes: dict[str, Any], expected: set[str]) -> None:
    assert judged(changes, sector, rollen=build.ROLES)[1] == expected


@pytest.mark.parametrize("without", sorted(build.ROLES - {"signaalpartner"}))
def test_experiment_is_for_the_creditors_in_its_role(without: str) -> None:
    sector = {"experiment_hypotheek": "hypotheek", "experiment_cak": "cak_eigen_bijdrage"}.get(without, "belastingdienst")
    facts = next(changes for name, changes, expected in FLAT_EXPERIMENTS if name == sector and not expected)
    assert judged(facts, sector, rollen=build.ROLES)[0] == "verder"
    assert judged(facts, sector, rollen=build.ROLES - {without})[1] == {"VS-02 EXPERIMENT_NIET_ACTIEF!"}
    assert judged(facts, sector, rollen=build.ROLES, sectoren=frozenset({"huur"}))[1] == {"VS-02 EXPERIMENT_NIET_ACTIEF!"}


@pytest.mark.parametrize(
    ("sector", "day", "holds"),
    [
        ("hypotheek", "2024-03-18", False),
        ("hypotheek", "2024-03-19", True),
        ("hypotheek", "2026-12-31", True),
        ("hypotheek", "2027-01-01", False),
        ("cak_eigen_bijdrage", "2024-03-18", False),
        ("cak_eigen_bijdrage", "2024-03-19", True),
        ("cak_eigen_bijdrage", "2029-03-18", True),
        ("cak_eigen_bijdrage", "2029-03-19", False),
        ("belastingdienst", "2025-05-14", False),
        ("belastingdienst", "2025-05-15", True),
        ("belastingdienst", "2030-05-14", True),
        ("belastingdienst", "2030-05-15", False),
        ("toeslagen", "2022-01-01", False),
        ("toeslagen", "2025-05-14", False),
        ("toeslagen", "2025-05-15", False),
    ],
)
def test_experiment_holds_between_its_days(sector: str, day: str, holds: bool) -> None:
    facts = next((changes for name, changes, expected in FLAT_EXPERIMENTS if name == sector and not expected), {})
    at = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    old = {**facts, **OLD, "signaaldatum": day}
    if sector == "belastingdienst":
        old |= {"inspanning.aanmaningOp": "2020-02-01", "inspanning.geenUitstelOp": "2020-02-01"}
    found = judged(old, sector, received=at, rollen=build.ROLES)[1]
    assert found == (set() if holds else {"VS-02 EXPERIMENT_NIET_ACTIEF!"})


@pytest.mark.parametrize(
    ("day", "began", "young"),
    [
        ("2028-07-30", "2028-02-29", False),
        ("2028-07-30", "2028-03-01", True),
        ("2026-05-31", "2025-12-31", False),
        ("2026-05-30", "2025-12-31", True),
        ("2027-01-15", "2026-08-15", False),
        ("2027-01-15", "2026-08-16", True),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_one(day: str, began: str, young: bool) -> None:
    at = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    facts = {"achterstand.vordering": "wmo", **OLD, "signaaldatum": day, "achterstand.ontstaansdatum": began}
    assert judged(facts, "cak_eigen_bijdrage", received=at, rollen=build.ROLES)[1] == ({"VS-16 ACHTERSTAND_TE_JONG!"} if young else set())


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2021-12-31", "VS-01 SECTOR_NIET_AANGEWEZEN!"),
        ("2022-01-01", "VS-02 EXPERIMENT_NIET_ACTIEF!"),
        ("2025-05-14", "VS-02 EXPERIMENT_NIET_ACTIEF!"),
        ("2025-05-15", "VS-03 SECTOR_NIET_AANGEWEZEN!"),
    ],
)
def test_municipal_tax_is_refused_with_the_reason_of_the_day(day: str, expected: str) -> None:
    at = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    assert judged({**OLD, "signaaldatum": day}, "gemeentelijke_belastingen", received=at)[1] == {expected}


@pytest.mark.parametrize(
    ("sector", "code", "first", "kind"),
    [
        *((sector, "BUITEN_TERMIJN", "2022-11-30", "vroegsignaal") for sector in ("elektriciteit", "gas", "warmte", "drinkwater")),
        *((sector, "GEEN_EERDER_SIGNAAL", "2026-01-01", "eindelevering") for sector in ("elektriciteit", "gas", "warmte")),
        *((sector, "TE_LAAT_GEMELD", "2023-04-01", "eindelevering") for sector in ("elektriciteit", "gas", "warmte")),
        *((sector, "ONDER_AFGESPROKEN_NORM", "2026-01-01", "vroegsignaal") for sector in build.LEGAL),
        *((sector, "GEEN_CONTACTPOGING", "2021-01-01", "vroegsignaal") for sector in build.LEGAL),
        *((sector, "BEDRAG_TE_LAAG", "2021-01-01", "vroegsignaal") for sector in build.LEGAL),
    ],
)
def test_rule_begins_on_the_day_of_its_article(sector: str, code: str, first: str, kind: str) -> None:
    day = date.fromisoformat(first)
    assert code in {r.code for r in BOOK.rows_on(sector, kind, day)}
    assert code not in {r.code for r in BOOK.rows_on(sector, kind, day - timedelta(days=1))}


def in_round_two(sector: str, changes: dict[str, Any], place: dict[str, Any]) -> Judged | Stopped:
    place = dict(place)
    place["loket_open_vanaf"] = date.fromisoformat(place.get("loket_open_vanaf", "2021-01-01"))
    place["optionele_velden"] = frozenset(place.get("optionele_velden", ["geboortedatum", "klantnummer"]))
    code, needed, seen = place.pop("gemeente", "0392"), place.pop("needed", False), place.pop("named", False)
    contract, other = place.pop("contract", False), place.pop("other", False)
    earlier = frozenset({(code, build.CONTRACT)} if contract else {("0344", build.CONTRACT)} if other else ())
    book = STRICT_BOOK if needed else BOOK
    signal = build.named(build.wire(changes, sector), code, earlier=UUID(int=1) if seen else None)
    return book.judge_context(signal, build.register(gemeenten=(build.desk(**place),)), earlier)


@pytest.mark.parametrize(("sector", "changes", "place", "expected"), FLAT_CONTEXT, ids=[f"{n}-{c[0]}" for n, c in enumerate(FLAT_CONTEXT)])
def test_municipality_and_history_give_the_verdict(sector: str, changes: dict[str, Any], place: dict[str, Any], expected: set[str]) -> None:
    status, findings = build.outcome(in_round_two(sector, changes, place))
    assert findings == expected
    assert status == ("geweigerd" if any(f.endswith("!") for f in expected) else "verder")


def test_amount_of_nothing_is_refused_should_the_schema_ever_let_it_pass() -> None:
    signal = build.fresh(build.wire())
    nothing = msgspec.structs.replace(signal.parsed.signaal.achterstand, bedrag_cent=0)
    changed = msgspec.structs.replace(signal.parsed.signaal, achterstand=nothing)
    again = msgspec.structs.replace(signal, parsed=msgspec.structs.replace(signal.parsed, signaal=changed))
    assert build.outcome(BOOK.judge(again, build.register())) == ("geweigerd", {"VS-15 BEDRAG_TE_LAAG!"})


def test_finding_under_the_norm_says_what_is_missing() -> None:
    efforts = {"inspanning.contacten": [], "inspanning.herinneringen": ["2026-11-10"], "inspanning.kostenInRekeningOp": "2026-11-09"}
    result = in_round_two("huur", efforts, {})
    assert [f.melding.removeprefix("Onder de afgesproken norm: ") for f in result.findings] == [  # type: ignore[union-attr]
        "1 pogingen tot contact (herinneringen meegeteld); de norm is 2.",
        "1 kanalen gebruikt; de norm is 2.",
        "de eerste poging ligt 10 dagen voor het signaal; de norm is 14.",
        "er zijn kosten in rekening gebracht op 2026-11-09, voor of op de dag van de eerste poging (2026-11-10).",
    ]


@pytest.mark.parametrize(
    ("sector", "changes", "first"),
    [
        ("huur", {}, False),
        ("huur", {"crisis": {"soort": "ontruiming"}}, True),
        ("gas", {"soort": "eindelevering"}, True),
        ("gas", {"inspanning.herinneringen": []}, False),
    ],
)
def test_threat_and_late_order_go_first(sector: str, changes: dict[str, Any], first: bool) -> None:
    result = in_round_two(sector, changes, {})
    assert isinstance(result, Judged)
    assert result.first is first


def test_late_notice_goes_first() -> None:
    signal = build.wire({"soort": "eindelevering", "crisis": {"soort": "eindelevering", "beoogdeDatum": "2026-11-25"}}, "gas")
    first = BOOK.judge(build.fresh(signal), build.register())
    result = BOOK.judge_context(build.named(build.wire({"soort": "eindelevering"}, "gas"), findings=first.findings), build.register())  # type: ignore[union-attr]
    assert isinstance(result, Judged)
    assert result.first


def test_tables_are_large_enough() -> None:
    count = len(FLAT) + len(FLAT_EXPERIMENTS) + len(FLAT_CONTEXT)
    print(f"{count} cases")  # noqa: T201 - the figure is the point
    assert count >= 300


@pytest.mark.parametrize("sector", build.LEGAL)
def test_sector_that_is_not_the_creditors_is_refused(sector: str) -> None:
    assert judged({}, sector, sectoren=frozenset()) == ("geweigerd", {"VS-01 SECTOR_NIET_GEREGISTREERD!"})


def test_creditor_that_is_not_registered_is_refused() -> None:
    nobody = build.register(build.creditor(oin="00000099000000002000"))
    status, findings = build.outcome(BOOK.judge(build.fresh(build.wire()), nobody))
    assert status == "geweigerd"
    assert "VS-01 SECTOR_NIET_GEREGISTREERD!" in findings


OLD = {
    "achterstand.ontstaansdatum": "2020-01-01",
    "personen.0.geboortedatum": build.DROP,
    "inspanning.contacten.0.datum": "2020-02-01",
    "inspanning.herinneringen": ["2020-02-01", "2020-03-01", "2020-04-01"],
    "inspanning.gewezenOpSchuldhulp": "2020-02-01",
    "inspanning.gegevensdelingAangeboden.datum": "2020-02-01",
}


@pytest.mark.parametrize(
    ("received", "day", "expected"),
    [
        ("2026-11-22", "2024-11-22", set()),
        ("2026-11-22", "2024-11-21", {"VS-20 DATUM_TE_OUD!"}),
        ("2024-02-29", "2022-02-28", set()),
        ("2024-02-29", "2022-02-27", {"VS-20 DATUM_TE_OUD!"}),
        ("2026-01-31", "2024-01-31", set()),
        ("2022-11-22", "2021-01-01", set()),
        ("2022-11-22", "2020-12-31", {"VS-01 SECTOR_NIET_AANGEWEZEN!"}),
        ("2026-11-22", "0001-01-01", {"VS-01 SECTOR_NIET_AANGEWEZEN!"}),
    ],
)
def test_date_of_the_signal_decides_what_holds(received: str, day: str, expected: set[str]) -> None:
    at = datetime.fromisoformat(f"{received}T12:00:00").replace(tzinfo=UTC)
    assert judged({**OLD, "signaaldatum": day}, received=at)[1] == expected


def test_day_of_receipt_is_the_dutch_day() -> None:
    evening = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert judged({"signaaldatum": "2026-11-23"}, received=evening)[0] == "verder"
    assert judged({"signaaldatum": "2026-11-23"}, received=evening.replace(hour=22))[0] == "geweigerd"


@pytest.mark.parametrize(("day", "article"), [("2025-12-31", "stcrt-2022-28723"), ("2026-01-01", "Energieregeling")])
def test_energy_contact_is_judged_by_the_text_of_its_day(day: str, article: str) -> None:
    signal = build.wire({**OLD, "signaaldatum": day, "inspanning.contacten": []}, "gas")
    result = BOOK.judge(build.fresh(signal), build.register())
    (finding,) = result.outcome.findings  # type: ignore[union-attr]
    assert finding.artikel is not None
    assert article in finding.artikel


def test_municipal_tax_names_the_experiment_before_its_repeal() -> None:
    changes = {**OLD, "signaaldatum": "2025-05-14"}
    assert judged(changes, "gemeentelijke_belastingen")[1] == {"VS-02 EXPERIMENT_NIET_ACTIEF!"}
    changes["signaaldatum"] = "2025-05-15"
    assert judged(changes, "gemeentelijke_belastingen")[1] == {"VS-03 SECTOR_NIET_AANGEWEZEN!"}


@pytest.mark.parametrize(
    ("rule", "changes"), [("VS-12", {"inspanning.klantrelatieActief": False}), ("VS-13", {"inspanning.betalingsregeling": "lopend"})]
)
def test_convention_refuses_only_on_the_creditors_instruction(rule: str, changes: dict[str, Any]) -> None:
    assert judged(changes)[0] == "verder"
    assert judged(changes, instructies=frozenset({rule}))[0] == "geweigerd"
    assert judged(changes, instructies=frozenset({"VS-14"}))[0] == "verder"


@pytest.mark.parametrize("field", ["kenmerk", "klantnummer", "contractkenmerk"])
def test_registered_number_format_is_accepted_for_that_field_only(field: str) -> None:
    assert judged({field: build.BSN}, nummerformaten=frozenset({field}))[0] == "verder"
    assert judged({field: build.BSN}, nummerformaten=frozenset({"kenmerk", "klantnummer", "contractkenmerk"} - {field}))[0] == "geweigerd"
    assert judged({"personen.0.achternaam": build.BSN}, nummerformaten=frozenset({field}))[0] == "geweigerd"


@pytest.mark.parametrize("changes", [{name: date(2026, 11, 20)} for name in ("getekend_op", "geldig_van", "geldig_tot")])
def test_declaration_that_was_signed_and_begins_and_ends_on_the_day_covers_it(changes: dict[str, Any]) -> None:
    signal = build.fresh(build.wire({"inspanning": {"wijze": "verklaring", "verklaring": "V-1"}}))
    assert build.outcome(BOOK.judge(signal, build.register(verklaringen=(build.declaration(**changes),))))[0] == "verder"


@pytest.mark.parametrize(
    "changes",
    [{"sector": "gas"}, {"geldig_tot": date(2026, 11, 19)}, {"geldig_van": date(2026, 11, 21)}, {"getekend_op": date(2026, 11, 21)}],
)
def test_declaration_must_cover_sector_and_day(changes: dict[str, Any]) -> None:
    signal = build.fresh(build.wire({"inspanning": {"wijze": "verklaring", "verklaring": "V-1"}}))
    good, bad = build.declaration(), build.declaration(**changes)
    assert build.outcome(BOOK.judge(signal, build.register(verklaringen=(good,))))[0] == "verder"
    assert build.outcome(BOOK.judge(signal, build.register(verklaringen=(bad,)))) == ("geweigerd", {"VS-04 VERKLARING_GELDT_NIET!"})


def test_refusal_keeps_kenmerk_pointer_article_and_values_but_no_person() -> None:
    changes = {"personen.0.achternaam": f"Canarius {build.BSN}", "inspanning.herinneringen": [], "signaaldatum": "2026-11-23"}
    result = BOOK.judge(build.fresh(build.wire(changes), nr=7), build.register())
    outcome = result.outcome  # type: ignore[union-attr]
    by_code = {f.code: f for f in outcome.findings}
    assert (result.nr, outcome.status, outcome.kenmerk) == (7, "geweigerd", "K-2026-S000123")  # type: ignore[union-attr]
    assert by_code["BSN_NIET_TOEGESTAAN"].pointer == "/personen/0/achternaam"
    assert "2026-11-23" in by_code["DATUM_IN_TOEKOMST"].melding
    assert "0 schriftelijke herinneringen" in by_code["GEEN_HERINNERING"].melding
    assert "Canarius" not in repr(outcome)
    assert build.BSN not in repr(outcome)


# --- the second round ---------------------------------------------------------------------------------------------------------


def in_context(needed: bool = False, changes: dict[str, Any] | None = None, **municipality: Any) -> tuple[str, set[str]]:
    book = Rulebook.load(lambda row: needed)
    return build.outcome(book.judge_context(build.named(build.wire(changes)), build.register(gemeenten=(build.desk(**municipality),))))


def test_open_desk_needs_no_agreement_for_a_statutory_duty() -> None:
    assert in_context() == ("verder", set())
    assert in_context(loket_open_vanaf=date(2026, 11, 20)) == ("verder", set())


def test_desk_not_open_on_the_day_refuses() -> None:
    assert in_context(loket_open_vanaf=date(2026, 11, 21)) == ("geweigerd", {"VS-21 LOKET_NIET_OPEN!"})
    assert in_context(gemeentecode="0363") == ("geweigerd", {"VS-21 LOKET_NIET_OPEN!"})


def test_agreement_counts_where_the_purpose_row_asks_for_it() -> None:
    assert in_context(needed=True) == ("geweigerd", {"VS-21 GEEN_OVEREENKOMST!"})
    book = Rulebook.load(lambda row: row == "WGS-3-1-b/huur/2021")
    for until, status in ((date(2026, 11, 20), "verder"), (date(2026, 11, 19), "geweigerd")):
        held = Overeenkomst(build.OIN, "0392", "huur", date(2026, 1, 1), until)
        assert build.outcome(book.judge_context(build.named(build.wire()), build.register(overeenkomsten=(held,))))[0] == status


def test_municipal_threshold_warns_and_never_drops() -> None:
    assert in_context(drempel_cent=45_013) == ("verder", {"VS-15 ONDER_DREMPEL_GEMEENTE"})
    assert in_context(drempel_cent=45_012) == ("verder", set())


def test_optional_field_that_is_switched_off_is_reported() -> None:
    off: dict[str, Any] = {"optionele_velden": frozenset()}
    register = build.register(gemeenten=(build.desk(**off),))
    judged = BOOK.judge_context(build.named(build.wire()), register)
    assert {f.pointer for f in judged.findings} == {"/klantnummer", "/personen/0/geboortedatum"}  # type: ignore[union-attr]
    assert in_context(changes={"klantnummer": build.DROP, "personen.0.geboortedatum": build.DROP}, **off) == ("verder", set())


def test_findings_of_the_first_round_are_kept_in_the_second() -> None:
    first = BOOK.judge(build.fresh(build.wire({"inspanning.klantrelatieActief": False})), build.register())
    second = BOOK.judge_context(build.named(build.wire(), findings=first.findings), build.register())  # type: ignore[union-attr]
    assert build.outcome(second) == ("verder", {"VS-12 GEEN_KLANT_MEER"})
    assert build.outcome(BOOK.judge_context(build.named(build.wire(), "0363", findings=first.findings), build.register()))[1] == {  # type: ignore[union-attr]
        "VS-12 GEEN_KLANT_MEER",
        "VS-21 LOKET_NIET_OPEN!",
    }
