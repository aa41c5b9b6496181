"""What a browser may do here, whatever page it is about: which host, from which site, with which answer headers.

Authority: ASVS 5.0 3.4 (headers), 3.5 (requests of other sites), W3C Fetch Metadata, CSP level 3. A change needs three things: it comes
from a page of ours (`Origin`, `Sec-Fetch-Site`; one of the two at least), in a session, with that session's value in the form. Leaves
sessions and forms to `pages`.
"""

from starlette.datastructures import Headers

from gateway.core.errors import Forbidden, SeinhuisError

FIXED = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer. `same-origin` and not `no-referrer`: without a referrer a browser sends `Origin: null` with our own forms."""


class Misdirected(SeinhuisError):
    """The request is for another host than this console."""

    status, title = 421, "Verkeerd adres"


def require_host(headers: Headers, host: str) -> None:
    """Raises Misdirected: another host is named, or more than one."""
    if headers.getlist("host") != [host]:
        raise Misdirected("ADRES_ONBEKEND", "Op dit adres is geen console. Gebruik het adres dat u van uw beheerder kreeg.")


def require_visit(headers: Headers) -> None:
    """Raises Forbidden: another site loads this as a part of itself; following a link is fine."""
    site, mode, kind = (headers.get(f"sec-fetch-{name}") for name in ("site", "mode", "dest"))
    if site in {"cross-site", "same-site"} and (mode, kind) != ("navigate", "document"):
        raise _foreign()


def require_own(headers: Headers, origin: str) -> None:
    """For what changes something. Raises Forbidden: it does not come from a page of ours, or nothing says so."""
    site, said = headers.getlist("sec-fetch-site"), headers.getlist("origin")
    if (not site and not said) or (site and site != ["same-origin"]) or (said and said != [origin]):
        raise _foreign()


def _foreign() -> Forbidden:
    return Forbidden("VERZOEK_VAN_ELDERS", "Dit verzoek kwam niet van een pagina van deze console. Begin opnieuw op de beginpagina.")
