"""Verify the log: every leaf from its stored entry, no gap, every checkpoint signed and true, no entry beside the tree, and
in the database every delivery under its number in the inbox (a row that retention took away is a finding too). A missing body is a
finding unless a signed statement later in the log says that it went at its term. Times go with the numbers, no name was unsealed
without a second party, and what no checkpoint is over is young and little.

Needs the public key only, so anybody with an export can run it. Authority: RFC 6962, C2SP tlog-checkpoint; architecture, the log.
What it cannot see alone is the end of the log cut off together with the checkpoints over it: give it `held` checkpoints that
others kept. Leaves printing to the command line.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from gateway.privacylog.checkpoint import Checkpoint, NoteVerifier, Untrusted
from gateway.privacylog.entries import decode
from gateway.privacylog.entry import Entry, encode, name_of
from gateway.privacylog.growth import foreign
from gateway.privacylog.messages import SignaalBezorgd
from gateway.privacylog.oversight import NaamOntzegeld, OntzegelingBesloten, OntzegelingGevraagd
from gateway.privacylog.settings import LogVernietigd
from gateway.privacylog.term import FLOOR
from gateway.privacylog.tree import Frontier, leaf_hash

FINDINGS_MAX = 100
DISORDER = timedelta(minutes=15)  # writers do not wait for each other, so times need not follow the numbers exactly
LATE = timedelta(hours=1)
UNSIGNED = 1000
AGREED = timedelta(days=31)  # longer than an unsealing takes
_LEAVES = """
SELECT l.nr, l.leaf, l.entry, e.body, e.event, i.gemeente, i.bericht
FROM log_leaf l LEFT JOIN log_entry e ON e.id = l.entry LEFT JOIN inbox_item i ON i.nr = l.nr + 1 ORDER BY l.nr
"""
_UNNUMBERED = "SELECT count(*) FROM inbox_item i WHERE NOT EXISTS (SELECT FROM log_leaf l WHERE l.nr = i.nr - 1)"
_BESIDE = """
SELECT e.id FROM log_entry e WHERE NOT EXISTS (SELECT FROM log_leaf l WHERE l.entry = e.id)
AND NOT EXISTS (SELECT FROM log_queue q WHERE e.id = ANY (q.entries)) LIMIT %s
"""
_QUEUED = """
SELECT u.leaf, u.entry, e.body, e.event
FROM log_queue q, unnest(q.entries, q.leaves) AS u(entry, leaf) LEFT JOIN log_entry e ON e.id = u.entry
"""


class Leaf(NamedTuple):
    """A numbered leaf; `body` is None when the entry is gone.

    `event` is the name kept beside the body, if any; `gemeente` and `bericht` are the message with number `nr` + 1 in an inbox.
    """

    nr: int
    leaf: bytes
    entry: UUID
    body: bytes | None
    event: str | None = None
    gemeente: str | None = None
    bericht: UUID | None = None


class Report(msgspec.Struct):
    """What was checked and what is wrong (at most `FINDINGS_MAX` lines, no person data). `ok` when nothing is."""

    leaves: int = 0
    bodies: int = 0
    checkpoints: int = 0
    newest: int = 0
    root: bytes = b""
    findings: list[str] = msgspec.field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing was found."""
        return not self.findings

    def found(self, finding: str) -> None:
        """Note a finding."""
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(finding)


def verify_export(
    leaves: Iterable[Leaf],
    notes: Iterable[str],
    verifier: NoteVerifier,
    *,
    held: Iterable[str] = (),
    placed: bool = False,
) -> Report:
    """Check leaves in the order of their number against checkpoints.

    Args:
        leaves: all leaves, from number 0.
        notes: the log's own signed checkpoints.
        verifier: the log's public key and name.
        held: checkpoints that others kept.
        placed: the leaves say which message has their number, so check that it is the delivered one.
    """
    report = Report()
    expected = list(_expected([*notes, *held], verifier, report))
    report.newest = max([checkpoint.size for checkpoint in expected], default=0)
    frontier, content = Frontier(), _Content(verifier, report, placed)
    roots = {0: frontier.root()}
    sizes = {checkpoint.size for checkpoint in expected}
    for leaf in leaves:
        content.check(leaf, frontier.size)
        frontier.extend([leaf.leaf])
        if frontier.size in sizes:
            roots[frontier.size] = frontier.root()
    content.end()
    report.leaves, report.root = frontier.size, frontier.root()
    _compare(expected, roots, report)
    _unsigned(content, report)
    return report


