"""Settings on a screen: what is wrong comes back at its field, a basket is tried before it is kept, and every change is on record."""

import re
from collections.abc import Iterator

import pytest

from gateway.console.gemeente import settings, table
from gateway.core import ids
from tests.console.offices import CLERKLY, FARAWAY, Browser, Offices
from tests.console.test_gemeente import HOME
from tests.console.walking import Step, walked
from tests.overviews.hall import CARRIER

PATH, BASKETS, OBJECTIONS = "/gemeente/instellingen", "/gemeente/instellingen/werkbakken", "/gemeente/bezwaren"
BASKET = {
    "code": "hoog", "naam": "Hoog bedrag", "kanaal": "huisbezoek", "plek": "1", "bedragVanafCent": "1.000,00", "soorten-vroegsignaal": "ja",
}  # fmt: skip
HIDDEN = re.compile(r'<input type="hidden" name="([a-zA-Z-]+)" value="([^"]*)">')
PARTNER = {"oin": CARRIER.party, "naam": "Kredietbank", "veldgroepen-identiteit": "ja", "veldgroepen-contact": "ja"}
OBJECTION = {"postcode": "2011 ab", "huisnummer": "12"}
END = re.compile(r"/gemeente/bezwaren/([0-9a-f-]{36})/einde")


@pytest.fixture
def clerk(offices: Offices) -> Browser:
    return offices.browser().login(CLERKLY, HOME)


def test_every_page_of_the_settings_leaves_its_entry(offices: Offices, clerk: Browser) -> None:
    def steps() -> Iterator[Step]:
        by = {(page.method, page.path): page for page in table.SETTINGS}
        for page in table.SETTINGS:
            if page.method == "GET":
                yield page, clerk.get(page.path).status_code
        for path, fields in (
            (f"{PATH}/drempels", {"huur": "150", "drinkwater": "75,50"}), (f"{PATH}/opvolgpartners", PARTNER),
            (f"{PATH}/opvolgpartners/weg", {"oin": CARRIER.party}), (f"{BASKETS}/proef", BASKET), (BASKETS, BASKET),
            (f"{BASKETS}/weg", {"code": "hoog"}), (OBJECTIONS, OBJECTION),
        ):  # fmt: skip
            yield by["POST", path], clerk.submit(path, **fields).status_code
        found = END.search(clerk.get(OBJECTIONS).text)
        assert found
        yield by["POST", f"{OBJECTIONS}/{{id}}/einde"], clerk.submit(found[0]).status_code

    assert walked(offices, steps()) == set(table.SETTINGS)
    users = {entry.gebruiker for event in ("instelling.gewijzigd", "bezwaar.vastgelegd") for entry in offices.entries(event)}
    assert users == {entry.gebruiker for entry in offices.entries("console.aangemeld")}


def test_threshold_is_kept_and_shown(offices: Offices, clerk: Browser) -> None:
    assert clerk.submit(f"{PATH}/drempels", huur="1.150,50").status_code == 303
    assert 'value="1.150,50"' in clerk.get(PATH).text
    assert offices.browser().login(FARAWAY, HOME).get(PATH).text.count("1.150,50") == 0


def test_basket_is_tried_on_last_month_and_kept_only_then(offices: Offices, clerk: Browser) -> None:
    tried = clerk.submit(f"{BASKETS}/proef", **BASKET).text
    assert ("Er is niets veranderd" in tried, "Leg deze werkbak vast" in tried) == (True, True)
    assert offices.entries("instelling.gewijzigd") == []
    hidden = dict(HIDDEN.findall(tried.split(f'action="{BASKETS}"')[1]))
    assert clerk.submit(BASKETS, **{name: value for name, value in hidden.items() if name in BASKET}).status_code == 303
    page = clerk.get(HOME).text
    assert page.index("Hoog bedrag") < page.index("Algemeen")
    low, high = ({**offices.of(number)} for number in (12, 13))
    low["achterstand"], high["achterstand"] = ({**low["achterstand"], "bedragCent": cents} for cents in (90_000, 150_000))
    offices.delivered(low, high)
    taken = clerk.submit("/gemeente/neem", doel="WGS-3-1-b", maximum="5", werkbak="hoog").text
    assert ("2011AB 13" in taken, "2011AB 12" in taken) == (True, False)


def test_list_tells_nobody_who_objects_but_a_message_does_show_it(offices: Offices, clerk: Browser) -> None:
    assert clerk.submit(OBJECTIONS, **OBJECTION, achternaam="Vries", geboortedatum="1985-03-07").status_code == 303
    page = clerk.get(OBJECTIONS).text
    assert ("Vries" in page, "2011" in page, "Een persoon" in page) == (False, False, True)
    (bericht,) = offices.delivered(offices.of())
    assert "loopt een bezwaar" in clerk.get(f"/gemeente/berichten/{bericht}").text


@pytest.mark.parametrize(("path", "fields", "field"), [
    (f"{PATH}/drempels", {"huur": "veel"}, "huur"),
    (f"{PATH}/drempels", {"huur": "0"}, "huur"),
    (f"{PATH}/opvolgpartners", {**PARTNER, "oin": "123"}, "oin"),
    (f"{PATH}/opvolgpartners", {"oin": CARRIER.party, "naam": "Kredietbank"}, "veldgroepen"),
    (f"{PATH}/opvolgpartners", {**PARTNER, "veldgroepen-klant": "ja"}, "veldgroepen"),
    (f"{BASKETS}/proef", {**BASKET, "code": "Met Hoofdletters"}, "code"),
    (f"{BASKETS}/proef", {**BASKET, "bedragTotCent": "weinig"}, "bedragTotCent"),
    (BASKETS, {**BASKET, "bedragTotCent": "10"}, "bedragTotCent"),
    (BASKETS, {**BASKET, "wijken": "wk-1"}, "wijken"),
    (BASKETS, {**BASKET, "ouderdom-tot_30_dagen": "ja"}, "ouderdom"),
    (OBJECTIONS, {"postcode": "2011", "huisnummer": "12"}, "postcode"),
    (OBJECTIONS, {**OBJECTION, "achternaam": "Vries"}, "geboortedatum"),
])  # fmt: skip
def test_setting_that_does_not_fit_comes_back_with_its_error(
    offices: Offices, clerk: Browser, path: str, fields: dict[str, str], field: str
) -> None:
    answer = clerk.submit(path, **fields)
    assert (answer.status_code in (400, 409), f'href="#{field}"' in answer.text, f'id="{field}"' in answer.text) == (True, True, True)
    assert offices.entries("instelling.gewijzigd") == []


def test_objection_of_another_municipality_does_not_exist(offices: Offices, clerk: Browser) -> None:
    clerk.submit(OBJECTIONS, **OBJECTION)
    found = END.search(clerk.get(OBJECTIONS).text)
    assert found
    theirs = offices.browser().login(FARAWAY, HOME)
    assert {theirs.submit(path).status_code for path in (found[0], f"{OBJECTIONS}/{ids.new()}/einde")} == {404}
    assert "Een adres" not in theirs.get(OBJECTIONS).text
    assert clerk.submit(found[0]).status_code == 303  # the control


@pytest.mark.parametrize(("typed", "found"), [
    ("450", 45_000), ("450,12", 45_012), ("1.234,50", 123_450), ("1234,5", "1234,5"), ("12.34", "12.34"), ("-1", "-1"), ("", ""),
])  # fmt: skip
def test_amount_is_read_as_it_is_written_here(typed: str, found: int | str) -> None:
    assert settings.cents(typed) == found
