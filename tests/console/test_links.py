"""A link fills in no form: a page takes over of its query which row it is about, and nothing that somebody would send as his own."""

import re

import pytest

from adapters.synthetic.aanmelddienst import Persoon
from gateway.console.app import TABLE
from gateway.core import ids
from tests.console import creditor
from tests.console.balie import INA, OLGA, Balie
from tests.console.offices import ANNE, CLERKLY, Browser, Offices
from tests.flows import world as flows
from tests.onboarding.world import LANDLORD
from tests.overviews import hall

ROW = {"oin", "bericht", "werkbak", "sector", "voor"}
"""What a page with a form to send may take from a link: which row, which page of a list."""
CHOSEN = ROW | {"van", "tot", "afgedaan", "soort", "staat", "stand", "na", "deel", "vorm"}
"""What a page may take that only shows."""
FREE = "Kanarie-vrij"
FIELD = re.compile(r'name="([^"]+)"')
WITHOUT_ID = [page for page in TABLE if page.method == "GET" and "{" not in page.path]


def own(page: Browser, path: str, **known: str) -> tuple[str, set[str]]:
    """A page with all of its fields in the link but those that it knows, and which those are; `known` as it says."""
    knows = next((row.query for row in WITHOUT_ID if row.path == path), frozenset())
    fields = set(FIELD.findall(page.get(path, params=known).text)) - {"csrf", "viewport"} - knows
    return page.get(path, params={**dict.fromkeys(fields, FREE), **known}).text, fields


def test_what_a_page_knows_of_a_link_is_an_identifier_or_a_choice() -> None:
    sent = {page.path for page in TABLE if page.method == "POST"}
    assert {name for page in TABLE for name in page.query} == CHOSEN
    assert {page.id: page.query - ROW for page in TABLE if page.path in sent and page.query - ROW} == {}
    assert [page.id for page in TABLE if page.method == "POST" and page.query] == []


@pytest.mark.parametrize(("who", "base"), [(ANNE, "/toezicht"), (CLERKLY, "/gemeente")])
def test_no_link_fills_in_a_form_of_an_officer_or_a_clerk(offices: Offices, who: Persoon, base: str) -> None:
    browser = offices.browser().login(who, base)
    tried = set()
    for page in WITHOUT_ID:
        if page.path.startswith(base):
            text, fields = own(browser, page.path)
            assert FREE not in text, page.path
            tried |= fields
    assert {"/toezicht": {"kenmerk", "achternaam", "medewerker"}, "/gemeente": {"zaaknummer", "naam", "code"}}[base] <= tried


def test_no_link_fills_in_a_form_of_a_creditor(offices: Offices) -> None:
    browser = creditor.enter(offices)
    text, fields = own(browser, "/schuldeiser/signaal", sector="huur")
    assert ({"achternaam", "bedrag", "verklaring"} <= fields, FREE in text, "Vordering" in text) == (True, False, False)
    offices.ask(flows.LANDLORD, by=hall.CLERK)
    text, fields = own(browser, f"/schuldeiser/vragen/{offices.mine(flows.LANDLORD, 'open')[0].id}")
    assert ({"saldo-1", "klantnummer", "antwoord"} <= fields, FREE in text) == (True, False)


@pytest.mark.parametrize("who", [OLGA, INA])
def test_no_link_fills_in_a_form_at_the_counter(balie: Balie, who: Persoon) -> None:
    """A forged link must not make an operator grant what somebody else wrote down."""
    window, tried = balie.window(who), set()
    for page in WITHOUT_ID:
        if page.path.startswith(f"{window.base}/"):
            text, fields = own(window, page.path, oin=LANDLORD)
            assert FREE not in text, page.path
            tried |= fields
    assert {"gemachtigde", "naam", "kenmerk", "versie", "certificaat", "profiel", "lijst", "patroon"} <= tried
    choices = {"rol": "schuldeiser", "schuldeiser": "ja", "api/zaak": "ja"}
    ticked = window.get(f"{window.base}/mandaat", params={"oin": LANDLORD, **choices}).text
    assert (" checked" in ticked, LANDLORD in ticked) == (False, True)


def test_row_that_a_link_names_is_taken_over_and_a_sentence_is_not(offices: Offices) -> None:
    """The control: what the page does know comes through."""
    browser, bericht = offices.browser().login(ANNE), ids.new()
    shown = browser.get("/toezicht/ontzegelen", params={"bericht": str(bericht), "kenmerk": FREE}).text
    assert (f'value="{bericht}"' in shown, FREE in shown) == (True, False)
    for value in ("Bel 020 123", "<b>", "x" * 65):
        assert 'name="bericht" type="text" value=""' in browser.get("/toezicht/ontzegelen", params={"bericht": value}).text
