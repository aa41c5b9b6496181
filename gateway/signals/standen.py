"""Full-state reconciliation: a creditor's list of all open signals becomes deliveries and withdrawals through the one flow.

Everything is decided once, in a plan that is kept before anything is done, so that a run that a crash cut short does the same again:
every delivery in it is idempotent on its kenmerk, every withdrawal on its message. Authority: contract, idempotency (keyed on series
and day); AVG art. 5(1)(d). No person data is kept: the plan holds kenmerken, ids and verdicts. Leaves the decision to `standplan`.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from gateway.core import ids
from gateway.core.chain import Inbound, Outcome, Room, Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Invalid, Unavailable
from gateway.keys.names import FINGERPRINT
from gateway.matching import fingerprints
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.messages import StandVerwerkt
from gateway.signals import afterwards, reports, standplan
from gateway.signals.chunks import split
from gateway.signals.deliveries import ROOM
from gateway.signals.receive import Steps, receive
from gateway.signals.standplan import Own, Plan, Step
from gateway.store.tenant import parties
from schemas import strict
from schemas.keyed import Keyed
from schemas.ontvangst import Bevinding
from schemas.signaal import IntrekkingAanvraag
from schemas.standen import StandAantallen, StandEnvelop, StandRegel, StandVerslag, Uitkomst, Vervalreden

CHUNK = 1_000
LEASE = timedelta(seconds=60)
_PLAN = msgspec.json.Decoder(Plan)
_RESULT = msgspec.json.Decoder(StandVerslag)
_REFUSALS = {
    "DUBBEL_IN_STAND": ("Dit kenmerk staat eerder in dezelfde stand.", "/kenmerk"),
    "STAND_SOORT_ONJUIST": ("In een stand staan vroegsignalen zonder eerderKenmerk; wat er verandert bepaalt de vergelijking.", "/soort"),
    "STAND_ANDERE_REEKS": ("Sector of handelsnaam is een andere dan die van de stand; lever die signalen in een eigen stand.", "/sector"),
}


class _Schuldeiser(msgspec.Struct, frozen=True):
    handelsnaam: str


class _Meta(msgspec.Struct, frozen=True, rename="camel"):
    """What is read of a message's metadata."""

    schuldeiser: _Schuldeiser
    bedrag_cent: int


class _Row(NamedTuple):
    peildatum: date
    id: UUID
    content: bytes
    plan: bytes
    busy: bool
    result: bytes | None


class _Run(NamedTuple):
    """One stand in progress."""

    sender: Sender
    trace: Trace
    peildatum: date
    stand: StandEnvelop
    steps: Steps
    id: UUID
    plan: Plan

    @property
    def key(self) -> tuple[str, str, date]:
        """The key of its row."""
        return self.sender.principal, series(self.stand), self.peildatum


_META = msgspec.json.Decoder(_Meta)
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_ROWS = """
SELECT peildatum, id, content, plan, result IS NULL AND bezig_tot > %s, result FROM stand
WHERE principal = %s AND reeks = %s ORDER BY peildatum DESC LIMIT 2
"""
_OWN = """
SELECT o.id, o.kenmerk, o.earlier, o.meta, o.state, o.withdrawn_at IS NOT NULL, s.kenmerk, s.profiel, o.volgt
FROM own_signals(%(principal)s, %(sector)s) o LEFT JOIN stand_bericht s ON s.principal = %(principal)s AND s.bericht = o.id ORDER BY o.id
"""
_INSERT = """
INSERT INTO stand (principal, reeks, peildatum, id, party, content, received, plan, bezig_tot) VALUES (%s, %s, %s, %s, %s, %s, %s, %b, %s)
"""
_LISTED = """
INSERT INTO stand_bericht (principal, bericht, kenmerk, profiel)
SELECT %s, u.*, %s FROM unnest(%s::uuid[], %s::text[]) AS u (bericht, kenmerk) ON CONFLICT DO NOTHING
"""
_EXTEND = "UPDATE stand SET bezig_tot = %s WHERE principal = %s AND reeks = %s AND peildatum = %s"
_HOLDS = """
UPDATE stand s SET bezig_tot = %s WHERE s.principal = %s AND s.reeks = %s AND s.peildatum = %s
  AND NOT EXISTS (SELECT FROM stand n WHERE n.principal = s.principal AND n.reeks = s.reeks AND n.peildatum > s.peildatum)
"""
_FINISH = "UPDATE stand SET result = %b WHERE principal = %s AND reeks = %s AND peildatum = %s AND result IS NULL"


