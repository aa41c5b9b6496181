"""Who gets in over TLS, with which suites, and that the application knows who it is: real handshakes on loopback."""

import hashlib
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.types import Receive, Scope, Send

from certs.dev import DevPki, Issued
from gateway.api.listeners import Listener, Listeners
from gateway.api.protocol import Limits, Peer, peer
from gateway.api.tls import OPENSSL_CONFIG, SUITES, server_context, weak_suites
from gateway.core.clock import FixedClock, SystemClock
from gateway.core.errors import Misconfigured, Unauthenticated

OIN = "00000099000000001000"
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LIMITS = Limits(header_seconds=1, per_peer=3, tick=0.1)


class App:
    """Notes who called; a caller without a certificate is noted as None."""

    def __init__(self) -> None:
        self.peers: list[Peer | None] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self.peers.append(peer(scope))
        except Unauthenticated:
            self.peers.append(None)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ja"})


class World(NamedTuple):
    pki: DevPki
    server: Issued
    partner: Issued


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    pki = DevPki.create(tmp_path_factory.mktemp("pki"), SystemClock())
    return World(pki, pki.server("localhost"), pki.partner(OIN, "Woningstichting Voorbeeld"))


@contextmanager
def serving(context: ssl.SSLContext, limits: Limits = LIMITS) -> Iterator[tuple[App, int]]:
    app, up, ports = App(), threading.Event(), {}

    def ready(given: dict[str, int]) -> None:
        ports.update(given)
        up.set()

    listeners = Listeners([Listener("mtls", app, "127.0.0.1", 0, context, limits)], drain_seconds=2, ready=ready)
    thread = threading.Thread(target=listeners.run)
    thread.start()
    try:
        assert up.wait(10)
        yield app, ports["mtls"]
    finally:
        listeners.stop()
        thread.join(15)
        assert not thread.is_alive()


def mtls(world: World, *, tls12: bool = False) -> ssl.SSLContext:
    return server_context(world.server.chain_path, world.server.key_path, world.pki.root_path, tls12=tls12)


def client(world: World, issued: Issued | None, maximum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(world.pki.root_path))
    context.maximum_version = maximum
    if issued is not None:
        context.load_cert_chain(issued.chain_path, issued.key_path)
    return context


def connect(context: ssl.SSLContext, port: int, session: ssl.SSLSession | None = None) -> ssl.SSLSocket:
    sock = socket.create_connection(("127.0.0.1", port), timeout=5)
    try:
        return context.wrap_socket(sock, server_hostname="localhost", session=session)
    except OSError:
        sock.close()
        raise


def status(sock: ssl.SSLSocket) -> int:
    """One request; 0 when the other end breaks off."""
    sock.sendall(REQUEST)
    answer = b""
    while not answer.endswith(b"ja"):
        if not (part := sock.recv(65536)):
            return 0
        answer += part
    return int(answer.split(b" ", 2)[1])


def ask(context: ssl.SSLContext, port: int) -> int:
    with connect(context, port) as sock:
        return status(sock)


def refused(context: ssl.SSLContext, port: int) -> bool:
    """Whether the other end breaks off, in the handshake (TLS 1.2) or after it (1.3)."""
    try:
        return ask(context, port) == 0
    except (ssl.SSLError, ConnectionError):
        return True


def test_certificate_arrives_on_every_request_of_a_connection(world: World) -> None:
    with serving(mtls(world)) as (app, port), connect(client(world, world.partner), port) as sock:
        assert [status(sock) for _ in range(5)] == [200] * 5
    expected = Peer(world.partner.der, hashlib.sha256(world.partner.der).digest(), "TLSv1.3")
    assert app.peers == [expected] * 5


def test_certificates_of_two_partners_are_not_mixed_up(world: World) -> None:
    other = world.pki.partner("00000099000000002000", "Gemeente Voorbeeld", rsa_key=True)
    with serving(mtls(world)) as (app, port), ExitStack() as stack:
        socks = [stack.enter_context(connect(client(world, issued), port)) for issued in (world.partner, other)]
        for sock in (*socks, *reversed(socks)):
            assert status(sock) == 200
    assert [known.der for known in app.peers if known] == [world.partner.der, other.der, other.der, world.partner.der]


