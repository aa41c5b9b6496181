"""A municipal worker in Chromium: from login to result, by keyboard only and without JavaScript; no page keeps anybody out."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.synthetic.aanmelddienst import Persoon
from gateway.console.gemeente import baskets, table
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from tests.canaries import lawful
from tests.e2e.people import People, barriers, chromium, login, people, shot, tab_to, window
from tests.gateways import seconds_until

UTRECHT = GEMEENTEN[1]
ELS = Persoon("els", "Els Balie", {"seinhuis_oin": UTRECHT.oin, "seinhuis_gemeente": UTRECHT.code, "seinhuis_rollen": ["gemeente"]})
MANY = 16


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[People, list[dict[str, Any]]]]:
    """Signals to Utrecht that wait."""
    folder = tmp_path_factory.mktemp("gemeente")
    with people(folder, ELS) as found:
        of = SCHULDEISERS[0].naam, "Utrecht"
        made = [s for s in lawful(folder, 400, seed=819) if (s["handelsnaam"], s["adres"]["woonplaats"]) == of][:MANY]
        with closing(found.gateway.connect(SCHULDEISERS[0].oin)) as creditor, closing(found.gateway.connect(UTRECHT.oin)) as desk:
            for signal in made:
                assert creditor.post("/schuldeiser/v1/signalen", signal).status == 201
            assert seconds_until(MANY, lambda: len(desk.get("/gemeente/v1/inbox/berichten").json()["berichten"])) < 10
        yield found, made


@pytest.fixture
def page(browser: Browser, town: tuple[People, list[dict[str, Any]]]) -> Iterator[Page]:
    with window(browser, town[0].address) as opened:
        yield opened


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def take(page: Page) -> None:
    """From the first page to a message in hand."""
    page.get_by_role("link", name=re.compile("Neem het volgende bericht")).first.click()
    heading(page, "Berichten nemen")
    page.get_by_role("button", name="Neem en open").click()


def test_worker_takes_a_message_and_works_it_off(page: Page, town: tuple[People, list[dict[str, Any]]]) -> None:
    login(page, "Els Balie")
    heading(page, re.compile("Wat wacht er"))
    shot(page, "30-gemeente-begin")
    take(page)
    whom = town[1][0]["personen"][0]["achternaam"]
    expect(page.get_by_text(whom, exact=False).first).to_be_visible()
    shot(page, "31-gemeente-genomen")
    page.get_by_role("link", name=re.compile("Ga verder met bericht")).click()
    shot(page, "32-gemeente-bericht")
    page.get_by_label("Zaaknummer").fill("ZAAK-2026-0001")
    page.get_by_role("button", name="Open een zaak").click()
    heading(page, "Zaak ZAAK-2026-0001")
    expect(page.get_by_role("status")).to_have_text("De zaak is geopend.")
    page.get_by_label("Hoe hebt u het geprobeerd?").select_option("telefoon")
    page.get_by_label("Dagdeel").select_option("ochtend")
    page.get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Leg de poging vast").click()
    expect(page.get_by_role("cell", name="Telefoon")).to_be_visible()
    shot(page, "33-gemeente-zaak")
    page.get_by_role("link", name=re.compile("Terugkoppelen")).click()
    page.get_by_label("Wij pakken het signaal niet op").check()
    page.get_by_role("button", name="Bekijk wat de schuldeiser ziet").click()
    expect(page.get_by_role("heading", name="De schuldeiser ziet alleen dit")).to_be_visible()
    expect(page.get_by_text("Dit signaal is niet opgepakt.")).to_be_visible()
    shot(page, "34-gemeente-voorbeeld")
    page.get_by_role("button", name="Koppel dit terug").click()
    expect(page.get_by_text("Uw terugkoppeling is vastgelegd.")).to_be_visible()
    page.get_by_role("link", name="Terug naar het bericht").click()
    page.get_by_role("link", name="zaak ZAAK-2026-0001").click()
    page.get_by_label("Hoe loopt het af?").select_option("geen_hulp_nodig")
    page.get_by_role("button", name="Sluit de zaak").click()
    expect(page.get_by_role("status")).to_have_text("Het resultaat staat vast.")
    page.get_by_role("link", name=re.compile("^Bericht ")).first.click()
    page.get_by_role("button", name="Zet op verwerkt").click()
    expect(page.get_by_role("status")).to_contain_text("Het bericht is verwerkt.")
    shot(page, "35-gemeente-klaar")


def held(page: Page) -> tuple[str, str]:
    """A message in hand with its case: where they are."""
    page.goto("/gemeente")
    take(page)
    page.get_by_role("link", name=re.compile("Ga verder met bericht")).click()
    bericht = page.url
    page.get_by_label("Zaaknummer").fill(f"ZAAK-{bericht[-8:]}")
    page.get_by_role("button", name="Open een zaak").click()
    return bericht, page.url.partition("?")[0]


def question(page: Page, kenmerk: str) -> None:
    """Ask one creditor about somebody invented."""
    page.goto("/gemeente/overzichten/nieuw")
    page.get_by_label("De inwoner vraagt hulp").check()
    for label, value in (
        ("Kenmerk", kenmerk), ("Zaaknummer", f"ZAAK-{kenmerk}"), ("Voorletters", "K."), ("Achternaam", "Kanariepiet"),
        ("Geboortedatum", "1985-03-07"), ("Postcode", "3511 AB"), ("Huisnummer", "12"), ("Woonplaats", "Utrecht"),
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Schuldeiser 1", exact=True).select_option(SCHULDEISERS[0].oin)
    page.get_by_role("button", name="Vraag de schuldeisers").click()


@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_keeps_anybody_out(browser: Browser, town: tuple[People, list[dict[str, Any]]], width: int) -> None:
    """Must show 1: axe-core, on a desk and on a telephone, where nothing may need to be shifted sideways."""
    with window(browser, town[0].address, width=width) as page:
        login(page, "Els Balie")
        bericht, zaak = held(page)
        paths = [one.path for one in table.PAGES if one.method == "GET" and "{" not in one.path]
        wide: list[str] = []
        found: list[str] = []

        def look(name: str) -> None:
            found.extend(barriers(page))
            wide.extend([name] * page.evaluate("+(document.documentElement.scrollWidth > document.documentElement.clientWidth)"))
            shot(page, f"36-gemeente-{name}-{width}")

        named = {path.strip("/").replace("/", "-"): path for path in paths}
        for name, path in {**named, "bericht": bericht, "terugkoppeling": f"{bericht}/terugkoppeling", "zaak": zaak}.items():
            page.goto(path)
            look(name)
        page.get_by_role("button", name="Leg de poging vast").click()
        expect(page.get_by_role("alert")).to_be_visible()
        look("fout")
        page.goto(f"{bericht}/terugkoppeling")
        page.get_by_label("Wij pakken het signaal niet op").check()
        page.get_by_role("button", name="Bekijk wat de schuldeiser ziet").click()
        look("voorbeeld")
        page.goto("/gemeente")
        take(page)
        look("genomen")
        page.goto(baskets.PATH)
        page.get_by_label("Code", exact=True).fill("hoog")
        page.get_by_label("Naam", exact=True).fill("Hoog bedrag")
        page.get_by_role("button", name="Probeer op vorige maand").click()
        expect(page.get_by_role("button", name="Leg deze werkbak vast")).to_be_visible()
        look("proef")
        question(page, f"SO-{width}")
        expect(page.get_by_role("status")).to_have_text("De schuldeisers zijn gevraagd.")
        look("overzicht")
    assert (found, wide) == ([], [])


def test_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/")
    tab_to(page, "Aanmelden")
    page.keyboard.press("Enter")
    heading(page, "Aanmelddienst (verzonnen)")
    tab_to(page, "Els Balie")
    page.keyboard.press("Enter")
    heading(page, re.compile("Wat wacht er"))
    tab_to(page, re.compile("Neem het volgende bericht"))
    page.keyboard.press("Enter")
    heading(page, "Berichten nemen")
    tab_to(page, "Neem en open")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("Ga verder met bericht"))).to_be_visible()
    tab_to(page, re.compile("Ga verder met bericht"))
    shot(page, "38-gemeente-focus")
    page.keyboard.press("Enter")
    heading(page, re.compile("^Bericht"))
    tab_to(page, "Zaaknummer")
    page.keyboard.type("ZAAK-TOETS-1")
    page.keyboard.press("Enter")
    heading(page, "Zaak ZAAK-TOETS-1")
    tab_to(page, "Hoe hebt u het geprobeerd?")
    page.keyboard.type("Brief")
    tab_to(page, "Ja")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("De contactpoging is vastgelegd.")
    tab_to(page, "Afmelden")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("U bent afgemeld.")


def test_everything_works_without_javascript(browser: Browser, town: tuple[People, list[dict[str, Any]]]) -> None:
    with window(browser, town[0].address, scripts=False) as page:
        login(page, "Els Balie")
        _, zaak = held(page)
        page.get_by_label("Hoe hebt u het geprobeerd?").select_option("brief")
        page.get_by_label("Nee", exact=True).check()
        page.get_by_role("button", name="Leg de poging vast").click()
        expect(page.get_by_role("status")).to_have_text("De contactpoging is vastgelegd.")
        page.goto(zaak)
        page.get_by_label("Hoe loopt het af?").select_option("geen_contact")
        page.get_by_role("button", name="Sluit de zaak").click()
        expect(page.get_by_role("status")).to_have_text("Het resultaat staat vast.")


def test_browser_loads_nothing_from_elsewhere_and_breaks_no_policy(page: Page, town: tuple[People, list[dict[str, Any]]]) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    login(page, "Els Balie")
    for one in table.PAGES:
        if one.method == "GET" and "{" not in one.path:
            page.goto(one.path)
    hosts = {url.split("/")[2] for url in asked} - {town[0].address.split("/")[2]}
    assert [host for host in hosts if not host.startswith("127.0.0.1:")] == []  # the login service
    assert said == []
