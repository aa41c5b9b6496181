"""The key store in PostgreSQL: keys wrapped under a KEK that the database does not hold (table `wrapped_key`, role gw_beheer).

Several nodes may ask for a new key at once: the first INSERT wins and all read it back. Authority: `docs/crypto.md`, keys.
"""

from contextlib import AbstractContextManager
from typing import Any, Protocol

import psycopg

from gateway.core.errors import Misconfigured
from gateway.keys.kek import Kek
from gateway.keys.keystore import CachedKeys, Make

_SELECT = "SELECT wrapped, kek FROM wrapped_key WHERE name = %s"
_INSERT = "INSERT INTO wrapped_key (name, wrapped, kek) VALUES (%s, %s, %s) ON CONFLICT (name) DO NOTHING"


class Transactions(Protocol):
    """What this needs of `gateway.store.database.Database`."""

    def transaction(self) -> AbstractContextManager[psycopg.Connection[Any]]:
        """One transaction, committed when the block ends."""
        ...


class DatabaseKeyStore(CachedKeys):
    """Keys in the database, opened once per process."""

    def __init__(self, database: Transactions, kek: Kek) -> None:
        super().__init__()
        self._database = database
        self._kek = kek

    def _load(self, name: str, make: Make | None) -> bytes | None:
        with self._database.transaction() as connection:
            row = connection.execute(_SELECT, (name,)).fetchone()
            if row is None and make is not None:
                connection.execute(_INSERT, (name, self._kek.wrap(name, make()), self._kek.id))
                row = connection.execute(_SELECT, (name,)).fetchone()
        return None if row is None else self._open(name, *row)

    def _open(self, name: str, wrapped: bytes, kek: str) -> bytes:
        if kek != self._kek.id:
            raise Misconfigured(f"Sleutel {name} hoort bij hoofdsleutel {kek}; ingesteld is {self._kek.id}.")
        return self._kek.unwrap(name, wrapped)
