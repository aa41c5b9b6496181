"""Cell to wire value, as tables. What is uncertain is refused and never repaired."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats import conversions as c
from adapters.formats.conversions import Onjuist, Rekenfout

BROKEN = Rekenfout("een rekenfout van het blad")
NL, EN = c.bedrag(","), c.bedrag(".")
LONG, SHORT, COMPACT, TIMED = c.datum("dd-mm-jjjj"), c.datum("d/m/jjjj"), c.datum("jjjjmmdd"), c.datum("jjjj-mm-dd*")
GOOD: list[tuple[Any, Any, Any]] = [
    (c.tekst, "Jansen", "Jansen"),
    (c.tekst, 884412, "884412"),
    (c.tekst, 1.5, "1.5"),
    (c.tekst, date(2026, 9, 1), "2026-09-01"),
    (c.tekst, True, "ja"),
    (c.getal, "12", 12),
    (c.getal, "0012", 12),
    (c.getal, 12, 12),
    (NL, "450,12", 45012),
    (NL, "450", 45000),
    (NL, "450,5", 45050),
    (NL, "1.234,50", 123450),
    (NL, "1.234.567,00", 123456700),
    (NL, "€ 1.234,50", 123450),
    (NL, "EUR 12,00", 1200),
    (NL, "450,-", 45000),
    (NL, "450,--", 45000),
    (NL, "-12,50", -1250),
    (NL, "0,00", 0),
    (NL, 450.12, 45012),
    (NL, 450.11999999999995, 45012),
    (NL, 450, 45000),
    (EN, "1,234.50", 123450),
    (EN, "450.12", 45012),
    (LONG, "01-09-2026", "2026-09-01"),
    (LONG, date(2026, 9, 1), "2026-09-01"),
    (SHORT, "1/9/2026", "2026-09-01"),
    (SHORT, "29/02/2028", "2028-02-29"),
    (COMPACT, "20260901", "2026-09-01"),
    (COMPACT, 20260901, "2026-09-01"),
    (TIMED, "2026-09-01T00:00:00+02:00", "2026-09-01"),
    (TIMED, "2026-09-01", "2026-09-01"),
    (c.datum("*jjjj-mm-dd"), "Gemaakt op: 2026-09-01", "2026-09-01"),
    (c.datum(None), date(2026, 9, 1), "2026-09-01"),
    (c.postcode, "2011AB", "2011AB"),
    (c.postcode, "2011 ab", "2011AB"),
    (c.postcode, "2011  Ab", "2011AB"),
    (c.huisnummer, "12", 12),
    (c.huisnummer, 12, 12),
    (c.huisnummer, "12A-2", 12),
    (c.huisletter, "12", None),
    (c.huisletter, "12A", "A"),
    (c.huisletter, "12 a", "a"),
    (c.huisletter, "12A-2", "A"),
    (c.huisletter, "12A2", "A"),
    (c.huisletter, "12 A bis", "A"),
    (c.huisletter, "12 hs", None),
    (c.huisletter, "12-2", None),
    (c.toevoeging, "12", None),
    (c.toevoeging, "12A", None),
    (c.toevoeging, "12A-2", "2"),
    (c.toevoeging, "12A2", "2"),
    (c.toevoeging, "12 A bis", "bis"),
    (c.toevoeging, "12 hs", "hs"),
    (c.toevoeging, "12-2", "2"),
    (c.toevoeging, "12/2", "2"),
    (c.toevoeging, "12 2-hoog", "2-hoog"),
    (c.telefoon, "0612345678", "+31612345678"),
    (c.telefoon, "06-12345678", "+31612345678"),
    (c.telefoon, "06 12 34 56 78", "+31612345678"),
    (c.telefoon, "023-123 45 67", "+31231234567"),
    (c.telefoon, "(023) 1234567", "+31231234567"),
    (c.telefoon, "0031612345678", "+31612345678"),
    (c.telefoon, "0031 (0)6 12345678", "+31612345678"),
    (c.telefoon, "+31 6 12345678", "+31612345678"),
    (c.telefoon, "+31 (0)6-12345678", "+31612345678"),
    (c.telefoon, "+31 06 12345678", "+31612345678"),
    (c.telefoon, "+32 470 12 34 56", "+32470123456"),
    (c.janee, "Ja", True),
    (c.janee, "j", True),
    (c.janee, "1", True),
    (c.janee, 1, True),
    (c.janee, True, True),
    (c.janee, "WAAR", True),
    (c.janee, "n", False),
    (c.janee, "0", False),
    (c.janee, False, False),
    (c.waardelijst({"BET": "betaald"}), "BET", "betaald"),
    (c.waardelijst({"1": "geen"}), 1, "geen"),
]
BAD: list[tuple[Any, Any, str]] = [
    (c.tekst, BROKEN, "WAARDE_ONGELDIG"),
    (c.getal, "twaalf", "TYPE_ONJUIST"),
    (c.getal, "1.234", "TYPE_ONJUIST"),
    (c.getal, "-1", "TYPE_ONJUIST"),
    (c.getal, "١٢", "TYPE_ONJUIST"),
    (c.getal, 1.5, "TYPE_ONJUIST"),
    (c.getal, "9" * 16, "TYPE_ONJUIST"),
    (NL, "450.12", "VORM_ONJUIST"),
    (NL, "450,123", "VORM_ONJUIST"),
    (NL, "1.23,00", "VORM_ONJUIST"),
    (NL, "12 euro", "VORM_ONJUIST"),
    (NL, "1e3", "VORM_ONJUIST"),
    (NL, "", "VORM_ONJUIST"),
    (NL, 450.123, "VORM_ONJUIST"),
    (NL, 1e300, "VORM_ONJUIST"),
    (NL, float("nan"), "VORM_ONJUIST"),
    (NL, True, "VORM_ONJUIST"),
    (NL, BROKEN, "WAARDE_ONGELDIG"),
    (EN, "450,12", "VORM_ONJUIST"),
    (EN, "1,23", "VORM_ONJUIST"),
    (LONG, "1-9-2026", "VORM_ONJUIST"),
    (LONG, "01-09-26", "VORM_ONJUIST"),
    (LONG, "31-02-2026", "VORM_ONJUIST"),
    (LONG, "2026-09-01", "VORM_ONJUIST"),
    (LONG, "00-00-0000", "VORM_ONJUIST"),
    (LONG, "01-09-2026\n", "VORM_ONJUIST"),
    (c.datum(None), "2026-09-01", "VORM_ONJUIST"),
    (c.datum(None), 46266, "VORM_ONJUIST"),
    (c.postcode, "2011", "VORM_ONJUIST"),
    (c.postcode, "0011AB", "VORM_ONJUIST"),
    (c.postcode, "2011 ABC", "VORM_ONJUIST"),
    (c.huisnummer, "A12", "VORM_ONJUIST"),
    (c.huisnummer, "", "VORM_ONJUIST"),
    (c.huisletter, "A-2", "VORM_ONJUIST"),
    (c.toevoeging, "hs", "VORM_ONJUIST"),
    (c.telefoon, "612345678", "VORM_ONJUIST"),
    (c.telefoon, 612345678, "VORM_ONJUIST"),
    (c.telefoon, "999990342", "VORM_ONJUIST"),
    (c.telefoon, "06-1234567", "VORM_ONJUIST"),
    (c.telefoon, "onbekend", "VORM_ONJUIST"),
    (c.telefoon, "+31", "VORM_ONJUIST"),
    (c.telefoon, "06-12345678 of 9", "VORM_ONJUIST"),
    (c.janee, "misschien", "WAARDE_ONBEKEND"),
    (c.waardelijst({"BET": "betaald"}), "bet", "WAARDE_ONBEKEND"),
]


@pytest.mark.parametrize(("convert", "cell", "value"), GOOD)
def test_cell_converts(convert: Any, cell: Any, value: Any) -> None:
    found = convert(cell)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(("convert", "cell", "code"), BAD)
def test_cell_is_refused(convert: Any, cell: Any, code: str) -> None:
    with pytest.raises(Onjuist) as caught:
        convert(cell)
    assert caught.value.code == code
    assert len(str(cell)) < 4 or str(cell) not in caught.value.melding


@pytest.mark.parametrize("patroon", ["jjjj", "dd-mm", "dd-mm-jjjj-jjjj", "dd-dd-jjjj", "*", "mm/jjjj"])
def test_pattern_without_one_day_month_and_year_is_refused(patroon: str) -> None:
    with pytest.raises(ValueError, match=re.escape(patroon)):
        c.date_form(patroon)


@given(st.integers(0, 99_999_999))
def test_amount_in_every_spelling_is_the_same_cents(cents: int) -> None:
    euros, rest = divmod(cents, 100)
    grouped = f"{euros:,}".replace(",", ".")
    for text in (f"{euros},{rest:02d}", f"{grouped},{rest:02d}", f"€ {grouped},{rest:02d}"):
        assert NL(text) == cents
    assert EN(f"{euros:,}.{rest:02d}") == cents
    assert NL(cents / 100) == cents


@given(st.dates(), st.sampled_from(["dd-mm-jjjj", "jjjjmmdd", "jjjj/mm/dd*"]))
def test_day_comes_back(day: date, patroon: str) -> None:
    text = patroon.removesuffix("*").replace("jjjj", f"{day.year:04d}").replace("mm", f"{day.month:02d}").replace("dd", f"{day.day:02d}")
    assert c.datum(patroon)(text) == day.isoformat()


@given(st.text(max_size=20))
def test_no_text_breaks_a_conversion(text: str) -> None:
    """Whatever stands in a cell: a value or Onjuist, and never another error."""
    for convert in (c.tekst, c.getal, NL, EN, LONG, TIMED, c.postcode, c.huisnummer, c.huisletter, c.toevoeging, c.telefoon, c.janee):
        try:
            convert(text)
        except Onjuist:
            continue
