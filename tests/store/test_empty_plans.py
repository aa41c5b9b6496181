"""Plans made while the tables are still empty, as in a new installation or a new month: they hold when the messages come.

PostgreSQL keeps such a plan for as long as a connection lives. Every message must be looked up by its whole key; a plan that goes by the
municipality alone compares each place in the inbox with each message.
"""

import json
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from gateway.mailbox import inbox
from gateway.store.prepare import Dsns
from gateway.store.tenant import municipality
from tests.flows.world import DOEL, HAARLEM
from tests.tenants import acting

JOINED = (
    "SELECT b.id FROM inbox_item i JOIN bericht b ON b.gemeente = i.gemeente AND b.id = i.bericht WHERE i.gemeente = %s AND b.gemeente = %s"
)


class Recorder:
    """Passes statements on and keeps the plan of each: a generic one, made now."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self.plans: list[str] = []

    def cursor(self, **options: Any) -> Any:
        recorder, cursor = self, self._connection.cursor(**options)

        class Cursor:
            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_: object) -> None:
                cursor.close()

            def execute(self, query: Any, values: Any) -> Any:
                recorder.explain(query, values)
                return cursor.execute(query, values)

        return Cursor()

    def execute(self, query: Any, values: Any = None) -> Any:
        self.explain(query, values)
        return self._connection.execute(query, values)

    def explain(self, query: Any, values: Any) -> None:
        text = query.decode() if isinstance(query, bytes) else query
        row = self._connection.execute(("EXPLAIN (FORMAT json) " + text).encode(), values).fetchone()
        assert row is not None
        self.plans.append(json.dumps(row[0]))


def by_municipality_alone(plans: list[str]) -> list[str]:
    """The lookups of a message that do not name its id."""
    found = []
    for plan in plans:
        stack = json.loads(plan)
        while stack:
            node = stack.pop()
            node = node.get("Plan", node)
            stack += node.get("Plans", [])
            if str(node.get("Relation Name", "")).startswith("bericht") and " id " not in f" {node.get('Index Cond', '')} ".replace(
                "(", " "
            ):
                found.append(node["Relation Name"])
    return found


@pytest.fixture
def recorder(dsns: Dsns) -> Any:
    with acting(dsns.inbox, municipality(HAARLEM)) as connection:
        yield Recorder(connection)


def test_each_message_is_looked_up_by_its_whole_key(recorder: Any) -> None:
    inbox.page(recorder, HAARLEM, after=0, limit=500)
    inbox.page(recorder, HAARLEM, after=0, limit=500, soort="vroegsignaal", sector="huur", staat="bezorgd")
    inbox.take(recorder, HAARLEM, uuid4(), DOEL, 100, 60)
    assert len(recorder.plans) >= 4
    assert by_municipality_alone(recorder.plans) == []


def test_positive_control_a_plain_join_goes_by_the_municipality_alone(recorder: Any) -> None:
    recorder.execute(JOINED, (HAARLEM, HAARLEM))
    assert by_municipality_alone(recorder.plans)
