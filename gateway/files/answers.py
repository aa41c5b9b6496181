"""Answers in a file, to balance requests and arrangements: each through the flow of the door, with a line and a signed receipt of its own.

An answer is one transaction of its own, and the same again gives the same receipt: a chunk that is done twice does nothing twice. What is
wrong with one answer harms no other. The id says what is answered. Authority: contract, "Balance requests as files". Leaves every rule to
`gateway.overviews.answering` and `gateway.regelingen.replying`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
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
from gateway.regelingen import creditor_rows, replying
from gateway.store.tenant import parties
from schemas import strict
from schemas.bestandsbewijs import Bestandsregel, Regelingstatus
from schemas.ontvangst import Bevinding, findings
from schemas.regelingen import ANTWOORDEN, SOORTEN, Partijstaat, Regelingantwoord, Regelingbewijs, Regelingsoort
from schemas.schuldenoverzicht import Antwoordbewijs, Saldoantwoord, Saldostaat
from schemas.strict import canonical

ANSWERED: frozenset[Saldostaat] = frozenset({"beantwoord", "klant_onbekend", "geen_medewerking"})
REPLIED: dict[Partijstaat, Regelingstatus | Saldostaat] = {
    "bevestigd": "bevestigd",
    "klant_onbekend": "klant_onbekend",
    "geen_medewerking": "geen_medewerking",
    "akkoord": "akkoord",
    "geweigerd": "voorstel_geweigerd",
}
"""The state of a message after an answer -> what its line says."""
KEYLESS = "GEMEENTE_ZONDER_SLEUTEL"


class Answered(NamedTuple):
    """What an answer is done with."""

    desk: OverviewDesk
    sender: Sender
    trace: Trace


def lines(records: Sequence[Item], by: Answered) -> Iterator[Bestandsregel]:
    """Answer, one by one, and say what came of it. Raises Unavailable: those before it stand, and may be sent again."""
    ids = [UUID(kenmerk) for record in records if not record.bevindingen and (kenmerk := record.parsed.get("kenmerk"))]
    with by.desk.ingest.transaction(parties(by.sender.party, by.sender.principal)) as connection:
        messages = {row.id: row.soort for row in creditor_rows.named(connection, by.sender.principal, ids)}
    for record in records:
        yield _line(record, messages, by)


class Proofs:
    """The signed receipts of a file's answers, as a JSON array; close it once every line was added."""

    def __init__(self, writer: Writer, signer: ReceiptSigner) -> None:
        self._writer = writer
        self._signer = signer
        self._before = b"[\n"

    def add(self, found: Sequence[Bestandsregel]) -> None:
        """The next lines; those that were refused have no receipt."""
        for line in found:
            if bare := _bare(line):
                self._writer.write(self._before + canonical(msgspec.structs.replace(bare, handtekening=self._signer.sign(bare))))
                self._before = b",\n"

    def close(self) -> None:
        """Flush it to the disk."""
        self._writer.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")
        self._writer.close()


def _bare(line: Bestandsregel) -> Antwoordbewijs | Regelingbewijs | None:
    """As the door gave it, but for the signature."""
    if line.id is None or line.ontvangen_op is None or line.inhoud_hash is None or line.logblad is None:
        return None
    fixed: dict[str, Any] = {name: getattr(line, name) for name in ("id", "ontvangen_op", "inhoud_hash", "logblad")}
    if line.soort in SOORTEN:
        return Regelingbewijs(**fixed, soort=line.soort, staat=next(staat for staat, status in REPLIED.items() if status == line.status))
    return Antwoordbewijs(**fixed, staat=next(staat for staat in ANSWERED if staat == line.status))


def _line(record: Item, messages: Mapping[UUID, Regelingsoort], by: Answered) -> Bestandsregel:
    value = record.parsed
    kenmerk = value.get("kenmerk")
    bare = Bestandsregel(volgnummer=record.nr + 1, plek=record.plek, soort="saldoantwoord", status="geweigerd", kenmerk=kenmerk)
    if record.bevindingen or kenmerk is None:
        return msgspec.structs.replace(bare, bevindingen=list(record.bevindingen))
    id = UUID(kenmerk)
    bare = msgspec.structs.replace(bare, soort=messages.get(id, bare.soort))
    try:
        found, is_new = _taken(id, value.get("antwoord"), messages.get(id), by)
    except (Invalid, NotFound, Conflict, Forbidden) as error:
        return msgspec.structs.replace(bare, bevindingen=_said(error))
    except Unavailable as error:
        if error.code != KEYLESS:
            raise
        return msgspec.structs.replace(bare, bevindingen=_said(error))
    return msgspec.structs.replace(
        bare,
        status=REPLIED[found.staat] if isinstance(found, Regelingbewijs) else found.staat,
        id=found.id,
        eerder_ontvangen=None if is_new else True,
        ontvangen_op=found.ontvangen_op,
        inhoud_hash=found.inhoud_hash,
        logblad=found.logblad,
    )


def _taken(id: UUID, antwoord: object, soort: Regelingsoort | None, by: Answered) -> tuple[Antwoordbewijs | Regelingbewijs, bool]:
    """Raises what the doors raise; NotFound: an answer to an arrangement, and this creditor has none of this id."""
    if soort is None:
        found = _read(antwoord, Saldoantwoord | Regelingantwoord)
        if not isinstance(found, Saldoantwoord):
            raise NotFound
        return answering.answer(by.sender, by.trace, id, found, by.desk)
    return replying.answer(by.sender, by.trace, soort, id, _read(antwoord, ANTWOORDEN[soort]), by.desk)


def _read(value: object, kind: Any) -> Any:  # noqa: ANN401 - a union is a type here
    """Raises Invalid."""
    try:
        return strict.convert(value, kind)
    except strict.Refused as refused:
        errors = list(findings(refused.fouten))
        raise Invalid(errors[0].code, errors[0].melding, errors=errors) from None


def _said(error: SeinhuisError) -> list[Bevinding]:
    found = error.errors or [finding(error, "fout")]
    return [msgspec.structs.replace(one, pointer=f"/antwoord{one.pointer}") if one.pointer else one for one in found]
