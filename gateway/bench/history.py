"""Earlier signals for measurements: rows as deliveries of past months would have left them, made by the database itself.

Every table that a signal fills is filled, set-based: message, content key, fingerprint, inbox place, log entry and leaf, with a
Merkle frontier and a checkpoint-free state that the sequencer goes on from; the log verifies. What is inside the payloads and behind
the keys is random: such a message can be listed, counted, matched and claimed, but never opened. For an empty bench or test
database only. Authority: issue of this measurement, "1,000,000 earlier signals in the database".
"""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.ids import lowest_at
from gateway.privacylog.entry import Frame, encode
from gateway.privacylog.messages import SignaalBezorgd
from gateway.privacylog.sequencer import LOCK
from gateway.privacylog.tree import Frontier
from gateway.sealing.sealing import Meta
from schemas.inbox import Schuldeiser
from schemas.strict import canonical

BLOCK = 50_000
MONTHS = 6
_PAYLOAD = 1_000  # bytes, as a sealed message of one person has
_ADDRESSES = 0.8  # addresses per signal: some come more than once
_OIN, _NAME = "00000099000000011000", "Woningstichting Voorbeeld"
_ENTRY, _MESSAGE, _PLACE = UUID(int=1), UUID(int=2), "PLAATS"

# A UUIDv7 of an instant, with the random part from a hash of a number.
_BLOCK = """
CREATE TEMP TABLE blok ON COMMIT DROP AS
SELECT %(first)s::bigint + n AS nr, at, gemeente, sha256(int8send(address)) AS address, sha256(int8send(%(first)s::bigint + n)) AS key,
       pg_temp.made(at, 'b' || %(seed)s || n) AS bericht, pg_temp.made(at, 'e' || %(seed)s || n) AS entry
FROM (SELECT n, %(begin)s::timestamptz + %(step)s::interval * n AS at, (%(gemeenten)s::text[])[1 + n %% cardinality(%(gemeenten)s::text[])]
        AS gemeente, (random() * %(addresses)s)::bigint AS address
      FROM generate_series(0, %(count)s::bigint - 1) AS n) AS s
"""
_MADE = """
CREATE FUNCTION pg_temp.made(at timestamptz, seed text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid
  FROM (SELECT md5(seed) AS h) AS x
$$
"""
_ROWS = (
    """
    INSERT INTO content_key (id, gemeente, kid, wijze, wrapped)
    SELECT k, g, 'bench', 'beheerd', 'bench' FROM unnest(%(gemeenten)s::text[], %(content_keys)s::uuid[]) AS c (g, k)
    """,
    """
    INSERT INTO bericht (gemeente, id, kenmerk, soort, sector, party, principal, received, doel, purpose_row, meta, name_version, address,
                         person, contract, content_key, storage_key, payload)
    SELECT gemeente, bericht, 'BENCH-' || nr, 'vroegsignaal', 'huur', %(oin)s, %(oin)s, at, 'WGS-3-1-b', 'WGS-3-1-b/huur/2021', %(meta)s, 1,
           address, sha256(address), sha256(key), (%(content_keys)s::uuid[])[array_position(%(gemeenten)s::text[], gemeente)],
           'bench', %(payload)s
    FROM blok ORDER BY bericht
    """,
    "INSERT INTO inbox_item (gemeente, bericht, nr, state) SELECT gemeente, bericht, nr + 1, %(state)s FROM blok ORDER BY nr",
    """
    INSERT INTO fingerprint (key, content, gemeente, bericht, received, leaf, findings, principal)
    SELECT key, sha256(key), gemeente, bericht, at, sha256(bericht::text::bytea), '[]', %(oin)s FROM blok ORDER BY key
    """,
    """
    INSERT INTO log_entry (id, event, body)
    SELECT entry, 'signaal.bezorgd', convert_to(
      replace(replace(replace(%(body)s, %(entry)s, entry::text), %(message)s, bericht::text), %(place)s, gemeente), 'UTF8')
    FROM blok ORDER BY entry
    """,
    """
    INSERT INTO log_leaf (nr, leaf, entry)
    SELECT b.nr, sha256('\\x00'::bytea || e.body), b.entry FROM blok b JOIN log_entry e ON e.id = b.entry ORDER BY b.nr
    """,
)


