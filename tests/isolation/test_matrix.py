"""What each role may do, tried cell by cell, is what stands in `rechten.txt`; and no policy, FORCE, grant or RLS switch can go unseen.

After a meant change: SEINHUIS_RECHTEN=1 writes the file anew; read the difference.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random  # noqa: TID251 - seeded
from typing import NamedTuple

import psycopg
import pytest

from gateway.store.prepare import Dsns
from tests.isolation import matrix
from tests.isolation.matrix import Column, Connection

GOLDEN = Path(__file__).with_name("rechten.txt")
PROOF = os.environ.get("SEINHUIS_PROOF") == "1"
SAMPLE = 60
CALLS = """
SELECT p.proname, r.rolname, has_function_privilege(r.oid, p.oid, 'EXECUTE'),
  format('SELECT %%I(%%s)', p.proname, (SELECT string_agg('NULL::' || t::regtype, ', ') FROM unnest(p.proargtypes::oid[]) AS t))
FROM pg_proc p, pg_roles r
WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype AND p.proname <> 'probeer' AND r.rolname = ANY (%s)
"""


class Bench(NamedTuple):
    """A database to try in, its tables and what was found in it."""

    owner: Connection
    tables: dict[str, list[Column]]
    found: matrix.Matrix


@pytest.fixture
def bench(dsns: Dsns) -> Iterator[Bench]:
    with psycopg.connect(dsns.owner, autocommit=True) as owner:
        found = matrix.prepare(owner)
        yield Bench(owner, found, matrix.tried(owner, found))


def functions(owner: Connection, only: str | None = None) -> list[str]:
    """Which role can call which function: called with nothing, it is refused or answers."""
    found = []
    for name, role, _, call in owner.execute(CALLS.encode(), (list(matrix.ROLES[:-1]),)).fetchall():
        if only in (None, name):
            with owner.transaction(force_rollback=True):
                owner.execute(f"SET LOCAL ROLE {role}".encode())
                row = owner.execute("SELECT public.probeer(%s)", ([call],)).fetchone()
            assert row is not None
            if row[0] != [matrix.DENIED]:
                found.append(f"{name} {role} EXECUTE")
    return sorted(found)


def test_every_cell_is_what_the_list_says(bench: Bench) -> None:
    lines = matrix.told(bench.found) + functions(bench.owner)
    if os.environ.get("SEINHUIS_RECHTEN") == "1":
        GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "fout" in line]


def test_no_flow_sees_a_row_of_somebody_else(bench: Bench) -> None:
    """In a database that has a row of another tenant in every table; the office and the sequencer are for everybody."""
    shared = _without_policies(bench.owner)
    for (role, table, cell), said in bench.found.items():
        if role in ("gw_ingest", "gw_inbox") and table not in shared and cell != "INSERT" and said != matrix.DENIED:
            told = (role, table, cell, said)
            assert "alles" not in said or table == "statistiek_instelling", told
            assert said.endswith("niets"), told  # without a context: nothing


def test_dropping_any_policy_force_or_grant_is_seen(bench: Bench) -> None:
    """Every one, each in a transaction that is undone; a sample of them unless it is the proof."""
    survived, count = [], 0
    mutations = [*_of_tables(bench.owner), *_of_columns(bench.owner)]
    assert len(mutations) > 400
    for mutation, table, role in mutations if PROOF else Random(18).sample(mutations, SAMPLE):
        with bench.owner.transaction(force_rollback=True):
            bench.owner.execute(mutation.encode())
            seen = matrix.tried(bench.owner, {table: bench.tables[table]}, [role])
        count += 1
        if all(bench.found[cell] == said for cell, said in seen.items()):
            survived.append(mutation)
    before = functions(bench.owner)
    for name, role in [line.split()[:2] for line in before if PROOF or line.startswith("s")]:
        with bench.owner.transaction(force_rollback=True):
            signature = bench.owner.execute("SELECT %s::regproc::regprocedure::text", (name,)).fetchone()
            assert signature is not None
            bench.owner.execute(f"REVOKE EXECUTE ON FUNCTION {signature[0]} FROM {role}".encode())
            seen_calls = functions(bench.owner, name)
        count += 1
        if seen_calls == [line for line in before if line.startswith(name + " ")]:
            survived.append(f"EXECUTE {name} {role}")
    print(f"{count} of {len(mutations) + len(before)} mutations tried, {len(survived)} not seen")  # noqa: T201 - the figures
    assert survived == []


def test_control_a_mutation_of_another_table_is_not_seen(bench: Bench) -> None:
    with bench.owner.transaction(force_rollback=True):
        bench.owner.execute("ALTER TABLE zaak NO FORCE ROW LEVEL SECURITY")
        seen = matrix.tried(bench.owner, {"ritme": bench.tables["ritme"]})
    assert all(bench.found[cell] == said for cell, said in seen.items())


def _without_policies(owner: Connection) -> set[str]:
    rows = owner.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND NOT relrowsecurity").fetchall()
    return {row[0] for row in rows}


def _of_tables(owner: Connection) -> Iterator[tuple[str, str, str]]:
    for name, table, role in owner.execute("SELECT policyname, tablename, roles[1] FROM pg_policies").fetchall():
        yield f"DROP POLICY {name} ON {table}", table, role
    forced = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity AND NOT relispartition"
    for (table,) in owner.execute(forced.encode()).fetchall():
        yield f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY", table, "gw_eigenaar"
        yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", table, "gw_eigenaar"
    grants = """
        SELECT c.relname, g.privilege_type, r.rolname FROM pg_class c, aclexplode(c.relacl) g JOIN pg_roles r ON r.oid = g.grantee
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND g.grantee <> c.relowner
    """
    for table, verb, role in owner.execute(grants.encode()).fetchall():
        yield f"REVOKE {verb} ON {table} FROM {role}", table, role


def _of_columns(owner: Connection) -> Iterator[tuple[str, str, str]]:
    grants = """
        SELECT c.relname, a.attname, g.privilege_type, r.rolname
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) g JOIN pg_roles r ON r.oid = g.grantee
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    """
    for table, column, verb, role in owner.execute(grants.encode()).fetchall():
        yield f"REVOKE {verb} ({column}) ON {table} FROM {role}", table, role
