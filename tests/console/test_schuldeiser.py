"""A creditor after delivery: proof, withdrawal, reports, questions and figures; and whom none of it is shown to."""

import csv
import io
from datetime import date

import pytest

from adapters.client.proofs import verify_proof
from gateway.console.schuldeiser import quality
from gateway.feedback import feed
from gateway.partners.sealkeys import Partijsleutel
from schemas.bewijs import Bewijs
from schemas.kwaliteit import KwaliteitMaand
from schemas.strict import parse
from tests.console import creditor
from tests.console.creditor import FILES, FORM, HOME, claims, filled
from tests.console.offices import ANNE, ILSE, Browser, Offices
from tests.flows.world import HAARLEM, LANDLORD
from tests.overviews.hall import NAME


@pytest.fixture
def browser(offices: Offices) -> Browser:
    return creditor.enter(offices)


def signal(offices: Offices, browser: Browser) -> str:
    """The page of a signal that was delivered by the form."""
    answer = browser.submit(FORM, **filled(offices.today))
    offices.number()
    return f"{HOME}/signalen/{creditor.id_in(answer.text, f'{HOME}/signalen')}"


def test_proof_is_downloaded_and_verifies_outside(offices: Offices, browser: Browser) -> None:
    page = signal(offices, browser)
    shown = browser.get(f"{page}/bewijs")
    assert ("HUUR-1" in shown.text, "Vries" in shown.text) == (True, False)
    kept = browser.get(f"{page}/bewijs/bestand")
    assert kept.headers["content-disposition"] == "attachment; filename*=UTF-8''bewijs-HUUR-1.json"
    verify_proof(parse(kept.content, Bewijs), offices.receipts.public_jwks(), offices.checkpoints.verifier.vkey)


def test_signal_is_found_by_its_kenmerk_and_withdrawn_once(offices: Offices, browser: Browser) -> None:
    page = signal(offices, browser)
    found = browser.submit(f"{HOME}/signalen", kenmerk="HUUR-1")
    assert (found.status_code, found.headers["location"]) == (303, page)
    unknown = browser.submit(f"{HOME}/signalen", kenmerk="HUUR-2")
    assert (unknown.status_code, 'href="#kenmerk"' in unknown.text) == (400, True)
    without = browser.submit(f"{page}/intrekking")
    assert (without.status_code, 'href="#reden"' in without.text, "HUUR-1" in without.text) == (400, True, True)
    assert browser.submit(f"{page}/intrekking", reden="betaald").headers["location"] == f"{page}?melding=signaal_ingetrokken"
    after = browser.get(page).text
    assert ("Ingetrokken" in after, "Trek dit signaal in" in after) == (True, False)
    (entry,) = offices.entries("signaal.ingetrokken")
    assert (entry.resultaat, entry.gebruiker) == ("betaald", offices.entries("console.aangemeld")[-1].gebruiker)


def test_nothing_of_a_creditor_exists_for_another_or_for_another_role(offices: Offices, browser: Browser) -> None:
    page, id = signal(offices, browser), creditor.delivery(offices)
    offices.ask(LANDLORD)
    asked = offices.mine(LANDLORD, "open")[0].id
    brought = creditor.where(creditor.bring(browser, b"{}\n"))
    offices.filed.work()
    got = [page, f"{page}/bewijs", f"{page}/bewijs/bestand", f"{HOME}/aanleveringen/{id}", f"{HOME}/aanleveringen/{id}/verslag",
           f"{HOME}/vragen/{asked}", brought, f"{brought}/verslag?deel=csv"]  # fmt: skip
    sent = [(f"{page}/intrekking", {"reden": "betaald"}), (f"{HOME}/vragen/{asked}", claims(offices.today)), (f"{brought}/opruimen", {})]
    other, officer = offices.browser().login(ILSE, HOME), offices.browser().login(ANNE)
    for path in got:
        assert browser.get(path).status_code == 200, path  # the control
        theirs, nothing = other.get(path), other.get(path.replace(creditor.id_in(path, "/[a-z]+"), creditor.nowhere()))
        assert (theirs.status_code, nothing.status_code, officer.get(path).status_code) == (404, 404, 403), path
        assert same(theirs.text) == same(nothing.text), path
    for path, fields in sent:
        assert (other.submit(path, **fields).status_code, officer.submit(path, **fields).status_code) == (404, 403), path
    assert "HUUR-1" not in "".join(other.get(path).text for path in (HOME, f"{HOME}/aanleveringen", FILES, f"{HOME}/kwaliteit"))
    assert other.submit(f"{HOME}/signalen", kenmerk="HUUR-1").status_code == 400
    assert officer.post(FILES, data={"csrf": officer.csrf}, files={"bestand": ("x", b"")}).status_code == 403
    assert (offices.mine(LANDLORD)[0].staat, offices.entries("signaal.ingetrokken")) == ("open", [])


