"""A leak on the officer's pages: counts of a party, a key or a period, the same in a file, and never a count of a mistyped period."""

import csv
import io
import re
from typing import Any

import msgspec
import pytest

from schemas.toezicht import Lekrapport
from tests.console.offices import ANNE, Browser, Offices
from tests.flows.world import LANDLORD

LEAK = "/toezicht/datalek"


@pytest.fixture
def officer(offices: Offices) -> Browser:
    return offices.browser().login(ANNE)


def leak(offices: Offices, **more: str) -> dict[str, str]:
    return {"van": offices.today.isoformat(), "tot": offices.today.isoformat(), **more}


def test_leak_is_counted_on_the_page_and_in_both_files(offices: Offices, officer: Browser) -> None:
    offices.delivered(offices.of(12), offices.of(12), offices.of(14, "Bakker"))
    offices.take()
    offices.number()
    page = officer.submit(LEAK, **leak(offices, deelnemer=LANDLORD.party)).text
    assert re.findall(r'seinhuis-getal">(\d+)<', page) == ["2", "3", "0"]
    assert re.findall(r'scope="row">([^<]+)</th><td[^>]*>(\d+)<', page) == [("Signaal bezorgd", "3")]
    assert offices.register.deelnemers[LANDLORD.party].naam in page
    assert f'name="deelnemer" value="{LANDLORD.party}"' in page
    kept = officer.submit(f"{LEAK}/bestand", **leak(offices, deelnemer=LANDLORD.party, vorm="json"))
    report = msgspec.json.decode(kept.content, type=Lekrapport)
    assert (report.betrokkenen, report.berichten, [one.aantal for one in report.gebeurtenissen]) == (2, 3, [3])
    sheet = officer.submit(f"{LEAK}/bestand", **leak(offices, deelnemer=LANDLORD.party, vorm="csv"))
    rows = dict(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig")), delimiter=";"))
    assert (rows["betrokkenen"], rows["berichten"], rows["signaal.bezorgd"], rows["deelnemer"]) == ("2", "3", "3", LANDLORD.party)
    looked: list[Any] = offices.entries("lek.onderzocht")
    assert [(one.onderwerp, one.aantal, one.gebruiker is None) for one in looked] == [("deelnemer", 2, False)] * 3


def test_leak_of_the_key_is_that_of_what_was_sealed_to_it(offices: Offices, officer: Browser) -> None:
    offices.delivered(offices.of())
    offices.number()
    found = re.search(r"nu gebruikt uw gemeente ([^<]+)<", officer.get(LEAK).text)
    assert found
    assert re.findall(r'seinhuis-getal">(\d+)<', officer.submit(LEAK, **leak(offices, sleutel=found[1])).text)[:2] == ["1", "1"]
    nothing = officer.submit(LEAK, **leak(offices, sleutel="onbekend")).text
    assert (re.findall(r'seinhuis-getal">(\d+)<', nothing)[:2], "Er is niets geraakt" in nothing) == (["0", "0"], True)
    assert "niet geregistreerd" in officer.submit(LEAK, **leak(offices, deelnemer="00000099000000069000")).text
    assert [one.onderwerp for one in offices.entries("lek.onderzocht")] == ["sleutel", "sleutel", "deelnemer"]


@pytest.mark.parametrize(("path", "changes", "field"), [
    (LEAK, {"van": ""}, "van"),
    (LEAK, {"tot": "gisteren"}, "tot"),
    (LEAK, {"tot": "2020-01-01"}, "tot"),
    (LEAK, {"deelnemer": "12"}, "deelnemer"),
    (f"{LEAK}/bestand", {}, "vorm"),
    (f"{LEAK}/bestand", {"tot": "2020-01-01", "vorm": "csv"}, "tot"),
    (f"{LEAK}/bestand", {"vorm": "exe"}, "vorm"),
])  # fmt: skip
def test_count_that_does_not_fit_is_asked_again(
    offices: Offices, officer: Browser, path: str, changes: dict[str, str], field: str
) -> None:
    answer = officer.submit(path, **{**leak(offices), **changes})
    assert (answer.status_code, f'href="#{field}"' in answer.text) == (400, True)
    assert offices.entries("lek.onderzocht") == []
