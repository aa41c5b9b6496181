"""The key-encryption key: 32 random bytes in a file that the database does not hold, and the wrapping under it.

Wrapping is AES-256-GCM (NIST SP 800-38D): `nonce (12) || ciphertext || tag (16)` with a random nonce and the name of the
wrapped key as associated data. Authority: `docs/crypto.md`. There is no default key: missing or weak means no start.
"""

import base64
import binascii
import hmac
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.core.errors import Misconfigured
from gateway.keys.passphrase import is_sealed, read_passphrase, seal, unseal

SIZE = 32
NONCE = 12
_READABLE_BY_OTHERS = 0o077


class Kek:
    """Wraps and unwraps keys. Its `repr` shows the identifier only."""

    def __init__(self, secret: bytes) -> None:
        """Take 32 bytes.

        Raises:
            Misconfigured: another length, or one byte repeated.
        """
        if len(secret) != SIZE or len(set(secret)) == 1:
            raise Misconfigured(f"De hoofdsleutel moet uit {SIZE} willekeurige bytes bestaan.")
        self._cipher = AESGCM(secret)
        self.id = hmac.digest(secret, b"seinhuis/kek-id/1", "sha256")[:8].hex()

    def __repr__(self) -> str:
        """Never the key."""
        return f"Kek({self.id})"

    def wrap(self, name: str, key: bytes) -> bytes:
        """Encrypt `key` (any length) so that it opens under this KEK and this name only."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, key, name.encode())

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """The key.

        Raises:
            Misconfigured: wrapped under another KEK or name, or damaged.
        """
        try:
            return self._cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], name.encode())
        except (InvalidTag, ValueError):
            raise Misconfigured(f"Sleutel {name} opent niet onder hoofdsleutel {self.id}.") from None


def read_kek(path: Path, passphrase: Path | None = None) -> Kek:
    """The KEK in a file: base64 on one line, or sealed under a passphrase; readable by its owner only (0600 or 0400).

    Raises:
        Misconfigured: missing, no plain file, open to group or world, not base64, a weak key, or the passphrase is missing or another.
    """
    try:
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            text = file.read(8 * SIZE)
    except OSError as error:
        raise Misconfigured(f"Hoofdsleutel {path.name} is niet te lezen ({error.strerror}).") from None
    if not stat.S_ISREG(state.st_mode) or state.st_mode & _READABLE_BY_OTHERS:
        raise Misconfigured(f"Hoofdsleutel {path.name} moet een bestand met rechten 0600 of 0400 zijn.")
    return Kek(_secret(path, text.strip(), passphrase))


def create_kek(path: Path, passphrase: Path | None = None) -> Kek:
    """Make a new random KEK in a new file (0600), sealed when there is a passphrase, flushed to disk before it is used.

    Raises:
        Misconfigured: the file exists or cannot be made; a KEK is never overwritten.
    """
    secret = secrets.token_bytes(SIZE)
    text = base64.b64encode(secret) if passphrase is None else seal(secret, read_passphrase(passphrase))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Misconfigured(f"Hoofdsleutel {path.name} is niet aan te maken ({error.strerror}).") from None
    return read_kek(path, passphrase)


def _secret(path: Path, text: bytes, passphrase: Path | None) -> bytes:
    if is_sealed(text):
        if passphrase is None:
            raise Misconfigured(f"Hoofdsleutel {path.name} is verzegeld: zet SEINHUIS_KEK_PASSPHRASE op het bestand met de wachtzin.")
        return unseal(text, read_passphrase(passphrase))
    if passphrase is not None:
        raise Misconfigured(f"Hoofdsleutel {path.name} is niet verzegeld, terwijl er een wachtzin is ingesteld.")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Misconfigured(f"Hoofdsleutel {path.name} is geen base64.") from None
