"""Pass 2: the chunks of an accepted file, each through the one flow of signals (or of answers), with the rules of every mouth.

The outcomes of a chunk and its lines in the report are one transaction: a crash leaves a chunk done or not begun. Withdrawals come first
and may be repeated: the second answer is the first. Whether the party may still deliver is asked per chunk, so that a suspension works
within a file too. Authority: contract, files and idempotency; architecture, "one flow, many mouths".
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import psycopg

from gateway.core.chain import Inbound, Outcome, Room, Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Forbidden, Unavailable
from gateway.files import answers, chunks, workrows
from gateway.files.answers import Answered
from gateway.files.chunks import Item
from gateway.files.ending import head
from gateway.files.flow import ROL, Files, finding, frame
from gateway.files.spool import Damaged
from gateway.files.withdrawing import nothing_to_withdraw, withdraw
from gateway.files.workrows import Counts, Part, Work
from gateway.partners import acting
from gateway.signals import schaduw, stopped
from gateway.signals.deliveries import ROOM
from gateway.signals.parsing import kenmerk_in
from gateway.signals.receive import Steps, receive
from schemas.bestandsbewijs import Bestandsregel
from schemas.ontvangst import Bevinding, Intrekking

REPLAYED = 5
"""Chunks that a rehearsal does again for one that follows them; beyond it that one is judged by itself."""
_ENCODER = msgspec.json.Encoder()
_FAILED = Bevinding(
    code="VERWERKING_MISLUKT", oordeel="fout", melding="Dit deel van het bestand kon herhaaldelijk niet worden verwerkt; neem contact op."
)


class _Job(NamedTuple):
    """One chunk in progress."""

    files: Files
    part: Part
    work: Work
    sender: Sender
    trace: Trace


def deliver(files: Files, part: Part, work: Work) -> None:
    """Bring one chunk to its end. Raises Lost, Unavailable (it may be tried again)."""
    sender = Sender(work.party, work.principal or work.party)
    job = _Job(files, part, work, sender, frame(files, sender, work.trace_id).trace)
    try:
        records = chunks.load(files.spool, work.chunks or work.id, part)
    except (Damaged, FileNotFoundError):
        with files.steps.database.transaction(workrows.tenant(work)) as connection:
            _keep(job, connection, [], Counts(geweigerd=part.records))
        return
    if refusal := _FAILED if part.attempts > files.bounds.attempts else suspended(files, work):
        records = [record._replace(bevindingen=(refusal,)) for record in records]
    if work.soort == "saldoantwoorden":
        _answer(job, records)
    else:
        _deliver(job, records)


def suspended(files: Files, work: Work) -> Bevinding | None:
    """Why the party may deliver nothing of this file any more."""
    try:
        day, rehearsed = dutch_day(files.steps.clock.now()), head(work).schaduw
        acting.principal_of(files.steps.register(), work.party, work.principal, ROL, day, schaduw=rehearsed)
    except Forbidden as error:
        return finding(error, "fout")
    return None


def _answer(job: _Job, records: Sequence[Item]) -> None:
    """Each answer is on record before the chunk is: done again it gives the same receipts."""
    desk = job.files.overviews
    if desk is None:
        raise Unavailable("NIET_GEREED", "Hier worden geen antwoorden op saldoverzoeken verwerkt.")
    lines = list(answers.lines(records, Answered(desk, job.sender, job.trace)))
    refused, again = sum(line.status == "geweigerd" for line in lines), sum(bool(line.eerder_ontvangen) for line in lines)
    with job.files.steps.database.transaction(workrows.tenant(job.work)) as connection:
        _keep(job, connection, lines, Counts(bezorgd=len(lines) - refused - again, eerder=again, geweigerd=refused))


def _deliver(job: _Job, records: Sequence[Item]) -> None:
    steps, signals = job.files.steps, [record for record in records if record.soort == "signaal"]
    wishes = [record for record in records if record.soort == "intrekking"]
    if head(job.work).schaduw:
        _rehearse(job, signals, wishes)
        return
    withdrawn = list(withdraw(job.files, job.sender, job.trace, wishes)) if wishes else []

    def also(connection: psycopg.Connection[Any], outcomes: Sequence[Outcome]) -> None:
        refused = [(record, Outcome("geweigerd", answer)) for record, answer in withdrawn if isinstance(answer, tuple)]
        stopped.record(connection, _inbound(job, [r for r, _ in refused]), [o for _, o in refused], steps.activity("aanleveren"))
        lines = [_line(record, outcome) for record, outcome in zip(signals, outcomes, strict=True)]
        if withdrawn:
            lines = sorted([*lines, *(_withdrawal(*pair) for pair in withdrawn)], key=lambda line: line.volgnummer)
        counts = _counts(outcomes)
        _keep(
            job,
            connection,
            lines,
            counts._replace(geweigerd=counts.geweigerd + len(refused), ingetrokken=len(withdrawn) - len(refused)),
        )

    if signals:
        job.files.tally(receive(_inbound(job, signals), steps, also, job.work.party))
        return
    with steps.database.transaction(workrows.tenant(job.work)) as connection:
        also(connection, [])
    steps.committed()


def _rehearse(job: _Job, signals: Sequence[Item], wishes: Sequence[Item]) -> None:
    """A chunk of a participant in shadow: its outcomes and no more. Done again after a crash it gives the same."""
    before = _before(job) if signals else []

    def work(steps: Steps) -> list[Outcome]:
        for earlier in before:
            receive(_inbound(job, earlier), steps)
        return receive(_inbound(job, signals), steps)

    outcomes = schaduw.deliver(job.sender, job.trace, "bestand", job.files.steps, work) if signals else []
    lines = [_line(record, outcome) for record, outcome in zip(signals, outcomes, strict=True)]
    lines += [_withdrawal(record, answer) for record, answer in nothing_to_withdraw(wishes)]
    counts = _counts(outcomes)
    with job.files.steps.database.transaction(workrows.tenant(job.work)) as connection:
        ordered = sorted(lines, key=lambda line: line.volgnummer)
        _keep(job, connection, ordered, counts._replace(geweigerd=counts.geweigerd + len(wishes)))


def _before(job: _Job) -> list[list[Item]]:
    """The signals of the chunks that a chunk waited for: a rehearsal of it begins with them, unless they are many."""
    with job.files.steps.database.transaction(workrows.tenant(job.work)) as connection:
        found = workrows.parts(connection, job.part.bestand)
    earlier = [part for part, _ in found if part.nr < job.part.nr]
    if not dict((part.nr, waited) for part, waited in found).get(job.part.nr) or len(earlier) > REPLAYED:
        return []
    loaded = (chunks.load(job.files.spool, job.work.chunks or job.work.id, part) for part in earlier)
    return [[record for record in records if record.soort == "signaal"] for records in loaded]


def _inbound(job: _Job, records: Sequence[Item]) -> list[Inbound]:
    late, room, now = head(job.work).kop.inhaalslag or False, Room(ROOM), job.files.steps.clock.now()
    return [
        Inbound(nr, job.sender, job.trace, now, "", record.value, room, inhaalslag=late, refused=record.bevindingen)
        for nr, record in enumerate(records)
    ]


def _line(record: Item, outcome: Outcome) -> Bestandsregel:
    return Bestandsregel(
        volgnummer=record.nr + 1,
        plek=record.plek,
        soort="signaal",
        status=outcome.status,
        bevindingen=list(outcome.findings),
        kenmerk=outcome.kenmerk,
        id=outcome.id,
        eerder_ontvangen=outcome.repeated or None,
        gemeente=outcome.gemeente,
        ontvangen_op=outcome.received,
        inhoud_hash=outcome.content_hash.hex() if outcome.content_hash else None,
        logblad=outcome.leaf.hex() if outcome.leaf else None,
    )


def _withdrawal(record: Item, answer: Intrekking | tuple[Bevinding, ...]) -> Bestandsregel:
    bare = Bestandsregel(
        volgnummer=record.nr + 1,
        plek=record.plek,
        soort="intrekking",
        status="geweigerd",
        kenmerk=kenmerk_in(record.parsed.get("kenmerk")),
    )
    if isinstance(answer, tuple):
        return msgspec.structs.replace(bare, bevindingen=list(answer))
    return msgspec.structs.replace(bare, status=answer.status, id=answer.id, ingetrokken_op=answer.ingetrokken_op)


def _counts(outcomes: Sequence[Outcome]) -> Counts:
    return Counts(
        bezorgd=sum(o.status == "bezorgd" and not o.repeated for o in outcomes),
        eerder=sum(o.repeated for o in outcomes),
        geweigerd=sum(o.status == "geweigerd" for o in outcomes),
        quarantaine=sum(o.status == "in_quarantaine" for o in outcomes),
    )


def _keep(job: _Job, connection: psycopg.Connection[Any], lines: list[Bestandsregel], counts: Counts) -> None:
    workrows.finish_part(connection, job.part, _ENCODER.encode(lines), counts, job.files.steps.clock.now())
