"""The one flow: a chunk of records from arrival to delivery, one transaction, nine steps in the order of the architecture.

Invariants: clear person data ends at step 7; nothing is delivered that is not logged in the same transaction; an outcome
exists for every record; an answer is given only after COMMIT. A race for a kenmerk, a deadlock or a serialisation failure
runs the whole chunk again. Leaves HTTP, files and signatures to the edges, and what the steps decide to the steps.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import psycopg

from gateway.core.chain import Board, Inbound, Judged, Lawful, Logged, Outcome, Parsed, Routed, Stopped
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Unavailable
from gateway.keys.keystore import KeyStore
from gateway.keys.names import FINGERPRINT, commitment
from gateway.mailbox import history, put
from gateway.mailbox.numberwatch import Look
from gateway.matching import naming
from gateway.partners.register import Register
from gateway.privacylog import append
from gateway.quality.checks import nothing
from gateway.rules.rulebook import Rulebook
from gateway.sealing import sealing
from gateway.signals import effort, idempotency, numberfields, quality, residue, stopped
from gateway.signals.parsing import parse
from gateway.store.database import Transactions, retrying
from gateway.store.tenant import Tenant, parties
from schemas.keyed import Keyed

RACES = 8


class Steps(NamedTuple):
    """What the flow works with; made by the composition root.

    `activity` gives the URI of a flow's processing activity, `committed` wakes the sequencer, `residue` keeps what the statistics need,
    `check` warns of data that look unusable.
    """

    database: Transactions
    register: Callable[[], Register]
    rulebook: Rulebook
    route: Callable[[Lawful, Register], Routed | Stopped]
    keys: KeyStore
    clock: Clock
    committed: Callable[[], None]
    activity: Callable[[str], str]
    residue: "residue.Keeper" = residue.nothing
    check: quality.Check = nothing


Also = Callable[[psycopg.Connection[Any], Sequence[Outcome]], None]


def _nothing(connection: psycopg.Connection[Any], outcomes: Sequence[Outcome]) -> None:
    """What else is done with most chunks."""


def receive(chunk: Sequence[Inbound], steps: Steps, also: Also = _nothing, party: str | None = None) -> list[Outcome]:
    """Bring every record of a chunk to its end and commit; outcomes stand in the order of the chunk (`nr` from 0).

    `also` runs last in the same transaction: what it writes is there exactly when the outcomes are; with `party` it may write what is
    that party's.

    Raises:
        Unavailable: nothing of this chunk was done; it may be offered again.
    """
    parsed = [parse(record) for record in chunk]  # (1)
    for _ in range(RACES):
        try:
            outcomes = retrying(lambda: _attempt(chunk, parsed, steps, also, senders(chunk, party)))
        except idempotency.Raced:
            continue
        steps.committed()
        return outcomes
    raise Unavailable("GELIJKTIJDIG_AANGELEVERD", "Dezelfde kenmerken komen gelijktijdig binnen. Probeer het later opnieuw.", retry_after=1)


def senders(chunk: Sequence[Inbound], party: str | None = None) -> Tenant:
    """For whom a chunk is: one principal, or those whose single signals share a commit; and the party whose file it is part of."""
    return parties(*(record.sender.principal for record in chunk), *([party] if party else ()))


def _attempt(
    chunk: Sequence[Inbound], parsed: Sequence[Parsed | Stopped], steps: Steps, also: Also, tenant: Tenant
) -> list[Outcome]:
    board, register = Board(len(chunk)), steps.register()
    with steps.database.transaction(tenant) as connection:
        judged, seen = examine(connection, parsed, board, register, steps)
        sealed, content_keys = sealing.seal(judged, register, steps.keys, dutch_day(steps.clock.now()))  # (7)
        logged = append.log_sealed(connection, sealed, steps.keys.key(commitment()))  # (8)
        put.put(connection, logged, content_keys)  # (9)
        effort.keep(connection, judged, sealed)
        steps.residue(connection, judged, sealed, register, dutch_day(steps.clock.now()))
        idempotency.hold(connection, logged)
        for entry in logged:
            board.note(entry.sealed.nr, _delivered(entry))
        outcomes = list(board.finish())
        stopped.record(connection, chunk, outcomes, steps.activity("aanleveren"))
        quality.keep(connection, chunk, outcomes)
        numberfields.keep(connection, chunk, seen, steps.activity("aanleveren"))
        also(connection, outcomes)
    return outcomes


def examine(
    connection: psycopg.Connection[Any], parsed: Sequence[Parsed | Stopped], board: Board, register: Register, steps: Steps
) -> tuple[list[Judged], Look]:
    """Steps 2 to 6, which only read: what goes on is returned, what stops is on the board. The pre-flight is (1), this and no more.

    Besides: what is to be kept of the number fields.
    """
    fresh = board.keep(idempotency.known(connection, board.keep(parsed), Keyed(steps.keys.key(FINGERPRINT))))  # (2)
    allowed = board.keep(steps.rulebook.judge(record, register) for record in fresh)  # (3)
    weighed = numberfields.weigh(connection, allowed, register, dutch_day(steps.clock.now()))
    lawful = board.keep(weighed.records)
    routed = board.keep(steps.route(record, register) for record in lawful)  # (4)
    named = naming.name(routed, steps.keys, register.pseudonym_versions)  # (5)
    earlier = history.earlier(connection, named)
    judged = board.keep(steps.rulebook.judge_context(record, register, earlier) for record in named)  # (6)
    return quality.mark(judged, steps.check), weighed.seen


def _delivered(entry: Logged) -> Outcome:
    header = entry.sealed.header
    return Outcome(
        "bezorgd",
        header.findings,
        kenmerk=header.kenmerk,
        id=header.id,
        gemeente=header.gemeente,
        sector=header.sector,
        received=header.received,
        content_hash=entry.sealed.content_hash,
        leaf=entry.leaf,
    )
