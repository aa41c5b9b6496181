"""The inner listener: `/metrics` for Prometheus, on loopback only.

Authority: architecture, "processes". Metrics carry no person data; who measures what is for the flows and `gateway.app`.
"""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from gateway.api.edge import Edge, nothing_here
from gateway.api.operation import Resource
from gateway.api.ports import Report


def inner_app(registry: CollectorRegistry, report: Report) -> Edge:
    """The application of the inner listener."""

    async def metrics(scope: Scope, receive: Receive, send: Send) -> None:
        text = await run_in_threadpool(generate_latest, registry)
        await Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})(scope, receive, send)

    return Edge(Router([Route("/metrics", Resource({"GET": metrics}))], redirect_slashes=False, default=nothing_here), report)
