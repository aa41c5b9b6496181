"""The officer's pages that a form leads to, as steps in a browser: a resident's request, its confirmation by the municipality, a leak."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from gateway.core.clock import dutch_day
from tests.e2e.officers import BASE, OFFICERS
from tests.e2e.people import People
from tests.gateways import CLOCK


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def inquire(page: Page, signal: dict[str, Any], kenmerk: str) -> None:
    """Take up the request of whom a signal is about."""
    page.get_by_role("link", name="Inzage").click()
    page.get_by_label("Kenmerk van het verzoek").fill(kenmerk)
    page.get_by_label("Achternaam").fill(signal["personen"][0]["achternaam"])
    page.get_by_label("Geboortedatum").fill(signal["personen"][0]["geboortedatum"])
    for name in ("postcode", "huisnummer", "huisletter", "toevoeging"):
        page.get_by_label(name.capitalize()).first.fill(str(signal["adres"].get(name, "")))
    page.get_by_role("button", name="Neem in behandeling").click()
    heading(page, f"Inzage {kenmerk}")


def confirm(people: People, page: Page, oin: str) -> None:
    """The municipality says that every hit but by address is the resident's."""
    id = page.url.partition("?")[0].rpartition("/")[2]
    with closing(people.gateway.connect(oin)) as town, closing(people.gateway.connect(OFFICERS[0])) as officer:
        hits = officer.get(f"{BASE}/inzageverzoeken/{id}").json()["treffers"]
        said = {"berichten": [hit["bericht"] for hit in hits if hit["zekerheid"] != "adres"]}
        assert said["berichten"]
        assert town.post(f"{BASE}/inzageverzoeken/{id}/_bevestig", said).status == 200


def leak(page: Page) -> None:
    """Count what a year touched."""
    today = dutch_day(CLOCK.now())
    page.get_by_role("link", name="Datalek").click()
    page.get_by_label("Eerste dag").fill((today - timedelta(days=365)).isoformat())
    page.get_by_label("Laatste dag").fill(today.isoformat())
    page.get_by_role("button", name="Tel").click()


def beyond(page: Page, people: People, oin: str, signal: dict[str, Any], width: int) -> Iterator[str]:
    """The pages that a form leads to: what each is called."""
    page.goto("/toezicht/inzage")
    page.get_by_role("button", name="Neem in behandeling").click()
    yield "inzage-fout"
    inquire(page, signal, f"AVG-{width}")
    yield "inzageverzoek"
    confirm(people, page, oin)
    page.reload()
    yield "inzageverzoek-bevestigd"
    page.get_by_role("button", name="Toon het uittreksel").click()
    yield "uittreksel"
    page.goto("/toezicht/inzage")
    yield "inzage-lijst"
    leak(page)
    yield "datalek-geteld"
