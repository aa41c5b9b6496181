"""What the retention round and the versions of pseudonyms work with, and how a destroyed key is told. Leaves the work to both."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock
from gateway.keys import replacing
from gateway.keys.book import Connection
from gateway.keys.database import DatabaseKeyStore
from gateway.keys.wrapping import KekPlace
from gateway.policy.register import PurposeRegister
from gateway.privacylog.append import append
from gateway.privacylog.destroying import SleutelVernietigd
from gateway.privacylog.entry import Entry, Frame
from gateway.privacylog.term import Log
from gateway.store.database import Database
from gateway.store.tenant import task

BATCH = 2_000
"""Rows in one transaction."""
KEEPING = task("bewaring")
"""In whose name rows of everybody are emptied."""
_OIN_LENGTH = 20


class Keeper(NamedTuple):
    """Made by the composition root. `database` is of the role gw_beheer and can act for a task and for a municipality.

    `kek`: None when nobody but the operator replaces the KEK.
    """

    database: Database
    keys: DatabaseKeyStore
    kek: KekPlace | None
    purposes: PurposeRegister
    clock: Clock
    operator: str
    trace: Callable[[], Trace]
    log: Log

    def frame(self) -> Frame:
        """Who, when and in which trace, for the log."""
        return Frame(Sender(self.operator, self.operator), self.trace(), self.clock.now(), self.purposes.activity("bewaken"))


def destroy(connection: Connection, keeper: Keeper, names: Iterable[str]) -> list[str]:
    """Destroy keys, each with its entry, in one transaction; returns the names of those that were still there. Raises as `replacing`."""
    gone = replacing.destroy(connection, keeper.keys, names)
    append(connection, [_told(keeper.frame(), name) for name in gone])
    return gone


def _told(frame: Frame, name: str) -> Entry:
    """The entry of a destroyed key, by its name: domain, whose, and the last part (week, quarter or version)."""
    kind, owner, *_, period = name.split("/")
    whose = {"deelnemer" if len(owner) == _OIN_LENGTH else "gemeente": owner}
    return SleutelVernietigd(**frame.fields(), soort=kind, periode=period, **whose)  # type: ignore[arg-type]  # names are ours
