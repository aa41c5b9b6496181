"""Files for a partner: written and on disk before the transaction that makes them visible, gone when that fails.

What a crash leaves in the spool between the two points nowhere and is swept later. Leaves the form of what is in them to `report`.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from adapters.sftp.port import Folder
from gateway.core import ids
from gateway.core.errors import Unavailable
from gateway.files import postrows
from gateway.files.flow import Files
from gateway.files.spool import Writer
from gateway.files.workrows import Work
from gateway.store.database import Connection


class Outgoing:
    """The files that one transaction puts into a folder of a partner; their names begin with `stem`."""

    def __init__(self, files: Files, party: str, folder: Folder, stem: str) -> None:
        self._files = files
        self._party = party
        self._folder = folder
        self._stem = stem
        self._written: dict[str, tuple[UUID, Writer]] = {}
        self.replaced: list[UUID] = []

    def create(self, ending: str) -> Writer:
        """Begin a file; its name is the stem with this ending."""
        id = ids.new()
        writer = self._files.spool.create(id)
        self._written[self._stem + ending] = id, writer
        return writer

    def put(self, ending: str, content: bytes) -> UUID:
        """Write a whole file; returns its id."""
        writer = self.create(ending)
        writer.write(content)
        writer.close()
        return self._written[self._stem + ending][0]

    def id(self, ending: str) -> UUID:
        """The id of a file that was begun."""
        return self._written[self._stem + ending][0]

    def commit(self, connection: Connection) -> None:
        """Make every file visible with the caller's transaction; each was closed."""
        now = self._files.steps.clock.now()
        for naam, (id, writer) in self._written.items():
            replaced = postrows.put_out(connection, id, self._party, self._folder, naam, writer.size, now)
            if replaced is not None:
                self.replaced.append(replaced)

    def discard(self) -> None:
        """Throw away what was written."""
        for _, writer in self._written.values():
            writer.discard()


def outgoing(files: Files, work: Work) -> AbstractContextManager[Outgoing]:
    """What a partner hears in `uit/` of a file that it brought, as `into`."""
    return into(files, work.party, "uit", work.naam)


@contextmanager
def into(files: Files, party: str, folder: Folder, stem: str) -> Iterator[Outgoing]:
    """Write, and commit inside the block; what raises throws everything away, but for an unknown outcome."""
    out = Outgoing(files, party, folder, stem)
    try:
        yield out
    except Unavailable:  # it may have been committed all the same
        raise
    except BaseException:
        out.discard()
        raise
    for id in out.replaced:
        files.spool.remove(id)
