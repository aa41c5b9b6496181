"""Templates to pages: autoescape always on, nothing undefined, no HTML made outside a template.

Dutch dates and words come from `words`, so that a template only places them. Authority: ASVS 5.0 1.2.1 (escape for the context); WCAG 2.2.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from gateway.console import words
from gateway.console.assets import Sheet


class Pages:
    """Renders every page; `sheets` are linked in their order."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._environment = Environment(
            loader=PackageLoader("gateway.console"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(words.FILTERS)
        self._environment.globals.update(stijlen=[sheet.path for sheet in sheets], woorden=words.TABLES, gebeurtenissen=words.EVENTS)

    def page(self, template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
        """One page."""
        empty: dict[str, Any] = {"wie": None, "menu": (), "fouten": (), "ingevuld": {}, "melding": None, "hier": ""}
        return HTMLResponse(self._environment.get_template(template).render({**empty, **context}), status)
