"""What the review keeps in memory says what the log says; it may be old where there is much, and it is bounded."""

from datetime import datetime, timedelta

import pytest

from gateway.core.errors import Damaged
from gateway.oversight.memory import CONTEXT_DAYS, STALE, Memory, Past
from gateway.oversight.review import Verdict
from gateway.store.tenant import municipality
from tests.flows.world import HAARLEM, UTRECHT
from tests.oversight.bureau import Bureau


def look(bureau: Bureau, memory: Memory, gemeente: str = HAARLEM) -> list[Verdict]:
    bureau.look()
    with bureau.toezicht.transaction(municipality(gemeente)) as connection:
        return list(memory.verdicts(connection, gemeente, since(bureau), {}))


def since(bureau: Bureau) -> datetime:
    return bureau.clock.now() - timedelta(days=30)


def anew(bureau: Bureau) -> list[Verdict]:
    with bureau.toezicht.transaction(municipality(HAARLEM)) as connection:
        return list(Past(HAARLEM, since(bureau) - CONTEXT_DAYS).verdicts(connection, {}, bureau.clock.now()))


def test_memory_after_many_looks_is_the_log_read_at_once(bureau: Bureau) -> None:
    memory = Memory(bureau.clock)
    for nr in (12, 14, 16):
        bureau.delivered(bureau.of(nr))
        bureau.take()
        assert look(bureau, memory) == anew(bureau)
        bureau.clock.advance(timedelta(hours=5))
    assert len(look(bureau, memory)) == len(anew(bureau)) > 0


def test_of_a_large_log_verdicts_may_be_minutes_old_and_of_a_small_one_never(bureau: Bureau) -> None:
    large, small = Memory(bureau.clock, small=0), Memory(bureau.clock)
    bureau.delivered(bureau.of(12))
    bureau.take()
    before = len(look(bureau, large))
    assert before == len(look(bureau, small)) > 0
    bureau.delivered(bureau.of(14))
    bureau.take()
    assert len(look(bureau, large)) == before
    assert len(look(bureau, small)) > before  # the control
    bureau.clock.advance(STALE)
    assert look(bureau, large) == anew(bureau)


def test_whoever_was_looked_at_longest_ago_is_forgotten_when_there_is_much(bureau: Bureau) -> None:
    bureau.delivered(bureau.of(12))
    bureau.take()
    tight, roomy = Memory(bureau.clock, most=0), Memory(bureau.clock)
    for memory in (tight, roomy):
        assert look(bureau, memory, HAARLEM)
        look(bureau, memory, UTRECHT)
    assert (len(tight), len(roomy)) == (1, 2)
    assert look(bureau, tight) == look(bureau, roomy)


def test_look_that_breaks_off_goes_on_where_it_was(bureau: Bureau) -> None:
    memory = Memory(bureau.clock)
    for nr in (12, 14, 16):
        bureau.delivered(bureau.of(nr))
        bureau.take()
    bureau.number()
    keep = "CREATE TABLE bewaard AS SELECT id, body FROM log_entry WHERE event = 'bericht.geclaimd' ORDER BY id DESC LIMIT 1"
    bureau.run(keep)
    bureau.run("UPDATE log_entry e SET body = e.body || ' ' FROM bewaard b WHERE b.id = e.id")
    with pytest.raises(Damaged):
        look(bureau, memory)
    bureau.run("UPDATE log_entry e SET body = b.body FROM bewaard b WHERE b.id = e.id")
    assert look(bureau, memory) == anew(bureau) != []