def same(text: str) -> str:
    """A page without its trace."""
    return text.partition("noem dan")[0]


def test_report_shows_errors_by_kenmerk_and_no_cell_calculates(offices: Offices, browser: Browser) -> None:
    id = creditor.delivery(offices, kenmerk="LEVERING-1", signaaldatum="2031-01-01")
    text = browser.get(f"{HOME}/aanleveringen/{id}").text
    assert ("Een deel is geweigerd" in text, "ligt na de dag van ontvangst" in text, "AVG art. 5" in text) == (True, True, True)
    report = browser.get(f"{HOME}/aanleveringen/{id}/verslag")
    assert report.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(report.text, newline="")))
    assert [row["status"] for row in rows] == ["bezorgd", "bezorgd", "geweigerd"]
    assert [cell for row in rows for cell in row.values() if cell and cell[0] in "=+-@\t"] == []
    assert "LEVERING-1" in browser.get(HOME).text
    assert browser.get(f"{HOME}/aanleveringen?voor=x").status_code == 404


def test_question_opens_as_a_disclosure_and_is_answered_once(offices: Offices, browser: Browser) -> None:
    offices.ask(LANDLORD)
    page = f"{HOME}/vragen/{offices.mine(LANDLORD, 'open')[0].id}"
    assert (NAME in browser.get(HOME).text + browser.get(f"{HOME}/vragen").text, offices.entries("saldoverzoek.gelezen")) == (False, [])
    shown = browser.get(page).text
    assert (NAME in shown, "7 maart 1985" in shown, "2011AB" in shown) == (True, True, True)
    (entry,) = offices.entries("saldoverzoek.gelezen")
    assert entry.gebruiker == offices.entries("console.aangemeld")[-1].gebruiker
    answer = browser.submit(page, **claims(offices.today))
    assert answer.headers["location"] == f"{HOME}/vragen?melding=beantwoord"
    assert "vastgelegd en verzegeld" in browser.get(answer.headers["location"]).text
    (given,) = offices.entries("saldoverzoek.beantwoord")
    assert (given.resultaat, given.gebruiker) == ("beantwoord", entry.gebruiker)
    assert browser.submit(page, **claims(offices.today)).status_code == 303  # the same again
    assert browser.submit(page, antwoord="klant_onbekend").status_code == 409
    assert NAME not in browser.get(page).text


@pytest.mark.parametrize(("changes", "field", "words"), [
    ({"saldo-1": "399,99"}, "saldo-1", "is niet wat er overblijft"),
    ({"hoofdsom-1": "veel"}, "hoofdsom-1", "Vul een bedrag"),
    ({"kenmerk-1": ""}, "kenmerk-1", "verplicht"),
    ({"soort-1": "uit_handen_gegeven"}, "incasso-1", "verplicht"),
    ({"soort-1": "overgedragen", "houder-1": "Een ander"}, "saldo-1", "hoort niet bij"),
    ({"peildatum": "31-12-2099"}, "peildatum", "na vandaag"),
    ({"antwoord": ""}, "antwoord", "Kies een van de mogelijkheden"),
    ({"antwoord": "geen_medewerking"}, "reden", "verplicht"),
    ({"soort-3": "openstaand", "kenmerk-3": "F-1", "saldo-3": "1"}, "kenmerk-3", "twee keer"),
    ({"naam": "Afdeling 999990019"}, "naam", "elfproef"),
])  # fmt: skip
def test_answer_that_is_not_right_comes_back_at_its_field(
    offices: Offices, browser: Browser, changes: dict[str, str], field: str, words: str
) -> None:
    offices.ask(LANDLORD)
    page = f"{HOME}/vragen/{offices.mine(LANDLORD, 'open')[0].id}"
    form = claims(offices.today, **changes)
    answer = browser.submit(page, **form)
    assert answer.status_code == 400
    assert (f'href="#{field}"' in answer.text, f'id="{field}"' in answer.text, words in answer.text) == (True, True, True), answer.text
    assert 'value="400,00"' in answer.text or "hoofdsom-1" in changes
    assert (offices.mine(LANDLORD)[0].staat, len(offices.entries("verzoek.geweigerd"))) == ("open", 1)


def test_refusal_and_unknown_are_answers_too(offices: Offices, browser: Browser) -> None:
    for kenmerk in ("SO-1", "SO-2"):
        offices.ask(LANDLORD, kenmerk=kenmerk)
    first, second = (f"{HOME}/vragen/{one.id}" for one in offices.mine(LANDLORD, "open"))
    assert browser.submit(first, antwoord="geen_medewerking", reden="finale_kwijting").status_code == 303
    assert browser.submit(second, antwoord="klant_onbekend").status_code == 303
    assert "Haarlem" not in browser.get(second).text  # nothing of the question is left
    for staat, one in (("geen_medewerking", first), ("klant_onbekend", second)):
        assert [path in browser.get(f"{HOME}/vragen?staat={staat}").text for path in (first, second)] == [one is first, one is second]


