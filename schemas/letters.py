"""From opened messages to letters, and to a merge file that no spreadsheet can be tricked with: pure, the same at gateway and municipality.

Authority: `docs/contract.md`, merge file; OWASP, CSV injection. The texts that come with the product are plain Dutch (B1) and name no
creditor and no amount: somebody else may read them first. Leaves opening and the log to the caller.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from schemas.brieven import Brief, Brievenbestand, Kanaal, Tekst
from schemas.inbox import Veldgroep
from schemas.sealed import Identiteit
from schemas.signaal import Contact, Persoon

NEEDS: dict[Kanaal, tuple[Veldgroep, ...]] = {"brief": ("identiteit",), "mail": ("identiteit", "contact"), "sms": ("identiteit", "contact")}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a cell a formula in a spreadsheet, its full-width forms included (OWASP); blanks before it do not help."""
_COLUMNS: dict[Kanaal, tuple[str, ...]] = {
    "brief": ("zaaknummer", "naam", "huisnummer", "postcode", "woonplaats", "onderwerp", "tekst"),
    "mail": ("zaaknummer", "naam", "emailadres", "onderwerp", "tekst"),
    "sms": ("zaaknummer", "naam", "telefoonnummer", "tekst"),
}
STANDARD: dict[Kanaal, Tekst] = {
    "brief": Tekst(
        kanaal="brief",
        onderwerp="Wij denken graag met u mee",
        tekst="Beste {naam},\n\nHet kan iedereen gebeuren: een rekening betalen lukt even niet. De gemeente {gemeente} kan u helpen. "
        "Dat is gratis. U kiest zelf of u hulp wilt.\n\nBel ons of kom langs. Wij kijken samen wat u nodig hebt.\n\n"
        "Hebt u alles al geregeld? Dan hoeft u niets te doen.\n\nMet vriendelijke groet,\nGemeente {gemeente}",
    ),
    "mail": Tekst(
        kanaal="mail",
        onderwerp="Een bericht van uw gemeente",
        tekst="Beste {naam},\n\nDe gemeente {gemeente} wil graag met u praten. Wij kunnen u gratis helpen met uw geldzaken. "
        "U kiest zelf of u dat wilt.\n\nBel ons of kom langs. Hebt u geen hulp nodig? Dan hoeft u niets te doen.\n\nGemeente {gemeente}",
    ),
    "sms": Tekst(
        kanaal="sms",
        tekst="Beste {naam}, de gemeente {gemeente} wil u graag spreken. Wilt u ons bellen? U kiest zelf of u dat wilt.",
    ),
}


class Opened(NamedTuple):
    """A message with its opened groups and the case that it belongs to."""

    bericht: UUID
    zaaknummer: str
    identiteit: Identiteit
    contact: Contact | None


def compose(kanaal: Kanaal, text: Tekst, gemeente: str, messages: Iterable[Opened]) -> Brievenbestand:
    """One letter per case, from the first of its messages that has what the channel needs."""
    letters: dict[str, Brief] = {}
    without: list[tuple[str, UUID]] = []
    for message in messages:
        if message.zaaknummer in letters:
            continue
        letter = _letter(kanaal, text, gemeente, message)
        if letter is None:
            without.append((message.zaaknummer, message.bericht))
        else:
            letters[message.zaaknummer] = letter
    missing = [bericht for zaaknummer, bericht in without if zaaknummer not in letters]
    return Brievenbestand(kanaal=kanaal, brieven=list(letters.values()), zonder_contact=missing)


def as_csv(found: Brievenbestand) -> bytes:
    """Semicolons, quoted, UTF-8 with a BOM, CRLF: as spreadsheets in the Netherlands read it. A cell is never a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    columns = _COLUMNS[found.kanaal]
    writer.writerow(columns)
    for letter in found.brieven:
        writer.writerow([_cell(name, getattr(letter, name) or "") for name in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _letter(kanaal: Kanaal, text: Tekst, gemeente: str, message: Opened) -> Brief | None:
    name = " en ".join(_name(person) for person in message.identiteit.personen)
    values: Mapping[str, str] = {"naam": name, "gemeente": gemeente}
    common = {
        "zaaknummer": message.zaaknummer,
        "naam": name,
        "tekst": text.tekst.format_map(values),
        "onderwerp": text.onderwerp.format_map(values) if text.onderwerp else None,
    }
    adres, contact = message.identiteit.adres, message.contact
    if kanaal == "brief":
        number = f"{adres.huisnummer}{adres.huisletter or ''} {adres.toevoeging or ''}".strip()
        return Brief(**common, huisnummer=number, postcode=adres.postcode, woonplaats=adres.woonplaats)  # type: ignore[arg-type]
    found = (contact.emailadressen if kanaal == "mail" else contact.telefoonnummers) if contact else None
    if not found:
        return None
    return Brief(**common, **{"emailadres" if kanaal == "mail" else "telefoonnummer": found[0]})  # type: ignore[arg-type]


def _name(person: Persoon) -> str:
    return " ".join(part for part in (person.voorletters, person.voorvoegsel, person.achternaam) if part)


def _cell(column: str, value: str) -> str:
    if column == "telefoonnummer":
        return value.replace("+", "00", 1)
    return f"'{value}" if value.startswith(_FORMULA) or value.strip().startswith(_FORMULA) else value
