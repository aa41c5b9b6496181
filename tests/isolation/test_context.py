"""A context holds only as we signed it: not as a plain setting, not changed, not later, not under another key."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from gateway.core.clock import FixedClock, SystemClock
from gateway.core.errors import Misconfigured
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from gateway.store.tenant import Signer, municipality, parties, task
from tests.tenants import SIGNER, acting

A, B = "0392", "0344"
NOW = SystemClock().now()


def fill(dsns: Dsns) -> None:
    with psycopg.connect(dsns.owner) as owner:
        owner.execute("INSERT INTO ritme (gemeente, dag, gewijzigd_op) SELECT g, 5, now() FROM unnest(ARRAY['0392', '0344']) AS g")


def seen(dsns: Dsns, token: str) -> int:
    """Rows that an injected `SET` of this text shows."""
    with psycopg.connect(dsns.inbox) as connection:
        connection.execute("SELECT set_config('seinhuis.context', %s, true)", (token,))
        row = connection.execute("SELECT count(*) FROM ritme").fetchone()
    return int(row[0]) if row else -1


def test_a_signed_context_shows_its_own_rows(dsns: Dsns) -> None:
    fill(dsns)
    with acting(dsns.inbox, municipality(A)) as connection:
        assert connection.execute("SELECT gemeente FROM ritme").fetchall() == [(A,)]
        assert connection.execute("UPDATE ritme SET dag = 6").rowcount == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO ritme (gemeente, gewijzigd_op) VALUES ('0999', now())")


FORGERIES: dict[str, Callable[[str], str]] = {
    "unset": lambda _: "",
    "a plain name": lambda _: B,
    "all": lambda _: "*",
    "somebody else's name": lambda token: token.replace(A, B),
    "a name more": lambda token: token.replace(A, f"{A},{B}"),
    "a party more": lambda token: token.replace("||", f"|{A}|", 1),
    "a task more": lambda token: token.replace(f"{A}||", f"{A}||alles", 1),
    "a later moment": lambda token: "|".join([*token.split("|")[:3], str(int(token.split("|")[3]) + 1), token.split("|")[4]]),
    "no signature": lambda token: token.rpartition("|")[0] + "|",
    "half a signature": lambda token: token[:-1],
    "a letter too many": lambda token: token + "0",
    "no fields": lambda _: "||||",
    "another key": lambda _: Signer(b"x" * 32, SystemClock()).sign(municipality(A)),
    "two minutes old": lambda _: Signer(b"t" * 32, FixedClock(SystemClock().now() - timedelta(minutes=2))).sign(municipality(A)),
    "of the future": lambda _: Signer(b"t" * 32, FixedClock(SystemClock().now() + timedelta(minutes=2))).sign(municipality(A)),
    "another kind": lambda _: SIGNER.sign(parties(A)),
    "a task": lambda _: SIGNER.sign(task(A)),
}


@pytest.mark.parametrize("how", FORGERIES)
def test_an_injected_set_shows_nothing(dsns: Dsns, how: str) -> None:
    fill(dsns)
    token = SIGNER.sign(municipality(A))
    assert seen(dsns, token) == 1  # the control
    assert seen(dsns, FORGERIES[how](token)) == 0


def test_a_context_that_does_not_hold_is_an_error_and_no_empty_inbox(dsns: Dsns) -> None:
    database = Database(dsns.inbox, name="proef", size=1, signer=Signer(b"x" * 32, SystemClock()))
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction(municipality(A)):
        pass
    database.close()


def test_a_context_ends_with_its_transaction(dsns: Dsns) -> None:
    fill(dsns)
    database = Database(dsns.inbox, name="proef", size=1, signer=SIGNER)
    with database.transaction(municipality(A)) as connection:
        connection.execute("SELECT set_config('seinhuis.context', 'x', false)")
    for _ in range(4):
        with database.transaction() as connection:
            assert connection.execute("SELECT count(*) FROM ritme").fetchone() == (0,)
        with database.transaction(municipality(B)) as connection:
            assert connection.execute("SELECT gemeente FROM ritme").fetchall() == [(B,)]
            database.act(connection, municipality(A))
            assert connection.execute("SELECT gemeente FROM ritme").fetchall() == [(A,)]
    database.close()


def test_without_a_signer_nobody_is_acted_for(dsns: Dsns) -> None:
    database = Database(dsns.inbox, name="proef", size=1)
    with pytest.raises(Misconfigured), database.transaction(municipality(A)):
        pass
    database.close()


@pytest.mark.parametrize("tenant", [municipality("03|92"), parties("a,b"), parties("a|b"), task("x|y")])
def test_a_name_that_reads_as_another_is_not_signed(tenant: object) -> None:
    with pytest.raises(ValueError, match="separator"):
        SIGNER.sign(tenant)  # type: ignore[arg-type]


def test_no_role_reads_the_key_or_replaces_it(dsns: Dsns) -> None:
    for dsn in dsns[1:]:
        for statement in ("SELECT * FROM context_sleutel", "DELETE FROM context_sleutel", "UPDATE context_sleutel SET binnen = buiten"):
            with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_a_partition_by_its_own_name_shows_nothing_even_to_its_owner(dsns: Dsns) -> None:
    with psycopg.connect(dsns.owner) as owner:
        partitions = [row[0] for row in owner.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'bericht'::regclass"
        ).fetchall()]  # fmt: skip
        query = "SELECT count(*) FROM pg_class WHERE oid = ANY (%s::regclass[]) AND relforcerowsecurity"
        flags = owner.execute(query, (partitions,)).fetchone()
    assert flags == (len(partitions),)
    for dsn in (dsns.inbox, dsns.ingest, dsns.taken):
        with acting(dsn, municipality(A)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT * FROM {partitions[0]}".encode())