def _strangers(world: World, folder: Path) -> dict[str, Issued | None]:
    old = DevPki.load(world.pki.root_path.parent, FixedClock(SystemClock().now() - timedelta(days=30)))
    return {
        "no certificate": None,
        "other CA": DevPki.create(folder / "other", SystemClock()).partner(OIN, "Woningstichting Voorbeeld"),
        "expired": old.partner("00000099000000003000", "Verlopen", valid_for=timedelta(days=1)),
        "for signatures": world.pki.signing(OIN, "Woningstichting Voorbeeld"),
    }


@pytest.mark.parametrize("tls12", [False, True])
def test_stranger_never_reaches_the_app(world: World, tmp_path: Path, tls12: bool) -> None:
    version = ssl.TLSVersion.TLSv1_2 if tls12 else ssl.TLSVersion.TLSv1_3
    with serving(mtls(world, tls12=tls12)) as (app, port):
        for name, issued in _strangers(world, tmp_path).items():
            assert refused(client(world, issued, version), port), name
        assert app.peers == []
        assert ask(client(world, world.partner, version), port) == 200  # the control
        assert len(app.peers) == 1


def test_public_listener_asks_no_certificate_and_shows_none(world: World) -> None:
    context = server_context(world.server.chain_path, world.server.key_path, None)
    with serving(context) as (app, port):
        assert ask(client(world, None), port) == 200
        assert ask(client(world, world.partner), port) == 200
    assert app.peers == [None, None]


def test_tls12_is_refused_unless_switched_on(world: World) -> None:
    old = client(world, world.partner, ssl.TLSVersion.TLSv1_2)
    with serving(mtls(world)) as (app, port):
        assert refused(old, port)
        assert app.peers == []
    with serving(mtls(world, tls12=True)) as (app, port):
        assert ask(old, port) == 200
        assert ask(client(world, world.partner), port) == 200
    assert [known.version for known in app.peers if known] == ["TLSv1.2", "TLSv1.3"]


def test_tls12_has_aead_suites_only(world: World) -> None:
    names = [suite["name"] for suite in mtls(world, tls12=True).get_ciphers() if suite["protocol"] == "TLSv1.2"]
    assert len(names) == 6
    assert all(name.startswith("ECDHE-") and ("GCM" in name or "CHACHA20" in name) for name in names)
    with serving(mtls(world, tls12=True)) as (_, port):
        for suite, wanted in (("ECDHE-ECDSA-AES256-GCM-SHA384", True), ("ECDHE-ECDSA-AES256-SHA384", False)):
            context = client(world, world.partner, ssl.TLSVersion.TLSv1_2)
            context.set_ciphers(suite)
            assert refused(context, port) is not wanted


def _tickets(world: World, context: ssl.SSLContext) -> bool:
    with serving(context) as (_, port), connect(client(world, world.partner), port) as sock:
        assert status(sock) == 200
        return sock.session is not None and sock.session.has_ticket


def test_no_session_ticket_is_sent(world: World) -> None:
    usual = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    usual.load_cert_chain(world.server.chain_path, world.server.key_path)
    assert _tickets(world, usual)  # the control
    assert not _tickets(world, mtls(world))


def test_resumed_tls12_session_still_carries_the_certificate(world: World) -> None:
    context = client(world, world.partner, ssl.TLSVersion.TLSv1_2)
    # the first stays open: a session that breaks off is forgotten
    with serving(mtls(world, tls12=True)) as (app, port), connect(context, port) as first:
        assert status(first) == 200
        session = first.session
        assert session is not None
        assert not session.has_ticket
        with connect(context, port, session) as second:
            assert second.session_reused
            assert status(second) == 200
    assert [known.der for known in app.peers if known] == [world.partner.der] * 2


def test_handshakes_that_never_end_are_cut_off_while_a_good_client_is_served(world: World) -> None:
    with serving(mtls(world)) as (app, port), ExitStack() as stack:
        silent = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5)) for _ in range(200)]
        begin = time.monotonic()
        assert ask(client(world, world.partner), port) == 200
        assert time.monotonic() - begin < 1
        for sock in silent:
            assert sock.recv(1) == b""
        assert time.monotonic() - begin < 4
        assert len(app.peers) == 1


