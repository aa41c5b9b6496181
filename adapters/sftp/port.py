"""What the SFTP edge needs of the house: the mailbox of one partner. Names of files are data here, never paths.

Authority: `docs/contract.md`, files. Implemented by `gateway.files`; a fake with the same contract tests serves the edge's own tests.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

Folder = Literal["in", "uit", "terugkoppeling", "uitlaat"]


class Item(NamedTuple):
    """A file in a folder: its name as the partner gave it, its size in bytes, when it was last written (UTC)."""

    name: str
    size: int
    modified: datetime


class Refused(Exception):
    """What is asked cannot be done; `reason` is Dutch and goes to the partner. `kind` decides the SFTP status."""

    def __init__(self, kind: Literal["absent", "denied", "quota", "failure"], reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


class Upload(Protocol):
    """A file that is being written, in order; nobody sees it before `Mailbox.complete`."""

    @property
    def size(self) -> int:
        """Bytes so far: the only offset that the next write may have."""
        ...

    def write(self, data: bytes) -> None:
        """Add bytes. Raises Refused: too large, or over the quota."""
        ...

    def close(self) -> None:
        """The partner closed it; it waits for its rename."""
        ...

    def discard(self) -> None:
        """Throw it away: the connection broke or stalled, before `close`. Nothing of it is left, not even its name."""
        ...


class Download(Protocol):
    """A file that is being read."""

    def read(self, offset: int, size: int) -> bytes:
        """At most `size` bytes; empty at the end."""
        ...

    def close(self) -> None:
        """The partner closed it, so it has every answer: read to its end, it is collected, and gone."""
        ...

    def discard(self) -> None:
        """The connection broke, and answers may have been lost: as if it was never read."""
        ...


class Mailbox(Protocol):
    """One partner's folders. Nothing of another partner can be named through it. Blocking: call it from a thread.

    Its methods may be called from several threads at once; those of one Upload or Download come one after the other.
    """

    def folders(self) -> Sequence[Folder]:
        """The folders that this partner has; `uitlaat` only when it is the desk of a municipality."""
        ...

    def items(self, folder: Folder) -> Sequence[Item]:
        """The files there; of `in` those that wait for their rename (named `name.part`) or are not yet read (named `name`)."""
        ...

    def begin(self, name: str) -> Upload:
        """Begin `name.part` in `in`; `name` comes without `.part`. An own `name.part` that was closed is replaced.

        Raises Refused: odd or taken name, the same one being written, too many at once, quota.
        """
        ...

    def complete(self, part: str, name: str, digest: bytes | None = None) -> None:
        """Rename `part` (as listed, so `name.part`) to `name`: from now on the file is the gateway's.

        With a `digest` (SHA-256) only when that is what came in; else the part stays as it is.
        Raises Refused: no such part (absent), still being written, the name is taken, or it is not what came in.
        """
        ...

    def open(self, folder: Folder, name: str) -> Download:
        """Read a file of `uit`, `terugkoppeling` or `uitlaat`. Raises Refused."""
        ...

    def remove(self, folder: Folder, name: str) -> None:
        """Remove an own file of `uit`, `terugkoppeling` (that was just collected: nothing to do), or a `.part` of `in`.

        Raises Refused: also of `uitlaat`, until it was collected.
        """
        ...


class House(Protocol):
    """Who may come in, and to which mailbox."""

    def partner_of(self, user: str, key: bytes) -> str | None:
        """The OIN whose login this is: the user name is the OIN, `key` the public key in OpenSSH wire form. None: nobody's."""
        ...

    def mailbox(self, partner: str) -> Mailbox:
        """The mailbox of a partner that came in."""
        ...

    def may_stay(self, partner: str, key: bytes) -> bool:
        """Whether an open session still counts: asked at least every 5 seconds."""
        ...


class Events(Protocol):
    """Where the edge tells what happened, for the operational log: codes, OINs, counts and ids of sessions; never a name of a file."""

    def __call__(self, event: str, /, **fields: str | int) -> None:
        """One event, in Dutch snake_case."""
        ...
