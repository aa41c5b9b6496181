"""The officer's pages that a form leads to, as steps in a browser: a resident's request, its confirmation by the municipality, a leak."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from gateway.core.clock import dutch_day
from tests.e2e.people import login
from tests.gateways import CLOCK


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def inquire(page: Page, signal: dict[str, Any], kenmerk: str) -> None:
    """Take up the request of whom a signal is about."""
    page.get_by_role("link", name="Inzage", exact=True).click()
    page.get_by_label("Kenmerk van het verzoek").fill(kenmerk)
    page.get_by_label("Achternaam").fill(signal["personen"][0]["achternaam"])
    page.get_by_label("Geboortedatum").fill(signal["personen"][0]["geboortedatum"])
    for name in ("postcode", "huisnummer", "huisletter", "toevoeging"):
        page.get_by_label(name.capitalize()).first.fill(str(signal["adres"].get(name, "")))
    page.get_by_role("button", name="Neem in behandeling").click()
    heading(page, f"Inzage {kenmerk}")


def opened(page: Page, kenmerk: str) -> None:
    """A worker of the municipality opens a request."""
    login(page, "Els Balie")
    page.get_by_role("link", name="Inzage", exact=True).click()
    page.get_by_role("link", name=kenmerk).click()
    heading(page, f"Inzage {kenmerk}")


def confirm(page: Page) -> None:
    """He says that every message is the resident's."""
    for box in page.get_by_role("checkbox", name=re.compile("ontvangen")).all():
        box.check()
    page.get_by_role("button", name="Bevestig").click()
    expect(page.get_by_role("status")).to_contain_text("Uw bevestiging is vastgelegd.")


def leak(page: Page) -> None:
    """Count what a year touched."""
    today = dutch_day(CLOCK.now())
    page.get_by_role("link", name="Datalek").click()
    page.get_by_label("Eerste dag").fill((today - timedelta(days=365)).isoformat())
    page.get_by_label("Laatste dag").fill(today.isoformat())
    page.get_by_role("button", name="Tel").click()


def beyond(page: Page, clerk: Page, signal: dict[str, Any], kenmerk: str) -> Iterator[tuple[Page, str]]:
    """The pages that a form leads to, of both: where each is, and what it is called."""
    page.goto("/toezicht/inzage")
    page.get_by_role("button", name="Neem in behandeling").click()
    yield page, "inzage-fout"
    inquire(page, signal, kenmerk)
    yield page, "inzageverzoek"
    opened(clerk, kenmerk)
    yield clerk, "bevestigen"
    clerk.get_by_role("button", name="Bevestig").click()
    yield clerk, "bevestigen-fout"
    confirm(clerk)
    yield clerk, "bevestigd"
    page.reload()
    yield page, "inzageverzoek-bevestigd"
    page.get_by_role("button", name="Toon het uittreksel").click()
    yield page, "uittreksel"
    for one, path in ((page, "/toezicht/inzage"), (clerk, "/gemeente/inzage")):
        one.goto(path)
        yield one, path.strip("/").replace("/", "-")
    leak(page)
    yield page, "datalek-geteld"
    page.goto("/toezicht/verwerkingen")
    for blad in page.get_by_text("Het hele blad").all():
        blad.click()
    yield page, "verwerkingen-open"
    page.goto("/toezicht/eigen-adressen")
    page.get_by_label("Medewerker").fill("m.vogel")
    page.get_by_label("Postcode").fill("3511 AB")
    page.get_by_label("Huisnummer").fill("1")
    page.get_by_role("button", name="Leg vast").click()
    expect(page.get_by_role("status")).to_contain_text("Het staat vast.")
    yield page, "eigen-adressen-vast"
