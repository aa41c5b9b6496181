"""What a client raises when the gateway said no, said nothing, or said something that is not in the agreement.

A message names the operation, the status, the code and per finding its pointer and rule; never a value that was sent or received, so that
it can go into a log as it is. Authority: `schemas.problem` (RFC 9457), `docs/foutcodes.md`. Leaves trying again to `calling`.
"""

import re
from collections.abc import Sequence

import msgspec

from adapters.client.connection import Answer
from adapters.client.reading import read
from schemas.ontvangst import Bevinding
from schemas.problem import Problem

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_STEP = re.compile(r"[a-z][A-Za-z0-9]{0,39}|[0-9]{1,7}")
_SHOWN = 5
UNKNOWN = "UITKOMST_ONBEKEND"
"""The gateway lost its database while it committed: whether it was done is not known."""


class ClientError(Exception):
    """Base of what a call can raise. `operation` is the operationId of the OpenAPI document."""

    def __init__(self, operation: str, text: str) -> None:
        super().__init__(f"{operation}: {text}")
        self.operation = operation


class Unreachable(ClientError):
    """No answer came, and asking again was not allowed or did not help: whether the gateway did it is not known."""


class Unintelligible(ClientError):
    """An answer that is not what the agreement says, for instance of a gateway with another major version."""


class Refused(ClientError):
    """The gateway said no. `problem` is its answer; `findings` name pointer, rule and article of each reason."""

    def __init__(self, operation: str, problem: Problem, retry_after: float | None = None) -> None:
        super().__init__(operation, _told(problem))
        self.problem = problem
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status

    @property
    def code(self) -> str:
        """The stable code; empty when something between the client and the gateway answered."""
        return self.problem.code or ""

    @property
    def findings(self) -> Sequence[Bevinding]:
        """Every reason."""
        return self.problem.errors or []


class Invalid(Refused):
    """400, 406, 413, 415: what was sent cannot be taken."""


class Unauthenticated(Refused):
    """401: the certificate is unknown, expired or revoked."""


class Forbidden(Refused):
    """403: known, but not allowed to do this."""


class NotFound(Refused):
    """404: it does not exist, or is not yours."""


class Conflict(Refused):
    """409: the state does not allow it; a kenmerk with other content, a claim that no longer holds the message."""


class Gone(Refused):
    """410: it was yours and has been destroyed or handled."""


class TooMany(Refused):
    """429: more than one caller may do in a day."""


class Unavailable(Refused):
    """502, 503, 504: not now."""

    @property
    def undone(self) -> bool:
        """Whether the gateway itself says that nothing was done."""
        return self.status == 503 and self.code not in {"", UNKNOWN}


class Faulty(Refused):
    """Any other 5xx, or a status that no operation has."""


_KINDS: dict[int, type[Refused]] = {
    400: Invalid, 406: Invalid, 413: Invalid, 415: Invalid, 401: Unauthenticated, 403: Forbidden, 404: NotFound, 409: Conflict, 410: Gone,
    429: TooMany, 502: Unavailable, 503: Unavailable, 504: Unavailable,
}  # fmt: skip


def refusal(operation: str, answer: Answer) -> Refused:
    """The exception for an answer that is no success; `Retry-After` in seconds, as far as it is a number."""
    try:
        problem = msgspec.structs.replace(read(answer.body, Problem), status=answer.status)
    except msgspec.DecodeError:
        problem = Problem(status=answer.status, title="", detail="")
    after = answer.headers.get("retry-after", "")
    seconds = float(after) if re.fullmatch("[0-9]{1,6}", after) else None
    return _KINDS.get(answer.status, Faulty)(operation, problem, seconds)


def _told(problem: Problem) -> str:
    found = [" ".join(filter(None, (_pointer(f.pointer), _plain(f.code), _plain(f.regel)))) for f in (problem.errors or [])]
    more = f"; en nog {len(found) - _SHOWN}" if len(found) > _SHOWN else ""
    return f"{problem.status} {_plain(problem.code)}".strip() + (f": {'; '.join(found[:_SHOWN])}{more}" if found else "")


def _plain(code: str | None) -> str:
    return code if code and _CODE.fullmatch(code) else ""


def _pointer(pointer: str | None) -> str:
    """A pointer whose steps are names of fields; any other step may be what a sender wrote there by mistake."""
    steps = (pointer or "").split("/")[1:]
    return "".join(f"/{step if _STEP.fullmatch(step) else '…'}" for step in steps)
