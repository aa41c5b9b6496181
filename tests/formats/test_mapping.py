"""A row of cells becomes the value of a record: what is filled, what is left out, what is derived, and what refuses it."""

from datetime import date
from typing import Any

import pytest

from adapters.formats import profile
from adapters.formats.conversions import Cell, Rekenfout
from adapters.formats.mapping import Mapping, Translated
from tests.formats.test_profile import CSV

DAY = date(2026, 11, 1)
FORM = '[bestand]\ndatum = "jjjjmmdd"\n'
KENMERK = '[[velden]]\nnaar = "/kenmerk"\nuit = "K"\n'


def row(lines: str, /, **cells: Cell) -> Translated | None:
    mapping = Mapping(profile.load((CSV + FORM + KENMERK + lines).encode()))
    return mapping.translate([cells.get(source, "") for source in mapping.sources], DAY)


def value(lines: str, /, **cells: Cell) -> dict[str, Any]:
    """The value of a row that translates, without what every row has."""
    found = row(lines, **{"K": "A-1", **cells})
    assert found is not None
    assert found.bevindingen == ()
    assert (found.soort, found.value.pop("kenmerk"), found.value.pop("soort")) == ("signaal", "A-1", "vroegsignaal")
    return found.value


def codes(lines: str, /, **cells: Cell) -> list[tuple[str, str | None, str]]:
    found = row(lines, **{"K": "A-1", **cells})
    assert found is not None
    return [(b.code, b.pointer, b.melding) for b in found.bevindingen]


def veld(naar: str, rest: str) -> str:
    return f'[[velden]]\nnaar = "{naar}"\n{rest}\n'


PHONES = veld("/contact/telefoonnummers/0", 'uit = "T0"') + veld("/contact/telefoonnummers/1", 'uit = "T1"')
SECOND = veld("/personen/0/achternaam", 'uit = "N"') + veld("/personen/1/rol", 'waarde = "medehuurder"\nals = {uit = "M", gevuld = true}')
SECOND += veld("/personen/1/achternaam", 'uit = "M"')


@pytest.mark.parametrize(
    ("lines", "cells", "expected"),
    [
        (veld("/klantnummer", 'uit = "B"'), {"B": "1"}, {"klantnummer": "1"}),
        (veld("/klantnummer", 'uit = "B"'), {}, {}),
        (veld("/klantnummer", 'uit = "B"\nstandaard = "0"'), {}, {"klantnummer": "0"}),
        (veld("/klantnummer", 'uit = "B"\nleeg = ["-", "n.v.t."]'), {"B": "n.v.t."}, {}),
        (veld("/klantnummer", 'waarde = "9"'), {}, {"klantnummer": "9"}),
        (veld("/klantnummer", 'samen = ["B", "C"]\nmet = "-"'), {"B": "1", "C": "2"}, {"klantnummer": "1-2"}),
        (veld("/klantnummer", 'samen = ["B", "C"]\nmet = "-"'), {"C": "2"}, {"klantnummer": "2"}),
        (veld("/klantnummer", 'samen = ["B", "C"]'), {}, {}),
        (veld("/warmeOverdracht", 'uit = "B"\nomzetting = "janee"'), {"B": "nee"}, {"warmeOverdracht": False}),
        (veld("/adres/huisnummer", 'uit = "B"\nomzetting = "getal"'), {"B": 0}, {"adres": {"huisnummer": 0}}),
        (PHONES, {"T1": "+31612345678"}, {"contact": {"telefoonnummers": ["+31612345678"]}}),
        (PHONES, {}, {}),
        (SECOND, {"N": "De Testpersoon"}, {"personen": [{"achternaam": "De Testpersoon"}]}),
        (SECOND, {"N": "A", "M": "B"}, {"personen": [{"achternaam": "A"}, {"rol": "medehuurder", "achternaam": "B"}]}),
        (veld("/klantnummer", 'uit = "B"\nals = {uit = "C", gelijk = ["x", "y"]}'), {"B": "1", "C": "y"}, {"klantnummer": "1"}),
        (veld("/klantnummer", 'uit = "B"\nals = {uit = "C", gelijk = ["x", "y"]}'), {"B": "1", "C": "z"}, {}),
        (veld("/klantnummer", 'uit = "B"\nals = {uit = "C", begintMet = ["x"]}'), {"B": "1", "C": "xyz"}, {"klantnummer": "1"}),
        (veld("/klantnummer", 'uit = "B"\nals = {uit = "C", gevuld = false}'), {"B": "1"}, {"klantnummer": "1"}),
        (veld("/klantnummer", 'uit = "B"\nals = {uit = "C", gelijk = ["12"]}'), {"B": "1", "C": 12}, {"klantnummer": "1"}),
        (veld("/klantnummer", 'uit = "B"\nals = {uit = "C", gevuld = true}'), {"B": "1", "C": Rekenfout("x")}, {}),
    ],
)  # fmt: skip
def test_row_gives_value(lines: str, cells: dict[str, Cell], expected: dict[str, Any]) -> None:
    assert value(lines, **cells) == expected


