"""`overview`: asking and answering while thousands of overviews run, and one sweep of the deadline job over all of them.

Three municipalities ask 14 creditors each time and 14 creditors answer, at a fixed modest rate over mTLS. A request counts from the moment
that it was due, so that waiting for the one before shows. Then half of the overviews are past their last day and the questions of the
other half want a reminder; a second node of the same installation runs the job beside the gateway, so that every open question is moved
once and logged. Authority: `docs/performance.md`. What runs beforehand stands in `running`.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from typing import Any, NamedTuple

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from adapters.client.connection import Connection
from certs.dev import DevPki
from gateway.app.house import open_house, open_office
from gateway.bench import running
from gateway.bench.workday import CLIENT
from gateway.bench.world import Failed, Meter, Result, World, one, percentile
from gateway.core.chain import Trace
from gateway.onboarding import trial
from gateway.overviews import terms
from gateway.partners.register import Certificaat, Deelnemer
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS

CREDITORS = 14
ORIGINALS = 30
ASKED_PER_SECOND = 6.0  # 84 questions
ANSWERED_PER_SECOND = 28.0
PATIENCE = 600.0
_TRACE = Trace("0" * 32, "0" * 16)
_OINS = (*(party.oin for party in SCHULDEISERS), *(f"00000099{50 + nr:09}000" for nr in range(CREDITORS - len(SCHULDEISERS))))
_numbers = count(1)
Request = tuple[str, bytes]


class _Lane(NamedTuple):
    """What one party sends, one request every `interval` seconds, the first after `offset`."""

    oin: str
    requests: Sequence[Request]
    interval: float
    offset: float


def measure(world: World, overviews: int, asks: int) -> Result:
    """Ask `asks` times and answer in proportion while `overviews` run; then sweep them all. Raises Failed."""
    _fill(world, overviews)
    asking, answering = _asking(asks), _answering(world, round(asks * ANSWERED_PER_SECOND / ASKED_PER_SECOND))
    running_now = one(world.database, "SELECT count(*) FROM schuldenoverzicht WHERE state IN ('open', 'deels')")
    meter, begun = Meter(world.sandbox.pid), time.perf_counter()
    with ThreadPoolExecutor(len(asking) + len(answering)) as pool:
        sent = list(pool.map(lambda lane: _send(world, lane, begun), [*asking, *answering]))
    load = meter.read()
    asked = [seconds for lane in sent[: len(asking)] for seconds in lane]
    answered = [seconds for lane in sent[len(asking) :] for seconds in lane]
    return {
        "overviews": running_now,
        "asked": len(asked),
        "answered": len(answered),
        "requests_per_second": round((len(asked) + len(answered)) / load.wall, 1),
        **_latencies("ask", asked),
        **_latencies("answer", answered),
        **_sweep(world),
        "peak_memory_mb": round(load.peak_mb),
        "client_cpu_share": round(load.client_cpu / load.wall, 2),
    }


def _latencies(name: str, took: Sequence[float]) -> Result:
    return {f"{name}_p50_ms": round(percentile(took, 0.5) * 1000, 1), f"{name}_p99_ms": round(percentile(took, 0.99) * 1000, 1)}


def _fill(world: World, overviews: int) -> None:
    _enrol(world)
    with closing(world.sandbox.connect(GEMEENTEN[0].oin)) as connection:
        _until(lambda: _post(connection, *_question()) == 201, "de schuldeisers worden niet bekend")
    for lane in _asking(ORIGINALS):
        _send(world, lane._replace(interval=0, offset=0), time.perf_counter())
    running.copy(world.database, overviews)


def _enrol(world: World) -> None:
    """The creditors beyond those of the sandbox, each with a certificate."""
    pki = DevPki.load(world.sandbox.state / "pki", world.clock)
    with open_office(world.sandbox.settings, world.clock) as office:
        for oin in _OINS[len(SCHULDEISERS) :]:
            issued = pki.partner(oin, f"Schuldeiser {oin}")
            found = x509.load_der_x509_certificate(issued.der)
            known = Certificaat(found.fingerprint(SHA256()), oin, found.not_valid_before_utc, found.not_valid_after_utc)
            trial.admit(office, Deelnemer(oin, f"Schuldeiser {oin}", frozenset({"schuldeiser"}), "actief"), known)


def _asking(asks: int) -> list[_Lane]:
    """Questions of all municipalities, spread evenly over time."""
    lanes = len(GEMEENTEN)
    each = [[_question() for _ in range(-(-asks // lanes))] for _ in range(lanes)]
    return [
        _Lane(gemeente.oin, each[nr], lanes / ASKED_PER_SECOND, nr / ASKED_PER_SECOND) for nr, gemeente in enumerate(GEMEENTEN)
    ]


def _answering(world: World, answers: int) -> list[_Lane]:
    """Answers of all creditors to questions taken at random."""
    body = msgspec.json.encode(_answer(world))
    lanes = []
    for nr, oin in enumerate(_OINS):
        ids = running.some(world.database, oin, -(-answers // CREDITORS))
        requests = [(f"/schuldeiser/v1/saldoverzoeken/{id}/antwoord", body) for id in ids]
        lanes.append(_Lane(oin, requests, CREDITORS / ANSWERED_PER_SECOND, nr / ANSWERED_PER_SECOND))
    return lanes


def _question() -> Request:
    number = next(_numbers)
    body = {
        "kenmerk": f"BENCH-{number}", "zaaknummer": f"BENCH-{number}", "grond": "plan_van_aanpak", "client": CLIENT,
        "schuldeisers": [{"oin": oin, "klantnummer": f"K-{number}", "factuurnummers": [f"F-{number}"]} for oin in _OINS],
    }  # fmt: skip
    return "/gemeente/v1/schuldenoverzichten", msgspec.json.encode(body)


def _answer(world: World) -> dict[str, Any]:
    amounts = {"hoofdsomCent": 40_000, "renteCent": 1_200, "kostenCent": 4_000, "betaaldCent": 5_200, "saldoCent": 40_000}
    claims = [{"soort": "openstaand", "kenmerk": f"F-{nr}", **amounts} for nr in range(3)]
    return {"soort": "vorderingen", "peildatum": world.today, "vorderingen": claims}


def _send(world: World, lane: _Lane, begun: float) -> list[float]:
    """Seconds per request, from when it was due."""
    took = []
    with closing(world.sandbox.connect(lane.oin)) as connection:
        for due, request in zip(_moments(lane, begun), lane.requests, strict=False):
            time.sleep(max(0.0, due - time.perf_counter()))
            since = due if lane.interval else time.perf_counter()
            status = _post(connection, *request)
            took.append(time.perf_counter() - since)
            if status != 201:
                raise Failed(f"een vraag of antwoord is beantwoord met {status}")
    return took


def _moments(lane: _Lane, begun: float) -> Iterator[float]:
    return (begun + lane.offset + nr * lane.interval for nr in count())


def _post(connection: Connection, path: str, body: bytes) -> int:
    return connection.request("POST", path, body).status


def _sweep(world: World) -> Result:
    """Seconds of a run that moves every open question once, of one that moves nothing, and until the entries of the first are numbered."""
    running.make_due(world.database, world.today)
    waiting = one(world.database, "SELECT count(*) FROM saldoverzoek WHERE state = 'open'")
    settings = world.sandbox.settings.model_copy(update={"file_workers": 0})
    with open_house(settings, world.clock) as node:
        begun = time.perf_counter()
        done = terms.run(node.overviews, settings.operator, lambda: _TRACE)
        wall = time.perf_counter() - begun
        world.numbered(PATIENCE)
        numbered = time.perf_counter() - begun
        begun = time.perf_counter()
        idle = terms.run(node.overviews, settings.operator, lambda: _TRACE)
        looked = time.perf_counter() - begun
    if sum(done) != waiting or sum(idle):
        raise Failed("niet elke vraag kwam aan de beurt")
    return {
        "swept_expired": done.expired,
        "swept_reminded": done.reminded,
        "sweep_seconds": round(wall, 1),
        "sweep_numbered_seconds": round(numbered, 1),
        "idle_sweep_seconds": round(looked, 3),
    }


def _until(done: Callable[[], bool], otherwise: str) -> None:
    until = time.perf_counter() + 30
    while not done():
        if time.perf_counter() > until:
            raise Failed(otherwise)
        time.sleep(0.2)
