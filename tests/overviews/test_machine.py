"""Any sequence of asking, answering, withdrawing and waiting keeps to the two tables of states.

No path leaves a final state, what expired never becomes complete, an overview is what its questions say, and every change of state in the
database has exactly one entry in the log. Several hundred steps by default; SEINHUIS_PROOF=1 takes more than 10,000.
"""

import os
from collections import Counter
from datetime import date, timedelta
from typing import Any, get_args
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from gateway.core.errors import Conflict, NotFound
from gateway.overviews import states
from gateway.overviews.states import OVERVIEW_FINAL, QUESTION_FINAL, follows, overview_after, question_after
from gateway.privacylog.entries import decode
from schemas.schuldenoverzicht import Overzichtstaat, Saldoantwoord, Saldostaat
from tests.overviews.hall import LANDLORD, OTHER, REFUSED, UNKNOWN, WATER, Hall, claims

PROOF = os.environ.get("SEINHUIS_PROOF") == "1"
EXAMPLES, LENGTH, LEAST = (280, 50, 10_000) if PROOF else (40, 40, 1_000)
CREDITORS = (LANDLORD, OTHER, WATER)
START = date(2026, 12, 14)
ANSWERS: dict[str, Saldoantwoord] = {"claims": claims(START), "unknown": UNKNOWN, "refused": REFUSED}
Change = tuple[UUID, str | None, str]


def test_tables_leave_no_final_state_and_know_every_state() -> None:
    assert {after for _, after in states.QUESTION.items()} == QUESTION_FINAL == set(get_args(Saldostaat)) - {"open"}
    assert {state for state, _ in states.QUESTION} == {"open"}
    assert {state for state, _ in states.OVERVIEW} == states.RUNNING
    assert set(get_args(Overzichtstaat)) == OVERVIEW_FINAL | states.RUNNING
    assert {overview_after("verlopen", event) for event in get_args(states.OverviewEvent)} == {None}
    assert question_after("verlopen", "answer") is None


def states_of(connection: psycopg.Connection[Any]) -> dict[UUID, str]:
    rows = connection.execute("SELECT id, state FROM schuldenoverzicht UNION ALL SELECT id, state FROM saldoverzoek").fetchall()
    return dict(rows)


def told(entry: Any, now: dict[UUID, str], before: dict[UUID, str]) -> Change | None:
    """The change of state that an entry tells of; None: it tells of something else."""
    name = entry.__struct_config__.tag
    if name in ("schuldenoverzicht.gevraagd", "saldoverzoek.gesteld"):
        return getattr(entry, "saldoverzoek", entry.overzicht), None, "open"
    if name == "schuldenoverzicht.bijgewerkt":
        return entry.overzicht, before[entry.overzicht], entry.resultaat
    if name == "saldoverzoek.beantwoord":
        return entry.saldoverzoek, "open", entry.resultaat
    if name == "saldoverzoek.verlopen":
        return entry.saldoverzoek, "open", "verlopen"
    if name == "saldoverzoek.ingetrokken" and now[entry.saldoverzoek] != before[entry.saldoverzoek]:
        return entry.saldoverzoek, "open", "ingetrokken"
    return None


class Asked:
    """What the model knows of one overview: its questions by creditor, and what each answered first."""

    def __init__(self, id: UUID, questions: dict[int, UUID], last: date) -> None:
        self.id, self.questions, self.last = id, questions, last
        self.first: dict[int, str] = {}
        self.withdrawn = False

    def takes(self, creditor: int, kind: str, today: date) -> bool:
        """Whether this answer is taken: the first of an open question, or the same again."""
        first = self.first.get(creditor)
        return first == kind if first else not self.withdrawn and today <= self.last


