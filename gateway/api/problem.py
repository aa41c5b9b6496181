"""The one place where an error becomes an answer: `application/problem+json`, all findings at once, never a submitted value.

Authority: RFC 9457; NLGov API Design Rules 2.2, /core/error-handling/*. An error that is not ours becomes a 500 that says
nothing. Leaves headers that every answer has to `gateway.api.edge`.
"""

import msgspec
from starlette.responses import Response

from gateway.core.errors import Invalid, SeinhuisError
from schemas.ontvangst import findings
from schemas.problem import Problem
from schemas.strict import Fout, Refused

MEDIA = "application/problem+json"
_INVALID = "De invoer voldoet niet aan het schema; zie errors."
_BUG = Problem(status=500, title="Interne fout", detail="Er ging iets mis. Probeer het later opnieuw.", code="INTERNE_FOUT")


class Unacceptable(SeinhuisError):
    """`Accept` leaves out everything that this operation can send."""

    status, title = 406, "Antwoordvorm niet beschikbaar"


class Unsupported(SeinhuisError):
    """The body is absent, compressed or of another media type."""

    status, title = 415, "Inhoudstype niet ondersteund"


class TooSlow(SeinhuisError):
    """The body did not arrive in time."""

    status, title = 408, "Inhoud kwam te langzaam"


class MethodNotAllowed(SeinhuisError):
    """The resource exists, the method does not; `allow` is the complete list."""

    status, title = 405, "Methode niet toegestaan"

    def __init__(self, allow: str) -> None:
        super().__init__("METHODE_NIET_TOEGESTAAN", f"Op deze bron kan alleen: {allow}.")
        self.allow = allow


def invalid(fouten: list[Fout], code: str = "INVOER_ONGELDIG", detail: str = _INVALID) -> Invalid:
    """A 400 with every error of the input, each at its pointer."""
    return Invalid(code, detail, errors=list(findings(fouten)))


def response(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """A problem as an answer."""
    return Response(msgspec.json.encode(problem), problem.status, headers, MEDIA)


def of(error: Exception) -> Response:
    """Any error as an answer; what is not a `SeinhuisError` or `Refused` says nothing."""
    if isinstance(error, Refused):
        error = invalid(error.fouten)
    if not isinstance(error, SeinhuisError):
        return response(_BUG)
    problem = Problem(
        status=error.status,
        title=error.title,
        detail=error.detail,
        code=error.code,
        errors=error.errors,
        kandidaten=error.kandidaten,
    )
    return response(problem, _headers(error))


def _headers(error: SeinhuisError) -> dict[str, str]:
    headers = {}
    if error.status in (401, 408, 413):
        headers["Connection"] = "close"
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Certificate realm="seinhuis"'
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = error.allow
    return headers
