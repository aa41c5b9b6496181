"""One HTTP connection: who is at the other end, and how much patience and memory it gets.

uvicorn gives the application no client certificate and has no limit on the time or size of a header; this subclass of its
protocol (uvicorn 0.54.0, pinned; `tests/e2e/test_protocol.py` holds it to that) puts the certificate into every request and cuts
off what is too large, too slow or ambiguous. Authority: RFC 9112 (one Host, Content-Length or Transfer-Encoding), RFC 6585 (431),
Digikoppeling TLS002 (two-sided TLS). Leaves to `gateway.api.caller` whether the certificate is welcome, and to the edge how
large a body may be. Time is counted in ticks of the running loop, so that a gateway that is slow itself cuts off nobody.
"""

import asyncio
import hashlib
import ssl
from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gateway.core.errors import Unauthenticated
from schemas.problem import Problem

EXTENSION = "seinhuis.tls"
HANG_UP = "seinhuis.afbreken"
"""Where an application finds how to break a connection off, on a listener that has it (`Limits.breakable`): the test door only."""
BREAK = "nu"


class Limits(NamedTuple):
    """What one connection may ask of us: times in seconds, sizes in bytes.

    `header_seconds`: from the connection (or first byte of a later request) to a complete header; also the TLS handshake.
    `stall_seconds`: without a byte of the body, or without our answer being read. `body_rate`: bytes a second, after
    `stall_seconds`. `linger_seconds`: how long the rest of a body may still come after our answer. `per_peer`: open connections
    of one client certificate. `connections`: of one listener. `breakable`: the application may break a connection off.
    """

    header_bytes: int = 16 * 1024
    header_lines: int = 100
    target_bytes: int = 2048
    header_seconds: float = 10
    stall_seconds: float = 10
    linger_seconds: float = 2
    idle_seconds: float = 65
    body_rate: int = 1024
    per_peer: int = 64
    connections: int = 2048
    tick: float = 1
    breakable: bool = False


class Peer(NamedTuple):
    """The other end of a connection: certificate (DER) with its SHA-256 (32 bytes), and TLS version."""

    der: bytes
    sha256: bytes
    version: str


def peer(scope: Mapping[str, Any]) -> Peer:
    """Who sent this request. Raises Unauthenticated when the connection showed no certificate."""
    known = scope.get("extensions", {}).get(EXTENSION)
    if not known:
        raise Unauthenticated("CERTIFICAAT_ONTBREEKT", "Deze dienst vraagt een PKIoverheid-clientcertificaat.")
    return Peer(**known)


class Refusal(Enum):
    """What the protocol answers itself: status, title and detail; the name is the code."""

    VERZOEK_ONGELDIG = (400, "Ongeldig verzoek", "Het HTTP-verzoek is niet goed gevormd of niet eenduidig.")
    VERZOEK_TE_TRAAG = (408, "Te traag", "Het verzoek kwam niet op tijd compleet binnen.")
    DOEL_TE_LANG = (414, "Adres te lang", "Pad en query zijn samen te lang.")
    TE_VEEL_VERBINDINGEN = (429, "Te veel verbindingen", "Er zijn te veel verbindingen open met dit certificaat; hergebruik ze.")
    HEADERS_TE_GROOT = (431, "Headers te groot", "De headers zijn samen te groot of te veel.")
    VERZOEK_MISLUKT = (500, "Interne fout", "Er ging iets mis. Probeer het later opnieuw.")
    BEZET = (503, "Tijdelijk niet beschikbaar", "Er zijn te veel verbindingen open; probeer het later opnieuw.")

    @property
    def status(self) -> int:
        """HTTP status code."""
        return self.value[0]

    def body(self) -> bytes:
        """The problem, encoded."""
        status, title, detail = self.value
        return msgspec.json.encode(Problem(status=status, title=title, detail=detail, code=self.name))


