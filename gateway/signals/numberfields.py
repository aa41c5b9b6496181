"""Signals in whose number fields too many numbers pass the eleven-test: counted per chunk, and what passes there waits.

Only records that the rules let through count, and only of a creditor with a registered format: for every other chunk this is one look at
the register. Authority: `gateway.mailbox.numberwatch`. A kenmerk that waits is not kept, since it may be a BSN.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import psycopg

from gateway.core.chain import Inbound, Lawful, Outcome, Stopped
from gateway.core.clock import dutch_day
from gateway.mailbox import numberwatch
from gateway.mailbox.numberwatch import Fields, Look
from gateway.partners.register import Register
from gateway.privacylog.entry import Frame
from gateway.rules import numbers

Connection = psycopg.Connection[Any]


class Weighed(NamedTuple):
    """The records of a chunk, those that wait stopped, and what is to be kept of it."""

    records: Sequence[Lawful | Stopped]
    seen: Look = Look()


def weigh(connection: Connection, lawful: Sequence[Lawful], register: Register, today: date) -> Weighed:
    """Look at a chunk; nothing is written."""
    formats = {oin: register.number_formats(oin) for oin in {_principal(record) for record in lawful}}
    if not any(formats.values()):
        return Weighed(lawful)
    fields = [_fields(record, formats[_principal(record)]) for record in lawful]
    seen = numberwatch.look(connection, numberwatch.tally((_principal(r), f) for r, f in zip(lawful, fields, strict=True)), today)
    if not seen.held:
        return Weighed(lawful, seen)
    return Weighed([_waiting(record, found, seen) for record, found in zip(lawful, fields, strict=True)], seen)


def keep(connection: Connection, chunk: Sequence[Inbound], seen: Look, activity: str) -> None:
    """Write down what `weigh` found, in the transaction of the chunk."""
    if seen.counted:
        frames = {one.sender.principal: Frame(one.sender, one.trace, one.received, activity) for one in chunk}
        numberwatch.keep(connection, seen, frames, chunk[0].received, dutch_day(chunk[0].received))


def _fields(record: Lawful, formats: frozenset[str]) -> Fields:
    return numbers.weighed(numbers.registered(record.fresh.parsed.signaal, formats)) if formats else {}


def _waiting(record: Lawful, fields: Fields, seen: Look) -> Lawful | Stopped:
    parsed = record.fresh.parsed
    found = numberwatch.findings(seen, _principal(record), fields, parsed.inbound.pointer)
    if not found:
        return record
    kenmerk = None if any(fields.get("kenmerk", {}).values()) else parsed.signaal.kenmerk
    return Stopped(parsed.inbound.nr, Outcome("in_quarantaine", (*record.findings, *found), kenmerk=kenmerk, sector=parsed.signaal.sector))


def _principal(record: Lawful) -> str:
    return record.fresh.parsed.inbound.sender.principal
