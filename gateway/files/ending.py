"""How a file ends: processed, with a report of every record; or refused as a whole, with the reason and the place.

The report, the entry in the log and the new state are one transaction; what came in is destroyed after it. Authority: contract, files
and retention (inbound files go when the report is there). Leaves lines and forms to `report`.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice

import msgspec

from gateway.core.chain import Sender
from gateway.files import report, workrows
from gateway.files.answers import Proofs
from gateway.files.flow import Files, frame
from gateway.files.names import PROOFS, RECEIPT, REPORT_CSV, REPORT_XML
from gateway.files.outgoing import Outgoing, outgoing
from gateway.files.report import Report
from gateway.files.workrows import Counts, Head, State, Work
from gateway.privacylog import append
from gateway.privacylog.entry import Entry
from gateway.privacylog.messages import BestandGeweigerd, BestandVerwerkt
from gateway.signals import reports
from schemas.bestandsbewijs import Bestandsaantallen, Bestandsontvangst, Bestandsregel, Bestandsuitslag
from schemas.ontvangst import Bevinding
from schemas.standen import StandAantallen
from schemas.strict import canonical

BLOCK = 1_000
_LINES = msgspec.json.Decoder(list[Bestandsregel])
_HEAD = msgspec.json.Decoder(Head)
_DAMAGED = Bevinding(
    code="SPOOL_BESCHADIGD", oordeel="fout", melding="Een deel is na ontvangst beschadigd en niet verwerkt. Lever het bestand opnieuw aan."
)


def head(work: Work) -> Head:
    """What is known of an accepted file as a whole."""
    return _HEAD.decode(work.kop or b"[]")


def finish(files: Files, work: Work) -> None:
    """Every chunk is done: report and end. Raises Lost, Unavailable."""
    with files.steps.database.transaction(workrows.tenant(work)) as connection:
        counts = workrows.counts(connection, work.id)
        parts = workrows.parts(connection, work.id)
    with outgoing(files, work) as out:
        written, outcomes = _report(out, work), Counter[str]()
        proofs = Proofs(out.create(PROOFS), files.signer) if work.soort == "saldoantwoorden" else None
        for block in _blocks(files, work, parts):
            work = workrows.hold(files, work)
            written.add(block)
            if proofs:
                proofs.add(block)
            outcomes.update(line.status for line in block)
        if proofs:
            proofs.close()
        result = _result(files, work, counts, written.leaves)
        missing = (work.records or 0) - (outcomes.total() - outcomes["vervallen"] - outcomes["al_afgesloten"])
        result = msgspec.structs.replace(
            result,
            stand=_of_stand(work, outcomes) if work.soort == "stand" else None,
            bevindingen=[_DAMAGED] if missing else [],
        )
        told = frame(files, Sender(work.party, result.schuldeiser), work.trace_id).fields()
        _end(files, work, out, written, result, BestandVerwerkt(**told, bestand=work.id, resultaat=result.resultaat))


def refuse(files: Files, work: Work, bevinding: Bevinding, plek: str) -> None:
    """Refuse a file as a whole. Raises Lost, Unavailable."""
    records = work.records or 0
    with outgoing(files, work) as out:
        if work.kop is None:
            out.put(RECEIPT, report.receipt(_refusal(work, bevinding, plek), files.signer))
        written = _report(out, work)
        written.add([Bestandsregel(volgnummer=0, plek=plek, soort="bestand", status="geweigerd", bevindingen=[bevinding])])
        result = _result(files, work, Counts(geweigerd=records), written.leaves)
        result = msgspec.structs.replace(result, status="geweigerd", bevindingen=[bevinding])
        told = frame(files, Sender(work.party, result.schuldeiser), work.trace_id).fields()
        _end(files, work, out, written, result, BestandGeweigerd(**told, bestand=work.id, regels=(bevinding.code,)))


def _report(out: Outgoing, work: Work) -> Report:
    return Report(out.create(REPORT_CSV), out.create(REPORT_XML), work.naam)


def _end(files: Files, work: Work, out: Outgoing, written: Report, result: Bestandsuitslag, entry: Entry) -> None:
    """Report, entry and state in one transaction; then what came in goes."""
    signed = msgspec.structs.replace(result, handtekening=files.signer.sign(result))
    written.close(signed)
    state: State = signed.status
    with files.steps.database.transaction(workrows.tenant(work)) as connection:
        workrows.end(connection, work, state, result.schuldeiser, canonical(signed), result.verwerkt_op)
        out.commit(connection)
        append.append(connection, [entry])
    files.steps.committed()
    files.spool.remove(work.id)
    if work.chunks is not None:
        files.spool.remove(work.chunks)


def _blocks(files: Files, work: Work, parts: Sequence[tuple[workrows.Part, bool]]) -> Iterator[Sequence[Bestandsregel]]:
    """All lines in the order of the file: those of the chunks that waited belong between the others."""
    now, later = ([part.nr for part, na in parts if na is waited] for waited in (False, True))
    first = map(_LINES.decode, workrows.lines(files.steps.database, work, now))
    if not later:
        yield from first
        return
    second = map(_LINES.decode, workrows.lines(files.steps.database, work, later))
    merged = heapq.merge(chain.from_iterable(first), chain.from_iterable(second), key=lambda line: line.volgnummer)
    while block := list(islice(merged, BLOCK)):
        yield block


def _result(files: Files, work: Work, counts: Counts, leaves: str) -> Bestandsuitslag:
    records = work.records or 0
    return Bestandsuitslag(
        id=work.id,
        bestand=work.naam,
        kenmerk=(head(work).kop.kenmerk if work.kop else None) or work.naam,
        status="verwerkt",
        resultaat=reports.verdict(records - counts.geweigerd - counts.quarantaine, records or 1),
        ontvangen_op=work.received,
        verwerkt_op=files.steps.clock.now(),
        schuldeiser=work.principal or work.party,
        aantallen=Bestandsaantallen(
            aangeboden=records,
            bezorgd=counts.bezorgd,
            eerder_ontvangen=counts.eerder,
            geweigerd=counts.geweigerd,
            in_quarantaine=counts.quarantaine,
            ingetrokken=counts.ingetrokken,
        ),
        bladen_hash=leaves,
        schaduw=head(work).schaduw or None if work.kop else None,
    )


def _of_stand(work: Work, outcomes: Counter[str]) -> StandAantallen:
    return StandAantallen(aangeboden=work.records or 0, **outcomes)


def _refusal(work: Work, bevinding: Bevinding, plek: str) -> Bestandsontvangst:
    return Bestandsontvangst(
        id=work.id,
        bestand=work.naam,
        grootte=work.size,
        hash=work.hash.hex(),
        ontvangen_op=work.received,
        status="geweigerd",
        bevindingen=[bevinding],
        plek=plek,
    )
