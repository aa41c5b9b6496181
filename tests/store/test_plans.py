"""Lists, claims and matching stay on their indexes when a municipality has many messages: the plans, not the seconds.

The rows are those of `gateway.bench.history`; SEINHUIS_PROOF=1 makes a million of them.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from gateway.bench import history
from gateway.core.clock import SystemClock
from gateway.core.ids import lowest_at
from gateway.inboxes import reading
from gateway.mailbox import inbox, matching
from gateway.meldingen import listing
from gateway.meldingen.listing import Filter
from gateway.store.prepare import Dsns
from gateway.store.tenant import municipality
from tests.flows.world import DOEL, HAARLEM, UTRECHT
from tests.matching.world import MatchingWorld
from tests.tenants import acting

ROWS = 1_000_000 if os.environ.get("SEINHUIS_PROOF") == "1" else 60_000
BIG = 1_000  # a table of at most so many rows may be read whole
NOW = SystemClock().now()


@pytest.fixture
def filled(dsns: Dsns, tmp_path: Path) -> Iterator[MatchingWorld]:
    world = MatchingWorld(dsns, tmp_path)
    with psycopg.connect(dsns.owner, autocommit=True) as owner:
        history.fill(owner, ROWS, [HAARLEM, HAARLEM, UTRECHT], world.clock.now(), state="bezorgd")
    yield world
    world.close()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def read_whole(world: MatchingWorld, query: str, values: dict[str, Any]) -> list[str]:
    """The big tables that a statement would read from end to end, as the role of the inbox."""
    with acting(world.dsns.inbox, municipality(HAARLEM)) as connection:
        ((plan,),) = connection.execute(f"EXPLAIN (FORMAT json) {query}".encode(), values).fetchall()
    scanned = [node["Relation Name"] for node in nodes(plan[0]["Plan"]) if node["Node Type"] == "Seq Scan"]
    return [table for table in scanned if world.rows("SELECT reltuples FROM pg_class WHERE relname = %s", table)[0][0] > BIG]


def test_no_statement_of_list_claim_or_match_reads_a_big_table_whole(filled: MatchingWorld) -> None:
    addresses = [row[0] for row in filled.rows("SELECT address FROM bericht LIMIT 100")]
    values = {
        "gemeente": HAARLEM, "after": ROWS // 2, "limit": 100, "maximum": 50, "doel": DOEL, "claim": UUID(int=0), "lease": 60,
        "addresses": addresses, "term": matching.TERM, "until": lowest_at(NOW - timedelta(days=20)), "soort": None, "sector": "huur",
        "staat": "bezorgd", "id": UUID(int=1), "only": None,
    }  # fmt: skip
    taking = [inbox._TAKE.format(where=where) for where in ("true", "o.bericht < %(until)s", inbox._CRISIS)]
    listed = [inbox._ITEM.format(payload="NULL::bytea", where=where) for where in (
        "i.nr > %(after)s", "i.nr > %(after)s AND b.sector = %(sector)s", "i.bericht = %(id)s", "i.claim = %(claim)s"
    )]  # fmt: skip
    for query in (*taking, *listed, matching.NEIGHBOURS, matching.PLACES):
        assert read_whole(filled, query, values) == [], query
    assert read_whole(filled, "SELECT FROM bericht WHERE gemeente = %(gemeente)s AND sector = %(sector)s", values)  # the control
    _use_it(filled)


def _use_it(world: MatchingWorld) -> None:
    """What was filled is what the flows expect: listed, matched and numbered on, and the log verifies."""
    berichten = reading.page(HAARLEM, world.desk, after=0, limit=500).berichten
    assert len(berichten) == 500
    assert {"enkelvoudig", "opeenvolgend"} <= {b.indeling for b in reading.page(HAARLEM, world.desk, after=ROWS // 2, limit=500).berichten}
    assert listing.page(HAARLEM, world.matcher, after=ROWS // 2, limit=500, wanted=Filter()).meldingen
    (id,) = world.delivered(world.signal())
    assert world.rows("SELECT nr > %s FROM inbox_item WHERE bericht = %s", ROWS - 1, id) == [(True,)]
    report = world.verify()
    assert report.ok, report.findings
    assert report.leaves == ROWS + 2
