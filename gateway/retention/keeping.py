"""The retention round: empties what is over its term, destroys the keys of weeks that ended, and lets nothing old open any more.

Once a Dutch day, by whichever node comes first; it may be cut off and begun again at any moment. Each batch stands in one transaction
with its entry in the log: what cannot be put on record is not destroyed. Counts only, no row is read. That today's round was done counts
with a seal only, and which keys are over is computed from their names. Authority: contract, "retention"; architecture, keys (removing the
wrapped key, re-wrapping the rest under a new store key, destroying the old one). Leaves the terms to `terms`, when to run to
`gateway.jobs`, and destroying with its checks to `gateway.keys.replacing`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from gateway.core.clock import dutch_day, dutch_midnight
from gateway.core.errors import Misconfigured
from gateway.keys import replacing
from gateway.keys.book import Connection
from gateway.keys.names import iso_week, quarter
from gateway.keys.wrapping import KekPlace, Wrapping
from gateway.partners.rows import fits, sealer, stamp
from gateway.policy.register import PurposeRegister
from gateway.privacylog import term
from gateway.privacylog.append import append
from gateway.privacylog.destroying import Bewaardeel, BewaartermijnToegepast, HoofdsleutelVervangen
from gateway.retention import pseudonyms
from gateway.retention.keeper import BATCH, KEEPING, Keeper, destroy
from gateway.retention.terms import CASE_DAYS, STATISTICS_DAYS, TERMS, log_bounds, worked_before
from gateway.sealing.sealing import RETENTION
from schemas.keyed import Keyed

_LOCK = 0x5E1_6BE1
_PAYLOAD = "SELECT bewaar_inhoud(%s::text[], %s::timestamptz[], %s, %s, %s, %s)"
_OPSLAG = re.compile(r"opslag/(?:[0-9]{4}|[0-9]{20})/([0-9]{4}-W[0-9]{2})")
_STATISTICS = re.compile(r"opslag-statistiek/[0-9]{4}/([0-9]{4}-K[1-4])")
_ROUND = "bewaring_ronde"
_DONE = """
INSERT INTO bewaring_ronde (dag, at, zegel) VALUES (%s, %s, %s) ON CONFLICT (dag) DO UPDATE SET at = excluded.at, zegel = excluded.zegel
"""
Step = Callable[[Connection], int]


class Round(NamedTuple):
    """What one round did: rows per part, the names of destroyed keys, whether the KEK was replaced, rows of keys that do not open, and
    entries that lost their content.
    """

    rows: dict[Bewaardeel, int]
    keys: list[str]
    replaced: bool
    unopened: int
    entries: int


def run(keeper: Keeper, *, again: bool = False) -> Round | None:
    """One round; None when today's was done already, unless `again`. Raises Unavailable, Misconfigured."""
    keeper.keys.forget_destroyed()
    keyed, now = sealer(keeper.keys), keeper.clock.now()
    today = dutch_day(now)
    if not again and _done(keeper, today, keyed):
        return None
    rows = {part: count for part, step in _steps(keeper, today) if (count := _batches(keeper, part, step))}
    keys = [*pseudonyms.destroy_old(keeper), *_destroy_keys(keeper)]
    replaced, entries = replace_kek(keeper, anyway=bool(keys)), _log(keeper, today)
    with keeper.database.transaction(KEEPING) as connection:
        unopened = replacing.unopened(connection, keeper.keys)
        connection.execute(_DONE, (today, now, stamp(_ROUND, {"dag": today, "at": now}, keyed)))
    return Round(rows, keys, replaced, unopened, entries)


def _log(keeper: Keeper, today: date) -> int:
    with keeper.log.database.transaction() as connection:
        bounds = log_bounds(today, term.own(connection))
    return term.destroy(keeper.log, keeper.frame(), bounds)


def replace_kek(keeper: Keeper, *, anyway: bool = False) -> bool:
    """Finish a replacement that was cut off, and make one when a key was destroyed since the last, or `anyway`.

    Returns whether the KEK is another one now; never without a place of ours. Raises Misconfigured: it cannot be replaced, or a key would
    be lost; Unavailable. All keys open at any moment of it, and the old KEK goes only after all were seen to open with the new one.
    """
    place = keeper.kek
    if place is None:
        return False
    keyed = sealer(keeper.keys)
    with keeper.database.transaction(KEEPING) as connection:
        _only_one(connection)
        begun = place.settle(replacing.staying(connection, keeper.keys, place.keks()))
        over = [*_stored_over(connection, keeper), *pseudonyms.over(connection, keeper, keyed)]
        late = destroy(connection, keeper, over)  # what the round was not shown
        wanted = anyway or bool(late) or keeper.keys.held(connection).rotation_due
        new = _rewrap(connection, keeper, place.prepare) if wanted else None
    if new is not None:
        _settle(keeper, place, new)
    return wanted or begun


def move_kek(keeper: Keeper, old: KekPlace, new: KekPlace) -> bool:
    """Put every key under the KEK of another place, then destroy the old place; may be cut off and begun again.

    Returns whether keys moved. Raises Misconfigured: there is none in `new`, neither place has the one in use, or a key would be lost;
    Unavailable.
    """
    (target,) = new.keks()
    keeper.keys.learn(target)
    with keeper.database.transaction(KEEPING) as connection:
        _only_one(connection)
        book = keeper.keys.held(connection)
        moved = book.number > 0 and book.kek != target.id
        if moved:
            _rewrap(connection, keeper, lambda: target)
    with keeper.database.transaction(KEEPING) as connection:
        _only_one(connection)
        if book.number:
            _expect(target.id, replacing.staying(connection, keeper.keys, _readable(old)))
        old.destroy()
    return moved


