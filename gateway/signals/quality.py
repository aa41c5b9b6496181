"""A creditor's own data quality: marks findings, counts them per month, and shows the creditor its own figures.

Authority: rule VS-24 (monthly report per creditor: reject rate, wrongful rate); contract, `GET kwaliteit`. Rows are only added, so that
deliveries never wait for each other. What municipalities report comes as whole tens over whole months, of all municipalities together, and
never below ten. Nothing of another creditor is read. Leaves the checks to `gateway.quality`.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
import psycopg

from gateway.core import ids
from gateway.core.chain import Inbound, Judged, Outcome
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Invalid
from gateway.mailbox import numberwatch
from gateway.quality.checks import PREFIX
from gateway.store.database import Database, Transactions
from gateway.store.tenant import parties, task
from schemas.kwaliteit import ControleAantal, GemeldAantal, Kwaliteit, KwaliteitMaand
from schemas.ontvangst import Bevinding
from schemas.signaal import Signaal

LONGEST_MONTHS = 24
LEAST = 10
CLEAN, WRONGFUL = "zonder_bevinding", "onterecht_ingetrokken"
Check = Callable[[Signaal, str], tuple[Bevinding, ...]]
_ADD = """
INSERT INTO kwaliteit_telling (id, principal, maand, code, aantal, voorbeeld)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::text[], %s::integer[], %s::text[])
"""
_MONTHS = """
SELECT maand, code, sum(aantal)::int FROM kwaliteit_telling
WHERE principal = %s AND maand BETWEEN %s AND %s GROUP BY maand, code ORDER BY maand, code
"""
_EXAMPLES = """
SELECT code, (array_agg(DISTINCT voorbeeld))[1:5] FROM kwaliteit_telling
WHERE principal = %s AND maand BETWEEN %s AND %s AND voorbeeld IS NOT NULL GROUP BY code
"""
_REPORTED = "SELECT code, aantal FROM kwaliteit_gemeld(%s, %s, %s) ORDER BY code"


def mark(judged: Sequence[Judged], check: Check) -> list[Judged]:
    """Every record with the findings of `check` added to its own."""
    marked = []
    for record in judged:
        parsed = record.named.routed.lawful.fresh.parsed
        found = check(parsed.signaal, parsed.inbound.pointer)
        marked.append(msgspec.structs.replace(record, findings=record.findings + found) if found else record)
    return marked


def keep(connection: psycopg.Connection[Any], chunk: Sequence[Inbound], outcomes: Sequence[Outcome]) -> None:
    """Count a chunk in its own transaction; what came before counts once."""
    counts: dict[tuple[str, date, str], tuple[int, str | None]] = {}
    for inbound, outcome in zip(chunk, outcomes, strict=True):
        if outcome.repeated:
            continue
        codes = {finding.code for finding in outcome.findings if finding.code.startswith(PREFIX)}
        month = _month(inbound.received)
        delivered = outcome.status == "bezorgd"
        for code in (outcome.status, *(sorted(codes) or [CLEAN] if delivered else ())):
            key = (inbound.sender.principal, month, code)
            before, example = counts.get(key, (0, None))
            counts[key] = (before + 1, example or (outcome.kenmerk if code in codes else None))
    _add(connection, [(*key, *value) for key, value in counts.items()])


def wrongful(connection: psycopg.Connection[Any], principal: str, at: datetime) -> None:
    """Count a signal that its creditor withdrew as wrongful."""
    _add(connection, [(principal, _month(at), WRONGFUL, 1, None)])


def report(principal: str, van: date, tot: date, database: Transactions) -> Kwaliteit:
    """The creditor's own figures over the months from that of `van` up to and with that of `tot`. Raises Invalid."""
    first, last = van.replace(day=1), tot.replace(day=1)
    if not 0 <= (last.year - first.year) * 12 + last.month - first.month < LONGEST_MONTHS:
        raise Invalid("PERIODE_ONGELDIG", f"De periode loopt van een maand tot en met een latere maand, hoogstens {LONGEST_MONTHS}.")
    end = last.replace(day=monthrange(last.year, last.month)[1])
    with database.transaction(parties(principal)) as connection:
        rows = connection.execute(_MONTHS, (principal, first, last)).fetchall()
        examples: dict[str, list[str]] = dict(connection.execute(_EXAMPLES, (principal, first, last)).fetchall())
        reported = connection.execute(_REPORTED, (principal, first, end)).fetchall()
    months: dict[date, dict[str, int]] = {}
    checks: dict[str, int] = {}
    for month, code, count in rows:
        months.setdefault(month, {})[code] = count
        if code.startswith(PREFIX):
            checks[code] = checks.get(code, 0) + count
    return Kwaliteit(
        schuldeiser=principal,
        van=first,
        tot=end,
        maanden=[_of_month(month, counts) for month, counts in sorted(months.items())],
        controles=[ControleAantal(code=code, aantal=n, voorbeelden=examples.get(code, [])) for code, n in sorted(checks.items())],
        gemeld=[GemeldAantal(code=code, minstens=n // LEAST * LEAST) for code, n in reported if n >= LEAST],
    )


def summarise(database: Database, clock: Clock) -> int:
    """Bring the rows of months before the previous one together, and forget old counts of number fields. Returns how many rows went."""
    before = dutch_day(clock.now()).replace(day=1) - timedelta(days=1)
    with database.transaction(task("kwaliteit")) as connection:
        row = connection.execute("SELECT kwaliteit_samenvatten(%s)", (before,)).fetchone()
        numberwatch.forget(connection, dutch_day(clock.now()))
    return int(row[0]) if row else 0


def _of_month(month: date, counts: dict[str, int]) -> KwaliteitMaand:
    delivered, refused, held = (counts.get(status, 0) for status in ("bezorgd", "geweigerd", "in_quarantaine"))
    offered = delivered + refused + held
    wrong = counts.get(WRONGFUL, 0)
    return KwaliteitMaand(
        maand=month,
        aangeboden=offered,
        bezorgd=delivered,
        geweigerd=refused,
        in_quarantaine=held,
        onterecht_ingetrokken=wrong,
        aandeel_geweigerd=_share(refused, offered),
        aandeel_onterecht=_share(wrong, delivered),
        score=_share(counts.get(CLEAN, 0), delivered),
    )


def _add(connection: psycopg.Connection[Any], rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        connection.execute(_ADD, [list(column) for column in zip(*((ids.new(), *row) for row in rows), strict=True)])


def _share(part: int, whole: int) -> float:
    return min(1.0, round(part / whole, 4)) if whole else 0.0


@lru_cache(maxsize=64)
def _month(at: datetime) -> date:
    return dutch_day(at).replace(day=1)
