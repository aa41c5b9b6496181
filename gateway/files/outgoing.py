"""Files for a partner: written and on disk before the transaction that makes them visible, gone when that fails.

What a crash leaves in the spool between the two points nowhere and is swept later. Leaves the form of what is in them to `report`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from gateway.core import ids
from gateway.core.errors import Unavailable
from gateway.files import postrows
from gateway.files.flow import Files
from gateway.files.spool import Writer
from gateway.files.workrows import Work
from gateway.store.database import Connection


class Outgoing:
    """The files that one transaction puts into `uit/`."""

    def __init__(self, files: Files, work: Work) -> None:
        self._files = files
        self._work = work
        self._written: dict[str, tuple[UUID, Writer]] = {}
        self.replaced: list[UUID] = []

    def create(self, ending: str) -> Writer:
        """Begin a file; its name is that of the file it is about, with this ending."""
        id = ids.new()
        writer = self._files.spool.create(id)
        self._written[self._work.naam + ending] = id, writer
        return writer

    def put(self, ending: str, content: bytes) -> None:
        """Write a whole file."""
        writer = self.create(ending)
        writer.write(content)
        writer.close()

    def commit(self, connection: Connection) -> None:
        """Make every file visible with the caller's transaction; each was closed."""
        now = self._files.steps.clock.now()
        for naam, (id, writer) in self._written.items():
            replaced = postrows.put_out(connection, id, self._work.party, naam, writer.size, now)
            if replaced is not None:
                self.replaced.append(replaced)

    def discard(self) -> None:
        """Throw away what was written."""
        for _, writer in self._written.values():
            writer.discard()


@contextmanager
def outgoing(files: Files, work: Work) -> Iterator[Outgoing]:
    """Write, and commit inside the block; what raises throws everything away, but for an unknown outcome."""
    out = Outgoing(files, work)
    try:
        yield out
    except Unavailable:  # it may have been committed all the same
        raise
    except BaseException:
        out.discard()
        raise
    for id in out.replaced:
        files.spool.remove(id)