def due(keeper: Keeper) -> bool:
    """Whether a key was destroyed that a copy of last week still opens with the KEK of today. Raises Misconfigured, Unavailable."""
    with keeper.database.transaction(KEEPING) as connection:
        return keeper.keys.held(connection).rotation_due


def _rewrap(connection: Connection, keeper: Keeper, prepare: Callable[[], Wrapping]) -> str:
    """In the transaction that ends with every key under the new KEK, which stands where it stands before. Returns the id of the new one."""
    book = keeper.keys.held(connection)
    if not book.number:
        raise Misconfigured("Er is nog geen sleutel om onder een andere hoofdsleutel te zetten.")
    new = prepare()
    count = replacing.rewrap(connection, keeper.keys, new)
    append(connection, [HoofdsleutelVervangen(**keeper.frame().fields(), oud=book.kek, nieuw=new.id, aantal=count)])
    return new.id


def _settle(keeper: Keeper, place: KekPlace, new: str) -> None:
    """In a transaction of its own: what counts is what the database shows after the last one was committed."""
    with keeper.database.transaction(KEEPING) as connection:
        _only_one(connection)
        stays = replacing.staying(connection, keeper.keys, place.keks())
        _expect(new, stays)
        place.settle(stays)
    keeper.keys.forget_destroyed()


def _expect(new: str, stays: str) -> None:
    if stays != new:
        raise Misconfigured(f"De sleutels staan weer onder hoofdsleutel {stays} in plaats van {new}; er is geen hoofdsleutel vernietigd.")


def _readable(place: KekPlace) -> Sequence[Wrapping] | None:
    try:
        return place.keks()
    except Misconfigured:
        return None


def _only_one(connection: Connection) -> None:
    """Two that replace it wait for each other: one must never take the other's new key for a left-over."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))


def _done(keeper: Keeper, today: date, keyed: Keyed) -> bool:
    """Whether today's round was done; a row without its seal says nothing."""
    with keeper.database.transaction(KEEPING) as connection:
        row = connection.execute("SELECT at, zegel FROM bewaring_ronde WHERE dag = %s", (today,)).fetchone()
    return row is not None and fits(row[1], _ROUND, {"dag": today, "at": row[0]}, keyed)


def _steps(keeper: Keeper, today: date) -> Iterator[tuple[Bewaardeel, Step]]:
    """Every part of the dated table, payloads first: what hangs on them follows."""
    yield "inhoud", partial(_payloads, purposes=keeper.purposes, today=today)
    for row in TERMS:
        yield row.part, partial(_part, part=row.part, bound=row.bound(today))


def _part(connection: Connection, part: Bewaardeel, bound: object) -> int:
    row = connection.execute("SELECT bewaar(%s, %s, %s)", (part, bound, BATCH)).fetchone()
    return int(row[0]) if row else 0


def _payloads(connection: Connection, purposes: PurposeRegister, today: date) -> int:
    ids = [row.id for purpose in purposes.purposes() for row in purpose.rij]
    bounds = [worked_before(today, purposes.retention(id).na_ontvangst_werkdagen) for id in ids]
    closed, oldest = dutch_midnight(today - timedelta(days=CASE_DAYS)), dutch_midnight(today - RETENTION)
    row = connection.execute(_PAYLOAD, (ids, bounds, max(bounds), closed, oldest, BATCH)).fetchone()
    return int(row[0]) if row else 0


def _batches(keeper: Keeper, part: Bewaardeel, step: Step) -> int:
    total = 0
    while done := _batch(keeper, part, step):
        total += done
    return total


def _batch(keeper: Keeper, part: Bewaardeel, step: Step) -> int:
    with keeper.database.transaction(KEEPING) as connection:
        _only_one(connection)
        done = step(connection)
        if done:
            append(connection, [BewaartermijnToegepast(**keeper.frame().fields(), onderdeel=part, aantal=done)])
    return done


def _destroy_keys(keeper: Keeper) -> list[str]:
    with keeper.database.transaction(KEEPING) as connection:
        names = destroy(connection, keeper, _stored_over(connection, keeper))
    keeper.keys.forget_destroyed()
    return names


def _stored_over(connection: Connection, keeper: Keeper) -> list[str]:
    """Keys of weeks and quarters that are over. What still stands under one keeps it; an open question so long as a payload may live."""
    today = dutch_day(keeper.clock.now())
    week, last, past = iso_week(today), iso_week(today - RETENTION), quarter(today - timedelta(days=STATISTICS_DAYS))
    names = replacing.live(connection)
    weeks = {name: found[1] for name in names if (found := _OPSLAG.fullmatch(name)) and found[1] < week}
    quarters = [name for name in names if (found := _STATISTICS.fullmatch(name)) and found[1] < past]
    needed = {row[0] for row in connection.execute("SELECT opslag_nodig(%s)", ([*weeks, *quarters],)).fetchall()}
    return [*(n for n, of in weeks.items() if n not in needed or of < last), *(n for n in quarters if n not in needed)]