def test_connections_of_one_certificate_are_bounded(world: World) -> None:
    other = world.pki.partner("00000099000000004000", "Ander")
    with serving(mtls(world)) as (_, port), ExitStack() as stack:
        socks = [stack.enter_context(connect(client(world, world.partner), port)) for _ in range(3)]
        assert [status(sock) for sock in socks] == [200] * 3
        with connect(client(world, world.partner), port) as extra:
            assert extra.recv(65536).startswith(b"HTTP/1.1 429 ")
        assert ask(client(world, other), port) == 200
        socks[0].close()
        time.sleep(0.3)
        assert ask(client(world, world.partner), port) == 200


def test_context_with_missing_or_wrong_files_is_refused(world: World, tmp_path: Path) -> None:
    cert, key = world.server.chain_path, world.server.key_path
    for files in ((tmp_path / "none", key, None), (cert, world.partner.key_path, None), (cert, key, tmp_path / "none")):
        with pytest.raises(Misconfigured):
            server_context(*files)


PROGRAM = """
import sys
from pathlib import Path
from gateway.api.listeners import Listener, Listeners
from gateway.api.tls import ensure_openssl_config, server_context
from tests.e2e.test_tls import App
if sys.argv[1] == "strict":
    ensure_openssl_config()
context = server_context(*map(Path, sys.argv[2:5]), tls12=True)
listener = Listener("mtls", App(), "127.0.0.1", 0, context)
Listeners([listener], ready=lambda ports: print(ports["mtls"], flush=True)).run()
"""
AES128_CLIENT = """
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[2])
context.load_cert_chain(sys.argv[3], sys.argv[4])
context.minimum_version = ssl.TLSVersion.TLSv1_3
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as raw, context.wrap_socket(raw, server_hostname="localhost") as sock:
    print(sock.cipher()[0])
"""
AES128_CONFIG = """
openssl_conf = a
[a]
ssl_conf = b
[b]
system_default = c
[c]
Ciphersuites = TLS_AES_128_GCM_SHA256
"""


def _environment(config: Path | None = None) -> dict[str, str]:
    rest = {name: value for name, value in os.environ.items() if name != "OPENSSL_CONF"}
    return rest | ({"OPENSSL_CONF": str(config)} if config else {})


@contextmanager
def _program(world: World, mode: str) -> Iterator[int]:
    files = map(str, (world.server.chain_path, world.server.key_path, world.pki.root_path))
    command = [sys.executable, "-c", PROGRAM, mode, *files]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment()) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@pytest.mark.parametrize(("mode", "accepted"), [("strict", False), ("usual", True)])
def test_aes128_client_is_refused_by_the_packaged_config_only(world: World, tmp_path: Path, mode: str, accepted: bool) -> None:
    config = tmp_path / "aes128.cnf"
    config.write_text(AES128_CONFIG)
    files = map(str, (world.pki.root_path, world.partner.chain_path, world.partner.key_path))
    with _program(world, mode) as port:
        command = [sys.executable, "-c", AES128_CLIENT, str(port), *files]
        result = subprocess.run(command, capture_output=True, text=True, env=_environment(config), timeout=20, check=False)
        assert (result.returncode == 0) is accepted
        assert result.stdout == ("TLS_AES_128_GCM_SHA256\n" if accepted else "")
        assert accepted or "\nssl.SSL" in result.stderr
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            assert ask(client(world, world.partner, version), port) == 200


CHECK = """
from gateway.api.tls import ensure_openssl_config, weak_suites
import ssl
ensure_openssl_config()
print(sorted(weak_suites(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))))
"""


def test_start_is_refused_when_another_suite_would_be_offered(tmp_path: Path) -> None:
    config = tmp_path / "aes128.cnf"
    config.write_text(AES128_CONFIG)
    outcomes = {}
    for name, used in (("none", None), ("ours", OPENSSL_CONFIG), ("other", config)):
        run = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, env=_environment(used), timeout=20, check=False)
        outcomes[name] = run.stdout or run.stderr.strip().splitlines()[-1]
    assert outcomes["none"] == outcomes["ours"] == "[]\n"
    assert outcomes["other"].startswith("gateway.core.errors.Misconfigured: OPENSSL_CONF laat TLS_AES_128_GCM_SHA256 toe")


def test_weak_suites_names_what_an_unconfigured_context_offers(world: World) -> None:
    names = {suite["name"] for suite in mtls(world).get_ciphers() if suite["protocol"] == "TLSv1.3"}
    assert weak_suites(mtls(world)) == names - SUITES
