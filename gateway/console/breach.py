"""The officer's pages of a leak (AVG art. 33): how many residents and messages a party, key or period touched, and the counts as a file.

Each count is an entry, that of a file too. Authority: AVG art. 33 and 34; contract, "/toezicht/v1". Leaves the counting to
`gateway.oversight.breach`, and judging the risk to the municipality.
"""

from collections.abc import Iterator
from functools import partial
from typing import Literal

import msgspec

from adapters.formats import writing
from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.pages import Context, Desks, File, Page, Visit
from gateway.oversight import breach
from gateway.privacylog.oversight import LekOnderzocht
from schemas.toezicht import Lekrapport, LekVraag
from schemas.types import Wire

PATH, FLOW = "/toezicht/datalek", "gateway.oversight.breach.report"
_ASKED = ("van", "tot", "deelnemer", "sleutel")


class Lekbestand(Wire, frozen=True, kw_only=True):
    """Which counts, in which form."""

    vraag: LekVraag
    vorm: Literal["json", "csv"]


def form(desks: Desks, visit: Visit) -> Context:
    """The empty form; the key that messages are sealed to now."""
    key = desks.oversight.register().sealing_key(visit.gemeente)
    return {"huidig": key.kid if key else None}


def read(fields: Fields) -> LekVraag:
    """Over which days, and of which party or key."""
    return breach.require_order(forms.wire(forms.filled(fields, *_ASKED), LekVraag))


def report(desks: Desks, visit: Visit) -> Context:
    """The counts."""
    asked: LekVraag = visit.form
    party = desks.oversight.register().partner(asked.deelnemer) if asked.deelnemer else None
    found = breach.report(*visit.called, asked, desks.oversight)
    return {**form(desks, visit), "rapport": found, "vraag": asked, "naam": party.naam if party else None}


def read_file(fields: Fields) -> Lekbestand:
    """The same, and in which form."""
    read(fields)  # for its order, and so that each error stands at its own field
    return forms.wire({"vraag": forms.filled(fields, *_ASKED), **forms.filled(fields, "vorm")}, Lekbestand)


def kept(desks: Desks, visit: Visit) -> File:
    """The counts as the API gives them, or for a spreadsheet."""
    asked: Lekbestand = visit.form
    found = breach.report(*visit.called, asked.vraag, desks.oversight)
    name = f"datalek-{visit.day.isoformat()}.{asked.vorm}"
    if asked.vorm == "json":
        return File(name, "application/json", msgspec.json.encode(found))
    return File(name, "text/csv; charset=utf-8", b"\xef\xbb\xbf" + "".join(writing.lines(_rows(asked.vraag, found), ";")).encode())


def _rows(asked: LekVraag, found: Lekrapport) -> Iterator[tuple[object, object]]:
    """What was asked and what was counted, a row each."""
    yield "gegeven", "waarde"
    yield from ((name, getattr(asked, name)) for name in _ASKED)
    yield from ((name, getattr(found, name)) for name in ("betrokkenen", "berichten", "zonder_naam", "eerste_op", "laatste_op"))
    yield "veldgroepen", ", ".join(found.veldgroepen)
    yield from ((one.gebeurtenis, one.aantal) for one in found.gebeurtenissen)


_page = partial(Page, path=PATH, rol="toezichthouder", titel="Datalek", template="toezicht/datalek.html")
_counted = partial(_page, method="POST", flow=(FLOW,), leaves=LekOnderzocht, again=form)
PAGES: tuple[Page, ...] = (
    _page(method="GET", handler=form, flow=(), leaves=None, menu="Datalek"),
    _counted(handler=report, read=read),
    _counted(path=f"{PATH}/bestand", handler=kept, read=read_file),
)
