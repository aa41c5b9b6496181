"""`claim` and `verify`: messages taken with what opens them, and the whole log checked.

Three municipalities claim at once, one connection each, 100 messages a time; the answers are counted, not opened. One disclosure
entry per message is written before the answer. Authority: `docs/performance.md`.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import msgspec

from gateway.app.audit import open_audit
from gateway.bench.batch import DELIVERY, deliver
from gateway.bench.world import Failed, Meter, Result, World, percentile
from gateway.sandbox.parties import GEMEENTEN, Gemeente

CLAIM = 100
_BODY = msgspec.json.encode({"doel": "WGS-3-1-b", "maximum": CLAIM, "leaseSeconden": 86_400, "wijze": "onbemand"})


def measure(world: World, claims: int) -> Result:
    """At most `claims` claims per municipality, fewer when its inbox is empty. Raises Failed."""
    _fill(world, claims * CLAIM * len(GEMEENTEN))
    with ThreadPoolExecutor(len(GEMEENTEN)) as pool:
        meter = Meter(world.sandbox.pid)
        found = list(pool.map(lambda gemeente: _claim(world, gemeente, claims), GEMEENTEN))
        load = meter.read()
    messages, took = sum(taken for taken, _ in found), [seconds for _, lane in found for seconds in lane]
    return {
        "signals": messages,
        "connections": len(GEMEENTEN),
        "signals_per_second": round(messages / load.wall),
        "requests_per_second": round(len(took) / load.wall, 1),
        "p50_ms": round(percentile(took, 0.5) * 1000, 1),
        "p99_ms": round(percentile(took, 0.99) * 1000, 1),
        "peak_memory_mb": round(load.peak_mb),
        "signals_per_cpu_second": round(messages / load.gateway_cpu),
        "client_cpu_share": round(load.client_cpu / load.wall, 2),
    }


def verify(world: World, leaves: int) -> Result:
    """Verify the whole log, of at least `leaves` leaves. Raises Failed when it does not hold."""
    _fill(world, leaves)
    with open_audit(world.sandbox.settings, world.clock) as audit:
        begun = time.perf_counter()
        report = audit.verify()
        wall = time.perf_counter() - begun
    if not report.ok:
        raise Failed(f"de log klopt niet: {report.findings[:1]}")
    return {"leaves": report.leaves, "leaves_per_second": round(report.leaves / wall), "checkpoints": report.checkpoints}


def _fill(world: World, messages: int) -> None:
    missing = messages - world.messages()
    if missing > 0:
        deliver(world, -(-missing // DELIVERY))


def _claim(world: World, gemeente: Gemeente, claims: int) -> tuple[int, list[float]]:
    messages, took = 0, []
    with closing(world.sandbox.connect(gemeente.oin)) as connection:
        for _ in range(claims):
            begun = time.perf_counter()
            answer = connection.request("POST", "/gemeente/v1/inbox/claims", _BODY)
            seconds = time.perf_counter() - begun
            taken = answer.body.count(b'"volgnummer":')
            if answer.status != 201 or answer.body.count(b'"sleutels":{') != taken:
                raise Failed(f"een claim is beantwoord met {answer.status}, of zonder sleutels")
            if not taken:
                break
            messages += taken
            took.append(seconds)
    return messages, took
