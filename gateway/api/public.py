"""The listener without client certificates: the OpenAPI documents, health, public keys and `security.txt`, and nothing else.

Authority: API Design Rules 2.2, /core/publish-openapi (base path, no authentication, CORS `*` there only); RFC 9116.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api import body, openapi
from gateway.api.edge import VERSION, Edge, nothing_here
from gateway.api.operation import Api, Geen, Ingang, Resource, ok
from gateway.api.ports import Report
from gateway.core.errors import Unavailable

YAML = "application/yaml"
KEYS = "/.well-known/seinhuis-sleutels.json"
_CORS = {"Access-Control-Allow-Origin": "*"}


class SecurityTxt(NamedTuple):
    """Where to report a weakness: a `mailto:` or `https:` address, and until when this text holds (at most a year ahead)."""

    contact: str
    expires: datetime

    def text(self) -> str:
        """The file of RFC 9116."""
        return f"Contact: {self.contact}\nExpires: {msgspec.to_builtins(self.expires)}\nPreferred-Languages: nl, en\n"


def fixed(answer: Response, media: str) -> Resource:
    """A resource that always gives the same answer."""

    async def get(scope: Scope, receive: Receive, send: Send) -> None:
        require(scope, media)
        await answer(scope, receive, send)

    return Resource({"GET": get})


def require(scope: Scope, media: str) -> None:
    """Raises Unacceptable or Invalid: this resource has one form and no parameters."""
    body.choose(", ".join(Headers(scope=scope).getlist("accept")), (media,))
    body.query(scope["query_string"], Geen)


def documents(api: Api[Any]) -> list[Route]:
    """`openapi.json` and the equal `openapi.yaml` in the base path, readable from any origin."""
    as_json = Response(openapi.as_json(api), headers=_CORS, media_type=body.JSON)
    as_yaml = Response(openapi.as_yaml(api), headers=_CORS, media_type=YAML)
    return [
        Route(f"{api.base}/openapi.json", fixed(as_json, body.JSON)),
        Route(f"{api.base}/openapi.yaml", fixed(as_yaml, YAML)),
    ]


def public_app(ready: Callable[[], bool], security: SecurityTxt, keys: Mapping[str, Any], report: Report) -> Edge:
    """The application of the public listener. `ready` runs in a thread and says whether this process can take work.

    `keys` are the public keys that verify what the gateway signs: open to all, because a court has no certificate.
    """
    routes = [route for api in openapi.APIS for route in (*documents(api), *_roots(api))]
    routes += [
        Route("/health", fixed(ok({"status": "werkt"}), body.JSON)),
        Route("/health/gereed", Resource({"GET": _readiness(ready)})),
        Route(KEYS, fixed(ok(keys), body.JSON)),
        Route("/.well-known/security.txt", fixed(Response(security.text(), media_type="text/plain"), "text/plain")),
    ]
    return Edge(Router(routes, redirect_slashes=False, default=nothing_here), report)


def _roots(api: Api[Any]) -> list[Route]:
    root = fixed(ok(Ingang(naam=api.title, versie=VERSION, beschrijving=f"{api.base}/openapi.json")), body.JSON)
    return [Route(api.base, root), Route(f"{api.base}/", root)]


def _readiness(ready: Callable[[], bool]) -> ASGIApp:
    async def get(scope: Scope, receive: Receive, send: Send) -> None:
        require(scope, body.JSON)
        if not await run_in_threadpool(ready):
            raise Unavailable("NIET_GEREED", "Deze dienst kan nu geen werk aannemen.", retry_after=5)
        await ok({"status": "gereed"})(scope, receive, send)

    return get
