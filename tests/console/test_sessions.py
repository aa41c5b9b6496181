"""A session: new at login and at another role, short, and over when somebody logs out; its forms are its own."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.synthetic.aanmelddienst import Persoon
from gateway.console import cookies, guard, officer, tokens
from gateway.console.app import TABLE
from tests.console.offices import ANNE, BOTH, BRAM, CLERKLY, HENK, HOST, ILSE, INA, OLGA, ORIGIN, Browser, Offices

OWN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


def token(browser: Browser) -> str:
    return str(browser.cookies[cookies.SESSION])


def test_session_that_somebody_planted_is_not_taken_up(offices: Offices, browser: Browser) -> None:
    """Fixation: neither a token of the attacker's own choice nor one of a session of his becomes the victim's."""
    for planted in (tokens.fresh(), token(offices.browser().login(BRAM))):
        victim = offices.browser()
        victim.cookies.set(cookies.SESSION, planted, domain=HOST, path="/")
        url = victim.answer(ANNE)
        answer = victim.get(url)
        assert planted not in answer.headers["set-cookie"]
        attacker = offices.browser()
        attacker.cookies.set(cookies.SESSION, planted, domain=HOST, path="/")
        assert attacker.get("/toezicht").headers.get("location") == "/?melding=verlopen"
    browser.login()
    first = token(browser)
    browser.get(browser.answer(ANNE))
    assert token(browser) != first
    assert offices.rows("SELECT count(*) FROM console_sessie") == [(1 + 2,)]  # the old one is gone


def test_cookies_are_of_this_host_only_and_not_for_scripts(browser: Browser) -> None:
    for answer in (browser.get("/aanmelden"), browser.get(browser.answer(ANNE))):
        said = answer.headers["set-cookie"].lower()
        assert said.startswith("__host-")
        assert all(part in said for part in ("secure", "httponly", "samesite=lax", "path=/"))
        assert "domain" not in said


def test_session_ends_after_a_quarter_and_after_eight_hours(offices: Offices, browser: Browser) -> None:
    browser.login()
    offices.clock.advance(timedelta(minutes=14))
    assert browser.get("/toezicht/doelen").status_code == 200
    offices.clock.advance(timedelta(minutes=14))
    assert browser.get("/toezicht/doelen").status_code == 200  # being there counts
    offices.clock.advance(timedelta(minutes=15))
    assert browser.get("/toezicht/doelen").headers["location"] == "/?melding=verlopen"
    assert "kwartier" in browser.get("/?melding=verlopen").text
    browser.login()
    for _ in range(8 * 6):
        assert browser.get("/toezicht/doelen").status_code == 200
        offices.clock.advance(timedelta(minutes=10))
    assert browser.get("/toezicht/doelen").status_code == 303


def test_logging_out_destroys_and_is_on_record(offices: Offices, browser: Browser) -> None:
    browser.login()
    kept = token(browser)
    answer = browser.submit("/afmelden")
    assert answer.headers["location"] == "/?melding=afgemeld"
    browser.cookies.set(cookies.SESSION, kept, domain=HOST, path="/")
    assert browser.get("/toezicht/doelen").status_code == 303
    assert len(offices.entries("console.afgemeld")) == 1
    assert f"{offices.service.issuer}/afmelden" in browser.get("/?melding=afgemeld").text


def test_changed_row_opens_no_session(offices: Offices, browser: Browser) -> None:
    browser.login()
    offices.run("UPDATE console_sessie SET inhoud = set_byte(inhoud, 20, get_byte(inhoud, 20) # 1)")
    assert browser.get("/toezicht/doelen").status_code == 303


def test_two_cookies_of_one_name_are_none(browser: Browser) -> None:
    browser.login()
    both = f"{cookies.SESSION}={token(browser)}; {cookies.SESSION}={tokens.fresh()}"
    browser.cookies.clear()
    assert browser.get("/toezicht/doelen", headers={"cookie": both}).status_code == 303


ROLES = [
    (ANNE, BRAM, "/toezicht", "/toezicht/doelen"),
    (CLERKLY, BOTH, "/gemeente", "/gemeente/zaken"),
    (HENK, ILSE, "/schuldeiser", "/schuldeiser/signalen"),
    (INA, OLGA, "/aansluiten", "/rol"),
    (OLGA, INA, "/beheer", "/rol"),
]
HOMES = {who.sub: home for who, _, home, _ in ROLES}
"""Somebody of each role, a colleague, where they begin, and a page that leaves nothing in the log."""


def test_every_role_has_somebody() -> None:
    assert {page.path for page in TABLE if page.path in {home for _, _, home, _ in ROLES}} == {home for _, _, home, _ in ROLES}
    assert {page.rol for page in TABLE} == {who.claims["seinhuis_rollen"][0] for who, *_ in ROLES}


@pytest.fixture(scope="module")
def foreign() -> dict[str, dict[str, str]]:
    """Headers of requests that no page of ours makes."""
    return {
        "another site": {"Origin": "https://elders.example", "Sec-Fetch-Site": "cross-site"},
        "a sister site": {"Origin": "https://ander.console.example", "Sec-Fetch-Site": "same-site"},
        "the same by another scheme": {"Origin": f"http://{HOST}"},
        "an origin that is kept back": {"Origin": "null"},
        "an old browser from elsewhere": {"Origin": "https://elders.example"},
        "typed in": {"Sec-Fetch-Site": "none"},
        "nothing said": {},
        "two origins": {"Origin": f"{ORIGIN}, https://elders.example"},
    }


@pytest.mark.parametrize(("who", "colleague", "home", "quiet"), ROLES)
def test_no_form_is_taken_from_elsewhere_or_without_its_value(
    offices: Offices, browser: Browser, foreign: dict[str, dict[str, str]], who: Persoon, colleague: Persoon, home: str, quiet: str
) -> None:
    def written() -> list[Any]:
        return [len(offices.entries("toegang.beoordeeld")), offices.rows("SELECT count(*) FROM ontzegeling")]

    csrf = browser.login(who, home).csrf
    other = offices.browser().login(colleague, HOMES.get(colleague.sub, "/toezicht" if colleague is BOTH else home)).csrf
    forms = [page for page in TABLE if page.method == "POST" and page.path.startswith(home)]
    before = written()
    paths = [*(page.path.replace("{id}", "01234567-89ab-7def-8123-456789abcdef") for page in forms), "/afmelden", "/rol"]
    wrong = {
        (path, name): status
        for path in paths
        for name, headers in foreign.items()
        if (status := browser.post(path, data={"csrf": csrf}, headers=headers).status_code) != 403
    }
    assert wrong == {}
    own = {page.path for page in forms if page.takes}  # they read their body themselves: tests of uploading
    for path in paths:
        for value in ("", "x", other, csrf[:-1]):
            assert browser.post(path, data={"csrf": value}, headers=OWN).status_code == (400 if path in own else 403)
    assert written() == before
    assert browser.get(quiet).status_code == 200  # nobody was logged out
    assert browser.submit("/rol", rol="zorgverzekeraar").status_code == 403  # the control: it came through, to another refusal
    assert {entry.regels for entry in offices.entries("verzoek.geweigerd")} == {
        ("VERZOEK_VAN_ELDERS",), ("FORMULIER_VERLOPEN",), *([("FORMULIER_ONGELDIG",)] if own else []),
    }  # fmt: skip


def test_form_must_be_a_form(browser: Browser) -> None:
    csrf = browser.login().csrf
    for media, content in (
        ("application/json", b"{}"), ("text/plain", f"csrf={csrf}".encode()), ("multipart/form-data; boundary=x", b"--x--"),
        ("application/x-www-form-urlencoded", f"csrf={csrf}&csrf={csrf}".encode()), ("application/x-www-form-urlencoded", b"a=%ff"),
        ("application/x-www-form-urlencoded", b"&".join(b"n%d=1" % nr for nr in range(101))),
    ):  # fmt: skip
        answer = browser.post("/toezicht/zoeken", content=content, headers={**OWN, "Content-Type": media})
        assert (answer.status_code, "FORMULIER_ONGELDIG" in answer.text) == (400, True), media
    large = browser.post("/toezicht/zoeken", data={"csrf": csrf, "achternaam": "x" * 70_000}, headers=OWN)
    assert large.status_code == 413


def test_every_answer_keeps_out_of_frames_caches_and_other_sites(offices: Offices, browser: Browser) -> None:
    browser.login()
    paths = ("/", "/toezicht", "/toezicht/zoeken", "/bestaat-niet", "/aanmelden/terug", "/rol", "/toezicht/regels/x")
    for path in paths:
        headers = browser.get(path).headers
        assert {name: headers.get(name) for name in guard.FIXED} == guard.FIXED, path
    policy = guard.FIXED["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    sheet = browser.get(offices_sheet(browser))
    assert sheet.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    for site in ("cross-site", "same-site"):
        loaded = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "iframe"}
        assert browser.get("/toezicht", headers=loaded).status_code == 403
        followed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        assert browser.get("/toezicht", headers=followed).status_code == 200
    assert browser.get("/", headers={"Host": "elders.example"}).status_code == 421
    assert browser.request("PUT", "/toezicht").status_code == 405


def offices_sheet(browser: Browser) -> str:
    return browser.get("/toezicht/doelen").text.split('rel="stylesheet" href="')[1].split('"')[0]


def test_another_role_is_another_session_and_closes_the_pages_of_the_first(offices: Offices) -> None:
    browser = offices.browser().login(BOTH)
    first = token(browser)
    assert "Ga verder als gemeente" in browser.get("/rol").text
    assert browser.get("/gemeente").status_code == 403
    assert browser.submit("/rol", rol="zorgverzekeraar").status_code == 403
    assert browser.submit("/rol", rol="gemeente").headers["location"] == "/gemeente"
    second = token(browser)
    assert second != first
    assert browser.get("/gemeente").status_code == 200
    assert {browser.get(page.path).status_code for page in officer.PAGES if page.method == "GET" and "{" not in page.path} == {403}
    offices.clock.advance(timedelta(minutes=1))
    browser.cookies.set(cookies.SESSION, first, domain=HOST, path="/")
    assert browser.get("/toezicht/doelen").status_code == 303  # the old one is gone
    assert [entry.rol for entry in offices.entries("console.aangemeld")] == ["toezichthouder", "gemeente"]
    assert {entry.bewerking for entry in offices.entries("verzoek.geweigerd")} > {"console GET /gemeente", "console GET /toezicht"}
