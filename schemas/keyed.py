"""HMAC-SHA256 (RFC 2104) under one key, for many short values.

The two SHA-256 states that the key leads to are prepared once and copied per value: half the work of a new HMAC each time, and
no hand-over of the interpreter lock between threads for values this short. `tests/unit/test_keyed.py` holds it to `hmac`. Leaves
which key to its callers; an object lives no longer than its key should.
"""

from hashlib import sha256

SIZE = 32
_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


class Keyed:
    """One key, prepared. Raises ValueError for a key longer than a block (64 bytes)."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        if len(key) > _BLOCK:
            raise ValueError("key longer than a block")
        block = key.ljust(_BLOCK, b"\0")
        self._inner = sha256(block.translate(_INNER))
        self._outer = sha256(block.translate(_OUTER))

    def digest(self, value: bytes) -> bytes:
        """The 32-byte HMAC of `value`."""
        inner = self._inner.copy()
        inner.update(value)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()
