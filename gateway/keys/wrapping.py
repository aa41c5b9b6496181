"""What the key store needs of a key-encryption key, wherever it is kept: in a file of ours, or in a hardware module that never gives it.

Authority: architecture, keys. Kept by `kekfile` and `token`, under one contract of tests. Leaves which one it is to the wiring.
"""

from collections.abc import Sequence
from typing import Protocol


class Wrapping(Protocol):
    """One key-encryption key."""

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that say nothing of the key."""
        ...

    def wrap(self, name: str, key: bytes) -> bytes:
        """Encrypt `key` so that it opens under this key and this name only. Raises Unavailable: a module that does not answer."""
        ...

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """The key. Raises Misconfigured: wrapped under another key or name, or damaged; Unavailable."""
        ...


class KekPlace(Protocol):
    """Where the key-encryption key is kept, and how the next one takes its place without a moment in which nothing opens."""

    def make(self) -> Wrapping:
        """The first key. Raises Misconfigured: there is one, or it cannot be made."""
        ...

    def keks(self) -> Sequence[Wrapping]:
        """The one that is in use first, then the one that is about to be. Raises Misconfigured: none, or a weak one; Unavailable."""
        ...

    def prepare(self) -> Wrapping:
        """Make a new key beside the one in use; what an earlier attempt left goes. Raises Misconfigured, Unavailable."""
        ...

    def settle(self, used: str) -> bool:
        """Finish what was begun, by the id of the key in use now: keep that one, destroy the other. False: nothing was begun."""
        ...

    def destroy(self) -> None:
        """Destroy every key here, for the keys went elsewhere. Raises Misconfigured, Unavailable."""
        ...
