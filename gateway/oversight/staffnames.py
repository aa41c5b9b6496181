"""The names of a municipality's staff, opened for the officer's view.

A row that does not open is marked so: one changed row must not close search and queue for everybody. Authority: BIO2 8.15.01 (actor).
Leaves sealing to `gateway.privacylog.staff`, whose form this is.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.keys.keystore import KeyStore
from gateway.keys.names import EMPLOYEES
from gateway.oversight.desk import Link

UNREADABLE = "(naam niet leesbaar)"
_NONCE, _TAG = 12, 16
_NAMES = "SELECT medewerker, naam FROM medewerker_naam WHERE gemeente = %s"


def names(connection: Link, gemeente: str, keys: KeyStore) -> dict[str, str]:
    """The names by their commitment; `UNREADABLE` for a row that was changed."""
    cipher = AESGCM(keys.key(EMPLOYEES))
    rows = connection.execute(_NAMES, (gemeente,), binary=True)
    return {whom: _opened(cipher, sealed, f"{gemeente}\n{whom}".encode()) for whom, sealed in rows}


def _opened(cipher: AESGCM, sealed: bytes, bound: bytes) -> str:
    if len(sealed) < _NONCE + _TAG:
        return UNREADABLE
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound).decode()
    except InvalidTag:
        return UNREADABLE
