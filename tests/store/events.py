"""An entry that each role of the database may write."""

from collections.abc import Callable
from typing import Any

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.privacylog.console import ConsoleAfgemeld
from gateway.privacylog.entry import Entry, Frame
from gateway.privacylog.messages import AanleveringGevalideerd, ClaimVerlengd
from gateway.privacylog.oversight import WachtrijGelezen
from gateway.privacylog.settings import LogVernietigd, RegisterGewijzigd
from tests.records import AT, CREDITOR, HAARLEM

_FRAME = Frame(Sender(CREDITOR, CREDITOR), Trace("4b" * 16, "a7" * 8), AT, "urn:test:activiteit")
_MADE: dict[str, Callable[[Any], Entry]] = {
    "ingest": lambda shared: AanleveringGevalideerd(**shared, resultaat="volledig"),
    "inbox": lambda shared: ClaimVerlengd(**shared, gemeente=HAARLEM, claim=ids.new()),
    "log": lambda shared: LogVernietigd(**shared, van=0, tot=1, aantal=1, verklaring=""),
    "beheer": lambda shared: RegisterGewijzigd(**shared, onderdeel="deelnemer", registerversie="1"),
    "toezicht": lambda shared: WachtrijGelezen(**shared, gemeente=HAARLEM, aantal=0),
    "console": lambda shared: ConsoleAfgemeld(**shared, rol="gemeente", gemeente=HAARLEM),
}
WRITERS = tuple(_MADE)
"""The roles that write entries."""


def of(role: str) -> Entry:
    """A new one."""
    return _MADE[role](_FRAME.fields())
