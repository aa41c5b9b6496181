"""Puts the records that went no further on record: an entry each, and a row for what is in quarantine. No person data.

Authority: contract, "retention" (quarantine keeps kenmerk, reason and date); Bgs art. 2 onder d (a customer who objected leaves
only code, creditor and time).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from gateway.core import ids
from gateway.core.chain import Inbound, Outcome
from gateway.privacylog import append
from gateway.privacylog.entry import Entry, Frame
from gateway.privacylog.messages import SignaalEerderOntvangen, SignaalGeweigerd, SignaalInQuarantaine

_QUARANTINE = "INSERT INTO quarantine (id, principal, kenmerk, code, at) VALUES (%s, %s, %s, %s, %s)"


def record(connection: psycopg.Connection[Any], chunk: Sequence[Inbound], outcomes: Sequence[Outcome], activity: str) -> None:
    """Log every outcome but the delivered ones (those have their own entry), and keep the quarantined ones."""
    append.append(connection, list(_entries(chunk, outcomes, activity)))
    for inbound, outcome in zip(chunk, outcomes, strict=True):
        if outcome.status == "in_quarantaine":
            code = outcome.findings[-1].code
            connection.execute(_QUARANTINE, (ids.new(), inbound.sender.principal, outcome.kenmerk or "", code, inbound.received))


def _entries(chunk: Sequence[Inbound], outcomes: Sequence[Outcome], activity: str) -> Iterator[Entry]:
    for inbound, outcome in zip(chunk, outcomes, strict=True):
        frame = Frame(inbound.sender, inbound.trace, inbound.received, activity)
        codes = tuple(dict.fromkeys(finding.code for finding in outcome.findings))
        if outcome.repeated and outcome.gemeente and outcome.id:
            yield SignaalEerderOntvangen(**frame.fields(), gemeente=outcome.gemeente, bericht=outcome.id)
        elif outcome.status == "in_quarantaine":
            yield SignaalInQuarantaine(**frame.fields(), regels=codes)
        elif outcome.status == "geweigerd":
            yield SignaalGeweigerd(**frame.fields(), regels=codes, registerversie=outcome.register_version)
