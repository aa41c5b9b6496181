"""Whom the counter keeps out: forced browsing between roles, and what one integrator learns of another's participants."""

import html

from msgspec import structs

from gateway.console import counter as pages
from gateway.console.app import TABLE
from gateway.core import ids
from gateway.onboarding import registration
from gateway.onboarding.poorten import Poort
from gateway.partners.register import Deelnemer
from tests.console.balie import FAKE, INA, IVO, OLGA, Balie, Window
from tests.console.offices import ORIGIN
from tests.console.test_beheer import NEW, PROFILE
from tests.onboarding.world import GIVES, LANDLORD, ROWS, TODAY, TOWN

ABOUT = ("deelnemer", "aansluiting", "papier", "certificaat", "intrekken", "toets", "profiel", "stap", "activeren", "mandaat")
FORMS_TOO = 6
"""Of these the empty form is a page too."""
PATHS = [page for page in TABLE if page.rol in ("integrator", "beheerder")]


def test_no_page_of_another_role_or_of_a_false_operator(balie: Balie) -> None:
    """Forced browsing: by role, and by an account that says it is the operator's and works for another organisation."""
    ina, olga = balie.window(INA), balie.window(OLGA)
    for page in PATHS:
        other = ina if page.rol == "beheerder" else olga
        path = page.path.replace("{id}", str(ids.new()))
        answer = other.get(path) if page.method == "GET" else other.submit(path, oin=LANDLORD)
        assert answer.status_code == 403, page.id
    fred = Window(balie)  # type: ignore[arg-type]
    assert fred.get(fred.answer(FAKE)).status_code == 403


def test_partner_of_another_integrator_is_as_one_that_is_not_there(balie: Balie) -> None:
    ina = balie.window(INA)
    about = [page for page in pages.INTEGRATOR if page.path.removeprefix("/aansluiten/") in ABOUT]
    assert len(about) == len(ABOUT) + FORMS_TOO
    for page in about:
        answers = []
        for oin in (TOWN, NEW):
            fields = {"oin": oin, "naar": "in_test", "vingerafdruk": "0" * 64, "gemachtigde": LANDLORD, "rol": "schuldeiser",
                      "geldigVan": str(TODAY), "soort": "dpia", "kenmerk": "D", "versie": "1", "uitslag": "{}", "certificaat": "x",
                      "patroon": "*.csv", "profiel": PROFILE.replace(LANDLORD, oin)}  # fmt: skip
            answer = ina.submit(page.path, **fields) if page.method == "POST" else ina.get(f"{page.path}?oin={oin}")
            answers.append((answer.status_code, answer.text.replace(oin, "").rpartition("noem dan")[0]))
        assert answers[0] == answers[1], page.id
        assert answers[0][0] in (404, 400), (page.id, answers[0])
    assert TOWN not in ina.get("/aansluiten").text + ina.get("/aansluiten/deelnemers").text + ina.get("/aansluiten/verzoeken").text
    assert balie.status(TOWN) == "aangemeld"


def test_request_of_another_integrator_is_as_one_that_is_not_there(balie: Balie) -> None:
    ina, ivo = balie.window(INA), balie.window(IVO)
    request = ivo.asks("/activeren", oin=TOWN)
    assert ivo.get(f"/aansluiten{request}").status_code == 200
    there, absent = ina.get(f"/aansluiten{request}"), ina.get(f"/aansluiten/verzoeken/{ids.new()}")
    assert (there.status_code, absent.status_code) == (404, 404)


def test_list_of_another_integrators_partner_says_what_it_says_of_an_absent_one(balie: Balie) -> None:
    GIVES[TOWN][Poort.LOKET](balie, TOWN)
    registration.save(balie.office, Deelnemer(NEW, "Ander", frozenset({"schuldeiser"}), "aangemeld", frozenset({"huur"})))
    ina, head = balie.window(INA), "schuldeiser;gemeentecode;sector;geldig_van;geldig_tot"
    answers = [
        ina.submit("/aansluiten/overeenkomsten", lijst=f"{head}\n{oin};0392;huur;{TODAY};").text.replace(oin, "")
        for oin in (NEW, "00000099000000079000")
    ]
    assert "niet ingeschreven" in answers[0]
    assert html.unescape(answers[0]).partition("<form method")[0] == html.unescape(answers[1]).partition("<form method")[0]




def test_no_form_is_taken_from_elsewhere_or_without_its_value(balie: Balie) -> None:
    own = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
    elsewhere = {"Origin": "https://elders.example", "Sec-Fetch-Site": "cross-site"}
    for who in (INA, OLGA):
        window = balie.window(who)
        csrf, other = window.csrf, balie.window(OLGA).csrf
        for page in PATHS:
            if page.method == "POST" and page.path.startswith(window.base):
                path = page.path.replace("{id}", str(ids.new()))
                fields = {"oin": LANDLORD, "naar": "in_test", "besluit": "goedgekeurd"}
                answers = [
                    window.post(path, data={**fields, "csrf": csrf}, headers=elsewhere),
                    window.post(path, data=fields, headers=own),
                    window.post(path, data={**fields, "csrf": other}, headers=own),
                ]
                assert [answer.status_code for answer in answers] == [403, 403, 403], page.id
    assert balie.entries("register.gewijzigd")[-1].gebruiker is None  # nothing changed since the world was made


def test_stored_script_in_every_text_of_a_partner_is_shown_as_text(balie: Balie) -> None:
    script = "<script>alert(1)</script>"
    registration.save(balie.office, structs.replace(ROWS[LANDLORD], naam=script, handelsnamen=frozenset({script})))
    ina, olga = balie.window(INA), balie.window(OLGA)
    ina.submit("/aansluiten/papier", oin=LANDLORD, soort="dpia", kenmerk=script, versie=script, geldigVan=str(TODAY))
    request = ina.asks("/aanmelden", oin=NEW, naam=script, machtiging=script, signaalpartner="ja", handelsnamen=script)
    ina.submit("/aansluiten/overeenkomsten", lijst=f"schuldeiser;{script}")
    one = f"/deelnemer?oin={LANDLORD}"
    for who, path in ((ina, ""), (ina, "/deelnemers"), (ina, one), (olga, ""), (olga, "/verzoeken"), (olga, request)):
        page = who.get(f"{who.base}{path}").text
        assert "<script" not in page, path
        assert "&lt;script" in page or path == "", path
