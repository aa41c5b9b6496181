"""The key store in PostgreSQL: keys wrapped under a KEK that the database does not hold (table `wrapped_key`, role gw_beheer).

Several nodes may ask for a new key at once: the first INSERT wins and all read it back. All keys stand under one KEK: a key that would
be wrapped under another one is not stored, so that a node which has not yet read the new KEK makes nothing that is lost with the old.
A destroyed key leaves its name, and no key is made under it again. Authority: `docs/crypto.md`, keys.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import psycopg

from gateway.core.errors import Misconfigured
from gateway.keys.keystore import CachedKeys, Make
from gateway.keys.wrapping import Wrapping

Connection = psycopg.Connection[Any]
_SELECT = "SELECT wrapped, kek FROM wrapped_key WHERE name = %s"
_INSERT = """
INSERT INTO wrapped_key (name, wrapped, kek) SELECT %(name)s, %(wrapped)s, %(kek)s
WHERE NOT EXISTS (SELECT FROM wrapped_key WHERE wrapped IS NOT NULL AND kek <> %(kek)s)
ON CONFLICT (name) DO NOTHING
"""
_REWRAP = """
UPDATE wrapped_key k SET wrapped = n.wrapped, kek = %s
FROM unnest(%s::text[], %s::bytea[]) AS n (name, wrapped) WHERE k.name = n.name
"""
_ATTEMPTS = 3


class Transactions(Protocol):
    """What this needs of `gateway.store.database.Database`."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """One transaction, committed when the block ends."""
        ...


class DatabaseKeyStore(CachedKeys):
    """Keys in the database, opened once per process. `keks`: what reads the KEKs there are now (`KekPlace.keks`)."""

    def __init__(self, database: Transactions, keks: Callable[[], Sequence[Wrapping]]) -> None:
        super().__init__()
        self._database = database
        self._read = keks
        self._keks = {kek.id: kek for kek in keks()}

    def kek(self, id: str) -> Wrapping:
        """The KEK of this id; read again when it is not known. Raises Misconfigured: it is not there."""
        for _ in range(_ATTEMPTS):
            if id in self._keks:
                return self._keks[id]
            self._keks = {kek.id: kek for kek in self._read()}
        raise Misconfigured(f"De sleutels staan onder hoofdsleutel {id}; ingesteld is {', '.join(self._keks)}.")

    def forget_destroyed(self) -> None:
        """Drop what this process holds of keys that were destroyed and of KEKs that were replaced, whoever did it. Raises Unavailable."""
        self._keks = {kek.id: kek for kek in self._read()}
        with self._database.transaction() as connection:
            held = list(self._opened)
            rows = connection.execute("SELECT name FROM wrapped_key WHERE wrapped IS NULL AND name = ANY (%s)", (held,)).fetchall()
        for (name,) in rows:
            self._opened.pop(name, None)

    def _load(self, name: str, make: Make | None) -> bytes | None:
        for _ in range(_ATTEMPTS):
            with self._database.transaction() as connection:
                row = connection.execute(_SELECT, (name,)).fetchone()
                if row is None and make is not None:
                    row = self._make(connection, name, make())
            if row is not None or make is None:
                return None if row is None else self._open(name, *row)
        raise Misconfigured(f"Sleutel {name} is niet te maken: de hoofdsleutel wordt telkens vervangen.")

    def _make(self, connection: Connection, name: str, secret: bytes) -> tuple[Any, ...] | None:
        """The row as it stands; None when the KEK was replaced meanwhile."""
        used = in_use(connection)
        kek = self.kek(used) if used else next(iter(self._keks.values()))
        connection.execute(_INSERT, {"name": name, "wrapped": kek.wrap(name, secret), "kek": kek.id})
        return connection.execute(_SELECT, (name,)).fetchone()

    def _open(self, name: str, wrapped: bytes | None, kek: str) -> bytes:
        if wrapped is None:
            raise Misconfigured(f"Sleutel {name} is vernietigd.")
        return self.kek(kek).unwrap(name, wrapped)


def in_use(connection: Connection) -> str | None:
    """The id of the KEK that the keys stand under; None without any key."""
    row = connection.execute("SELECT kek FROM wrapped_key WHERE wrapped IS NOT NULL LIMIT 1").fetchone()
    return str(row[0]) if row else None


def rotation_due(connection: Connection) -> bool:
    """Whether a key was destroyed that stood under the KEK of today: a copy of it would still open."""
    statement = "SELECT EXISTS (SELECT FROM wrapped_key WHERE wrapped IS NULL AND kek = %s)"
    row = connection.execute(statement, (in_use(connection),)).fetchone()
    return bool(row and row[0])


def rewrap(connection: Connection, old: Wrapping, new: Wrapping) -> int:
    """Wrap every key under another KEK; nobody makes a key until the transaction ends. Returns how many. Raises Misconfigured."""
    connection.execute("LOCK TABLE wrapped_key IN SHARE ROW EXCLUSIVE MODE")
    rows = connection.execute("SELECT name, wrapped FROM wrapped_key WHERE wrapped IS NOT NULL").fetchall()
    wrapped = [new.wrap(name, old.unwrap(name, was)) for name, was in rows]
    connection.execute(_REWRAP, (new.id, [name for name, _ in rows], wrapped))
    return len(rows)


def destroy(connection: Connection, names: Iterable[str]) -> list[str]:
    """Remove wrapped keys for good; returns the names of those that were still there."""
    statement = """
        UPDATE wrapped_key SET wrapped = NULL, destroyed = clock_timestamp() WHERE name = ANY (%s) AND wrapped IS NOT NULL RETURNING name
    """
    return [str(row[0]) for row in connection.execute(statement, (list(names),)).fetchall()]
