"""A message that people follow up outlives its first storage key: its payload is encrypted anew, in the transaction that makes it so.

A payload stands first under the key of the week in which a case system is done with it at the latest; that of the longest term comes with a
claim by a person, or with follow-up. Then destroying the first key spares it, and destroying the second does not. Cut off, the transaction
leaves the old payload under the old key. Authority: contract, "retention"; architecture, keys ("extending a term re-encrypts the row").
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg

from gateway.core.clock import dutch_day
from gateway.inboxes.desk import Desk
from gateway.keys import names
from gateway.mailbox import prolonging
from gateway.mailbox.prolonging import Due, Prolonged
from gateway.sealing import opening
from gateway.sealing.sealing import RETENTION

NEAR = timedelta(weeks=3)
"""More than the working days that a case system has after its receipt."""


def prolong(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID], desk: Desk) -> int:
    """Encrypt anew what has a longer term than its key. Returns how many. Raises Misconfigured: a payload does not open."""
    near = names.iso_week(dutch_day(desk.clock.now()) + NEAR)
    found = prolonging.due(connection, gemeente, berichten, near)
    return prolonging.replace(connection, gemeente, [_prolonged(gemeente, one, desk) for one in found])


def _prolonged(gemeente: str, one: Due, desk: Desk) -> Prolonged:
    later = names.storage(gemeente, names.iso_week(dutch_day(one.received) + RETENTION))
    keys = desk.keys.key(one.storage_key), desk.keys.key(later)
    return Prolonged(one.id, one.storage_key, later, opening.rewrap(one.payload, *keys, gemeente, one.id, one.meta))
