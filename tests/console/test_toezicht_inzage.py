"""A resident's request on the officer's pages: taken up by a form, confirmed elsewhere, given as the API gives it."""

import re
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest

from gateway.console import words
from gateway.core import ids
from gateway.oversight import access
from gateway.privacylog.entry import Entry
from schemas import toezicht
from schemas.toezicht import InzageBevestiging, Inzageuittreksel
from tests.console.offices import ABROADER, ANNE, CLERKLY, ORIGIN, Browser, Offices
from tests.console.test_toezicht_datalek import LEAK, leak
from tests.flows.world import CLERK, HAARLEM, TRACE

PATH = "/toezicht/inzage"
WHO = {"achternaam": "Vries", "geboortedatum": "1985-03-07", "postcode-1": "2011 ab", "huisnummer-1": "12"}
SECRET = re.compile(r"vries|1985|2011 ?ab", re.IGNORECASE)


@pytest.fixture
def bericht(offices: Offices) -> UUID:
    """A message that a clerk opened; numbered."""
    (found,) = offices.delivered(offices.of())
    offices.take()
    offices.number()
    return found


@pytest.fixture
def officer(offices: Offices) -> Browser:
    return offices.browser().login(ANNE)


def asked(officer: Browser, **changes: str) -> str:
    """Where a request that was taken up is."""
    answer = officer.submit(PATH, **{"kenmerk": "AVG-1", **WHO, **changes})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].partition("?")[0])


def confirmed(offices: Offices, path: str, *berichten: UUID) -> None:
    """The municipality says which messages are the resident's."""
    said = InzageBevestiging(berichten=list(berichten))
    access.confirm(CLERK, HAARLEM, TRACE, UUID(path.rpartition("/")[2]), said, offices.oversight)


def without_moment(extract: Inzageuittreksel) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(extract).items() if name != "opgemaaktOp"}


def test_extract_is_shown_and_kept_as_the_api_gives_it(offices: Offices, officer: Browser, bericht: UUID) -> None:
    path = asked(officer)
    page = officer.get(f"{path}?melding=inzage_gevraagd")
    assert all(word in page.text for word in ("Het verzoek is vastgelegd", str(bericht), "Persoon en adres", "nog niet bevestigd"))
    assert "Toon het uittreksel" not in page.text
    assert officer.submit(f"{path}/uittreksel").status_code == officer.submit(f"{path}/bestand").status_code == 409
    confirmed(offices, path, bericht)
    offices.number()
    assert "Toon het uittreksel" in officer.get(path).text
    shown = officer.submit(f"{path}/uittreksel")
    assert all(word in shown.text for word in ("Signaal bezorgd", "Bericht geclaimd", "Inzage verzocht", "naam en adres"))
    assert "m.jansen" not in shown.text
    file = officer.submit(f"{path}/bestand")
    assert file.headers["content-disposition"] == f"attachment; filename*=UTF-8''uittreksel-{path.rpartition('/')[2]}.json"
    kept = msgspec.json.decode(file.content, type=Inzageuittreksel)
    given = access.extract(CLERK, HAARLEM, TRACE, kept.id, offices.oversight)
    assert without_moment(kept) == without_moment(given)
    assert [entry.gebruiker is None for entry in offices.entries("inzage.verstrekt")] == [False, False, True]
    assert {entry.inzageverzoek for entry in offices.entries("inzage.verstrekt")} == {kept.id}


def test_resident_stands_in_no_address_page_or_entry(offices: Offices, officer: Browser, bericht: UUID) -> None:
    path = asked(officer)
    confirmed(offices, path, bericht)
    assert not SECRET.search(path)
    for text in (officer.get(PATH).text, officer.get(path).text, officer.submit(f"{path}/uittreksel").text):
        assert not SECRET.search(text)
    bodies = [bytes(body).decode() for (body,) in offices.rows("SELECT body FROM log_entry WHERE event LIKE 'inzage.%%'")]
    assert len(bodies) == 3
    assert not [body for body in bodies if SECRET.search(body)]
    assert SECRET.search(officer.submit(PATH, kenmerk="AVG-1", **WHO).text)  # the control: a form that comes back has what was typed
    assert "AVG-1" not in officer.get(f"{PATH}?achternaam=Vries").text.partition("<form method=\"post\" action")[2].partition("</form>")[0]


def test_earlier_addresses_are_looked_for_too(offices: Offices, officer: Browser) -> None:
    now, before = offices.delivered(offices.of(12), offices.of(99))
    offices.number()
    path = asked(officer)
    assert "Alleen de persoon" in officer.get(path).text
    whole = officer.get(asked(officer, kenmerk="AVG-2", **{"postcode-3": "2011AB", "huisnummer-3": "99"})).text
    assert (whole.count("Persoon en adres"), str(now) in whole, str(before) in whole) == (2, True, True)
    assert [(entry.aantal, len(entry.gezocht)) for entry in offices.entries("inzage.verzocht")] == [(2, 2), (2, 3)]


