"""The register of processing activities as a page and a file, and where staff lives: kept as a seal, and seen in the queue."""

import re

import msgspec
import pytest

from schemas.verwerkingsregister import Verwerkingsregister
from tests.console.offices import ABROADER, ANNE, CLERKLY, ORIGIN, Browser, Offices

REGISTER, HOMES = "/toezicht/verwerkingen", "/toezicht/eigen-adressen"
HOME = {"medewerker": "m.jansen", "postcode": "2011 ab", "huisnummer": "12"}


@pytest.fixture
def officer(offices: Offices) -> Browser:
    return offices.browser().login(ANNE)


def test_register_is_whole_on_the_page_and_in_its_files(offices: Offices, officer: Browser) -> None:
    known, page = offices.processings(), officer.get(REGISTER).text
    assert page.count("<details") == len(known.verwerkingen) > 10
    assert all(row.id in page for one in known.verwerkingen for row in one.rijen)
    assert known.registerversie[:12] in page
    kept = officer.get(f"{REGISTER}/bestand?vorm=json")
    assert msgspec.json.decode(kept.content, type=Verwerkingsregister) == known
    printed = officer.get(f"{REGISTER}/bestand?vorm=html")
    assert (known.registerversie in printed.text, "<script" in printed.text) == (True, False)
    for answer, vorm in ((kept, "json"), (printed, "html")):  # neither is shown as a page of ours
        assert re.fullmatch(rf"attachment; filename\*=UTF-8''verwerkingsregister-2026-11-23\.{vorm}", answer.headers["content-disposition"])
    wrong = officer.get(f"{REGISTER}/bestand?vorm=exe")
    assert (wrong.status_code, "Niet alles is goed ingevuld" in wrong.text) == (400, True)


def test_look_at_an_own_address_is_in_the_queue_and_nobody_reads_where_staff_lives(offices: Offices, officer: Browser) -> None:
    first = officer.submit(HOMES, **HOME)
    again = officer.submit(HOMES, **{**HOME, "huisnummer": "99"})
    assert ["is nu één adres" in first.text, "zijn nu 2 adressen" in again.text] == [True, True]
    assert not [text for text in (first.text, again.text, officer.get(HOMES).text) if re.search("m.jansen|2011 ?ab", text, re.IGNORECASE)]
    bodies = [bytes(body).decode() for (body,) in offices.rows("SELECT body FROM log_entry WHERE event = 'toezicht.eigen_adres'")]
    assert len(bodies) == 2
    assert not [body for body in bodies if re.search("jansen|2011", body)]
    offices.delivered(offices.of(12))
    offices.take("m.jansen")
    offices.number()
    assert "Een adres van een eigen medewerker" in officer.get("/toezicht/toegangen").text


def test_look_at_another_address_is_no_own_address(offices: Offices, officer: Browser) -> None:
    """The control."""
    officer.submit(HOMES, **{**HOME, "huisnummer": "99"})
    offices.delivered(offices.of(12))
    offices.take("m.jansen")
    offices.number()
    page = officer.get("/toezicht/toegangen").text
    assert ("zijn 1 keer gegevens geopend" in page, "Een adres van een eigen medewerker" in page) == (True, False)


@pytest.mark.parametrize(("changes", "field"), [
    ({"medewerker": ""}, "medewerker"),
    ({"medewerker": "999990019"}, "medewerker"),
    ({"postcode": "2011"}, "postcode"),
    ({"huisnummer": "x"}, "huisnummer"),
])  # fmt: skip
def test_form_that_does_not_fit_comes_back(offices: Offices, officer: Browser, changes: dict[str, str], field: str) -> None:
    answer = officer.submit(HOMES, **{**HOME, **changes})
    assert (answer.status_code, f'href="#{field}"' in answer.text) == (400, True)
    assert offices.entries("toezicht.eigen_adres") == []


def test_only_an_officer_comes_here_and_only_by_a_form_of_ours(offices: Offices, officer: Browser) -> None:
    clerk, abroad = offices.browser().login(CLERKLY, "/gemeente"), offices.browser().login(ABROADER)
    assert [clerk.get(path).status_code for path in (REGISTER, f"{REGISTER}/bestand?vorm=json", HOMES)] == [403] * 3
    assert clerk.submit(HOMES, **HOME).status_code == 403
    for csrf, origin in ((abroad.csrf, ORIGIN), ("", ORIGIN), (officer.csrf, "https://elders.example")):
        assert officer.post(HOMES, data={"csrf": csrf, **HOME}, headers={"Origin": origin}).status_code == 403
    assert offices.entries("toezicht.eigen_adres") == []
    assert "is nu één adres" in abroad.submit(HOMES, **HOME).text  # the control; of its own municipality
    assert "is nu één adres" in officer.submit(HOMES, **HOME).text
