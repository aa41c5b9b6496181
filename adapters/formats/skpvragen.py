"""Questions as CSV in the columns A to K of the Schuldenknooppunt.

Authority: `docs/schuldenknooppunt.md`, which says what is known of that format, what is ours (the order inside H, I and J, the sign between
numbers in K, the headings) and what it has no place for. Nothing in a cell can become a formula (`writing`). Leaves files to the caller.
"""

from collections.abc import Iterator
from typing import NamedTuple

from adapters.formats import writing
from schemas.saldobestand import OpenSaldoverzoek
from schemas.schuldenoverzicht import OverzichtPersoon, Saldovraag
from schemas.signaal import Adres

COLUMNS = (
    "ConversatieReferentienummer", "Referentienummer", "Schuldhulpverlener", "Contactpersoon", "KlantnummerSHV",
    "KlantnummerSEVolgensSHV", "TypeSchuldregeling", "Klant", "Partner", "Adres", "FactuurnummerSEVolgensSHV",
)  # fmt: skip
"""A to K; the headings of the portal are not public."""
BETWEEN = "|"
LARGEST = 4_000_000
"""Bytes of a file: the portal takes 4 MB."""


class Asker(NamedTuple):
    """The municipality as a creditor knows it."""

    naam: str
    contact: str | None


def head(sign: str) -> bytes:
    """The first line."""
    return _line(COLUMNS, sign)


def line(item: OpenSaldoverzoek, vraag: Saldovraag, asker: Asker, sign: str) -> bytes:
    """One question."""
    client, partner = vraag.personen[0], next((person for person in vraag.personen if person.rol == "partner"), None)
    return _line(
        (
            item.id,
            item.id,
            asker.naam,
            asker.contact,
            item.id,
            vraag.klantnummer,
            None,
            _person(client),
            _person(partner) if partner else None,
            _address(vraag.adres),
            BETWEEN.join(vraag.factuurnummers or ()),
        ),
        sign,
    )


def says_all(vraag: Saldovraag) -> bool:
    """Whether the columns say everything in this question: a number with the sign between numbers in it would be read as two."""
    between = any(BETWEEN in number for number in vraag.factuurnummers or ())
    return not (between or vraag.bsn or vraag.eerdere_adressen or vraag.meterstanden or vraag.machtiging)


def _person(person: OverzichtPersoon) -> str:
    return " ".join([*_given(person), person.achternaam]) + f", {person.geboortedatum:%d-%m-%Y}"


def _given(person: OverzichtPersoon) -> Iterator[str]:
    yield person.voorletters
    if person.voorvoegsel:
        yield person.voorvoegsel


def _address(place: Adres) -> str:
    number = " ".join(str(part) for part in (place.huisnummer, place.huisletter, place.toevoeging) if part is not None)
    return f"{place.postcode} {number}, {place.woonplaats}"


def _line(cells: tuple[object, ...], sign: str) -> bytes:
    return "".join(writing.lines([cells], sign)).encode()