def test_required_cell_that_is_empty_is_told_with_its_column() -> None:
    lines = veld("/klantnummer", 'uit = "B"\nverplicht = true')
    assert codes(lines) == [("VELD_VERPLICHT", "/klantnummer", "Kolom 'B' is leeg; dit veld is verplicht.")]
    assert codes(lines, B="1") == []


def test_every_wrong_cell_of_a_row_is_told() -> None:
    lines = veld("/adres/postcode", 'uit = "B"\nomzetting = "postcode"') + veld("/signaaldatum", 'uit = "C"\nomzetting = "datum"')
    assert [(code, pointer) for code, pointer, _ in codes(lines, B="x", C="y")] == [
        ("VORM_ONJUIST", "/adres/postcode"), ("VORM_ONJUIST", "/signaaldatum"),
    ]  # fmt: skip


def test_finding_never_repeats_the_cell() -> None:
    told = codes(veld("/adres/postcode", 'uit = "B"\nomzetting = "postcode"'), B="Jansen-Testpersoon")
    assert "Testpersoon" not in str(told)


def test_rows_that_the_profile_skips_and_empty_rows_are_no_records() -> None:
    lines = '[[overslaan]]\nuit = "K"\nbegintMet = ["Totaal"]\n' + veld("/klantnummer", 'uit = "B"')
    assert row(lines, K="Totaal 12", B="1") is None
    assert row(lines) is None
    assert row(lines, K="1") is not None


KINDS = '[soort]\nuit = "M"\ncodes = {N = "vroegsignaal", W = "actualisering", E = "eindelevering", V = "intrekking"}\n' + veld(
    "/reden", 'uit = "R"\nomzetting = "waardelijst"\nlijst = {1 = "betaald"}'
)
EARLIER = veld("/eerderKenmerk", 'uit = "X"')


@pytest.mark.parametrize(
    ("code", "soort", "expected"),
    [
        ("N", "signaal", {"kenmerk": "1", "klantnummer": "2", "soort": "vroegsignaal"}),
        ("W", "signaal", {"kenmerk": "1", "klantnummer": "2", "soort": "actualisering"}),
        ("E", "signaal", {"kenmerk": "1", "klantnummer": "2", "soort": "eindelevering"}),
        ("V", "intrekking", {"kenmerk": "1", "reden": "betaald"}),
    ],
)
def test_column_says_what_a_row_is(code: str, soort: str, expected: dict[str, Any]) -> None:
    assert row(KINDS + EARLIER + veld("/klantnummer", 'uit = "B"'), K="1", B="2", M=code, R="1") == (soort, expected, ())


def test_kind_that_the_profile_does_not_know_is_refused() -> None:
    assert [code for code, _, _ in codes(KINDS + EARLIER, M="X")] == ["WAARDE_ONBEKEND"]
    assert [code for code, _, _ in codes(KINDS + EARLIER, M="")] == ["WAARDE_ONBEKEND"]


