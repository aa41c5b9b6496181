"""What one HTTP connection may do: real sockets on loopback, small time limits, plain HTTP (TLS is in `test_tls`)."""

import asyncio
import contextlib
import json
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from gateway.api.listeners import Listener, Listeners
from gateway.api.protocol import Limits, peer
from gateway.core.errors import Unauthenticated

SMALL = Limits(header_seconds=0.6, stall_seconds=0.5, linger_seconds=0.3, idle_seconds=1, body_rate=2000, connections=400, tick=0.1)
GOOD = b"GET /goed HTTP/1.1\r\nHost: x\r\n\r\n"


class App:
    """Counts requests, reads the body (unless the path is /ongelezen), answers 200 with its length. Other paths misbehave."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.disconnects = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        self.paths.append(path)
        size, more = 0, path != "/ongelezen"
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.disconnects += 1
                return
            size += len(message["body"])
            more = message["more_body"]
        if path == "/kapot":
            raise ValueError("geheim")
        if path == "/langzaam":
            await asyncio.sleep(1)
        body = b"x" * 50_000_000 if path == "/groot" else b"%d" % size
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        if path == "/half":
            raise ValueError("geheim")
        await send({"type": "http.response.body", "body": body})


class Running:
    """Listeners in a thread; `port` by name, `app` counts."""

    def __init__(self, limits: Limits = SMALL) -> None:
        self.app = App()
        self.ports: dict[str, int] = {}
        self._up = threading.Event()
        one = Listener("plain", self.app, "127.0.0.1", 0, limits=limits, headers={"API-Version": "1.0.0"})
        two = Listener("inner", self.app, "127.0.0.1", 0, limits=limits)
        self.listeners = Listeners([one, two], drain_seconds=5, ready=self._ready)
        self.thread = threading.Thread(target=self.listeners.run)

    def _ready(self, ports: dict[str, int]) -> None:
        self.ports = ports
        self._up.set()

    def __enter__(self) -> "Running":
        self.thread.start()
        assert self._up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.listeners.stop()
        self.thread.join(15)
        assert not self.thread.is_alive()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.ports["plain"]), timeout=5)


@pytest.fixture
def running() -> Iterator[Running]:
    with Running() as one:
        yield one


def read_all(sock: socket.socket) -> bytes:
    """Everything until the other end closes (or cuts the line)."""
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := sock.recv(65536):
            parts.append(part)
    return b"".join(parts)


def ask(running: Running, raw: bytes) -> bytes:
    with running.connect() as sock:
        sock.sendall(raw)
        return read_all(sock)


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def problem_of(answer: bytes) -> dict[str, object]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    problem = json.loads(body)
    assert problem["status"] == status_of(answer)
    assert isinstance(problem, dict)
    return problem


def closing(request: bytes) -> bytes:
    return request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)


def test_good_request_is_served_on_every_listener(running: Running) -> None:
    answer = ask(running, closing(GOOD))
    assert status_of(answer) == 200
    assert b"server:" not in answer.lower()
    assert b"date:" not in answer.lower()
    with socket.create_connection(("127.0.0.1", running.ports["inner"]), timeout=5) as sock:
        sock.sendall(closing(GOOD))
        assert status_of(read_all(sock)) == 200


def test_keep_alive_and_pipelining_answer_in_order(running: Running) -> None:
    bodies = [b"a" * size for size in (3, 70_000, 0, 5)]
    requests = [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies]
    answer = ask(running, b"".join(requests) + closing(GOOD))
    assert [int(part.partition(b"\r\n\r\n")[2]) for part in answer.split(b"HTTP/1.1 200 OK")[1:]] == [3, 70_000, 0, 5, 0]


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
        b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
    ],
)
def test_ambiguous_request_is_refused_and_never_reaches_the_app(running: Running, raw: bytes) -> None:
    answer = ask(running, raw)
    assert problem_of(answer)["code"] == "VERZOEK_ONGELDIG"
    assert b"API-Version: 1.0.0\r\n" in answer
    assert answer.count(b"HTTP/1.1 ") == 1
    assert running.app.paths == []


def test_trailer_cannot_add_a_header(running: Running) -> None:
    chunked = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
    assert problem_of(ask(running, chunked + b"Namens: 00000099000000001000\r\n\r\n"))["status"] == 400
    with running.connect() as sock:
        sock.sendall(chunked + b"\r\n")
        assert status_of(sock.recv(65536)) == 200


def test_bad_chunk_is_answered_once_and_the_app_hears_of_it(running: Running) -> None:
    with running.connect() as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
        time.sleep(0.2)
        sock.sendall(b"zz\r\n")
        answer = read_all(sock)
    assert problem_of(answer)["status"] == 400
    assert running.app.disconnects == 1


def test_long_target_is_refused(running: Running) -> None:
    assert status_of(ask(running, closing(GOOD.replace(b"/goed", b"/" + b"a" * 2047)))) == 200
    answer = ask(running, GOOD.replace(b"/goed", b"/" + b"a" * 2048))
    assert problem_of(answer)["status"] == 414


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("many lines", b"".join(b"a%d: b\r\n" % nr for nr in range(100))),
        ("one long line", b"a: " + b"b" * 17_000 + b"\r\n"),
        ("many bytes", b"".join(b"a%d: %b\r\n" % (nr, b"b" * 1000) for nr in range(17))),
    ],
)
def test_header_flood_is_refused(running: Running, name: str, header: bytes) -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n"
    assert problem_of(ask(running, request))["status"] == 431, name
    assert running.app.paths == []


def test_header_within_the_limit_is_served(running: Running) -> None:
    header = b"".join(b"a%d: %b\r\n" % (nr, b"b" * 140) for nr in range(98))
    assert status_of(ask(running, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + header + b"\r\n")) == 200


def test_endless_header_line_is_cut_off_early(running: Running) -> None:
    sent = 0
    with running.connect() as sock, contextlib.suppress(ConnectionError):
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\na: ")
        while sent < 64_000_000:
            sock.sendall(b"b" * 16_384)
            sent += 16_384
    assert sent < 64_000_000
    assert running.app.paths == []


def _trickle(port: int, seconds: float) -> int:
    """200 connections that send a header byte by byte; the number still open at the end."""
    socks = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(200)]
    until = time.monotonic() + seconds
    for sock in socks:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    gone: set[int] = set()
    while time.monotonic() < until:
        time.sleep(0.2)
        for nr, sock in enumerate(socks):
            try:
                sock.sendall(b"a: b\r\n")
            except OSError:
                gone.add(nr)
    for sock in socks:
        sock.close()
    return len(socks) - len(gone)


def test_slow_headers_are_cut_off_while_a_good_client_is_served(running: Running) -> None:
    left: list[int] = []
    attack = threading.Thread(target=lambda: left.append(_trickle(running.ports["plain"], 2)))
    attack.start()
    slowest = 0.0
    for _ in range(15):
        begin = time.monotonic()
        assert status_of(ask(running, closing(GOOD))) == 200
        slowest = max(slowest, time.monotonic() - begin)
        time.sleep(0.1)
    attack.join()
    assert left == [0]
    assert slowest < 1


class _Plain(uvicorn.Server):
    """uvicorn as it comes, in a thread."""

    def __init__(self) -> None:
        super().__init__(uvicorn.Config(App(), port=0, lifespan="off", log_config=None, timeout_graceful_shutdown=1))
        self.thread = threading.Thread(target=self.run)

    def port(self) -> int:
        self.thread.start()
        while not self.started:
            time.sleep(0.01)
        port = self.servers[0].sockets[0].getsockname()[1]
        assert isinstance(port, int)
        return port


def test_slow_headers_stay_open_on_plain_uvicorn() -> None:
    """The control of the test above: the attack works where nobody guards."""
    plain = _Plain()
    try:
        assert _trickle(plain.port(), 2) == 200
    finally:
        plain.should_exit = True
        plain.thread.join()


def test_silent_connection_is_closed(running: Running) -> None:
    begin = time.monotonic()
    assert problem_of(ask(running, b""))["code"] == "VERZOEK_TE_TRAAG"
    assert 0.4 < time.monotonic() - begin < 2


def test_blank_lines_do_not_keep_a_connection_open(running: Running) -> None:
    with running.connect() as sock, contextlib.suppress(ConnectionError):
        sock.sendall(GOOD)
        assert status_of(sock.recv(65536)) == 200
        for _ in range(30):
            sock.sendall(b"\r\n")
            time.sleep(0.1)
        pytest.fail("still open")


def test_blank_line_after_a_large_body_is_skipped(running: Running) -> None:
    with running.connect() as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000)
        assert status_of(sock.recv(65536)) == 200
        sock.sendall(b"\r\n")
        time.sleep(0.1)
        sock.sendall(closing(GOOD))
        assert status_of(read_all(sock)) == 200


def test_idle_connection_is_closed_and_a_busy_one_is_not(running: Running) -> None:
    with running.connect() as sock:
        for _ in range(4):
            sock.sendall(GOOD)
            assert status_of(sock.recv(65536)) == 200
            time.sleep(0.6)
        assert sock.recv(65536) == b""


@pytest.mark.parametrize(("pause", "piece"), [(0.8, b"x"), (0.1, b"x")], ids=["stalled", "below the rate"])
def test_endless_body_is_cut_off(running: Running, pause: float, piece: bytes) -> None:
    begin = time.monotonic()
    with running.connect() as sock, contextlib.suppress(ConnectionError):
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        while time.monotonic() - begin < 5:
            sock.sendall(piece)
            time.sleep(pause)
    assert time.monotonic() - begin < 3
    assert running.app.disconnects == 1


def test_steady_body_is_served(running: Running) -> None:
    """The control of the test above: slow, but fast enough, for longer than both limits."""
    with running.connect() as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6000\r\nConnection: close\r\n\r\n")
        for _ in range(15):
            sock.sendall(b"x" * 400)
            time.sleep(0.1)
        assert read_all(sock).endswith(b"6000")


def test_endless_body_after_an_answer_is_cut_off(running: Running) -> None:
    begin = time.monotonic()
    with running.connect() as sock, contextlib.suppress(ConnectionError):
        sock.sendall(b"POST /ongelezen HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        while time.monotonic() - begin < 5:
            sock.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
    assert time.monotonic() - begin < 3


def test_rest_of_a_body_after_an_answer_keeps_the_connection(running: Running) -> None:
    with running.connect() as sock:
        sock.sendall(b"POST /ongelezen HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
        assert status_of(sock.recv(65536)) == 200
        sock.sendall(b"rest" + GOOD)
        assert status_of(sock.recv(65536)) == 200


def test_unread_answer_is_cut_off(running: Running) -> None:
    with running.connect() as sock:
        sock.sendall(b"GET /groot HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1.5)
        assert len(read_all(sock)) < 50_000_000


def test_expect_continue_waits_for_us(running: Running) -> None:
    with running.connect() as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
        assert sock.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"ab")
        assert status_of(read_all(sock)) == 200


def test_failing_app_answers_a_problem_that_says_nothing(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    server = logging.getLogger("uvicorn.error")  # noqa: TID251 - listened to directly: an earlier test may have set up logging
    server.disabled = False
    server.addHandler(caplog.handler)
    answer = ask(running, GOOD.replace(b"goed", b"kapot"))
    assert problem_of(answer)["code"] == "VERZOEK_MISLUKT"
    assert status_of(ask(running, GOOD.replace(b"goed", b"half"))) == 200  # and then cut off
    deadline = time.monotonic() + 5  # the answer is out before its failure is written down
    while "ValueError" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "ValueError" in caplog.text
    assert "geheim" not in caplog.text


def test_connections_beyond_the_limit_are_refused() -> None:
    with Running(SMALL._replace(connections=5, header_seconds=30)) as running, contextlib.ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(running.connect())
        time.sleep(0.2)
        assert problem_of(ask(running, b""))["code"] == "BEZET"


def test_peer_without_certificate_raises() -> None:
    scopes: list[Scope] = [{}, {"extensions": {}}, {"extensions": {"seinhuis.tls": None}}]
    for scope in scopes:
        with pytest.raises(Unauthenticated):
            peer(scope)


def test_stop_answers_the_request_in_flight() -> None:
    running = Running()
    with running, running.connect() as busy, running.connect() as idle:
        idle.sendall(GOOD)
        assert status_of(idle.recv(65536)) == 200
        busy.sendall(b"GET /langzaam HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.2)
        running.listeners.stop()
        assert status_of(read_all(busy)) == 200
        assert idle.recv(65536) == b""
        with pytest.raises(OSError, match=r"refused"):
            running.connect()


def test_second_stop_does_not_wait() -> None:
    running = Running()
    with running, running.connect() as busy:
        busy.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
        time.sleep(0.2)
        begin = time.monotonic()
        running.listeners.stop()
        running.listeners.stop()
        running.thread.join(3)
        assert time.monotonic() - begin < 1
        read_all(busy)


PROGRAM = """
import sys
from gateway.api.listeners import Listener, Listeners
from tests.e2e.test_protocol import App
listener = Listener("plain", App(), "127.0.0.1", 0)
Listeners([listener], ready=lambda ports: print(ports["plain"], flush=True)).run()
print("database stops now", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_drains_and_then_returns(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with socket.create_connection(("127.0.0.1", int(process.stdout.readline())), timeout=5) as sock:
            sock.sendall(b"GET /langzaam HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.3)
            process.send_signal(number)
            assert status_of(read_all(sock)) == 200
        assert process.stdout.read() == "database stops now\n"
        assert process.wait(5) == 0
