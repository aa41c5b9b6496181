"""The console as one application: style sheets, the entrance, and a route for each row of the page table.

Authority: architecture, "four kinds of users". Leaves wiring to `gateway.app.console`, sockets to the listeners.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.routing import Route, Router
from starlette.types import ASGIApp

from gateway.console import counter, officer
from gateway.console.assets import Sheet
from gateway.console.behind import Behind
from gateway.console.endpoint import Endpoint
from gateway.console.entrance import Entrance
from gateway.console.gemeente import table as gemeente
from gateway.console.pages import Page
from gateway.console.schuldeiser import table as schuldeiser
from gateway.console.shell import ByMethod, Report, Shell, nothing_here

TABLE: tuple[Page, ...] = (*officer.PAGES, *gemeente.PAGES, *schuldeiser.PAGES, *counter.INTEGRATOR, *counter.OPERATOR)
"""Every page; the first of a role is where it begins."""


def console_app(behind: Behind, sheets: Sequence[Sheet], report: Report) -> Shell:
    """The application of the console's listener."""
    paths: dict[str, dict[str, ASGIApp]] = dict(Entrance(behind).methods())
    for page in behind.table:
        paths.setdefault(page.path, {})[page.method] = Endpoint(page, behind)
    routes = [Route(sheet.path, ByMethod({"GET": sheet.app()})) for sheet in sheets]
    routes += [Route(path, ByMethod(paths[path])) for path in sorted(paths, key=lambda path: path.replace("{", "\x7f"))]
    return Shell(Router(routes, redirect_slashes=False, default=nothing_here), behind.pages, urlsplit(behind.origin).netloc, report)
