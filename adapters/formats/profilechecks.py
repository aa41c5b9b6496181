"""What in a mapping profile must agree with what: targets that exist, conversions that fit, sources that its format has.

Authority: `schemas.signaal` through `targets`, `docs/profielen.md`. Each check yields errors at a JSON pointer, nothing when all is well.
Leaves the form of single members to `schemas.profiel`.
"""

import re
from collections.abc import Iterator

from adapters.formats import targets
from adapters.formats.conversions import date_form
from schemas.profiel import Bewijsafleiding, Patroon, Peildatumbron, Profiel, Stap, Veld, Voorwaarde
from schemas.strict import Fout

PEILDATUM = "*peildatum"
"""The source that stands for the day of the stand, where that is in a cell or in the name of the file."""

CODE = "PROFIEL_ONJUIST"
ANSWERS = "saldoantwoorden"
_NO_PLACE = (
    "Een signaal heeft deze plek niet; lijsten tellen vanaf 0, bijvoorbeeld /personen/0/achternaam.",
    "Een rij met een antwoord heeft deze plek niet; zie docs/schuldenknooppunt.md.",
)
UPDATES = frozenset({"actualisering", "eindelevering"})
"""Kinds of rows that are about an earlier signal."""
MULTIPLE = frozenset({"contacten", "herinneringen"})
_KINDS = {"getal": "integer", "bedrag": "integer", "huisnummer": "integer", "janee": "boolean"}
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS = re.compile(r"[A-Z]{1,3}")
_STEP = r"[A-Za-z_][A-Za-z0-9._-]*(\[[1-9][0-9]?\])?"
_PATH = re.compile(rf"({_STEP}/)*({_STEP}|@[A-Za-z_][A-Za-z0-9._-]*)")
_NAMED_DAY = re.compile(r"[^{}]*\{([^{}]+)\}[^{}]*")


def check(profiel: Profiel) -> Iterator[Fout]:
    """Everything that is wrong with a profile of the right form."""
    yield from _file(profiel)
    yield from _head(profiel)
    yield from _sources(profiel)
    yield from _kenmerk(profiel)
    if profiel.bewijs is not None:
        yield from _evidence(profiel.bewijs, profiel)
    seen: set[str] = set()
    for nr, veld in enumerate(profiel.velden):
        base = f"/velden/{nr}"
        if veld.naar in seen:
            yield _wrong(f"{base}/naar", "Dit doel staat al bij een eerder veld.")
        seen.add(veld.naar)
        yield from _field(veld, base, profiel)
    for nr, condition in enumerate(profiel.overslaan):
        yield from _condition(condition, f"/overslaan/{nr}")
    if profiel.soort is not None and "intrekking" in profiel.soort.codes.values() and targets.REDEN not in seen:
        yield _wrong("/soort/codes", "Bij intrekkingen hoort een veld naar /reden.")


def missing(profiel: Profiel) -> list[str]:
    """Members that every signal has and that this profile never fills."""
    filled = {veld.naar for veld in profiel.velden} | {"/soort"}
    filled |= {f"/{name}" for name in ("sector", "handelsnaam") if getattr(profiel.kop, name) is not None}
    filled |= {"/kenmerk"} if profiel.kenmerk is not None else set()
    filled |= {"/inspanning/wijze"} if profiel.bewijs is not None else set()
    return [pointer for pointer in targets.required(profiel.kop.soort) if pointer not in filled]


def _wrong(pointer: str, melding: str) -> Fout:
    return Fout(pointer, CODE, melding)


def _file(profiel: Profiel) -> Iterator[Fout]:
    form, formaat = profiel.bestand, profiel.formaat
    if (formaat == "xml") != (form.record is not None):
        yield _wrong("/bestand/record", "Een pad naar het record hoort bij XML, en alleen daarbij.")
    if form.blad is not None and formaat != "xlsx":
        yield _wrong("/bestand/blad", "Een blad hoort bij XLSX.")
    if form.scheiding is not None and formaat != "csv":
        yield _wrong("/bestand/scheiding", "Een scheidingsteken hoort bij CSV.")
    if form.codering is not None and formaat == "xlsx":
        yield _wrong("/bestand/codering", "XLSX is altijd UTF-8; laat dit weg.")
    if form.codering == "windows-1252" and formaat == "xml":
        yield _wrong("/bestand/codering", "XML is utf-8 of iso-8859-1.")
    if form.kolommen == "namen" and form.kopregel == 0 and formaat != "xml":
        yield _wrong("/bestand/kopregel", 'Zonder kopregel zijn er geen namen; kies kolommen = "letters".')
    if form.slot is not None:
        yield from _condition(form.slot, "/bestand/slot")
    yield from _pattern(form.datum, "/bestand/datum")


