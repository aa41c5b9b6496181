"""Which member of a municipality's staff: a commitment in the entry, the name itself sealed beside the log for the officer's view only.

The case system says who; it is content and no proof. Who logged in (`user`) is proof. The log has no name, so that an export has none
either; the officer's view opens it.
Authority: BIO2 8.15.01 (actor), AVG art. 15 and CJEU C-579/21 (staff are not told to the resident). Leaves showing it to the oversight.
"""

import os
from datetime import date
from typing import Any, NamedTuple

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.keys.keystore import KeyStore
from gateway.keys.names import EMPLOYEES, commitment
from gateway.privacylog.entry import employee, user
from schemas.keyed import Keyed
from schemas.types import Gemeentecode

UNREADABLE = "(naam niet leesbaar)"
_NONCE, _TAG = 12, 16
_KEEP = """
INSERT INTO medewerker_naam (gemeente, medewerker, naam, laatst) VALUES (%s, %s, %b, %s)
ON CONFLICT (gemeente, medewerker) DO UPDATE SET laatst = excluded.laatst WHERE medewerker_naam.laatst < excluded.laatst - 30
"""
_NAMES = "SELECT medewerker, naam FROM medewerker_naam WHERE gemeente = %s"


def named(connection: psycopg.Connection[Any], gemeente: Gemeentecode, name: str | None, keys: KeyStore, day: date) -> str | None:
    """The commitment to a name, which is kept sealed and was seen on a day (role gw_inbox or gw_toezicht). None for nobody."""
    if name is None:
        return None
    whom = employee(gemeente, name, Keyed(keys.key(commitment())))
    _keep(connection, gemeente, whom, name, keys, day)
    return whom


class Person(NamedTuple):
    """Who logged in: who says so (OIDC `iss`), what it calls him (`sub`), his name."""

    issuer: str
    subject: str
    name: str


def committed(person: Person, keys: KeyStore) -> str:
    """`gebruiker` in the log."""
    return user(person.issuer, person.subject, Keyed(keys.key(commitment())))


def came(connection: psycopg.Connection[Any], gemeente: Gemeentecode, person: Person, keys: KeyStore, day: date) -> None:
    """Keep the name of somebody who works for a municipality (role gw_console), for its officer."""
    _keep(connection, gemeente, committed(person, keys), person.name, keys, day)


def _keep(connection: psycopg.Connection[Any], gemeente: Gemeentecode, whom: str, name: str, keys: KeyStore, day: date) -> None:
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(keys.key(EMPLOYEES)).encrypt(nonce, name.encode(), _bound(gemeente, whom))
    connection.execute(_KEEP, (gemeente, whom, sealed, day))


def names(connection: psycopg.Connection[Any], gemeente: Gemeentecode, keys: KeyStore) -> dict[str, str]:
    """The names of a municipality's staff by their commitment (role gw_toezicht); `UNREADABLE` for a row that was changed, which must
    not close search and queue for everybody."""
    cipher = AESGCM(keys.key(EMPLOYEES))
    rows = connection.execute(_NAMES, (gemeente,), binary=True)
    return {whom: _opened(cipher, sealed, _bound(gemeente, whom)) for whom, sealed in rows}


def _opened(cipher: AESGCM, sealed: bytes, bound: bytes) -> str:
    if len(sealed) < _NONCE + _TAG:
        return UNREADABLE
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound).decode()
    except InvalidTag:
        return UNREADABLE


def _bound(gemeente: Gemeentecode, whom: str) -> bytes:
    return f"{gemeente}\n{whom}".encode()
