"""A front between a client and a real gateway, over TLS on both sides, that fails as it is told: per request one word of the plan.

`pass` hands on; `lose` hands on and drops the answer; `cut` drops the request; `busy` says 503 as the gateway does, `away` as a proxy does.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from adapters.client.calling import Access
from certs.dev import DevPki
from gateway.sandbox.sandbox import HOST, Sandbox
from schemas.problem import Problem
from tests.gateways import CLOCK

BUSY = Problem(status=503, title="Tijdelijk niet beschikbaar", detail="Probeer het later.", code="NIET_GEREED")


class Front:
    """Where it listens, what it will do with the next requests, and what came by: (method, path, what was done)."""

    def __init__(self) -> None:
        self.port = 0
        self.plan: list[str] = []
        self.seen: list[tuple[str, str, str]] = []

    def did(self, method: str) -> list[str]:
        """What was done with the requests of one method."""
        return [word for verb, _, word in self.seen if verb == method]


@contextmanager
def fronting(sandbox: Sandbox, oin: str, name: str = HOST) -> Iterator[Front]:
    """A front for one partner; `name` is what its certificate says."""
    front = Front()
    pki = sandbox.state / "pki"
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(pki / "root.pem"))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    if not (pki / f"{name}.chain.pem").exists():
        DevPki.load(pki, CLOCK).server(name)
    context.load_cert_chain(pki / f"{name}.chain.pem", pki / f"{name}.key")
    server = _Server((HOST, 0), _handler(front, sandbox, oin))
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    front.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def access(sandbox: Sandbox, oin: str, port: int | None = None) -> Access:
    """How a partner gets in, at the gateway itself or at a front."""
    pki: Path = sandbox.state / "pki"
    address = f"https://{HOST}:{port or sandbox.ports.mtls}"
    return Access(address, pki / "root.pem", pki / f"{oin}.chain.pem", pki / f"{oin}.key")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A connection that was cut is no news."""


def _handler(front: Front, sandbox: Sandbox, oin: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
            word = front.plan.pop(0) if front.plan else "pass"
            front.seen.append((self.command, self.path, word))
            if word in {"busy", "away"}:
                self._say(503, msgspec.json.encode(BUSY) if word == "busy" else b"<h1>Service Unavailable</h1>", {"Retry-After": "1"})
                return
            if word != "cut":
                with closing(sandbox.connect(oin)) as upstream:
                    kept = {k: v for k, v in self.headers.items() if k.lower() in {"content-type", "accept", "namens"}}
                    answer = upstream.request(self.command, self.path, body, kept)
                if word == "pass":
                    self._say(answer.status, answer.body, {"Content-Type": answer.headers.get("content-type", "")})
                    return
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

        def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _any

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    return Handler
