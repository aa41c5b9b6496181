"""A loop runs when woken; a process that stops begins no round any more, but for the last one of the loop that has one."""

import threading
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from gateway.core.stopping import Cut, Stopping
from gateway.jobs.loops import Loop

LONG = 3_600.0
PATIENCE = 10.0


class Rounds:
    """Work that counts its rounds; the first waits until `leave` is set."""

    def __init__(self) -> None:
        self.count = 0
        self.within, self.leave = threading.Event(), threading.Event()

    def run(self) -> None:
        self.count += 1
        self.within.set()
        assert self.leave.wait(PATIENCE)


def closed_within_a_round(*, last: bool) -> int:
    """How many rounds a loop ran that was told to close while it was in its first, and was woken besides."""
    work = Rounds()
    loop = Loop("proef", work.run, LONG, last=last)
    loop.start()
    loop.wake()
    assert work.within.wait(PATIENCE)
    closing = threading.Thread(target=loop.close)
    closing.start()
    while not loop.closing:
        closing.join(0.001)
    loop.wake()
    work.leave.set()
    closing.join(PATIENCE)
    assert not closing.is_alive()
    return work.count


@pytest.mark.parametrize(("last", "rounds"), [(False, 0), (True, 1)])
def test_a_loop_that_closes_runs_its_last_round_only_where_it_has_one(last: bool, rounds: int) -> None:
    work = Rounds()
    work.leave.set()
    loop = Loop("proef", work.run, LONG, last=last)
    loop.start()
    loop.close()
    assert work.count == rounds


@pytest.mark.parametrize(("last", "rounds"), [(False, 1), (True, 2)])
def test_a_loop_that_closes_within_a_round_lets_it_end(last: bool, rounds: int) -> None:
    assert closed_within_a_round(last=last) == rounds


def said(work: Callable[[], None]) -> list[str]:
    """What the operational log says of one round."""
    with capture_logs() as lines:
        loop = Loop("proef", work, LONG, last=True)
        loop.start()
        loop.close()
    return [line["event"] for line in lines]


def test_a_round_that_was_cut_off_is_no_failure() -> None:
    stopping = Stopping()
    assert said(stopping.go_on) == []  # nobody asked
    stopping.ask()
    with pytest.raises(Cut):
        stopping.go_on()
    assert said(stopping.go_on) == []

    def fail() -> None:
        raise LookupError

    assert said(fail) == ["ronde_mislukt"]  # the control
