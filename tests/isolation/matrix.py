"""The privilege matrix: every role, table, column and verb is tried, under six contexts, on a row of its own and a row of somebody else.

What is tried is undone at once. The tables keep their policies and grants, and lose what stands in the way: constraints, triggers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from gateway.core import ids
from gateway.store.tenant import Tenant, municipality, parties, task
from tests.tenants import SIGNER

ROLES = ("gw_ingest", "gw_inbox", "gw_log", "gw_beheer", "gw_toezicht", "gw_taken", "gw_console", "gw_integrator", "gw_eigenaar")
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
OWN, FOREIGN = "0001", "0002"
CONTEXTS: tuple[Tenant | None, ...] = (municipality(OWN), parties(OWN), task("bewaring"), task("zoekindex"), task("logtermijn"), None)
DENIED = "geweigerd"
_NOW = str(ids.new())[:-4]
Connection = psycopg.Connection[Any]
Matrix = dict[tuple[str, str, str], str]
"""(role, table, verb, with its columns) -> what it gave under each context: `eigen`, `alles`, `niets` or an error."""

_PROBE = """
CREATE FUNCTION public.probeer(statements text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE s text; n bigint; found text[] := '{}';
BEGIN
  FOREACH s IN ARRAY statements LOOP
    BEGIN
      EXECUTE s;
      GET DIAGNOSTICS n = ROW_COUNT;
      RAISE EXCEPTION USING ERRCODE = 'UNDO1', MESSAGE = n::text;
    EXCEPTION
      WHEN SQLSTATE 'UNDO1' THEN found := found || SQLERRM;
      WHEN insufficient_privilege THEN found := found || CASE WHEN SQLERRM LIKE '%row-level security%' THEN 'rls' ELSE 'geweigerd' END;
      WHEN OTHERS THEN found := found || ('fout: ' || SQLSTATE);
    END;
  END LOOP;
  RETURN found;
END $$
"""
_BARE = """
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid
    WHERE r.relnamespace = 'public'::regnamespace AND k.conislocal AND k.contype IN ('c', 'f', 'p', 'u') AND NOT r.relispartition
    ORDER BY k.contype = 'p', k.contype = 'u' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', c.t, c.conname);
  END LOOP;
  FOR c IN SELECT i.indexrelid::regclass AS i FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid
    WHERE r.relnamespace = 'public'::regnamespace AND i.indisunique AND NOT r.relispartition LOOP
    EXECUTE format('DROP INDEX IF EXISTS %s CASCADE', c.i);
  END LOOP;
  FOR c IN SELECT oid::regclass AS t FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', c.t);
    EXECUTE format('DELETE FROM %s', c.t);
  END LOOP;
END $$
"""
_VALUES = {
    "text": "{tenant!r}", "uuid": "{id!r}::uuid", "bytea": "'\\x00'::bytea", "bigint": "1", "integer": "1", "smallint": "1",
    "boolean": "true", "date": "'2026-01-01'::date", "timestamp with time zone": "'2026-01-01'::timestamptz", "jsonb": "'{{}}'::jsonb",
    "text[]": "ARRAY[{tenant!r}]", "uuid[]": "'{{}}'::uuid[]", "bytea[]": "'{{}}'::bytea[]", "character varying(32)": "{tenant!r}",
}  # fmt: skip
_LOOKED_AT = {"folder": "'uitlaat'"}
"""Columns that a policy compares with a word of its own."""


class Column(NamedTuple):
    """A column; `writable`: it is not generated."""

    name: str
    kind: str
    writable: bool


def tables(owner: Connection) -> dict[str, list[Column]]:
    """Every table but partitions, with its columns."""
    rows = owner.execute(
        """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attidentity = ''
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY c.relname, a.attnum
        """
    ).fetchall()
    return {name: [Column(*row[1:]) for row in found] for name, found in groupby(rows, lambda row: row[0])}


def prepare(owner: Connection) -> dict[str, list[Column]]:
    """Make a database fit to try in: two rows in every table, of two tenants."""
    owner.execute(_PROBE)
    owner.execute("GRANT EXECUTE ON FUNCTION public.probeer TO PUBLIC")
    sleutel = owner.execute("SELECT binnen, buiten FROM context_sleutel").fetchone()
    owner.execute(_BARE)
    found = tables(owner)
    for table, columns in found.items():
        if table == "context_sleutel":
            owner.execute("INSERT INTO context_sleutel (binnen, buiten) VALUES (%s, %s)", sleutel)
            continue
        for tenant in (OWN, FOREIGN):
            owner.execute(_insert(table, columns, tenant).encode())
    return found


def _insert(table: str, columns: Iterable[Column], tenant: str) -> str:
    own = [column for column in columns if column.writable]
    return f"INSERT INTO {table} ({', '.join(c.name for c in own)}) VALUES ({', '.join(_value(c, tenant) for c in own)})"


def _value(column: Column, tenant: str) -> str:
    return _LOOKED_AT.get(column.name) or _VALUES[column.kind].format(tenant=tenant, id=_NOW + tenant)


def tried(owner: Connection, all_tables: Mapping[str, list[Column]], roles: Sequence[str] = ROLES) -> Matrix:
    """Try every cell of these tables and roles."""
    found: Matrix = {}
    for table, columns in all_tables.items():
        for role in roles:
            found |= _cells(owner, role, table, columns)
    return found


def _cells(owner: Connection, role: str, table: str, columns: list[Column]) -> Matrix:
    statements = dict(_statements(table, columns))
    first = _under(owner, role, CONTEXTS[0], statements)
    open_ = {cell: statements[cell] for cell in statements if DENIED not in first[cell]}
    others = [_under(owner, role, context, open_) for context in CONTEXTS[1:]] if open_ else []
    return {
        (role, table, cell): " ".join(_said(seen[cell]) for seen in (first, *others)) if cell in open_ else DENIED
        for cell in statements
    }


def _statements(table: str, columns: list[Column]) -> Iterator[tuple[str, list[str]]]:
    for column in columns:
        yield f"SELECT {column.name}", [f"SELECT {column.name} FROM {table}"]
        if column.writable:
            yield f"UPDATE {column.name}", [f"UPDATE {table} SET {column.name} = {_value(column, OWN)}"]
    yield "INSERT", [_insert(table, columns, OWN), _insert(table, columns, FOREIGN)]
    yield "DELETE", [f"DELETE FROM {table}"]
    yield "TRUNCATE", [f"TRUNCATE {table}"]


def _under(owner: Connection, role: str, context: Tenant | None, cells: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What each cell's statements gave."""
    with owner.transaction(force_rollback=True):
        owner.execute("SELECT set_config('seinhuis.context', %s, true)", (SIGNER.sign(context) if context else "",))
        owner.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        row = owner.execute("SELECT public.probeer(%s)", ([s for cell in cells.values() for s in cell],)).fetchone()
    assert row is not None
    answers = iter(row[0])
    return {cell: [next(answers) for _ in statements] for cell, statements in cells.items()}


def _said(answers: list[str]) -> str:
    if len(answers) > 1:  # own and foreign rows put in
        return {("1", "1"): "alles", ("1", "rls"): "eigen", ("rls", "rls"): "niets"}.get((answers[0], answers[1]), "/".join(answers))
    return {"0": "niets", "1": "eigen", "2": "alles"}.get(answers[0], answers[0])


def told(matrix: Matrix) -> list[str]:
    """The matrix as lines: what is not named is refused. Columns with the same answers stand together."""
    open_ = [((role, table, *cell.partition(" ")[::2]), said) for (role, table, cell), said in matrix.items() if said != DENIED]
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for (role, table, verb, column), said in open_:
        found.setdefault((table, role, verb, said), []).append(column)
    return sorted(f"{table} {role} {verb} [{said}] {' '.join(columns)}".strip() for (table, role, verb, said), columns in found.items())
