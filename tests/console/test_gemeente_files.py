"""A basket as a file, and letters: what leaves is on record, nothing in it is a formula, and an own key gives none."""

import csv
import io
import re
from collections.abc import Iterator
from zipfile import ZipFile

import pytest

from adapters.formats import xlsxwriting
from gateway.console.gemeente import table
from tests.console.offices import CLERKLY, FARAWAY, Browser, Offices
from tests.console.test_gemeente import HOME, take
from tests.console.walking import Step, walked
from tests.flows.world import DOEL

CLAIM = re.compile(r"/gemeente/claims/([0-9a-f-]{36})")
CELL = re.compile(r"<t [^>]*>(.*?)</t>|<v>(.*?)</v>|<c/>")
FORMULA = re.compile(r"^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


@pytest.fixture
def clerk(offices: Offices) -> Browser:
    return offices.browser().login(CLERKLY, HOME)


def sheet(content: bytes) -> str:
    with ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return package.read("xl/worksheets/sheet1.xml").decode()


def taken(clerk: Browser) -> str:
    """Two messages in one claim: where the claim is."""
    found = CLAIM.search(take(clerk, maximum="2"))
    assert found
    return found[0]


def test_every_page_of_the_files_leaves_its_entry(offices: Offices, clerk: Browser) -> None:
    offices.delivered(*(offices.of(number) for number in (12, 13, 14)))

    path, row = taken(clerk), "/gemeente/claims/{id}"

    def steps() -> Iterator[Step]:
        by = {(page.method, page.path): page for page in table.FILES}
        yield by["GET", row], clerk.get(path).status_code
        yield by["POST", f"{row}/zaken"], clerk.submit(f"{path}/zaken", voorvoegsel="VS-2026").status_code
        yield by["POST", f"{row}/brieven"], clerk.submit(f"{path}/brieven", kanaal="brief", kenmerk="BRIEF-1").status_code
        yield by["GET", "/gemeente/uitvoer"], clerk.get("/gemeente/uitvoer").status_code
        yield by["POST", "/gemeente/uitvoer"], clerk.submit("/gemeente/uitvoer", doel=DOEL, maximum="5", vorm="csv").status_code

    assert walked(offices, steps()) == set(table.FILES)


@pytest.mark.parametrize("vorm", ["csv", "xlsx"])
def test_file_has_who_it_is_and_each_message_is_on_record(offices: Offices, clerk: Browser, vorm: str) -> None:
    berichten = offices.delivered(offices.of(12), offices.of(13, "Bakker"))
    answer = clerk.submit("/gemeente/uitvoer", doel=DOEL, maximum="5", vorm=vorm)
    assert re.fullmatch(rf"attachment; filename\*=UTF-8''berichten-2026-11-23\.{vorm}", answer.headers["content-disposition"])
    assert answer.headers["cache-control"] == "no-store"
    text = answer.text if vorm == "csv" else sheet(answer.content)
    assert all(word in text for word in ("Vries", "Bakker", "2011AB", *map(str, berichten)))
    assert {entry.bericht for entry in offices.entries("bericht.geclaimd")} == set(berichten)
    assert None not in {entry.gebruiker for entry in offices.entries("bericht.geclaimd")}
    empty = clerk.submit("/gemeente/uitvoer", doel=DOEL, maximum="5", vorm=vorm)
    assert (empty.status_code, "Er wacht niets" in empty.text) == (200, True)


EVIL = ("=1+1", "+31", "-1", "@SUM(A1)", "\uff1dcmd", "a;=1+1")


@pytest.mark.parametrize("vorm", ["csv", "xlsx"])
def test_no_cell_is_a_formula(offices: Offices, clerk: Browser, vorm: str) -> None:
    offices.delivered(*(offices.of(number, name) for number, name in enumerate(EVIL, start=12)))
    answer = clerk.submit("/gemeente/uitvoer", doel=DOEL, maximum="50", vorm=vorm)
    if vorm == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert len(rows) == len(EVIL) + 1
        assert [cell for row in rows for cell in row if FORMULA.match(cell)] == []
    else:
        text = sheet(answer.content)
        assert "<f" not in text
        assert text.count('t="inlineStr"') > len(EVIL) * 10
    assert FORMULA.match("=1")  # the control


def test_workbook_keeps_what_it_was_given() -> None:
    made = xlsxwriting.workbook([("a<b>&", 12, None), ("=1", "x\x00y", True)])
    cells = [a or b for a, b in CELL.findall(sheet(made))]
    assert cells == ["a&lt;b&gt;&amp;", "12", "", "=1", "x\ufffdy", "True"]
    assert made == xlsxwriting.workbook([("a<b>&", 12, None), ("=1", "x\x00y", True)])


def test_letters_write_the_attempts_and_need_cases(offices: Offices, clerk: Browser) -> None:
    offices.delivered(offices.of(12), offices.of(13, "Bakker"))
    path = taken(clerk)
    early = clerk.submit(f"{path}/brieven", kanaal="brief", kenmerk="BRIEF-1")
    assert (early.status_code, "Open eerst een zaak" in early.text) == (409, True)
    assert clerk.submit(f"{path}/zaken", voorvoegsel="VS-2026").status_code == 303
    made = clerk.submit(f"{path}/brieven", kanaal="brief", kenmerk="BRIEF-1")
    assert (made.status_code, "Bakker" in made.text, "Vries" in made.text) == (200, True, True)
    assert len(offices.rows("SELECT 1 FROM contactpoging")) == len(offices.entries("brieven.gemaakt")) == 2


def test_own_key_gives_no_file_and_takes_nothing(offices: Offices, clerk: Browser) -> None:
    offices.own_key()
    offices.delivered(offices.of(12))
    answer = clerk.submit("/gemeente/uitvoer", doel=DOEL, maximum="5", vorm="csv")
    assert (answer.status_code, "eigen sleutel" in answer.text) == (409, True)
    assert offices.entries("bericht.geclaimd") == []


def test_claim_of_another_municipality_does_not_exist(offices: Offices, clerk: Browser) -> None:
    offices.delivered(offices.of(12), offices.of(13, "Bakker"))
    path = taken(clerk)
    theirs = offices.browser().login(FARAWAY, HOME)
    assert theirs.get(path).status_code == 404
    assert theirs.submit(f"{path}/zaken", voorvoegsel="VS").status_code == 404
    assert theirs.submit(f"{path}/brieven", kanaal="brief", kenmerk="B-1").status_code == 404
    assert clerk.get(path).status_code == 200  # the control


def test_what_the_gateway_opens_counts_towards_the_ceiling_of_a_day(offices: Offices) -> None:
    offices.gemeente = offices.gemeente._replace(inbox=offices.desk._replace(openings=2))
    offices.use(secret=offices.service.client_secret)
    clerk = offices.browser().login(CLERKLY, HOME)
    offices.delivered(*(offices.of(number) for number in (12, 13, 14, 15)))
    assert "Vries" in take(clerk, maximum="2")
    for path in ("/gemeente/neem", "/gemeente/uitvoer"):
        answer = clerk.submit(path, doel=DOEL, maximum="1", **({} if path.endswith("neem") else {"vorm": "csv"}))
        assert (answer.status_code, "Vries" in answer.text) == (429, False)
    assert [entry.regels for entry in offices.entries("verzoek.geweigerd")] == [("OMKERINGEN_OP",)] * 2
    assert len(offices.entries("bericht.geclaimd")) == 2  # nobody is held for nothing, nor written down as disclosed
