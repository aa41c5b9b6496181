"""Nobody judges his own access: also not one that he made in a case system of another organisation, under whatever spelling."""

from datetime import timedelta
from uuid import UUID

import pytest

from adapters.synthetic.aanmelddienst import Persoon
from gateway.oversight import queue
from gateway.oversight.own import same
from gateway.oversight.queue import Period
from gateway.privacylog import append
from gateway.privacylog.oversight import ToegangBeoordeeld
from gateway.store.tenant import municipality
from tests.console.offices import ANNE, BRAM, Offices
from tests.flows.world import HAARLEM, TRACE
from tests.oversight.bureau import OFFICER

OTHERS = ("Bram Visser", "m.jansen", None)


def verdict(offices: Offices, id: UUID, who: Persoon = ANNE) -> tuple[int, bool]:
    answer = offices.browser().login(who).submit(f"/toezicht/toegangen/{id}", oordeel="in_orde")
    return answer.status_code, "OORDEEL_EIGEN_TOEGANG" in answer.text


@pytest.mark.parametrize("name", ["Anne de Boer", "  boer, ANNE de", "anne", *OTHERS])
def test_officer_does_not_judge_what_a_case_system_says_that_he_opened(offices: Offices, name: str | None) -> None:
    (bericht,) = offices.delivered(offices.of())
    offices.take(name)
    offices.read_again(bericht)
    offices.number()
    own = (303, False) if name in OTHERS else (403, True)
    (claimed,), (read,) = offices.entries("bericht.geclaimd"), offices.entries("bericht.gelezen")  # this says not whom, its claim does
    assert [verdict(offices, access.id) for access in (claimed, read)] == [own, own]
    assert len(offices.entries("toegang.beoordeeld")) == (2 if name in OTHERS else 0)
    if name not in OTHERS:
        assert verdict(offices, read.id, BRAM) == (303, False)  # a colleague may


def test_word_about_his_own_access_that_got_into_the_log_counts_for_nothing(offices: Offices) -> None:
    offices.delivered(offices.of())
    offices.take("Anne de Boer")
    offices.clock.advance(timedelta(days=15))
    offices.number()
    (access,) = offices.entries("bericht.geclaimd")

    def listed() -> int:
        found = queue.queue(OFFICER, HAARLEM, TRACE, Period(offices.today - timedelta(days=20), 21), offices.oversight)
        return len(found.gevallen)

    assert listed() == 1
    for who, left in ((ANNE, 1), (BRAM, 0)):
        offices.browser().login(who)
        user = offices.entries("console.aangemeld")[-1].gebruiker
        with offices.toezicht.transaction(municipality(HAARLEM)) as connection:
            frame = offices.oversight.frame(OFFICER, TRACE).fields()
            word = ToegangBeoordeeld(**{**frame, "gebruiker": user}, gemeente=HAARLEM, regel=access.id, resultaat="in_orde")
            append.append(connection, [word])
        assert listed() == left


@pytest.mark.parametrize(("one", "other", "is_same"), [
    ("Anne de Boer", "anne DE boer", True), ("Boer, Anne de", "Anne de Boer", True), ("a.deboer", "A. deBoer", True),
    ("Anne de Boer", "Anna de Boer", False), ("Anne", "Anne de Boer", False), ("", "", False), (None, None, False), ("-", ".", False),
])  # fmt: skip
def test_names_are_the_same_by_their_words(one: str | None, other: str | None, is_same: bool) -> None:
    assert same(one, other) is is_same
