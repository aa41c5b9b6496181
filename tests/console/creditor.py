"""A landlord's worker at the console: what the tests of a creditor's pages share."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from gateway.console.app import TABLE
from gateway.console.pages import Page
from gateway.core import ids
from gateway.signals import deliveries
from schemas.signaal import AanleveringEnvelop
from tests.console.offices import HENK, ORIGIN, Browser, Offices
from tests.files.lines import text
from tests.flows.world import LANDLORD, TRACE
from tests.overviews.hall import CLERK

HOME = "/schuldeiser"
FORM, FILES = f"{HOME}/signaal", f"{HOME}/bestanden"
ID = "[0-9a-f-]{36}"


def enter(offices: Offices) -> Browser:
    """Somebody of the landlord, logged in."""
    return offices.browser().login(HENK, HOME)


def filled(day: date, **changes: str) -> dict[str, str]:
    """A form as somebody fills it in, for a lawful signal about rent in Haarlem; a field of `changes` that is empty is left out."""
    before = [(day - timedelta(days=days)).isoformat() for days in (60, 40, 20)]
    form = {
        "sector": "huur", "handelsnaam": "Woningstichting Voorbeeld", "bedrag": "€ 1.450,12", "ontstaan": before[0],
        "signaaldatum": day.isoformat(), "kenmerk": "HUUR-1", "voorletters": "J.", "voorvoegsel": "de", "achternaam": "Vries",
        "geboortedatum": "07-03-1985", "postcode": "2011 ab", "huisnummer": "12", "huisletter": "A", "woonplaats": "Haarlem",
        "telefoon": "06 12345678", "email": "j@example.nl", "contact-2-kanaal": "telefoon", "contact-2-datum": before[1],
        "contact-2-initiatief": "schuldeiser", "contact-2-bereikt": "nee", "herinnering-1": before[1], "schuldhulp": before[1],
        "aanbod": before[2], "reactie": "geen", "regeling": "geen", "klantrelatie": "ja",
    }  # fmt: skip
    return {name: value for name, value in {**form, **changes}.items() if value}


def delivery(offices: Offices, kenmerk: str = "LEVERING-1", count: int = 3, **wrong: Any) -> str:
    """A delivery by the API, of which the last signal is refused when `wrong` says how; its id."""
    made = offices.signals(count)
    made[-1] = {**made[-1], **wrong}
    envelop = AanleveringEnvelop(kenmerk=kenmerk, signalen=made)
    return str(deliveries.deliver(LANDLORD, TRACE, envelop, offices.steps, offices.receipts)[0].id)


def claims(day: date, **changes: str) -> dict[str, str]:
    """An answer with one claim."""
    form = {
        "antwoord": "vorderingen", "peildatum": day.isoformat(), "soort-1": "openstaand", "kenmerk-1": "F-1", "hoofdsom-1": "400,00",
        "rente-1": "12", "kosten-1": "40", "betaald-1": "52", "saldo-1": "400", "preferent-1": "ja",
    }  # fmt: skip
    return {name: value for name, value in {**form, **changes}.items() if value}


def id_in(text: str, path: str) -> str:
    """The id behind a link to a page."""
    found = re.search(f"{path}/({ID})", text)
    assert found, text
    return found[1]


def bring(browser: Browser, content: bytes, name: str = "lijst.xml", csrf: str | None = None) -> Any:
    """Send a file as the page does."""
    form = {"csrf": browser.csrf if csrf is None else csrf}
    parts = {"bestand": (name, content, "application/octet-stream")}
    return browser.post(FILES, data=form, files=parts, headers={"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"})


def where(answer: Any) -> str:
    """The page that an answer goes on to."""
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].partition("?")[0])


def steps(offices: Offices) -> Iterator[tuple[Page, int]]:
    """Use every page of a creditor once, in an order in which each succeeds; what they need is there before this returns."""
    browser, id = enter(offices), delivery(offices)
    offices.ask(LANDLORD, by=CLERK)
    return _steps(offices, browser, id)


def _steps(offices: Offices, browser: Browser, id: str) -> Iterator[tuple[Page, int]]:
    by = {(page.method, page.path): page for page in TABLE}

    def got(path: str, row: str | None = None) -> tuple[Page, int]:
        return by["GET", row or path], browser.get(path).status_code

    def sent(path: str, row: str | None = None, **fields: str) -> tuple[Page, int]:
        return by["POST", row or path], browser.submit(path, **fields).status_code

    yield got(FORM)
    answer = browser.submit(FORM, **filled(offices.today))
    yield by["POST", FORM], answer.status_code
    offices.number()
    one, row = f"{HOME}/signalen/{id_in(answer.text, f'{HOME}/signalen')}", f"{HOME}/signalen/{{id}}"
    yield sent(f"{HOME}/signalen", kenmerk="HUUR-1")
    for end in ("", "/bewijs", "/bewijs/bestand"):
        yield got(one + end, row + end)
    yield sent(f"{one}/intrekking", f"{row}/intrekking", reden="betaald")
    for page in TABLE:
        if page.rol == "schuldeiser" and page.method == "GET" and "{" not in page.path and page.path != FORM:
            yield got(page.path)
    answer = bring(browser, text(offices.signals(2)))
    offices.filed.work()
    yield by["POST", FILES], answer.status_code
    brought, row = where(answer), f"{FILES}/{{id}}"
    yield got(brought, row)
    for part in ("ontvangst", "csv", "xml"):
        yield got(f"{brought}/verslag?deel={part}", f"{row}/verslag")
    yield sent(f"{brought}/opruimen", f"{row}/opruimen")
    for end in ("", "/verslag"):
        yield got(f"{HOME}/aanleveringen/{id}{end}", f"{HOME}/aanleveringen/{{id}}{end}")
    asked, row = f"{HOME}/vragen/{offices.mine(LANDLORD, 'open')[0].id}", f"{HOME}/vragen/{{id}}"
    yield got(asked, row)
    yield sent(asked, row, **claims(offices.today))


def nowhere() -> str:
    """An id that nothing has."""
    return str(ids.new())
