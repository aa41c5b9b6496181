"""One call: send, wait and send again where that is safe, and read the answer as what the agreement says it is.

Whether a call may be repeated is the operation's (`Repeat`): a submission holds its kenmerk, a PUT says how it must be, a claim may have
been given out before its answer was lost. An acknowledgement is repeated only while the lease surely stands: later somebody else may hold
the message. Waits grow, are spread by jitter, follow `Retry-After`, and end with the patience of the caller. Nothing is logged.
Authority: contract, idempotency and the inbox; RFC 9110, 9.2.2 and 10.2.3. Leaves which operations there are to the clients.
"""

import http.client
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from enum import Enum, auto
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import msgspec

from adapters.client.connection import Answer, Connection
from adapters.client.failures import ClientError, Refused, Unavailable, Unintelligible, Unreachable, refusal
from adapters.client.reading import read

T = TypeVar("T")
Scalar = str | int | None
FRESH_SECONDS = 1.0
"""What may not be repeated goes over a connection that was used this short ago, or a new one."""


class Repeat(Enum):
    """When the same request may be sent again."""

    ALWAYS = auto()
    """It reads, replaces, or is known by its kenmerk: once or twice is the same."""
    LEASED = auto()
    """While the lease of its claim stands."""
    UNDONE = auto()
    """Only when the gateway itself said that nothing was done (503 with a code, and not the one of an unknown outcome)."""


class Op(NamedTuple, Generic[T]):
    """An operation of the OpenAPI document: `id` is its operationId, `answer` the type of its success."""

    id: str
    method: str
    path: str
    answer: type[T]
    repeat: Repeat = Repeat.ALWAYS


class Patience(NamedTuple):
    """At most `tries`, `total` seconds of waiting, each wait from `first` doubling up to `most`."""

    tries: int = 6
    first: float = 0.5
    most: float = 30.0
    total: float = 120.0


class Timing(NamedTuple):
    """Where time and chance come from: a monotonic clock in seconds, a sleep, and a fraction from 0 up to 1."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = secrets.SystemRandom().random


class Line(Protocol):
    """What a call goes over."""

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """Send one request and read its answer. Raises OSError or http.client.HTTPException."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class Access(NamedTuple):
    """Where a gateway is (`https://seinhuis.example:8443`), and the files to get in: root, certificate with its chain, private key."""

    address: str
    ca: Path
    cert: Path
    key: Path
    timeout: float = 60

    def connect(self) -> Line:
        """A new connection. Raises ValueError: no https address; OSError: a file cannot be used."""
        parts = urlsplit(self.address)
        if parts.scheme != "https" or not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.username:
            raise ValueError("the address must be https://name:port")
        return Connection(parts.hostname, parts.port or 443, ca=self.ca, cert=self.cert, key=self.key, timeout=self.timeout)


class Entrance(Protocol):
    """What makes connections."""

    def connect(self) -> Line:
        """A new connection."""
        ...


class Call(NamedTuple):
    """What fills the path, the query, the body, the form of the answer, and (on the clock of `Timing`) until when it may be repeated."""

    id: UUID | str = ""
    query: Mapping[str, Scalar] | None = None
    body: object = None
    media: str = "application/json"
    until: float | None = None


class Caller:
    """One partner at one door, for one principal. Not for several threads at once."""

    def __init__(self, access: Entrance, root: str, namens: str | None, patience: Patience, timing: Timing) -> None:
        self._access = access
        self._root = root
        self._namens = namens
        self._patience = patience
        self.timing = timing
        self._line: Line | None = None
        self._used = 0.0

    def ask(self, op: Op[T], call: Call = Call()) -> T:  # noqa: B008 - an immutable value
        """Do it and read the answer. Raises ClientError."""
        answer = self.send(op, call)
        try:
            return read(answer.body, op.answer)
        except msgspec.DecodeError:
            raise Unintelligible(op.id, f"{answer.status}: geen {op.answer.__name__}") from None

    def send(self, op: Op[T], call: Call) -> Answer:
        """Do it, again where that is safe and helps. Raises ClientError."""
        begun, tried = self.timing.now(), 0
        while True:
            tried += 1
            try:
                return self._once(op, call)
            except ClientError as error:
                pause = self._pause(tried, error)
                end = begun + self._patience.total
                if call.until is not None:
                    end = min(end, call.until)
                again = _may_repeat(op, call, error) and tried < self._patience.tries
                if not again or self.timing.now() + pause >= end:
                    raise
            self.timing.wait(pause)

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _once(self, op: Op[T], call: Call) -> Answer:
        body = None if call.body is None else msgspec.json.encode(call.body)
        stale = op.repeat is not Repeat.ALWAYS and self.timing.now() - self._used > FRESH_SECONDS
        try:
            if stale:
                self.close()
            self._line = self._line or self._access.connect()
            answer = self._line.request(op.method, self._path(op, call), body, self._headers(call))
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise _cut(op.id, error) from None
        self._used = self.timing.now()
        if answer.status >= 300:
            raise refusal(op.id, answer)
        return answer

    def _path(self, op: Op[T], call: Call) -> str:
        path = self._root + op.path.replace("{id}", str(call.id)).replace("{peildatum}", str(call.id))
        query = {name: value for name, value in (call.query or {}).items() if value is not None}
        return f"{path}?{urlencode(query)}" if query else path

    def _headers(self, call: Call) -> dict[str, str]:
        return {"Accept": call.media, **({"Namens": self._namens} if self._namens else {})}

    def _pause(self, tried: int, error: ClientError) -> float:
        grown = min(self._patience.most, self._patience.first * 2.0 ** (tried - 1)) * (0.5 + self.timing.jitter() / 2)
        told = error.retry_after if isinstance(error, Refused) else None
        return max(grown, told or 0.0)


class _Untrusted(Unreachable):
    """TLS itself said no: the certificate of either side. Asking again does not help."""


def _cut(operation: str, error: OSError | http.client.HTTPException) -> Unreachable:
    untrusted = isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    kind = _Untrusted if untrusted or isinstance(error, FileNotFoundError | PermissionError) else Unreachable
    return kind(operation, f"geen antwoord ({type(error).__name__})")


def _may_repeat(op: Op[T], call: Call, error: ClientError) -> bool:
    if isinstance(error, _Untrusted):
        return False
    if op.repeat is Repeat.ALWAYS:
        return isinstance(error, Unreachable | Unavailable)
    if op.repeat is Repeat.LEASED:
        return call.until is not None and isinstance(error, Unreachable | Unavailable)
    return isinstance(error, Unavailable) and error.undone
