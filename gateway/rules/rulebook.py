"""(3) and (6): whether a signal is lawful on its date, first by itself, then at the municipality that was found.

Authority: the rows (`regels/*.toml`), evaluated as of the signal's date. Rows are compiled at start into one list of checks per
sector, kind and period between two changes of the law. A day or sector that no designating row covers is refused: default
deny. Every finding of a round is kept, not only the first. Leaves the address to `gateway.routing` and the purpose to
`gateway.policy`; the only place that makes `Lawful` and `Judged`.
"""

import inspect
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Generic, TypeVar, get_args

import msgspec

from gateway.core.chain import Fresh, Judged, Lawful, Named, Outcome, Stopped
from gateway.core.clock import dutch_day
from gateway.core.errors import Misconfigured
from gateway.partners.register import Deelnemer, Register
from gateway.rules import checks, context, experiments, rows, threats
from gateway.rules.checks import Case, Hit, Hits
from gateway.rules.context import NO_CONTRACTS, Context, Contracts, efforts
from gateway.rules.rows import ANY, Row
from schemas.ontvangst import Bevinding, Signaalstatus
from schemas.signaal import Soort

C = TypeVar("C")
_INTAKE = checks.CHECKS | experiments.CHECKS | threats.CHECKS
_DESIGNATING = frozenset({"sector_geregistreerd", "niet_aangewezen", "experiment"})
_NO_INSTRUCTIONS: frozenset[str] = frozenset()
_STRANGER = Deelnemer(oin="", naam="", rollen=frozenset(), status="")  # registered for nothing


class _Rule(msgspec.Struct, Generic[C], frozen=True):
    row: Row
    check: Callable[[C], Hits]


class _Program(msgspec.Struct, frozen=True):
    """What holds for one sector and kind in one period, per round; `agreed` is what holds in one municipality besides.

    `rows` has them all, those that are switched off too.
    """

    rows: tuple[Row, ...]
    intake: tuple[_Rule[Case], ...]
    context: tuple[_Rule[Context], ...]
    agreed: dict[str, tuple[_Rule[Context], ...]]


class _Timeline(msgspec.Struct, frozen=True):
    """The programs of one sector and kind, each from its first day until the next one's."""

    starts: list[date]
    programs: list[_Program]


class Rulebook:
    """The rules as compiled lists. Immutable; any number of threads may use it."""

    def __init__(self, tables: list[rows.Table], agreement_needed: Callable[[str], bool]) -> None:
        """`agreement_needed` tells it of a purpose row id. Raises Misconfigured: an unknown check or parameter, overlapping rows."""
        self._agreement_needed = agreement_needed
        self._rows = rows.by_sector(tables)
        self._timelines = {(s, k): self._timeline(found, k) for s, found in self._rows.items() for k in get_args(Soort)}
        if ANY not in self._rows:
            raise Misconfigured('Geen regelbestand voor sectoren = ["*"]: een onbekende sector moet geweigerd worden.')
        self._refusal = _program(self._rows[ANY])
        self._first = frozenset(row.code for found in self._rows.values() for row in found if row.voorrang)

    @classmethod
    def load(cls, agreement_needed: Callable[[str], bool], directory: Traversable | Path | None = None) -> "Rulebook":
        """Read, check and compile every file of a directory, or what is shipped. Raises Misconfigured."""
        return cls(rows.shipped() if directory is None else rows.read(directory), agreement_needed)

    def rows_on(self, sector: str, soort: str, day: date) -> list[Row]:
        """What holds for a sector and kind on a day, in the order of evaluation."""
        return list(self._find(sector, soort, day).rows)

    def sectors(self) -> list[str]:
        """The sectors that have rows of their own."""
        return sorted(self._rows.keys() - {ANY})

    def judge(self, fresh: Fresh, register: Register) -> Lawful | Stopped:
        """First round: the signal and its creditor (the principal) only. A refused record holds no kenmerk; it may come again."""
        inbound, s = fresh.parsed.inbound, fresh.parsed.signaal
        creditor = register.partner(inbound.sender.principal) or _STRANGER
        case = Case(s, creditor, register, dutch_day(inbound.received))
        program = self._find(s.sector, s.soort, s.signaaldatum)
        findings = _evaluate(program.intake, case, inbound.pointer, creditor.instructies)
        if not findings:
            return Lawful(fresh, ())
        return _stopped(fresh, findings) or Lawful(fresh, findings)

    def judge_context(self, named: Named, register: Register, earlier: Contracts = NO_CONTRACTS) -> Judged | Stopped:
        """Second round: the municipality that was found. The findings of the first round are kept.

        `earlier` has the contract pseudonyms, with their municipality, on which an early signal came before.
        """
        routed = named.routed
        lawful = routed.lawful
        fresh = lawful.fresh
        s = fresh.parsed.signaal
        before = fresh.earlier is not None or (named.contract is not None and (routed.gemeente, named.contract) in earlier)
        case = Context(s, routed, register.gemeenten.get(routed.gemeente), register, self._agreement_needed, before, efforts(s))
        program = self._find(s.sector, s.soort, s.signaaldatum)
        rules = program.context if routed.gemeente not in program.agreed else program.context + program.agreed[routed.gemeente]
        found = _evaluate(rules, case, fresh.parsed.inbound.pointer, _NO_INSTRUCTIONS)
        findings = lawful.findings + found if found else lawful.findings
        first = s.crisis is not None or any(f.code in self._first for f in findings)
        return _stopped(fresh, findings) or Judged(named, findings, first)

    def _find(self, sector: str, soort: str, day: date) -> _Program:
        timeline = self._timelines.get((sector, soort))
        if timeline is None:
            return self._refusal
        at = bisect_right(timeline.starts, day) - 1
        return timeline.programs[at] if at >= 0 else self._refusal

    def _timeline(self, found: list[Row], soort: str) -> _Timeline:
        starts = sorted({r.geldig_van for r in found} | {r.geldig_tot + timedelta(days=1) for r in found if r.geldig_tot})
        periods = [[r for r in found if r.holds(soort, day)] for day in starts]
        refusal = self._rows.get(ANY, [])
        return _Timeline(starts, [_program(p if any(r.toets in _DESIGNATING for r in p) else refusal) for p in periods])


