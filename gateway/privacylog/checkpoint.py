"""Checkpoints: the size and root of the log, signed, in a text that others can keep and compare.

Authority: C2SP tlog-checkpoint and signed-note (Ed25519, signature type 0x01). One signature by the log itself; a note may hold
more signatures (witnesses), which are ignored here. Leaves when to sign to the sequencer and where the key lives to `gateway.keys`.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
_DASH = "\u2014 "
_HASH = 32
_KEY_ID = 4
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


class Untrusted(ValueError):
    """The note is malformed, or not signed by this key."""


class Checkpoint(NamedTuple):
    """`size` leaves have this root (32 bytes)."""

    size: int
    root: bytes


class Destruction(NamedTuple):
    """The content of these numbers, in order and at least one, was destroyed at its term.

    Every one of them says a time before `before` (aware UTC, whole seconds).
    """

    gone: Sequence[int]
    before: datetime


class NoteVerifier:
    """Checks notes of one signer: its name and Ed25519 public key (32 bytes)."""

    def __init__(self, name: str, public: bytes) -> None:
        """Raises Untrusted when the name holds a space, a plus or a line break, or is empty."""
        if not name or "+" in name or any(character.isspace() for character in name):
            raise Untrusted("name")
        self.name = name
        self._public = Ed25519PublicKey.from_public_bytes(public)
        self.key_id = hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:_KEY_ID]
        self.vkey = f"{name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + public).decode()}"

    @classmethod
    def of(cls, vkey: str) -> "NoteVerifier":
        """Read `name+keyid+base64key`. Raises Untrusted when it is malformed or its key id does not fit."""
        try:
            name, key_id, encoded = vkey.split("+", 2)
            key = base64.b64decode(encoded, validate=True)
            verifier = cls(name, key[1:])
        except (ValueError, binascii.Error):
            raise Untrusted("vkey") from None
        if key[:1] != ED25519 or verifier.key_id.hex() != key_id:
            raise Untrusted("vkey")
        return verifier

    def verify(self, note: str) -> str:
        """The text of a note, once this signer's signature under it holds. Raises Untrusted otherwise."""
        text, gap, signatures = note.rpartition("\n\n")
        text += "\n"
        if not gap or not signatures.endswith("\n"):
            raise Untrusted("note")
        for line in signatures[:-1].split("\n"):
            if line.startswith(f"{_DASH}{self.name} ") and self._signed(text, line.rpartition(" ")[2]):
                return text
        raise Untrusted("signature")

    def _signed(self, text: str, encoded: str) -> bool:
        try:
            raw = base64.b64decode(encoded, validate=True)
            if raw[:_KEY_ID] != self.key_id:
                return False
            self._public.verify(raw[_KEY_ID:], text.encode())
        except (binascii.Error, InvalidSignature):
            return False
        return True

    def checkpoint(self, note: str) -> Checkpoint:
        """The checkpoint of this log. Raises Untrusted when the note is not its own or not in canonical form."""
        lines = self.verify(note).split("\n")
        try:
            checkpoint = Checkpoint(int(lines[1]), base64.b64decode(lines[2], validate=True))
        except (IndexError, ValueError):
            raise Untrusted("checkpoint") from None
        if checkpoint.size < 0 or len(checkpoint.root) != _HASH or "\n".join(lines) != body(self.name, checkpoint):
            raise Untrusted("checkpoint")
        return checkpoint

    def destroyed(self, note: str) -> Destruction:
        """What was destroyed at its term, by a signed statement of this log. Raises Untrusted."""
        lines = self.verify(note).split("\n")
        try:
            begin, bits = int(lines[1]), base64.b64decode(lines[2], validate=True)
            before = datetime.strptime(lines[3], _INSTANT).replace(tzinfo=UTC)
        except (IndexError, ValueError):
            raise Untrusted("statement") from None
        found = Destruction([begin + place for place in range(8 * len(bits)) if bits[place >> 3] >> (place & 7) & 1], before)
        if not found.gone or begin < 0 or "\n".join(lines) != _statement(self.name, found):
            raise Untrusted("statement")
        return found


class CheckpointSigner:
    """Signs checkpoints of the log `origin` with an Ed25519 key (32-byte seed)."""

    def __init__(self, origin: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = NoteVerifier(origin, self._private.public_key().public_bytes_raw())

    def sign(self, size: int, root: bytes) -> str:
        """The signed note of one checkpoint."""
        return self._note(body(self.verifier.name, Checkpoint(size, root)))

    def destroyed(self, gone: Destruction) -> str:
        """The signed note of a destruction."""
        return self._note(_statement(self.verifier.name, gone))

    def _note(self, text: str) -> str:
        signature = base64.b64encode(self.verifier.key_id + self._private.sign(text.encode())).decode()
        return f"{text}\n{_DASH}{self.verifier.name} {signature}\n"


def body(origin: str, checkpoint: Checkpoint) -> str:
    """The text under the signature: origin, size, root."""
    return f"{origin}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode()}\n"


def _statement(origin: str, told: Destruction) -> str:
    """The text under the signature of a statement: the first number, a bit per number from there (lowest first), and the bound.

    Its first line keeps it from being read as a checkpoint.
    """
    first, bits = told.gone[0], bytearray((told.gone[-1] - told.gone[0]) // 8 + 1)
    for number in told.gone:
        bits[number - first >> 3] |= 1 << (number - first & 7)
    return f"{origin}/vernietigd\n{first}\n{base64.b64encode(bits).decode()}\n{told.before.strftime(_INSTANT)}\n"