STEPS = """[bewijs]
uit = "F"
zonder = ["0"]
[[bewijs.stappen]]
codes = ["1", "2"]
lid = "herinneringen"
datum = "H"
[[bewijs.stappen]]
codes = ["2"]
lid = "herinneringen"
datum = "I"
[[bewijs.stappen]]
codes = ["2"]
lid = "contacten"
datum = "B"
kanaal = "telefoon"
initiatief = "schuldeiser"
bereikt = true
[[bewijs.stappen]]
codes = ["2"]
lid = "gegevensdelingAangeboden"
datum = "H"
reactie = "akkoord"
[[bewijs.stappen]]
codes = ["2"]
lid = "aanmaningOp"
datum = "H"
[[bewijs.stappen]]
codes = ["2"]
lid = "aanmaningOp"
datum = "I"
"""


def test_dunning_code_gives_the_steps_with_the_days_of_the_record() -> None:
    days: dict[str, Cell] = {"H": "20260901", "I": "20260915", "B": date(2026, 9, 20)}
    assert value(STEPS, F="0", **days) == {"inspanning": {"wijze": "gegevens"}}
    assert value(STEPS, F="1", **days) == {"inspanning": {"wijze": "gegevens", "herinneringen": ["2026-09-01"]}}
    assert value(STEPS, F=2, **days) == {
        "inspanning": {
            "wijze": "gegevens",
            "herinneringen": ["2026-09-01", "2026-09-15"],
            "contacten": [{"kanaal": "telefoon", "datum": "2026-09-20", "initiatief": "schuldeiser", "bereikt": True}],
            "gegevensdelingAangeboden": {"datum": "2026-09-01", "reactie": "akkoord"},
            "aanmaningOp": "2026-09-01",
        }
    }


def test_step_without_its_day_is_refused_and_no_day_is_made() -> None:
    """The control of this is the test above: with its day the same step is there."""
    found = row(STEPS, K="1", F="1")
    assert found is not None
    assert found.value["inspanning"] == {"wijze": "gegevens"}
    assert [(b.code, b.pointer) for b in found.bevindingen] == [("VELD_VERPLICHT", "/inspanning/herinneringen")]
    assert [code for code, _, _ in codes(STEPS, F="1", H="20260231")] == ["VORM_ONJUIST"]


@pytest.mark.parametrize("code", ["3", "", "Jansen"])
def test_code_that_the_profile_does_not_know_is_refused(code: str) -> None:
    assert [(found, pointer) for found, pointer, _ in codes(STEPS, F=code)] == [("WAARDE_ONBEKEND", "/inspanning")]


def test_declaration_stands_beside_what_fields_fill() -> None:
    lines = '[bewijs]\nverklaring = "SIV-2026"\n' + veld("/inspanning/betalingsregeling", 'waarde = "geen"')
    assert value(lines) == {"inspanning": {"betalingsregeling": "geen", "wijze": "verklaring", "verklaring": "SIV-2026"}}


def derived(lines: str, **cells: Cell) -> Translated:
    mapping = Mapping(profile.load((CSV + FORM + "[kenmerk]\n" + lines + veld("/klantnummer", 'uit = "Z"')).encode()))
    found = mapping.translate([{"Z": "z", **cells}.get(source, "") for source in mapping.sources])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("lines", "cells", "expected"),
    [
        ('contract = ["C"]\n', {"C": "55120"}, "55120"),
        ('contract = ["C"]\nvoorvoegsel = "H-"\n', {"C": 55120}, "H-55120"),
        ('contract = ["C", "D"]\n', {"C": "55120", "D": "2"}, "55120-2"),
        ('contract = ["C"]\nperiode = "P"\n', {"C": "55120", "P": "20260913"}, "55120-2026-09"),
        ('contract = ["C"]\nperiode = "P"\n', {"C": "55120", "P": date(2026, 9, 30)}, "55120-2026-09"),
        ('contract = ["C"]\n', {"C": "C 55.120/é"}, "C-55.120/-"),
    ],
)
def test_kenmerk_is_made_of_contract_and_month(lines: str, cells: dict[str, Cell], expected: str) -> None:
    assert derived(lines, **cells).value["kenmerk"] == expected


