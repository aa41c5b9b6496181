"""Every error on the wire: `application/problem+json` (RFC 9457) with all findings at once.

Authority: NLGov API Design Rules 2.2, /core/error-handling/*. A problem never carries a submitted value.
"""

from schemas.ontvangst import Bevinding
from schemas.types import Gemeentecode, Kenmerk, Wire


class Problem(Wire, frozen=True, kw_only=True):
    """`code` is stable and documented in `docs/foutcodes.md`; `errors` names each finding with a JSON pointer and rule id."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    code: str | None = None
    errors: list[Bevinding] | None = None
    kenmerk: Kenmerk | None = None
    kandidaten: list[Gemeentecode] | None = None
