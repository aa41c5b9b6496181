"""One signal as a form: from the fields that a person fills in to the record of `/schuldeiser/v1`, and from an error back to its field.

What is typed as people write it (06 numbers, `2011 ab`, `450,12`, `31-12-2026`) becomes what the wire wants; what cannot is handed on as
it is, so that the flow says what is wrong with it. Pure. Authority: contract, "the signal"; WCAG 2.2 3.3.1 and 3.3.3. Leaves every verdict
to the flow: nothing is judged here.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from gateway.console.forms import Fields, whole
from schemas.ontvangst import Bevinding

CONTACTS, REMINDERS, PEOPLE = range(1, 4), range(1, 5), ("", "-2")
ROLLEN: Final = {"huur": ("hoofdhuurder", "medehuurder"), "zorgverzekering": ("verzekeringnemer", "medecontractant")}
ANYBODY: Final = ("contractant", "medecontractant")
_EURO = re.compile(r"(?:€\s*)?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,9})(?:,([0-9]{1,2}|-))?")
_DAY = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})")
_FORM = frozenset({"VORM_ONJUIST", "TYPE_ONJUIST", "WAARDE_ONBEKEND", "TE_KORT", "TE_LAAG", "TE_HOOG"})
_SHAPES: Final = {
    "bedrag": "Vul een bedrag in euro's in, zoals 450,12.",
    "postcode": "Vul een postcode in zoals 2011AB.",
    "huisnummer": "Vul alleen het nummer in; huisletter en toevoeging staan ernaast.",
    "huisletter": "Vul één letter in.",
    "telefoon": "Vul een telefoonnummer in zoals 06 12345678.",
    "email": "Vul een e-mailadres in zoals naam@voorbeeld.nl.",
    "kenmerk": "Een kenmerk begint met een letter of cijfer en heeft hoogstens 64 letters, cijfers of . _ : / -",
}
_DATE, _CHOOSE = "Vul een datum in, zoals 31-12-2026.", "Kies een van de mogelijkheden."


class Filled(NamedTuple):
    """The record, and which field each pointer into it is about."""

    value: Mapping[str, Any]
    places: Mapping[str, str]


class _Form:
    """Collects what is filled in, and remembers where it came from."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self.places: dict[str, str] = {}

    def take(self, at: str, *pairs: tuple[str, str, Any]) -> dict[str, Any]:
        """Members of the object at a pointer: (member, field, value); an empty one is absent, and still has its place."""
        found = {}
        for member, field, value in pairs:
            self.places[f"{at}/{member}"] = field
            if value not in ("", None):
                found[member] = value
        return found

    def text(self, at: str, **members: str) -> dict[str, Any]:
        """Members that are taken as they were typed: member=field."""
        return self.take(at, *((member, field, self._fields.get(field, "")) for member, field in members.items()))

    def days(self, at: str, **members: str) -> dict[str, Any]:
        """Members that are dates: member=field."""
        return self.take(at, *((member, field, day(self._fields.get(field, ""))) for member, field in members.items()))


def read(fields: Fields) -> Filled:
    """The record that somebody filled in."""
    form, sector = _Form(fields), fields.get("sector", "")
    value: dict[str, Any] = {
        "kenmerk": fields.get("kenmerk") or fields.get("voorstel", ""),
        "soort": "actualisering" if fields.get("eerder") else "vroegsignaal",
        **form.text("", sector="sector", handelsnaam="handelsnaam", eerderKenmerk="eerder"),
        **form.text("", klantnummer="klantnummer", contractkenmerk="contractkenmerk"),
        **form.days("", signaaldatum="signaaldatum"),
        "achterstand": {
            **form.take("/achterstand", ("bedragCent", "bedrag", euros(fields.get("bedrag", "")))),
            **form.days("/achterstand", ontstaansdatum="ontstaan"),
            **form.text("/achterstand", vordering="vordering"),
        },
        "personen": _people(form, fields, ROLLEN.get(sector, ANYBODY)),
        "adres": _address(form, fields),
        "inspanning": _efforts(form, fields),
        **form.take("", ("contact", "telefoon", _contact(form, fields)), ("crisis", "crisis", _crisis(form, fields))),
    }
    form.places.update({"/kenmerk": "kenmerk", "/achterstand": "bedrag", "/personen": "achternaam", "/adres": "postcode"})
    return Filled(value, form.places)


def _people(form: _Form, fields: Fields, rollen: tuple[str, str]) -> list[dict[str, Any]]:
    people = []
    for nr, (rol, end) in enumerate(zip(rollen, PEOPLE, strict=True)):
        names = {name: name + end for name in ("voorletters", "voorvoegsel", "achternaam")}
        at = f"/personen/{nr}"
        person = {**form.text(at, **names), **form.days(at, geboortedatum=f"geboortedatum{end}")}
        if person or not nr:
            people.append({"rol": rol, **person})
    return people


def _address(form: _Form, fields: Fields) -> dict[str, Any]:
    postcode = fields.get("postcode", "").replace(" ", "").upper()
    return {
        **form.take("/adres", ("postcode", "postcode", postcode), ("huisnummer", "huisnummer", whole(fields.get("huisnummer", "")))),
        **form.text("/adres", huisletter="huisletter", toevoeging="toevoeging", woonplaats="woonplaats", gemeentecode="gemeentecode"),
    }


