"""The log as lines that anybody can verify with the public key alone: leaves in order, each checkpoint where it was made.

Form (`docs/log.md`): the content stands in its line as the canonical bytes that were hashed, so what a reader parses is what was verified;
`id` and `naam` are what the database finds it by. After the leaves: what waits for its number, and what belongs to nothing. Authority:
architecture, the log. Leaves verifying to `adapters.client.logcheck`, which shares no code with this, and files to the command line.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg

_NOTES = "SELECT size, note FROM log_checkpoint ORDER BY size"
_LEAVES = "SELECT l.nr, l.leaf, e.id, e.event, e.body FROM log_leaf l LEFT JOIN log_entry e ON e.id = l.entry ORDER BY l.nr"
_WAITING = """
SELECT u.leaf, e.body FROM log_queue q, unnest(q.entries, q.leaves) WITH ORDINALITY AS u(entry, leaf, place)
LEFT JOIN log_entry e ON e.id = u.entry ORDER BY q.id, u.place
"""
_BESIDE = """
SELECT e.id FROM log_entry e WHERE NOT EXISTS (SELECT FROM log_leaf l WHERE l.entry = e.id)
AND NOT EXISTS (SELECT FROM log_queue q WHERE e.id = ANY (q.entries))
"""
BLOCK = 5000


def lines(connection: psycopg.Connection[Any]) -> Iterator[bytes]:
    """Every line of the export, in one snapshot (role gw_log): run it in a transaction of its own that has done nothing yet."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    yield from content(connection)


def content(connection: psycopg.Connection[Any]) -> Iterator[bytes]:
    """Every line of the export, as this connection sees the log."""
    notes = [(int(size), str(note)) for size, note in connection.execute(_NOTES).fetchall()]
    with connection.cursor(name="uitvoer", binary=True) as cursor:
        cursor.itersize = BLOCK
        cursor.execute(_LEAVES)
        for written, row in enumerate(cursor, start=1):
            yield _line(*row)
            while notes and notes[0][0] <= written:
                yield _json({"controlepunt": notes.pop(0)[1]})
    yield from (_json({"controlepunt": note}) for _, note in notes)
    for leaf, body in connection.execute(_WAITING, binary=True):
        yield _json({"wacht": bytes(leaf).hex(), "inhoud": body and bytes(body).decode(errors="replace")})
    yield from (_json({"los": str(id)}) for (id,) in connection.execute(_BESIDE))


def _line(nr: int, leaf: bytes, id: object, event: str, body: bytes | None) -> bytes:
    if body is None:
        return b'{"nr":%d,"blad":"%b"}\n' % (nr, leaf.hex().encode())
    return b'{"nr":%d,"blad":"%b","id":"%b","naam":"%b","inhoud":%b}\n' % (nr, leaf.hex().encode(), str(id).encode(), event.encode(), body)


def _json(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"
