"""What the operator can count: no label names a person, a partner's reference or a message.

Authority: architecture, "processes"; served by `gateway.api.inner` on loopback only.
"""

import time
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.core.chain import Inbound, Outcome

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE"})


class Metrics:
    """One registry per process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._records = Counter("seinhuis_records", "Records by outcome", ["uitkomst"], registry=self.registry)
        self._chunks = Histogram("seinhuis_chunk_seconds", "One chunk from arrival to commit", buckets=_SECONDS, registry=self.registry)
        self._leaves = Counter("seinhuis_log_leaves", "Log entries numbered by this node", registry=self.registry)
        self._requests = Histogram(
            "seinhuis_request_seconds",
            "Requests by door, method and status",
            ["deur", "methode", "status"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._ending = Gauge(
            "seinhuis_certificates_ending", "Partners whose last certificate ends within so many days", ["dagen"], registry=self.registry
        )
        self.waiting = Gauge("seinhuis_posts_waiting", "Single posts that wait for a commit", registry=self.registry)

    def counted(self, work: Callable[[Sequence[Inbound]], list[Outcome]]) -> Callable[[Sequence[Inbound]], list[Outcome]]:
        """The receive flow, counted."""

        def receive(chunk: Sequence[Inbound]) -> list[Outcome]:
            with self._chunks.time():
                outcomes = work(chunk)
            self.tally(outcomes)
            return outcomes

        return receive

    def tally(self, outcomes: Sequence[Outcome]) -> None:
        """Count records by outcome."""
        for status, count in Tally("eerder_ontvangen" if outcome.repeated else outcome.status for outcome in outcomes).items():
            self._records.labels(status).inc(count)

    def ending(self, counts: Mapping[int, int]) -> None:
        """So many partners have no certificate beyond so many days."""
        for days, count in counts.items():
            self._ending.labels(str(days)).set(count)

    def numbered(self, leaves: int) -> None:
        """So many entries got their number."""
        self._leaves.inc(leaves)

    def watched(self, app: ASGIApp) -> ASGIApp:
        """An application whose requests are timed."""

        async def watch(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            begun, status = time.perf_counter(), 0

            async def note(message: Message) -> None:
                nonlocal status
                status = message.get("status", status)
                await send(message)

            try:
                await app(scope, receive, note)
            finally:
                door = scope["path"].split("/", 2)[1]
                labels = (
                    door if door in ("schuldeiser", "gemeente") else "overig",
                    scope["method"] if scope["method"] in _METHODS else "overig",
                    str(status),
                )
                self._requests.labels(*labels).observe(time.perf_counter() - begun)

        return watch
