"""Pictures: what stands in the drawing stands in the table, nothing falls out of it, and small numbers are withheld."""

from datetime import date
from itertools import pairwise

import pytest

from gateway.cases import casework
from gateway.console.gemeente import drawings, table
from gateway.inboxes import streams
from schemas.zaken import Contactpoging
from tests.console.offices import CLERKLY, FARAWAY, Browser, Offices
from tests.console.test_gemeente import HOME
from tests.console.walking import walked
from tests.flows.world import CLERK, HAARLEM, TRACE

PATH = "/gemeente/cijfers"


@pytest.fixture
def clerk(offices: Offices) -> Browser:
    return offices.browser().login(CLERKLY, HOME)


def test_page_of_figures_leaves_nothing(offices: Offices, clerk: Browser) -> None:
    assert walked(offices, ((page, clerk.get(page.path).status_code) for page in table.FIGURES)) == set(table.FIGURES)


def test_signals_of_a_month_are_drawn_from_sector_to_where_they_stand(offices: Offices, clerk: Browser) -> None:
    offices.on(date(2026, 10, 12))
    offices.delivered(*(offices.of(number) for number in range(12, 17)))
    offices.take(maximum=2)
    offices.on(date(2026, 11, 23))
    page = offices.browser().login(CLERKLY, HOME).get(PATH, params={"van": "2026-10"}).text
    assert "huur (5)" in page
    assert "Algemeen naar In behandeling genomen: 2" in page
    assert "Algemeen naar Wacht: 3" in page
    assert "Vries" not in page
    assert "huur (5)" not in offices.browser().login(FARAWAY, HOME).get(PATH, params={"van": "2026-10"}).text
    found = streams.streams(HAARLEM, date(2026, 10, 1), date(2026, 11, 1), offices.desk)
    assert [(one.aantal, one.staat) for one in found] == [(3, "bezorgd"), (2, "geclaimd")]
    assert sum(one.aantal for one in streams.streams(HAARLEM, date(2026, 10, 1), date(2026, 11, 1), offices.desk, most=4)) == 4


def test_streams_of_a_month_leave_out_what_came_before_and_after(offices: Offices) -> None:
    made = {date(2026, 9, 30): 3, date(2026, 10, 1): 2, date(2026, 10, 31): 4, date(2026, 11, 1): 5}
    for nr, (day, count) in enumerate(made.items()):
        offices.on(day)
        offices.delivered(*offices.signals(count, seed=300 + nr))
    for month, expected in ((9, 3), (10, 6), (11, 5), (8, 0), (12, 0)):
        found = streams.streams(HAARLEM, date(2026, month, 1), date(2026 + month // 12, month % 12 + 1, 1), offices.desk)
        assert sum(one.aantal for one in found) == expected, month


def test_reach_is_shown_from_ten_cases_on(offices: Offices, clerk: Browser) -> None:
    offices.on(date(2026, 10, 12))
    berichten = offices.delivered(*(offices.of(number) for number in range(12, 42)))
    offices.take(maximum=50)
    for nr, bericht in enumerate(berichten):
        offices.open_case(bericht, zaaknummer=f"Z-{nr}")
        zaak = casework.page(HAARLEM, None, 1, offices.cases).zaken[0]
        poging = Contactpoging(kenmerk="p", soort="telefoon" if nr < 18 else "huisbezoek", bereikt=nr % 2 == 0, datum=date(2026, 10, 12),
                               dagdeel="avond" if nr < 27 else "ochtend")  # fmt: skip
        casework.attempt(CLERK, HAARLEM, TRACE, zaak.id, poging, offices.cases)
    offices.on(date(2026, 11, 23))
    page = offices.browser().login(CLERKLY, HOME).get(PATH, params={"van": "2026-10"}).text
    assert "benaderd: 30 zaken" in page
    assert "Telefoon: 18 zaken" in page
    assert "Ochtend: te weinig om te tonen" in page


@pytest.mark.parametrize("van", ["2026-11", "2027-01", "2026-13", "oktober"])
def test_month_that_is_not_past_comes_back_with_its_error(clerk: Browser, van: str) -> None:
    answer = clerk.get(PATH, params={"van": van})
    assert (answer.status_code, 'href="#van"' in answer.text) == (400, True)


def test_drawing_keeps_every_message_and_stays_inside(offices: Offices) -> None:
    counts = {(f"sector {a}", f"bak {b}", f"stand {c}"): a + b + c + 1 for a in range(9) for b in range(10) for c in range(4)}
    drawn = drawings.streams(counts)
    total = sum(counts.values())
    for x in {node.x for node in drawn.nodes}:
        column = [node for node in drawn.nodes if node.x == x]
        assert sum(node.amount for node in column) == total
        assert max(node.y + node.height for node in column) <= drawn.height + 1
        assert all(low.y >= high.y + high.height for high, low in pairwise(column))
    assert sum(int(ribbon.title.rpartition(" ")[2]) for ribbon in drawn.ribbons) == 2 * total
    assert "overige" in {node.name for node in drawn.nodes}
    assert drawings.streams({}).nodes == ()


def test_bars_are_as_long_as_their_counts_and_a_withheld_one_has_none() -> None:
    drawn = drawings.pairs([("Telefoon", 40, 20), ("Brief", 20, None), ("Kaartje", None, None)], "zaken", "bereikt")
    phone, letter, card = drawn.pairs
    assert phone.whole == pytest.approx(2 * (letter.whole or 0))
    assert phone.part == letter.whole
    assert (letter.part, card.whole, card.part) == (None, None, None)
    assert "te weinig om te tonen" in card.title
