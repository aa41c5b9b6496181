"""`single`: one signal per request, 32 keep-alive connections over mTLS, each a new lawful signal.

The client is as light as Python allows: prepared requests, one uvloop, no HTTP library; the answer is looked at for its status
and its length only. Latency runs from the first byte of a request to the last of its answer. Authority: `docs/performance.md`.
"""

import asyncio
import ssl
import time
from collections.abc import Iterator
from functools import partial

import msgspec
import uvloop

from gateway.bench.world import Failed, Load, Meter, Result, World, percentile
from gateway.sandbox.parties import SCHULDEISERS
from gateway.sandbox.sandbox import HOST

CONCURRENCY = 32
PATIENCE = 30  # seconds for answers that are under way
_HEAD = b"POST /schuldeiser/v1/signalen HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_CREATED = b"HTTP/1.1 201"
_LENGTH = b"content-length: "


class _Poster(asyncio.Protocol):
    """One connection: sends the next request when an answer is complete, until the requests or the time are up."""

    def __init__(self, requests: Iterator[bytes], loop: asyncio.AbstractEventLoop) -> None:
        self._requests = requests
        self.done: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._until = 0.0
        self._sent = 0.0
        self.seconds: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing follows."""
        self.closed.set_result(None)
        if not self.done.done():
            self.done.set_exception(Failed("de gateway verbrak een verbinding"))

    def begin(self, until: float) -> None:
        """Send the first request; none after `until` (perf_counter)."""
        self._until = until
        self._next()

    def data_received(self, data: bytes) -> None:
        """Part of an answer."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._buffer.lower().index(_LENGTH, 0, head) + len(_LENGTH)
        if len(self._buffer) < head + 4 + int(self._buffer[at : self._buffer.index(b"\r", at)]):
            return
        self.seconds.append(time.perf_counter() - self._sent)
        status, self._buffer = self._buffer[:12], b""
        if status != _CREATED:
            self.done.set_exception(Failed(f"een signaal is beantwoord met {status[9:].decode()}"))
        else:
            self._next()

    def _next(self) -> None:
        request = next(self._requests, None) if time.perf_counter() < self._until else None
        if request is None or self._transport is None:
            self.done.set_result(None)
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def close(self) -> "asyncio.Future[None]":
        """Close the connection; the future ends when it is closed."""
        if self._transport is not None:
            self._transport.close()
        return self.closed


def measure(world: World, signals: int, seconds: float) -> Result:
    """Post for `seconds`, at most `signals`. Raises Failed."""
    requests = [iter(_requests(world, creditor, signals // len(SCHULDEISERS))) for creditor in range(len(SCHULDEISERS))]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(world, requests, seconds))


async def _run(world: World, requests: list[Iterator[bytes]], seconds: float) -> Result:
    loop = asyncio.get_running_loop()
    contexts = [_context(world, party.oin) for party in SCHULDEISERS]
    posters: list[_Poster] = []
    for number in range(CONCURRENCY):
        lane = number % len(requests)
        make = partial(_Poster, requests[lane], loop)
        _, poster = await loop.create_connection(make, HOST, world.sandbox.ports.mtls, ssl=contexts[lane], server_hostname=HOST)
        posters.append(poster)
    meter = Meter(world.sandbox.pid)
    until = time.perf_counter() + seconds
    for poster in posters:
        poster.begin(until)
    async with asyncio.timeout(seconds + PATIENCE):
        ended = await asyncio.gather(*(poster.done for poster in posters), return_exceptions=True)
    load = meter.read()
    await asyncio.gather(*(poster.close() for poster in posters))
    for failure in filter(None, ended):
        raise failure
    return _figures(posters, load)


def _figures(posters: list[_Poster], load: Load) -> Result:
    took = [second for poster in posters for second in poster.seconds]
    return {
        "signals": len(took),
        "connections": CONCURRENCY,
        "requests_per_second": round(len(took) / load.wall),
        "signals_per_second": round(len(took) / load.wall),
        "p50_ms": round(percentile(took, 0.5) * 1000, 1),
        "p99_ms": round(percentile(took, 0.99) * 1000, 1),
        "peak_memory_mb": round(load.peak_mb),
        "signals_per_cpu_second": round(len(took) / load.gateway_cpu),
        "client_cpu_share": round(load.client_cpu / load.wall, 2),
    }


def _requests(world: World, creditor: int, n: int) -> list[bytes]:
    host = f"{HOST}:{world.sandbox.ports.mtls}".encode()
    bodies = map(msgspec.json.encode, world.signals(creditor, n))
    return [_HEAD % (host, len(body)) + body for body in bodies]


def _context(world: World, oin: str) -> ssl.SSLContext:
    pki = world.sandbox.state / "pki"
    context = ssl.create_default_context(cafile=str(pki / "root.pem"))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(pki / f"{oin}.chain.pem", pki / f"{oin}.key")
    return context
