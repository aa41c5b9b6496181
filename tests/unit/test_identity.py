"""Canonical identity against its published vectors."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import schemas
from schemas import identity
from schemas.meldingen import BezwaarPersoon
from schemas.signaal import Adres, Persoon

VECTORS: dict[str, Any] = json.loads((Path(schemas.__file__).parent / "vectors" / "identity.json").read_text("utf-8"))
ADDITIONS = [(spelling, row["is"]) for row in VECTORS["toevoeging"] for spelling in row["spellingen"]]
SURNAMES = [(spelling, row["is"]) for row in VECTORS["achternaam"] for spelling in row["spellingen"]]
PERSON = {"rol": "hoofdhuurder", "voorletters": "J.", "achternaam": "de Vries"}
ADDRESS = {"postcode": "2011AB", "huisnummer": 12, "woonplaats": "Haarlem"}


def test_there_are_enough_spellings() -> None:
    assert len(ADDITIONS) >= 60


@pytest.mark.parametrize(("spelling", "expected"), ADDITIONS)
def test_an_addition_has_one_spelling(spelling: list[str | None], expected: str) -> None:
    assert identity.addition(spelling[0], spelling[1]) == expected


def test_each_vector_is_another_addition() -> None:
    assert len({row["is"] for row in VECTORS["toevoeging"]}) == len(VECTORS["toevoeging"])


@pytest.mark.parametrize(("spelling", "expected"), SURNAMES)
def test_a_surname_folds(spelling: str, expected: str) -> None:
    assert identity.surname(spelling) == expected


def test_canonical_bytes_equal_the_vectors() -> None:
    address, person, contract = (bytes.fromhex(row["hex"]) for row in VECTORS["canoniek"])
    assert identity.address(msgspec.convert({**ADDRESS, "huisletter": "a", "toevoeging": "II"}, Adres)) == address
    assert identity.person(msgspec.convert({**PERSON, "geboortedatum": "1985-03-07"}, Persoon)) == person
    assert identity.contract("00000099000000001000", "huur", "C-55120") == contract
    assert [identity.join(*row["velden"]) for row in VECTORS["canoniek"]] == [address, person, contract]


def test_a_person_without_a_birth_date_or_without_letters_is_nobody() -> None:
    assert identity.person(msgspec.convert(PERSON, Persoon)) is None
    assert identity.person(msgspec.convert({**PERSON, "achternaam": "-", "geboortedatum": "1985-03-07"}, Persoon)) is None


def test_every_surname_that_an_objection_may_have_is_somebody() -> None:
    taken = [c for c in map(chr, range(0x3000)) if not rejected(c)]
    assert {"a", "Z", "é", "ł", "ẞ"} <= set(taken)
    assert {"1", ".", "\u00d7", "\u00f7", "\u0391"} & set(taken) == set()
    assert [c for c in taken if not identity.surname(c)] == []
    assert [rejected(name) for name in ("...", "a\n", "'t Ä...")] == [True, True, False]


def rejected(achternaam: str) -> bool:
    """Whether the wire refuses an objection by somebody of this name."""
    try:
        msgspec.convert({"achternaam": achternaam, "geboortedatum": "1985-03-07"}, BezwaarPersoon)
    except msgspec.ValidationError:
        return True
    return False


def test_woonplaats_and_gemeentecode_do_not_change_an_address() -> None:
    plain = identity.address(msgspec.convert(ADDRESS, Adres))
    assert identity.address(msgspec.convert({**ADDRESS, "woonplaats": "HAARLEM", "gemeentecode": "0392"}, Adres)) == plain


def test_neighbours_are_not_one_address() -> None:
    changes: list[dict[str, object]] = [
        {}, {"huisnummer": 1, "toevoeging": "2"}, {"huisnummer": 122}, {"toevoeging": "2"}, {"toevoeging": "22"}, {"postcode": "2011AC"},
    ]  # fmt: skip
    made = [identity.address(msgspec.convert({**ADDRESS, **change}, Adres)) for change in changes]
    assert len(set(made)) == len(made)


@given(st.lists(st.text(max_size=8), max_size=5), st.lists(st.text(max_size=8), max_size=5))
def test_joined_fields_are_equal_only_when_the_fields_are(one: list[str], two: list[str]) -> None:
    assert (identity.join(*one) == identity.join(*two)) == (one == two)


def test_fields_joined_with_a_separator_would_be_confused() -> None:
    """The control of the test above."""
    assert "|".join(["a|b", "c"]) == "|".join(["a", "b|c"])


@given(st.text(max_size=10), st.sampled_from(["A", "b", None]))
def test_an_addition_is_stable_and_alphanumeric(toevoeging: str, huisletter: str | None) -> None:
    found = identity.addition(huisletter, toevoeging)
    assert all(c.isalnum() for c in found.replace("-", ""))
    assert not any(a == b == "-" for a, b in pairwise(found))


VARIANTS: list[dict[str, Any]] = json.loads((Path(schemas.__file__).parent / "vectors" / "adresvarianten.json").read_text("utf-8"))
SECTORS = ("huur", "elektriciteit", "gas", "drinkwater", "zorgverzekering", "warmte")


def test_there_are_enough_variants() -> None:
    assert len(VARIANTS) >= 40
    assert sum(len({tuple(row[sector]) for sector in SECTORS}) for row in VARIANTS) >= 200


@pytest.mark.parametrize("sector", SECTORS)
def test_each_sectors_way_of_writing_gives_one_identity(sector: str) -> None:
    """As it travels: every variant passes the wire's own limits."""
    for row in VARIANTS:
        letter, toevoeging = row[sector]
        adres = msgspec.convert({**ADDRESS, "huisletter": letter, "toevoeging": toevoeging}, Adres)
        assert identity.address(adres) == identity.join("adres", "2011AB", "12", row["is"]), row


def test_no_two_variants_are_one_address() -> None:
    assert len({row["is"] for row in VARIANTS}) == len(VARIANTS)


def test_electricity_and_gas_stand_under_one_contract_and_heat_under_another() -> None:
    made = {sector: identity.contract("00000099000000004000", sector, "E-1") for sector in SECTORS}
    assert made["elektriciteit"] == made["gas"]
    assert len(set(made.values())) == len(SECTORS) - 1
