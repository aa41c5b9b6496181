"""Disguises of one number that passes the eleven-test (invented, from the test range), and what must not be mistaken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rules.numbers import named, passes

DISGUISED = ["999990342", "0999990342", "00 999990342", "9999.90.342", "999 990 342", "9-9-9-9-9-0-3-4-2", "x999990342y", "999990 -- 342"]


@pytest.mark.parametrize("text", [*DISGUISED, "⁹⁹⁹⁹⁹⁰³⁴²", "９９９９９０３４２", "٩٩٩٩٩٠٣٤٢", "a0999990342@example.nl"])
def test_disguised_number_is_found(text: str) -> None:
    assert passes(text)


@pytest.mark.parametrize("text", [*DISGUISED, "9x9y9z9x9a0b3c4d2", "1 999990342 1"])
def test_number_in_a_name_is_found_whatever_stands_between(text: str) -> None:
    assert named(text)


@pytest.mark.parametrize("text", ["999990343", "2026-000123", "12345678", "1234567890123", "", "Vries", "2e"])
def test_other_number_passes_by(text: str) -> None:
    assert not passes(text)


def test_letters_between_digits_join_nothing_outside_a_name() -> None:
    assert not passes("9x9y9z9x9a0b3c4d2")


_SEPARATORS = st.text(alphabet=" .-_/\t\u00a0\u2009\u2212()'", max_size=6)


@given(st.lists(_SEPARATORS, min_size=9, max_size=9), st.integers(0, 3), st.sampled_from(["", "x", "nr ", "é", "V-"]))
def test_any_separators_and_leading_zeros_hide_nothing(between: list[str], zeros: int, before: str) -> None:
    assert passes(before + "0" * zeros + "".join(f"{digit}{gap}" for digit, gap in zip("999990342", between, strict=True)))
