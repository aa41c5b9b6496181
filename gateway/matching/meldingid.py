"""The id of a melding: opaque, the same for ever for one address and period of one municipality, and readable back without a table.

104 bits of the keyed address pseudonym and the period, in the free bits of a UUIDv8 (RFC 9562). Nobody without that pseudonym
can guess one, and in another municipality the same bits name nothing. Leaves the look-up to `gateway.mailbox`.
"""

from typing import NamedTuple
from uuid import UUID

from gateway.matching.indeling import Period

PREFIX = 13
_LOW, _MIDDLE = (1 << 62) - 1, (1 << 12) - 1
_VERSION, _VARIANT = 8, 2


class Parts(NamedTuple):
    """What an id says: how the address pseudonym begins (13 bytes), and the period."""

    prefix: bytes
    period: Period


def of(address: bytes, period: Period) -> UUID:
    """The id of the melding of an address pseudonym (32 bytes) in a period. Raises OverflowError after the year 5461."""
    value = int.from_bytes(address[:PREFIX] + period.to_bytes(2))
    return UUID(int=(value >> 74) << 80 | _VERSION << 76 | (value >> 62 & _MIDDLE) << 64 | _VARIANT << 62 | value & _LOW)


def read(id: UUID) -> Parts | None:
    """The reverse of `of`; None for an id that is not of a melding."""
    number = id.int
    if (number >> 76 & 15, number >> 62 & 3) != (_VERSION, _VARIANT) or number >> 126:
        return None
    value = (number >> 80) << 74 | (number >> 64 & _MIDDLE) << 62 | number & _LOW
    raw = value.to_bytes(PREFIX + 2)
    return Parts(raw[:PREFIX], int.from_bytes(raw[PREFIX:]))


def bounds(prefix: bytes) -> tuple[bytes, bytes]:
    """The lowest and the highest address pseudonym (32 bytes) that begin so."""
    return prefix.ljust(32, b"\x00"), prefix.ljust(32, b"\xff")
