"""Nine-digit numbers that pass the eleven-test, wherever a creditor could write one.

Authority: Wgs art. 8c (the BSN is the municipality's), UAVG art. 46; rule VS-09. Found also inside longer text, in other
scripts' digits, and written with up to three separators between digits. One in eleven ordinary numbers passes, so a number of
a registered format is accepted (`Deelnemer.nummerformaten`). A Dutch subscriber number in E.164 form has nine digits too and
cannot be told apart: it is left alone. Leaves counting shares per partner to the quality figures.
"""

import re
from collections.abc import Iterator

from stdnum.nl import bsn

from schemas.signaal import Signaal

# Starts at a digit that no digit precedes, so that "2026-000123" is read as a whole and not from its middle.
# It consumes one digit only, so that numbers that overlap are all found.
_NINE = re.compile(r"\d(?<!\d\d)(?=((?:[\W_]{0,3}\d){8})(?!\d))")
_JOINT = "x"  # a letter never joins two numbers


def passes(text: str) -> bool:
    """Whether `text` holds a nine-digit number that passes the eleven-test."""
    return any(bsn.is_valid("".join(str(int(c)) for c in match[0] + match[1] if c.isdecimal())) for match in _NINE.finditer(text))


def suspicious(signaal: Signaal, formats: frozenset[str]) -> tuple[str, ...]:
    """JSON pointers (relative to the record) of the fields that hold such a number, number fields of `formats` left out."""
    texts = [*_free(signaal), *(text for _, text in _numbered(signaal, formats))]
    if not _NINE.search(_JOINT.join(texts)):
        return ()
    pointers = [*_free_pointers(signaal), *(pointer for pointer, _ in _numbered(signaal, formats))]
    return tuple(pointer for pointer, text in zip(pointers, texts, strict=True) if passes(text))


def _free(s: Signaal) -> list[str]:
    """Every position that is not a number of the creditor's own, in the order of `_free_pointers`."""
    texts = [s.adres.toevoeging or "", s.adres.woonplaats, s.handelsnaam]
    for p in s.personen:
        texts += (p.voorletters, p.voorvoegsel or "", p.achternaam)
    if s.contact:
        texts += s.contact.emailadressen or ()
        texts += map(_foreign, s.contact.telefoonnummers or ())
    return texts


def _free_pointers(s: Signaal) -> Iterator[str]:
    yield from ("/adres/toevoeging", "/adres/woonplaats", "/handelsnaam")
    for i in range(len(s.personen)):
        yield from (f"/personen/{i}/{field}" for field in ("voorletters", "voorvoegsel", "achternaam"))
    if s.contact:
        yield from (f"/contact/emailadressen/{i}" for i in range(len(s.contact.emailadressen or ())))
        yield from (f"/contact/telefoonnummers/{i}" for i in range(len(s.contact.telefoonnummers or ())))


def _foreign(number: str) -> str:
    """What remains to be tested of an E.164 number: nothing when it can be a Dutch subscriber's."""
    if not number.startswith("+31"):
        return number
    national = number[3:].lstrip("0")
    return "" if len(national) == 9 and national[0] != "9" else national


def _numbered(s: Signaal, formats: frozenset[str]) -> list[tuple[str, str]]:
    found = []
    if "kenmerk" not in formats:
        found = [("/kenmerk", s.kenmerk), ("/eerderKenmerk", s.eerder_kenmerk or "")]
        found.append(("/inspanning/verklaring", s.inspanning.verklaring or ""))
    if s.klantnummer and "klantnummer" not in formats:
        found.append(("/klantnummer", s.klantnummer))
    if s.contractkenmerk and "contractkenmerk" not in formats:
        found.append(("/contractkenmerk", s.contractkenmerk))
    return found
