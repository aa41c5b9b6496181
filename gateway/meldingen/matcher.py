"""What the flows of matching work with; made by the composition root."""

from collections.abc import Callable
from typing import NamedTuple

from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock
from gateway.keys.keystore import KeyStore
from gateway.privacylog.entry import Frame
from gateway.store.database import Database


class Matcher(NamedTuple):
    """`database` is of the inbox role; `activity` gives the URI of a flow's processing activity, `committed` wakes the sequencer."""

    database: Database
    keys: KeyStore
    clock: Clock
    committed: Callable[[], None]
    activity: Callable[[str], str]

    def frame(self, caller: Sender, trace: Trace) -> Frame:
        """Who, when and in which trace, for the log."""
        return Frame(caller, trace, self.clock.now(), self.activity("matchen"))
