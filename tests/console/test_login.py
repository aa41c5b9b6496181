"""Logging in: the good way works, and every way round it is refused."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from gateway.console import cookies
from tests.console.offices import (
    ANNE,
    BACK,
    BRAM,
    CLERKLY,
    ORIGIN,
    STRANGER,
    WEAK,
    Browser,
    Offices,
    Service,
    query,
)  # fmt: skip
from tests.flows.world import HAARLEM

Claims = dict[str, Any]


def test_officer_logs_in_and_stands_in_the_log_with_a_name_for_the_officer_only(offices: Offices, browser: Browser) -> None:
    browser.login()
    page = browser.get("/toezicht")
    assert page.status_code == 200
    assert "Anne de Boer" in page.text
    (entry,) = offices.entries("console.aangemeld")
    assert (entry.rol, entry.gemeente, len(entry.gebruiker)) == ("toezichthouder", HAARLEM, 43)
    assert {one.gebruiker for one in offices.entries("toezicht.dagbeeld_gelezen")} == {entry.gebruiker}
    (((stored,),), ((kept,),)) = (offices.rows(f"SELECT {column}::text FROM {table}") for column, table in (
        ("inhoud", "console_sessie"), ("naam", "medewerker_naam"),
    ))  # fmt: skip
    assert "Anne" not in bytes.fromhex(stored[2:]).decode("latin1") + bytes.fromhex(kept[2:]).decode("latin1")


def test_question_has_state_nonce_and_pkce_and_each_is_new(browser: Browser) -> None:
    asked = [query(browser.get("/aanmelden").headers["location"]) for _ in range(2)]
    for one in asked:
        assert (one["response_type"], one["code_challenge_method"], one["redirect_uri"]) == ("code", "S256", BACK)
        assert {len(one[name]) for name in ("state", "nonce", "code_challenge")} == {43}
    assert not {asked[0][name] for name in ("state", "nonce", "code_challenge")} & set(asked[1].values())


@pytest.mark.parametrize(("who", "status", "code"), [
    (WEAK, 401, "TWEEDE_FACTOR_ONTBREEKT"),
    (STRANGER, 403, "ROL_ONTBREEKT"),
    (CLERKLY, 401, "ROL_ONBEKEND"),  # a role without pages is not in the mapping
])  # fmt: skip
def test_who_may_not_come_in_does_not(offices: Offices, browser: Browser, who: Any, status: int, code: str) -> None:
    answer = browser.get(browser.answer(who))
    assert (answer.status_code, code in answer.text, offices.strangers) == (status, True, [code])
    assert cookies.SESSION not in browser.cookies
    assert offices.rows("SELECT count(*) FROM console_sessie") == [(0,)]


TWISTS: dict[str, Any] = {
    "another audience": lambda c: {**c, "aud": "iemand-anders"},
    "one audience more": lambda c: {**c, "aud": ["seinhuis", "iemand-anders"], "azp": "seinhuis"},
    "for another party": lambda c: {**c, "azp": "iemand-anders"},
    "another issuer": lambda c: {**c, "iss": "https://elders.example"},
    "another nonce": lambda c: {**c, "nonce": "x" * 43},
    "no nonce": lambda c: {name: value for name, value in c.items() if name != "nonce"},
    "expired": lambda c: {**c, "exp": c["iat"] - 60},
    "no expiry": lambda c: {name: value for name, value in c.items() if name != "exp"},
    "of last week": lambda c: {**c, "iat": c["iat"] - 7 * 86_400},
    "of tomorrow": lambda c: {**c, "iat": c["iat"] + 86_400, "nbf": c["iat"] + 86_400},
    "no subject": lambda c: {name: value for name, value in c.items() if name != "sub"},
    "a number for a subject": lambda c: {**c, "sub": 7},
    "no organisation": lambda c: {name: value for name, value in c.items() if name != "seinhuis_oin"},
    "an organisation that is none": lambda c: {**c, "seinhuis_oin": "123"},
    "a list of organisations": lambda c: {**c, "seinhuis_oin": [c["seinhuis_oin"]]},
    "a role that is unknown": lambda c: {**c, "seinhuis_rollen": ["hoofdbeheerder"]},
    "roles in a text": lambda c: {**c, "seinhuis_rollen": "toezichthouder,beheerder"},
    "a second factor in a text": lambda c: {**c, "amr": "mfa"},
    "a name with a direction mark": lambda c: {**c, "name": "Anne\u202e"},
}


def test_token_that_is_not_as_it_must_be_is_refused(offices: Offices) -> None:
    statuses = {}
    for name, twist in TWISTS.items():
        offices.service.twist = twist
        browser = offices.browser()
        statuses[name] = browser.get(browser.answer(ANNE)).status_code
    assert statuses == dict.fromkeys(TWISTS, 401)
    assert offices.rows("SELECT count(*) FROM console_sessie") == [(0,)]
    offices.service.twist = lambda claims: claims
    offices.browser().login()  # the control


def other() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "een", "use": "sig", "alg": "ES256"})


class Unsigned(Service):
    def sign(self, claims: Claims) -> str:
        good = super().sign(claims)
        return f"{'eyJhbGciOiJub25lIn0'}.{good.split('.')[1]}."


class Foreign(Service):
    def sign(self, claims: Claims) -> str:
        return jwt.encode({"alg": "ES256", "kid": "een"}, claims, other())


class Public(Service):
    """Signs with its public key as if that were a secret."""

    def sign(self, claims: Claims) -> str:
        return jwt.encode({"alg": "HS256", "kid": "een"}, claims, OctKey.import_key(self.key.as_pem(private=False)), algorithms=["HS256"])


class Twins(Service):
    """Two keys of one name: which one is meant?"""

    def keys(self) -> Claims:
        return {"keys": [self.key.as_dict(private=False), other().as_dict(private=False)]}


class Encrypting(Service):
    def keys(self) -> Claims:
        return {"keys": [{**self.key.as_dict(private=False), "use": "enc"}]}


class Tampered(Service):
    def sign(self, claims: Claims) -> str:
        head, _, signature = super().sign(claims).split(".")
        _, body, _ = super().sign({**claims, "sub": "iemand-anders"}).split(".")
        return f"{head}.{body}.{signature}"


class Tokenless(Service):
    def token(self, form: Any, basic: str | None) -> Claims:
        return {name: value for name, value in super().token(form, basic).items() if name != "id_token"}


class Mixed(Service):
    """The answer of another service (RFC 9207)."""

    def back(self, code: str, asked: Any) -> dict[str, str]:
        return {**super().back(code, asked), "iss": "https://elders.example"}


class Unsaid(Service):
    """It says that it names itself in its answers, and does not."""

    def back(self, code: str, asked: Any) -> dict[str, str]:
        return {name: value for name, value in super().back(code, asked).items() if name != "iss"}


HOSTILE = (Unsigned, Foreign, Public, Twins, Encrypting, Tampered, Tokenless, Mixed, Unsaid)


def test_hostile_service_lets_nobody_in(offices: Offices) -> None:
    statuses = {}
    for service in HOSTILE:
        offices.employ(service)
        browser = offices.browser()
        statuses[service] = browser.get(browser.answer(ANNE)).status_code
    assert statuses == dict.fromkeys(HOSTILE, 401)
    assert offices.rows("SELECT count(*) FROM console_sessie") == [(0,)]


class Elsewhere(Service):
    def metadata(self) -> Claims:
        return {**super().metadata(), "issuer": "https://elders.example"}


class Open(Service):
    def metadata(self) -> Claims:
        return {**super().metadata(), "token_endpoint": "http://elders.example/token"}


class Keyless(Service):
    def keys(self) -> Claims:
        return {"keys": []}


def test_service_that_says_it_is_another_speaks_in_the_open_or_has_no_key_is_not_used(offices: Offices) -> None:
    for service in (Elsewhere, Open):
        offices.employ(service)
        answer = offices.browser().get("/aanmelden")
        assert (answer.status_code, "AANMELDDIENST_NIET_BEREIKBAAR" in answer.text) == (503, True)
    offices.employ(Keyless)
    browser = offices.browser()
    assert browser.get(browser.answer(ANNE)).status_code == 503


def test_answer_is_for_the_browser_that_asked_and_once(offices: Offices, browser: Browser) -> None:
    url = browser.answer(ANNE)
    assert offices.browser().get(url).status_code == 401  # somebody else's browser: login CSRF
    other_browser = offices.browser()
    other_browser.get("/aanmelden")
    assert other_browser.get(url).status_code == 401
    given = query(url)
    for change in ({"state": ""}, {"state": "x" * 43}, {"code": "x"}):
        assert browser.get(f"{BACK}?{urlencode({**given, **change})}").status_code == 401
    assert browser.get(f"{BACK}?{urlencode({'state': given['state'], 'iss': given['iss'], 'error': 'access_denied'})}").status_code == 401
    url = browser.answer(ANNE)
    assert browser.get(url).status_code == 303  # the control
    assert browser.get(url).status_code == 401  # its cookie is gone


def test_code_of_another_verifier_is_refused_by_the_service(offices: Offices) -> None:
    """PKCE: a code that leaked is of no use in a login that somebody else began."""
    mine, theirs = offices.browser(), offices.browser()
    stolen = query(mine.answer(ANNE))["code"]
    url = theirs.answer(BRAM)
    assert theirs.get(f"{BACK}?{urlencode({**query(url), 'code': stolen})}").status_code == 401


def test_new_key_of_the_service_is_found_after_a_minute(offices: Offices, browser: Browser) -> None:
    browser.login()
    offices.service.key = ECKey.generate_key("P-256", {"kid": "twee", "use": "sig", "alg": "ES256"})
    again = offices.browser()
    assert again.get(again.answer(BRAM)).status_code == 401  # looked a moment ago
    offices.clock.advance(timedelta(minutes=2))
    offices.browser().login(BRAM)


def test_service_that_is_down_is_a_page_and_nobody_is_in(offices: Offices, browser: Browser) -> None:
    url = browser.answer(ANNE)
    offices.service.port, port = 1, offices.service.port
    offices.service.__exit__(None, None, None)
    answer = browser.get(url)
    assert (answer.status_code, cookies.SESSION in browser.cookies) == (503, False)
    offices.service.port = port
    offices.service.__enter__()


def test_nobody_is_sent_to_an_address_from_outside(offices: Offices) -> None:
    for extra in ("terug=https://elders.example", "next=//elders.example", "redirect_uri=https://elders.example"):
        browser = offices.browser()
        away = browser.get(f"/aanmelden?{extra}").headers["location"]
        assert (away.startswith(offices.service.issuer), "elders" in away) == (True, False)
        assert browser.get(f"{browser.answer(ANNE)}&{extra}").headers["location"] == "/toezicht"
        for path in (f"/?{extra}", f"//elders.example/?{extra}", "/\\elders.example"):
            assert "elders" not in browser.get(f"{ORIGIN}{path}").headers.get("location", "")


def test_client_shows_itself_with_a_signed_assertion(offices: Offices, browser: Browser) -> None:
    key = ECKey.generate_key("P-256")
    offices.service.client_key = ECKey.import_key(key.as_pem(private=False))
    assert browser.get(browser.answer(ANNE)).status_code == 401  # with the secret only
    offices.use(key=key.as_pem(private=True))
    offices.browser().login()
