"""Keys of the SFTP edge: the gateway's own host key in a file, and which public keys of partners are strong enough.

Authority: `algorithms` for kinds and sizes. Leaves to the house which key belongs to whom.
"""

import hashlib
from base64 import b64encode
from pathlib import Path

import asyncssh

from adapters.sftp.algorithms import KEY_TYPES, RSA_BITS
from adapters.sftp.wire import Fields, Malformed


class KeyRefused(Exception):
    """A key that cannot be used; the message is Dutch and says what to do."""


def public_key(line: str) -> bytes:
    """The wire form of a public key as a partner gives it (`ssh-ed25519 AAAA… remark`). Raises KeyRefused."""
    try:
        wire = asyncssh.import_public_key(line).public_data
    except asyncssh.KeyImportError:
        raise KeyRefused("Dit is geen publieke sleutel in de vorm van OpenSSH: `ssh-ed25519 AAAA…`, op een regel.") from None
    if reason := weakness(wire):
        raise KeyRefused(reason)
    return wire


def weakness(wire: bytes) -> str | None:
    """Why a public key (wire form) is not accepted; None when it is."""
    try:
        fields = Fields(wire)
        kind = fields.string().decode("ascii", "replace")
        if kind not in KEY_TYPES:
            return "Deze soort sleutel mag niet; gebruik Ed25519, ECDSA of RSA."
        if kind == "ssh-rsa":
            fields.string()  # the exponent
            bits = int.from_bytes(fields.string()).bit_length()
            return None if bits >= RSA_BITS else f"Een RSA-sleutel moet minstens {RSA_BITS} bits hebben; deze heeft er {bits}."
    except Malformed:
        return "Deze sleutel is beschadigd."
    return None


def fingerprint(wire: bytes) -> str:
    """As OpenSSH shows it: `SHA256:` and the digest in base64, to compare by telephone."""
    return "SHA256:" + b64encode(hashlib.sha256(wire).digest()).decode().rstrip("=")


def new_host_key() -> str:
    """The private half of a new host key (Ed25519), as it stands in its file."""
    return asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()


def read_host_key(path: Path) -> asyncssh.SSHKey:
    """The private key in a file. Raises KeyRefused: others may read it, or it is no strong key; OSError."""
    if path.stat().st_mode & 0o077:
        raise KeyRefused(f"{path} is leesbaar voor anderen; doe `chmod 600`.")
    try:
        key = asyncssh.import_private_key(path.read_bytes())
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise KeyRefused(f"{path} is geen private sleutel zonder wachtwoord in de vorm van OpenSSH of PEM.") from None
    if reason := weakness(key.public_data):
        raise KeyRefused(f"{path}: {reason}")
    return key