def fill(
    database: psycopg.Connection[Any],
    signals: int,
    gemeenten: Sequence[str],
    now: datetime,
    *,
    state: str = "verwerkt",
    months: int = MONTHS,
) -> None:
    """Add `signals` messages of the `months` months before today, spread over `gemeenten`, then analyse the tables.

    `database` is the owner's, in autocommit; a running sequencer waits meanwhile. `state` is that of every message in its inbox.
    """
    begin = now - timedelta(days=30 * months)
    database.execute("SELECT ensure_partitions(%s, %s)", (_first(begin), months + 2))
    database.execute(_MADE)
    step = (now - timedelta(days=1) - begin) / signals
    plan = _Plan(begin, step, signals, gemeenten, state, _body(now))
    for offset, count in _blocks(signals):
        with database.transaction():
            _fill_block(database, plan, offset, count)
    database.execute("DROP FUNCTION pg_temp.made")
    database.execute("ANALYZE bericht, inbox_item, fingerprint, log_entry, log_leaf")


class _Plan(NamedTuple):
    """What is added; `body`: an entry of the log, which says the time of now, because times go with the numbers of a log."""

    begin: datetime
    step: timedelta
    signals: int
    gemeenten: Sequence[str]
    state: str
    body: str


def _fill_block(database: psycopg.Connection[Any], plan: _Plan, offset: int, count: int) -> None:
    begin = plan.begin + plan.step * offset
    database.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    row = database.execute("SELECT size, frontier FROM log_state FOR UPDATE").fetchone()
    if row is None:
        raise LookupError("log_state is empty: the database was not prepared")
    frontier = Frontier(*row)
    values = {
        "first": frontier.size, "seed": os.urandom(8).hex(), "begin": begin,
        "step": plan.step, "count": count, "gemeenten": list(plan.gemeenten),
        "addresses": plan.signals * _ADDRESSES, "state": plan.state, "oin": _OIN, "meta": _meta(begin), "payload": os.urandom(_PAYLOAD),
        "content_keys": [_content_key(begin) for _ in plan.gemeenten], "body": plan.body,
        "entry": str(_ENTRY), "message": str(_MESSAGE), "place": _PLACE,
    }  # fmt: skip
    database.execute(_BLOCK, values)
    for statement in _ROWS:
        database.execute(statement.encode(), values)
    frontier.extend(bytes(leaf) for (leaf,) in database.execute("SELECT leaf FROM log_leaf WHERE nr >= %s ORDER BY nr", (values["first"],)))
    database.execute("UPDATE log_state SET size = %s, frontier = %s", (frontier.size, frontier.hashes))


def _blocks(signals: int) -> Iterator[tuple[int, int]]:
    for offset in range(0, signals, BLOCK):
        yield offset, min(BLOCK, signals - offset)


def _content_key(at: datetime) -> UUID:
    return UUID(int=lowest_at(at).int | int.from_bytes(os.urandom(7)))


def _meta(at: datetime) -> bytes:
    creditor = Schuldeiser(oin=_OIN, handelsnaam=_NAME)
    return canonical(
        Meta(
            soort="vroegsignaal", sector="huur", schuldeiser=creditor, signaaldatum=dutch_day(at), ontvangen_op=at.astimezone(UTC),
            bedrag_cent=45_000, bevindingen=[],
        )
    )  # fmt: skip


def _body(at: datetime) -> str:
    """One entry as text; the ids and the municipality in it are replaced for each row."""
    frame = Frame(Sender(_OIN, _OIN), Trace("0" * 32, "0" * 16), at, "urn:seinhuis:bench").fields()
    entry = SignaalBezorgd(
        **frame, gemeente=_PLACE, bericht=_MESSAGE, doel="WGS-3-1-b", rij="WGS-3-1-b/huur/2021", registerversie="bench",
        betrokkene="A" * 43, inhoud="A" * 43,
    )  # fmt: skip
    return encode(msgspec.structs.replace(entry, id=_ENTRY)).decode()


def _first(at: datetime) -> date:
    return at.date().replace(day=1)
