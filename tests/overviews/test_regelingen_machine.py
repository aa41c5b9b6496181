"""Any sequence of actions on arrangements follows the state tables: no path leaves a final state, every transition has its log entry."""

import os
from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gateway.core.errors import Conflict
from gateway.regelingen import replied, states
from gateway.regelingen.states import PARTY, WHOLE
from schemas.regelingen import Regeling
from schemas.schuldenoverzicht import GeenMedewerking, KlantOnbekend
from tests.overviews.around import AGREED, FOUND, REFUSED, Square
from tests.overviews.hall import LANDLORD, OTHER

STEPS = 100 if os.environ.get("SEINHUIS_PROOF") == "1" else 20
MACHINES = 100 if os.environ.get("SEINHUIS_PROOF") == "1" else 10
ANSWERS: list[Any] = [FOUND, KlantOnbekend(), GeenMedewerking(reden="geen_samenwerking"), AGREED, REFUSED]
MAKERS = {"kennisgeving": Square.pause, "betaalvoorstel": Square.proposal, "afkoelingsperiode": Square.cooling}
CREDITORS = [LANDLORD, OTHER]
START = "2026-11-23"


def test_no_state_is_left_but_open_and_running() -> None:
    assert {state for _, state, _ in PARTY} == {"open"}
    assert {state for state, _ in WHOLE} == {"lopend"}
    reached = set(PARTY.values())
    assert "open" not in reached
    assert all(states.party_after(soort, state, event) is None for soort, _, event in PARTY for state in reached)


def test_silence_is_no_agreement_in_any_table() -> None:
    assert {after for (_, _, event), after in PARTY.items() if event == "expire"} == {"geen_reactie"}
    assert {event for (_, _, event), after in PARTY.items() if after in {"akkoord", "akkoord_vooraf"}} == {"agree", "agreed_before"}


def test_database_leaves_no_final_state_either(square: Square) -> None:
    sent = square.send(square.pause(LANDLORD))
    square.run("UPDATE regelingbericht SET reminders = 1")  # the control: other columns may change
    square.cancel(sent)
    for statement in ("UPDATE regelingbericht SET state = 'bevestigd'", "UPDATE regeling SET state = 'lopend', withdrawn = NULL"):
        with pytest.raises(psycopg.errors.CheckViolation):
            square.run(statement)


class Arrangements(RuleBasedStateMachine):
    """The model: each arrangement with the states that the pure tables say it has."""

    square: ClassVar[Square]

    def __init__(self) -> None:
        super().__init__()
        for table in ("regelingfeit", "regelingbericht", "regeling"):
            self.square.run(f"DELETE FROM {table}")
        self.square.on(self.square.clock.now().date().fromisoformat(START))
        self.sent: list[Regeling] = []
        self.wholes: dict[UUID, Any] = {}
        self.parties: dict[UUID, Any] = {}

    @rule(soort=st.sampled_from(list(MAKERS)), both=st.booleans())
    def send(self, soort: str, both: bool) -> None:
        make: Any = MAKERS[soort]
        more = {} if soort == "betaalvoorstel" else {"einde": self.square.today + timedelta(days=20)}
        made = self.square.send(make(self.square, *CREDITORS[: 1 + both], kenmerk=f"R-{len(self.sent)}", **more))
        self.sent.append(made)
        self.wholes[made.id] = "lopend"
        for party in made.partijen:
            before = soort == "betaalvoorstel" and party.schuldeiser == OTHER.principal
            self.parties[party.id] = "akkoord_vooraf" if before else "open"

    @rule(which=st.integers(0, 9), creditor=st.integers(0, 1), antwoord=st.sampled_from(ANSWERS))
    def answer(self, which: int, creditor: int, antwoord: Any) -> None:
        if not self.sent:
            return
        made = self.sent[which % len(self.sent)]
        party = made.partijen[creditor % len(made.partijen)]
        after = states.party_after(made.soort, self.parties[party.id], replied.EVENTS[type(antwoord)])
        sender = CREDITORS[creditor % len(made.partijen)]
        if after is None or self.square.today > made.einde:
            try:
                again = self.square.reply(sender, made.soort, party.id, antwoord)
            except Conflict:
                return
            assert again.staat == self.parties[party.id]  # the same answer again: the same receipt
            return
        self.parties[party.id] = self.square.reply(sender, made.soort, party.id, antwoord).staat
        assert self.parties[party.id] == after

    @rule(which=st.integers(0, 9))
    def withdraw(self, which: int) -> None:
        if self.sent:
            made = self.sent[which % len(self.sent)]
            self.square.cancel(made)
            self._move(made, "withdraw", "withdraw")

    @rule(days=st.sampled_from([0, 1, 7, 15]))
    def time_passes(self, days: int) -> None:
        self.square.clock.advance(timedelta(days=days))
        self.square.tick()
        for made in self.sent:
            if self.square.today > made.einde:
                self._move(made, "end", "expire")

    def _move(self, made: Regeling, whole: Any, party: Any) -> None:
        after = states.whole_after(self.wholes[made.id], whole)
        if after is not None:
            self.wholes[made.id] = after
            for one in made.partijen:
                self.parties[one.id] = states.party_after(made.soort, self.parties[one.id], party) or self.parties[one.id]

    @invariant()
    def states_are_those_of_the_tables(self) -> None:
        assert dict(self.square.rows("SELECT id, state FROM regeling")) == self.wholes
        assert dict(self.square.rows("SELECT id, state FROM regelingbericht")) == self.parties

    @invariant()
    def every_transition_has_its_entry(self) -> None:
        moved = Counter({id: 1 for id, state in self.parties.items() if state != "open"})
        said = Counter(
            row[0]
            for row in self.square.rows(
                """
                SELECT DISTINCT f.bericht, e.body ->> 'resultaat' FROM regelingfeit f
                JOIN LATERAL (SELECT convert_from(body, 'UTF8')::jsonb AS body FROM log_entry l WHERE l.id = f.entry) e ON true
                JOIN regelingbericht b ON b.id = f.bericht AND b.state = e.body ->> 'resultaat'
                """
            )
        )
        assert said == moved
        ended = {id for id, state in self.wholes.items() if state != "lopend"}
        assert ended <= {e.regeling for e in self.square.entries("regeling.bijgewerkt")}


def test_any_sequence_follows_the_tables(square: Square) -> None:
    square.agree("akkoord_vooraf", OTHER)
    shape = settings(
        max_examples=MACHINES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(type("Machine", (Arrangements,), {"square": square}), settings=shape)
