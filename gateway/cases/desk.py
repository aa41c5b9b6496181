"""What the flows of cases work with, and the checks that they share.

Every case is the municipality's own: another's does not exist. Authority: contract, `/gemeente/v1`.
"""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from gateway.cases import rows, states
from gateway.cases.rows import CaseRow
from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Conflict, NotFound
from gateway.feedback.recording import Feedback
from gateway.keys.keystore import KeyStore
from gateway.privacylog.entry import Frame
from gateway.store.database import Database
from schemas.ontvangst import Bevinding
from schemas.zaken import Zaak

Link = psycopg.Connection[Any]


class CaseDesk(NamedTuple):
    """Made by the composition root. `activity` is the URI of the processing activity."""

    database: Database
    keys: KeyStore
    clock: Clock
    feedback: Feedback
    activity: str

    def frame(self, caller: Sender, trace: Trace) -> Frame:
        """Who, when and in which trace, for the log."""
        return Frame(caller, trace, self.clock.now(), self.activity)

    def require_past(self, day: date) -> None:
        """Raises Conflict: a day that has not come yet."""
        if day > dutch_day(self.clock.now()):
            melding = "Deze datum ligt na vandaag."
            raise Conflict("DATUM_IN_TOEKOMST", melding, errors=[error("DATUM_IN_TOEKOMST", melding, "/datum")])


def show(connection: Link, gemeente: str, id: UUID) -> Zaak:
    """One case. Raises NotFound."""
    return rows.shown(connection, gemeente, [_found(connection, gemeente, id)])[0]


def held(connection: Link, gemeente: str, id: UUID) -> CaseRow:
    """One case, held until the transaction ends. Raises NotFound."""
    rows.lock(connection, gemeente, id)
    return _found(connection, gemeente, id)


def require(case: CaseRow, event: states.Event) -> None:
    """Raises Conflict: the case is closed."""
    if states.after(case.state, event) is None:
        raise Conflict("ZAAK_AFGESLOTEN", "Deze zaak is afgesloten; haar resultaat staat vast.")


def error(code: str, melding: str, pointer: str) -> Bevinding:
    """One finding on the body."""
    return Bevinding(code=code, oordeel="fout", melding=melding, pointer=pointer)


def _found(connection: Link, gemeente: str, id: UUID) -> CaseRow:
    case = rows.find(connection, gemeente, id)
    if case is None:
        raise NotFound
    return case
