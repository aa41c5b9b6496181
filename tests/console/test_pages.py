"""Every page of the table: whom it lets in, what it leaves in the log, and what it shows of what partners wrote."""

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest

from gateway.console import officer
from gateway.console.app import TABLE
from gateway.console.pages import Page
from gateway.core import ids
from gateway.oversight import access
from schemas.toezicht import InzageBevestiging
from tests.architecture.tree import ROOT
from tests.console.offices import ABROADER, ANNE, BRAM, Browser, Offices
from tests.console.walking import walked
from tests.flows.world import CLERK, HAARLEM, TRACE
from tests.oversight.bureau import person

TEMPLATES = ROOT / "gateway" / "console" / "templates"
UNSAFE = re.compile(r"\|\s*safe|autoescape|Markup|<script|<style|\sstyle=|\son[a-z]+=|javascript:|https?://")


@pytest.fixture
def busy(offices: Offices) -> UUID:
    """A message that a clerk opened without handling it; numbered."""
    (bericht,) = offices.delivered(offices.of())
    offices.take()
    offices.number()
    return bericht


def steps(browser: Browser, second: Browser, bericht: UUID) -> Iterator[tuple[Page, int]]:
    """Use every page once, in an order in which each succeeds."""
    by = {(page.method, page.path): page for page in officer.PAGES}

    def got(path: str, row: str | None = None) -> tuple[Page, int]:
        return by["GET", row or path], browser.get(path).status_code

    def sent(path: str, row: str | None = None, who: Browser = browser, **fields: str) -> tuple[Page, int]:
        return by["POST", row or path], who.submit(path, **fields).status_code

    for page in officer.PAGES:
        if page.method == "GET" and "{" not in page.path:
            yield page, browser.get(f"{page.path}?vorm=json" if page.path.endswith("/bestand") else page.path).status_code
    answer = browser.submit("/toezicht/zoeken", gebeurtenis="bericht.geclaimd")
    yield by["POST", "/toezicht/zoeken"], answer.status_code
    match = re.search(r"/toezicht/regels/([0-9a-f-]{36})", answer.text)
    assert match
    yield got(f"/toezicht/regels/{match[1]}", "/toezicht/regels/{id}")
    yield sent(f"/toezicht/toegangen/{match[1]}", "/toezicht/toegangen/{id}", oordeel="in_orde")
    asked = browser.submit("/toezicht/ontzegelen", bericht=str(bericht), reden="klacht", kenmerk="KL-1")
    yield by["POST", "/toezicht/ontzegelen"], asked.status_code
    path, row = asked.headers["location"].partition("?")[0], "/toezicht/ontzegelen/{id}"
    yield got(path, row)
    yield sent(f"{path}/besluit", f"{row}/besluit", second, besluit="goedgekeurd")
    yield sent(f"{path}/open", f"{row}/open")
    yield sent("/toezicht/eigen-adressen", medewerker="m.jansen", postcode="2011AB", huisnummer="12")
    whom = {"achternaam": "Vries", "geboortedatum": "1985-03-07", "postcode-1": "2011AB", "huisnummer-1": "12"}
    asked = browser.submit("/toezicht/inzage", kenmerk="AVG-1", **whom)
    yield by["POST", "/toezicht/inzage"], asked.status_code
    path, row = asked.headers["location"].partition("?")[0], "/toezicht/inzage/{id}"
    yield got(path, row)
    said = InzageBevestiging(berichten=[bericht])
    access.confirm(CLERK, HAARLEM, TRACE, UUID(path.rpartition("/")[2]), said, browser.offices.oversight)
    for part in ("uittreksel", "bestand"):
        yield sent(f"{path}/{part}", f"{row}/{part}")
    day = browser.offices.today.isoformat()
    yield sent("/toezicht/datalek", van=day, tot=day)
    yield sent("/toezicht/datalek/bestand", van=day, tot=day, vorm="csv")


def test_every_page_works_and_leaves_its_entry_with_who_it_was(offices: Offices, busy: UUID) -> None:
    browser, second = offices.browser().login(ANNE), offices.browser().login(BRAM)
    assert walked(offices, steps(browser, second, busy)) == set(officer.PAGES)
    assert len({user for user in offices.users() if user}) == 1  # only Anne looked
    assert None not in offices.users()
    assert [entry.gebruiker is None for entry in offices.entries("ontzegeling.besloten")] == [False]


def test_every_flow_that_a_row_names_exists_and_every_menu_entry_is_a_page(offices: Offices) -> None:
    for page in TABLE:
        for flow in page.flow:
            module, _, function = flow.rpartition(".")
            module, _, inside = (module, "", "") if not module.rsplit(".", 1)[1][0].isupper() else module.rpartition(".")
            owner = getattr(import_module(module), inside) if inside else import_module(module)
            assert callable(getattr(owner, function)), flow
        assert page.flow or page.leaves is None
    assert all(page.method == "GET" and "{" not in page.path for page in TABLE if page.menu)
    assert len({(page.method, page.path) for page in TABLE}) == len(TABLE)
    assert {page.rol for page in officer.PAGES} == {"toezichthouder"}


