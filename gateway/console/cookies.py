"""Two cookies and nothing else: one while logging in, one of the session. Both are of this host only and unreadable for scripts.

Authority: RFC 6265bis (`__Host-`: Secure, no Domain, Path=/), ASVS 5.0 3.3. `Lax` and not `Strict`: the way back from the login service
is a navigation from another site, and the page after it must know the session; what changes anything is guarded by `guard`.
"""

from starlette.datastructures import Headers
from starlette.responses import Response

SESSION = "__Host-seinhuis"
LOGIN = "__Host-seinhuis-aanmelden"
LOGIN_SECONDS = 600


def read(headers: Headers, name: str) -> str:
    """The value of a cookie; empty when it is absent, or there more than once: then somebody else set one."""
    pairs = (part.strip().partition("=") for line in headers.getlist("cookie") for part in line.split(";"))
    found = [value for key, _, value in pairs if key == name]
    return found[0] if len(found) == 1 else ""


def put(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie; without `seconds` until the browser closes."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")


def drop(response: Response, name: str) -> None:
    """Take a cookie away."""
    response.set_cookie(name, "", max_age=0, path="/", secure=True, httponly=True, samesite="lax")