class Overviews(RuleBasedStateMachine):
    """A subclass gives it a hall, a connection of the owner and a place to count steps."""

    hall: Hall
    owner: psycopg.Connection[Any]
    steps: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.owner.execute("DELETE FROM saldoverzoek; DELETE FROM schuldenoverzicht")
        self.hall.on(START)
        self.asked: list[Asked] = []
        self.seen: dict[UUID, str] = {}
        self.log = self.last()

    def last(self) -> UUID:
        row = self.owner.execute("SELECT id FROM log_entry ORDER BY id DESC LIMIT 1").fetchone()
        return UUID(int=0) if row is None else UUID(str(row[0]))

    @rule(named=st.lists(st.sampled_from(range(3)), min_size=1, max_size=3, unique=True), days=st.sampled_from([2, 5, None]))
    def ask(self, named: list[int], days: int | None) -> None:
        self.steps["all"] += 1
        if len(self.asked) < 6:
            last = self.hall.today + timedelta(days=days) if days else None
            made = self.hall.ask(*(CREDITORS[n] for n in named), kenmerk=f"SO-{len(self.asked)}", uiterlijk=last)
            by_creditor = {vraag.schuldeiser: vraag.id for vraag in made.vragen}
            questions = {n: by_creditor[CREDITORS[n].principal] for n in named}
            self.asked.append(Asked(made.id, questions, made.uiterlijk))

    @precondition(lambda self: self.asked)
    @rule(nr=st.integers(0, 5), creditor=st.sampled_from(range(3)), kind=st.sampled_from(sorted(ANSWERS)))
    def answer(self, nr: int, creditor: int, kind: str) -> None:
        self.steps["all"] += 1
        one = self.asked[nr % len(self.asked)]
        id = one.questions.get(creditor)
        if id is None:
            with pytest.raises(NotFound):
                self.hall.answer(CREDITORS[creditor], next(iter(one.questions.values())), ANSWERS[kind])
        elif one.takes(creditor, kind, self.hall.today):
            assert self.hall.answer(CREDITORS[creditor], id, ANSWERS[kind]).id == id
            one.first[creditor] = kind
        else:
            with pytest.raises(Conflict):
                self.hall.answer(CREDITORS[creditor], id, ANSWERS[kind])

    @precondition(lambda self: self.asked)
    @rule(nr=st.integers(0, 11))
    def withdraw(self, nr: int) -> None:
        self.steps["all"] += 1
        if nr < len(self.asked):  # seldom, or little else is seen
            self.hall.withdraw(self.asked[nr].id)
            self.asked[nr].withdrawn = True

    @rule(days=st.integers(1, 6))
    def wait(self, days: int) -> None:
        self.steps["all"] += 1
        self.hall.on(self.hall.today + timedelta(days=days))

    @rule()
    def sweep(self) -> None:
        self.steps["all"] += 1
        self.hall.sweep()

    @invariant()
    def every_change_is_allowed_and_has_one_entry(self) -> None:
        now, since = states_of(self.owner), self.log
        changes = Counter((id, self.seen.get(id), state) for id, state in now.items() if self.seen.get(id) != state)
        bodies = self.owner.execute("SELECT body FROM log_entry WHERE id > %s ORDER BY id", (since,)).fetchall()
        written = (told(decode(bytes(row[0])), now, self.seen) for row in bodies)
        assert Counter(change for change in written if change) == changes
        for _, before, after in changes:
            self.steps[after] += 1
            assert before in (None, "open", "deels"), (before, after)
        self.seen, self.log = now, self.last()

    @invariant()
    def overview_is_what_its_questions_say(self) -> None:
        for one in self.asked:
            questions: list[Any] = [self.seen[id] for id in one.questions.values()]
            assert self.seen[one.id] == follows(questions)


def test_any_sequence_keeps_the_tables_and_writes_every_change_down(hall: Hall) -> None:
    steps = Counter[str]()
    shape = settings(
        max_examples=EXAMPLES, stateful_step_count=LENGTH, deadline=None, suppress_health_check=list(HealthCheck), database=None,
        derandomize=True,
    )  # fmt: skip
    with psycopg.connect(hall.dsns.owner, autocommit=True) as owner:
        machine = type("Machine", (Overviews,), {"hall": hall, "owner": owner, "steps": steps})
        run_state_machine_as_test(machine, settings=shape)
    print(dict(steps))  # noqa: T201 - the figure that shows how much was tried
    assert steps["all"] >= LEAST
    assert {"deels", "volledig", "verlopen", "ingetrokken", "klant_onbekend", "geen_medewerking", "beantwoord"} <= set(steps)  # the control


def test_positive_control_a_change_without_an_entry_is_noticed(hall: Hall) -> None:
    class Broken(Overviews):
        @precondition(lambda self: self.asked)
        @rule()
        def by_hand(self) -> None:
            self.owner.execute("UPDATE saldoverzoek SET state = 'verlopen' WHERE state = 'open'")

    shape = settings(max_examples=20, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    with psycopg.connect(hall.dsns.owner, autocommit=True) as owner:
        machine = type("Machine", (Broken,), {"hall": hall, "owner": owner, "steps": Counter[str]()})
        with pytest.raises(AssertionError):
            run_state_machine_as_test(machine, settings=shape)
