"""The retention round: empties what is over its term, destroys the keys of weeks that ended, and lets nothing old open any more.

Once a Dutch day, by whichever node comes first; it may be cut off and begun again at any moment. Each batch stands in one transaction
with its entry in the log: what cannot be put on record is not destroyed. Counts only, no row is read. Authority: contract, "retention";
architecture, keys (removing the wrapped key, re-wrapping the rest under a new store key, destroying the old one). Leaves the terms to
`terms`, when to run to `gateway.jobs`.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from gateway.core.clock import dutch_day, dutch_midnight
from gateway.core.errors import Misconfigured
from gateway.keys.database import Connection, in_use, rewrap, rotation_due
from gateway.keys.kekfile import KekFile
from gateway.policy.register import PurposeRegister
from gateway.privacylog import term
from gateway.privacylog.append import append
from gateway.privacylog.destroying import Bewaardeel, BewaartermijnToegepast, HoofdsleutelVervangen
from gateway.retention import pseudonyms
from gateway.retention.keeper import BATCH, Keeper, destroyed
from gateway.retention.terms import CASE_DAYS, STATISTICS_DAYS, TERMS, log_bounds, worked_before
from gateway.sealing.sealing import RETENTION

_LOCK = 0x5E1_6BE1
_PAYLOAD = "SELECT bewaar_inhoud(%s::text[], %s::timestamptz[], %s, %s, %s, %s)"
Step = Callable[[Connection], int]


class Round(NamedTuple):
    """What one round did: rows per part, the names of destroyed keys, whether the KEK was replaced, and entries that lost their content."""

    rows: dict[Bewaardeel, int]
    keys: list[str]
    replaced: bool
    entries: int


def run(keeper: Keeper, *, again: bool = False) -> Round | None:
    """One round; None when today's was done already, unless `again`. Raises Unavailable, Misconfigured."""
    keeper.keys.forget_destroyed()
    today = dutch_day(keeper.clock.now())
    if not again and _done(keeper, today):
        return None
    rows = {part: count for part, step in _steps(keeper, today) if (count := _batches(keeper, part, step))}
    keys = [*pseudonyms.destroy_old(keeper), *_destroy_keys(keeper)]
    replaced, entries = replace_kek(keeper), _log(keeper, today)
    with keeper.database.transaction() as connection:
        connection.execute("INSERT INTO bewaring_ronde (dag, at) VALUES (%s, %s) ON CONFLICT DO NOTHING", (today, keeper.clock.now()))
    return Round(rows, keys, replaced, entries)


def _log(keeper: Keeper, today: date) -> int:
    with keeper.log.database.transaction() as connection:
        bounds = log_bounds(today, term.own(connection))
    return term.destroy(keeper.log, keeper.frame, bounds)


def replace_kek(keeper: Keeper, *, anyway: bool = False) -> bool:
    """Finish a replacement that was cut off, and make one when a key was destroyed since the last, or `anyway`.

    Returns whether the KEK is another one now; never without a file of ours. Raises Misconfigured: the file cannot be replaced;
    Unavailable. All keys open at any moment of it.
    """
    if keeper.kek is None:
        return False
    with keeper.database.transaction() as connection:
        _only_one(connection)
        wanted = anyway or rotation_due(connection)
        begun = keeper.kek.settle(in_use(connection) or "")
        if wanted:
            _rewrap(connection, keeper, keeper.kek)
    if wanted:
        _settle(keeper, keeper.kek)
    return wanted or begun


def due(keeper: Keeper) -> bool:
    """Whether a key was destroyed that a copy of last week still opens with the KEK of today."""
    with keeper.database.transaction() as connection:
        return rotation_due(connection)


def _rewrap(connection: Connection, keeper: Keeper, file: KekFile) -> None:
    """In the transaction that ends with every key under the new KEK, whose file stands on disk before."""
    used = in_use(connection)
    if used is None:
        raise Misconfigured("Er is nog geen sleutel om onder een andere hoofdsleutel te zetten.")
    old, new = keeper.keys.kek(used), file.prepare()
    count = rewrap(connection, old, new)
    append(connection, [HoofdsleutelVervangen(**keeper.frame().fields(), oud=old.id, nieuw=new.id, aantal=count)])


def _settle(keeper: Keeper, file: KekFile) -> None:
    with keeper.database.transaction() as connection:
        _only_one(connection)
        file.settle(in_use(connection) or "")
    keeper.keys.forget_destroyed()


def _only_one(connection: Connection) -> None:
    """Two that replace the file wait for each other: one must never take the other's new key for a left-over."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))


def _done(keeper: Keeper, today: date) -> bool:
    with keeper.database.transaction() as connection:
        return connection.execute("SELECT FROM bewaring_ronde WHERE dag = %s", (today,)).fetchone() is not None


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
    with keeper.database.transaction() as connection:
        _only_one(connection)
        done = step(connection)
        if done:
            append(connection, [BewaartermijnToegepast(**keeper.frame().fields(), onderdeel=part, aantal=done)])
    return done


def _destroy_keys(keeper: Keeper) -> list[str]:
    now = keeper.clock.now()
    quarter = now - timedelta(days=STATISTICS_DAYS)
    with keeper.database.transaction() as connection:
        names = sorted(row[0] for row in connection.execute("SELECT vernietig_opslag(%s, %s)", (now, quarter)).fetchall())
        append(connection, [destroyed(keeper.frame(), name) for name in names])
    keeper.keys.forget_destroyed()
    return names
