"""The book of the key store: which lasting keys were ever made, which were destroyed, and under which KEK all keys stand.

One row (`sleutelboek`) with a seal under the KEK: `nonce || ct || tag` of the SHA-256 over its canonical form, AES-256-GCM with the name
`sleutelboek`. So whoever has the database alone can delete a key or its trace, and the gateway makes no other one in its place. Who
holds the book holds the key store: whatever makes, destroys or wraps keys does so with the book in hand, one at a time. A book from
before a replacement of the KEK has no seal; an earlier one of the same KEK is refused by every process that saw a later (`number`).
Authority: `docs/crypto.md`, keys.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import psycopg

from gateway.core.errors import Misconfigured
from gateway.keys.names import lasting
from gateway.keys.wrapping import Wrapping

Connection = psycopg.Connection[Any]
NAME = "sleutelboek"
_LOCK = 0x5E1_B0EC
_SELECT = "SELECT nummer, kek, namen, vernietigd, onder, uitstaand, zegel FROM sleutelboek"
_SAVE = """
INSERT INTO sleutelboek (nummer, kek, namen, vernietigd, onder, uitstaand, zegel) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (een) DO UPDATE SET nummer = excluded.nummer, kek = excluded.kek, namen = excluded.namen, vernietigd = excluded.vernietigd,
  onder = excluded.onder, uitstaand = excluded.uitstaand, zegel = excluded.zegel
"""


class Book(msgspec.Struct, frozen=True):
    """What it says: `number` counts its changes, `kek` is the id of the KEK in use.

    `names`: lasting keys that must be there. `gone`: lasting ones that were destroyed. `due`: every key that was destroyed while the KEK
    was `under`; as long as that one is in use, an older copy of the database still opens them.
    """

    number: int
    kek: str
    names: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    under: str = ""
    due: frozenset[str] = frozenset()

    @property
    def rotation_due(self) -> bool:
        """Whether a key was destroyed that an older copy still opens with the KEK of today."""
        return bool(self.due) and self.under == self.kek

    def with_key(self, name: str) -> "Book":
        """The next book, with a key that was made. Raises Misconfigured: it was made before, or destroyed."""
        if name in self.gone or name in self.due:
            raise Misconfigured(f"Sleutel {name} is vernietigd.")
        if name in self.names:
            raise Misconfigured(f"Sleutel {name} ontbreekt; er komt geen andere. Zet zijn rij in wrapped_key terug uit een reservekopie.")
        return msgspec.structs.replace(self, number=self.number + 1, names=self.names | {name})

    def without(self, names: Iterable[str]) -> "Book":
        """The next book, with these keys destroyed."""
        dead = frozenset(names)
        gone = self.gone | {name for name in dead if lasting(name)}
        return Book(self.number + 1, self.kek, self.names - dead, gone, self.kek, self.due | dead)

    def wrapped_by(self, kek: str) -> "Book":
        """The next book, with every key under another KEK; what was destroyed before the last one is no longer of interest."""
        due = self.due if self.under == self.kek else frozenset[str]()
        return Book(self.number + 1, kek, self.names, self.gone, self.under, due)


def held(connection: Connection, kek: Callable[[str], Wrapping]) -> Book | None:
    """The book, held until the transaction ends; None when there is none. Raises Misconfigured: it lacks its seal."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    return _read(connection, kek)


def save(connection: Connection, book: Book, kek: Callable[[str], Wrapping]) -> None:
    """Write a next book, and read it again. Raises Misconfigured: the database did not keep it."""
    lists = [sorted(part) for part in (book.names, book.gone, book.due)]
    zegel = kek(book.kek).wrap(NAME, _digest(book))
    connection.execute(_SAVE, (book.number, book.kek, lists[0], lists[1], book.under, lists[2], zegel))
    if _read(connection, kek) != book:
        raise Misconfigured("De database bewaart het sleutelboek niet; er is geen sleutel gemaakt, vernietigd of omgezet.")


def _read(connection: Connection, kek: Callable[[str], Wrapping]) -> Book | None:
    row = connection.execute(_SELECT).fetchone()
    if row is None:
        return None
    number, used, names, gone, under, due, zegel = row
    book = Book(number, used, frozenset(names), frozenset(gone), under, frozenset(due))
    if kek(used).unwrap(NAME, zegel) != _digest(book):
        raise Misconfigured("Het sleutelboek heeft zijn zegel niet: het is buiten de gateway gewijzigd.")
    return book


def _digest(book: Book) -> bytes:
    return hashlib.sha256(msgspec.json.encode(book, order="sorted")).digest()
