"""From rows to answers: what stands in a CSV or XLSX as one row per claim becomes one answer per balance request.

An answer is whole or it is refused: a claim that is left out would make the municipality's overview wrong without anybody noticing. So
the rows of one question stand together; a row that cannot be read refuses the answers around it too, because it may have been theirs.
Amounts that a file cannot split (principal, interest, costs, paid, balance) are refused and never filled in. Authority:
`docs/schuldenknooppunt.md`; `schemas.saldobestand`. Leaves cells to `mapping`, and what an answer may say to the flow.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, BinaryIO
from uuid import UUID

from adapters.formats.evidence import finding
from schemas.bestand import Kop, Lezer, Lezing, Onleesbaar, Record
from schemas.ontvangst import Bevinding

LARGEST = 4 * 1024 * 1024
"""Bytes of a file of answers, as at the portal of the Schuldenknooppunt; so all of it fits in memory."""
AMOUNTS = ("hoofdsomCent", "renteCent", "kostenCent", "betaaldCent", "saldoCent")
WITH_AMOUNTS = frozenset({"openstaand", "uit_handen_gegeven"})
ONCE = ("peildatum", "klantnummer", "contact", "standaardAkkoord")
_UNSPLIT = "Hoofdsom, rente, kosten, betaald en saldo staan er niet elk apart; wat een bestand niet splitst, vullen wij niet in."
_AGAIN = finding("ANTWOORD_VERSPREID", "De rijen van dit saldoverzoek staan niet bij elkaar; zet ze onder elkaar.", "/kenmerk")
_NEAR = finding("ANTWOORD_ONZEKER", "De rij hiervoor of hierna is niet te lezen en kan bij dit antwoord horen; het is niet verwerkt.", "")
_NOT_ONE = finding("KENMERK_ONJUIST", "Dit is geen id van een saldoverzoek; neem het over zoals u het kreeg.", "/kenmerk")
_BOTH = "Een rij met klant onbekend of geen medewerking is het hele antwoord: één rij, zonder vordering."


class Limited:
    """A stream that ends a file when it turns out too large."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = LARGEST

    def read(self, size: int = -1) -> bytes:
        """As of a file. Raises Onleesbaar."""
        data = self._stream.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise Onleesbaar("BESTAND_TE_GROOT", f"Een bestand met antwoorden heeft hoogstens {LARGEST >> 20} MiB; splits het.", "einde")
        return data


class Antwoordlezing:
    """The rows of a file as answers (`schemas.bestand.Lezing`)."""

    def __init__(self, rows: Lezing) -> None:
        self._rows = rows

    @property
    def kop(self) -> Kop:
        """As of the rows."""
        return self._rows.kop

    def __iter__(self) -> Iterator[Record]:
        """Every answer, in the order of the file. Raises Onleesbaar."""
        runs = [(id, list(group)) for id, group in groupby(map(_row, self._rows), key=lambda row: row[0])]
        times = Counter(id for id, _ in runs if id is not None)
        nr = 0
        for at, (id, group) in enumerate(runs):
            rows = [record for _, record in group]
            if id is None:
                yield from (record._replace(nr=nr + more) for more, record in enumerate(rows))
                nr += len(rows)
                continue
            near = any(0 <= beside < len(runs) and runs[beside][0] is None for beside in (at - 1, at + 1))
            yield _answer(nr, id, rows, [*([_AGAIN] if times[id] > 1 else []), *([_NEAR] if near else [])])
            nr += 1


def by_rows(lezer: Lezer) -> Lezer:
    """A reader of rows as one of answers."""
    return lambda stream: Antwoordlezing(lezer(Limited(stream)))  # type: ignore[arg-type]  # readers only read forwards


def identity(value: object) -> str | None:
    """The id of a question as it is compared; None when it is none."""
    try:
        return str(UUID(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def unknown_id(record: Record) -> Record:
    """A record that names no question."""
    return record._replace(value={}, bevindingen=record.bevindingen or (_NOT_ONE,))


def _row(record: Record) -> tuple[str | None, Record]:
    record = record._replace(soort="saldoantwoord")
    id = identity(record.value.get("kenmerk"))
    return id, unknown_id(record) if id is None else record


def _answer(nr: int, id: str, rows: Sequence[Record], found: list[Bevinding]) -> Record:
    values = [row.value for row in rows]
    found += [bevinding for row in rows for bevinding in row.bevindingen]
    antwoord = None if found else _whole(values, found)
    plek = rows[0].plek if len(rows) == 1 else f"{rows[0].plek} tot en met {rows[-1].plek}"
    return Record(nr, plek, "saldoantwoord", {"kenmerk": id, "antwoord": antwoord}, tuple(found))


def _whole(rows: Sequence[dict[str, Any]], found: list[Bevinding]) -> dict[str, Any] | None:
    reasons = {"klant_onbekend" if row.get("klantOnbekend") else row.get("reden") for row in rows} - {None}
    if reasons:
        if len(rows) > 1 or len(reasons) > 1 or "vordering" in rows[0] or (rows[0].get("klantOnbekend") and rows[0].get("reden")):
            found.append(finding("ANTWOORD_TEGENSTRIJDIG", _BOTH, ""))
            return None
        reason = reasons.pop()
        return {"soort": reason} if reason == "klant_onbekend" else {"soort": "geen_medewerking", "reden": reason}
    found += [*_unequal(rows), *_unsplit(rows)]
    once = {name: rows[0][name] for name in ONCE if name in rows[0]}
    return {"soort": "vorderingen", **once, "vorderingen": [row.get("vordering", {}) for row in rows]}


def _unequal(rows: Sequence[dict[str, Any]]) -> Iterator[Bevinding]:
    for name in ONCE:
        if any(row.get(name) != rows[0].get(name) for row in rows):
            yield finding("ANTWOORD_TEGENSTRIJDIG", "Dit is in de rijen van één antwoord niet gelijk.", f"/{name}")


def _unsplit(rows: Iterable[dict[str, Any]]) -> Iterator[Bevinding]:
    for nr, claim in enumerate(row.get("vordering", {}) for row in rows):
        missing = [name for name in AMOUNTS if name not in claim]
        if claim.get("soort") in WITH_AMOUNTS and missing:
            yield finding("BEDRAG_NIET_GESPLITST", _UNSPLIT, f"/antwoord/vorderingen/{nr}/{missing[0]}")
