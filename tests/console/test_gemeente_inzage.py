"""The municipality confirms a resident's request on a page: once, as another than who asked, and never what was found by address only."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest

from gateway.console.gemeente import table
from schemas.schuldenoverzicht import GevraagdeSchuldeiser
from tests.console.offices import ANNE, BOTH, CLERKLY, FARAWAY, ORIGIN, Browser, Offices
from tests.console.test_gemeente import HOME
from tests.console.walking import Step, walked
from tests.flows.world import LANDLORD
from tests.oversight.bureau import address

PATH = "/gemeente/inzage"


@pytest.fixture
def clerk(offices: Offices) -> Browser:
    return offices.browser().login(CLERKLY, HOME)


def taken_up(offices: Offices, *signals: dict[str, object]) -> tuple[str, list[UUID]]:
    """Where a request is, and the messages that there are."""
    berichten = offices.delivered(*(signals or (offices.of(),)))
    return f"{PATH}/{offices.inquire(address()).id}", list(berichten)


def ticks(*berichten: UUID, **more: str) -> dict[str, str]:
    return {**{f"bericht-{id}": "ja" for id in berichten}, **more}


def test_every_page_works_and_leaves_its_entry(offices: Offices, clerk: Browser) -> None:
    path, berichten = taken_up(offices)

    def steps() -> Iterator[Step]:
        by = {(page.method, page.path): page for page in table.RESIDENTS}
        row = f"{PATH}/{{id}}"
        yield by["GET", PATH], clerk.get(PATH).status_code
        yield by["GET", row], clerk.get(path).status_code
        yield by["POST", f"{row}/bevestiging"], clerk.submit(f"{path}/bevestiging", **ticks(*berichten)).status_code

    assert walked(offices, steps()) == set(table.RESIDENTS)
    assert None not in {entry.gebruiker for entry in offices.entries("inzage.bevestigd")}


def test_officer_gets_what_was_ticked_with_the_overview(offices: Offices, clerk: Browser) -> None:
    path, (mine, other) = taken_up(offices, offices.of(12), offices.of(99))
    overview = offices.ask(GevraagdeSchuldeiser(oin=LANDLORD.principal))
    assert "wacht op uw bevestiging" in clerk.get(PATH).text.lower()
    page = clerk.get(path).text
    assert all(f'name="bericht-{id}"' in page for id in (mine, other))
    said = clerk.submit(f"{path}/bevestiging", **ticks(mine), **{f"overzicht-{overview.id}": "ja"})
    assert (said.status_code, said.headers["location"]) == (303, f"{path}?melding=inzage_bevestigd")
    assert all(word in clerk.get(path).text for word in ("1 bericht en 1 schuldenoverzicht", f"…{str(mine)[-8:]}"))
    officer = offices.browser().login(ANNE)
    extract = officer.submit(f"{path.replace('gemeente', 'toezicht')}/uittreksel").text
    assert (extract.count("Signaal bezorgd"), f"Schuldenoverzicht {overview.kenmerk}" in extract) == (1, True)


def test_case_of_a_message_is_shown_and_no_name(offices: Offices, clerk: Browser) -> None:
    path, (bericht,) = taken_up(offices)
    assert "zonder zaak" in clerk.get(path).text
    offices.take()
    offices.open_case(bericht, zaaknummer="ZAAK-12")
    page = clerk.get(path).text
    assert "zaak ZAAK-12" in page
    assert not re.search("Vries|1985|2011 ?AB", page + clerk.get(PATH).text)


def test_what_was_found_by_address_only_cannot_be_chosen_nor_sent(offices: Offices, clerk: Browser) -> None:
    path, (mine, housemate) = taken_up(offices, offices.of(12), offices.of(12, "Bakker"))
    assert str(housemate) not in clerk.get(path).text
    answer = clerk.submit(f"{path}/bevestiging", **ticks(mine, housemate))
    assert (answer.status_code, "alleen op adres gevonden" in answer.text) == (409, True)
    assert offices.entries("inzage.bevestigd") == []
    assert clerk.submit(f"{path}/bevestiging", **ticks(mine)).status_code == 303  # the control


@pytest.mark.parametrize("fields", [{}, {"geen": "ja", "bericht": "ja"}])
def test_nothing_is_confirmed_by_mistake(offices: Offices, clerk: Browser, fields: dict[str, str]) -> None:
    path, (mine,) = taken_up(offices)
    sent = {"geen": "ja", **ticks(mine)} if "bericht" in fields else {}
    answer = clerk.submit(f"{path}/bevestiging", **sent)
    assert (answer.status_code, 'href="#geen"' in answer.text) == (400, True)
    assert clerk.submit(f"{path}/bevestiging", **{"bericht-12": "ja"}).status_code == 400
    assert offices.entries("inzage.bevestigd") == []
    assert clerk.submit(f"{path}/bevestiging", geen="ja").status_code == 303
    assert clerk.submit(f"{path}/bevestiging", **ticks(mine)).status_code == 409  # once


def test_only_the_municipality_itself_confirms_and_only_its_own(offices: Offices, clerk: Browser) -> None:
    path, (mine,) = taken_up(offices)
    officer, far = offices.browser().login(ANNE), offices.browser().login(FARAWAY, HOME)
    assert [officer.get(path).status_code, officer.submit(f"{path}/bevestiging", **ticks(mine)).status_code] == [403, 403]
    assert [far.get(path).status_code, far.submit(f"{path}/bevestiging", **ticks(mine)).status_code] == [404, 404]
    assert path not in far.get(PATH).text
    stolen = {"csrf": far.csrf, **ticks(mine)}
    assert clerk.post(f"{path}/bevestiging", data=stolen, headers={"Origin": ORIGIN}).status_code == 403
    own = {"csrf": clerk.csrf, **ticks(mine)}
    assert clerk.post(f"{path}/bevestiging", data=own, headers={"Origin": "https://elders.example"}).status_code == 403
    assert offices.entries("inzage.bevestigd") == []
    assert clerk.submit(f"{path}/bevestiging", **ticks(mine)).status_code == 303  # the control


def test_who_asked_for_it_does_not_confirm_it_in_another_role(offices: Offices) -> None:
    (mine,) = offices.delivered(offices.of())
    offices.number()
    gert = offices.browser().login(BOTH)
    whom = {"achternaam": "Vries", "geboortedatum": "1985-03-07", "postcode-1": "2011AB", "huisnummer-1": "12"}
    made = gert.submit("/toezicht/inzage", kenmerk="AVG-1", **whom).headers["location"].partition("?")[0]
    assert gert.submit("/rol", rol="gemeente").status_code == 303
    answer = gert.submit(f"{made.replace('toezicht', 'gemeente')}/bevestiging", **ticks(mine))
    assert (answer.status_code, "INZAGE_EIGEN_VERZOEK" in answer.text) == (403, True)
    assert offices.entries("inzage.bevestigd") == []
