"""One signal by a form: the flow of the API behind it, its errors at their fields, and what stays nowhere but in the answer."""

from datetime import timedelta

import pytest

from gateway.console.schuldeiser import conditions, signalform
from gateway.console.schuldeiser.conditions import SENTENCES
from tests.console import creditor
from tests.console.creditor import FORM, HOME, filled
from tests.console.offices import Browser, Offices
from tests.flows.world import LANDLORD, RULEBOOK, UTRECHT


@pytest.fixture
def browser(offices: Offices) -> Browser:
    return creditor.enter(offices)


def fields_of(offices: Offices, **changes: str) -> dict[str, str]:
    return filled(offices.today, **changes)


def test_signal_is_delivered_as_the_person_and_shows_its_receipt(offices: Offices, browser: Browser) -> None:
    answer = browser.submit(FORM, **fields_of(offices))
    assert (answer.status_code, "Signaal bezorgd" in answer.text, "Haarlem" in answer.text) == (200, True, True)
    assert ("HUUR-1" in answer.text, "Vries" in answer.text) == (True, False)
    (entry,) = offices.entries("signaal.bezorgd")
    assert (entry.partij, entry.principaal, entry.gemeente) == (LANDLORD.party, LANDLORD.principal, "0392")
    assert entry.gebruiker is not None
    assert entry.gebruiker == offices.entries("console.aangemeld")[-1].gebruiker


def test_form_sent_twice_is_one_signal_with_the_same_receipt(offices: Offices, browser: Browser) -> None:
    answers = [browser.submit(FORM, **fields_of(offices)) for _ in range(2)]
    ids = {creditor.id_in(answer.text, f"{HOME}/signalen") for answer in answers}
    assert (len(ids), offices.count("bericht"), "was al bezorgd" in answers[1].text) == (1, 1, True)
    other = browser.submit(FORM, **fields_of(offices, bedrag="99"))
    assert (other.status_code, 'href="#kenmerk"' in other.text, offices.count("bericht")) == (409, True, 1)


