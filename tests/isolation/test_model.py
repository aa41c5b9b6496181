"""Random statements of twenty municipalities and twenty parties beside a model that is a dict: nobody reaches a row of somebody else."""

import os
from collections import defaultdict
from random import Random  # noqa: TID251 - seeded

import psycopg
import pytest

from gateway.store.prepare import Dsns
from gateway.store.tenant import Tenant, municipality, parties
from tests.isolation.matrix import Connection
from tests.tenants import SIGNER

OPERATIONS = 50_000 if os.environ.get("SEINHUIS_PROOF") == "1" else 1_500
PLACES = [f"{n:04}" for n in range(1, 21)]
PARTIES = [f"0000009900000009{n:04}" for n in range(1, 21)]
PER_TRANSACTION = 50
_WRITE = {
    "ritme": """
        INSERT INTO ritme (gemeente, dag, gewijzigd_op) VALUES (%s, %s, now()) ON CONFLICT (gemeente) DO UPDATE SET dag = excluded.dag
    """,
    "afleiding": """
        INSERT INTO afleiding (gemeente, dag, aantal) VALUES (%s, '2026-01-01', %s)
        ON CONFLICT (gemeente, dag) DO UPDATE SET aantal = excluded.aantal
    """,
    "terugkoppeling_bestand": """
        INSERT INTO terugkoppeling_bestand (party, principal, nr, dag) VALUES (%s, 'x', %s, '2026-01-01')
        ON CONFLICT (party, principal) DO UPDATE SET nr = excluded.nr
    """,
}
_NUMBER = {"ritme": "dag", "afleiding": "aantal", "terugkoppeling_bestand": "nr"}
_OWNER = {"ritme": "gemeente", "afleiding": "gemeente", "terugkoppeling_bestand": "party"}
Model = dict[str, dict[str, int]]


def test_random_statements_reach_no_foreign_row(dsns: Dsns) -> None:
    refused = run(dsns, OPERATIONS)
    print(f"{OPERATIONS} statements, {refused} of them about somebody else; foreign rows 0")  # noqa: T201 - the figures
    assert refused > OPERATIONS // 20  # foreign ones were tried


@pytest.mark.parametrize("wrong", [
    "DROP POLICY gw_inbox ON ritme",
    "DROP POLICY gw_ingest ON terugkoppeling_bestand",
    "ALTER POLICY gw_inbox ON ritme USING (true)",
    "ALTER POLICY gw_inbox ON afleiding USING ((SELECT context()) IS NOT NULL)",
    "ALTER TABLE afleiding DISABLE ROW LEVEL SECURITY",
    "CREATE POLICY meer ON ritme TO gw_inbox USING (true)",
])  # fmt: skip
def test_control_one_policy_less_or_more_is_seen(dsns: Dsns, wrong: str) -> None:
    with psycopg.connect(dsns.owner) as owner:
        owner.execute(wrong.encode())
    with pytest.raises((AssertionError, psycopg.errors.InsufficientPrivilege)):
        run(dsns, 1_500)


def run(dsns: Dsns, operations: int) -> int:
    """So many statements; how many were about somebody else."""
    random, model, refused = Random(6), defaultdict[str, dict[str, int]](dict), 0
    with psycopg.connect(dsns.inbox) as inbox, psycopg.connect(dsns.ingest) as ingest:
        for _ in range(operations // PER_TRANSACTION):
            table = random.choice(list(_WRITE))
            by_town = _OWNER[table] == "gemeente"
            names, link = (PLACES, inbox) if by_town else (PARTIES, ingest)
            me = random.choice(names)
            _act(link, municipality(me) if by_town else parties(me))
            for _ in range(PER_TRANSACTION):
                refused += _one(link, table, me, random.choice([me, random.choice(names)]), model[table], random)
            link.commit()
    with psycopg.connect(dsns.owner) as owner:
        for table, kept in model.items():
            assert dict(owner.execute(f"SELECT {_OWNER[table]}, {_NUMBER[table]} FROM {table}".encode()).fetchall()) == kept
    return refused


def _act(link: Connection, tenant: Tenant) -> None:
    link.execute("SELECT optreden(%s)", (SIGNER.sign(tenant),))


def _one(link: Connection, table: str, me: str, named: str, model: dict[str, int], random: Random) -> bool:
    """One statement that names somebody; whether it was refused. A foreign row and one that is absent give the same answer."""
    owner, number, value = _OWNER[table], _NUMBER[table], random.randint(1, 28)
    mine = {me: model[me]} if me in model else {}
    kind = random.choice(["all", "read", "change", "write"])
    if kind == "all":
        assert dict(link.execute(f"SELECT {owner}, {number} FROM {table}".encode()).fetchall()) == mine
    elif kind == "read":
        found = link.execute(f"SELECT {number} FROM {table} WHERE {owner} = %s".encode(), (named,)).fetchall()
        assert found == ([(mine[me],)] if named == me and mine else [])
        return named != me
    elif kind == "change":
        changed = link.execute(f"UPDATE {table} SET {number} = %s WHERE {owner} = %s".encode(), (value, named)).rowcount
        assert changed == (1 if named == me and mine else 0)
        model |= {me: value} if changed else {}
        return named != me
    else:
        try:
            with link.transaction():
                link.execute(_WRITE[table].encode(), (named, value))
        except psycopg.errors.InsufficientPrivilege:
            assert named != me
            return True
        assert named == me
        model[me] = value
    return False
