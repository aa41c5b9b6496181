"""An integrator and the operator at work in Chromium: a partner from `aangemeld` onwards, by keyboard only and without JavaScript."""

import re
from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.synthetic.aanmelddienst import Persoon
from gateway.onboarding import toetsen
from gateway.sandbox.login import OPERATOR
from gateway.sandbox.parties import INTEGRATOR, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from schemas.toets import Scenario, Toetsuitslag
from tests.architecture.tree import ROOT
from tests.console.balie import csr
from tests.e2e.people import People, barriers, chromium, login, people, shot, window
from tests.gateways import CLOCK, office

INA = Persoon("ina", "Ina Bouwman", {"seinhuis_oin": INTEGRATOR, "seinhuis_rollen": ["integrator"]})
OLGA, PIET = (
    Persoon(name, f"{name.capitalize()} Smit", {"seinhuis_oin": OPERATOR, "seinhuis_rollen": ["beheerder"]}) for name in ("olga", "piet")
)
NEW = "00000099000000084000"
SHIPPED = ROOT / "docs" / "voorbeelden" / "profielen"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    with people(tmp_path_factory.mktemp("console"), INA, OLGA, PIET) as found:
        yield found


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def approve(browser: Browser, house: People, what: str, name: str) -> None:
    """Olga agrees with the newest request."""
    with window(browser, house.address) as page:
        login(page, "Olga Smit")
        page.get_by_role("link", name="Verzoeken").click()
        shot(page, f"30-verzoeken-{name}")
        page.get_by_role("link", name=re.compile(what)).first.click()
        shot(page, f"31-verzoek-{name}")
        page.get_by_label("Goedkeuren").check()
        page.get_by_role("button", name="Leg vast").click()
        expect(page.get_by_role("status")).to_have_text("Uw besluit is vastgelegd.")


def result(gateway: Sandbox) -> str:
    """What the suite would have signed."""
    scenario = Scenario(naam="goed_bericht", soort="signaal", uitkomst="geslaagd")
    bare = Toetsuitslag(id="019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f21", deelnemer=NEW, mond="api", soorten=["signaal"], suite="1.0.0",  # type: ignore[arg-type]
                        scenarios=[scenario], geslaagd=True, getoetst_op=CLOCK.now())  # fmt: skip
    with office(gateway) as register:
        return msgspec.json.encode(toetsen.sign(bare, register.keys)).decode()


def test_integrator_brings_a_new_partner_into_shadow(browser: Browser, house: People) -> None:
    with window(browser, house.address) as page:
        login(page, "Ina Bouwman")
        heading(page, "Uw deelnemers")
        shot(page, "32-begin-integrator")
        page.get_by_role("link", name="Aanmelden").click()
        for label, value in (("OIN", NEW), ("Naam van de organisatie", "Woonstichting Nieuw"), ("Kenmerk van de machtiging", "M-2026-1"),
                             ("Sectoren", "huur")):  # fmt: skip
            page.get_by_label(label, exact=True).fill(value)
        for label in ("Schuldeiser", "Signaalpartner"):
            page.get_by_label(label, exact=True).check()
        page.get_by_label("signalen aanleveren").first.check()
        shot(page, "33-aanmelden")
        page.get_by_role("button", name="Meld aan").click()
        expect(page.get_by_role("status")).to_contain_text("Uw verzoek is vastgelegd")
        approve(browser, house, "Nieuwe deelnemer", "aanmelden")
        page.goto("/aansluiten/deelnemers")
        for _ in range(20):  # the register is looked at every second
            if page.get_by_role("link", name="Woonstichting Nieuw").count():
                break
            page.wait_for_timeout(500)
            page.reload()
        shot(page, "34-deelnemers")
        page.get_by_role("link", name="Woonstichting Nieuw").click()
        page.get_by_role("button", name="Zet in test").click()
        heading(page, "Stap zetten")
        expect(page.get_by_text("kan nog niet")).to_be_visible()  # a gate
        shot(page, "35-poort")
        page.goto(f"/aansluiten/deelnemer?oin={NEW}")
        page.get_by_role("link", name="Certificaat toevoegen").click()
        page.get_by_label("Of een certificaataanvraag").fill(csr(NEW))
        page.get_by_role("button", name="Registreer").click()
        expect(page.get_by_role("status")).to_contain_text("geregistreerd")
        shot(page, "36-certificaat")
        page.get_by_role("link", name="Terug naar de deelnemer").click()
        page.get_by_role("button", name="Zet in test").click()
        expect(page.get_by_role("status")).to_have_text("De stap is gezet.")
        page.get_by_role("link", name="Toetsuitslag vastleggen").click()
        page.get_by_label("Toetsuitslag").fill(result(house.gateway))
        page.get_by_role("button", name="Leg vast").click()
        page.get_by_role("button", name="Zet op getoetst").click()
        page.get_by_role("link", name="Papier vastleggen").click()
        page.get_by_label("Verwerkersovereenkomst").check()
        page.get_by_label("Kenmerk").fill("VO-2026-9")
        page.get_by_label("Versie").fill("1.0")
        page.get_by_label("Eerste dag").fill("2026-01-01")
        page.get_by_role("button", name="Leg vast").click()
        page.get_by_role("button", name="Zet in schaduw").click()
        expect(page.get_by_role("status")).to_have_text("De stap is gezet.")
        expect(page.get_by_role("cell", name="nog geen schaduwaanlevering")).to_be_visible()
        shot(page, "37-deelnemer")