def _contact(form: _Form, fields: Fields) -> dict[str, Any] | None:
    form.places.update({"/contact/telefoonnummers": "telefoon", "/contact/emailadressen": "email"})
    phone, mail = telephone(fields.get("telefoon", "")), fields.get("email", "")
    return {**({"telefoonnummers": [phone]} if phone else {}), **({"emailadressen": [mail]} if mail else {})} or None


def _crisis(form: _Form, fields: Fields) -> dict[str, Any] | None:
    return {**form.text("/crisis", soort="crisis"), **form.days("/crisis", beoogdeDatum="crisisdatum")} or None


def _efforts(form: _Form, fields: Fields) -> dict[str, Any]:
    at = "/inspanning"
    form.places.update({f"{at}/contacten": "contact-1-datum", f"{at}/herinneringen": "herinnering-1", at: "contact-1-datum"})
    offer = f"{at}/gegevensdelingAangeboden"
    offered = {**form.days(offer, datum="aanbod"), **form.text(offer, reactie="reactie")}
    active = {"ja": True, "nee": False}.get(fields.get("klantrelatie", ""))
    return {
        "wijze": "verklaring" if fields.get("verklaring") else "gegevens",
        **form.text(at, verklaring="verklaring", betalingsregeling="regeling"),
        **form.days(at, gewezenOpSchuldhulp="schuldhulp", kostenInRekeningOp="kosten", aanmaningOp="aanmaning", geenUitstelOp="uitstel"),
        **form.take(at, ("gegevensdelingAangeboden", "aanbod", offered or None), ("klantrelatieActief", "klantrelatie", active)),
        **_rows("contacten", [_moment(form, fields, nr) for nr in CONTACTS if _has(fields, nr)]),
        **_rows("herinneringen", _reminders(form, fields)),
    }


def _has(fields: Fields, nr: int) -> bool:
    return any(fields.get(f"contact-{nr}-{part}") for part in ("kanaal", "datum"))


def _moment(form: _Form, fields: Fields, nr: int) -> dict[str, Any]:
    at = f"/inspanning/contacten/{sum(_has(fields, before) for before in CONTACTS if before < nr)}"
    reached = {"ja": True, "nee": False}.get(fields.get(f"contact-{nr}-bereikt", ""))
    return {
        **form.text(at, kanaal=f"contact-{nr}-kanaal", initiatief=f"contact-{nr}-initiatief"),
        **form.days(at, datum=f"contact-{nr}-datum"),
        **form.take(at, ("bereikt", f"contact-{nr}-bereikt", reached)),
    }


def _reminders(form: _Form, fields: Fields) -> list[str]:
    found: list[str] = []
    for nr in REMINDERS:
        if typed := fields.get(f"herinnering-{nr}"):
            form.places[f"/inspanning/herinneringen/{len(found)}"] = f"herinnering-{nr}"
            found.append(day(typed))
    return found


def _rows(member: str, found: list[Any]) -> dict[str, Any]:
    return {member: found} if found else {}


def errors(findings: Iterable[Bevinding], places: Mapping[str, str]) -> list[tuple[str, str]]:
    """(field, words) of every finding, with the rule and its article where there is one."""
    return [(field, _words(finding, field)) for finding in findings for field in [place(finding.pointer or "", places)]]


def place(pointer: str, places: Mapping[str, str]) -> str:
    """The field that an error is about: of its pointer, or of the nearest object around it; empty when it is about the whole."""
    while pointer:
        if pointer in places:
            return places[pointer]
        pointer = pointer.rpartition("/")[0]
    return ""


def _words(finding: Bevinding, field: str) -> str:
    if finding.code in _FORM:
        return _shape(field) or finding.melding
    source = ", ".join(part for part in (finding.regel and f"regel {finding.regel}", finding.artikel) if part)
    return f"{finding.melding} ({source})" if source else finding.melding


def _shape(field: str) -> str | None:
    if field in _SHAPES:
        return _SHAPES[field]
    if field.endswith("datum") or field.startswith(("herinnering", "geboortedatum")) or field in {"ontstaan", "schuldhulp", "aanbod"}:
        return _DATE
    return _CHOOSE if field.startswith("contact-") or field in {"reactie", "regeling", "crisis", "sector", "handelsnaam"} else None


def euros(text: str) -> int | str:
    """Euros as written here, in cents; what is no amount stays as it is."""
    found = _EURO.fullmatch(text)
    if found is None:
        return text
    cents = (found[2] or "").replace("-", "").ljust(2, "0")
    return int(found[1].replace(".", "")) * 100 + int(cents)


def day(text: str) -> str:
    """A date of the wire; one as written here is turned round, anything else stays as it is."""
    found = _DAY.fullmatch(text)
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text


def telephone(text: str) -> str:
    """E.164; a Dutch number may be written as people do."""
    bare = re.sub(r"[\s().-]", "", text)
    if bare.startswith("00"):
        return "+" + bare[2:]
    return "+31" + bare[1:] if bare.startswith("0") else bare


def today(value: date) -> dict[str, str]:
    """What stands in an empty form."""
    return {"signaaldatum": value.isoformat(), "klantrelatie": "ja"}
