"""A profile that cannot work is refused with every reason, each at its line; one that can is read as it stands."""

import tomllib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats import profile, targets
from adapters.formats.mapping import Mapping
from adapters.formats.profilechecks import check, missing
from schemas.profiel import Profiel
from tests.formats.test_examples import FILES, FOLDER

TOP = """naam = "t"
versie = 1
geldigVan = 2026-01-01
partner = "00000099000000001000"
"""
CSV = TOP + 'formaat = "csv"\n'
XML = TOP + 'formaat = "xml"\n'
XLSX = TOP + 'formaat = "xlsx"\n'
VELD = '[[velden]]\nnaar = "/kenmerk"\nuit = "A"\n'
STEP = '[bewijs]\nuit = "B"\n[[bewijs.stappen]]\ncodes = ["1"]\nlid = "{}"\ndatum = "C"\n'
DATED = CSV + '[bestand]\ndatum = "jjjjmmdd"\n' + '[[velden]]\nnaar = "/kenmerk"\nuit = "A"\n'
MADE = VELD.replace("/kenmerk", "/klantnummer") + '[kenmerk]\ncontract = ["B"]\n'
UPDATES = '[soort]\nuit = "M"\ncodes = {W = "actualisering"}\n'
STAND = '[kop]\nsoort = "stand"\nsector = "huur"\nhandelsnaam = "W"\n'


def told(text: str) -> list[str]:
    """`place: message` of each error."""
    with pytest.raises(profile.Ongeldig) as caught:
        profile.load(text.encode())
    return [f"{fout.plek}: {fout.melding}" for fout in caught.value.fouten]


def field(lines: str) -> str:
    return CSV + VELD + "[[velden]]\n" + lines


def outcome(begin: Callable[[], object]) -> list[str]:
    """The places of the errors; none when the profile is taken. Any other error goes on."""
    try:
        begin()
    except profile.Ongeldig as error:
        return [fout.plek for fout in error.fouten]
    return []


