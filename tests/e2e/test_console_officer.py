"""A privacy officer at work in Chromium: from login to sign-off, a name with a colleague, by keyboard only and without JavaScript."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.client.connection import Connection
from adapters.synthetic.aanmelddienst import Persoon
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from tests.canaries import lawful
from tests.e2e.inquiries import beyond, confirm, heading, inquire, leak, opened
from tests.e2e.officers import OFFICERS, appoint
from tests.e2e.people import People, barriers, chromium, login, people, shot, tab_to, window
from tests.gateways import seconds_until

UTRECHT = GEMEENTEN[1]
CLAIMS = {"seinhuis_oin": OFFICERS[0], "seinhuis_gemeente": UTRECHT.code, "seinhuis_rollen": ["toezichthouder"]}
ANNE, BRAM = Persoon("anne", "Anne de Boer", CLAIMS), Persoon("bram", "Bram Visser", CLAIMS)
ELS = Persoon("els", "Els Balie", {"seinhuis_oin": UTRECHT.oin, "seinhuis_gemeente": UTRECHT.code, "seinhuis_rollen": ["gemeente"]})
EIGHT = 8


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def town(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[People, dict[str, Any]]]:
    """Signals to Utrecht, each opened by a clerk who took too many in a row; one of them is returned."""
    folder = tmp_path_factory.mktemp("console")
    with people(folder, ANNE, BRAM, ELS) as found, ExitStack() as stack:
        appoint(found.gateway, UTRECHT.oin)
        creditor, desk = (stack.enter_context(closing(found.gateway.connect(oin))) for oin in (SCHULDEISERS[0].oin, UTRECHT.oin))
        of = SCHULDEISERS[0].naam, "Utrecht"
        made = [s for s in lawful(folder, 300, seed=818) if (s["handelsnaam"], s["adres"]["woonplaats"]) == of]
        chosen = next(signal for signal in made if signal["personen"][0].get("geboortedatum"))
        for signal in [chosen, *(one for one in made if one is not chosen)][: EIGHT + 2]:
            assert creditor.post("/schuldeiser/v1/signalen", signal).status == 201
        for nr in range(EIGHT + 1):  # a colleague takes one, then as many of one name as are too many at any hour
            claim = {"doel": "WGS-3-1-b", "maximum": 1, "leaseSeconden": 600, "wijze": "bemand",
                     "medewerker": "m.jansen" if nr else "p.pietersen"}  # fmt: skip
            assert seconds_until(1, partial(claimed, desk, claim)) < 10
        yield found, chosen


def claimed(desk: Connection, claim: dict[str, Any]) -> int:
    """How many messages a claim took."""
    return len(desk.post("/gemeente/v1/inbox/claims", claim).json()["berichten"])


@pytest.fixture
def page(browser: Browser, town: tuple[People, dict[str, Any]]) -> Iterator[Page]:
    with window(browser, town[0].address) as opened:
        yield opened


def search(page: Page, signal: dict[str, Any]) -> None:
    """Look for the resident of a signal."""
    page.get_by_role("link", name="Zoeken").click()
    page.get_by_label("Achternaam").fill(signal["personen"][0]["achternaam"])
    page.get_by_label("Geboortedatum").fill(signal["personen"][0]["geboortedatum"])
    page.get_by_label("Postcode").fill(signal["adres"]["postcode"])
    page.get_by_label("Huisnummer").fill(str(signal["adres"]["huisnummer"]))
    for name in ("huisletter", "toevoeging"):
        page.get_by_label(name.capitalize()).fill(signal["adres"].get(name, ""))
    page.get_by_role("button", name="Zoek").click()


def test_officer_signs_an_access_off(page: Page) -> None:
    login(page, "Anne de Boer")
    heading(page, re.compile("Vandaag"))
    shot(page, "01-vandaag")
    page.get_by_role("link", name="Te beoordelen").first.click()
    heading(page, "Te beoordelen")
    shot(page, "02-te-beoordelen")
    page.get_by_role("link", name=re.compile(r"Regel \d+ beoordelen")).first.click()
    shot(page, "03-regel")
    page.get_by_label("In orde").check()
    page.get_by_role("button", name="Leg vast").click()
    expect(page.get_by_role("status")).to_have_text("Uw oordeel is vastgelegd.")
    page.get_by_label("Ook wat al in orde is").check()
    page.get_by_role("button", name="Toon").click()
    expect(page.get_by_role("cell", name="In orde")).to_have_count(1)


def test_name_opens_with_a_colleague(browser: Browser, page: Page, town: tuple[People, dict[str, Any]]) -> None:
    login(page, "Anne de Boer")
    search(page, town[1])
    page.get_by_role("row", name=re.compile("Signaal bezorgd")).get_by_role("link").click()
    page.get_by_role("link", name="Naam bij dit bericht laten ontzegelen").click()
    page.get_by_label("Klacht").check()
    page.get_by_label("Kenmerk van uw dossier").fill("KL-2026-014")
    shot(page, "06-ontzegelen")
    page.get_by_role("button", name="Vraag ontzegeling").click()
    page.get_by_role("button", name="Keur goed").click()
    heading(page, "Niet toegestaan")
    shot(page, "07-geweigerd")
    with window(browser, town[0].address) as second:
        login(second, "Bram Visser")
        second.get_by_role("link", name="Ontzegelen").click()
        shot(second, "08-gevraagd")
        second.get_by_role("link", name="KL-2026-014").click()
        second.get_by_role("button", name="Keur goed").click()
        expect(second.get_by_role("status")).to_have_text("Uw besluit is vastgelegd.")
    page.goto("/toezicht/ontzegelen")
    page.get_by_role("link", name="KL-2026-014").click()
    page.get_by_role("button", name="Open de naam").click()
    heading(page, "Naam geopend")
    expect(page.get_by_text(town[1]["personen"][0]["achternaam"], exact=False)).to_be_visible()
    shot(page, "09-geopend")


def test_resident_gets_an_extract(browser: Browser, page: Page, town: tuple[People, dict[str, Any]]) -> None:
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    login(page, "Anne de Boer")
    inquire(page, town[1], "AVG-2026-014")
    shot(page, "15-inzage-gevraagd")
    with window(browser, town[0].address) as clerk:
        opened(clerk, "AVG-2026-014")
        shot(clerk, "15-inzage-bevestigen")
        confirm(clerk)
    page.reload()
    page.get_by_role("button", name="Toon het uittreksel").click()
    heading(page, "Uittreksel AVG-2026-014")
    expect(page.get_by_role("cell", name="Signaal bezorgd")).to_have_count(1)
    shot(page, "16-uittreksel")
    page.get_by_role("link", name="Terug naar het verzoek").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Bewaar als bestand (JSON)").click()
    kept = json.loads(download.value.path().read_bytes())
    assert "signaal.bezorgd" in {one["wat"] for one in kept["verwerkingen"]}
    whom = town[1]["personen"][0]["achternaam"], town[1]["adres"]["postcode"]
    assert [url for url in seen if any(part in url for part in whom)] == []


def test_leak_is_counted_and_kept(page: Page) -> None:
    login(page, "Anne de Boer")
    leak(page)
    expect(page.get_by_role("row", name=re.compile("Signaal bezorgd"))).to_have_count(1)
    shot(page, "17-datalek")
    with page.expect_download() as download:
        page.get_by_role("button", name="Bewaar voor een spreadsheet (CSV)").click()
    assert '"signaal.bezorgd"' in download.value.path().read_text(encoding="utf-8-sig")


PATHS = ("/toezicht", "/toezicht/toegangen", "/toezicht/zoeken", "/toezicht/ontzegelen", "/toezicht/inzage", "/toezicht/datalek",
         "/toezicht/eigen-adressen", "/toezicht/verwerkingen", "/toezicht/doelen", "/toezicht/bewaring", "/toezicht/keten", "/rol",
         "/bestaat-niet")  # fmt: skip


WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_keeps_anybody_out(browser: Browser, town: tuple[People, dict[str, Any]], width: int) -> None:
    """Must show 1: axe-core, on a desk and on a telephone, where nothing may need to be shifted sideways."""
    with window(browser, town[0].address, width=width) as page:
        page.goto("/")
        found, wide = barriers(page), []
        shot(page, f"10-begin-{width}")
        login(page, "Anne de Boer")
        for path in PATHS:
            page.goto(path)
            found += barriers(page)
            wide += [path] if page.evaluate(WIDER) else []
            shot(page, f"11-{path.rpartition('/')[2]}-{width}")
        page.goto("/toezicht")
        search(page, {**town[1], "personen": [{**town[1]["personen"][0], "geboortedatum": ""}]})
        expect(page.get_by_role("alert")).to_be_visible()
        found += barriers(page)
        shot(page, f"12-fout-{width}")
        search(page, town[1])
        found += barriers(page)
        page.get_by_role("row", name=re.compile("Bericht geclaimd|Signaal bezorgd")).first.get_by_role("link").click()
        page.get_by_text("De regel zoals zij in de log staat").click()
        found += barriers(page)
        shot(page, f"13-regel-{width}")
        with window(browser, town[0].address, width=width) as clerk:
            for where, reached in beyond(page, clerk, town[1], f"AVG-{width}"):
                found += barriers(where)
                wide += [reached] if where.evaluate(WIDER) else []
                shot(where, f"18-{reached}-{width}")
    assert (found, wide) == ([], [])


def test_check_for_barriers_finds_one(page: Page) -> None:
    """The control."""
    page.set_content("<html><body><img src='/x.png'><input><p style='color:#eee'>grijs</p></body></html>")
    assert len(barriers(page)) >= 2


def test_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    tab_to(page, "Aanmelden")
    page.keyboard.press("Enter")
    heading(page, "Aanmelddienst (verzonnen)")
    tab_to(page, "Anne de Boer")
    page.keyboard.press("Enter")
    heading(page, re.compile("Vandaag"))
    tab_to(page, "Te beoordelen")
    page.keyboard.press("Enter")
    heading(page, "Te beoordelen")
    for _ in range(60):
        page.keyboard.press("Tab")
        if "/toezicht/regels/" in page.evaluate("document.activeElement.href || ''"):
            break
    shot(page, "14-focus")
    page.keyboard.press("Enter")
    heading(page, re.compile("Regel"))
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    tab_to(page, "Leg vast")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Uw oordeel is vastgelegd.")
    tab_to(page, "Afmelden")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("U bent afgemeld.")


def test_everything_works_without_javascript(browser: Browser, town: tuple[People, dict[str, Any]]) -> None:
    with window(browser, town[0].address, scripts=False) as page:
        login(page, "Bram Visser")
        search(page, town[1])
        page.get_by_role("row", name=re.compile("Signaal bezorgd")).get_by_role("link").click()
        heading(page, re.compile("Signaal bezorgd"))
        page.get_by_text("De regel zoals zij in de log staat").click()
        expect(page.get_by_text("gebeurtenis", exact=False).first).to_be_visible()
        page.get_by_role("button", name="Afmelden").click()
        expect(page.get_by_role("status")).to_have_text("U bent afgemeld.")


def test_browser_loads_nothing_from_elsewhere_and_breaks_no_policy(page: Page, town: tuple[People, dict[str, Any]]) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    login(page, "Anne de Boer")
    for path in PATHS[:-1]:
        page.goto(path)
    hosts = {url.split("/")[2] for url in asked} - {town[0].address.split("/")[2]}
    assert [host for host in hosts if not host.startswith("127.0.0.1:")] == []  # the login service
    assert said == []


def test_signal_is_found_with_its_proof_in_five_clicks(page: Page, town: tuple[People, dict[str, Any]]) -> None:
    clicks = []
    page.on("framenavigated", lambda frame: clicks.append(frame.url))
    login(page, "Anne de Boer")  # two
    search(page, town[1])  # four
    shot(page, "04-gevonden")
    page.get_by_role("row", name=re.compile("Signaal bezorgd")).get_by_role("link").click()  # five
    heading(page, re.compile("Signaal bezorgd"))
    for _ in range(70):  # within a minute there is a checkpoint over it; the tests above take most of it
        if page.get_by_text("Gecontroleerd").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    expect(page.get_by_text("Zojuist nagerekend")).to_be_visible()
    shot(page, "05-bewezen")