def test_suspended_partner_becomes_active_again_with_two_people(browser: Browser, house: People) -> None:
    """Olga asks, Piet decides; of a partner that was let in to try things the gates are open."""
    with window(browser, house.address) as page, window(browser, house.address) as second:
        login(page, "Olga Smit")
        page.goto(f"/beheer/deelnemer?oin={SCHULDEISERS[1].oin}")
        page.get_by_role("button", name="Schort op").click()
        expect(page.get_by_text("Opgeschort", exact=True)).to_be_visible()
        page.get_by_role("button", name="Vraag aan om actief te maken").click()
        page.get_by_role("link", name=re.compile("Actief maken")).first.click()
        expect(page.get_by_text("uw eigen verzoek")).to_be_visible()
        shot(page, "38-eigen-verzoek")
        login(second, "Piet Smit")
        second.goto(page.url)
        second.get_by_label("Goedkeuren").check()
        second.get_by_role("button", name="Leg vast").click()
        page.goto(f"/beheer/deelnemer?oin={SCHULDEISERS[1].oin}")
        expect(page.locator(".utrecht-badge-status").get_by_text("Actief", exact=True)).to_be_visible()


ABOUT = ("deelnemer", "aansluiting", "papier", "certificaat", "toets", "profiel", "mandaat")
PATHS = ("", "/deelnemers", "/aanmelden", "/proef", "/overeenkomsten", "/verzoeken",
         *(f"/{name}?oin={SCHULDEISERS[0].oin}" for name in ABOUT))  # fmt: skip


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(("who", "base"), [("Ina Bouwman", "/aansluiten"), ("Olga Smit", "/beheer")])
def test_no_page_keeps_anybody_out(browser: Browser, house: People, who: str, base: str, width: int) -> None:
    """Must show 1: axe-core on every page, wide and narrow, with and without errors; nothing is shifted sideways."""
    with window(browser, house.address, width=width) as page:
        login(page, who)
        found, wide = [], []
        for path in (*PATHS, *(("/gezondheid",) if base == "/beheer" else ())):
            page.goto(base + path)
            found += barriers(page)
            wide += [path] if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth") else []
            shot(page, f"39-{base[1:]}-{path.partition('?')[0].strip('/') or 'begin'}-{width}")
        page.goto(f"{base}/aanmelden")
        page.get_by_role("button", name="Meld aan").click()
        expect(page.get_by_role("alert")).to_be_visible()
        found += barriers(page)
        shot(page, f"40-{base[1:]}-fout-{width}")
        page.goto(f"{base}/proef")
        page.get_by_label("Profiel (TOML)").fill((SHIPPED / "verhuurder.toml").read_text())
        page.get_by_label("Regels van een bestand").fill((SHIPPED / "verhuurder.csv").read_text(encoding="cp1252"))
        page.get_by_role("button", name="Bekijk").click()
        expect(page.get_by_role("heading", name="Zo wordt het gelezen")).to_be_visible()
        found += barriers(page)
        shot(page, f"41-{base[1:]}-proef-{width}")
        page.goto(f"{base}/overeenkomsten")
        page.get_by_label("Lijst (CSV)").fill("schuldeiser;gemeentecode;sector;geldig_van;geldig_tot\n")
        page.get_by_role("button", name="Bekijk").click()
        found += barriers(page)
    assert (found, wide) == ([], [])


def test_keyboard_alone_is_enough(browser: Browser, house: People) -> None:
    with window(browser, house.address) as page:
        login(page, "Ina Bouwman")
        tab_to(page, "Deelnemers")
        page.keyboard.press("Enter")
        heading(page, "Alle deelnemers")
        tab_to(page, SCHULDEISERS[0].naam)
        page.keyboard.press("Enter")
        heading(page, SCHULDEISERS[0].naam)
        tab_to(page, "Papier vastleggen")
        page.keyboard.press("Enter")
        heading(page, "Papier vastleggen")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.type") == "radio":
                break
        page.keyboard.press("Space")
        for text in ("VO-1", "1.0", "01012026"):
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        tab_to(page, "Leg vast")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("De wijziging is vastgelegd.")


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until what has focus is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("e => (e.labels?.[0] ?? e).innerText.trim()", page.evaluate_handle("document.activeElement")) == name:
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_everything_works_without_javascript(browser: Browser, house: People) -> None:
    with window(browser, house.address, scripts=False) as page:
        login(page, "Olga Smit")
        heading(page, "Deelnemers")
        page.get_by_role("link", name="Gezondheid").click()
        expect(page.get_by_text("Log is bij")).to_be_visible()
        page.get_by_role("link", name="Deelnemers").last.click()
        page.get_by_role("link", name=SCHULDEISERS[2].naam).click()
        page.get_by_role("link", name="Certificaat toevoegen").click()
        page.get_by_label("Certificaat (PEM)").fill("niets")
        page.get_by_role("button", name="Registreer").click()
        expect(page.get_by_role("alert")).to_contain_text("geen certificaat")
