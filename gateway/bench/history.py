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
from gateway.privacylog.afterwards import ZaakGeopend
from gateway.privacylog.entry import Entry, Frame, encode, name_of
from gateway.privacylog.messages import BerichtBevestigd, BerichtGeclaimd, BerichtGelezen, SignaalBezorgd
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
_ENTRY, _MESSAGE, _CASE, _PLACE, _MOMENT = UUID(int=1), UUID(int=2), UUID(int=3), "PLAATS", "MOMENT"
_PERSON, _WORKER = "P" * 43, "W" * 43

# A UUIDv7 of an instant, with the random part from a hash of a number.
_BLOCK = """
CREATE TEMP TABLE blok ON COMMIT DROP AS
SELECT %(first)s::bigint + %(entries)s::bigint * n AS nr, at, gemeente, sha256(int8send(address)) AS address,
       sha256(int8send(%(first)s::bigint + n)) AS key, pg_temp.made(at, 'b' || %(seed)s || n) AS bericht, md5(%(seed)s || n) AS seed
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
)
# The k-th entry about each message; what stands in its text for ids, place, moment and person is replaced for each row.
_ENTRIES = """
WITH made AS (
  SELECT nr + %(k)s AS nr, pg_temp.made(at, 'e' || %(k)s || seed) AS id, convert_to(
    replace(replace(replace(replace(replace(replace(replace(%(text)s, %(entry)s, pg_temp.made(at, 'e' || %(k)s || seed)::text),
      %(message)s, bericht::text), %(place)s, gemeente), %(case)s, pg_temp.made(at, 'z' || seed)::text), %(person)s,
      left(encode(address, 'hex'), 43)),
      %(worker)s, repeat('w', 42) || nr / %(entries)s %% 10),
      %(moment)s, CASE WHEN %(dated)s THEN to_char(pg_temp.office(at) + %(k)s * interval '3 minutes', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                       ELSE %(said)s END), 'UTF8') AS body
  FROM blok
), entry AS (INSERT INTO log_entry (id, event, body) SELECT id, %(event)s, body FROM made ORDER BY id)
INSERT INTO log_leaf (nr, leaf, entry) SELECT nr, sha256('\\x00'::bytea || body), id FROM made ORDER BY nr
"""
# Some moment of a working day, in UTC.
_OFFICE = """
CREATE FUNCTION pg_temp.office(at timestamptz) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT day + interval '8 hours' + (at AT TIME ZONE 'UTC' - date_trunc('day', at AT TIME ZONE 'UTC')) / 3
    - greatest(0, extract(isodow FROM day)::int - 5) * interval '1 day'
  FROM (SELECT date_trunc('day', at AT TIME ZONE 'UTC') AS day) AS x
$$
"""


def fill(
    database: psycopg.Connection[Any],
    signals: int,
    gemeenten: Sequence[str],
    now: datetime,
    *,
    state: str = "verwerkt",
    months: int = MONTHS,
    handled: bool = False,
) -> None:
    """Add `signals` messages of the `months` months before today, spread over `gemeenten`, then analyse the tables.

    One entry each; `handled`: five each, of days long past, as when one of ten workers claimed, read and handled it. Such a log does not
    verify: its times do not go with its numbers.

    `database` is the owner's, in autocommit; a running sequencer waits meanwhile. `state` is that of every message in its inbox.
    """
    begin = now - timedelta(days=30 * months)
    database.execute("SELECT ensure_partitions(%s, %s)", (_first(begin), months + 2))
    database.execute(_MADE)
    step = (now - timedelta(days=1) - begin) / signals
    database.execute(_OFFICE)
    plan = _Plan(begin, step, signals, gemeenten, state, _texts(now, handled=handled), _said(now))
    for offset, count in _blocks(signals):
        with database.transaction():
            _fill_block(database, plan, offset, count)
    database.execute("DROP FUNCTION pg_temp.made, pg_temp.office")
    database.execute("ANALYZE bericht, inbox_item, fingerprint, log_entry, log_leaf")


class _Plan(NamedTuple):
    """What is added; `texts`: events and entries of the log about each message, which say the time of now until it is replaced."""

    begin: datetime
    step: timedelta
    signals: int
    gemeenten: Sequence[str]
    state: str
    texts: Sequence[tuple[str, str]]
    said: str


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
        "content_keys": [_content_key(begin) for _ in plan.gemeenten], "entries": len(plan.texts), "dated": len(plan.texts) > 1,
        "entry": str(_ENTRY), "message": str(_MESSAGE), "place": _PLACE, "case": str(_CASE), "person": _PERSON, "worker": _WORKER,
        "moment": _MOMENT, "said": plan.said,
    }  # fmt: skip
    database.execute(_BLOCK, values)
    for statement in _ROWS:
        database.execute(statement.encode(), values)
    for k, (event, text) in enumerate(plan.texts):
        database.execute(_ENTRIES.encode(), {**values, "k": k, "event": event, "text": text})
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


def _texts(at: datetime, *, handled: bool) -> list[tuple[str, str]]:
    """Entries as text, with their events; what is of each row in them is replaced there."""
    frame = Frame(Sender(_OIN, _OIN), Trace("0" * 32, "0" * 16), at, "urn:seinhuis:bench").fields()
    ground: dict[str, Any] = {
        "gemeente": _PLACE, "bericht": _MESSAGE, "doel": "WGS-3-1-b", "rij": "WGS-3-1-b/huur/2021", "registerversie": "bench",
    }  # fmt: skip
    entries: list[Entry] = [SignaalBezorgd(**frame, **ground, betrokkene=_PERSON, inhoud="A" * 43)]
    if handled:
        shown: dict[str, Any] = {**ground, "claim": _CASE, "veldgroepen": ("identiteit", "contact"), "betrokkene": _PERSON}
        entries += [
            BerichtGeclaimd(**frame, **shown, wijze="bemand", medewerker=_WORKER),
            BerichtGelezen(**frame, **shown),
            BerichtBevestigd(**frame, gemeente=_PLACE, bericht=_MESSAGE, resultaat="verwerkt"),
            ZaakGeopend(**frame, gemeente=_PLACE, bericht=_MESSAGE, zaak=_CASE),
        ]
    said = _said(at)
    return [(name_of(one), encode(msgspec.structs.replace(one, id=_ENTRY)).decode().replace(said, _MOMENT)) for one in entries]


def _said(at: datetime) -> str:
    """A moment as the log writes it."""
    return msgspec.json.decode(msgspec.json.encode(at.astimezone(UTC)), type=str)


def _first(at: datetime) -> date:
    return at.date().replace(day=1)
