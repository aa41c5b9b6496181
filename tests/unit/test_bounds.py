"""What one sender can make the gateway do is bounded: the findings it gets, what is copied to find them, and how much runs at once."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from gateway.api import creditor
from gateway.app.doors import CreditorDoor
from gateway.app.standen import StandenDoor
from gateway.core.chain import Inbound, Outcome, Room, Sender, Stopped, Trace
from gateway.core.clock import FixedClock
from gateway.core.errors import NotFound, Unavailable
from gateway.keys.keystore import MemoryKeyStore
from gateway.partners.register import Register
from gateway.signals.chunks import excess, split
from gateway.signals.parsing import is_well_formed, parse
from gateway.signals.turns import PLACES, Turns
from schemas import strict
from schemas.signaal import AanleveringEnvelop, Signaal
from schemas.standen import StandEnvelop
from tests.records import AT, SIGNAL

OIN = "00000099000000001000"
SENDER, TRACE = Sender(OIN, OIN), Trace("4b" * 16, "a7" * 8)
LOG = "import logging, structlog; from gateway.app import oplog; {}; logging.getLogger('uvicorn.error').warning('Invalid HTTP'); "
LOG += "structlog.get_logger().warning('eigen')"


def inbound(value: object, room: Room | None = None) -> Inbound:
    return Inbound(0, SENDER, TRACE, AT, "/signalen/0", value, room)


def told(value: object, kind: Any = Signaal) -> list[strict.Fout]:
    with pytest.raises(strict.Refused) as caught:
        strict.convert(value, kind, "/hier")
    return caught.value.fouten


def envelop(**members: object) -> list[tuple[str, str]]:
    read = next(o for o in creditor.API.operations if o.id == "leverAan").decode
    with pytest.raises(strict.Refused) as caught:
        read(json.dumps({"kenmerk": "A-1", **members}).encode())
    return [(fout.pointer, fout.code) for fout in caught.value.fouten]


def findings(value: object, room: Room | None) -> int:
    stopped = parse(inbound(value, room))
    assert isinstance(stopped, Stopped)
    return len(stopped.outcome.findings)


def test_a_record_gets_at_most_fifty_findings() -> None:
    assert len(told({**SIGNAL, **{f"veld{n}": 1 for n in range(200)}})) == strict.FINDINGS
    assert len(told({**SIGNAL, **{f"veld{n}": 1 for n in range(7)}})) == 7


@pytest.mark.parametrize(
    "large", ["x" * 40_000, [None] * 40_000, [[]] * 2_000, {f"v{n}": 0 for n in range(2_000)}, [{"x": "y" * 20_000}] * 2]
)
def test_what_is_too_large_is_not_explained(large: object) -> None:
    assert [(f.pointer, f.code) for f in told({**SIGNAL, "onbekend": large})] == [("/hier", "TE_GROOT_OM_UIT_TE_LEGGEN")]


def test_what_is_not_too_large_is_explained() -> None:
    efforts = {"wijze": "gegevens", "contacten": [{"kanaal": "brief", "datum": "2026-11-01", "initiatief": "klant"}] * 50}
    assert [f.code for f in told({**SIGNAL, "inspanning": efforts})] == ["VELD_VERPLICHT"] * 50
    assert [f.code for f in told({**SIGNAL, "onbekend": "x" * 20_000})] == ["VELD_NIET_TOEGESTAAN"]


def test_an_envelope_is_explained_without_its_records() -> None:
    records = [{"x": "y" * 3_000}] * 4_999
    assert envelop(signalen=records, onbekend=1) == [("/onbekend", "VELD_NIET_TOEGESTAAN")]
    assert envelop(signalen=records * 2) == [("/signalen", "TE_VEEL")]
    assert envelop(signalen=[]) == [("/signalen", "TE_WEINIG")]
    assert envelop(signalen=records, onbekend="x" * 40_000) == [("", "TE_GROOT_OM_UIT_TE_LEGGEN")]
    assert [f.code for f in told({"kenmerk": "A-1", "signalen": records, "onbekend": 1}, AanleveringEnvelop)] == [
        "TE_GROOT_OM_UIT_TE_LEGGEN"  # the control: with them it is too large
    ]


def test_a_delivery_that_used_its_room_gets_one_finding_a_record() -> None:
    bad, room = {**SIGNAL, "een": 1, "twee": 2, "drie": 3, "kenmerk": 4}, Room(6)
    assert [findings(bad, room) for _ in range(4)] == [4, 4, 1, 1]
    assert [findings(bad, None) for _ in range(4)] == [4, 4, 4, 4]


@pytest.mark.parametrize("value", [SIGNAL, {}, None, {**SIGNAL, "x": 1}, {**SIGNAL, strict.DUPLICATE: ["kenmerk"]}])
def test_well_formed_is_what_the_parser_lets_through(value: object) -> None:
    assert is_well_formed(inbound(value)) == (not isinstance(parse(inbound(value)), Stopped))


def test_a_signal_has_a_smaller_body_than_the_others() -> None:
    limits = {o.id: o.limit for o in creditor.API.operations}
    assert limits["leverSignaal"] == strict.EXPLAIN_BYTES < limits["trekSignaalIn"]


def test_equal_keys_make_two_rounds_at_most() -> None:
    keys = ["A"] * 100
    kept = [None if too_often else key for key, too_often in zip(keys, excess(keys), strict=True)]
    assert kept == ["A", "A"] + [None] * 98
    assert len(list(split(kept, 1_000))) == 2
    assert len(list(split(keys, 1_000))) == 100  # the control
    assert not any(excess([None] * 5))


def test_bulk_work_leaves_places_and_is_refused_in_time() -> None:
    turns, gate = Turns(patience=0.05), threading.Barrier(PLACES + 1)

    def work() -> None:
        with turns.turn():
            gate.wait(10)
            gate.wait(10)

    busy = [threading.Thread(target=work) for _ in range(PLACES)]
    for thread in busy:
        thread.start()
    gate.wait(10)
    with pytest.raises(Unavailable) as caught, turns.turn():
        raise AssertionError
    assert (caught.value.code, caught.value.retry_after) == ("TE_DRUK", 5)
    gate.wait(10)
    for thread in busy:
        thread.join(10)
    with pytest.raises(ValueError, match="werk"), turns.turn():  # free again, whatever happened inside
        raise ValueError("werk")
    for _ in range(PLACES + 1):
        with turns.turn():
            pass


class Full:
    """A database that lets nobody through before `open`; `most` is how many stood before it at once."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.now = self.most = 0
        self._lock = threading.Lock()

    def transaction(self, tenant: Any = None) -> Any:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.open.wait(10)
        with self._lock:
            self.now -= 1
        raise NotFound


