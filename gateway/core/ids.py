"""Identifiers: UUIDv7 (RFC 9562), so that a table partitioned by month can be partitioned by its key.

A UUIDv7 shows its time of creation; all identifiers of ours travel beside that time anyway. Leaves to the caller what an id names.
"""

import secrets
from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat as uuids


def new() -> UUID:
    """A new id, increasing within this process."""
    return uuids.uuid7()


def alone() -> UUID:
    """A new id that tells nothing of ids made beside it: `new` counts on within a millisecond, this one is random there."""
    return UUID(int=new().int >> 76 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62))


def lowest_at(at: datetime) -> UUID:
    """The smallest UUIDv7 of an instant: the bound of a partition."""
    return UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62))


def instant_of(value: UUID) -> datetime:
    """The instant (UTC, to the millisecond) at which a UUIDv7 was made."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)