def _head(profiel: Profiel) -> Iterator[Fout]:
    kop = profiel.kop
    stand = kop.soort == "stand"
    if kop.soort == ANSWERS:
        for name in ("soort", "kenmerk", "bewijs"):
            if getattr(profiel, name) is not None:
                yield _wrong(f"/{name}", "Dit hoort bij signalen; een antwoord noemt het saldoverzoek in een veld naar /kenmerk.")
    if stand and (kop.sector is None or kop.handelsnaam is None):
        yield _wrong("/kop", "Een stand noemt sector en handelsnaam in de kop.")
    if stand and profiel.soort is not None:
        yield _wrong("/soort", "In een stand staan alleen vroegsignalen; wat er verandert bepaalt de vergelijking.")
    for name, value in (("redenVervallen", kop.reden_vervallen), ("profiel", kop.profiel)):
        if value is not None and not stand:
            yield _wrong(f"/kop/{name}", 'Dit hoort bij soort = "stand".')
    if not stand and kop.peildatum is not None and kop.peildatum.uit is not None:
        yield _wrong("/kop/peildatum/uit", "In een bestand met signalen is een kolom met een dag een gewoon veld.")
    if kop.peildatum is not None:
        yield from _day(kop.peildatum, profiel)


def _day(day: Peildatumbron, profiel: Profiel) -> Iterator[Fout]:
    base = "/kop/peildatum"
    if sum(value is not None for value in (day.uit, day.cel, day.bestandsnaam)) != 1:
        yield _wrong(base, "Noem één van uit, cel en bestandsnaam.")
    if day.cel is not None and day.cel.startswith("/") != (profiel.formaat == "xml"):
        yield _wrong(f"{base}/cel", "In XML is een cel een pad, zoals /Levering/Peildatum; anders een cel, zoals B2.")
    if day.cel is not None and not day.cel.startswith("/") and int(day.cel.lstrip(_CAPITALS)) > profiel.bestand.kopregel:
        yield _wrong(f"{base}/cel", "Deze cel staat onder de kopregel, tussen de records; gebruik uit.")
    if day.bestandsnaam is None:
        yield from _date(day.patroon, base, profiel)
    else:
        named = _NAMED_DAY.fullmatch(day.bestandsnaam)
        if named is None or day.bestandsnaam.count("*") > 2:
            yield _wrong(f"{base}/bestandsnaam", "Zet het patroon één keer tussen accolades, bijvoorbeeld stand_{jjjjmmdd}*.csv.")
        else:
            yield from _pattern(named[1], f"{base}/bestandsnaam")


def _sources(profiel: Profiel) -> Iterator[Fout]:
    own_day = profiel.kop.peildatum is not None and profiel.kop.peildatum.uit is None
    for source in dict.fromkeys(sources(profiel)):
        if source == PEILDATUM:
            if not own_day:
                yield _wrong("/kop/peildatum", f"{PEILDATUM} vraagt om een peildatum uit een cel of de bestandsnaam.")
        elif profiel.formaat == "xml" and not _PATH.fullmatch(source):
            yield _wrong("/velden", f"{source!r} is geen pad vanaf het record, zoals Klant/Naam, Telefoon[2] of Klant/@id.")
        elif profiel.formaat != "xml" and profiel.bestand.kolommen == "letters" and not _LETTERS.fullmatch(source):
            yield _wrong("/velden", f"{source!r} is geen kolomletter, zoals A of AB.")


def sources(profiel: Profiel) -> Iterator[str]:
    """Every source that the profile reads, in order; some come more than once."""
    kop, kenmerk, bewijs = profiel.kop, profiel.kenmerk, profiel.bewijs
    for veld in profiel.velden:
        yield from columns(veld)
    yield from kenmerk.contract if kenmerk else ()
    conditions = [veld.als for veld in profiel.velden if veld.als] + profiel.overslaan
    conditions += [profiel.bestand.slot] if profiel.bestand.slot else []
    single = [condition.uit for condition in conditions]
    single += [step.datum for step in bewijs.stappen] if bewijs else []
    single += [source for source in (kenmerk.periode, kenmerk.wijziging) if source] if kenmerk else []
    single += [source for source in (bewijs and bewijs.uit, kop.peildatum and kop.peildatum.uit) if source]
    yield from (*single, profiel.soort.uit) if profiel.soort else single


def columns(veld: Veld) -> list[str]:
    """The sources of one field."""
    return [veld.uit] if veld.uit else veld.samen or []