class _Phase(Enum):
    IDLE = "between requests"
    HEAD = "waiting for a complete header"
    BODY = "waiting for the rest of a body"
    BUSY = "everything received"


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a certificate in every request and a limit on everything. Made by `guarded`."""

    limits = Limits()
    headers_of_ours: Mapping[str, str] = {}
    _tls: dict[object, object] | None = None
    _phase = _Phase.HEAD
    _refusal: Refusal | None = None
    _refused = False
    _waited = _stalled = _unread = 0.0  # seconds in this phase, without a byte of the body, with our answer not being read
    _unparsed = _received = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Read the certificate, once; refuse one connection too many."""
        super().connection_made(transport)
        self._tls = _describe(transport.get_extra_info("ssl_object"))
        self._timer = self.loop.call_later(self.limits.tick, self._watch)
        if len(self.connections) > self.limits.connections:
            self._refuse(Refusal.BEZET)
        elif self._tls and self._open_of_peer() > self.limits.per_peer:
            self._refuse(Refusal.TE_VEEL_VERBINDINGEN)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; count what belongs to a header that is not complete yet."""
        if self._refused or self.transport.is_closing():
            return
        if self._phase is _Phase.IDLE:
            self._enter(_Phase.HEAD)
        self._unparsed += len(data)
        super().data_received(data)
        if self._phase is _Phase.HEAD and self._unparsed > self.limits.header_bytes:
            self._refuse(Refusal.HEADERS_TE_GROOT)

    def on_message_begin(self) -> None:
        """A request begins: give it the certificate."""
        super().on_message_begin()
        self._enter(_Phase.HEAD)
        self.scope["extensions"] = {EXTENSION: self._tls} if self._tls else {}
        if self.limits.breakable:
            self.scope["extensions"][HANG_UP] = {BREAK: self.transport.abort}

    def on_headers_complete(self) -> None:
        """Refuse what is too large, or what two parsers could read in two ways; then start the application."""
        self._refusal = self._judge()
        if self._refusal is not None:
            raise _StopParsingError  # ends in `send_400_response`
        self._enter(_Phase.BODY)
        super().on_headers_complete()
        self.headers = _NO_TRAILERS

    def on_body(self, body: bytes) -> None:
        """Note that the body moves on."""
        self._received += len(body)
        self._stalled = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Everything is here; from now on we are the slow one."""
        super().on_message_complete()
        self._enter(_Phase.IDLE if self.cycle.response_complete else _Phase.BUSY)

    def on_response_complete(self) -> None:
        """Answered: the next request may come, or the rest of this one's body for a moment."""
        super().on_response_complete()
        if self._phase is _Phase.BUSY and self.cycle.response_complete:
            self._enter(_Phase.IDLE)
        else:
            self._waited = 0

    def send_400_response(self, msg: str) -> None:
        """What uvicorn answers to a request that does not parse: our problem, not its text."""
        self._refuse(self._refusal or Refusal.VERZOEK_ONGELDIG)

    def resume_writing(self) -> None:
        """Our answer is being read."""
        self._unread = 0
        super().resume_writing()

    def _enter(self, phase: _Phase) -> None:
        self._phase = phase
        self._waited = self._stalled = 0
        self._unparsed = self._received = 0  # what this chunk has of a header is judged when that is complete

    def _judge(self) -> Refusal | None:
        hosts = framings = size = 0
        for name, value in self.headers:
            size += len(name) + len(value) + 4
            if name == b"host":
                hosts += 1
            elif name == b"content-length":
                framings += 1
            elif name == b"transfer-encoding":  # not in HTTP/1.0, and no other coding than chunked
                framings += 1 if value.lower() == b"chunked" and self.parser.get_http_version() == "1.1" else 2
        if len(self.url) > self.limits.target_bytes:
            return Refusal.DOEL_TE_LANG
        if size > self.limits.header_bytes or len(self.headers) > self.limits.header_lines:
            return Refusal.HEADERS_TE_GROOT
        return Refusal.VERZOEK_ONGELDIG if hosts != 1 or framings > 1 or not self._usual() else None

    def _usual(self) -> bool:
        """HTTP/1, a path, and no other protocol from here on."""
        return self.parser.get_http_version() in ("1.0", "1.1") and self.url[:1] == b"/" and not self.parser.should_upgrade()

    def _watch(self) -> None:
        """Every tick: cut off who keeps us waiting."""
        limits, phase = self.limits, self._phase
        self._timer = self.loop.call_later(limits.tick, self._watch)
        self._waited += limits.tick
        self._unread += limits.tick if self.flow.write_paused else 0
        if self._refused and not self.transport.is_closing():
            self.transport.close()  # the other end had a moment to read why
        elif self._refused or self._unread > limits.stall_seconds:
            self.transport.abort()
        elif phase is _Phase.IDLE and self._waited > limits.idle_seconds:
            self.transport.close()
        elif phase is _Phase.HEAD and self._waited > limits.header_seconds and not self._answering():
            self._refuse(Refusal.VERZOEK_TE_TRAAG)
        elif phase is _Phase.BODY:
            self._watch_body()

    def _watch_body(self) -> None:
        limits = self.limits
        if self.cycle.response_complete:
            if self._waited > limits.linger_seconds:
                self.transport.abort()
        elif self.flow.read_paused or self.cycle.waiting_for_100_continue:
            self._waited -= limits.tick  # it is our turn
        else:
            self._stalled += limits.tick
            due = limits.body_rate * (self._waited - limits.stall_seconds)
            if self._stalled > limits.stall_seconds or self._received < due:
                self._refuse(Refusal.VERZOEK_TE_TRAAG)

    def _open_of_peer(self) -> int:
        return sum(isinstance(other, GuardedProtocol) and other._tls == self._tls for other in self.connections)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer, and close at the next tick; or close at once where our answer could be taken for that to another request."""
        if self._refused:
            return
        self._refused = True
        self.flow.pause_reading()
        if not self._silence():
            self.transport.close()
            return
        body = refusal.body()
        lines = {"content-type": "application/problem+json", "content-length": str(len(body)), "connection": "close"}
        head = "".join(f"{name}: {value}\r\n" for name, value in {**self.headers_of_ours, **lines}.items())
        self.transport.write(b"".join((STATUS_LINE[refusal.status], head.encode("ascii"), b"\r\n", body)))

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]  # None at first

    def _silence(self) -> bool:
        """Whether we may answer: nothing is under way, or one request that is still arriving and that the app did not answer."""
        cycle = self.cycle
        if not self._answering():
            return True
        if self._phase is not _Phase.BODY or cycle.response_started or self.pipeline:
            return False
        cycle.disconnected = True
        cycle.message_event.set()
        return True


class _StopParsingError(Exception):
    pass


class _NoTrailers(list[tuple[bytes, bytes]]):
    """Where the parser puts header lines after the body: nowhere. uvicorn would add them to the headers that were judged."""

    def append(self, _: tuple[bytes, bytes]) -> None:
        """Raises _StopParsingError."""
        raise _StopParsingError


_NO_TRAILERS = _NoTrailers()


def guarded(limits: Limits, headers: Mapping[str, str] | None = None) -> type[GuardedProtocol]:
    """The protocol class of one listener. `headers`: added to what the protocol answers itself."""
    return type("Guarded", (GuardedProtocol,), {"limits": limits, "headers_of_ours": headers or {}})


def _describe(connection: ssl.SSLObject | None) -> dict[object, object] | None:
    if connection is None or (der := connection.getpeercert(binary_form=True)) is None:
        return None
    return {"der": der, "sha256": hashlib.sha256(der).digest(), "version": connection.version() or ""}
