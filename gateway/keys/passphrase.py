"""A key-encryption key that stands sealed under a passphrase: who has the file alone has nothing.

`seinhuis-kek-1.<salt>.<sealed>` in base64url: scrypt (RFC 7914, N = 2^17, r = 8, p = 1) of the passphrase makes the key, AES-256-GCM
with the header as associated data seals the 32 bytes. The passphrase stands in a file of its own, on another medium or given by the
service manager (a credential); it is never an argument or a setting. Authority: `docs/crypto.md`, keys.
"""

import os
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from gateway.core.errors import Misconfigured

HEADER = b"seinhuis-kek-1"
SHORTEST = 16
_COST, _BLOCK, _SALT, _NONCE = 2**17, 8, 16, 12


def read_passphrase(path: Path) -> bytes:
    """The first line of a file that only its owner can read. Raises Misconfigured: not readable, open to others, or under 16 bytes."""
    try:
        with path.open("rb") as file:
            others = os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO)
            found = file.readline(1024).rstrip(b"\r\n")
    except OSError as error:
        raise Misconfigured(f"Wachtzin {path.name} is niet te lezen ({error.strerror}).") from None
    if others or len(found) < SHORTEST:
        raise Misconfigured(f"Wachtzin {path.name} moet {SHORTEST} tekens of langer zijn, in een bestand met rechten 0600 of 0400.")
    return found


def is_sealed(text: bytes) -> bool:
    """Whether the text of a key file is sealed under a passphrase."""
    return text.startswith(HEADER)


def seal(secret: bytes, passphrase: bytes) -> bytes:
    """The text of a key file."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    sealed = nonce + _cipher(passphrase, salt).encrypt(nonce, secret, HEADER)
    return b".".join((HEADER, urlsafe_b64encode(salt), urlsafe_b64encode(sealed)))


def unseal(text: bytes, passphrase: bytes) -> bytes:
    """The secret. Raises Misconfigured: another passphrase, or a damaged file."""
    try:
        _, salt, sealed = text.split(b".")
        data = urlsafe_b64decode(sealed)
        return _cipher(passphrase, urlsafe_b64decode(salt)).decrypt(data[:_NONCE], data[_NONCE:], HEADER)
    except (InvalidTag, ValueError):
        raise Misconfigured("De hoofdsleutel opent niet met deze wachtzin.") from None


def _cipher(passphrase: bytes, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=1).derive(passphrase))