WRONG = {
    "target that does not exist": (field('naar = "/bsn"\nuit = "B"'), "regel 10, velden.2.naar: Een signaal heeft deze plek niet"),
    "object as target": (field('naar = "/adres"\nuit = "B"'), "velden.2.naar"),
    "place outside a list": (field('naar = "/personen/2/achternaam"\nuit = "B"'), "velden.2.naar"),
    "target twice": (field('naar = "/kenmerk"\nuit = "B"'), "Dit doel staat al"),
    "no source": (field('naar = "/klantnummer"'), "Noem één van uit"),
    "source and value": (field('naar = "/klantnummer"\nuit = "B"\nwaarde = "x"'), "Noem één van uit"),
    "value outside the list": (field('naar = "/soort"\nwaarde = "nieuw"'), "regel 11, velden.2.waarde: Deze waarde past niet op /soort"),
    "value of another type": (field('naar = "/adres/huisnummer"\nwaarde = "12"'), "past niet op /adres/huisnummer"),
    "default of another type": (field('naar = "/warmeOverdracht"\nuit = "B"\nomzetting = "janee"\nstandaard = 1'), "velden.2.standaard"),
    "conversion of another type": (field('naar = "/adres/huisnummer"\nuit = "B"'), "Deze omzetting past niet op /adres/huisnummer"),
    "unknown conversion": (field('naar = "/klantnummer"\nuit = "B"\nomzetting = "script"'), "regel 12, velden.2.omzetting: De waarde"),
    "unknown member": (field('naar = "/klantnummer"\nuit = "B"\nbron = "C"'), "regel 12, velden.2.bron: Dit lid kent een profiel"),
    "list without conversion": (field('naar = "/soort"\nuit = "B"\nlijst = {a = "vroegsignaal"}'), "hoort bij omzetting waardelijst"),
    "conversion without list": (field('naar = "/soort"\nuit = "B"\nomzetting = "waardelijst"'), "hoort bij omzetting waardelijst"),
    "list to outside the list": (field('naar = "/soort"\nuit = "B"\nomzetting = "waardelijst"\nlijst = {a = "x"}'), "De waarde bij 'a'"),
    "date without pattern": (field('naar = "/signaaldatum"\nuit = "B"\nomzetting = "datum"'), "Welke vorm heeft de datum?"),
    "impossible pattern": (field('naar = "/signaaldatum"\nuit = "B"\nomzetting = "datum"\npatroon = "dd-mm"'), "Een patroon heeft"),
    "empty condition": (field('naar = "/klantnummer"\nuit = "B"\nals = {uit = "C"}'), "Noem gelijk, begintMet of gevuld"),
    "empty skip": (CSV + VELD + '[[overslaan]]\nuit = "C"', "regel 9, overslaan.1: Noem gelijk"),
    "no fields": (CSV + "velden = []", "regel 6, velden: Minstens 1"),
    "xml without path": (XML + VELD, "Een pad naar het record hoort bij XML"),
    "csv with path": (CSV + '[bestand]\nrecord = "/a/b"\n' + VELD, "regel 7, bestand.record"),
    "xml with a cell for a path": (XML + '[bestand]\nrecord = "/a/b"\n' + VELD.replace('"A"', '"A B"'), "'A B' is geen pad"),
    "xml in windows-1252": (XML + '[bestand]\nrecord = "/a"\ncodering = "windows-1252"\n' + VELD, "XML is utf-8 of iso-8859-1"),
    "csv with a sheet": (CSV + '[bestand]\nblad = "x"\n' + VELD, "Een blad hoort bij XLSX"),
    "xlsx with a separator": (XLSX + '[bestand]\nscheiding = ";"\n' + VELD, "Een scheidingsteken hoort bij CSV"),
    "xlsx with an encoding": (XLSX + '[bestand]\ncodering = "utf-8"\n' + VELD, "XLSX is altijd UTF-8"),
    "no header and names": (CSV + "[bestand]\nkopregel = 0\n" + VELD, "Zonder kopregel zijn er geen namen"),
    "letters that are none": (CSV + '[bestand]\nkolommen = "letters"\n' + VELD.replace('"A"', '"Naam"'), "'Naam' is geen kolomletter"),
    "stand without sector": (CSV + '[kop]\nsoort = "stand"\n' + VELD, "Een stand noemt sector en handelsnaam"),
    "stand with kinds": (CSV + STAND + '[soort]\nuit = "B"\ncodes = {N = "vroegsignaal"}\n' + VELD, "In een stand staan alleen"),
    "column of the day without stand": (DATED + '[kop.peildatum]\nuit = "B"\n', "is een kolom met een dag een gewoon veld"),
    "reason without stand": (CSV + '[kop]\nredenVervallen = "betaald"\n' + VELD, 'Dit hoort bij soort = "stand"'),
    "two days": (CSV + STAND + '[kop.peildatum]\nbestandsnaam = "x_{jjjjmmdd}"\ncel = "B1"\n' + VELD, "Noem één van uit, cel en"),
    "name without day": (CSV + STAND + '[kop.peildatum]\nbestandsnaam = "stand.csv"\n' + VELD, "Zet het patroon één keer tussen accolades"),
    "name with half a day": (CSV + STAND + '[kop.peildatum]\nbestandsnaam = "x_{jjjj}"\n' + VELD, "Een patroon heeft"),
    "cell in xml": (XML + STAND + '[kop.peildatum]\ncel = "B1"\n[bestand]\nrecord = "/a"\n' + VELD, "In XML is een cel een pad"),
    "cell below the header": (CSV + STAND + '[kop.peildatum]\ncel = "B2"\n[bestand]\ndatum = "jjjjmmdd"\n' + VELD, "onder de kopregel"),
    "day of nothing": (field('naar = "/klantnummer"\nuit = "*peildatum"'), "*peildatum vraagt om een peildatum"),
    "kenmerk twice": (CSV + '[kenmerk]\ncontract = ["B"]\n' + VELD, "kies één van beide"),
    "update of no signal": (CSV + VELD + UPDATES, "regel 11, soort.codes: Bij een actualisering hoort een veld naar /eerderKenmerk"),
    "update with the kenmerk of its signal": (CSV + MADE + UPDATES, "kenmerk: Een actualisering of eindelevering heeft een eigen kenmerk"),
    "update of two signals": (
        DATED.replace("/kenmerk", "/eerderKenmerk") + '[kenmerk]\ncontract = ["B"]\nwijziging = "C"\n' + UPDATES,
        "kenmerk.wijziging: Er is ook een veld naar /eerderKenmerk",
    ),
    "update without a pattern": (CSV + MADE + 'wijziging = "C"\n' + UPDATES, "kenmerk: Welke vorm heeft de datum?"),
    "evidence of nothing": (CSV + VELD + "[bewijs]\n", "Noem een verklaring"),
    "evidence twice": (CSV + VELD + '[bewijs]\nverklaring = "X"\nuit = "B"\n', "Noem een verklaring"),
    "code without steps": (CSV + VELD + '[bewijs]\nuit = "B"\n', "Noem een verklaring"),
    "contact without channel": (DATED + STEP.format("contacten"), "regel 13, bewijs.stappen.1: kanaal, initiatief en bereikt"),
    "reminder with channel": (DATED + STEP.format("herinneringen") + 'kanaal = "brief"\n', "kanaal, initiatief en bereikt horen"),
    "step beside a field": (
        DATED + '[[velden]]\nnaar = "/inspanning/herinneringen/0"\nuit = "D"\n' + STEP.format("herinneringen"),
        "Dit lid wordt ook door een veld gevuld",
    ),
    "withdrawal without reason": (CSV + VELD + '[soort]\nuit = "B"\ncodes = {V = "intrekking"}\n', "Bij intrekkingen hoort"),
    "not toml": (CSV + 'x = a', "regel 6, teken"),
    "not closed": (CSV + 'x = "', "het einde van het bestand: Geen geldige TOML"),
    "too deep": (CSV + "x = " + "[" * 20_000, "te diep genest"),
    "key twice": (CSV + 'naam = "u"\n' + VELD, "Geen geldige TOML"),
    "oin of nobody": (CSV.replace("00000099", "99999999") + VELD, "regel 4, partner"),
    "format of nobody": (TOP + 'formaat = "pdf"\n' + VELD, "regel 5, formaat"),
    "day that does not exist": (CSV.replace("2026-01-01", '"2026-02-30"') + VELD, "regel 3, geldigVan"),
    "too large": (CSV + VELD + "#" * profile.LARGEST, "hoogstens 256 KiB"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_profile_is_refused_at_its_place(case: str) -> None:
    text, said = WRONG[case]
    found = told(text)
    assert any(said in line for line in found), found


def test_every_error_is_told_at_once() -> None:
    assert len(told(field('naar = "/bsn"\nuit = "B"\n[[velden]]\nnaar = "/iban"\nuit = "C"'))) == 2


def test_profile_that_is_no_text_is_refused() -> None:
    with pytest.raises(profile.Ongeldig):
        profile.load(b"\xff\xfe")


def test_positive_control_the_smallest_profile_is_taken() -> None:
    found = profile.load((CSV + VELD).encode())
    assert (found.geldig_van, found.formaat, found.velden[0].omzetting) == (date(2026, 1, 1), "csv", "tekst")
    assert profile.load(b"\xef\xbb\xbf" + (CSV + VELD).replace("\n", "\r\n").encode()) == found


def test_missing_members_are_those_that_every_signal_has() -> None:
    found = missing(profile.load((CSV + '[kop]\nsector = "huur"\n' + VELD).encode()))
    assert found == [pointer for pointer in targets.required() if pointer not in {"/kenmerk", "/soort", "/sector"}]
    assert "/personen/0/achternaam" in found


@pytest.mark.parametrize("name", FILES)
def test_places_are_those_of_the_file(name: str) -> None:
    """Take one line out of an example: either nothing was needed, or the error is told at a line that exists."""
    lines = (FOLDER / f"{name}.toml").read_text(encoding="utf-8").split("\n")
    for nr in range(len(lines)):
        text = "\n".join([*lines[:nr], *lines[nr + 1 :]])
        told = outcome(lambda text=text: profile.load(text.encode()))  # type: ignore[misc]
        assert all(int(plek.split()[1].rstrip(",")) <= len(lines) for plek in told if plek.startswith("regel"))


@given(st.text(max_size=200), st.integers(0, 10), st.integers(0, 10))
def test_no_text_breaks_the_loader(text: str, begin: int, end: int) -> None:
    """Whatever is written over a part of a profile: a profile that compiles, or Ongeldig, and never another error."""
    whole = (FOLDER / "verhuurder.toml").read_text(encoding="utf-8")
    piece = len(whole) // 10
    changed = whole[: begin * piece] + text + whole[max(begin, end) * piece :]
    outcome(lambda: Mapping(profile.load(changed.encode("utf-8", "surrogatepass"))))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)), st.data())
def test_no_value_breaks_the_loader(value: object, data: st.DataObject) -> None:
    """Any member replaced by any value."""
    table = tomllib.loads((FOLDER / "verhuurder.toml").read_text(encoding="utf-8"))
    part: object = table
    while isinstance(part, dict | list) and part:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = data.draw(st.sampled_from(keys))
        inner = part[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            part[key] = value
            break
        part = inner
    outcome(lambda: Mapping(profile.checked(table, "", Profiel, check)))
