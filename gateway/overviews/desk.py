"""What the flows of overviews work with, and what they share: the purpose of a ground, who writes in the log, findings.

A municipality's overview is its own and a creditor's question is its own: anything else does not exist. Authority: contract, section on the
schuldenoverzicht; architecture, "the schuldenoverzicht". Answers cannot be read here unless the municipality has a managed key.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final, NamedTuple

import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Conflict, Forbidden, Unavailable
from gateway.keys import names
from gateway.keys.keystore import KeyStore
from gateway.keys.signing import ReceiptSigner
from gateway.mailbox import numberwatch
from gateway.mailbox.reversals import OPENINGS
from gateway.partners.register import Register
from gateway.policy.register import PurposeRegister, Row
from gateway.privacylog.entry import Frame
from gateway.rules import numbers
from gateway.store.database import Database
from schemas.keyed import Keyed
from schemas.ontvangst import Bevinding
from schemas.schuldenoverzicht import Overzichtgrond

LAG_MAX_SECONDS = 60.0
DOELEN: Final[dict[Overzichtgrond, str]] = {"aanvraag": "WGS-3-1-a-toegang", "plan_van_aanpak": "WGS-3-1-a-plan"}
FLOWS: Final[dict[Overzichtgrond, str]] = {"aanvraag": "overzicht_toegang", "plan_van_aanpak": "overzicht_plan"}
Link = psycopg.Connection[Any]


class OverviewDesk(NamedTuple):
    """Made by the composition root. `inbox` is the municipality's role, `ingest` the creditor's.

    `openings`: so many overviews and letters the gateway opens itself, in a day.
    """

    inbox: Database
    ingest: Database
    tasks: Database
    keys: KeyStore
    register: Callable[[], Register]
    purposes: PurposeRegister
    clock: Clock
    signer: ReceiptSigner
    committed: Callable[[], None]
    openings: int = OPENINGS

    @property
    def today(self) -> date:
        """The day in the Netherlands."""
        return dutch_day(self.clock.now())

    def frame(self, caller: Sender, trace: Trace, grond: Overzichtgrond) -> Frame:
        """Who, when, in which trace, under the activity of this ground."""
        return Frame(caller, trace, self.clock.now(), self.purposes.activity(FLOWS[grond]))

    def fingerprints(self) -> Keyed:
        """What makes the keyed hash by which the same question or answer is known again."""
        return Keyed(self.keys.key(names.FINGERPRINT))

    def commitments(self) -> Keyed:
        """What makes commitments in the log."""
        return Keyed(self.keys.key(names.commitment()))

    def reading(self, grond: Overzichtgrond, rol: str) -> Row:
        """The row of the purpose register by which this role may open content. Raises Forbidden: none today."""
        row = self.purposes.reading(DOELEN[grond], rol, self.today)
        if row is None:
            raise Forbidden("DOEL_NIET_TOEGESTAAN", "Voor dit doel mag deze organisatie geen persoonsgegevens ontvangen.")
        return row


def bsn_like(pointer: str) -> Bevinding:
    """A finding about a number that may be a citizen's."""
    return error(numbers.CODE, numbers.MELDING, pointer, "VS-09")


def watched(connection: Link, frame: Frame, fields: Iterable[numbers.Field], today: date) -> list[Bevinding]:
    """Count the numbers of one request in the caller's transaction; what waits for review, when it may not go on."""
    partij, found = frame.sender.principal, numbers.weighed(fields)
    seen = numberwatch.look(connection, numberwatch.tally([(partij, found)]), today)
    numberwatch.keep(connection, seen, {partij: frame}, frame.at, today)
    return numberwatch.findings(seen, partij, found)


def in_review(findings: list[Bevinding]) -> Conflict:
    """What is said of such a request, after the transaction that counted it."""
    return Conflict(numberwatch.CODE, numberwatch.MELDING, errors=findings)


def require_log(connection: Link) -> None:
    """Nothing is disclosed while the log cannot be numbered. Raises Unavailable."""
    row = connection.execute("SELECT log_lag_seconds()").fetchone()
    if row is None or row[0] > LAG_MAX_SECONDS:
        raise Unavailable("LOG_LOOPT_ACHTER", "De verwerkingslog loopt achter; er worden nu geen gegevens verstrekt.", retry_after=30)


def error(code: str, melding: str, pointer: str, regel: str | None = None) -> Bevinding:
    """One finding on the body; it never repeats a value."""
    return Bevinding(code=code, oordeel="fout", melding=melding, pointer=pointer, regel=regel)