def _unsigned(content: "_Content", report: Report) -> None:
    """What no checkpoint is over is less than a thousand leaves, and not much later than what one is over."""
    if report.leaves - report.newest > UNSIGNED or (report.leaves and not report.newest):
        report.found(f"{report.leaves - report.newest} regels zonder ondertekend controlepunt")
    elif content.latest and content.covered and content.latest - content.covered > LATE:
        report.found("het nieuwste controlepunt is te oud voor de regels erna")


def _expected(notes: Sequence[str], verifier: NoteVerifier, report: Report) -> Iterator[Checkpoint]:
    for note in notes:
        try:
            yield verifier.checkpoint(note)
        except Untrusted:
            report.found("controlepunt zonder geldige handtekening")


class _Content:
    """What the leaves say, and which of them may have lost it: a signed statement later in the log covers their numbers.

    `latest` is the latest time that one said, `covered` the latest under the newest checkpoint.
    """

    def __init__(self, verifier: NoteVerifier, report: Report, placed: bool) -> None:
        self._verifier, self._report, self._placed = verifier, report, placed
        self._missing: set[int] = set()
        self._bounds: list[datetime] = []
        self._asked: dict[UUID, OntzegelingGevraagd] = {}
        self._agreed: set[UUID] = set()
        self._alone: list[tuple[int, datetime]] = []
        self.latest: datetime | None = None
        self.covered: datetime | None = None

    def check(self, leaf: Leaf, nr: int) -> None:
        """One leaf, which must have this number."""
        report = self._report
        if leaf.nr != nr:
            report.found(f"nummer {leaf.nr} waar {nr} hoort")
        if leaf.body is None:
            self._missing.add(leaf.nr)
            return
        report.bodies += 1
        entry = _entry(leaf.leaf, leaf.entry, leaf.body, leaf.event)
        if isinstance(entry, str):
            report.found(f"regel {leaf.nr}: {entry}")
        elif self._placed and (leaf.gemeente, leaf.bericht) != _place(entry):
            report.found(f"regel {leaf.nr}: past niet bij de inbox")
        else:
            self._follow(leaf.nr, entry)

    def _follow(self, nr: int, entry: Entry) -> None:
        """What an entry must have before it."""
        if self.latest is None or entry.tijd > self.latest:
            self.latest = entry.tijd
            self.covered = entry.tijd if nr < self._report.newest else self.covered
        elif entry.tijd < self.latest - DISORDER:
            self._report.found(f"regel {nr}: eerder in de tijd dan een regel met een lager nummer")
        if isinstance(entry, LogVernietigd):
            self._explain(nr, entry)
        elif isinstance(entry, OntzegelingGevraagd):
            self._asked[entry.ontzegeling] = entry
        elif isinstance(entry, OntzegelingBesloten) and entry.resultaat == "goedgekeurd":
            asked = self._asked.get(entry.ontzegeling)
            if asked is not None and asked.partij != entry.partij and _same(asked, entry):
                self._agreed.add(entry.ontzegeling)
        elif isinstance(entry, NaamOntzegeld) and not self._allowed(entry):
            self._alone.append((nr, entry.tijd))

    def _allowed(self, entry: NaamOntzegeld) -> bool:
        asked = self._asked.get(entry.ontzegeling)
        return asked is not None and entry.ontzegeling in self._agreed and _same(asked, entry) and asked.partij == entry.partij

    def _explain(self, nr: int, entry: LogVernietigd) -> None:
        """The statement must be of these numbers, before this entry, and of content that was old by then."""
        try:
            told = self._verifier.destroyed(entry.verklaring)
        except Untrusted:
            told = None
        if told is None or told.gone[-1] >= nr or (told.gone[0], told.gone[-1] + 1, len(told.gone)) != (entry.van, entry.tot, entry.aantal):
            self._report.found(f"regel {nr}: verklaring van vernietiging zonder geldige handtekening")
        elif told.before > entry.tijd - FLOOR:
            self._report.found(f"regel {nr}: inhoud vernietigd voor haar termijn")
        else:
            self._missing.difference_update(told.gone)
            self._bounds.append(told.before)

    def end(self) -> None:
        """Every missing body must be explained, and every name agreed upon (its steps may have gone at their term)."""
        for nr in sorted(self._missing):
            self._report.found(f"regel {nr}: inhoud ontbreekt zonder verklaring")
        for nr, at in self._alone:
            if not any(at < before + AGREED for before in self._bounds):
                self._report.found(f"regel {nr}: naam ontzegeld zonder verzoek en besluit van een ander")