def _kenmerk(profiel: Profiel) -> Iterator[Fout]:
    filled = {veld.naar for veld in profiel.velden}
    kinds = set(profiel.soort.codes.values()) if profiel.soort else set()
    if profiel.kenmerk is None:
        if "actualisering" in kinds and "/eerderKenmerk" not in filled:
            yield _wrong("/soort/codes", "Bij een actualisering hoort een veld naar /eerderKenmerk.")
        return
    if "/kenmerk" in filled:
        yield _wrong("/kenmerk", "Er is ook een veld naar /kenmerk; kies één van beide.")
    if kinds & UPDATES and profiel.kenmerk.wijziging is None:
        yield _wrong("/kenmerk", "Een actualisering of eindelevering heeft een eigen kenmerk; noem in wijziging de kolom met haar dag.")
    if profiel.kenmerk.wijziging is not None and "/eerderKenmerk" in filled:
        yield _wrong("/kenmerk/wijziging", "Er is ook een veld naar /eerderKenmerk; kies één van beide.")
    if profiel.kenmerk.periode is not None or profiel.kenmerk.wijziging is not None:
        yield from _date(profiel.kenmerk.patroon, "/kenmerk", profiel)


def _evidence(bewijs: Bewijsafleiding, profiel: Profiel) -> Iterator[Fout]:
    if (bewijs.verklaring is None) == (bewijs.uit is None) or (bewijs.uit is None) != (not bewijs.stappen):
        yield _wrong("/bewijs", "Noem een verklaring, of de kolom met de maancode (uit) en haar stappen.")
    filled = {veld.naar.split("/")[2] for veld in profiel.velden if veld.naar.startswith("/inspanning/")}
    for nr, step in enumerate(bewijs.stappen):
        base = f"/bewijs/stappen/{nr}"
        yield from _step(step, base, profiel)
        if step.lid in filled:
            yield _wrong(f"{base}/lid", "Dit lid wordt ook door een veld gevuld; kies één van beide.")


def _step(step: Stap, base: str, profiel: Profiel) -> Iterator[Fout]:
    contact = (step.kanaal is not None, step.initiatief is not None, step.bereikt is not None)
    if contact != ((step.lid == "contacten"),) * 3:
        yield _wrong(base, "kanaal, initiatief en bereikt horen alle drie bij lid contacten (kolom voor bereikt: gebruik velden).")
    if (step.reactie is not None) != (step.lid == "gegevensdelingAangeboden"):
        yield _wrong(base, "reactie hoort bij lid gegevensdelingAangeboden, en alleen daarbij.")
    yield from _date(step.patroon, base, profiel)


def _field(veld: Veld, base: str, profiel: Profiel) -> Iterator[Fout]:
    place = targets.at(veld.naar, profiel.kop.soort)
    if place is None:
        yield _wrong(f"{base}/naar", _NO_PLACE[profiel.kop.soort == ANSWERS])
        return
    if sum(value is not None for value in (veld.uit, veld.samen, veld.waarde)) != 1:
        yield _wrong(base, "Noem één van uit (een kolom), samen (kolommen) en waarde (vast).")
    for name in ("waarde", "standaard"):
        value = getattr(veld, name)
        if value is not None and not targets.accepts(place, value):
            yield _wrong(f"{base}/{name}", f"Deze waarde past niet op {veld.naar}.")
    yield from _conversion(veld, place, base)
    if veld.omzetting == "datum" and veld.uit != PEILDATUM:
        yield from _date(veld.patroon, base, profiel)
    if veld.als is not None:
        yield from _condition(veld.als, f"{base}/als")


def _conversion(veld: Veld, place: targets.Schema, base: str) -> Iterator[Fout]:
    fits = veld.omzetting == "waardelijst" or _KINDS.get(veld.omzetting, "string") == place.get("type", "string")
    if veld.waarde is None and not fits:
        yield _wrong(f"{base}/omzetting", f"Deze omzetting past niet op {veld.naar}.")
    if (veld.lijst is not None) != (veld.omzetting == "waardelijst"):
        yield _wrong(f"{base}/lijst", "Een lijst hoort bij omzetting waardelijst, en alleen daarbij.")
    for key, value in (veld.lijst or {}).items():
        if not targets.accepts(place, value):
            yield _wrong(f"{base}/lijst/{key}", f"De waarde bij {key!r} past niet op {veld.naar}.")


def _condition(condition: Voorwaarde, base: str) -> Iterator[Fout]:
    if condition.gelijk is None and condition.begint_met is None and condition.gevuld is None:
        yield _wrong(base, "Noem gelijk, begintMet of gevuld.")


def _date(patroon: Patroon | None, base: str, profiel: Profiel) -> Iterator[Fout]:
    if patroon is None and profiel.bestand.datum is None and profiel.formaat != "xlsx":
        yield _wrong(base, "Welke vorm heeft de datum? Noem een patroon, hier of voor het hele bestand: datum in [bestand].")
    yield from _pattern(patroon, f"{base}/patroon")


def _pattern(patroon: Patroon | None, pointer: str) -> Iterator[Fout]:
    try:
        date_form(patroon if patroon is not None else "jjjjmmdd")
    except ValueError:
        yield _wrong(pointer, "Een patroon heeft één jjjj, één mm of m en één dd of d, bijvoorbeeld dd-mm-jjjj.")