def test_no_page_without_a_session(browser: Browser) -> None:
    for page in TABLE:
        path = page.path.replace("{id}", str(ids.new()))
        answer = browser.request(page.method, path)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/"), page.id


def test_officer_of_another_municipality_sees_nothing_of_this_one(offices: Offices, busy: UUID) -> None:
    mine, theirs = offices.browser().login(ANNE), offices.browser().login(ABROADER)
    line = re.search(r"/toezicht/regels/([0-9a-f-]{36})", mine.submit("/toezicht/zoeken", gebeurtenis="bericht.geclaimd").text)
    assert line
    asked = mine.submit("/toezicht/ontzegelen", bericht=str(busy), reden="klacht", kenmerk="KL-1").headers["location"].partition("?")[0]
    assert theirs.get(f"/toezicht/regels/{line[1]}").status_code == 404
    assert theirs.get(asked).status_code == 404
    for path, fields in (
        (f"/toezicht/toegangen/{line[1]}", {"oordeel": "in_orde"}),
        ("/toezicht/ontzegelen", {"bericht": str(busy), "reden": "klacht", "kenmerk": "KL-1"}),
        (f"{asked}/besluit", {"besluit": "goedgekeurd"}),
        (f"{asked}/open", {}),
    ):
        assert theirs.submit(path, **fields).status_code == 404, path
    assert "0 regels gevonden" in theirs.submit("/toezicht/zoeken", gebeurtenis="bericht.geclaimd").text
    assert str(busy) not in theirs.get("/toezicht").text + theirs.get("/toezicht/toegangen").text + theirs.get("/toezicht/ontzegelen").text
    assert {entry.regels for entry in offices.entries("verzoek.geweigerd")} == {("NIET_GEVONDEN",)}
    assert mine.get(f"/toezicht/regels/{line[1]}").status_code == 200  # the control


def test_mandate_that_ended_closes_an_open_session(offices: Offices, browser: Browser) -> None:
    browser.login()
    offices.end_mandate()
    answer = browser.get("/toezicht")
    assert (answer.status_code, "MANDAAT_ONTBREEKT" in answer.text) == (403, True)
    assert offices.entries("toezicht.dagbeeld_gelezen") == []


def test_nobody_agrees_with_himself_nor_opens_what_a_colleague_asked(offices: Offices, busy: UUID) -> None:
    anne, bram = offices.browser().login(ANNE), offices.browser().login(BRAM)
    path = anne.submit("/toezicht/ontzegelen", bericht=str(busy), reden="klacht", kenmerk="KL-1").headers["location"].partition("?")[0]
    again = offices.browser().login(ANNE)  # another session of the same person is no second person
    for browser in (anne, again):
        refused = browser.submit(f"{path}/besluit", besluit="goedgekeurd")
        assert (refused.status_code, "ONTZEGELING_EIGEN_VERZOEK" in refused.text) == (403, True)
    assert bram.submit(f"{path}/besluit", besluit="goedgekeurd").status_code == 303
    assert "Bram Visser" in anne.get(path).text
    assert bram.submit(f"{path}/open").status_code == 403
    opened = anne.submit(f"{path}/open")
    assert (opened.status_code, "Vries" in opened.text, "2011AB" in opened.text) == (200, True, True)
    assert anne.submit(f"{path}/open").status_code == 409


def test_resident_is_found_by_a_form_and_stands_in_no_address(offices: Offices, busy: UUID, browser: Browser) -> None:
    browser.login()
    whom = person()
    answer = browser.submit("/toezicht/zoeken", achternaam=whom.achternaam, geboortedatum=whom.geboortedatum.isoformat(),
                            postcode="2011 ab", huisnummer="12")  # fmt: skip
    assert "2 regels gevonden" in answer.text
    assert "Persoon en adres" in answer.text
    assert 'action="/toezicht/zoeken"' in answer.text
    assert browser.get(f"/toezicht/zoeken?achternaam={whom.achternaam}").text.count("gevonden") == 0
    assert offices.entries("toezicht.gezocht")[-1].gezocht