def reconcile(
    sender: Sender,
    trace: Trace,
    peildatum: date,
    stand: StandEnvelop,
    steps: Steps,
    number: Callable[[], object],
    canonical: bytes | None = None,
) -> tuple[StandVerslag, bool]:
    """Bring the messages in line with the list; the flag tells whether it is new. `number` runs the sequencer.

    `canonical` is the canonical form of `stand`, for a list whose records are not all in memory.

    Raises:
        Invalid: an empty list without a reason.
        Conflict: a day that has not come yet, other content under this day, or a newer list of this series came before.
        Unavailable: somebody is at this series, or part was done; the same list continues under the same day.
    """
    now = steps.clock.now()
    if peildatum > dutch_day(now):
        raise Conflict("PEILDATUM_IN_TOEKOMST", "De peildatum ligt na vandaag.")
    if not stand.signalen and stand.reden_vervallen is None:
        raise Invalid("STAND_LEEG", "Een lege stand trekt alles in. Is dat de bedoeling, noem dan redenVervallen.")
    found = _begin(sender, peildatum, stand, steps, strict.canonical(stand) if canonical is None else canonical)
    if isinstance(found, StandVerslag):
        return found, False
    run = _Run(sender, trace, peildatum, stand, steps, *found)
    lines = [*_deliver(run), *_withdraw(run, number)]
    return _finish(run, lines), True


def series(stand: StandEnvelop) -> str:
    """What a list is a list of."""
    return "\n".join([stand.sector, stand.handelsnaam, stand.profiel or ""])


def _name(principal: str, stand: StandEnvelop) -> str:
    """What is locked while somebody begins or goes on with a series."""
    return f"stand\n{principal}\n{series(stand)}"


def _overtaken() -> Conflict:
    return Conflict("STAND_VEROUDERD", "Er is al een stand met een latere peildatum verwerkt. Lever een nieuwe stand aan.")


def _begin(sender: Sender, peildatum: date, stand: StandEnvelop, steps: Steps, canonical: bytes) -> StandVerslag | tuple[UUID, Plan]:
    """The report when it was done before; else the plan, made now or by the run that was cut short."""
    content = fingerprints.content(canonical, Keyed(steps.keys.key(FINGERPRINT)))
    key, now = (sender.principal, series(stand)), steps.clock.now()
    with steps.database.transaction(parties(sender.principal)) as connection:
        connection.execute(_LOCK, (_name(sender.principal, stand),))
        rows = [_Row(*row) for row in connection.execute(_ROWS, (now, *key)).fetchall()]
        same = _same(connection, key, peildatum, now)
        if same is not None and same.content != content:
            raise Conflict("STAND_AL_AANGELEVERD", "Voor deze peildatum is al een stand met andere inhoud aangeleverd.")
        if same is not None and same.result is not None:
            return _RESULT.decode(same.result)
        if rows and rows[0].peildatum > peildatum:
            raise _overtaken()
        if any(row.busy for row in rows):
            raise Unavailable("STAND_IN_VERWERKING", "Deze reeks wordt nog verwerkt. Probeer het straks opnieuw.", retry_after=10)
        if same is not None:
            connection.execute(_EXTEND, (now + LEASE, *key, peildatum))
            return same.id, _PLAN.decode(same.plan)
        formats = steps.register().number_formats(sender.principal)
        plan = standplan.plan(stand, peildatum, standplan.named(_own(connection, sender.principal, stand)), formats)
        id = ids.new()
        values = (*key, peildatum, id, sender.party, content, now, msgspec.json.encode(plan), now + LEASE)
        connection.execute(_INSERT, values)
    return id, plan


def _same(connection: psycopg.Connection[Any], key: tuple[str, str], peildatum: date, now: object) -> _Row | None:
    row = connection.execute(
        "SELECT peildatum, id, content, plan, result IS NULL AND bezig_tot > %s, result FROM stand"
        " WHERE principal = %s AND reeks = %s AND peildatum = %s",
        (now, *key, peildatum),
    ).fetchone()
    return _Row(*row) if row else None


def _own(connection: psycopg.Connection[Any], principal: str, stand: StandEnvelop) -> Iterator[Own]:
    """The creditor's own messages under this trade name."""
    for id, kenmerk, earlier, meta, *rest in connection.execute(_OWN, {"principal": principal, "sector": stand.sector}):
        read = _META.decode(meta)
        if read.schuldeiser.handelsnaam == stand.handelsnaam:
            yield Own(id, kenmerk, earlier, read.bedrag_cent, *rest)


def _deliver(run: _Run) -> Iterator[StandRegel]:
    """Every record of the list, in order."""
    listed = [step for step in run.plan.steps if step.nr is not None]
    for begin in range(0, len(listed), CHUNK):
        part = listed[begin : begin + CHUNK]
        going = [step for step in part if step.actie not in {"gelijk", "geweigerd"}]
        outcomes = _received(run, going)
        lines = [_line(step, outcomes.get(step.nr)) for step in part]
        _keep(run, part, lines)
        yield from lines


