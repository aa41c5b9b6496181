"""Which member of a municipality's staff: a commitment in the entry, the name itself sealed beside the log for the officer's view only.

The case system says who; it is content and no proof. The log has no name, so that an export has none either; the officer's door opens it.
Authority: BIO2 8.15.01 (actor), AVG art. 15 and CJEU C-579/21 (staff are not told to the resident). Leaves showing it to the oversight.
"""

import os
from datetime import date
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.core.errors import Misconfigured
from gateway.keys.keystore import KeyStore
from gateway.keys.names import EMPLOYEES, commitment
from gateway.privacylog.entry import employee
from schemas.keyed import Keyed
from schemas.types import Gemeentecode

_NONCE = 12
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
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(keys.key(EMPLOYEES)).encrypt(nonce, name.encode(), _bound(gemeente, whom))
    connection.execute(_KEEP, (gemeente, whom, sealed, day))
    return whom


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