def test_proof_is_checked_on_the_page_and_a_changed_entry_shows(offices: Offices, busy: UUID, browser: Browser) -> None:
    browser.login()
    line = re.search(r"/toezicht/regels/([0-9a-f-]{36})", browser.submit("/toezicht/zoeken", gebeurtenis="bericht.geclaimd").text)
    assert line
    offices.clock.advance(timedelta(minutes=2))  # the next checkpoint
    assert "Zojuist nagerekend" in browser.get(f"/toezicht/regels/{line[1]}").text
    change = "UPDATE log_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), 'bemand', 'onbemand'), 'UTF8') WHERE id = %s"
    offices.run(change, line[1])
    answer = browser.get(f"/toezicht/regels/{line[1]}")
    assert ("Zojuist nagerekend" in answer.text, "past niet bij haar blad" in answer.text) == (False, True)


@pytest.mark.parametrize(("path", "fields", "field"), [
    ("/toezicht/zoeken", {"achternaam": "Vries"}, "geboortedatum"),
    ("/toezicht/zoeken", {"postcode": "2011", "huisnummer": "x"}, "huisnummer"),
    ("/toezicht/zoeken", {"bericht": "12"}, "bericht"),
    ("/toezicht/zoeken", {"medewerker": "999990019"}, "medewerker"),
    ("/toezicht/ontzegelen", {"bericht": "01234567-89ab-7def-8123-456789abcdef", "kenmerk": "KL-1"}, "reden"),
])  # fmt: skip
def test_form_that_does_not_fit_comes_back_with_its_error(browser: Browser, path: str, fields: dict[str, str], field: str) -> None:
    answer = browser.login().submit(path, **fields)
    assert answer.status_code == 400
    assert "Niet alles is goed ingevuld" in answer.text
    assert f'href="#{field}"' in answer.text
    assert all(f'value="{value}"' in answer.text for name, value in fields.items() if name != "reden")


EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}"


def test_script_in_what_others_wrote_is_shown_as_text(offices: Offices) -> None:
    """A clerk's name comes from a case system, an account's from the login service, a party's from the register."""
    short = "<script>alert(1)</script>"
    (bericht,) = offices.delivered(offices.of())
    offices.take(short)
    offices.rename("<img src=x onerror=alert(1)>")
    evil = ANNE.__class__("evil", short, ANNE.claims)
    offices.service.personen = (*offices.service.personen, evil)
    browser, second = offices.browser().login(evil), offices.browser().login(BRAM)
    pages = [browser.get("/toezicht").text, browser.get("/toezicht/toegangen").text]
    pages += [browser.submit("/toezicht/zoeken", medewerker=short).text, browser.submit("/toezicht/zoeken", achternaam=EVIL).text]
    path = browser.submit("/toezicht/ontzegelen", bericht=str(bericht), reden="klacht", kenmerk="KL-1").headers["location"]
    pages += [second.get(path).text, second.get("/toezicht/ontzegelen").text, second.submit("/toezicht/ontzegelen", kenmerk=EVIL).text]
    assert sum("&lt;script&gt;" in page for page in pages) >= 6
    assert [nr for nr, page in enumerate(pages) if "<script" in page or "<img" in page] == []


def test_no_template_marks_anything_as_safe_or_has_something_inline() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in [*TEMPLATES.rglob("*.html"), *Path(ROOT / "gateway/console").glob("*.py")]}
    assert len(texts) > 20
    wrong = {path.name: match[0] for path, text in texts.items() if path.suffix == ".html" and (match := UNSAFE.search(text))}
    assert wrong == {}
    assert [path.name for path, text in texts.items() if "Markup" in text] == []
    for bad in ("{{ x|safe }}", "{% autoescape false %}", "<p style='a'>", '<a onclick="x">', "<script src=x>"):
        assert UNSAFE.search(bad), bad  # the control


def test_page_that_breaks_says_nothing_and_is_told(offices: Offices, browser: Browser) -> None:
    def breaks(*_: object) -> dict[str, object]:
        raise RuntimeError("Jansen, 2011AB")

    broken = Page(method="GET", path="/toezicht/stuk", rol="toezichthouder", titel="Stuk", template="fouten.html", handler=breaks, flow=(),
                  leaves=None)  # fmt: skip
    offices.table = (*TABLE, broken)
    offices.use(secret=offices.service.client_secret)
    answer = offices.browser().login().get("/toezicht/stuk")
    assert (answer.status_code, "Jansen" in answer.text) == (500, False)
    assert [kind for kind, _ in offices.bugs] == ["RuntimeError"]
    offices.bugs.clear()


def test_queue_of_too_long_ago_is_refused_at_its_field(offices: Offices, browser: Browser) -> None:
    browser.login()
    days = [(offices.today - timedelta(days=days)).isoformat() for days in (61, 62)]
    shown, refused = (browser.get("/toezicht/toegangen", params={"van": van}) for van in days)
    assert (shown.status_code, refused.status_code) == (200, 409)
    assert ['href="#van"' in one.text and "hoogstens 62 dagen terug" in one.text for one in (shown, refused)] == [False, True]
