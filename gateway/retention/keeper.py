"""What the retention round and the versions of pseudonyms work with, and how a destroyed key is told. Leaves the work to both."""

from collections.abc import Callable
from typing import NamedTuple

from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock
from gateway.keys.database import DatabaseKeyStore
from gateway.keys.kekfile import KekFile
from gateway.policy.register import PurposeRegister
from gateway.privacylog.destroying import SleutelVernietigd
from gateway.privacylog.entry import Entry, Frame
from gateway.privacylog.term import Log
from gateway.store.database import Database

BATCH = 2_000
"""Rows in one transaction."""
_OIN_LENGTH = 20


class Keeper(NamedTuple):
    """Made by the composition root. `database` is of the role gw_beheer; `kek`: None when another system keeps the KEK."""

    database: Database
    keys: DatabaseKeyStore
    kek: KekFile | None
    purposes: PurposeRegister
    clock: Clock
    operator: str
    trace: Callable[[], Trace]
    log: Log

    def frame(self) -> Frame:
        """Who, when and in which trace, for the log."""
        return Frame(Sender(self.operator, self.operator), self.trace(), self.clock.now(), self.purposes.activity("bewaken"))


def destroyed(frame: Frame, name: str) -> Entry:
    """The entry of a destroyed key, by its name: domain, whose, and the last part (week, quarter or version)."""
    kind, owner, *_, period = name.split("/")
    whose = {"deelnemer" if len(owner) == _OIN_LENGTH else "gemeente": owner}
    return SleutelVernietigd(**frame.fields(), soort=kind, periode=period, **whose)  # type: ignore[arg-type]  # names are ours