def test_kenmerk_is_derived_and_stays_the_same_while_the_form_is_open(offices: Offices, browser: Browser) -> None:
    form = browser.get(FORM).text
    proposed = form.partition('name="voorstel" value="')[2].partition('"')[0]
    assert proposed.startswith(f"F-{offices.today}-")
    wrong = browser.submit(FORM, **fields_of(offices, kenmerk="", bedrag="", voorstel=proposed))
    assert f'name="voorstel" value="{proposed}"' in wrong.text
    answers = [browser.submit(FORM, **fields_of(offices, kenmerk="", voorstel=proposed)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (proposed in answers[0].text, offices.count("bericht")) == (True, 1)


def test_what_is_typed_as_people_write_it_reaches_the_municipality(offices: Offices, browser: Browser) -> None:
    browser.submit(FORM, **fields_of(offices))
    offices.number()
    (message,) = offices.page()
    assert (message.bedrag_cent, message.sector) == (145_012, "huur")
    record = signalform.read(fields_of(offices)).value
    assert (record["adres"]["postcode"], record["adres"]["huisnummer"]) == ("2011AB", 12)
    assert (record["personen"][0]["geboortedatum"], record["contact"]["telefoonnummers"]) == ("1985-03-07", ["+31612345678"])
    assert record["inspanning"]["contacten"][0]["kanaal"] == "telefoon"  # the second row of the form is the first contact


@pytest.mark.parametrize(("changes", "field", "words"), [
    ({"bedrag": "veel"}, "bedrag", "Vul een bedrag in euro&#39;s in"),
    ({"bedrag": ""}, "bedrag", "Dit veld is verplicht"),
    ({"ontstaan": "gisteren"}, "ontstaan", "Vul een datum in"),
    ({"achternaam": ""}, "achternaam", "Dit veld is verplicht"),
    ({"achternaam": "Vries 999990019"}, "achternaam", "VS-09"),
    ({"postcode": "haarlem"}, "postcode", "2011AB"),
    ({"telefoon": "bel maar"}, "telefoon", "06 12345678"),
    ({"contact-2-datum": "31-02-2026"}, "contact-2-datum", "Vul een datum in"),
    ({"contact-2-kanaal": "", "contact-2-datum": ""}, "contact-1-datum", "Bgs art. 2, aanhef en onder a"),
    ({"schuldhulp": ""}, "schuldhulp", "Bgs art. 2, aanhef en onder b"),
    ({"herinnering-1": ""}, "herinnering-1", "Bgs art. 2, aanhef en onder c"),
    ({"aanbod": "", "reactie": ""}, "aanbod", "Bgs art. 2, aanhef en onder d"),
    ({"reactie": "afwijzend"}, "reactie", "Bgs art. 2, aanhef en onder d"),
    ({"kenmerk": "een naam"}, "kenmerk", "Een kenmerk begint met een letter of cijfer"),
    ({"eerder": "ONBEKEND-1"}, "eerder", "eerdere kenmerk"),
    ({"handelsnaam": "Een ander"}, "handelsnaam", "Deze handelsnaam is niet voor u geregistreerd"),
])  # fmt: skip
def test_error_stands_at_its_field_and_nothing_typed_is_lost(
    offices: Offices, browser: Browser, changes: dict[str, str], field: str, words: str
) -> None:
    form = fields_of(offices, **changes)
    answer = browser.submit(FORM, **form)
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text  # the link leads somewhere
    assert words in answer.text
    kept = [value for name, value in form.items() if name in ("voorletters", "woonplaats", "postcode", "herinnering-1")]
    assert [value for value in kept if f'value="{value}"' not in answer.text] == []
    assert offices.count("bericht") == 0
    assert len(offices.entries("signaal.geweigerd")) == 1


def test_postcode_in_two_municipalities_is_asked_and_the_answer_counts(offices: Offices, browser: Browser) -> None:
    form = fields_of(offices, postcode="1431AB", woonplaats="Nergensdorp")
    answer = browser.submit(FORM, **form)
    assert (answer.status_code, "In welke gemeente is dat?" in answer.text) == (400, True)
    assert answer.text.count('name="gemeentecode"') > 1
    assert ("Aalsmeer" in answer.text, "Amstelveen" in answer.text) == (True, True)
    elsewhere = browser.submit(FORM, **form, gemeentecode=UTRECHT)
    assert (elsewhere.status_code, "In welke gemeente is dat?" in elsewhere.text) == (400, True)
    chosen = browser.submit(FORM, **form, gemeentecode="0358")
    assert ("GEMEENTE" in chosen.text, "neemt niet deel" in chosen.text) == (False, True)  # understood: it is that one


def test_what_somebody_typed_stands_in_no_address_no_log_and_no_session(offices: Offices, browser: Browser) -> None:
    browser.submit(FORM, **fields_of(offices, schuldhulp=""))
    browser.submit(FORM, **fields_of(offices))
    bodies = b"".join(bytes(body) for (body,) in offices.rows("SELECT body FROM log_entry"))
    assert [word for word in (b"Vries", b"2011AB", b"612345678") if word in bodies] == []
    asked = browser.get(f"{FORM}?achternaam=Kanarie&sector=huur")
    assert "/schuldeiser/signaal?" not in asked.text


def test_sector_is_asked_when_there_is_more_than_one_and_its_conditions_are_of_that_day(offices: Offices, browser: Browser) -> None:
    offices.license(LANDLORD.principal, "huur", "elektriciteit")
    assert 'name="bedrag"' not in browser.get(FORM).text
    texts = {sector: browser.get(f"{FORM}?sector={sector}").text for sector in ("huur", "elektriciteit", "gas")}
    assert ["Bgs art. 2, aanhef en onder a" in text for text in texts.values()] == [True, False, False]
    assert ["Energieregeling" in text for text in texts.values()] == [False, True, False]
    assert 'name="bedrag"' not in texts["gas"]


def test_every_check_of_efforts_has_a_sentence_in_each_designated_sector(offices: Offices) -> None:
    day = offices.today
    rows = [row for sector in RULEBOOK.sectors() for row in RULEBOOK.rows_on(sector, "vroegsignaal", day)]
    asked = {row.toets for row in rows if (row.pointer or "").startswith("/inspanning/") and row.oordeel == "fout"}
    assert asked - SENTENCES.keys() - {"verklaring_geldt"} == set()
    assert "contactpoging" in asked  # the control
    tomorrow = day + timedelta(days=1)
    assert all(conditions.conditions(RULEBOOK, sector, tomorrow) for sector in ("huur", "gas", "drinkwater", "zorgverzekering"))


@pytest.mark.parametrize(("typed", "cents"), [
    ("450", 45_000), ("450,1", 45_010), ("450,12", 45_012), ("1.450,12", 145_012), ("€ 12", 1_200), ("12,-", 1_200), ("12,345", "12,345"),
    ("1.45", "1.45"), ("-12", "-12"), ("", ""), ("٤٥", "٤٥"), ("1e3", "1e3"),
])  # fmt: skip
def test_euros_are_read_as_written_or_left_alone(typed: str, cents: int | str) -> None:
    assert signalform.euros(typed) == cents


@pytest.mark.parametrize(("typed", "wire"), [
    ("06 12345678", "+31612345678"), ("023-5115115", "+31235115115"), ("0031612345678", "+31612345678"), ("+32 2 1234567", "+3221234567"),
])  # fmt: skip
def test_telephone_numbers_become_international(typed: str, wire: str) -> None:
    assert signalform.telephone(typed) == wire