def _received(run: _Run, going: Sequence[Step]) -> dict[int | None, Outcome]:
    """The outcome per place in the list. A kenmerk may be one's own and another's made one: the second is judged after the first."""
    outcomes: dict[int | None, Outcome] = {}
    for places in split([step.als for step in going], CHUNK):
        part = [going[place] for place in places]
        outcomes.update(zip((step.nr for step in part), receive(_inbound(run, part), run.steps), strict=True))
    return outcomes


def _inbound(run: _Run, going: Sequence[Step]) -> list[Inbound]:
    at, late, room = run.steps.clock.now(), run.stand.inhaalslag or False, Room(ROOM)
    return [
        Inbound(place, run.sender, run.trace, at, f"/signalen/{step.nr}", standplan.values(run.stand, step), room, inhaalslag=late)
        for place, step in enumerate(going)
    ]


def _line(step: Step, outcome: Outcome | None) -> StandRegel:
    if step.code is not None:
        text, pointer = _REFUSALS[step.code]
        finding = Bevinding(code=step.code, oordeel="fout", melding=text, pointer=f"/signalen/{step.nr}{pointer}")
        return StandRegel(kenmerk=step.kenmerk, uitkomst="geweigerd", bevindingen=[finding])
    if outcome is None:
        return StandRegel(kenmerk=step.kenmerk, uitkomst=step.actie, id=step.berichten[0] if step.berichten else None)
    done: Uitkomst = step.actie
    if outcome.status != "bezorgd":
        done = "in_quarantaine" if outcome.status == "in_quarantaine" else "geweigerd"
    other = step.als if outcome.id and step.als != step.kenmerk else None
    return StandRegel(kenmerk=step.kenmerk, uitkomst=done, bezorgd_als=other, id=outcome.id, bevindingen=list(outcome.findings))


def _keep(run: _Run, part: Sequence[Step], lines: Sequence[StandRegel]) -> None:
    """Note under which kenmerk a message is listed, and go on holding the series. Raises Conflict: a newer list began meanwhile."""
    profiel = run.stand.profiel
    pairs = [(line.id, line.kenmerk) for step, line in zip(part, lines, strict=True) if line.id and (profiel or step.actie == "opnieuw")]
    with run.steps.database.transaction(parties(run.sender.principal)) as connection:
        if pairs:
            connection.execute(_LISTED, (run.sender.principal, profiel, [id for id, _ in pairs], [kenmerk for _, kenmerk in pairs]))
        connection.execute(_LOCK, (_name(run.sender.principal, run.stand),))
        if not connection.execute(_HOLDS, (run.steps.clock.now() + LEASE, *run.key)).rowcount:
            raise _overtaken()


def _withdraw(run: _Run, number: Callable[[], object]) -> Iterator[StandRegel]:
    """Every signal that is gone from the list."""
    kept = run.steps.clock.now()
    for step in run.plan.steps:
        if step.nr is not None:
            continue
        if run.steps.clock.now() - kept >= LEASE / 4:
            _keep(run, [], [])
            kept = run.steps.clock.now()
        for id in step.unseen:
            _take_back(run, id, number)
        done = [_take_back(run, id, number) for id in step.berichten]
        if done:
            yield StandRegel(kenmerk=step.kenmerk, uitkomst="vervallen" if all(done) else "al_afgesloten", id=step.berichten[-1])


def _take_back(run: _Run, id: UUID, number: Callable[[], object]) -> bool:
    """Withdraw one message; False when it is closed: expired or rejected since the plan was made."""
    reason: Vervalreden = run.stand.reden_vervallen or "betaald"
    try:
        afterwards.withdraw(run.sender, run.trace, id, IntrekkingAanvraag(reden=reason), run.steps, number)
    except Conflict:
        return False
    return True


def _finish(run: _Run, lines: list[StandRegel]) -> StandVerslag:
    found = standplan.counts(line.uitkomst for line in lines)
    offered = len(run.stand.signalen)
    verslag = StandVerslag(
        id=run.id,
        peildatum=run.peildatum,
        sector=run.stand.sector,
        handelsnaam=run.stand.handelsnaam,
        profiel=run.stand.profiel,
        aantallen=StandAantallen(aangeboden=offered, **found),
        vervallen_overgeslagen=run.plan.unsure or None,
        regels=lines,
    )
    frame = Frame(run.sender, run.trace, run.steps.clock.now(), run.steps.activity("aanleveren"))
    refused = found.get("geweigerd", 0) + found.get("in_quarantaine", 0)
    with run.steps.database.transaction(parties(run.sender.principal)) as connection:
        if connection.execute(_FINISH, (strict.canonical(verslag), *run.key)).rowcount:
            append.append(connection, [StandVerwerkt(**frame.fields(), resultaat=reports.verdict(offered - refused, offered))])
    run.steps.committed()
    return verslag
