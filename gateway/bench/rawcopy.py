"""Raw COPY of the rows that deliveries left behind: what PostgreSQL itself can do with them, the yardstick of `batch`.

Everything a signal leaves is copied: message, inbox place, fingerprint, log entry, leaf, and per delivery its content keys, its row
and its report. Into tables made alike: columns, indexes, constraints, fill factor, monthly partitions; no row security. One
connection, binary COPY of prepared buffers, one transaction per 1,000 signals. That favours COPY: the gateway commits the same
rows in four transactions, numbers them, and writes and removes a queue row besides.
"""

import time
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

SCHEMA = "kaal"
# table -> how its rows belong to those of a round (`r`), and the order in which the gateway inserts them
TABLES = {
    "aanlevering": ("t.id = r.aanlevering", "id"),
    "aanlevering_verslag": ("t.aanlevering = r.aanlevering", "chunk"),
    "content_key": ("t.id = r.content_key", "id"),
    "bericht": ("t.gemeente = r.gemeente AND t.id = r.bericht", "id"),
    "log_entry": ("t.id = r.entry", "id"),
    "fingerprint": ("t.bericht = r.bericht", "key"),
    "log_leaf": ("t.nr = r.nr", "nr"),
    "inbox_item": ("t.gemeente = r.gemeente AND t.bericht = r.bericht", "nr"),
    "inspanning": ("t.bericht = r.bericht", "bericht"),
}
OF_FILES = {name: row for name, row in TABLES.items() if not name.startswith("aanlevering")}
"""Of a file: its own rows go with its report, and are no part of what stays."""
_ROUND = """
CREATE TEMP TABLE ronde AS
SELECT dense_rank() OVER (ORDER BY a.id) AS deel, a.id AS aanlevering, b.gemeente, b.id AS bericht, b.content_key, l.nr, l.entry
FROM log_leaf l JOIN inbox_item i ON i.nr = l.nr + 1 JOIN bericht b ON b.gemeente = i.gemeente AND b.id = i.bericht
JOIN aanlevering a ON a.principal = b.principal AND a.received = b.received
WHERE l.nr >= {}
"""
# a chunk of a file has one moment of arrival
_ROUND_OF_FILES = """
CREATE TEMP TABLE ronde AS
SELECT dense_rank() OVER (ORDER BY b.received) AS deel, b.gemeente, b.id AS bericht, b.content_key, l.nr, l.entry
FROM log_leaf l JOIN inbox_item i ON i.nr = l.nr + 1 JOIN bericht b ON b.gemeente = i.gemeente AND b.id = i.bericht
WHERE l.nr >= {}
"""
_PARTITIONS = """
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = %s::regclass
"""
_FOREIGN = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"
_TABLE = "SELECT pg_get_partkeydef(oid), reloptions FROM pg_class WHERE oid = %s::regclass"


class RawCopy:
    """The copies, made empty; `connection` is the owner's, in autocommit."""

    def __init__(self, connection: psycopg.Connection[Any], tables: Mapping[str, tuple[str, str]] = TABLES) -> None:
        self._connection = connection
        self._tables = tables
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(sql.Identifier(SCHEMA)))
        for table in tables:
            self._make(table)

    def copy_round(self, first: int, most: int | None = None) -> float:
        """Copy the rows of the signals whose leaf has number `first` or higher; returns the seconds of the copying alone.

        `most`: of so many deliveries or chunks at most.
        """
        buffers = self._dump(first, most)
        begun = time.perf_counter()
        for part in buffers:
            with self._connection.transaction(), self._connection.cursor() as cursor:
                for table, data in part.items():
                    with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(SCHEMA, table))) as copy:
                        copy.write(data)
        return time.perf_counter() - begun

    def _dump(self, first: int, most: int | None) -> list[dict[str, bytes]]:
        """Per delivery and table the rows, as COPY wants them."""
        self._connection.execute("DROP TABLE IF EXISTS ronde")
        query = _ROUND_OF_FILES if self._tables is OF_FILES else _ROUND
        self._connection.execute(sql.SQL(query).format(sql.Literal(first)))
        self._connection.execute("CREATE INDEX ON ronde (deel); ANALYZE ronde")
        parts = self._connection.execute("SELECT DISTINCT deel FROM ronde ORDER BY deel LIMIT %s", (most,)).fetchall()
        return [{table: self._rows(table, part) for table in self._tables} for (part,) in parts]

    def _rows(self, table: str, part: int) -> bytes:
        belongs, order = TABLES[table]
        query = sql.SQL(
            "COPY (SELECT t.* FROM {} t WHERE EXISTS (SELECT FROM ronde r WHERE r.deel = {} AND {}) ORDER BY {}) TO STDOUT (FORMAT binary)"
        ).format(sql.Identifier("public", table), sql.Literal(part), sql.SQL(belongs), sql.Identifier("t", order))
        with self._connection.cursor() as cursor, cursor.copy(query) as copy:
            return b"".join(bytes(data) for data in copy)

    def _make(self, table: str) -> None:
        source, copy = f"public.{table}", sql.Identifier(SCHEMA, table)
        run = self._connection.execute
        (row,) = run(_TABLE, (source,)).fetchall()
        partitioned = sql.SQL(f" PARTITION BY {row[0]}" if row[0] else "")
        options = sql.SQL(f" WITH ({', '.join(row[1])})" if row[1] else "")
        run(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL){}{}").format(copy, sql.Identifier("public", table), partitioned, options))
        for name, bound in run(_PARTITIONS, (source,)).fetchall():
            run(sql.SQL("CREATE TABLE {} PARTITION OF {} {}").format(sql.Identifier(SCHEMA, name), copy, sql.SQL(bound)))
        for (foreign,) in run(_FOREIGN, (source,)).fetchall():
            with self._connection.transaction():
                run(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(SCHEMA)))
                run(sql.SQL("ALTER TABLE {} ADD {}").format(copy, sql.SQL(foreign)))
