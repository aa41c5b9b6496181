"""How anybody checks a proof: the gateway's signature, the log's signature under the checkpoint, and the path from leaf to root.

Written apart from the gateway, from the standards alone: RFC 9162 section 2.1.3.2 (inclusion), C2SP signed-note and tlog-checkpoint.
Needs the gateway's published keys and the log's verifier key (`name+keyid+base64`). Leaves comparing checkpoints over time to the caller.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from adapters.client.receipts import NotGenuine, verify_receipt
from schemas.bewijs import Bewijs

_ED25519 = b"\x01"
_DASH = "\u2014 "


def verify_proof(bewijs: Bewijs, jwks: Mapping[str, Any], vkey: str) -> int:
    """Check a proof completely.

    Returns:
        The size of the log that its leaf stands in.

    Raises:
        NotGenuine: a signature, the path or the form is wrong, or no checkpoint covers the leaf yet.
    """
    verify_receipt(bewijs, jwks)
    if bewijs.log is None or bewijs.log.nummer + 1 != bewijs.bezorgd_als_nummer:  # inboxes count from 1, leaves from 0
        raise NotGenuine("no checkpoint covers this leaf yet")
    try:
        size, root = _checkpoint(bewijs.log.controlepunt, vkey)
        path = [bytes.fromhex(part) for part in bewijs.log.pad]
        leaf = bytes.fromhex(bewijs.logblad)
    except (ValueError, IndexError):
        raise NotGenuine("malformed") from None
    if _climb(leaf, bewijs.log.nummer, size, path) != root:
        raise NotGenuine("the leaf is not in the log")
    return size


def _checkpoint(note: str, vkey: str) -> tuple[int, bytes]:
    """Size and root of a note that this log signed."""
    name, key_id, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    expected = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if key[:1] != _ED25519 or expected.hex() != key_id:
        raise NotGenuine("not a verifier key")
    for line in signatures.splitlines():
        raw = base64.b64decode(line.rpartition(" ")[2], validate=True) if line.startswith(f"{_DASH}{name} ") else b""
        if raw[:4] == expected and _signed(key[1:], raw[4:], text):
            origin, size, root = text.split("\n")[:3]
            if origin == name:
                return int(size), base64.b64decode(root, validate=True)
    raise NotGenuine("the checkpoint was not signed by this log")


def _signed(public: bytes, signature: bytes, text: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _climb(leaf: bytes, number: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that the path leads to, or None when the path has not the right length."""
    if not 0 <= number < size:
        return None
    node, position, last = leaf, number, size - 1
    for sibling in path:
        if last == 0:
            return None
        if position & 1 or position == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        position, last = position >> 1, last >> 1
    return node if last == 0 else None
