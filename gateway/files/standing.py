"""A file that is a list of all open signals: compared as a whole, through the flow that the door has for it.

Nothing is withdrawn before the whole list was read: pass 1 did that, and the plan is made of all of it at once. The records stay in the
spool; only what the plan needs of them is in memory, which bounds a list (`flow.Bounds.stand`). A record that could not be read is part of
the list, by its kenmerk, and is refused; without a readable kenmerk nothing is withdrawn. Authority: decision 0022; contract, files.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast, overload

import msgspec

from gateway.core.chain import Sender
from gateway.core.errors import SeinhuisError, Unavailable
from gateway.files import chunks, ending, workrows
from gateway.files.chunks import Item
from gateway.files.delivering import suspended
from gateway.files.flow import Files, finding, frame
from gateway.files.workrows import Counts, Part, Work
from gateway.signals import schaduwstand
from gateway.signals.parsing import kenmerk_in
from schemas.bestandsbewijs import Bestandsregel
from schemas.ontvangst import Bevinding
from schemas.standen import StandEnvelop, StandRegel, StandVerslag
from schemas.strict import canonical

_SORTED = msgspec.json.Encoder(order="sorted")
_ENCODER = msgspec.json.Encoder()
_PLACE = "het bestand"


class _Listed(Sequence[Any]):
    """The values of the list, a chunk at a time in memory."""

    def __init__(self, load: Callable[[Part], list[Item]], parts: Sequence[Part]) -> None:
        self._load = load
        self._parts = parts
        self._begins = [sum(part.records for part in parts[:nr]) for nr in range(len(parts))]
        self._at = -1
        self._values: list[Any] = []

    def __len__(self) -> int:
        return sum(part.records for part in self._parts)

    @overload
    def __getitem__(self, nr: int) -> Any: ...  # noqa: ANN401 - parsed JSON
    @overload
    def __getitem__(self, nr: slice) -> Sequence[Any]: ...
    def __getitem__(self, nr: int | slice) -> Any:
        if isinstance(nr, slice) or not 0 <= nr < len(self):
            raise IndexError(nr)
        at = bisect_right(self._begins, nr) - 1
        if at != self._at:
            self._at, self._values = at, [_value(record) for record in self._load(self._parts[at])]
        return self._values[nr - self._begins[at]]


def compare(files: Files, work: Work) -> None:
    """Bring the creditor's messages in line with the list. Raises Lost, Unavailable (it goes on at the next try)."""
    kop, rehearsed = ending.head(work)
    if refusal := suspended(files, work):
        ending.refuse(files, work, msgspec.structs.replace(refusal, oordeel="fataal"), _PLACE)
        return
    with files.steps.database.transaction(workrows.tenant(work)) as connection:
        parts = [part for part, _ in workrows.parts(connection, work.id)]
    values = _Listed(lambda part: chunks.load(files.spool, work.chunks or work.id, part), parts)
    sender = Sender(work.party, work.principal or work.party)
    if kop.sector is None or kop.handelsnaam is None or kop.peildatum is None:
        raise ValueError("a list without its series was accepted")
    stand = StandEnvelop(
        sector=kop.sector,
        handelsnaam=kop.handelsnaam,
        profiel=kop.profiel,
        reden_vervallen=kop.reden_vervallen,
        inhaalslag=kop.inhaalslag,
        signalen=cast(list[Any], values),
    )
    trace = frame(files, sender, work.trace_id).trace
    try:
        text = canonical(msgspec.structs.replace(stand, signalen=[msgspec.Raw(_SORTED.encode(value)) for value in values]))
        verslag = schaduwstand.reconcile(
            sender, trace, kop.peildatum, stand, files.steps, files.number, text, "bestand", rehearsed=rehearsed
        )
    except Unavailable:
        raise
    except SeinhuisError as error:
        ending.refuse(files, work, finding(error), _PLACE)
        return
    _keep(files, work, parts, verslag)


def _value(record: Item) -> dict[str, Any]:
    """What the list is compared by: all of a record, or the kenmerk of one that could not be read."""
    if not record.bevindingen:
        return record.parsed
    kenmerk = record.parsed.get("kenmerk")
    return {"kenmerk": kenmerk} if isinstance(kenmerk, str) else {}


def _keep(files: Files, work: Work, parts: Sequence[Part], verslag: StandVerslag) -> None:
    """The lines of every chunk in one transaction; what is gone from the list stands in the last."""
    regels, begin, total = verslag.regels, 0, work.records or 0
    with files.steps.database.transaction(workrows.tenant(work)) as connection:
        for part in parts:
            records = chunks.load(files.spool, work.chunks or work.id, part)
            lines = [_line(record, regel) for record, regel in zip(records, regels[begin : begin + part.records], strict=True)]
            begin += part.records
            if begin == total and part is parts[-1]:
                lines += _gone(regels[total:], total)
            workrows.finish_part(connection, part, _ENCODER.encode(lines), _counts(lines), files.steps.clock.now())
        workrows.let_go(connection, work)


def _line(record: Item, regel: StandRegel) -> Bestandsregel:
    return Bestandsregel(
        volgnummer=record.nr + 1,
        plek=record.plek,
        soort="stand",
        status=regel.uitkomst,
        bevindingen=list(record.bevindingen) or [_relative(found, record.nr) for found in regel.bevindingen],
        kenmerk=kenmerk_in(regel.kenmerk),
        id=regel.id,
        bezorgd_als=regel.bezorgd_als,
    )


def _gone(regels: Sequence[StandRegel], total: int) -> Iterator[Bestandsregel]:
    for nr, regel in enumerate(regels, start=total + 1):
        yield Bestandsregel(
            volgnummer=nr, plek="niet in de lijst", soort="stand", status=regel.uitkomst, kenmerk=regel.kenmerk, id=regel.id
        )


def _relative(found: Bevinding, nr: int) -> Bevinding:
    return msgspec.structs.replace(found, pointer=(found.pointer or "").removeprefix(f"/signalen/{nr}"))


def _counts(lines: Sequence[Bestandsregel]) -> Counts:
    found = [line.status for line in lines]
    return Counts(
        bezorgd=sum(status in {"nieuw", "hoger", "lager", "opnieuw"} for status in found),
        eerder=found.count("gelijk"),
        geweigerd=found.count("geweigerd"),
        quarantaine=found.count("in_quarantaine"),
        ingetrokken=found.count("vervallen"),
    )
