"""One root for every error of ours; the edge turns it into `application/problem+json` in one place (`gateway.api.problem`).

Hierarchy: SeinhuisError > Unauthenticated (401), Forbidden (403), NotFound (404), Conflict (409), Gone (410), Invalid (400),
TooLarge (413), TooMany (429), Damaged (500), Unavailable (503).
A `detail` is Dutch, safe to show and free of person data; anything else is a 500 that says nothing.
"""

from schemas.ontvangst import Bevinding


class SeinhuisError(Exception):
    """Base: `status` is the HTTP status, `code` is stable and documented, `detail` says what to do."""

    status = 500
    title = "Interne fout"

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: list[Bevinding] | None = None,
        kandidaten: list[str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.kandidaten = kandidaten
        self.retry_after = retry_after


class Invalid(SeinhuisError):
    """The input is refused; `errors` has every reason."""

    status, title = 400, "Ongeldige invoer"


class Unauthenticated(SeinhuisError):
    """The certificate is unknown, expired or revoked."""

    status, title = 401, "Niet herkend"


class Forbidden(SeinhuisError):
    """Known, but not allowed to do this (role, mandate, status)."""

    status, title = 403, "Niet toegestaan"


class NotFound(SeinhuisError):
    """It does not exist, or is not yours: the answers are equal."""

    status, title = 404, "Niet gevonden"

    def __init__(self, code: str = "NIET_GEVONDEN", detail: str = "Deze bron bestaat niet of is niet voor u bestemd.") -> None:
        super().__init__(code, detail)


class Conflict(SeinhuisError):
    """The state does not allow it."""

    status, title = 409, "Conflict met de huidige stand"


class Gone(SeinhuisError):
    """It was yours and has been destroyed or handled."""

    status, title = 410, "Niet meer beschikbaar"


class TooLarge(SeinhuisError):
    """The body is larger than the limit."""

    status, title = 413, "Te groot"


class TooMany(SeinhuisError):
    """More than one caller may do in a day."""

    status, title = 429, "Te veel"


class Damaged(SeinhuisError):
    """What we kept is not what it was; who asks must hear it, and the operator must look."""

    status, title = 500, "De log klopt niet"


class Unavailable(SeinhuisError):
    """Nothing was done; the same request may be sent again later. But with UITKOMST_ONBEKEND it may have been done all the same."""

    status, title = 503, "Tijdelijk niet beschikbaar"


class Misconfigured(Exception):
    """Refusal to start: a setting, key or database that is missing, weak or unsafe. The message says what to do."""
