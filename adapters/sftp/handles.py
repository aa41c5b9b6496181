"""What a session has open: an upload, a download, or a directory being listed. Each knows where it stands; none has a path on disk.

Authority: the port. Leaves threads and replies to `session`.
"""

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from adapters.sftp.names import Place
from adapters.sftp.port import Download, Refused, Upload
from adapters.sftp.wire import Entry


class Writing:
    """An upload in progress: strictly in order, and after one refusal it can only be thrown away."""

    def __init__(self, place: Place, upload: Upload) -> None:
        self.place = place
        self.upload = upload
        self.broken = False

    def write(self, offset: int, data: bytes) -> None:
        """Add bytes at the end. Raises Refused."""
        if self.broken or offset != self.upload.size:
            self.broken = True
            raise Refused("failure", "Een bestand komt achter elkaar binnen; begin opnieuw.")
        try:
            self.upload.write(data)
        except Refused:
            self.broken = True
            raise

    def close(self) -> None:
        """Keep it for its rename, unless it broke: half a file must not pass for a whole one. Raises Refused."""
        if self.broken:
            self.upload.discard()
            raise Refused("failure", "Dit bestand kwam niet heel binnen en is weggegooid; begin opnieuw.")
        self.upload.close()


class Reading(NamedTuple):
    """A download in progress."""

    place: Place
    download: Download


class Listing:
    """A directory as it was when it was opened."""

    PAGE = 100

    def __init__(self, place: Place, entries: Sequence[Entry]) -> None:
        self.place = place
        self._rest = iter(entries)

    def page(self) -> list[Entry]:
        """The next lines; empty at the end."""
        return list(islice(self._rest, self.PAGE))


Handle = Writing | Reading | Listing
