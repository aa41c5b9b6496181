"""Pass 1: a file is read to its end, and accepted or refused as a whole, before the first record of it is delivered.

Fatal is: it cannot be read to its end, its head is not valid, the party may not deliver for this principal, nothing or too much is in it.
What is read goes in chunks into the spool, so that no file is parsed twice and any worker can go on. Authority: contract, files;
architecture, "a file is read twice". A refused file leaves a signed receipt that says why and where. Leaves every record to `delivering`.
"""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import NamedTuple, Self, get_type_hints
from uuid import UUID

import msgspec
import psycopg

from gateway.core import ids
from gateway.core.chain import Sender
from gateway.core.clock import dutch_day
from gateway.core.errors import SeinhuisError, Unavailable
from gateway.files import ending, reading, report, workrows
from gateway.files.chunks import Cutter
from gateway.files.flow import REHEARSED, ROL, Files, Lost, finding, frame
from gateway.files.names import RECEIPT
from gateway.files.outgoing import outgoing
from gateway.files.spool import Writer
from gateway.files.workrows import Head, Span, Work
from gateway.partners import acting
from gateway.privacylog import append
from gateway.privacylog.messages import BestandOntvangen
from gateway.signals import schaduw
from schemas.bestand import Kop, Lezing, Onleesbaar, Record
from schemas.bestandsbewijs import Bestandsontvangst
from schemas.ontvangst import Bevinding

LONGEST = timedelta(hours=2)
"""For reading one file; who is not done by then is taken for dead."""
_MEMBERS = get_type_hints(Kop, include_extras=True)
_IN_STAND = Bevinding(
    code="INTREKKING_IN_STAND", oordeel="fout", melding="In een stand vervalt wat er niet meer in staat; trek hier niets in.", pointer=""
)
_UNREADABLE = "De eerste {} records zijn geen van alle te lezen; hoort dit bestand bij een ander profiel? Van dit record: {}"
_NOTHING = "Er staat geen enkel record in. Trekt een lege stand alles in, noem dan redenVervallen."


class _Found(NamedTuple):
    """What pass 1 made of a file."""

    head: Head
    principal: str
    spans: list[Span]


class _Held:
    """The file while it is read, with its lease: extended from a thread, because one record, or the way to the first, may take long."""

    def __init__(self, files: Files, work: Work) -> None:
        self.work = work
        self._files = files
        self._until = files.steps.clock.now() + LONGEST
        self._lost = False
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._extend, name="bestand_vasthouden")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def check(self) -> None:
        """Raises Lost: another worker took the file over."""
        if self._lost:
            raise Lost

    def _extend(self) -> None:
        while not self._done.wait(self._files.lease.total_seconds() / 6) and self._files.steps.clock.now() < self._until:
            try:
                self.work = workrows.hold(self._files, self.work)
            except Lost:
                self._lost = True
                return
            except (Unavailable, psycopg.Error):  # the database is away for a moment; after too long a moment the lease is lost
                continue


def accept(files: Files, work: Work) -> None:
    """Read a file that came in; it ends as accepted or refused. Raises Lost, Unavailable (nothing was decided)."""
    chunks, held = ids.new(), _Held(files, work)
    writer = files.spool.create(chunks)
    try:
        with held:
            found = _read(files, held, writer)
        writer.close()
        _keep(files, held.work, found, chunks)
    except Unavailable:  # it may have been committed all the same: what nothing points to is swept later
        raise
    except Onleesbaar as error:
        writer.discard()
        ending.refuse(files, held.work, Bevinding(code=error.code, oordeel="fataal", melding=error.melding), error.plek)
    except SeinhuisError as error:
        writer.discard()
        ending.refuse(files, held.work, finding(error), "het bestand")
    except BaseException:
        writer.discard()
        raise


def _read(files: Files, held: _Held, writer: Writer) -> _Found:
    """The whole file. Raises Onleesbaar, SeinhuisError."""
    work = held.work
    if work.attempts > files.bounds.attempts:
        raise Onleesbaar("VERWERKING_MISLUKT", "Dit bestand kon herhaaldelijk niet worden gelezen; neem contact op.", "het bestand")
    day = dutch_day(work.received)
    reading.scanned(files.spool.open(work.id), files.scanner)
    with closing(files.spool.open(work.id)) as file:
        lezing = reading.begin(file, files.choose(work.party, work.naam, day), files.bounds.unpacked)
        kop = _checked(lezing.kop, day)
        principal = _principal(files, work, kop)
        rehearsed = schaduw.applies(files.steps.register(), Sender(work.party, principal))
        ordered = kop.soort != "stand"
        cutter = Cutter(writer, kop.defaults if kop.soort == "signalen" else None, ordered=ordered)
        for record in _bounded(files, kop, lezing):
            cutter.add(record)
            held.check()
            if not ordered and cutter.size > files.bounds.stand_bytes:
                raise Onleesbaar("BESTAND_TE_LANG", _too_long(files.bounds.stand, stand=True), record.plek)
    return _Found(Head(kop, rehearsed), principal, cutter.close() or [Span(na=False, position=0, size=0, records=0)])