def _same(asked: OntzegelingGevraagd, entry: OntzegelingBesloten | NaamOntzegeld) -> bool:
    return (asked.gemeente, asked.bericht) == (entry.gemeente, entry.bericht)


def _entry(leaf: bytes, id: UUID, body: bytes, event: str | None) -> Entry | str:
    """The entry of a body, or what is wrong with it."""
    if leaf_hash(body) != leaf:
        return "inhoud past niet bij het blad"
    try:
        entry = decode(body)
    except msgspec.DecodeError:
        return "geen bekende gebeurtenis"
    if encode(entry) != body:
        return "inhoud is niet in de vaste vorm geschreven"
    if entry.id != id:
        return "wijst naar een andere inhoud"
    if event not in {None, name_of(entry)}:
        return "heet anders dan de inhoud"
    return entry


def _place(entry: Entry) -> tuple[str | None, UUID | None]:
    return (entry.gemeente, entry.bericht) if isinstance(entry, SignaalBezorgd) else (None, None)


def _compare(expected: Sequence[Checkpoint], roots: dict[int, bytes], report: Report) -> None:
    for checkpoint in expected:
        report.checkpoints += 1
        if checkpoint.size > report.leaves:
            report.found(f"controlepunt over {checkpoint.size} regels, er zijn er {report.leaves}")
        elif roots[checkpoint.size] != checkpoint.root:
            report.found(f"controlepunt over {checkpoint.size} regels past niet bij de regels")


def verify(connection: psycopg.Connection[Any], verifier: NoteVerifier, *, held: Iterable[str] = ()) -> Report:
    """Check the log in the database (role gw_log), in one snapshot: run it in a transaction of its own that has done nothing yet."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    notes = [str(row[0]) for row in connection.execute("SELECT note FROM log_checkpoint ORDER BY size")]
    with connection.cursor(name="verify", binary=True) as cursor:
        cursor.itersize = 5000
        cursor.execute(_LEAVES)
        report = verify_export((Leaf(*row) for row in cursor), notes, verifier, held=held, placed=True)
    for found in foreign(connection):
        report.found(f"op de tabellen van de log staat {found}")
    state = connection.execute("SELECT size, frontier FROM log_state").fetchone()
    if state is None or not _fits(state[0], state[1], report):
        report.found("de stand van de nummering past niet bij de regels")
    _check_queue(connection, report)
    (unnumbered,) = connection.execute(_UNNUMBERED).fetchone() or (0,)
    if unnumbered:
        report.found(f"{unnumbered} berichten in een inbox zonder regel")
    for row in connection.execute(_BESIDE, (FINDINGS_MAX,)):
        report.found(f"inhoud {row[0]} staat niet in de log")
    return report


def _check_queue(connection: psycopg.Connection[Any], report: Report) -> None:
    for leaf, id, body, event in connection.execute(_QUEUED, binary=True):
        fault = "inhoud ontbreekt" if body is None else _entry(leaf, id, body, event)
        if isinstance(fault, str):
            report.found(f"wachtende regel {id}: {fault}")


def _fits(size: int, hashes: Sequence[bytes], report: Report) -> bool:
    return size == report.leaves and size.bit_count() == len(hashes) and Frontier(size, hashes).root() == report.root
