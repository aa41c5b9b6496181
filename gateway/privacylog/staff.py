"""Which member of a municipality's staff: a commitment in the entry, the name itself sealed beside the log for the officer's view only.

The case system says who; it is content and no proof. Who logged in (`user`) is proof. The log has no name, so that an export has none
either; the officer's view opens it.
Authority: BIO2 8.15.01 (actor), AVG art. 15 and CJEU C-579/21 (staff are not told to the resident). Leaves showing it to the oversight.
"""

import os
from typing import Any, NamedTuple

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.core.errors import Misconfigured
from gateway.keys.keystore import KeyStore
from gateway.keys.names import EMPLOYEES, commitment
from gateway.privacylog.entry import employee, user
from schemas.keyed import Keyed
from schemas.types import Gemeentecode

_NONCE = 12
_KEEP = "INSERT INTO medewerker_naam (gemeente, medewerker, naam) VALUES (%s, %s, %b) ON CONFLICT DO NOTHING"
_NAMES = "SELECT medewerker, naam FROM medewerker_naam WHERE gemeente = %s"


def named(connection: psycopg.Connection[Any], gemeente: Gemeentecode, name: str | None, keys: KeyStore) -> str | None:
    """The commitment to a name, which is kept sealed (role gw_inbox or gw_toezicht). None for nobody."""
    if name is None:
        return None
    whom = employee(gemeente, name, Keyed(keys.key(commitment())))
    _keep(connection, gemeente, whom, name, keys)
    return whom


class Person(NamedTuple):
    """Who logged in: who says so (OIDC `iss`), what it calls him (`sub`), his name."""

    issuer: str
    subject: str
    name: str


def committed(person: Person, keys: KeyStore) -> str:
    """`gebruiker` in the log."""
    return user(person.issuer, person.subject, Keyed(keys.key(commitment())))


def came(connection: psycopg.Connection[Any], gemeente: Gemeentecode, person: Person, keys: KeyStore) -> None:
    """Keep the name of somebody who works for a municipality (role gw_console), for its officer."""
    _keep(connection, gemeente, committed(person, keys), person.name, keys)


def _keep(connection: psycopg.Connection[Any], gemeente: Gemeentecode, whom: str, name: str, keys: KeyStore) -> None:
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(keys.key(EMPLOYEES)).encrypt(nonce, name.encode(), _bound(gemeente, whom))
    connection.execute(_KEEP, (gemeente, whom, sealed))


def names(connection: psycopg.Connection[Any], gemeente: Gemeentecode, keys: KeyStore) -> dict[str, str]:
    """The names of a municipality's staff by their commitment (role gw_toezicht). Raises Misconfigured: a row was changed."""
    cipher = AESGCM(keys.key(EMPLOYEES))
    try:
        return {
            whom: cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(gemeente, whom)).decode()
            for whom, sealed in connection.execute(_NAMES, (gemeente,), binary=True)
        }
    except InvalidTag:
        raise Misconfigured("Een naam van een medewerker opent niet onder zijn sleutel.") from None


def _bound(gemeente: Gemeentecode, whom: str) -> bytes:
    return f"{gemeente}\n{whom}".encode()
