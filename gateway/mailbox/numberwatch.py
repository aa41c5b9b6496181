"""Which number fields of which partner are held for review, because their numbers pass the eleven-test far more often than chance.

A number of a registered format may pass (`Deelnemer.nummerformaten`): one in eleven does. Who fills such a field with citizens' numbers
passes always. So per partner and field is counted how many nine-digit numbers came and how many passed, over `WINDOW`; never a value. From
`LEAST` numbers on, more than `SHARE` holds the field: what passes there goes no further until an operator releases it. Authority: Wgs
art. 8c, UAVG art. 46, contract, "BSN". Leaves what is counted to the flows. Counts stand in a row per database session, so that deliveries
of one partner do not wait for each other.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

import psycopg
import structlog

from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import NummerveldAangehouden
from schemas.ontvangst import Bevinding
from schemas.types import Nummerveld, Oin

LEAST: Final = 50
SHARE: Final = 0.30
WINDOW: Final = timedelta(days=30)
CODE: Final = "NUMMERVELD_AANGEHOUDEN"
MELDING: Final = "In dit veld voldoen te veel nummers aan de elfproef; wat eraan voldoet, wacht tot de beheerder het veld vrijgeeft."
Link = psycopg.Connection[Any]
_LOOK = """
SELECT k.partij, k.veld, h.sinds IS NOT NULL AND h.vrij_sinds IS NULL, coalesce(h.vrij_tot >= %s, false),
  coalesce(sum(t.getoetst), 0), coalesce(sum(t.geslaagd), 0)
