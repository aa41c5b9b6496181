"""Any sequence of actions on cases equals a model of dicts: one case per message, closed for good, attempts once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gateway.cases import casework
from gateway.core.errors import Conflict
from schemas.zaken import Contactpoging, Resultaat, ZaakAanvraag
from tests.feedback.town import CLERK, HAARLEM, TRACE, Town

MESSAGES = st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True)
NUMBERS = st.sampled_from(["Z-1", "Z-2", "Z-3", "Z-4"])
RESULTS = st.sampled_from(["geen_contact", "overleden", "vervolghulp"])


@contextmanager
def refused(when: bool) -> Iterator[None]:
    if when:
        with pytest.raises(Conflict):
            yield
    else:
        yield


def test_any_sequence_equals_the_model(town: Town) -> None:
    berichten = town.take(6)

    class Cases(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            for table in ("terugkoppeling", "contactpoging", "zaak_bericht", "zaak"):
                town.run(f"DELETE FROM {table}")
            self.members: dict[str, frozenset[int]] = {}
            self.ids: dict[str, UUID] = {}
            self.attempts: dict[str, dict[str, Contactpoging]] = {}
            self.results: dict[str, Any] = {}

        @rule(number=NUMBERS, messages=MESSAGES)
        def open(self, number: str, messages: list[int]) -> None:
            known, wanted = self.members.get(number), frozenset(messages)
            taken = frozenset[int]().union(*self.members.values())
            request = ZaakAanvraag(zaaknummer=number, berichten=[berichten[n] for n in messages])
            with refused(known != wanted if known else bool(taken & wanted)):
                zaak, created = casework.open_case(CLERK, HAARLEM, TRACE, request, town.cases)
                assert created == (known is None)
                self.members[number], self.ids[number] = wanted, zaak.id
                self.attempts.setdefault(number, {})

        @rule(number=NUMBERS, kenmerk=st.sampled_from(["a", "b"]), reached=st.booleans())
        def attempt(self, number: str, kenmerk: str, reached: bool) -> None:
            if number in self.ids:
                poging = Contactpoging(kenmerk=kenmerk, soort="brief", bereikt=reached, datum=town.today)
                before = self.attempts[number].get(kenmerk)
                with refused(before != poging if before else number in self.results):
                    casework.attempt(CLERK, HAARLEM, TRACE, self.ids[number], poging, town.cases)
                    self.attempts[number][kenmerk] = poging

        @rule(number=NUMBERS, result=RESULTS)
        def finish(self, number: str, result: Any) -> None:
            if number in self.ids:
                with refused(self.results.get(number, result) != result):
                    resultaat = Resultaat(resultaat=result, datum=town.today)
                    casework.finish(CLERK, HAARLEM, TRACE, self.ids[number], resultaat, town.cases)
                    self.results[number] = result

        @invariant()
        def equals_the_model(self) -> None:
            found = casework.page(HAARLEM, None, 10, town.cases).zaken
            assert {z.zaaknummer: {berichten.index(m.bericht) for m in z.berichten} for z in found} == self.members
            assert {z.zaaknummer: z.resultaat for z in found if z.staat == "afgesloten"} == self.results
            assert {z.zaaknummer: {p.kenmerk: p for p in z.contactpogingen} for z in found} == self.attempts
            told = {berichten.index(row[0]) for row in town.rows("SELECT bericht FROM terugkoppeling")}
            assert told == {n for number in self.results for n in self.members[number]}

    shape = settings(max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    run_state_machine_as_test(Cases, settings=shape)
