"""Verdicts on signals, from the article: the table of `cases`, boundary dates, instructions and the second round."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from gateway.partners.register import Overeenkomst
from gateway.rules.rulebook import Rulebook
from tests.rules import build
from tests.rules.cases import CASES

BOOK = Rulebook.load(lambda row: False)
FLAT = [(sector, changes, expected) for sectors, changes, expected in CASES for sector in sectors]


def judged(changes: dict[str, Any], sector: str = "huur", received: datetime = build.RECEIVED, **who: Any) -> tuple[str, set[str]]:
    register = build.register(build.creditor(**who), verklaringen=(build.declaration(),))
    return build.outcome(BOOK.judge(build.fresh(build.wire(changes, sector), received), register))


@pytest.mark.parametrize(("sector", "changes", "expected"), FLAT, ids=[f"{n}-{c[0]}" for n, c in enumerate(FLAT)])
def test_signal_gets_the_verdict_of_the_article(sector: str, changes: dict[str, Any], expected: set[str]) -> None:
    status, findings = judged(changes, sector)
    assert findings == expected
    assert status == ("geweigerd" if any(f.endswith("!") for f in expected) else "verder")


def test_table_is_large_enough() -> None:
    assert len(FLAT) >= 120


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
