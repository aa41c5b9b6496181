"""Load on a gateway that is killed over and over, and the books of what was promised.

A record is *attempted* before it is sent and *acknowledged* by a complete 2xx answer. After the last restart: lost is
acknowledged minus stored, unexpected is stored minus attempted. Leaves when to kill whom to the tests.
"""

import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from adapters.client.connection import Answer, Connection
from adapters.synthetic.generator import Creditor
from gateway.api.tls import OPENSSL_CONFIG
from gateway.app.house import open_office
from gateway.keys import names
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.verify import Report, verify
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS, Schuldeiser
from gateway.sandbox.sandbox import Ports, Sandbox
from tests.canaries import lawful
from tests.conftest import postmaster
from tests.gateways import CLOCK, FREE_PORTS

SERVE = ("gateway", "serve")
EARLY = ("tests.faults.early",)
BATCH = 2_200  # three chunks, so that a kill cuts a delivery in two
SINGLES = 4  # threads
TIMEOUT = 20
START_SECONDS = 60


class Machine:
    """One state folder, its gateway process and the embedded PostgreSQL below it; each can be killed (-9) and started again."""

    def __init__(self, folder: Path, program: tuple[str, ...] = SERVE) -> None:
        self._program = program
        self._gateway: subprocess.Popen[bytes] | None = None
        self.sandbox = Sandbox(folder / "state", CLOCK, **FREE_PORTS)
        self.sandbox.prepare()

    def start(self) -> None:
        own = {"SEINHUIS_STATE": str(self.sandbox.state), "SEINHUIS_PROEF": "true", "OPENSSL_CONF": str(OPENSSL_CONFIG)}
        environment = {**os.environ, **FREE_PORTS, **own}
        with self.sandbox.log.open("ab") as log:
            self._gateway = subprocess.Popen([sys.executable, "-m", *self._program], stdout=subprocess.PIPE, stderr=log, env=environment)
        assert self._gateway.stdout is not None
        timer = threading.Timer(START_SECONDS, self._gateway.kill)
        timer.start()
        with self._gateway.stdout as output:
            line = output.readline()
        timer.cancel()
        assert line, f"the gateway did not start: {self.sandbox.log}"
        self.sandbox.ports = Ports(**json.loads(line)["klaar"])

    def kill_gateway(self) -> None:
        if self._gateway is not None:
            self._gateway.kill()
            self._gateway.wait()
            self._gateway = None

    def kill_database(self) -> None:
        """The postmaster first, so that it starts no other; then all its processes."""
        server = postmaster(self.sandbox.state)
        children = [int(pid) for task in Path(f"/proc/{server}/task").iterdir() for pid in (task / "children").read_text().split()]
        for pid in (server, *children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def owner(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection of the database's owner, for what a test looks at or breaks."""
        return psycopg.connect((self.sandbox.state / "pg" / "verbinding").read_text(), autocommit=True)

    def verify(self) -> Report:
        with open_office(self.sandbox.settings, CLOCK) as office:
            signer = CheckpointSigner(self.sandbox.settings.log_origin, office.keys.key(names.CHECKPOINT))
        with self.owner() as connection, connection.transaction():
            return verify(connection, signer.verifier)

    def stop(self) -> None:
        if self._gateway is not None:
            self._gateway.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._gateway.wait(30)
        self.kill_gateway()


class Books:
    """What the clients tried and what they were promised."""

    def __init__(self) -> None:
        self.attempted: set[str] = set()
        self.acknowledged: set[str] = set()
        self.ids: set[str] = set()
        self.broken = 0  # requests without a complete 2xx answer
        self.resumed = 0  # deliveries that were cut off and ended complete under the same kenmerk
        self.continued = 0  # records in these that an earlier try had delivered
        self._lock = threading.Lock()

    def promise(self, kenmerken: list[str], ids: list[str]) -> None:
        with self._lock:
            self.acknowledged.update(kenmerken)
            self.ids.update(ids)


class Load:
    """Clients over mTLS: single posts on `SINGLES` connections and one delivery after another."""

    def __init__(self, machine: Machine, folder: Path, *, batches: bool = True) -> None:
        self.books = Books()
        self._machine = machine
        self._folder = folder
        self._batches = batches
        self._ended = threading.Event()
        self._seeds = itertools.count(1)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Load until the block ends; an unexpected answer to any client fails it."""
        with ThreadPoolExecutor(SINGLES + 1) as pool:
            clients: list[Future[None]] = [pool.submit(self._singles, SCHULDEISERS[n % 2]) for n in range(SINGLES)]
            if self._batches:
                clients.append(pool.submit(self._deliveries, SCHULDEISERS[2]))
            try:
                yield
            finally:
                self._ended.set()
            for client in clients:
                client.result(120)

    def _signals(self, creditor: Schuldeiser, n: int) -> list[dict[str, Any]]:
        owner = Creditor(creditor.oin, creditor.sector, creditor.naam)
        return lawful(self._folder, n, seed=next(self._seeds), creditors=[owner])

    def _singles(self, creditor: Schuldeiser) -> None:
        with closing(Client(self._machine, creditor)) as client:
            for signal in itertools.chain.from_iterable(self._signals(creditor, 50) for _ in itertools.count()):
                self.books.attempted.add(signal["kenmerk"])
                answer = client.post("/schuldeiser/v1/signalen", signal)
                if answer is None:
                    self.books.broken += 1
                else:
                    self.books.promise([signal["kenmerk"]], [answer.json()["id"]])
                if self._ended.is_set():
                    return

    def _deliveries(self, creditor: Schuldeiser) -> None:
        with closing(Client(self._machine, creditor)) as client:
            for number in itertools.count():
                signals = self._signals(creditor, BATCH)
                self.books.attempted.update(signal["kenmerk"] for signal in signals)
                envelop = {"kenmerk": f"LEVERING-{number}", "signalen": signals}
                broken = 0
                while (answer := client.post("/schuldeiser/v1/aanleveringen", envelop)) is None:  # also when the load ends: to its end
                    broken += 1
                self._complete(answer.json(), signals, broken)
                if self._ended.is_set():
                    return

    def _complete(self, done: dict[str, Any], signals: list[dict[str, Any]], broken: int) -> None:
        counts = done["aantallen"]
        assert (done["resultaat"], counts["aangeboden"]) == ("volledig", len(signals)), done
        self.books.promise([signal["kenmerk"] for signal in signals], [])
        self.books.broken += broken
        self.books.resumed += bool(broken)
        self.books.continued += counts["eerderOntvangen"]


class Client:
    """A connection that is made anew after every failure, to wherever the gateway listens then."""

    def __init__(self, machine: Machine, creditor: Schuldeiser) -> None:
        self._machine = machine
        self._creditor = creditor
        self._connection: Connection | None = None

    def post(self, path: str, value: object) -> Answer | None:
        """The answer if it is a complete 2xx; None when the connection broke or the gateway says 5xx. Anything else is a bug."""
        if self._connection is None:
            self._connection = self._machine.sandbox.connect(self._creditor.oin, timeout=TIMEOUT)
        try:
            answer = self._connection.post(path, value)
        except (OSError, http.client.HTTPException):
            self.close()
            time.sleep(0.05)
            return None
        assert answer.status in (200, 201, 500, 503), answer
        return answer if answer.status < 300 else None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def eventually(found: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether `found` becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found():
            return True
        time.sleep(0.1)
    return False


def inbox(machine: Machine) -> list[str]:
    """The ids in all inboxes, as the municipalities list them page by page."""
    found: list[str] = []
    for gemeente in GEMEENTEN:
        connection = machine.sandbox.connect(gemeente.oin)
        path = "/gemeente/v1/inbox/berichten?limiet=500"
        page = connection.get(path).json()
        while page["berichten"]:
            found += [bericht["id"] for bericht in page["berichten"]]
            page = connection.get(f"{path}&cursor={page['volgende']}").json()
        connection.close()
    return found
