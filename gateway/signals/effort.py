"""What creditors did before their signals: kept as days and channels for twelve months, shown to the creditor itself as figures.

Authority: Bgs art. 2 (effort for personal contact before a signal), AVG art. 5 lid 1 onder c and e: no person data and no kenmerk
is kept, and after twelve months counts only. The norm itself stands in `gateway/rules/normen`. A creditor sees its own figures
and nothing that another one delivered.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import msgspec
import psycopg

from gateway.core.chain import Judged, Sealed
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Invalid
from gateway.rules.context import efforts
from gateway.store.database import Database
from gateway.store.tenant import parties, task
from schemas.inspanning import Dagen, Inspanningsverslag, SectorInspanning
from schemas.signaal import Contactmoment, Inspanning
from schemas.types import Wire

NORM = "ONDER_AFGESPROKEN_NORM"
PERSONAL = frozenset({"telefoon", "huisbezoek", "balie", "whatsapp"})
"""Channels on which two people speak with each other."""
LONGEST = 732
KEPT = timedelta(days=366)
_KEEP = """
INSERT INTO inspanning (principal, bericht, sector, dag, wijze, persoonlijk, onder_norm, kanalen, dagen, datums)
SELECT principal, bericht, sector, dag, wijze, persoonlijk, onder_norm, string_to_array(kanalen, ','), dagen, datums
FROM unnest(%b::text[], %b::uuid[], %b::text[], %b::date[], %b::text[], %b::boolean[], %b::boolean[], %b::text[], %b::integer[],
            %b::bytea[])
  AS x (principal, bericht, sector, dag, wijze, persoonlijk, onder_norm, kanalen, dagen, datums)
"""
_COUNTS = """
SELECT sector, sum(n)::int, sum(v)::int, sum(p)::int, sum(o)::int FROM (
  SELECT sector, count(*) AS n, count(*) FILTER (WHERE wijze = 'verklaring') AS v, count(*) FILTER (WHERE persoonlijk) AS p,
         count(*) FILTER (WHERE onder_norm) AS o
  FROM inspanning WHERE principal = %(principal)s AND dag BETWEEN %(van)s AND %(tot)s GROUP BY sector
  UNION ALL
  SELECT sector, signalen, met_verklaring, persoonlijk, onder_norm FROM inspanning_aantal
  WHERE principal = %(principal)s AND maand >= %(van)s AND maand + interval '1 month' <= %(tot)s::date + 1
) AS parts GROUP BY sector ORDER BY sector
"""
_CHANNELS = """
SELECT sector, kanaal, count(*) FROM inspanning, unnest(kanalen) AS kanaal
WHERE principal = %(principal)s AND dag BETWEEN %(van)s AND %(tot)s GROUP BY sector, kanaal ORDER BY sector, kanaal
"""
_DAYS = """
SELECT sector, percentile_disc(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY dagen) FROM inspanning
WHERE principal = %(principal)s AND dag BETWEEN %(van)s AND %(tot)s AND dagen IS NOT NULL GROUP BY sector
"""


class _Datums(Wire, frozen=True, kw_only=True):
    """The evidence that is kept: a day, and for a contact its channel, who began it and whether it reached."""

    contacten: list[Contactmoment] | None = None
    herinneringen: list[date] | None = None
    gewezen_op_schuldhulp: date | None = None
    gegevensdeling_aangeboden: date | None = None
    kosten_in_rekening_op: date | None = None
    aanmaning_op: date | None = None
    geen_uitstel_op: date | None = None


def keep(connection: psycopg.Connection[Any], judged: Sequence[Judged], sealed: Sequence[Sealed]) -> None:
    """Keep the evidence of what is delivered, in its transaction. `sealed[n]` is what `judged[n]` became."""
    if not sealed:
        return
    rows = [_row(before, after) for before, after in zip(judged, sealed, strict=True)]
    connection.execute(_KEEP, [list(column) for column in zip(*rows, strict=True)])


def report(principal: str, van: date, tot: date, database: Database) -> Inspanningsverslag:
    """The creditor's own figures over a period. Raises Invalid: the period is empty or longer than two years."""
    if not 0 <= (tot - van).days <= LONGEST:
        raise Invalid("PERIODE_ONGELDIG", f"De periode loopt van een dag tot en met een latere dag, hoogstens {LONGEST} dagen.")
    asked = {"principal": principal, "van": van, "tot": tot}
    with database.transaction(parties(principal)) as connection:
        counts = connection.execute(_COUNTS, asked).fetchall()
        channels = connection.execute(_CHANNELS, asked).fetchall()
        days = {sector: Dagen(p10=p[0], mediaan=p[1], p90=p[2]) for sector, p in connection.execute(_DAYS, asked)}
    sectors = [
        _sector(row, {channel: count for sector, channel, count in channels if sector == row[0]}, days.get(row[0])) for row in counts
    ]
    return Inspanningsverslag(schuldeiser=principal, van=van, tot=tot, sectoren=sectors)


def summarise(database: Database, clock: Clock) -> int:
    """Turn whole months that are older than twelve months into counts. Returns how many rows went."""
    with database.transaction(task("inspanning")) as connection:
        row = connection.execute("SELECT inspanning_samenvatten(%s)", (dutch_day(clock.now()) - KEPT,)).fetchone()
    return int(row[0]) if row else 0


def _row(judged: Judged, sealed: Sealed) -> tuple[Any, ...]:
    header, signaal = sealed.header, judged.named.routed.lawful.fresh.parsed.signaal
    i = signaal.inspanning
    found = efforts(signaal) or []
    return (
        header.sender.principal,
        header.id,
        signaal.sector,
        _day(header.received),
        i.wijze,
        i.wijze == "gegevens" and any(c.bereikt and c.kanaal in PERSONAL and c.datum <= signaal.signaaldatum for c in i.contacten or ()),
        any(finding.code == NORM for finding in header.findings),
        ",".join(sorted({channel for _, channel in found})),
        (signaal.signaaldatum - min(found)[0]).days if found else None,
        msgspec.json.encode(_datums(i)),
    )


def _datums(i: Inspanning) -> _Datums:
    offer = i.gegevensdeling_aangeboden
    return _Datums(
        contacten=i.contacten,
        herinneringen=i.herinneringen,
        gewezen_op_schuldhulp=i.gewezen_op_schuldhulp,
        gegevensdeling_aangeboden=offer.datum if offer else None,
        kosten_in_rekening_op=i.kosten_in_rekening_op,
        aanmaning_op=i.aanmaning_op,
        geen_uitstel_op=i.geen_uitstel_op,
    )


def _sector(row: tuple[Any, ...], channels: dict[str, int], days: Dagen | None) -> SectorInspanning:
    sector, signals, declared, personal, under = row
    dated = signals - declared
    return SectorInspanning(
        sector=sector,
        signalen=signals,
        met_verklaring=declared,
        met_persoonlijk_contact=personal,
        onder_norm=under,
        aandeel_verklaring=_share(declared, signals),
        aandeel_persoonlijk_contact=_share(personal, dated),
        aandeel_onder_norm=_share(under, dated),
        kanalen=channels,
        dagen_tot_signaal=days,
    )


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


_day = lru_cache(maxsize=8)(dutch_day)
