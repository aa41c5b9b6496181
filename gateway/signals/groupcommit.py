"""Single posts share commits: what arrives while one transaction runs goes into the next, and each answer waits for its COMMIT.

One writer thread per process. A chunk that fails for a reason of its own is run again record by record, so that one bad record
never fails its neighbours. The waiting list is bounded; beyond it the answer is 503. Authority: architecture, "speed".
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import NamedTuple

import structlog

from gateway.core.chain import Inbound, Outcome
from gateway.core.errors import SeinhuisError, Unavailable
from gateway.signals.chunks import split

WAITING_MAX = 2_000
CHUNK_MAX = 500

Work = Callable[[Sequence[Inbound]], list[Outcome]]


class _Post(NamedTuple):
    record: Inbound
    future: "Future[Outcome]"


class GroupCommit:
    """The writer behind single posts. `work` is the receive flow for one chunk."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._waiting: list[_Post] = []
        self._ready = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="groupcommit")

    def start(self) -> None:
        """Begin writing."""
        self._thread.start()

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._ready:
            self._closed = True
            self._ready.notify()
        if self._thread.is_alive():
            self._thread.join()

    def submit(self, record: Inbound) -> "Future[Outcome]":
        """Hand over one record; the future ends after COMMIT. Raises Unavailable when too many wait."""
        post = _Post(record, Future())
        with self._ready:
            if self._closed or len(self._waiting) >= WAITING_MAX:
                raise Unavailable("TE_DRUK", "Er wachten nu te veel berichten. Probeer het later opnieuw.", retry_after=2)
            self._waiting.append(post)
            self._ready.notify()
        return post.future

    def waiting(self) -> int:
        """How many records wait for the next transaction."""
        return len(self._waiting)

    def _run(self) -> None:
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._waiting or self._closed)
                posts, self._waiting = self._waiting, []
                if not posts:
                    return
            live = [post for post in posts if post.future.set_running_or_notify_cancel()]
            for positions in split([_key(post.record) for post in live], CHUNK_MAX):
                self._write([live[position] for position in positions])

    def _write(self, posts: Sequence[_Post]) -> None:
        try:
            outcomes = self._work([_at(post.record, nr) for nr, post in enumerate(posts)])
        except SeinhuisError as error:
            for post in posts:
                post.future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - the writer must outlive any one chunk; the edge turns the error into a 500
            if len(posts) > 1:
                structlog.get_logger().warning("groep_gesplitst", soort=type(error).__name__)
                for post in posts:
                    self._write([post])
            else:
                posts[0].future.set_exception(error)
        else:
            for post, outcome in zip(posts, outcomes, strict=True):
                post.future.set_result(outcome)


def _key(record: Inbound) -> tuple[str, str] | None:
    kenmerk = record.value.get("kenmerk") if isinstance(record.value, dict) else None
    return (record.sender.principal, kenmerk) if isinstance(kenmerk, str) else None


def _at(record: Inbound, nr: int) -> Inbound:
    return Inbound(nr, record.sender, record.trace, record.received, record.pointer, record.value)
