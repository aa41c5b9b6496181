"""`batch`: JSON deliveries of 1,000 signals over mTLS, until every signal has its place in an inbox; beside raw COPY of the same rows.

A round of deliveries and a round of COPY take turns, so that a noisy machine harms both alike; both rates are the median of the
rounds. The clock of a round runs from the first byte sent to the moment that the last delivery was answered (after its COMMIT)
and all its messages are numbered in `inbox_item`. Authority: `docs/performance.md`. What is copied stands in `rawcopy`.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import count, cycle, islice
from statistics import median

import msgspec

from adapters.client.connection import Connection
from gateway.bench import history
from gateway.bench.rawcopy import RawCopy
from gateway.bench.world import Failed, Load, Meter, Result, World, percentile
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from schemas.ontvangst import Aanlevering

DELIVERY = 1_000
CONNECTIONS = 4
ROUNDS = 5
_numbers = count(1)


def measure(world: World, signals: int, earlier: int = 0) -> Result:
    """Deliver `signals` (a multiple of 5,000) in five rounds, to a database that holds `earlier` ones of the past months. Raises Failed."""
    if earlier:
        history.fill(world.database, earlier, [gemeente.code for gemeente in GEMEENTEN], world.clock.now())
    per_round = signals // ROUNDS // DELIVERY
    copies = RawCopy(world.database)
    loads: list[Load] = []
    ours: list[float] = []
    raw: list[float] = []
    latencies: list[float] = []
    for _ in range(ROUNDS):
        begin = world.numbered()
        load, took = deliver(world, per_round)
        loads.append(load)
        latencies += took
        ours.append(per_round * DELIVERY / load.wall)
        raw.append(per_round * DELIVERY / copies.copy_round(begin))
    done, wall = ROUNDS * per_round * DELIVERY, sum(load.wall for load in loads)
    return {
        "signals": done,
        "earlier_signals": earlier,
        "rounds": ROUNDS,
        "connections": CONNECTIONS,
        "signals_per_second": round(median(ours)),
        "copy_signals_per_second": round(median(raw)),
        "copy_ratio": round(median(ours) / median(raw), 3),
        "requests_per_second": round(done / DELIVERY / wall, 1),
        "p50_ms": round(percentile(latencies, 0.5) * 1000, 1),
        "p99_ms": round(percentile(latencies, 0.99) * 1000, 1),
        "peak_memory_mb": round(max(load.peak_mb for load in loads)),
        "signals_per_cpu_second": round(done / sum(load.gateway_cpu for load in loads)),
        "client_cpu_share": round(sum(load.client_cpu for load in loads) / wall, 2),
    }


def deliver(world: World, deliveries: int) -> tuple[Load, list[float]]:
    """Deliver 1,000 signals so many times; returns what it took and the seconds of each answer. Raises Failed.

    Bodies and connections are made before the clock runs.
    """
    lanes: list[list[bytes]] = [[] for _ in range(CONNECTIONS)]
    for number in range(deliveries):
        lane = number % CONNECTIONS
        value = {"kenmerk": f"BENCH-{next(_numbers):06d}", "signalen": world.signals(lane % len(SCHULDEISERS), DELIVERY)}
        lanes[lane].append(msgspec.json.encode(value))
    world.numbered()
    before = world.messages()
    with ExitStack() as stack:
        parties = islice(cycle(SCHULDEISERS), CONNECTIONS)
        lines = [stack.enter_context(closing(world.sandbox.connect(party.oin))) for party in parties]
        for line in lines:
            line.get("/schuldeiser/v1/")
        pool = stack.enter_context(ThreadPoolExecutor(CONNECTIONS))
        meter = Meter(world.sandbox.pid)
        took = list(pool.map(_send, lines, lanes))
        world.numbered()
        load = meter.read()
    if world.messages() - before != deliveries * DELIVERY:
        raise Failed("niet elk signaal staat in een inbox")
    return load, [seconds for lane in took for seconds in lane]


def _send(connection: Connection, bodies: Sequence[bytes]) -> list[float]:
    took = []
    for body in bodies:
        begun = time.perf_counter()
        answer = connection.request("POST", "/schuldeiser/v1/aanleveringen", body)
        took.append(time.perf_counter() - begun)
        counts = msgspec.json.decode(answer.body, type=Aanlevering).aantallen if answer.status == 201 else None
        if counts is None or counts.bezorgd != DELIVERY:
            raise Failed(f"een aanlevering is beantwoord met {answer.status}, of niet elk signaal is aanvaard")
    return took
