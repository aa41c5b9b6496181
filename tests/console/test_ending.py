"""Sessions that the operator ends: of one person or of everybody, at once, and on record; what refreshes itself keeps none open."""

from datetime import timedelta
from threading import Thread

import pytest

from gateway.app.sessions import end
from gateway.console import cookies
from gateway.console.sessions import Owner
from gateway.core.chain import Sender, Trace
from gateway.core.errors import Forbidden
from gateway.privacylog import staff
from gateway.privacylog.entry import Frame
from gateway.privacylog.staff import Person
from tests.console.creditor import HOME, bring, where
from tests.console.offices import ANNE, BOTH, BRAM, HENK, Browser, Offices
from tests.files.lines import text
from tests.flows.world import HAARLEM, PURPOSES

OPERATOR = "00000099000000000000"
QUIET = "/toezicht/doelen"


def committed(offices: Offices, sub: str) -> str:
    return staff.committed(Person(offices.service.issuer, sub, ""), offices.keys)


def ended(offices: Offices, sub: str | None) -> int:
    """End sessions as the operator does; how many."""
    frame = Frame(Sender(OPERATOR, OPERATOR), Trace.fresh(), offices.clock.now(), PURPOSES.activity("beheren"))
    return end(offices.console, offices.clock, frame, committed(offices, sub) if sub else None)


def is_in(browser: Browser) -> bool:
    return browser.get(QUIET).status_code == 200


def test_sessions_of_one_person_end_at_once_and_those_of_others_go_on(offices: Offices) -> None:
    anne, again, bram = offices.browser().login(), offices.browser().login(), offices.browser().login(BRAM)
    assert (is_in(anne), is_in(again)) == (True, True)  # the control: she is in until now
    assert ended(offices, ANNE.sub) == 2
    answer = anne.get(QUIET)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?melding=verlopen")
    assert (is_in(again), is_in(bram)) == (False, True)
    entries = offices.entries("console.beeindigd")
    came = {entry.gebruiker for entry in offices.entries("console.aangemeld")}
    assert {(one.partij, one.gebruiker, one.medewerker, one.gemeente) for one in entries} == {
        (OPERATOR, None, committed(offices, ANNE.sub), HAARLEM)
    }
    assert (len(entries), committed(offices, ANNE.sub) in came) == (2, True)
    anne.login()  # whoever is not kept out by the login service comes in again


def test_sessions_of_everybody_end_and_nobody_else_is_named(offices: Offices) -> None:
    browsers = [offices.browser().login(), offices.browser().login(BRAM), offices.browser().login(HENK, HOME)]
    assert (ended(offices, "niemand"), len(offices.entries("console.beeindigd"))) == (0, 0)
    assert ended(offices, None) == len(browsers)
    assert [browser.get(QUIET).status_code for browser in browsers] == [303] * 3
    assert [entry.gemeente for entry in offices.entries("console.beeindigd")].count(None) == 1  # the creditor's


def test_session_that_was_over_is_not_said_to_be_ended(offices: Offices, browser: Browser) -> None:
    browser.login()
    offices.clock.advance(timedelta(minutes=16))
    assert (ended(offices, ANNE.sub), offices.entries("console.beeindigd")) == (0, [])


def test_going_on_in_another_role_saves_no_session_from_its_end(offices: Offices) -> None:
    """Neither begun after the end, nor under way while it comes."""
    behind = offices.behind
    browser = offices.browser().login(BOTH)
    session = behind.sessions.find(browser.cookies[cookies.SESSION])
    assert session is not None
    assert ended(offices, BOTH.sub) == 1
    with pytest.raises(Forbidden):
        behind.change(session, "gemeente", Trace.fresh())
    owner = Owner(committed(offices, BOTH.sub), HAARLEM)
    with offices.console.transaction() as connection:
        behind.sessions.begin(connection, owner, session.identity, "gemeente")
        ending = Thread(target=ended, args=(offices, BOTH.sub))
        ending.start()
        ending.join(0.5)
        assert ending.is_alive()  # it waits for whoever is coming in
    ending.join(10)
    assert offices.rows("SELECT count(*) FROM console_sessie") == [(0,)]


@pytest.mark.parametrize(("by_itself", "status"), [(True, 303), (False, 200)])
def test_page_that_refreshes_itself_keeps_no_session_open(offices: Offices, by_itself: bool, status: int) -> None:
    browser = offices.browser().login(HENK, HOME)
    page = where(bring(browser, text(offices.signals(2))))
    header = browser.get(page).headers["refresh"]
    assert header == f"3; url={page}?vanzelf=ja"
    asked = header.partition("url=")[2] if by_itself else page
    statuses = []
    for _ in range(2):
        offices.clock.advance(timedelta(minutes=8))
        statuses.append(browser.get(asked).status_code)
    assert statuses == [200, status]