FROM unnest(%s::text[], %s::text[]) AS k (partij, veld)
LEFT JOIN nummer_aangehouden h ON h.partij = k.partij AND h.veld = k.veld
LEFT JOIN nummer_telling t ON t.partij = k.partij AND t.veld = k.veld AND t.dag > %s
GROUP BY k.partij, k.veld, h.sinds, h.vrij_sinds, h.vrij_tot
"""
_COUNT = """
INSERT INTO nummer_telling AS t (partij, veld, dag, vak, getoetst, geslaagd)
SELECT n.partij, n.veld, %s, pg_backend_pid() %% 64, n.getoetst, n.geslaagd
FROM unnest(%s::text[], %s::text[], %s::integer[], %s::integer[]) AS n (partij, veld, getoetst, geslaagd) ORDER BY 1, 2
ON CONFLICT (partij, veld, dag, vak) DO UPDATE SET getoetst = t.getoetst + excluded.getoetst, geslaagd = t.geslaagd + excluded.geslaagd
"""
_HOLD = """
INSERT INTO nummer_aangehouden AS h (partij, veld, sinds) VALUES (%s, %s, %s)
ON CONFLICT (partij, veld) DO UPDATE SET sinds = excluded.sinds, vrij_sinds = NULL, vrij_tot = NULL WHERE h.vrij_sinds IS NOT NULL
"""


class Field(NamedTuple):
    """A number field as one partner fills it."""

    partij: Oin
    veld: Nummerveld


class Count(NamedTuple):
    """How many nine-digit numbers came, and how many passed the eleven-test."""

    tested: int = 0
    passed: int = 0


Tally = dict[Field, Count]
Fields = Mapping[Nummerveld, Mapping[str, bool]]
"""Of one record: what holds a nine-digit number, by field and pointer, and whether it passes."""


class Look(NamedTuple):
    """What a tally means together with what came before: what is held, what of that is held from now on, and what is to be counted."""

    held: frozenset[Field] = frozenset()
    fresh: tuple[Field, ...] = ()
    counted: Mapping[Field, Count] = {}


def tally(found: Iterable[tuple[Oin, Fields]]) -> Tally:
    """Count the numbers of records by partner and field."""
    counts: Tally = {}
    for partij, fields in found:
        for veld, numbers in fields.items():
            tested, passed = counts.get(Field(partij, veld), Count())
            counts[Field(partij, veld)] = Count(tested + len(numbers), passed + sum(numbers.values()))
    return counts


def excessive(tested: int, passed: int) -> bool:
    """Whether that many numbers pass far more often than chance."""
    return tested >= LEAST and passed > SHARE * tested


def look(connection: Link, counts: Tally, today: date) -> Look:
    """Read only: one statement for all fields of a chunk, none without any."""
    if not counts:
        return Look()
    held, fresh, counted = set[Field](), [], {}
    keys = [[field.partij for field in counts], [field.veld for field in counts]]
    for partij, veld, waits, free, tested, passed in connection.execute(_LOOK, (today, *keys, today - WINDOW)):
        field = Field(partij, veld)
        if waits:
            held.add(field)
        elif not free:
            counted[field] = counts[field]
            if excessive(tested + counts[field].tested, passed + counts[field].passed):
                held.add(field)
                fresh.append(field)
    return Look(frozenset(held), tuple(sorted(fresh)), counted)


def keep(connection: Link, seen: Look, frames: Mapping[Oin, Frame], at: datetime, today: date) -> None:
    """Count, and hold what is held from now on, with an entry in the log and a line for the operator. `frames` by partner."""
    if seen.counted:
        columns = zip(*((*field, *count) for field, count in seen.counted.items()), strict=True)
        connection.execute(_COUNT, (today, *map(list, columns)))
    for field in seen.fresh:
        if connection.execute(_HOLD, (*field, at)).rowcount:
            entry = NummerveldAangehouden(**frames[field.partij].fields(), onderdeel=field.veld)
            append.append(connection, [entry])
            structlog.get_logger().warning("nummerveld_aangehouden", deelnemer=field.partij, veld=field.veld)


def findings(seen: Look, partij: Oin, fields: Fields, base: str = "") -> list[Bevinding]:
    """What of one record waits: a finding per number that passes in a field that is held."""
    held = [found for veld, found in fields.items() if Field(partij, veld) in seen.held]
    pointers = [pointer for found in held for pointer, passed in found.items() if passed]
    return [
        Bevinding(code=CODE, oordeel="quarantaine", melding=MELDING, pointer=base + pointer, regel="VS-09", artikel="Wgs art. 8c")
        for pointer in pointers
    ]


class Held(NamedTuple):
    """A field as an operator sees it; `tested` and `passed` over `WINDOW`, `since` None when it is not held."""

    partij: Oin
    veld: Nummerveld
    tested: int
    passed: int
    since: datetime | None
    free_until: date | None


def overview(connection: Link, today: date) -> list[Held]:
    """Every field that was counted or is held."""
    query = """
    SELECT partij, veld, coalesce(sum(t.getoetst), 0), coalesce(sum(t.geslaagd), 0),
      CASE WHEN h.vrij_sinds IS NULL THEN h.sinds END, h.vrij_tot
    FROM (SELECT * FROM nummer_telling WHERE dag > %s) t FULL JOIN nummer_aangehouden h USING (partij, veld)
    GROUP BY partij, veld, h.sinds, h.vrij_sinds, h.vrij_tot ORDER BY h.sinds IS NULL, partij, veld
    """
    return [Held(*row) for row in connection.execute(query, (today - WINDOW,)).fetchall()]


def release(connection: Link, field: Field, at: datetime, until: date | None) -> bool:
    """Release a held field, count anew, and not before the day after `until`. False: it is not held."""
    query = "UPDATE nummer_aangehouden SET vrij_sinds = %s, vrij_tot = %s WHERE partij = %s AND veld = %s AND vrij_sinds IS NULL"
    done = connection.execute(query, (at, until, *field)).rowcount == 1
    if done:
        connection.execute("DELETE FROM nummer_telling WHERE partij = %s AND veld = %s", field)
    return done


def forget(connection: Link, today: date) -> None:
    """Remove counts of days that no longer count."""
    connection.execute("DELETE FROM nummer_telling WHERE dag <= %s", (today - WINDOW,))
