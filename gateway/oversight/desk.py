"""What the flows of oversight work with; made by the composition root.

Every flow names one municipality, the principal of the officer's mandate: anything else does not exist. Authority: contract,
"/toezicht/v1". Whatever an officer looks at or decides is an entry in the transaction of its effect.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock, dutch_midnight
from gateway.core.errors import Unavailable
from gateway.keys.keystore import KeyStore
from gateway.keys.names import commitment
from gateway.mailbox.reversals import REVERSALS
from gateway.partners.register import Register
from gateway.policy.register import PurposeRegister
from gateway.privacylog.entry import Frame
from gateway.store.database import Database
from schemas.keyed import Keyed
from schemas.types import Gemeentecode
from schemas.uittreksel import Uittreksel

Link = psycopg.Connection[Any]
LAG_MAX_SECONDS = 60.0
CEILING = 200
_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)
"""No entry is older or younger, and a calendar has an end."""


class OversightDesk(NamedTuple):
    """`database` is of the role gw_toezicht; `number` runs the sequencer once; `overview` makes the extract of one schuldenoverzicht,
    as far as a party of the municipality may see it.

    `vkey` is the log's public key. `ceiling`: so many persons and addresses one officer may look for in a day (security reference, P3);
    `reversals`: so many names and extracts one officer gets in a day.
    """

    database: Database
    keys: KeyStore
    register: Callable[[], Register]
    purposes: PurposeRegister
    clock: Clock
    committed: Callable[[], None]
    number: Callable[[], int]
    overview: Callable[[Sender, Gemeentecode, UUID], Uittreksel]
    vkey: str
    ceiling: int = CEILING
    reversals: int = REVERSALS

    def frame(self, caller: Sender, trace: Trace) -> Frame:
        """Who, when and in which trace, for the log."""
        return Frame(caller, trace, self.clock.now(), self.purposes.activity("toezicht"))

    def commitments(self) -> Keyed:
        """What makes commitments in the log."""
        return Keyed(self.keys.key(commitment()))

    def flow_of(self, activity: str) -> str:
        """The flow of an activity's URI; the URI itself when the register does not have it any more."""
        return next((flow for flow, one in self.purposes.activities().items() if one.uri == activity), activity)


def whole_days(van: date, tot: date) -> tuple[datetime, datetime]:
    """From the beginning of a day until the end of another, as far as the log can reach. Ends before it begins: nothing."""
    begin, last = (min(max(day, _FIRST), _LAST) for day in (van, tot))
    return dutch_midnight(begin), dutch_midnight(last + timedelta(days=1))


def require_log(connection: Link) -> None:
    """Nothing is given out while the log cannot be numbered. Raises Unavailable."""
    row = connection.execute("SELECT log_lag_seconds()").fetchone()
    if row is None or row[0] > LAG_MAX_SECONDS:
        raise Unavailable("LOG_LOOPT_ACHTER", "De verwerkingslog loopt achter; er worden nu geen gegevens verstrekt.", retry_after=30)