def test_hit_by_address_only_is_said_never_to_go_out(offices: Offices, officer: Browser) -> None:
    offices.delivered(offices.of(12, "Bakker"))
    offices.number()
    path = asked(officer)
    assert "nooit verstrekt" in officer.get(path).text
    confirmed(offices, path)
    page = officer.submit(f"{path}/uittreksel").text
    assert ("Signaal bezorgd" in page, "Inzage verzocht" in page) == (False, False)


@pytest.mark.parametrize(("changes", "field"), [
    ({"kenmerk": ""}, "kenmerk"),
    ({"geboortedatum": ""}, "geboortedatum"),
    ({"achternaam": "999990019"}, "achternaam"),
    ({"postcode-1": "", "huisnummer-1": ""}, "postcode-1"),
    ({"postcode-1": "2011"}, "postcode-1"),
    ({"huisnummer-4": "x", "postcode-4": "2011AB"}, "huisnummer-4"),
    ({"huisletter-2": "b"}, "postcode-2"),
])  # fmt: skip
def test_error_stands_at_its_own_field_and_nothing_is_taken_up(
    offices: Offices, officer: Browser, changes: dict[str, str], field: str
) -> None:
    answer = officer.submit(PATH, **{"kenmerk": "AVG-1", **WHO, **changes})
    assert (answer.status_code, f'href="#{field}"' in answer.text, f'id="{field}-fout"' in answer.text) == (400, True, True)
    assert all(f'value="{value}"' in answer.text for value in {**WHO, **changes}.values() if value)
    assert offices.entries("inzage.verzocht") == []


def test_kenmerk_is_used_once_and_the_ceiling_of_a_day_holds(offices: Offices, officer: Browser, bericht: UUID) -> None:
    path = asked(officer)
    again = officer.submit(PATH, kenmerk="AVG-1", **WHO)
    assert (again.status_code, "Dit kenmerk is al gebruikt" in again.text, 'value="AVG-1"' in again.text) == (409, True, True)
    offices.oversight = offices.oversight._replace(ceiling=2, reversals=1)
    offices.use(secret=offices.service.client_secret)
    other = offices.browser().login(ANNE)
    answer = other.submit(PATH, **{**WHO, "kenmerk": "AVG-2", "achternaam": "Bakker"})
    assert (answer.status_code, "TE_VEEL_PERSONEN" in answer.text, "Bakker" in answer.text) == (429, True, False)
    confirmed(offices, path, bericht)
    assert [other.submit(f"{path}/{part}").status_code for part in ("uittreksel", "bestand")] == [200, 429]


def pages(path: str, offices: Offices) -> list[tuple[str, dict[str, str]]]:
    """Every form of these pages."""
    return [(PATH, {"kenmerk": "AVG-9", **WHO}), (f"{path}/uittreksel", {}), (f"{path}/bestand", {}), (LEAK, leak(offices)),
            (f"{LEAK}/bestand", leak(offices, vorm="csv"))]  # fmt: skip


def entries(offices: Offices) -> list[Entry]:
    return [one for kind in ("inzage.verzocht", "inzage.verstrekt", "lek.onderzocht") for one in offices.entries(kind)]


def test_other_roles_and_other_municipalities_get_nothing(offices: Offices, officer: Browser, bericht: UUID) -> None:
    path = asked(officer)
    confirmed(offices, path, bericht)
    clerk, abroad = offices.browser().login(CLERKLY, "/gemeente"), offices.browser().login(ABROADER)
    before = len(entries(offices))
    for where, fields in pages(path, offices):
        assert clerk.submit(where, **fields).status_code == 403, where
    assert [clerk.get(where).status_code for where in (PATH, path, LEAK)] == [403] * 3
    assert len(entries(offices)) == before
    assert [abroad.get(path).status_code, *(abroad.submit(f"{path}/{part}").status_code for part in ("uittreksel", "bestand"))] == [404] * 3
    assert "AVG-1" not in abroad.get(PATH).text
    assert str(bericht) not in abroad.get(asked(abroad)).text
    assert re.findall(r'seinhuis-getal">(\d+)<', abroad.submit(LEAK, **leak(offices)).text)[:2] == ["0", "0"]
    assert officer.submit(f"{path}/uittreksel").status_code == 200  # the control
    assert officer.get(f"{PATH}/{ids.new()}").status_code == 404


def test_form_of_another_site_or_session_does_nothing(offices: Offices, officer: Browser, bericht: UUID) -> None:
    path = asked(officer)
    confirmed(offices, path, bericht)
    before, other = len(entries(offices)), offices.browser().login(ANNE).csrf
    for where, fields in pages(path, offices):
        for csrf, origin in ((other, ORIGIN), ("", ORIGIN), (officer.csrf, "https://elders.example")):
            assert officer.post(where, data={"csrf": csrf, **fields}, headers={"Origin": origin}).status_code == 403, where
    assert len(entries(offices)) == before
    for where, fields in pages(path, offices):
        assert officer.submit(where, **fields).status_code in (200, 303), where  # the control


def test_every_reason_for_doubt_has_words() -> None:
    tables = {"twijfel": toezicht.Twijfel, "oordeel": toezicht.Oordeel, "zekerheid": toezicht.Zekerheid, "reden": toezicht.Ontzegelreden}
    for name, kind in tables.items():
        assert set(words.TABLES[name]) == set(get_args(kind)), name
