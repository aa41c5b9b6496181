"""Proofs that a leaf stands in the log and that the log only grew, from the database: hundreds of hashes are read, not the log.

Roots of complete subtrees of 256, 65,536, … leaves never change; they are kept once computed. Whoever could change one could make a
proof that fails, never one that holds: the root is signed. Authority: RFC 6962 section 2.1.1 and 2.1.2; C2SP tlog-tiles (heights of 8).
Runs as gw_log.
"""

from typing import Any, NamedTuple

import psycopg

from gateway.privacylog.tree import node_hash, root_of

HEIGHT = 8
_NEWEST = "SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1"
_OF_SIZE = "SELECT size, note FROM log_checkpoint WHERE size = %s"
_LEAVES = "SELECT leaf FROM log_leaf WHERE nr >= %s AND nr < %s ORDER BY nr"
_TILE = "SELECT hash FROM log_tegel WHERE hoogte = %s AND nr = %s"
_KEEP = "INSERT INTO log_tegel (hoogte, nr, hash) VALUES (%s, %s, %b) ON CONFLICT DO NOTHING"


class Proof(NamedTuple):
    """The leaf hash (32 bytes); `path` and `note` (signed checkpoint) are absent until a checkpoint covers it."""

    leaf: bytes
    path: tuple[bytes, ...] = ()
    note: str | None = None


def prove(connection: psycopg.Connection[Any], nr: int) -> Proof | None:
    """The proof of leaf `nr` (from 0) under the newest checkpoint; None when there is no such leaf."""
    row = connection.execute("SELECT leaf FROM log_leaf WHERE nr = %s", (nr,)).fetchone()
    if row is None:
        return None
    size, note = connection.execute(_NEWEST).fetchone() or (0, "")
    if nr >= size:
        return Proof(bytes(row[0]))
    return Proof(bytes(row[0]), tuple(_path(connection, nr, 0, size)), note)


class Growth(NamedTuple):
    """The checkpoint (signed note) over `size` leaves, and the path from an older one to it."""

    size: int
    note: str
    path: tuple[bytes, ...]


def grow(connection: psycopg.Connection[Any], old: int, size: int | None = None) -> Growth | None:
    """The proof from a tree of `old` leaves to the checkpoint over `size`, the newest by default; None when there is none so large."""
    query, values = (_NEWEST, ()) if size is None else (_OF_SIZE, (size,))
    row = connection.execute(query, values).fetchone()
    if row is None:
        return None
    size, note = int(row[0]), str(row[1])
    return Growth(size, note, tuple(growth(connection, old, size)))


def growth(connection: psycopg.Connection[Any], old: int, size: int) -> list[bytes]:
    """The path from the tree of the first `old` leaves to that of `size`; empty without an old one."""
    return _growth(connection, old, 0, size, whole=True) if 0 < old <= size else []


def _growth(connection: psycopg.Connection[Any], old: int, low: int, high: int, *, whole: bool) -> list[bytes]:
    if old == high:
        return [] if whole else [_root(connection, low, high)]
    middle = low + _split(high - low)
    if old <= middle:
        return [*_growth(connection, old, low, middle, whole=whole), _root(connection, middle, high)]
    return [*_growth(connection, old, middle, high, whole=False), _root(connection, low, middle)]


def _path(connection: psycopg.Connection[Any], nr: int, low: int, high: int) -> list[bytes]:
    if high - low == 1:
        return []
    middle = low + _split(high - low)
    if nr < middle:
        return [*_path(connection, nr, low, middle), _root(connection, middle, high)]
    return [*_path(connection, nr, middle, high), _root(connection, low, middle)]


def _root(connection: psycopg.Connection[Any], low: int, high: int) -> bytes:
    """The root of the leaves from `low` to `high`; `low` is a multiple of every power of two below the size, so left parts are complete."""
    size = high - low
    height = size.bit_length() - 1
    if height < HEIGHT:
        return root_of(bytes(row[0]) for row in connection.execute(_LEAVES, (low, high)))
    if size == 1 << height and height % HEIGHT == 0:
        return _tile(connection, height, low >> height)
    middle = low + _split(size)
    return node_hash(_root(connection, low, middle), _root(connection, middle, high))


def _tile(connection: psycopg.Connection[Any], height: int, nr: int) -> bytes:
    row = connection.execute(_TILE, (height, nr)).fetchone()
    if row is not None:
        return bytes(row[0])
    low, high = nr << height, (nr + 1) << height
    if height == HEIGHT:
        made = root_of(bytes(row[0]) for row in connection.execute(_LEAVES, (low, high)))
    else:
        middle = (low + high) // 2
        made = node_hash(_root(connection, low, middle), _root(connection, middle, high))
    connection.execute(_KEEP, (height, nr, made))
    return made


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
