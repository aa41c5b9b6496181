"""The officer's pages of the register of processing activities (AVG art. 30): on the screen, and as a file.

It says what this node does for whom, of nobody in particular, so a look at it leaves no entry. Authority: AVG art. 30; contract,
"/toezicht/v1". Leaves filling it to `gateway.policy.art30`.
"""

from functools import partial
from typing import Literal

import msgspec

from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.pages import Context, Desks, File, Page, Visit
from gateway.policy import art30
from schemas.types import Wire

PATH = "/toezicht/verwerkingen"


class Registervraag(Wire, frozen=True, kw_only=True):
    """In which form: as the API gives it, or as one page to print."""

    vorm: Literal["json", "html"]


def register(desks: Desks, _visit: Visit) -> Context:
    """The whole register."""
    return {"register": desks.processings()}


def read(fields: Fields) -> Registervraag:
    """In which form."""
    return forms.wire(forms.filled(fields, "vorm"), Registervraag)


def kept(desks: Desks, visit: Visit) -> File:
    """The register as a file."""
    found, vorm = desks.processings(), visit.form.vorm
    content = msgspec.json.encode(found) if vorm == "json" else art30.as_html(found).encode()
    return File(f"verwerkingsregister-{visit.day.isoformat()}.{vorm}", "application/json" if vorm == "json" else "text/html", content)


_page = partial(
    Page,
    method="GET",
    rol="toezichthouder",
    titel="Verwerkingsregister",
    template="toezicht/verwerkingen.html",
    flow=("gateway.policy.art30.register",),
    leaves=None,
)
PAGES: tuple[Page, ...] = (
    _page(path=PATH, handler=register, menu="Verwerkingen"),
    _page(path=f"{PATH}/bestand", handler=kept, read=read, query=frozenset({"vorm"}), again=register),
)
