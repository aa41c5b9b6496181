"""The schuldenoverzicht on a screen: asked, followed, opened in one disclosure, withdrawn; another municipality finds nothing."""

import re
from collections.abc import Iterator

import pytest

from gateway.console.gemeente import table
from tests.console.offices import CLERKLY, FARAWAY, Browser, Offices
from tests.console.test_gemeente import HOME
from tests.console.walking import Step, walked
from tests.flows.world import LANDLORD
from tests.overviews.hall import NAME, WATER

PATH = "/gemeente/overzichten"
QUESTION = {
    "grond": "aanvraag", "kenmerk": "SO-1", "zaaknummer": "ZAAK-1", "voorletters": "K.", "achternaam": NAME, "geboortedatum": "1985-03-07",
    "postcode": "2011 ab", "huisnummer": "12", "woonplaats": "Haarlem", "oin-1": LANDLORD.principal, "klant-1": "KL-7",
    "oin-3": WATER.principal,
}  # fmt: skip


@pytest.fixture
def clerk(offices: Offices) -> Browser:
    return offices.browser().login(CLERKLY, HOME)


def asked(clerk: Browser, **changes: str) -> str:
    answer = clerk.submit(f"{PATH}/nieuw", **{**QUESTION, **changes})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].partition("?")[0])


def test_every_page_of_the_overviews_leaves_its_entry(offices: Offices, clerk: Browser) -> None:
    def steps() -> Iterator[Step]:
        by = {(page.method, page.path): page for page in table.OVERVIEWS}
        row = f"{PATH}/{{id}}"
        for path in (PATH, f"{PATH}/nieuw"):
            yield by["GET", path], clerk.get(path).status_code
        path = asked(clerk)
        yield by["POST", f"{PATH}/nieuw"], 303
        yield by["GET", row], clerk.get(path).status_code
        offices.answer(LANDLORD)
        yield by["GET", f"{row}/blad"], clerk.get(f"{path}/blad").status_code
        yield by["POST", f"{row}/intrekking"], clerk.submit(f"{path}/intrekking", reden="traject_beeindigd").status_code

    assert walked(offices, steps()) == set(table.OVERVIEWS)
    users = {entry.gebruiker for entry in offices.entries("schuldenoverzicht.samengesteld")}
    assert users == {entry.gebruiker for entry in offices.entries("console.aangemeld")}


def test_each_creditor_gets_its_own_question(offices: Offices, clerk: Browser) -> None:
    path = asked(clerk)
    assert [len(offices.mine(one, "open")) for one in (LANDLORD, WATER)] == [1, 1]
    page = clerk.get(path).text
    assert page.count("Wacht op antwoord") == 2
    assert "Waterbedrijf" in page
    assert NAME not in page + clerk.get(PATH).text
    opened = offices.question(LANDLORD)
    assert offices.open(opened.vraag, opened.id, "vraag")["klantnummer"] == "KL-7"


def test_whole_is_opened_in_one_disclosure(offices: Offices, clerk: Browser) -> None:
    path = asked(clerk)
    assert "Open het overzicht" not in clerk.get(path).text
    offices.answer(LANDLORD)
    assert "Open het overzicht" in clerk.get(path).text
    assert offices.entries("schuldenoverzicht.samengesteld") == []
    page = clerk.get(f"{path}/blad").text
    assert "€ 400,00" in page
    assert "Waterbedrijf: nog geen antwoord" in page
    (entry,) = offices.entries("schuldenoverzicht.samengesteld")
    assert (entry.gemeente, len(entry.vragen), len(entry.gebruiker)) == ("0392", 1, 43)


def test_own_key_is_told_what_to_do(offices: Offices, clerk: Browser) -> None:
    path = asked(clerk)
    offices.answer(LANDLORD)
    offices.own_key()
    page = clerk.get(path).text
    assert ("clientpakket" in page, "Open het overzicht" in page) == (True, False)
    assert clerk.get(f"{path}/blad").status_code == 409


@pytest.mark.parametrize(("changes", "field"), [
    ({"achternaam": ""}, "achternaam"),
    ({"huisnummer": "x"}, "huisnummer"),
    ({"grond": ""}, "grond"),
    ({"oin-1": "", "oin-3": ""}, "schuldeisers"),
    ({"oin-1": "00000099000000077000"}, "oin"),
    ({"oin-3": LANDLORD.principal}, "oin"),
    ({"uiterlijk": "2020-01-01"}, "uiterlijk"),
    ({"klant-1": "999990019"}, "klantnummer"),
    ({"achternaam": "999990019"}, "achternaam"),
])  # fmt: skip
def test_question_that_does_not_fit_comes_back_with_its_error(
    offices: Offices, clerk: Browser, changes: dict[str, str], field: str
) -> None:
    answer = clerk.submit(f"{PATH}/nieuw", **{**QUESTION, **changes})
    assert (answer.status_code in (400, 409), f'href="#{field}"' in answer.text, f'id="{field}"' in answer.text) == (True, True, True)
    assert offices.rows("SELECT count(*) FROM schuldenoverzicht") == [(0,)]


def test_overview_of_another_municipality_does_not_exist(offices: Offices, clerk: Browser) -> None:
    path = asked(clerk)
    offices.answer(LANDLORD)
    theirs = offices.browser().login(FARAWAY, HOME)
    assert {theirs.get(one).status_code for one in (path, f"{path}/blad")} == {404}
    assert theirs.submit(f"{path}/intrekking", reden="onterecht").status_code == 404
    assert "SO-1" not in theirs.get(PATH).text
    assert re.search("SO-1", clerk.get(PATH).text)  # the control
