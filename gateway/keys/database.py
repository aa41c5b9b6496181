"""The key store in PostgreSQL: keys wrapped under a KEK that the database does not hold (table `wrapped_key`, role gw_beheer).

Several nodes may ask for a new key at once: one after the other they hold the book, the first makes it and all read it back. All keys
stand under the KEK of the book: a node that has not yet read the new one makes nothing that is lost with the old. A lasting key that was
made or destroyed once is never made again, whatever became of its row. Authority: `docs/crypto.md`, keys. Leaves destroying and wrapping
anew to `replacing`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from gateway.core.errors import Misconfigured
from gateway.keys import book as books
from gateway.keys.book import Book, Connection
from gateway.keys.keystore import CachedKeys, Make
from gateway.keys.names import lasting
from gateway.keys.wrapping import Wrapping

_SELECT = "SELECT wrapped, kek FROM wrapped_key WHERE name = %s"
_INSERT = "INSERT INTO wrapped_key (name, wrapped, kek) VALUES (%s, %s, %s)"
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
        self._number = 0

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

    def learn(self, kek: Wrapping) -> None:
        """Know a KEK that keys are about to stand under."""
        self._keks[kek.id] = kek

    def held(self, connection: Connection) -> Book:
        """The book, held until the transaction ends; an empty one before the first key. Raises Misconfigured: not the newest, or none."""
        book = books.held(connection, self.kek)
        if book is None and connection.execute("SELECT FROM wrapped_key LIMIT 1").fetchone() is not None:
            raise Misconfigured("Het sleutelboek ontbreekt, terwijl er sleutels zijn; zet tabel sleutelboek terug uit een reservekopie.")
        book = book or Book(0, next(iter(self._keks)))
        if book.number < self._number:
            raise Misconfigured("Het sleutelboek is teruggezet naar een eerdere stand; er wordt geen sleutel gemaakt of vernietigd.")
        self._number = book.number
        return book

    def save(self, connection: Connection, book: Book) -> None:
        """Write the next book. Raises Misconfigured."""
        books.save(connection, book, self.kek)

    def _load(self, name: str, make: Make | None) -> bytes | None:
        with self._database.transaction() as connection:
            row = connection.execute(_SELECT, (name,)).fetchone()
            if row is None and make is not None:
                row = self._make(connection, name, make())
        return None if row is None else self._open(name, *row)

    def _make(self, connection: Connection, name: str, secret: bytes) -> tuple[Any, ...]:
        book = self.held(connection)
        row: tuple[Any, ...] | None = connection.execute(_SELECT, (name,)).fetchone()  # who held the book before may have made it
        if row is not None:
            return row
        after, made = book.with_key(name), (self.kek(book.kek).wrap(name, secret), book.kek)
        if lasting(name) or not book.number:
            self.save(connection, after if lasting(name) else Book(1, book.kek))
        connection.execute(_INSERT, (name, *made))
        if connection.execute(_SELECT, (name,)).fetchone() != made:
            raise Misconfigured(f"De database bewaart sleutel {name} niet.")
        return made

    def _open(self, name: str, wrapped: bytes | None, kek: str) -> bytes:
        if wrapped is None:
            raise Misconfigured(f"Sleutel {name} is vernietigd.")
        return self.kek(kek).unwrap(name, wrapped)