@pytest.mark.parametrize(("name", "most"), [("reconcile", 2), ("prove", 2), ("quality", 6)])  # the last is the control
def test_lists_and_proofs_take_turns(name: str, most: int) -> None:
    full = Full()
    keys = MemoryKeyStore()
    house: Any = SimpleNamespace(
        settings=SimpleNamespace(log_origin="seinhuis.example/log"), log=full, signer=None, municipalities=SimpleNamespace(naam=str),
        number=None, ingest=full, steps=SimpleNamespace(database=full, clock=FixedClock(AT), keys=keys, register=lambda: Register(1)),
    )  # fmt: skip
    door, day, id = StandenDoor(house), AT.date(), UUID(int=1)
    stand = StandEnvelop(sector="huur", handelsnaam="X", signalen=[1])
    calls: dict[str, Callable[[], object]] = {
        "reconcile": lambda: door.reconcile(SENDER, TRACE, day, stand),
        "prove": lambda: door.prove(OIN, id),
        "quality": lambda: door.quality(OIN, day, day),
    }

    def once() -> None:
        with pytest.raises(NotFound):
            calls[name]()

    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(once) for _ in range(6)]
        time.sleep(0.3)
        full.open.set()
        for one in done:
            one.result(10)
    assert full.most == most


@pytest.mark.parametrize(("setup", "plain"), [("oplog.configure()", False), ("structlog.configure", True)])
def test_operational_log_has_no_line_of_the_server(setup: str, plain: bool) -> None:
    done = subprocess.run([sys.executable, "-c", LOG.format(setup)], capture_output=True, text=True, check=True)
    assert ("Invalid HTTP" in done.stderr) == plain
    assert "eigen" in done.stderr + done.stdout


class House:
    """Notes where records go, and how many flows of bulk work run at once; those end in a ValueError."""

    clock = FixedClock(AT)
    settings = SimpleNamespace(log_origin="seinhuis.example/log")
    municipalities = SimpleNamespace(naam=None)
    register = SimpleNamespace(current=lambda: Register(1))
    signer = ingest = log = number = overviews = None  # for the parts of the door that are not tried here

    def __init__(self) -> None:
        self.went: list[str] = []
        self.running = self.most = 0
        self.posts = self
        self._lock = threading.Lock()

    def submit(self, _record: Inbound) -> "Future[Outcome]":
        self.went.append("schrijver")
        future: Future[Outcome] = Future()
        future.set_result(Outcome("bezorgd", ()))
        return future

    def receive(self, chunk: list[Inbound]) -> list[Outcome]:
        self.went.append("alleen")
        return [Outcome("geweigerd", ()) for _ in chunk]

    @property
    def steps(self) -> None:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(0.05)
        with self._lock:
            self.running -= 1
        raise ValueError("genoeg")


@pytest.mark.parametrize(("value", "way", "status"), [(SIGNAL, "schrijver", "bezorgd"), ({**SIGNAL, "x": 1}, "alleen", "geweigerd")])
def test_a_malformed_post_goes_past_the_writer(value: object, way: str, status: str) -> None:
    house: Any = House()
    outcome = asyncio.run(CreditorDoor(house).deliver_one(SENDER, TRACE, value))
    assert (house.went, outcome.status) == ([way], status)


@pytest.mark.parametrize("flow", ["deliver_many", "preflight"])
def test_the_door_lets_bulk_work_take_turns(flow: str) -> None:
    house: Any = House()
    door, request = CreditorDoor(house), AanleveringEnvelop(kenmerk="A-1", signalen=[1])
    arguments = (SENDER, TRACE, request, b"")[: 4 if flow == "deliver_many" else 3]
    with ThreadPoolExecutor(PLACES * 3) as pool:
        done = [pool.submit(getattr(door, flow), *arguments) for _ in range(PLACES * 3)]
    assert {type(one.exception()) for one in done} == {ValueError}
    assert house.most == PLACES
