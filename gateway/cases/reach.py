"""Reach: how many cases were approached, reached and helped, with small cells withheld.

A cell under 10 is not shown, nor a number whose difference with the one before it is; and where a total would give a withheld cell
away, more is withheld (complementary suppression): at least two cells, together at least 10. Whole past months only, so that two
questions do not differ by a day. A case counts once per cell. Authority: contract, reach; AVG art. 5(1)(c), 25.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import psycopg

from gateway.cases.desk import CaseDesk, error
from gateway.core.clock import dutch_day
from gateway.core.errors import Invalid
from gateway.store.tenant import municipality
from schemas.codelijsten import AANGENOMEN
from schemas.zaken import Bereik, Cel

SMALL = 10

_CASES = """
WITH poging AS (
  SELECT c.zaak, c.soort, c.dagdeel, c.bereikt, coalesce(z.resultaat = ANY (%(aangenomen)s), false) AS geholpen
  FROM contactpoging c JOIN zaak z ON z.gemeente = c.gemeente AND z.id = c.zaak
  WHERE c.gemeente = %(gemeente)s AND c.datum BETWEEN %(van)s AND %(tot)s
)
SELECT {key}, count(DISTINCT p.zaak), count(DISTINCT p.zaak) FILTER (WHERE p.bereikt),
       count(DISTINCT p.zaak) FILTER (WHERE p.bereikt AND p.geholpen)
FROM poging p {join} GROUP BY 1 ORDER BY 1
"""
_SECTORS = "JOIN zaak_bericht b ON b.gemeente = %(gemeente)s AND b.zaak = p.zaak"


class Counts(NamedTuple):
    """Cases approached, of those reached, of those accepted: each a part of the one before."""

    zaken: int
    bereikt: int
    aangenomen: int

    def parts(self, level: int) -> tuple[int, ...]:
        """The numbers that showing this level reveals: itself, and what is left of the level above."""
        return (self[0],) if level == 0 else (self[level], self[level - 1] - self[level])


def reach(gemeente: str, van: date, tot: date, desk: CaseDesk) -> Bereik:
    """The figures of one municipality. Raises Invalid: not whole months, or not past."""
    _require_months(van, tot, dutch_day(desk.clock.now()))
    values = {"gemeente": gemeente, "van": van, "tot": tot, "aangenomen": sorted(AANGENOMEN)}
    with desk.database.transaction(municipality(gemeente)) as connection:
        whole = _counts(connection, "'totaal'", "", values)
        kanalen = _counts(connection, "p.soort", "", values)
        dagdelen = _counts(connection, "coalesce(p.dagdeel, 'onbekend')", "", values)
        sectoren = _counts(connection, "b.sector", _SECTORS, values)
    total = whole.get("totaal", Counts(0, 0, 0))
    return Bereik(
        van=van,
        tot=tot,
        totaal=protect(total, {})[0],
        kanalen=protect(total, kanalen)[1],
        dagdelen=protect(total, dagdelen)[1],
        sectoren=protect(total, sectoren)[1],
    )


def protect(total: Counts, rows: Mapping[str, Counts]) -> tuple[Cel, list[Cel]]:
    """Total and rows as they may be shown; a row without cases is left out."""
    rows = {name: counts for name, counts in rows.items() if counts.zaken}
    shown_total, hidden = 0, set[str]()
    shown = dict.fromkeys(rows, 0)
    for level in range(3):
        if min(total.parts(level)) < SMALL:
            break
        shown_total = level + 1
        hidden = _withheld(rows, hidden, level)
        for name in rows.keys() - hidden:
            shown[name] = level + 1
    return _cell("totaal", total, shown_total), [_cell(name, counts, shown[name]) for name, counts in rows.items()]


def _withheld(rows: Mapping[str, Counts], before: set[str], level: int) -> set[str]:
    """The rows that do not show this level: small ones, those withheld above, and as many more as it takes to hide them."""
    hidden = before | {name for name, counts in rows.items() if min(counts.parts(level)) < SMALL}
    others = sorted(rows.keys() - hidden, key=lambda name: (min(rows[name].parts(level)), name))
    while hidden and others and _given_away([rows[name] for name in hidden], level):
        hidden.add(others.pop(0))
    return hidden


def _given_away(hidden: list[Counts], level: int) -> bool:
    sums = [sum(column) for column in zip(*(counts.parts(level) for counts in hidden), strict=True)]
    return len(hidden) == 1 or min(sums) < SMALL


def _cell(name: str, counts: Counts, shown: int) -> Cel:
    return Cel(
        naam=name,
        zaken=counts.zaken if shown > 0 else None,
        bereikt=counts.bereikt if shown > 1 else None,
        aangenomen=counts.aangenomen if shown > 2 else None,
    )


def _counts(connection: psycopg.Connection[Any], key: str, join: str, values: Mapping[str, Any]) -> dict[str, Counts]:
    rows = connection.execute(_CASES.format(key=key, join=join).encode(), values).fetchall()
    return {name: Counts(*counts) for name, *counts in rows}


def _require_months(van: date, tot: date, today: date) -> None:
    whole = van.day == 1 and tot.day == monthrange(tot.year, tot.month)[1] and van < tot
    if not whole or tot >= today.replace(day=1):
        melding = "Vraag hele, voorbije maanden: van is een eerste dag, tot een laatste."
        raise Invalid("PERIODE_ONGELDIG", melding, errors=[error("PERIODE_ONGELDIG", melding, "/van")])
