"""The key store in PostgreSQL: what it promises, several nodes at once, and what a copy of the database gives away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from gateway.core.errors import Misconfigured
from gateway.keys.database import DatabaseKeyStore
from gateway.keys.kek import Kek
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from tests.keystores import KeyStoreContract

KEK = Kek(bytes(range(32)))


@pytest.fixture
def database(dsns: Dsns) -> Iterator[Database]:
    database = Database(dsns.beheer, name="sleutels", size=8)
    yield database
    database.close()


class TestDatabaseKeyStore(KeyStoreContract):
    @pytest.fixture
    def store(self, database: Database) -> DatabaseKeyStore:
        return DatabaseKeyStore(database, lambda: [KEK])


def test_keys_survive_the_process(database: Database) -> None:
    first = DatabaseKeyStore(database, lambda: [KEK])
    made = first.key("D-log/1"), first.create_private("gemeente/0392/1")
    again = DatabaseKeyStore(database, lambda: [KEK])
    assert (again.key("D-log/1"), again.create_private("gemeente/0392/1")) == made


def test_nodes_that_ask_at_once_get_one_key(database: Database) -> None:
    names = [f"opslag/0392/2027-W{week:02}" for week in range(1, 11)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: [DatabaseKeyStore(database, lambda: [KEK]).key(name) for name in names], range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0])) == 10


def test_another_kek_is_refused(database: Database) -> None:
    DatabaseKeyStore(database, lambda: [KEK]).key("D-log/1")
    with pytest.raises(Misconfigured):
        DatabaseKeyStore(database, lambda: [Kek(bytes(range(1, 33)))]).key("D-log/1")


def test_a_wrapped_key_moved_to_another_name_is_refused(database: Database, dsns: Dsns) -> None:
    DatabaseKeyStore(database, lambda: [KEK]).key("D-log/1")
    with psycopg.connect(dsns.owner) as owner:
        owner.execute("UPDATE wrapped_key SET name = 'D-log/2'")
    with pytest.raises(Misconfigured):
        DatabaseKeyStore(database, lambda: [KEK]).key("D-log/2")


def test_the_database_holds_no_key_in_the_clear(database: Database, dsns: Dsns) -> None:
    key = DatabaseKeyStore(database, lambda: [KEK]).key("D-log/1")
    with psycopg.connect(dsns.owner) as owner:
        stored = [bytes(row[0]) for row in owner.execute("SELECT wrapped FROM wrapped_key")]
    assert stored
    assert not [data for data in stored if key in data]


def test_the_flow_roles_cannot_read_wrapped_keys(dsns: Dsns) -> None:
    for dsn in (dsns.ingest, dsns.inbox, dsns.log):
        with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM wrapped_key")
