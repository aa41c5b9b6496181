"""The officer's page of where staff lives: written down as commitments only, so that a look at such an address shows in the queue.

Authority: contract, "Review queue" (`eigen_adres`); AVG art. 32. Leaves naming, and the ceiling of a day, to `gateway.oversight.queue`.
"""

from functools import partial
from typing import Any

from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.pages import Context, Desks, Page, Visit
from gateway.oversight import queue
from gateway.privacylog.oversight import EigenAdresVastgelegd
from schemas.toezicht import EigenAdres

PATH = "/toezicht/eigen-adressen"


def form(_desks: Desks, _visit: Visit) -> Context:
    """The empty form; what was written down can be shown to nobody."""
    return {}


def read(fields: Fields) -> EigenAdres:
    """Who, and where."""
    value: dict[str, Any] = {**forms.filled(fields, "medewerker"), "adres": forms.address(fields)}
    return forms.wire(value, EigenAdres)


def lives(desks: Desks, visit: Visit) -> Context:
    """Write it down; the form is empty again, with how many there are now."""
    return {"vastgelegd": queue.lives(*visit.called, visit.form, desks.oversight), "ingevuld": {}}


_page = partial(Page, path=PATH, rol="toezichthouder", titel="Adressen van medewerkers", template="toezicht/eigen-adressen.html")
PAGES: tuple[Page, ...] = (
    _page(method="GET", handler=form, flow=(), leaves=None),
    _page(method="POST", handler=lives, flow=("gateway.oversight.queue.lives",), leaves=EigenAdresVastgelegd, read=read),
)
