"""Running overviews for the measurement `overview`: some are asked over mTLS, the database copies them until there are as many as wanted.

A copy has ids, a kenmerk and a zaaknummer of its own and the sealed content of its original, which does not open under another id: nothing
that is measured opens it. Log entries are made for what was asked over mTLS only. For a bench or test database only.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import psycopg

_OVERVIEWS = """
CREATE TEMP TABLE kopie ON COMMIT DROP AS
SELECT n, uuidv7() AS id, o.gemeente, o.id AS original
FROM (SELECT o.*, row_number() OVER (ORDER BY id) - 1 AS at, count(*) OVER () AS originals FROM schuldenoverzicht o) AS o
JOIN generate_series(0, %s - 1) AS n ON n %% o.originals = o.at
"""
_ROWS = (
    """
    INSERT INTO schuldenoverzicht (gemeente, id, kenmerk, zaaknummer, party, grond, uiterlijk, created, state, content)
    SELECT k.gemeente, k.id, 'KOPIE-' || k.n, 'KOPIE-' || k.n, o.party, o.grond, o.uiterlijk, o.created, 'open', sha256(k.id::text::bytea)
    FROM kopie k JOIN schuldenoverzicht o ON o.gemeente = k.gemeente AND o.id = k.original ORDER BY k.n
    """,
    """
    INSERT INTO saldoverzoek (gemeente, id, overzicht, schuldeiser, state, asked, question_key, question)
    SELECT k.gemeente, uuidv7(), k.id, s.schuldeiser, 'open', s.asked, s.question_key, s.question
    FROM kopie k JOIN saldoverzoek s ON s.gemeente = k.gemeente AND s.overzicht = k.original ORDER BY k.n, s.id
    """,
)
_PAST = (
    "UPDATE schuldenoverzicht SET uiterlijk = %(today)s::date - 1 WHERE state IN ('open', 'deels') AND abs(hashtext(id::text)) %% 2 = 0",
    "UPDATE saldoverzoek SET asked = asked - interval '30 days' WHERE state = 'open' AND abs(hashtext(overzicht::text)) %% 2 = 1",
)
Link = psycopg.Connection[Any]


def copy(database: Link, wanted: int) -> None:
    """Copy the overviews that there are until `wanted` more run; `database` is the owner's, in autocommit."""
    with database.transaction():
        database.execute(_OVERVIEWS, (wanted,))
        for statement in _ROWS:
            database.execute(statement.encode())
    database.execute("VACUUM (ANALYZE) schuldenoverzicht, saldoverzoek")


def some(database: Link, creditor: str, most: int) -> Sequence[str]:
    """Ids of open questions of a creditor, at random."""
    query = "SELECT id::text FROM saldoverzoek WHERE state = 'open' AND schuldeiser = %s ORDER BY random() LIMIT %s"
    return [id for (id,) in database.execute(query, (creditor, most)).fetchall()]


def make_due(database: Link, today: date) -> None:
    """Of one half of what runs the last day is past; the questions of the other half were asked a month ago."""
    with database.transaction():
        for statement in _PAST:
            database.execute(statement.encode(), {"today": today})