@pytest.mark.parametrize("cells", [{}, {"C": "1"}, {"P": "20260901"}, {"C": "1", "P": "september"}])
def test_kenmerk_without_its_parts_is_refused(cells: dict[str, Cell]) -> None:
    found = derived('contract = ["C"]\nperiode = "P"\n', **cells)
    assert "kenmerk" not in found.value
    assert {b.pointer for b in found.bevindingen} == {"/kenmerk"}


MADE = 'contract = ["C"]\nperiode = "P"\nwijziging = "D"\n' + KINDS
CELLS: dict[str, Cell] = {"C": "7", "P": "20260901", "D": "20261120", "R": "1"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("N", {"kenmerk": "7-2026-09", "soort": "vroegsignaal", "klantnummer": "z"}),
        ("W", {"kenmerk": "7-2026-09:w20261120", "eerderKenmerk": "7-2026-09", "soort": "actualisering", "klantnummer": "z"}),
        ("E", {"kenmerk": "7-2026-09:w20261120", "eerderKenmerk": "7-2026-09", "soort": "eindelevering", "klantnummer": "z"}),
        ("V", {"kenmerk": "7-2026-09", "reden": "betaald"}),
    ],
)
def test_update_has_a_kenmerk_of_its_own_and_names_that_of_its_signal(code: str, expected: dict[str, Any]) -> None:
    found = derived(MADE, **{**CELLS, "M": code})
    assert (found.value, found.bevindingen) == (expected, ())


@pytest.mark.parametrize(("day", "code"), [("", "VELD_VERPLICHT"), ("20 november", "VORM_ONJUIST")])
def test_update_without_its_day_is_refused(day: str, code: str) -> None:
    found = derived(MADE, **{**CELLS, "M": "W", "D": day})
    assert [(b.code, b.pointer) for b in found.bevindingen] == [(code, "/kenmerk")]
    assert not {"kenmerk", "eerderKenmerk"} & found.value.keys()


def test_update_without_its_contract_is_refused_once() -> None:
    assert [b.pointer for b in derived(MADE, **{**CELLS, "M": "W", "C": ""}).bevindingen] == ["/kenmerk"]


@pytest.mark.parametrize(("toev", "letter", "rest"), [("A-2", "A", "2"), ("hs", None, "hs"), ("B", "B", None), ("2", None, "2")])
def test_number_apart_and_letter_with_addition_together(toev: str, letter: str | None, rest: str | None) -> None:
    """The way that the guide and the finding name; on the column alone nothing is guessed and nothing is lost in silence."""
    both = veld("/adres/huisletter", 'samen = ["H", "T"]\nomzetting = "huisletter"')
    both += veld("/adres/toevoeging", 'samen = ["H", "T"]\nomzetting = "toevoeging"')
    parts = {"huisletter": letter, "toevoeging": rest}
    assert value(both, H="12", T=toev) == {"adres": {name: part for name, part in parts.items() if part}}
    alone = veld("/adres/toevoeging", 'uit = "T"\nomzetting = "toevoeging"')
    assert [code for code, _, melding in codes(alone, T="hs") if "samen" in melding] == ["VORM_ONJUIST"]


def test_day_of_the_stand_is_a_source() -> None:
    head = '[kop]\nsoort = "stand"\nsector = "huur"\nhandelsnaam = "W"\npeildatum = {bestandsnaam = "s_{jjjjmmdd}"}\n'
    lines = head + veld("/signaaldatum", 'uit = "*peildatum"\nomzetting = "datum"')
    found = row(lines, K="1")
    assert found is not None
    assert found.value["signaaldatum"] == "2026-11-01"
