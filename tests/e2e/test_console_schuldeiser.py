"""A landlord's worker in Chromium: one signal from login to receipt, a file to its report, a question to its answer; by keyboard, on a
telephone, and without JavaScript.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

import msgspec
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from adapters.client import xml
from adapters.synthetic.aanmelddienst import Persoon
from gateway.demo.debts import CLIENT
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from schemas.schuldenoverzicht import GevraagdeSchuldeiser, Overzichtsaanvraag
from tests.canaries import lawful
from tests.e2e.people import People, barriers, chromium, login, people, shot, window

LANDLORD, UTRECHT = SCHULDEISERS[0], GEMEENTEN[1]
HENK = Persoon("henk", "Henk Huur", {"seinhuis_oin": LANDLORD.oin, "seinhuis_rollen": ["schuldeiser"]})
HOME = "/schuldeiser"
SHARED = "1431"
"""A postcode area that lies in two municipalities."""


class Place(NamedTuple):
    """A running gateway, and lawful signals of this landlord about people in Utrecht that nobody delivered yet."""

    found: People
    signals: Iterator[dict[str, Any]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("schuldeiser")
    with people(folder, HENK) as found:
        of = LANDLORD.naam, "Utrecht"
        made = [one for one in lawful(folder, 300, seed=919) if (one["handelsnaam"], one["adres"]["woonplaats"]) == of]
        yield Place(found, iter([one for one in made if one["soort"] == "vroegsignaal" and len(one["personen"]) == 1]))


@pytest.fixture
def page(browser: Browser, place: Place) -> Iterator[Page]:
    with window(browser, place.found.address) as opened:
        yield opened


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def asked(place: Place, kenmerk: str) -> None:
    """Utrecht asks the landlord about a client."""
    request = Overzichtsaanvraag(kenmerk=kenmerk, zaaknummer="ZAAK-1", grond="plan_van_aanpak", client=CLIENT,
                                 schuldeisers=[GevraagdeSchuldeiser(oin=LANDLORD.oin)])  # fmt: skip
    with closing(place.found.gateway.connect(UTRECHT.oin)) as desk:
        assert desk.post("/gemeente/v1/schuldenoverzichten", msgspec.to_builtins(request)).status == 201


def typed(signal: dict[str, Any]) -> dict[str, str]:
    """The fields of the form, by their names, as somebody fills them in for this signal."""
    (person,), at, effort = signal["personen"], signal["adres"], signal["inspanning"]
    moment = effort["contacten"][0]
    return {
        "bedrag": f"{signal['achterstand']['bedragCent'] // 100},{signal['achterstand']['bedragCent'] % 100:02}",
        "ontstaan": signal["achterstand"]["ontstaansdatum"],
        "voorletters": person["voorletters"],
        "achternaam": person["achternaam"],
        "postcode": at["postcode"],
        "huisnummer": str(at["huisnummer"]),
        "woonplaats": at["woonplaats"],
        "contact-1-datum": moment["datum"],
        "herinnering-1": effort["herinneringen"][0],
        "schuldhulp": effort["gewezenOpSchuldhulp"],
        "aanbod": effort["gegevensdelingAangeboden"]["datum"],
    }


CHOSEN = {
    "contact-1-kanaal": "telefoon", "contact-1-initiatief": "schuldeiser", "contact-1-bereikt": "nee", "reactie": "geen",
    "regeling": "geen",
}  # fmt: skip


def fill(page: Page, signal: dict[str, Any], **changes: str) -> None:
    """Fill the form in."""
    for name, value in {**typed(signal), **changes}.items():
        page.locator(f"[name='{name}']").fill(value)
    for name, value in CHOSEN.items():
        page.locator(f"[name='{name}']").select_option(value)


def send(page: Page) -> None:
    page.get_by_role("button", name="Verstuur signaal").click()


def main_task(page: Page, signal: dict[str, Any]) -> None:
    """Login, one signal, receipt, and its proof."""
    login(page, "Henk Huur")
    heading(page, "Wat er wacht")
    page.get_by_role("link", name="Geef één signaal").click()
    heading(page, "Eén signaal")
    fill(page, signal)
    send(page)
    heading(page, "Signaal bezorgd")
    expect(page.get_by_text("Utrecht").first).to_be_visible()
    page.get_by_role("link", name=re.compile("Volg dit signaal")).click()
    heading(page, re.compile("^Signaal F-"))
    page.get_by_role("link", name="Bekijk en druk af").click()
    heading(page, "Bewijs van bezorging")


def test_one_signal_from_login_to_its_proof(page: Page, place: Place) -> None:
    main_task(page, next(place.signals))
    shot(page, "30-schuldeiser-bewijs")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download als bestand").click()
    assert kept.value.suggested_filename.startswith("bewijs-F-")
    page.go_back()
    shot(page, "31-schuldeiser-stand")


def test_errors_stand_at_their_fields_and_two_municipalities_are_a_choice(page: Page, place: Place) -> None:
    signal = next(place.signals)
    login(page, "Henk Huur")
    page.goto(f"{HOME}/signaal")
    shot(page, "32-schuldeiser-formulier")
    fill(page, signal, schuldhulp="", bedrag="veel", postcode=f"{SHARED}AB", woonplaats="Nergensdorp")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Vul een bedrag in euro's in")
    page.get_by_role("alert").get_by_role("link", name="Bedrag").click()
    expect(page.locator("#bedrag")).to_be_focused()
    shot(page, "33-schuldeiser-fouten")
    assert barriers(page) == []
    page.locator("#bedrag").fill("450,12")
    page.locator("#schuldhulp").fill(signal["inspanning"]["gewezenOpSchuldhulp"])
    send(page)
    expect(page.get_by_role("group", name="In welke gemeente is dat?")).to_be_visible()
    expect(page.locator("#achternaam")).to_have_value(signal["personen"][0]["achternaam"])
    shot(page, "34-schuldeiser-gemeente")
    assert barriers(page) == []
    for name in ("postcode", "woonplaats"):
        page.locator(f"#{name}").fill(signal["adres"][name])
    send(page)
    heading(page, "Signaal bezorgd")
    shot(page, "35-schuldeiser-ontvangst")
    assert barriers(page) == []


def bring(page: Page, signals: list[dict[str, Any]], name: str) -> None:
    """Send a file."""
    kop = {"kenmerk": name.removesuffix(".xml"), "sector": "huur", "handelsnaam": LANDLORD.naam}
    content = b"".join(xml.write(kop, [("signaal", one) for one in signals]))
    page.goto(f"{HOME}/bestanden")
    page.get_by_label("Bestand").set_input_files(FilePayload(name=name, mimeType="text/xml", buffer=content))
    page.get_by_role("button", name="Verstuur bestand").click()
    heading(page, name)


def test_file_goes_to_its_report_and_refreshes_by_itself(browser: Browser, place: Place) -> None:
    """Without JavaScript: the page asks again by a header."""
    signals = [next(place.signals) for _ in range(3)]
    signals[2] = {**signals[2], "signaaldatum": "2031-01-01"}
    with window(browser, place.found.address, scripts=False) as page:
        login(page, "Henk Huur")
        bring(page, signals, "november.xml")
        shot(page, "36-schuldeiser-onderweg")
        expect(page.get_by_text("Een deel is geweigerd")).to_be_visible(timeout=60_000)  # nobody touched it
        expect(page.get_by_role("row", name=re.compile(re.escape(signals[2]["kenmerk"])))).to_contain_text("ligt na de dag van ontvangst")
        shot(page, "37-schuldeiser-bestand")
        with page.expect_download() as kept:
            page.get_by_role("link", name="Verslag voor een spreadsheet (CSV)").click()
        assert kept.value.suggested_filename == "november.xml.verslag.csv"
        page.goto(HOME)
        page.get_by_role("link", name="november.xml").click()
        page.get_by_role("button", name="Ruim de verslagen op").click()
        expect(page.get_by_role("status")).to_have_text("De verslagen zijn opgeruimd.")


def test_question_is_answered(page: Page, place: Place) -> None:
    asked(place, "SO-2026-1")
    login(page, "Henk Huur")
    shot(page, "38-schuldeiser-start")
    page.get_by_role("link", name=re.compile("^Vraag …")).first.click()
    expect(page.get_by_text("Vinkesteijn")).to_be_visible()
    shot(page, "39-schuldeiser-vraag")
    page.get_by_label("Dit staat er open").check()
    page.get_by_label("Wat is het?").first.select_option("openstaand")
    for name, value in {"kenmerk": "F-1", "hoofdsom": "400", "rente": "12", "kosten": "40", "betaald": "52", "saldo": "401"}.items():
        page.locator(f"#{name}-1").fill(value)
    page.get_by_role("button", name="Verstuur antwoord").click()
    expect(page.get_by_role("alert")).to_contain_text("Vordering 1, blijft over")
    shot(page, "40-schuldeiser-antwoordfout")
    assert barriers(page) == []
    page.locator("#saldo-1").fill("400")
    page.get_by_role("button", name="Verstuur antwoord").click()
    expect(page.get_by_role("status")).to_contain_text("Uw antwoord is vastgelegd")


PATHS = ("", "/signaal", "/bestanden", "/signalen", "/aanleveringen", "/vragen", "/terugkoppeling", "/kwaliteit")


@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_of_a_creditor_keeps_anybody_out(browser: Browser, place: Place, width: int) -> None:
    """Must show 1: axe-core, on a desk and on a telephone, where nothing may need to be shifted sideways."""
    asked(place, f"SO-2026-{width}")
    with window(browser, place.found.address, width=width) as page:
        main_task(page, next(place.signals))
        found, wide = barriers(page), []
        page.goto(f"{HOME}/vragen")
        page.get_by_role("link", name=re.compile("^Vraag …")).first.click()
        found += barriers(page)
        shot(page, f"41-schuldeiser-vraag-{width}")
        bring(page, [next(place.signals)], f"lijst-{width}.xml")
        found += barriers(page)
        for path in PATHS:
            page.goto(HOME + path)
            found += barriers(page)
            wide += [path] if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth") else []
            shot(page, f"42-schuldeiser{path.replace('/', '-')}-{width}")
    assert (found, wide) == ([], [])


def test_keyboard_alone_delivers_a_signal(page: Page, place: Place) -> None:
    values = {**typed(next(place.signals)), **CHOSEN}
    page.goto("/")
    reach(page, lambda name, _: name == "Aanmelden")
    page.keyboard.press("Enter")
    heading(page, "Aanmelddienst (verzonnen)")
    reach(page, lambda name, _: name == "Henk Huur")
    page.keyboard.press("Enter")
    heading(page, "Wat er wacht")
    reach(page, lambda name, _: name == "Geef één signaal")
    page.keyboard.press("Enter")
    heading(page, "Eén signaal")
    while values:
        field = reach(page, lambda _, field: field in values)
        value = values.pop(field)
        if field in CHOSEN:
            page.keyboard.type(page.locator(f"[name='{field}'] option[value='{value}']").inner_text().split()[0])
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            year, month, day = value.split("-")
            page.keyboard.type(f"{month}{day}{year}")  # this browser's own order, whatever the page's language
        else:
            page.keyboard.type(value)
    reach(page, lambda name, _: name == "Verstuur signaal")
    page.keyboard.press("Enter")
    heading(page, "Signaal bezorgd")


def reach(page: Page, wanted: Any, most: int = 90) -> str:
    """Press Tab until what has focus is wanted: by its text or by its field. Returns the field."""
    for _ in range(most):
        page.keyboard.press("Tab")
        name, field = page.evaluate("[document.activeElement.innerText?.trim() ?? '', document.activeElement.name ?? '']")
        if wanted(name, field):
            return str(field)
    raise AssertionError("not reached by Tab")


def test_everything_works_without_javascript(browser: Browser, place: Place) -> None:
    with window(browser, place.found.address, scripts=False) as page:
        main_task(page, next(place.signals))


def test_browser_loads_nothing_from_elsewhere_and_breaks_no_policy(page: Page, place: Place) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    login(page, "Henk Huur")
    for path in PATHS:
        page.goto(HOME + path)
    assert said == []
