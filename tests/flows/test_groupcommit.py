"""Single posts share a transaction: each answer comes after it, one bad record harms no other, and the waiting list ends somewhere."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial

import pytest

from gateway.core.chain import Inbound, Outcome
from gateway.core.errors import Unavailable
from gateway.signals import groupcommit
from gateway.signals.groupcommit import GroupCommit
from gateway.signals.receive import receive
from tests.flows.world import LANDLORD, OTHER, TRACE, World
from tests.records import AT

SECONDS = 10


class Work:
    """Notes its chunks and waits at the gate; a record with the kenmerk GIF breaks the whole chunk."""

    def __init__(self) -> None:
        self.chunks: list[list[object]] = []
        self.gate = threading.Event()
        self.entered = threading.Event()
        self.error: Exception = ValueError("gif")

    def __call__(self, chunk: Sequence[Inbound]) -> list[Outcome]:
        assert [record.nr for record in chunk] == list(range(len(chunk)))
        self.chunks.append([record.value["kenmerk"] for record in chunk])
        self.entered.set()
        assert self.gate.wait(SECONDS)
        if any(record.value["kenmerk"] == "GIF" for record in chunk):
            raise self.error
        return [Outcome("bezorgd", (), kenmerk=record.value["kenmerk"]) for record in chunk]


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work()
    yield made
    made.gate.set()


@pytest.fixture
def posts(work: Work) -> Iterator[GroupCommit]:
    made = GroupCommit(work)
    made.start()
    yield made
    work.gate.set()
    made.close()


def record(kenmerk: str, principal: str = LANDLORD.principal) -> Inbound:
    return Inbound(0, LANDLORD if principal == LANDLORD.principal else OTHER, TRACE, AT, "", {"kenmerk": kenmerk})


def busy(posts: GroupCommit, work: Work) -> "Future[Outcome]":
    """The writer is in a transaction; what comes now waits."""
    first = posts.submit(record("EERST"))
    assert work.entered.wait(SECONDS)
    return first


def kenmerk(future: "Future[Outcome]") -> str | None:
    return future.result(SECONDS).kenmerk


def test_what_arrives_during_a_transaction_shares_the_next(posts: GroupCommit, work: Work) -> None:
    first = busy(posts, work)
    rest = [posts.submit(record(f"K-{n}")) for n in range(5)]
    assert posts.waiting() == 5
    assert not first.done()
    work.gate.set()
    assert [kenmerk(future) for future in (first, *rest)] == ["EERST", *(f"K-{n}" for n in range(5))]
    assert work.chunks == [["EERST"], [f"K-{n}" for n in range(5)]]


def test_no_answer_before_the_work_is_done(posts: GroupCommit, work: Work) -> None:
    first = busy(posts, work)
    with pytest.raises(TimeoutError):
        first.result(0.05)
    work.gate.set()
    assert kenmerk(first) == "EERST"


def test_a_full_waiting_list_says_try_later_and_keeps_what_it_took(posts: GroupCommit, work: Work) -> None:
    busy(posts, work)
    taken = [posts.submit(record(f"K-{n}")) for n in range(groupcommit.WAITING_MAX)]
    with pytest.raises(Unavailable) as caught:
        posts.submit(record("TE-VEEL"))
    assert caught.value.retry_after
    work.gate.set()
    assert [kenmerk(future) for future in taken] == [f"K-{n}" for n in range(groupcommit.WAITING_MAX)]
    assert max(len(chunk) for chunk in work.chunks) == groupcommit.CHUNK_MAX
    assert kenmerk(posts.submit(record("WEER-PLAATS"))) == "WEER-PLAATS"


def test_a_caller_that_left_is_skipped(posts: GroupCommit, work: Work) -> None:
    busy(posts, work)
    gone, stays = posts.submit(record("WEG")), posts.submit(record("BLIJFT"))
    assert gone.cancel()
    work.gate.set()
    assert kenmerk(stays) == "BLIJFT"
    assert work.chunks[1:] == [["BLIJFT"]]


def test_one_bad_record_fails_alone(posts: GroupCommit, work: Work) -> None:
    busy(posts, work)
    futures = {name: posts.submit(record(name)) for name in ("A", "GIF", "B")}
    work.gate.set()
    assert (kenmerk(futures["A"]), kenmerk(futures["B"])) == ("A", "B")
    with pytest.raises(ValueError, match="gif"):
        futures["GIF"].result(SECONDS)
    assert work.chunks[1:] == [["A", "GIF", "B"], ["A"], ["GIF"], ["B"]]
    assert kenmerk(posts.submit(record("DAARNA"))) == "DAARNA"


def test_an_outage_fails_all_at_once_without_trying_each(posts: GroupCommit, work: Work) -> None:
    work.error = Unavailable("DATABASE_NIET_BEREIKBAAR", "weg")
    busy(posts, work)
    futures = [posts.submit(record(name)) for name in ("A", "GIF", "B")]
    work.gate.set()
    for future in futures:
        with pytest.raises(Unavailable):
            future.result(SECONDS)
    assert len(work.chunks) == 2


def test_one_kenmerk_twice_goes_in_two_transactions_but_of_two_principals_in_one(posts: GroupCommit, work: Work) -> None:
    busy(posts, work)
    futures = [posts.submit(record("K")), posts.submit(record("K")), posts.submit(record("K", OTHER.principal))]
    work.gate.set()
    for future in futures:
        kenmerk(future)
    assert work.chunks[1:] == [["K", "K"], ["K"]]


def test_closing_writes_what_waits_and_takes_nothing_more(posts: GroupCommit, work: Work) -> None:
    busy(posts, work)
    waiting = posts.submit(record("WACHT"))
    threading.Timer(0.05, work.gate.set).start()
    posts.close()
    assert waiting.done()
    with pytest.raises(Unavailable):
        posts.submit(record("TE-LAAT"))


def test_many_posts_at_once_through_the_real_flow_are_each_stored_once(world: World) -> None:
    writers = [GroupCommit(partial(receive, steps=world.steps)) for _ in range(2)]  # two processes
    for writer in writers:
        writer.start()
    signals = world.signals(150)
    submit: Callable[[int], list[Future[Outcome]]] = lambda n: [writers[n].submit(r) for r in world.inbound(signals)]  # noqa: E731
    futures = [future for n in (0, 1, 0) for future in submit(n)]
    outcomes = [future.result(30) for future in futures]
    for writer in writers:
        writer.close()
    assert {outcome.status for outcome in outcomes} == {"bezorgd"}
    assert sum(not outcome.repeated for outcome in outcomes) == world.count("bericht") == len({o.id for o in outcomes}) == 150