def _bounded(files: Files, kop: Kop, lezing: Lezing) -> Iterator[Record]:
    """Every record, as long as there are not too many. Raises Onleesbaar."""
    stand, count, readable = kop.soort == "stand", 0, False
    most = files.bounds.stand if stand else files.bounds.records
    for count, record in enumerate(lezing, start=1):
        if count > most:
            raise Onleesbaar("BESTAND_TE_LANG", _too_long(most, stand=stand), record.plek)
        readable = readable or not record.bevindingen
        if count >= files.bounds.unreadable and not readable:
            raise Onleesbaar("RECORDS_ONLEESBAAR", _UNREADABLE.format(count, record.bevindingen[0].melding), record.plek)
        yield record._replace(soort="signaal", bevindingen=(_IN_STAND,)) if stand and record.soort == "intrekking" else record
    if not count and not (stand and kop.reden_vervallen):
        code = "STAND_LEEG" if stand else "BESTAND_LEEG"
        raise Onleesbaar(code, _NOTHING, "einde van het bestand")


def _too_long(most: int, *, stand: bool) -> str:
    if stand:
        return f"Een stand heeft hoogstens {most} signalen; splits haar in reeksen per sector, handelsnaam of profiel."
    return f"Een bestand heeft hoogstens {most} records; splits het."


def _checked(kop: Kop, day: date) -> Kop:
    """The head, once each member has its form. Raises Onleesbaar."""
    wrong = [name for name, value in kop._asdict().items() if not _fits(value, name)]
    if kop.soort == "stand":
        wrong += [name for name in ("sector", "handelsnaam", "peildatum") if getattr(kop, name) is None]
    if wrong:
        raise Onleesbaar("KOP_ONGELDIG", f"Dit ontbreekt of klopt niet: {', '.join(wrong)}.", "kop")
    if kop.peildatum is not None and kop.peildatum > day:
        raise Onleesbaar("PEILDATUM_IN_TOEKOMST", "De peildatum ligt na vandaag.", "kop")
    return kop


def _fits(value: object, name: str) -> bool:
    try:
        msgspec.convert(value, _MEMBERS[name])
    except msgspec.ValidationError:
        return False
    return True


def _principal(files: Files, work: Work, kop: Kop) -> str:
    """For whom this is. Raises Forbidden, Invalid."""
    day, rehearsable = dutch_day(files.steps.clock.now()), kop.soort in REHEARSED
    return acting.principal_of(files.steps.register(), work.party, kop.namens, ROL, day, schaduw=rehearsable).oin


def _keep(files: Files, work: Work, found: _Found, chunks: UUID) -> None:
    """Accept it: chunks, receipt and entry in one transaction. Raises Lost."""
    kop = found.head.kop
    with files.steps.database.transaction(workrows.tenant(work)) as connection:
        before = workrows.same_before(connection, work)
    receipt = Bestandsontvangst(
        id=work.id,
        bestand=work.naam,
        grootte=work.size,
        hash=work.hash.hex(),
        ontvangen_op=work.received,
        status="aanvaard",
        schuldeiser=found.principal,
        soort=kop.soort,
        kenmerk=kop.kenmerk or work.naam,
        profiel=kop.profiel,
        peildatum=kop.peildatum,
        codering=kop.codering,
        aantal=sum(span.records for span in found.spans),
        malwarescan=files.scanner.naam,
        eerder=before,
        schaduw=found.head.schaduw or None,
    )
    with outgoing(files, work) as out:
        out.put(RECEIPT, report.receipt(receipt, files.signer))
        with files.steps.database.transaction(workrows.tenant(work)) as connection:
            workrows.accept(connection, work, found.principal, kop.soort, msgspec.json.encode(found.head), chunks, found.spans)
            out.commit(connection)
            told = frame(files, Sender(work.party, found.principal), work.trace_id).fields()
            append.append(connection, [BestandOntvangen(**told, bestand=work.id, aantal=receipt.aantal or 0)])
    files.steps.committed()