def _program(found: Iterable[Row]) -> _Program:
    intake: list[_Rule[Case]] = []
    second: list[_Rule[Context]] = []
    for row in found:
        if row.toets in _INTAKE and not row.gemeenten:
            intake.append(_Rule(row, _built(row, _INTAKE[row.toets])))
        elif row.toets in context.CHECKS:
            second.append(_Rule(row, _built(row, context.CHECKS[row.toets])))
        else:
            raise Misconfigured(f"{row.id} {row.code}: de toets {row.toets} bestaat niet (of kent de gemeente niet).")
    return _Program(
        rows=tuple([r.row for r in intake] + [r.row for r in second]),
        intake=tuple(r for r in intake if r.row.actief),
        context=tuple(r for r in second if r.row.actief and not r.row.gemeenten),
        agreed={g: tuple(r for r in second if r.row.actief and g in r.row.gemeenten) for r in second for g in r.row.gemeenten},
    )


def _built(row: Row, factory: Callable[..., Callable[[C], Hits]]) -> Callable[[C], Hits]:
    """The row's check with its parameters. Raises Misconfigured: a parameter missing, unknown or of another type."""
    signature = inspect.signature(factory)
    try:
        signature.bind(**row.parameters)
        for name, value in row.parameters.items():
            msgspec.convert(value, signature.parameters[name].annotation)
    except (TypeError, msgspec.ValidationError) as error:
        raise Misconfigured(f"{row.id} {row.code}: parameters van {row.toets}: {error}") from None
    return partial(factory, **row.parameters)()


def _evaluate(program: tuple[_Rule[C], ...], case: C, base: str, instructions: frozenset[str]) -> tuple[Bevinding, ...]:
    findings: list[Bevinding] = []
    for rule in program:
        hits = rule.check(case)
        if hits:
            findings += [_finding(rule.row, hit, base, instructions) for hit in hits]
    return tuple(findings)


def _finding(row: Row, hit: Hit, base: str, instructions: frozenset[str]) -> Bevinding:
    pointer = hit.pointer or row.pointer
    return Bevinding(
        code=row.code,
        oordeel="fout" if row.op_instructie and row.id in instructions else row.oordeel,
        melding=row.melding.format(waarde=_shown(hit.waarde), grens=_shown(hit.grens)),
        pointer=None if pointer is None else base + pointer,
        regel=row.id,
        artikel=row.artikel,
    )


def _shown(value: date | int | None) -> str:
    return "onbekend" if value is None else str(value)


def _stopped(fresh: Fresh, findings: tuple[Bevinding, ...]) -> Stopped | None:
    """The end of the record when a finding refuses or holds it, None when all only warn. A kenmerk that may be a BSN is not kept."""
    verdicts = {f.oordeel for f in findings}
    status: Signaalstatus
    if verdicts & {"fout", "fataal"}:
        status = "geweigerd"
    elif "quarantaine" in verdicts:
        status = "in_quarantaine"
    else:
        return None
    signaal = fresh.parsed.signaal
    kenmerk = None if any(f.regel == "VS-09" and (f.pointer or "").endswith("/kenmerk") for f in findings) else signaal.kenmerk
    return Stopped(fresh.parsed.inbound.nr, Outcome(status, findings, kenmerk=kenmerk, sector=signaal.sector))
