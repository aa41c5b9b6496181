"""Real gateways for tests: started with `Sandbox` on free ports, and met as a partner meets them, over TLS on a socket."""

import re
import socket
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from certs.dev import DevPki, Issued
from gateway.app.house import open_office
from gateway.core.clock import SystemClock
from gateway.onboarding import trial
from gateway.onboarding.registration import Office
from gateway.partners.register import Certificaat, Deelnemer
from gateway.sandbox.login import employ
from gateway.sandbox.sandbox import HOST, Sandbox

FREE_PORTS = {"SEINHUIS_PORT": "0", "SEINHUIS_PUBLIC_PORT": "0", "SEINHUIS_INNER_PORT": "0"}
CLOCK = SystemClock()
_COUNT = re.compile(r"^seinhuis_request_seconds_count\{.*\} (\S+)$", re.MULTILINE)


@contextmanager
def running(folder: Path, *, signing: bool = False, staffed: bool = False, **environment: str) -> Iterator[Sandbox]:
    """A prepared gateway that runs, in `folder`; stopped at the end, whatever happens.

    `signing`: it can sign for the statistics. `staffed`: it knew its integrator and its operator before it began.
    """
    sandbox = Sandbox(folder / "state", CLOCK, **FREE_PORTS, **environment)
    sandbox.prepare()
    if staffed:
        employ(sandbox, CLOCK)
    if signing:
        DevPki.load(sandbox.state / "pki", CLOCK).signing(sandbox.settings.operator, "Seinhuis", rsa_key=True)
    sandbox.start()
    try:
        yield sandbox
    finally:
        sandbox.stop()


@contextmanager
def office(sandbox: Sandbox) -> Iterator[Office]:
    """The register of a running gateway, as the command line opens it."""
    with open_office(sandbox.settings, CLOCK) as found:
        yield found


class Member(NamedTuple):
    """A registered party with its certificate."""

    row: Deelnemer
    issued: Issued

    @property
    def fingerprint(self) -> bytes:
        """As the register knows the certificate."""
        return x509.load_der_x509_certificate(self.issued.der).fingerprint(SHA256())


def enrol(sandbox: Sandbox, row: Deelnemer) -> Member:
    """Register a party with a fresh certificate."""
    with office(sandbox) as register:
        return admit(register, row, DevPki.load(sandbox.state / "pki", CLOCK).partner(row.oin, row.naam))


def admit(register: Office, row: Deelnemer, issued: Issued) -> Member:
    """Register a party with this certificate."""
    member = Member(row, issued)
    certificate = x509.load_der_x509_certificate(issued.der)
    known = Certificaat(member.fingerprint, row.oin, certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    trial.admit(register, row, known)
    return member


def tls(sandbox: Sandbox, issued: Issued | None, maximum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    """A client's context; without `issued` it shows no certificate."""
    context = ssl.create_default_context(cafile=str(sandbox.state / "pki" / "root.pem"))
    context.maximum_version = maximum
    if issued is not None:
        context.load_cert_chain(issued.chain_path, issued.key_path)
    return context


def connect(sandbox: Sandbox, context: ssl.SSLContext, session: ssl.SSLSession | None = None) -> ssl.SSLSocket:
    """One TLS connection to the listener with client certificates. Raises OSError."""
    plain = socket.create_connection(("127.0.0.1", sandbox.ports.mtls), timeout=10)
    try:
        return context.wrap_socket(plain, server_hostname=HOST, session=session)
    except OSError:
        plain.close()
        raise


def hang_up(sock: ssl.SSLSocket) -> None:
    """Close as TLS wants it: a session whose connection just broke off cannot be resumed."""
    with suppress(OSError):
        sock.unwrap().close()


def status(sock: ssl.SSLSocket, path: str, *headers: str) -> int:
    """The status of one GET on an open connection, its answer read to the end. Raises OSError when the connection is gone."""
    lines = (f"GET {path} HTTP/1.1", "Host: localhost", *headers)
    sock.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _more(sock)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *([0-9]+)", head)
    while length and len(body) < int(length[1]):
        body += _more(sock)
    return int(head.split(b" ", 2)[1])


def once(sandbox: Sandbox, context: ssl.SSLContext, path: str, *headers: str) -> int:
    """The status of one GET on a connection of its own."""
    with connect(sandbox, context) as sock:
        return status(sock, path, *headers)


def seconds_until(wanted: int, ask: Callable[[], int], patience: float = 10) -> float:
    """How long until `ask` gives the wanted status; `patience` when it never does."""
    begin = time.monotonic()
    while (passed := time.monotonic() - begin) < patience:
        if ask() == wanted:
            return time.monotonic() - begin
        time.sleep(0.1)
    return passed


def metrics(sandbox: Sandbox) -> str:
    """What Prometheus would read."""
    with urllib.request.urlopen(f"http://127.0.0.1:{sandbox.ports.inner}/metrics", timeout=10) as answer:
        return str(answer.read().decode())


def requests_served(sandbox: Sandbox) -> float:
    """How many requests reached the applications of the listeners with TLS."""
    return sum(float(count) for count in _COUNT.findall(metrics(sandbox)))


def _more(sock: ssl.SSLSocket) -> bytes:
    block = sock.recv(65536)
    if not block:
        raise ConnectionResetError("closed")
    return block
