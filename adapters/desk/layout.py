"""An outlet profile from its TOML text, what must agree with what in it, and what it cannot fill.

Authority: `schemas.uitlaat` for the form and for the places of a message, `docs/uitlaat.md`. The text is read as that of a mapping profile,
with every error at its line. Leaves making cells to `cells`, bytes to `writing`, and which field groups may travel to the caller.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from adapters.formats import profile, targets
from adapters.formats.conversions import date_form
from schemas import strict
from schemas.inbox import Veldgroep
from schemas.profiel import Patroon
from schemas.sealed import CONTENT
from schemas.strict import Fout
from schemas.uitlaat import Kolom, Omzetting, Uitlaatprofiel, Uitlaatrecord

CODE = "UITLAATPROFIEL_ONJUIST"
ID = "/id"
_ELEMENTS = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,79}(/[A-Za-z_][A-Za-z0-9._-]{0,79}){0,4}")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMOUNT = "/bedragCent"
_ALWAYS = frozenset(Uitlaatrecord.__struct_encode_fields__) - {
    "werkbak", "crisis", "warmeOverdracht", "voorrang", "inhaalslag", "eerderBericht", *CONTENT,
}  # fmt: skip
_SURE = frozenset(f"/identiteit/personen/0/{part}" for part in ("rol", "voorletters", "achternaam")) | {
    f"/identiteit/adres/{part}" for part in ("postcode", "huisnummer", "woonplaats")
}
"""Filled in every message whose group is there."""


def load(content: bytes) -> Uitlaatprofiel:
    """Read one outlet profile (UTF-8). Raises `adapters.formats.profile.Ongeldig`."""
    return profile.read(content, Uitlaatprofiel, check)


def needs(profiel: Uitlaatprofiel) -> frozenset[Veldgroep]:
    """The field groups that its columns take something from."""
    places = {place.split("/")[1] for kolom in profiel.kolommen for place in sources(kolom)}
    return frozenset(group for group in CONTENT if group in places)


def sources(kolom: Kolom) -> list[str]:
    """The places that a column is filled from."""
    return [kolom.uit] if kolom.uit else kolom.samen or []


def codec_of(profiel: Uitlaatprofiel) -> str:
    """What text is encoded with; the mark at the beginning of the file is not text."""
    codering = profiel.bestand.codering
    return "utf-8" if codering == "utf-8-bom" else codering


def foreign(text: str, profiel: Uitlaatprofiel) -> str | None:
    """What keeps a text from being written in this form, in Dutch; None when nothing does."""
    if profiel.formaat != "csv" and _NOT_XML.search(text):
        return f"een teken dat {profiel.formaat.upper()} niet heeft"
    codec = codec_of(profiel)
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return f"een teken dat {codec} niet heeft"
    return None


def gaps(profiel: Uitlaatprofiel, allowed: Iterable[Veldgroep]) -> Iterator[str]:
    """What the profile asks and can never get, in Dutch; `allowed` are the field groups that may travel."""
    for group in sorted(needs(profiel) - set(allowed)):
        columns = ", ".join(k.naam for k in profiel.kolommen if any(place.split("/")[1] == group for place in sources(k)))
        yield f"veldgroep {group} mag niet naar een loket reizen; haal weg: {columns}"
    for kolom in profiel.kolommen:
        absent = sorted(set(_values(kolom.uit or "")) - (kolom.lijst or {}).keys()) if kolom.lijst and kolom.standaard is None else []
        if absent:
            yield f"kolom {kolom.naam}: de lijst zegt niets van {', '.join(absent)}; zulke berichten blijven in de inbox"


def doubts(profiel: Uitlaatprofiel) -> Iterator[str]:
    """What the profile will not always get, in Dutch: a message without it stays in the inbox."""
    for kolom in profiel.kolommen:
        if kolom.verplicht and kolom.standaard is None and not any(_always(place) for place in sources(kolom)):
            yield f"kolom {kolom.naam}: verplicht, maar niet in elk bericht; een bericht zonder blijft in de inbox"


def check(profiel: Uitlaatprofiel) -> Iterator[Fout]:
    """Everything that is wrong with a profile of the right form."""
    yield from _form(profiel)
    names = [kolom.naam for kolom in profiel.kolommen]
    for nr, kolom in enumerate(profiel.kolommen):
        base = f"/kolommen/{nr}"
        if kolom.naam in names[:nr]:
            yield _wrong(f"{base}/naam", "Deze naam heeft een eerdere kolom al.")
        yield from _head(kolom, base, profiel)
        yield from _column(kolom, base, profiel)
    if profiel.formaat == "xml":
        yield from _nested(names)
    if not any(kolom.uit == ID and kolom.lijst is None and (kolom.lengte or 36) >= 36 for kolom in profiel.kolommen):
        yield _wrong("/kolommen", f'Een kolom met uit = "{ID}" ontbreekt: zonder kan het loket een intrekking niet thuisbrengen.')


def _form(profiel: Uitlaatprofiel) -> Iterator[Fout]:
    form, formaat = profiel.bestand, profiel.formaat
    if formaat == "xlsx" and form.codering != "utf-8":
        yield _wrong("/bestand/codering", "XLSX is altijd UTF-8; laat dit weg.")
    if formaat == "xml" and form.codering not in {"utf-8", "iso-8859-1"}:
        yield _wrong("/bestand/codering", "XML is utf-8 of iso-8859-1.")
    yield from _pattern(form.datum, "/bestand/datum")


def _head(kolom: Kolom, base: str, profiel: Uitlaatprofiel) -> Iterator[Fout]:
    if profiel.formaat == "xml":
        if not _ELEMENTS.fullmatch(kolom.naam):
            yield _wrong(f"{base}/naam", "In XML is een naam een element, of een pad zoals Klant/Naam.")
    elif profiel.bestand.kopregel and (sign := foreign(kolom.naam, profiel)):
        yield _wrong(f"{base}/naam", f"In deze naam staat {sign}.")


def _column(kolom: Kolom, base: str, profiel: Uitlaatprofiel) -> Iterator[Fout]:
    if sum(value is not None for value in (kolom.uit, kolom.samen, kolom.waarde)) != 1:
        yield _wrong(base, "Noem één van uit (een plek), samen (plekken) en waarde (vast).")
    for place in sources(kolom):
        if targets.inside(_schema(), place) is None:
            yield _wrong(f"{base}/uit", f"Een bericht heeft de plek {place} niet; lijsten tellen vanaf 0. Zie docs/uitlaat.md.")
        elif not _fits(kolom.omzetting, place):
            yield _wrong(f"{base}/omzetting", f"Deze omzetting past niet op {place}.")
    if kolom.omzetting != "tekst" and kolom.uit is None:
        yield _wrong(f"{base}/omzetting", "Een omzetting hoort bij één plek (uit).")
    if (kolom.lijst is not None) != (kolom.omzetting == "waardelijst"):
        yield _wrong(f"{base}/lijst", "Een lijst hoort bij omzetting waardelijst, en alleen daarbij.")
    for key in kolom.lijst or {}:
        if kolom.uit and (known := _values(kolom.uit)) and key not in known:
            yield _wrong(f"{base}/lijst/{key}", f"Op {kolom.uit} staat nooit {key!r}, wel: {', '.join(known)}.")
    if kolom.omzetting == "datum" and kolom.patroon is None and profiel.bestand.datum is None and profiel.formaat != "xlsx":
        yield _wrong(base, "Welke vorm heeft de datum? Noem een patroon, hier of voor het hele bestand: datum in [bestand].")
    yield from _pattern(kolom.patroon, f"{base}/patroon")


def _fits(omzetting: Omzetting, place: str) -> bool:
    if omzetting == "datum":
        return (targets.inside(_schema(), place) or {}).get("format") == "date"
    if omzetting == "bedrag":
        return place == _AMOUNT
    return omzetting != "telefoon" or place.startswith("/contact/telefoonnummers/")


def _nested(names: list[str]) -> Iterator[Fout]:
    """Elements inside one element stand together, and what holds elements holds no text."""
    ended = set[str]()
    for before, name in pairwise(["", *names]):
        ended |= _around(before) - _around(name)
        if _around(name) & (ended | set(names)):
            yield _wrong("/kolommen", f"Wat in {name.rpartition('/')[0]} staat, staat bij elkaar, en dat element heeft zelf geen tekst.")


def _around(name: str) -> set[str]:
    parts = name.split("/")
    return {"/".join(parts[:n]) for n in range(1, len(parts))}


def _pattern(patroon: Patroon | None, pointer: str) -> Iterator[Fout]:
    try:
        date_form(patroon if patroon is not None else "jjjjmmdd")
    except ValueError:
        patroon = "*"
    if patroon is not None and "*" in patroon:
        yield _wrong(pointer, "Een patroon heeft één jjjj, één mm of m en één dd of d, en geen *; bijvoorbeeld dd-mm-jjjj.")


def _values(place: str) -> list[str]:
    """The closed list of what can stand at a place; empty where there is none."""
    schema = targets.inside(_schema(), place) or {}
    return ["ja", "nee"] if schema.get("type") == "boolean" else list(schema.get("enum", ()))


def _always(place: str) -> bool:
    return place in _SURE or place.split("/")[1] in _ALWAYS


def _wrong(pointer: str, melding: str) -> Fout:
    return Fout(pointer, CODE, melding)


@cache
def _schema() -> targets.Schema:
    return strict.schema(Uitlaatrecord)