def test_own_key_gets_what_opens_it_and_what_to_do(offices: Offices, browser: Browser) -> None:
    offices.own = [Partijsleutel(LANDLORD.principal, "p1", "eigen", offices.keys.create_private("p1"))]
    offices.register = offices._register()
    offices.ask(LANDLORD)
    page = f"{HOME}/vragen/{offices.mine(LANDLORD, 'open')[0].id}"
    shown = browser.get(page).text
    assert (NAME in shown, "uw sleutelbeheerder" in shown, "inhoudssleutel" in shown) == (False, True, True)
    assert len(offices.entries("saldoverzoek.gelezen")) == 1
    assert browser.submit(page, **claims(offices.today)).status_code == 303


def test_question_past_its_last_day_shows_nothing_of_the_client(offices: Offices, browser: Browser) -> None:
    asked = offices.ask(LANDLORD)
    page = f"{HOME}/vragen/{offices.mine(LANDLORD, 'open')[0].id}"
    offices.on(date(asked.uiterlijk.year + 1, 1, 4))
    browser = creditor.enter(offices)
    text = browser.get(page).text
    assert (NAME in text, "laatste dag om te antwoorden is voorbij" in text) == (False, True)


def test_figures_stand_in_a_drawing_and_a_table_with_examples_by_kenmerk(offices: Offices, browser: Browser) -> None:
    assert "nog geen cijfers" in browser.get(f"{HOME}/kwaliteit").text
    offices.deliver(*offices.signals(3), {**offices.signal(), "signaaldatum": "2031-01-01"})
    text = browser.get(f"{HOME}/kwaliteit").text
    assert ("<svg" in text, "<rect" in text, "100,0 %" in text) == (True, True, True)
    other = offices.browser().login(ILSE, HOME)
    assert "<rect" not in other.get(f"{HOME}/kwaliteit").text


def test_course_has_a_bar_for_each_month_as_high_as_its_score() -> None:
    months = [
        KwaliteitMaand(maand=date(2026, month, 1), aangeboden=10, bezorgd=10, geweigerd=0, in_quarantaine=0, onterecht_ingetrokken=0,
                       aandeel_geweigerd=0, aandeel_onterecht=0, score=score) for month, score in ((10, 1.0), (11, 0.5), (12, 0.0))
    ]  # fmt: skip
    chart = quality.course(months)
    assert [bar.title for bar in chart.bars] == ["okt 2026: 100,0 procent", "nov 2026: 50,0 procent", "dec 2026: 0,0 procent"]
    assert [bar.y + bar.height for bar in chart.bars] == pytest.approx([chart.base] * 3, abs=0.2)
    assert [bar.height for bar in chart.bars] == pytest.approx([204, 102, 0], abs=0.2)
    assert quality.course([]).bars == ()
    assert quality.earlier(date(2026, 2, 20), 11) == date(2025, 3, 1)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 8, 9])
def test_newest_feedback_stands_first_however_much_there_is(offices: Offices, count: int) -> None:
    for nr in range(1, count + 1):
        offices.run(
            "INSERT INTO terugkoppeling (gemeente, id, bericht, principal, kenmerk, code, tekst, week, vrij_vanaf, rij, nr) "
            "VALUES (%s, gen_random_uuid(), gen_random_uuid(), %s, %s, 'geen_inwoner', 'Woont er niet', '2026-W48', now(), 'FB-01', %s)",
            HAARLEM, LANDLORD.principal, f"K-{nr}", nr,
        )  # fmt: skip
    found = feed.newest(offices.ingest, LANDLORD.principal, 3)
    assert [one.kenmerk for one in found] == [f"K-{nr}" for nr in range(count, max(0, count - 3), -1)]
    assert ("Woont er niet" in creditor.enter(offices).get(f"{HOME}/terugkoppeling").text) is bool(count)


def test_stored_script_is_text_on_every_page_of_a_creditor(offices: Offices, browser: Browser) -> None:
    evil = "<script>alert(1)</script>"
    offices.rename("<img src=x onerror=alert(1)>")
    wrong = browser.submit(FORM, **filled(offices.today, achternaam=evil, schuldhulp=""))
    brought = creditor.where(creditor.bring(browser, b"{}\n", name=f"{evil[:8]}.csv"))
    offices.filed.work()
    pages = [wrong.text, *(browser.get(path).text for path in (HOME, FILES, brought, f"{HOME}/vragen"))]
    assert ("&lt;script&gt;" in wrong.text, [nr for nr, page in enumerate(pages) if "<script" in page or "<img" in page]) == (True, [])
