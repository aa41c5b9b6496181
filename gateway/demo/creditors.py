"""The creditors' side of the demo: deliver a synthetic month, in batches and one by one, and read back what became of each record.

Every receipt is verified against the gateway's published keys, as a creditor should. Authority: contract, "/schuldeiser/v1".
Leaves what was to be expected to `expectations`.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from adapters.client.connection import Answer, Connection
from adapters.client.receipts import verify_receipt
from schemas.ontvangst import Aanlevering, Bevinding, Ontvangstbewijs, Verslag, VerslagRegel
from schemas.problem import Problem

BASE = "/schuldeiser/v1"
_PARTS = (200, 50)  # so many in one delivery, then so many one by one, and again


class Offered(NamedTuple):
    """A signal in wire form and the code that it must be refused with (None: it must be taken)."""

    signal: dict[str, Any]
    expected: str | None


class Landed(NamedTuple):
    """What became of a record. Refused: `refusals`. Accepted: `id` and `gemeente`; `repeated` when it was accepted before."""

    offered: Offered
    refusals: tuple[Bevinding, ...] = ()
    id: UUID | None = None
    gemeente: str | None = None
    repeated: bool = False


class Delivery(NamedTuple):
    """What one creditor did."""

    landed: list[Landed]
    batches: int
    singles: int
    receipts: int


class Unexpected(Exception):
    """An answer that the demo cannot go on with; says which request and status, no content."""


def deliver(connection: Connection, label: str, records: Sequence[Offered]) -> Delivery:
    """Deliver all records of one creditor in order; `label` makes the kenmerken of its deliveries.

    Raises:
        Unexpected: a status that a delivery cannot have. NotGenuine: a receipt that does not verify. OSError: the connection failed.
    """
    jwks = published(connection)
    landed: list[Landed] = []
    batches = singles = receipts = 0
    for number, (together, part) in enumerate(_parts(records)):
        if together:
            landed += _batch(connection, f"{label}-{number:02d}", part, jwks)
            batches, receipts = batches + 1, receipts + 1
        else:
            found = [_single(connection, record, jwks) for record in part]
            landed += found
            singles, receipts = singles + len(part), receipts + sum(one.id is not None for one in found)
    return Delivery(landed, batches, singles, receipts)


def published(connection: Connection) -> dict[str, Any]:
    """The gateway's published keys (a JWK set). Raises Unexpected, OSError."""
    found: dict[str, Any] = _checked(connection.get(f"{BASE}/sleutels"), 200).json()
    return found


def _parts(records: Sequence[Offered]) -> Iterator[tuple[bool, Sequence[Offered]]]:
    begin, sizes = 0, cycle(_PARTS)
    while begin < len(records):
        size = next(sizes)
        yield size == _PARTS[0], records[begin : begin + size]
        begin += size


def _batch(connection: Connection, kenmerk: str, part: Sequence[Offered], jwks: dict[str, Any]) -> list[Landed]:
    value = {"kenmerk": kenmerk, "signalen": [record.signal for record in part]}
    delivery = msgspec.json.decode(_checked(connection.post(f"{BASE}/aanleveringen", value), 201).body, type=Aanlevering)
    verify_receipt(delivery, jwks)
    answer = _checked(connection.get(f"{BASE}/aanleveringen/{delivery.id}/verslag"), 200)
    lines = msgspec.json.decode(answer.body, type=Verslag).regels
    return [_landed(record, line) for record, line in zip(part, lines, strict=True)]


def _landed(record: Offered, line: VerslagRegel) -> Landed:
    if line.id is None:
        return Landed(record, _refusals(line.bevindingen))
    return Landed(record, id=line.id, gemeente=line.gemeente, repeated=bool(line.eerder_ontvangen))


def _single(connection: Connection, record: Offered, jwks: dict[str, Any]) -> Landed:
    answer = _checked(connection.post(f"{BASE}/signalen", record.signal), 200, 201, 400, 409)
    if answer.status >= 400:
        return Landed(record, _refusals(msgspec.json.decode(answer.body, type=Problem).errors or []))
    receipt = msgspec.json.decode(answer.body, type=Ontvangstbewijs)
    verify_receipt(receipt, jwks)
    return Landed(record, id=receipt.id, gemeente=receipt.gemeente, repeated=answer.status == 200)


def _refusals(findings: Sequence[Bevinding]) -> tuple[Bevinding, ...]:
    return tuple(finding for finding in findings if finding.oordeel != "waarschuwing")


def _checked(answer: Answer, *allowed: int) -> Answer:
    if answer.status not in allowed:
        raise Unexpected(f"een aanlevering kreeg status {answer.status}")
    return answer
