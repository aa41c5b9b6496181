"""Nine-digit numbers that pass the eleven-test, wherever a creditor could write one.

Authority: Wgs art. 8c (the BSN is the municipality's), UAVG art. 46; rule VS-09. Found also inside longer text, in any form of
digit that Unicode folds to one (NFKC), after leading zeros, and written with up to six separators between digits; in a name, where
no number belongs, any nine digits in a row count whatever stands between them, and so do house number and addition together. One
in eleven ordinary numbers passes, so a number of a registered format is accepted (`Deelnemer.nummerformaten`). A Dutch subscriber
number in E.164 form has nine digits too and cannot be told apart: it is left alone. Leaves how often that may happen in a field of a
registered format to `gateway.mailbox.numberwatch`. What is written in words, or spread over fields, is not found (`docs/trust-model.md`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from stdnum.nl import bsn

from schemas.signaal import Signaal
from schemas.types import Nummerveld

CODE = "BSN_NIET_TOEGESTAAN"
MELDING = "Hier staat een getal van negen cijfers dat aan de elfproef voldoet; laat het weg, of laat het nummerformaat registreren."
# A run of exactly nine digits, leading zeros and up to six separators aside, so that "2026-000123" is read as a whole.
_SEPARATED = r"[\W_]{0,6}"
_NINE = re.compile(rf"(?<!\d)(?:0{_SEPARATED})*(\d(?:{_SEPARATED}\d){{8}})(?!\d)")
# What such a run begins with; cheap to look for, and most texts have none.
_BEGIN = re.compile(r"\d[^A-Za-z]{7}")
_ROW = re.compile(r"(?<!\d)\d{9}(?!\d)")
_DIGIT = re.compile(r"\d")
_JOINT = "x"  # a letter never joins two numbers
Field = tuple[Nummerveld, str, str]
"""A number field by the name of its format, a JSON pointer to it, and what stands there."""


def passes(text: str) -> bool:
    """Whether `text` holds a nine-digit number that passes the eleven-test."""
    folded = _folded(text)
    return _BEGIN.search(folded) is not None and any(bsn.is_valid(_digits(match[1])) for match in _NINE.finditer(folded))


def bare(text: str) -> bool:
    """Whether nine digits in a row, nothing between them and no more beside them, pass: how a system writes a BSN."""
    folded = _folded(text)
    return len(folded) > 8 and any(bsn.is_valid(_digits(found)) for found in _ROW.findall(folded))


def weighed(fields: Iterable[Field]) -> dict[Nummerveld, dict[str, bool]]:
    """What holds a nine-digit number, by field and pointer: whether it passes."""
    found: dict[Nummerveld, dict[str, bool]] = {}
    for veld, pointer, text in fields:
        folded = _folded(text)
        if _BEGIN.search(folded) and (numbers := [_digits(match[1]) for match in _NINE.finditer(folded)]):
            found.setdefault(veld, {})[pointer] = any(map(bsn.is_valid, numbers))
    return found


def registered(s: Signaal, formats: frozenset[str]) -> list[Field]:
    """What stands in number fields of a registered format."""
    return [field for field in _numbers(s) if field[0] in formats]


def named(text: str) -> bool:
    """The same for a name: any nine digits in a row, whatever stands between them."""
    digits = _digits(_folded(text))
    return any(bsn.is_valid(digits[at : at + 9]) for at in range(len(digits) - 8))


def _folded(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _digits(text: str) -> str:
    return "".join(str(int(character)) for character in text if character.isdecimal())


def suspicious(signaal: Signaal, formats: frozenset[str]) -> tuple[str, ...]:
    """JSON pointers (relative to the record) of the fields that hold such a number, number fields of `formats` left out."""
    names = _names(signaal)
    texts = [*_free(signaal), *(text for _, text in _numbered(signaal, formats))]
    joined = _JOINT.join(texts)
    if not _DIGIT.search("".join(names)) and not passes(joined):
        return ()
    pointers = [*_free_pointers(signaal), *(pointer for pointer, _ in _numbered(signaal, formats))]
    found = [pointer for pointer, text in zip(pointers, texts, strict=True) if passes(text)]
    return (*(pointer for pointer, text in zip(_name_pointers(signaal), names, strict=True) if named(text)), *found)


def _names(s: Signaal) -> list[str]:
    """Where no number belongs, in the order of `_name_pointers`."""
    return [text for p in s.personen for text in (p.voorletters, p.voorvoegsel or "", p.achternaam)]


def _name_pointers(s: Signaal) -> Iterator[str]:
    for i in range(len(s.personen)):
        yield from (f"/personen/{i}/{field}" for field in ("voorletters", "voorvoegsel", "achternaam"))


def _free(s: Signaal) -> list[str]:
    """Every position that is not a number of the creditor's own, in the order of `_free_pointers`."""
    addition = s.adres.toevoeging or ""
    texts = [f"{addition}{_JOINT}{s.adres.huisnummer}{addition}", s.adres.woonplaats, s.handelsnaam]
    if s.contact:
        texts += s.contact.emailadressen or ()
        texts += map(foreign, s.contact.telefoonnummers or ())
    return texts


def _free_pointers(s: Signaal) -> Iterator[str]:
    yield from ("/adres/toevoeging", "/adres/woonplaats", "/handelsnaam")
    if s.contact:
        yield from (f"/contact/emailadressen/{i}" for i in range(len(s.contact.emailadressen or ())))
        yield from (f"/contact/telefoonnummers/{i}" for i in range(len(s.contact.telefoonnummers or ())))


def foreign(number: str) -> str:
    """What remains to be tested of an E.164 number: nothing when it can be a Dutch subscriber's."""
    if not number.startswith("+31"):
        return number
    national = number[3:].lstrip("0")
    return "" if len(national) == 9 and national[0] != "9" else national


def _numbered(s: Signaal, formats: frozenset[str]) -> list[tuple[str, str]]:
    return [(pointer, text) for veld, pointer, text in _numbers(s) if veld not in formats]


def _numbers(s: Signaal) -> list[Field]:
    found: list[Field] = [("kenmerk", "/kenmerk", s.kenmerk), ("kenmerk", "/eerderKenmerk", s.eerder_kenmerk or "")]
    found.append(("kenmerk", "/inspanning/verklaring", s.inspanning.verklaring or ""))
    if s.klantnummer:
        found.append(("klantnummer", "/klantnummer", s.klantnummer))
    if s.contractkenmerk:
        found.append(("contractkenmerk", "/contractkenmerk", s.contractkenmerk))
    return found
