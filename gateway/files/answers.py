"""Answers to balance requests in a file: each through the same flow as at the door, with a line and a signed receipt of its own.

An answer is one transaction of its own, and the same again gives the same receipt: a chunk that is done twice does nothing twice. What is
wrong with one answer harms no other. Authority: contract, "Balance requests as files". Leaves every rule to `gateway.overviews.answering`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from gateway.core.chain import Sender, Trace
from gateway.core.errors import Conflict, Forbidden, Invalid, NotFound, SeinhuisError, Unavailable
from gateway.files.chunks import Item
from gateway.files.flow import finding
from gateway.files.spool import Writer
from gateway.keys.signing import ReceiptSigner
from gateway.overviews import answering
from gateway.overviews.desk import OverviewDesk
from schemas import strict
from schemas.bestandsbewijs import Bestandsregel
from schemas.ontvangst import Bevinding, findings
from schemas.schuldenoverzicht import Antwoordbewijs, Saldoantwoord, Saldostaat
from schemas.strict import canonical

ANSWERED: frozenset[Saldostaat] = frozenset({"beantwoord", "klant_onbekend", "geen_medewerking"})
KEYLESS = "GEMEENTE_ZONDER_SLEUTEL"


class Answered(NamedTuple):
    """What an answer is done with."""

    desk: OverviewDesk
    sender: Sender
    trace: Trace


def lines(records: Sequence[Item], by: Answered) -> Iterator[Bestandsregel]:
    """Answer, one by one, and say what came of it. Raises Unavailable: those before it stand, and may be sent again."""
    for record in records:
        yield _line(record, by)


class Proofs:
    """The signed receipts of a file's answers, as a JSON array; close it once every line was added."""

    def __init__(self, writer: Writer, signer: ReceiptSigner) -> None:
        self._writer = writer
        self._signer = signer
        self._before = b"[\n"

    def add(self, found: Sequence[Bestandsregel]) -> None:
        """The next lines; those that were refused have no receipt."""
        for bare in filter(None, map(_bare, found)):
            signed = msgspec.structs.replace(bare, handtekening=self._signer.sign(bare))
            self._writer.write(self._before + canonical(signed))
            self._before = b",\n"

    def close(self) -> None:
        """Flush it to the disk."""
        self._writer.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")
        self._writer.close()


def _bare(line: Bestandsregel) -> Antwoordbewijs | None:
    """As the door gave it, but for the signature."""
    if line.id is None or line.ontvangen_op is None or line.inhoud_hash is None or line.logblad is None:
        return None
    staat = next(staat for staat in ANSWERED if staat == line.status)
    return Antwoordbewijs(id=line.id, staat=staat, ontvangen_op=line.ontvangen_op, inhoud_hash=line.inhoud_hash, logblad=line.logblad)


def _line(record: Item, by: Answered) -> Bestandsregel:
    value = record.parsed
    kenmerk = value.get("kenmerk")
    bare = Bestandsregel(volgnummer=record.nr + 1, plek=record.plek, soort="saldoantwoord", status="geweigerd", kenmerk=kenmerk)
    if record.bevindingen or kenmerk is None:
        return msgspec.structs.replace(bare, bevindingen=list(record.bevindingen))
    try:
        found, is_new = answering.answer(by.sender, by.trace, UUID(kenmerk), _read(value.get("antwoord")), by.desk)
    except (Invalid, NotFound, Conflict, Forbidden) as error:
        return msgspec.structs.replace(bare, bevindingen=_said(error))
    except Unavailable as error:
        if error.code != KEYLESS:
            raise
        return msgspec.structs.replace(bare, bevindingen=_said(error))
    return msgspec.structs.replace(
        bare,
        status=found.staat,
        id=found.id,
        eerder_ontvangen=None if is_new else True,
        ontvangen_op=found.ontvangen_op,
        inhoud_hash=found.inhoud_hash,
        logblad=found.logblad,
    )


def _read(value: object) -> Saldoantwoord:
    """Raises Invalid."""
    try:
        return strict.convert(value, Saldoantwoord)  # type: ignore[arg-type]  # a union is a type here
    except strict.Refused as refused:
        errors = list(findings(refused.fouten))
        raise Invalid(errors[0].code, errors[0].melding, errors=errors) from None


def _said(error: SeinhuisError) -> list[Bevinding]:
    found = error.errors or [finding(error, "fout")]
    return [msgspec.structs.replace(one, pointer=f"/antwoord{one.pointer}") if one.pointer else one for one in found]
