"""Destroying keys, and putting the others under another KEK: each checked by opening what stays, before anything is gone for good.

Acts on names and seals that the gateway computes: what the database says of a row (its KEK, that it was destroyed) decides nothing. A row
that opens with nothing is counted, and stops nobody; a lasting key that does not open, or a key that would be lost, does.
Authority: architecture, keys; decision 0032. Leaves which keys are over to `gateway.retention`.
"""

from collections.abc import Iterable, Mapping, Sequence

from gateway.core.errors import Misconfigured
from gateway.keys.book import Book, Connection
from gateway.keys.database import DatabaseKeyStore
from gateway.keys.wrapping import Wrapping

_REWRAP = """
UPDATE wrapped_key k SET wrapped = n.wrapped, kek = %s
FROM unnest(%s::text[], %s::bytea[]) AS n (name, wrapped) WHERE k.name = n.name
"""
_DESTROY = "UPDATE wrapped_key SET wrapped = NULL, destroyed = clock_timestamp() WHERE name = ANY (%s) AND wrapped IS NOT NULL"
_SHOWN = 3


def live(connection: Connection) -> dict[str, bytes]:
    """Every row that may still hold a key: what it is called, and the wrapped key."""
    return dict(connection.execute("SELECT name, wrapped FROM wrapped_key WHERE wrapped IS NOT NULL").fetchall())


def destroy(connection: Connection, store: DatabaseKeyStore, names: Iterable[str]) -> list[str]:
    """Remove wrapped keys for good; returns those that opened until now. Raises Misconfigured, Unavailable.

    A row that the database keeps nevertheless is left behind by the next `rewrap`, because the book names it.
    """
    book, rows, asked = store.held(connection), live(connection), set(names)
    found = sorted(_opened(store.kek(book.kek), {name: rows[name] for name in asked & rows.keys()}))
    if found:
        connection.execute(_DESTROY, (found,))
        store.save(connection, book.without(found))
    return found


def rewrap(connection: Connection, store: DatabaseKeyStore, new: Wrapping) -> int:
    """Wrap every key under another KEK but those that were destroyed; returns how many. Nobody makes a key until the transaction ends.

    Raises Misconfigured: a lasting key does not open, or the database did not take all of them; Unavailable.
    """
    book = store.held(connection)
    found = _opened(store.kek(book.kek), live(connection))
    kept = {name: key for name, key in found.items() if name not in book.due}
    _require(book, kept)
    store.learn(new)
    wrapped = [new.wrap(name, key) for name, key in kept.items()]
    done = connection.execute(_REWRAP, (new.id, list(kept), wrapped)).rowcount
    if done != len(kept) or _opened(new, live(connection)) != kept:
        raise Misconfigured(f"De database nam niet alle {len(kept)} sleutels onder hoofdsleutel {new.id} aan; er is niets vervangen.")
    store.save(connection, book.wrapped_by(new.id))
    return len(kept)


def staying(connection: Connection, store: DatabaseKeyStore, others: Sequence[Wrapping] | None) -> str:
    """The id of the KEK that has to stay, once it was seen that `others` can go: nothing but what was destroyed needs one of these.

    `others` None: they cannot be read, so every key must open with the one that stays. Raises Misconfigured: a key would be lost;
    Unavailable.
    """
    book, rows = store.held(connection), live(connection)
    found = _opened(store.kek(book.kek), rows)
    _require(book, found)
    closed = {name: wrapped for name, wrapped in rows.items() if name not in found and name not in book.due}
    lost = closed if others is None else {name for other in others if other.id != book.kek for name in _opened(other, closed)}
    if lost:
        raise Misconfigured(f"Met hoofdsleutel {book.kek} openen {len(lost)} sleutels niet ({_some(lost)}); er is niets vernietigd.")
    return book.kek


def unopened(connection: Connection, store: DatabaseKeyStore) -> int:
    """How many rows do not open with the KEK in use: damaged, made by somebody else, or put back after they were destroyed."""
    rows = live(connection)
    return len(rows) - len(_opened(store.kek(store.held(connection).kek), rows))


def _require(book: Book, found: Mapping[str, object]) -> None:
    missing = book.names - found.keys()
    if missing:
        raise Misconfigured(
            f"Blijvende sleutels ontbreken of openen niet ({len(missing)}: {_some(missing)}); zet hun rij in wrapped_key terug uit een "
            "reservekopie. Tot dan wordt de hoofdsleutel niet vervangen."
        )


def _opened(kek: Wrapping, rows: Mapping[str, bytes]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, wrapped in rows.items():
        try:
            found[name] = kek.unwrap(name, wrapped)
        except Misconfigured:
            continue
    return found


def _some(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)[:_SHOWN])
