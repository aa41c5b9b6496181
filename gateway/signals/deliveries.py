"""Many signals in one delivery: chunks through the one flow, then a signed summary and a report per record.

A delivery is idempotent on (principal, kenmerk): the same content gives the same result, other content is a conflict, and one
that a crash cut short continues under the same kenmerk, because every record in it is idempotent itself. Authority: contract,
"/schuldeiser/v1" and "idempotency". Leaves the steps to `receive`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from gateway.core import ids
from gateway.core.chain import Board, Inbound, Outcome, Room, Sender, Trace
from gateway.core.errors import Conflict, NotFound
from gateway.keys.names import FINGERPRINT
from gateway.keys.signing import ReceiptSigner
from gateway.matching import fingerprints
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.messages import AanleveringGevalideerd
from gateway.signals import reports, schaduw
from gateway.signals.chunks import excess, split
from gateway.signals.parsing import parse
from gateway.signals.receive import Steps, examine, receive, senders
from gateway.store.tenant import parties
from schemas import strict
from schemas.keyed import Keyed
from schemas.ontvangst import Aanlevering, Aanleveringen, Verslag, VerslagRegel, Voorcontrole
from schemas.signaal import AanleveringEnvelop

CHUNK = 1_000
ROOM = 2_000
_ONE = "SELECT id, kenmerk, received, result, schaduw, content FROM aanlevering"
_LINES = msgspec.json.Decoder(list[VerslagRegel])
_RESULT = msgspec.json.Decoder(Aanlevering)


def deliver(sender: Sender, trace: Trace, envelop: AanleveringEnvelop, steps: Steps, signer: ReceiptSigner) -> tuple[Aanlevering, bool]:
    """Process a delivery to its end; the flag tells whether it is new.

    Raises:
        Conflict: this kenmerk was used for a delivery with other content.
        Unavailable: part may have been delivered; the same delivery continues under the same kenmerk.
    """
    received, shadow = steps.clock.now(), schaduw.applies(steps.register(), sender)
    begun = _begin(sender, envelop, received, steps, shadow=shadow)
    if begun.status == "verwerkt":
        return begun, False
    records = _inbound(sender, trace, received, envelop)
    outcomes = schaduw.deliver(sender, trace, "api", steps, partial(_process, records)) if shadow else _process(records, steps)
    return _finish(sender.principal, begun, outcomes, steps, signer)


def preflight(sender: Sender, trace: Trace, envelop: AanleveringEnvelop, steps: Steps) -> Voorcontrole:
    """The same checks on every record, nothing kept; one log entry for the whole."""
    records = _inbound(sender, trace, steps.clock.now(), envelop)
    outcomes: dict[int, Outcome] = {}
    for positions in split([_kenmerk(record) for record in records], CHUNK):
        chunk = [_at(records[position], nr) for nr, position in enumerate(positions)]
        outcomes.update(zip(positions, _examined(chunk, steps), strict=True))
    passing = sum(outcome.status == "bezorgd" for outcome in outcomes.values())
    with steps.database.transaction(parties(sender.principal)) as connection:
        frame = Frame(sender, trace, steps.clock.now(), steps.activity("aanleveren"))
        append.append(connection, [AanleveringGevalideerd(**frame.fields(), resultaat=reports.verdict(passing, len(records)))])
    steps.committed()
    lines = [reports.line(nr + 1, outcomes[nr]) for nr in range(len(records))]
    return Voorcontrole(kenmerk=envelop.kenmerk, regels=lines)


def find(principal: str, id: UUID, steps: Steps) -> Aanlevering:
    """A delivery of this principal. Raises NotFound."""
    with steps.database.transaction(parties(principal)) as connection:
        return _one(connection, principal, id)


def page(principal: str, before: UUID | None, limit: int, steps: Steps) -> Aanleveringen:
    """Deliveries of this principal, newest first, before the one that the cursor names."""
    with steps.database.transaction(parties(principal)) as connection:
        rows = connection.execute(
            """
            SELECT id, kenmerk, received, result, schaduw FROM aanlevering
            WHERE principal = %s AND (%s::uuid IS NULL OR id < %s) ORDER BY id DESC LIMIT %s
            """,
            (principal, before, before, limit),
        ).fetchall()
    found = [_read(*row) for row in rows]
    return Aanleveringen(aanleveringen=found, volgende=str(found[-1].id) if len(found) == limit else None)


def report(principal: str, id: UUID, steps: Steps) -> Verslag:
    """The report of a finished delivery. Raises NotFound, or Conflict while it is in progress."""
    with steps.database.transaction(parties(principal)) as connection:
        delivery = _one(connection, principal, id)
        rows = connection.execute("SELECT lines FROM aanlevering_verslag WHERE aanlevering = %s ORDER BY chunk", (id,)).fetchall()
    if delivery.status != "verwerkt":
        raise Conflict("AANLEVERING_IN_VERWERKING", "Deze aanlevering is nog niet klaar. Vraag het verslag later opnieuw op.")
    return Verslag(aanlevering=id, kenmerk=delivery.kenmerk, regels=[line for (part,) in rows for line in _LINES.decode(part)])


def _examined(chunk: Sequence[Inbound], steps: Steps) -> Iterator[Outcome]:
    """What would become of a chunk; the connection is taken for this chunk alone, after the parsing."""
    board, parsed = Board(len(chunk)), [parse(record) for record in chunk]
    with steps.database.transaction(senders(chunk)) as connection:
        judged, _ = examine(connection, parsed, board, steps.register(), steps)
    for passed in judged:
        record = passed.named.routed.lawful.fresh.parsed
        outcome = Outcome("bezorgd", passed.findings, kenmerk=record.signaal.kenmerk, gemeente=passed.named.routed.gemeente)
        board.note(record.inbound.nr, outcome)
    return board.finish()


def _begin(sender: Sender, envelop: AanleveringEnvelop, received: datetime, steps: Steps, *, shadow: bool) -> Aanlevering:
    content = fingerprints.content(strict.canonical(envelop), Keyed(steps.keys.key(FINGERPRINT)))
    with steps.database.transaction(parties(sender.principal)) as connection:
        connection.execute(
            """
            INSERT INTO aanlevering (id, principal, party, kenmerk, content, received, schaduw) VALUES (%s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (principal, kenmerk, schaduw) DO NOTHING
            """,
            (ids.new(), sender.principal, sender.party, envelop.kenmerk, content, received, shadow),
        )
        row = connection.execute(
            f"{_ONE} WHERE principal = %s AND kenmerk = %s AND schaduw = %s", (sender.principal, envelop.kenmerk, shadow)
        ).fetchone()
    if row is None or row[5] != content:
        raise Conflict(
            "KENMERK_IN_GEBRUIK", "Dit kenmerk is eerder gebruikt voor een aanlevering met andere inhoud. Gebruik een nieuw kenmerk."
        )
    return _read(*row[:5])


def _process(records: Sequence[Inbound], steps: Steps) -> list[Outcome]:
    outcomes: dict[int, Outcome] = {}
    for positions in split([_kenmerk(record) for record in records], CHUNK):
        chunk = [_at(records[position], nr) for nr, position in enumerate(positions)]
        outcomes.update(zip(positions, receive(chunk, steps), strict=True))
    return [outcomes[nr] for nr in range(len(records))]


def _finish(
    principal: str, begun: Aanlevering, outcomes: Sequence[Outcome], steps: Steps, signer: ReceiptSigner
) -> tuple[Aanlevering, bool]:
    done = reports.delivery(begun, outcomes, signer)
    with steps.database.transaction(parties(principal)) as connection:
        first = connection.execute(
            "UPDATE aanlevering SET result = %s WHERE id = %s AND result IS NULL", (strict.canonical(done), begun.id)
        ).rowcount
        if not first:  # the same delivery ran twice at once and the other one finished
            row = connection.execute(f"{_ONE} WHERE id = %s", (begun.id,)).fetchone()
            return (_read(*row[:5]) if row else done), False
        for chunk, lines in enumerate(_chunks(outcomes)):
            connection.execute("INSERT INTO aanlevering_verslag (aanlevering, chunk, lines) VALUES (%s, %s, %s)", (begun.id, chunk, lines))
    return done, True


def _chunks(outcomes: Sequence[Outcome]) -> Iterator[bytes]:
    lines = [reports.line(nr, outcome) for nr, outcome in enumerate(outcomes, start=1)]
    for begin in range(0, len(lines), CHUNK):
        yield msgspec.json.encode(lines[begin : begin + CHUNK])


def _inbound(sender: Sender, trace: Trace, received: datetime, envelop: AanleveringEnvelop) -> list[Inbound]:
    defaults = {name: value for name, value in (("sector", envelop.sector), ("handelsnaam", envelop.handelsnaam)) if value is not None}
    room, late = Room(ROOM), envelop.inhaalslag or False
    values = [{**defaults, **value} if isinstance(value, dict) else value for value in envelop.signalen]
    return [
        Inbound(nr, sender, trace, received, f"/signalen/{nr}", value, room, too_often, late)
        for nr, (value, too_often) in enumerate(zip(values, excess([_reference(value) for value in values]), strict=True))
    ]


def _at(record: Inbound, nr: int) -> Inbound:
    return msgspec.structs.replace(record, nr=nr)


def _kenmerk(record: Inbound) -> str | None:
    """By what a record waits for its predecessor; one that is refused for its kenmerk waits for nobody."""
    return None if record.excess else _reference(record.value)


def _reference(value: Any) -> str | None:  # noqa: ANN401 - parsed JSON
    kenmerk = value.get("kenmerk") if isinstance(value, dict) else None
    return kenmerk if isinstance(kenmerk, str) else None


def _one(connection: psycopg.Connection[Any], principal: str, id: UUID) -> Aanlevering:
    row = connection.execute(f"{_ONE} WHERE id = %s AND principal = %s", (id, principal)).fetchone()
    if row is None:
        raise NotFound
    return _read(*row[:5])


def _read(id: UUID, kenmerk: str, received: datetime, result: bytes | None, shadow: bool) -> Aanlevering:
    if result is not None:
        return _RESULT.decode(result)
    return Aanlevering(id=id, kenmerk=kenmerk, status="in_verwerking", ontvangen_op=received, schaduw=shadow or None)
