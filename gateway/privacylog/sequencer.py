"""The sequencer: gives committed entries their number, messages their place in the inbox, and signs checkpoints.

One at a time (advisory lock, any node), in its own short transaction. What is not committed is not seen, so a number never
skips and a message never appears behind a reader's cursor. One row cannot stop the rest: a message that has its place keeps it, and
`verify` finds the second claim to it. What was signed before is remembered outside the database (`growth`), and only what grew from it
is numbered on and signed. Authority: architecture, the log; C2SP tlog-checkpoint. Leaves when to run to `gateway.jobs` and the contents
of entries to `entries`.
"""

from datetime import timedelta
from typing import Any

import psycopg

from gateway.core.clock import Clock
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.growth import Seen
from gateway.privacylog.tree import Frontier
from gateway.store.database import Transactions

BATCH = 200
CHECKPOINT_LEAVES = 1000
CHECKPOINT_AGE = timedelta(seconds=60)
LOCK = 0x5E1_4_1065

_NUMBER = """
WITH picked AS (
  DELETE FROM log_queue WHERE id IN (SELECT id FROM log_queue ORDER BY id LIMIT %(batch)s) RETURNING *
), line AS MATERIALIZED (
  SELECT %(size)s + row_number() OVER (ORDER BY p.id, u.place) - 1 AS nr, u.*
  FROM picked p, unnest(p.entries, p.leaves, p.gemeenten, p.berichten) WITH ORDINALITY AS u(entry, leaf, gemeente, bericht, place)
), numbered AS (
  INSERT INTO log_leaf (nr, leaf, entry) SELECT nr, leaf, entry FROM line
), placed AS (
  INSERT INTO inbox_item (gemeente, bericht, nr, state) SELECT gemeente, bericht, nr + 1, 'bezorgd' FROM line
  WHERE bericht IS NOT NULL AND gemeente IS NOT NULL ON CONFLICT DO NOTHING
)
SELECT leaf FROM line ORDER BY nr
"""
_SIGN = "INSERT INTO log_checkpoint (size, at, note) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


def run_once(database: Transactions, signer: CheckpointSigner, clock: Clock, seen: Seen) -> int:
    """Number what is committed (at most `BATCH` transactions of a flow) and sign a checkpoint when one is due.

    Returns:
        How many leaves were added; 0 when there was nothing to do or another node is at it.

    Raises:
        Misconfigured: the log in the database is not one that grew from what this process saw or signed.
    """
    with database.transaction() as connection:
        if not _only_one(connection):
            return 0
        size, hashes = _one(connection, "SELECT size, frontier FROM log_state")
        frontier, now = Frontier(size, hashes), clock.now()
        seen.require(connection, frontier, now)
        rows = connection.execute(_NUMBER, {"batch": BATCH, "size": size}, binary=True).fetchall()
        if rows:
            frontier.extend(row[0] for row in rows)
            connection.execute("UPDATE log_state SET size = %s, frontier = %b", (frontier.size, frontier.hashes))
        if signed := _due(frontier.size - seen.signed, now - seen.at if seen.at else CHECKPOINT_AGE):
            note = signer.sign(frontier.size, frontier.root())
            connection.execute(_SIGN, (frontier.size, now, note))
    seen.remember(frontier, now if signed else None)
    return len(rows)


def _due(new: int, age: timedelta) -> bool:
    """By what this process signed itself: the times and sizes in the database are its owner's to write."""
    return new >= CHECKPOINT_LEAVES or (new > 0 and age >= CHECKPOINT_AGE)


def _only_one(connection: psycopg.Connection[Any]) -> bool:
    return bool(_one(connection, "SELECT pg_try_advisory_xact_lock(%s)", LOCK)[0])


def _one(connection: psycopg.Connection[Any], query: str, *parameters: object) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(query, parameters, binary=True).fetchone()
    if row is None:
        raise LookupError("log_state is empty: the database was not prepared")
    return row
