"""The work of a municipality on a screen: from taking a message to its result, with an entry for each disclosure, as who it was."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest

from gateway.console.gemeente import table
from gateway.console.pages import Page
from gateway.core import ids
from tests.console.offices import ANNE, CLERKLY, FARAWAY, Browser, Offices
from tests.console.walking import Step, name, walked
from tests.flows.world import DOEL

HOME = "/gemeente"
CASE = re.compile(r"/gemeente/zaken/([0-9a-f-]{36})")
MESSAGE = re.compile(r'href="/gemeente/berichten/([0-9a-f-]{36})"')


@pytest.fixture
def clerk(offices: Offices) -> Browser:
    return offices.browser().login(CLERKLY, HOME)


def take(clerk: Browser, **fields: str) -> str:
    answer = clerk.submit("/gemeente/neem", **{"doel": DOEL, "maximum": "1", **fields})
    assert answer.status_code == 200, answer.text
    return answer.text


def opened(clerk: Browser, zaaknummer: str = "ZAAK-1") -> tuple[UUID, UUID]:
    """A message that was taken, and its case."""
    found = CASE.search(take(clerk, zaaknummer=zaaknummer))
    assert found
    message = MESSAGE.search(clerk.get(f"/gemeente/zaken/{found[1]}").text)
    assert message
    return UUID(message[1]), UUID(found[1])


def steps(clerk: Browser) -> Iterator[Step]:
    """Use every page of the daily work once, in an order in which each succeeds."""
    by = {(page.method, page.path): page for page in table.WORK}

    def got(path: str, row: str | None = None) -> Step:
        return by["GET", row or path], clerk.get(path).status_code

    def sent(path: str, row: str | None = None, **fields: str) -> Step:
        return by["POST", row or path], clerk.submit(path, **fields).status_code

    for page in table.WORK:
        if page.method == "GET" and "{" not in page.path:
            yield got(page.path)
    one, case = "/gemeente/berichten/{id}", "/gemeente/zaken/{id}"
    path = ""
    for way in ("teruggave", "afwijzing", "bevestiging"):
        answer = clerk.submit("/gemeente/neem", doel=DOEL, maximum="1")
        yield by["POST", "/gemeente/neem"], answer.status_code
        match = MESSAGE.search(answer.text)
        assert match
        path = f"/gemeente/berichten/{match[1]}"
        if way != "bevestiging":
            yield sent(f"{path}/{way}", f"{one}/{way}", reden="geen_inwoner")
    yield got(path, one)
    made = clerk.submit(f"{path}/zaak", zaaknummer="ZAAK-7")
    yield by["POST", f"{one}/zaak"], made.status_code
    zaak = made.headers["location"].partition("?")[0]
    yield got(zaak, case)
    poging = {"kenmerk": "p-1", "soort": "telefoon", "datum": "2026-11-23", "dagdeel": "ochtend", "bereikt": "nee"}
    yield sent(f"{zaak}/contactpogingen", f"{case}/contactpogingen", **poging)
    yield got(f"{path}/terugkoppeling", f"{one}/terugkoppeling")
    yield sent(f"{path}/terugkoppeling/voorbeeld", f"{one}/terugkoppeling/voorbeeld", code="niet_opgepakt")
    yield sent(f"{path}/terugkoppeling", f"{one}/terugkoppeling", code="niet_opgepakt")
    yield sent(f"{zaak}/resultaat", f"{case}/resultaat", resultaat="geen_contact", datum="2026-11-23")
    yield sent(f"{path}/bevestiging", f"{one}/bevestiging", status="verwerkt", zaaknummer="ZAAK-7")


def test_every_page_of_the_work_leaves_its_entry_with_who_it_was(offices: Offices, clerk: Browser) -> None:
    offices.delivered(*(offices.of(huisnummer) for huisnummer in (12, 13, 14)))
    assert walked(offices, steps(clerk)) == set(table.WORK)
    (came,) = offices.entries("console.aangemeld")
    for page in table.WORK:
        if page.leaves is not None:
            assert {entry.gebruiker for entry in offices.entries(name(page.leaves))} == {came.gebruiker}, page.id
    assert {entry.doel for entry in offices.entries("bericht.gelezen")} == {DOEL}


def test_taking_shows_who_it_is_and_lists_never_do(offices: Offices, clerk: Browser) -> None:
    offices.delivered(offices.of(12), offices.of(13, "Bakker"))
    lists = [clerk.get(path).text for path in (HOME, "/gemeente/berichten", "/gemeente/neem", "/gemeente/termijnen", "/gemeente/zaken")]
    assert not [page for page in lists if "Vries" in page or "2011AB" in page]
    assert offices.entries("bericht.geclaimd") == []
    page = take(clerk, zaaknummer="ZAAK-1")
    assert ("Vries" in page, "2011AB 12" in page, "Bakker" in page) == (True, True, False)
    (entry,) = offices.entries("bericht.geclaimd")
    assert (entry.wijze, entry.doel, len(entry.veldgroepen) > 0) == ("bemand", DOEL, True)
    assert len(offices.entries("zaak.geopend")) == 1


def test_case_is_not_over_the_messages_of_several_people(offices: Offices, clerk: Browser) -> None:
    offices.delivered(offices.of(12), offices.of(13, "Bakker"))
    answer = clerk.submit("/gemeente/neem", doel=DOEL, maximum="2", zaaknummer="ZAAK-1")
    assert (answer.status_code, 'href="#zaaknummer"' in answer.text) == (400, True)
    assert offices.entries("bericht.geclaimd") == []


def test_number_in_use_is_said_and_the_message_is_still_in_hand(offices: Offices, clerk: Browser) -> None:
    offices.delivered(offices.of(12), offices.of(13, "Bakker"))
    opened(clerk)
    page = take(clerk, zaaknummer="ZAAK-1")
    assert ("al gebruikt" in page, "Bakker" in page) == (True, True)


def test_preview_is_what_the_creditor_sees_afterwards(offices: Offices, clerk: Browser) -> None:
    (bericht,) = offices.delivered(offices.of())
    take(clerk)
    path = f"/gemeente/berichten/{bericht}/terugkoppeling"
    before = clerk.submit(f"{path}/voorbeeld", code="niet_opgepakt").text
    assert offices.entries("terugkoppeling.vastgelegd") == []
    after = clerk.submit(path, code="niet_opgepakt").text
    part = re.compile(r"<dl.*?</dl>", re.DOTALL)
    assert part.findall(before)[0] == part.findall(after)[0]
    assert "De schuldeiser ziet alleen dit" in before
    (((kenmerk, tekst),)) = offices.rows("SELECT kenmerk, tekst FROM terugkoppeling")
    assert kenmerk in before
    assert tekst in before
    again = clerk.submit(f"{path}/voorbeeld", code="niet_opgepakt").text
    assert ("De schuldeiser ziet niets" in again, "Koppel dit terug" in again) == (True, False)


def test_code_that_a_municipality_did_not_switch_on_is_not_told(offices: Offices, clerk: Browser) -> None:
    (bericht,) = offices.delivered(offices.of())
    take(clerk)
    page = clerk.submit(f"/gemeente/berichten/{bericht}/terugkoppeling/voorbeeld", code="hulp_geaccepteerd").text
    assert "heeft deze terugkoppeling niet aangezet" in page


def test_message_that_nobody_holds_shows_no_person_and_leaves_nothing(offices: Offices, clerk: Browser) -> None:
    (bericht,) = offices.delivered(offices.of())
    page = clerk.get(f"/gemeente/berichten/{bericht}")
    assert (page.status_code, "Vries" in page.text, "Neem het volgende bericht" in page.text) == (200, False, True)
    assert offices.entries("bericht.gelezen") == []
    take(clerk)
    assert "Vries" in clerk.get(f"/gemeente/berichten/{bericht}").text  # the control
    clerk.submit(f"/gemeente/berichten/{bericht}/teruggave")
    assert "Vries" not in clerk.get(f"/gemeente/berichten/{bericht}").text


def test_basket_with_an_own_key_says_what_to_do(offices: Offices, clerk: Browser) -> None:
    offices.own_key()
    (bericht,) = offices.delivered(offices.of())
    for page in (take(clerk), clerk.get(f"/gemeente/berichten/{bericht}").text):
        assert ("eigen sleutel" in page, "Vries" in page) == (True, False)
    assert len(offices.entries("bericht.geclaimd")) == 1


WRONG = [
    ("/gemeente/neem", {"maximum": "1"}, "doel"),
    ("/gemeente/neem", {"doel": DOEL, "maximum": "veel"}, "maximum"),
    ("/gemeente/neem", {"doel": DOEL, "maximum": "26"}, "maximum"),
    ("/gemeente/neem", {"doel": DOEL, "maximum": "1", "werkbak": "bestaat-niet"}, "werkbak"),
    ("/gemeente/neem", {"doel": DOEL, "zaaknummer": "J. de Vries"}, "zaaknummer"),
    ("/gemeente/neem", {"doel": DOEL, "zaaknummer": "999990019"}, "zaaknummer"),
    ("/gemeente/berichten/{bericht}/zaak", {}, "zaaknummer"),
    ("/gemeente/berichten/{bericht}/afwijzing", {"reden": "zomaar"}, "reden"),
    ("/gemeente/berichten/{bericht}/bevestiging", {"status": "verwerkt"}, "zaaknummer"),
    ("/gemeente/berichten/{bericht}/terugkoppeling", {"code": "alles"}, "code"),
    ("/gemeente/zaken/{zaak}/contactpogingen", {"kenmerk": "p-1", "soort": "telefoon", "datum": "2026-11-23"}, "bereikt"),
    ("/gemeente/zaken/{zaak}/contactpogingen", {"kenmerk": "p-1", "soort": "telefoon", "datum": "2027-01-01", "bereikt": "ja"}, "datum"),
    ("/gemeente/zaken/{zaak}/resultaat", {"datum": "2026-11-23"}, "resultaat"),
    ("/gemeente/zaken/{zaak}/resultaat", {"resultaat": "geen_contact", "datum": "2027-01-01"}, "datum"),
]


def test_form_that_does_not_fit_comes_back_with_its_error_at_the_field(offices: Offices, clerk: Browser) -> None:
    offices.delivered(offices.of(12))
    bericht, zaak = opened(clerk)
    for path, fields, field in WRONG:
        answer = clerk.submit(path.format(bericht=bericht, zaak=zaak), **fields)
        assert (answer.status_code in (400, 409), f'href="#{field}"' in answer.text) == (True, True), (path, fields, answer.text)
        assert "Niet alles is goed ingevuld" in answer.text
        assert answer.text.count(f'id="{field}"') <= 1, (path, field)


def paths(pages: tuple[Page, ...], id: object) -> list[tuple[str, str]]:
    return [(page.method, page.path.replace("{id}", str(id))) for page in pages]


FIELDS = {"doel": DOEL, "zaaknummer": "ZAAK-9", "status": "ontvangen", "reden": "geen_inwoner", "code": "niet_opgepakt", "kenmerk": "p-9",
          "soort": "telefoon", "datum": "2026-11-23", "bereikt": "nee", "resultaat": "geen_contact"}  # fmt: skip


def test_another_municipality_gets_the_same_as_for_what_is_not_there(offices: Offices, clerk: Browser) -> None:
    offices.delivered(offices.of(12))
    bericht, zaak = opened(clerk)
    theirs, nothing = offices.browser().login(FARAWAY, HOME), ids.new()
    for page in table.PAGES:
        if "{id}" not in page.path:
            continue
        for id in (bericht, zaak):
            path, absent = (page.path.replace("{id}", str(one)) for one in (id, nothing))
            used = [theirs.get(one) if page.method == "GET" else theirs.submit(one, **FIELDS) for one in (path, absent)]
            assert {answer.status_code for answer in used} <= {404, 409}, page.id
            assert len({re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}|value=\"[^\"]+\"", "", answer.text) for answer in used}) == 1, page.id
    assert "Vries" not in theirs.get(HOME).text + theirs.get("/gemeente/berichten").text
    assert str(bericht) not in theirs.get("/gemeente/berichten").text
    assert "ZAAK-1" not in theirs.get("/gemeente/zaken").text
    assert clerk.get(f"/gemeente/berichten/{bericht}").status_code == 200  # the control
    assert {entry.gemeente for entry in offices.entries("bericht.gelezen")} == {"0392"}


def test_another_role_has_none_of_these_pages(offices: Offices, clerk: Browser) -> None:
    offices.delivered(offices.of(12))
    bericht, _ = opened(clerk)
    officer = offices.browser().login(ANNE)
    for method, path in paths(table.PAGES, bericht):
        answer = officer.get(path) if method == "GET" else officer.submit(path, **FIELDS)
        assert (answer.status_code, "ROL_ONTBREEKT" in answer.text) == (403, True), path
    for page in ("/toezicht", "/toezicht/zoeken", "/toezicht/ontzegelen"):
        assert clerk.get(page).status_code == 403


EVIL = "\"><script>alert(1)</script>'{{7*7}}"


def test_script_in_what_others_wrote_is_shown_as_text(offices: Offices, clerk: Browser) -> None:
    evil = "<script>alert(1)</script>"
    offices.delivered(offices.of(12, evil))
    shown = [take(clerk), clerk.submit("/gemeente/neem", doel=EVIL, zaaknummer=EVIL, maximum=EVIL).text]
    assert "script" not in clerk.get("/gemeente/berichten", params={"sector": EVIL, "werkbak": EVIL}).text
    assert all("&lt;script&gt;" in page for page in shown)
    assert [page for page in shown if "<script" in page] == []
