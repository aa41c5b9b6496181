"""The officer's pages of a resident's request (AVG art. 15): take it up, follow it, and give what the resident gets.

Whom it is about comes in a form and goes to the flow; no page, address or entry has it. The extract is made anew each time it is shown or
kept as a file, and each time is an entry. Authority: AVG art. 12 and 15; contract, "/toezicht/v1". Leaves what may go out, and that the
municipality confirms first, to `gateway.oversight.access`.
"""

from functools import partial
from typing import Any

import msgspec

from gateway.console import forms
from gateway.console.forms import ADDRESS, Fields
from gateway.console.pages import Context, Desks, File, Go, Page, Visit
from gateway.oversight import access
from gateway.privacylog.oversight import InzageVerstrekt, InzageVerzocht
from schemas.strict import Fout, Refused
from schemas.toezicht import InzageAanvraag

PATH, ONE, FLOW = "/toezicht/inzage", "/toezicht/inzage/{id}", "gateway.oversight.access"
ADDRESSES = range(1, 5)
"""So many addresses fit in the form; who has lived at more is asked for through the API."""


def overview(desks: Desks, visit: Visit) -> Context:
    """The newest requests, and the form."""
    return {"verzoeken": access.recent(visit.gemeente, desks.oversight), "adressen": ADDRESSES}


def read_request(fields: Fields) -> InzageAanvraag:
    """Who asks, and where he lived. Raises Refused, each error at its own field."""
    used = [nr for nr in ADDRESSES if forms.filled(fields, *(f"{name}-{nr}" for name in ADDRESS))] or [ADDRESSES[0]]
    places = {f"/adressen/{at}/{name}": f"{name}-{nr}" for at, nr in enumerate(used) for name in ADDRESS}
    value: dict[str, Any] = {
        **forms.filled(fields, "kenmerk"),
        "persoon": forms.filled(fields, "achternaam", "geboortedatum"),
        "adressen": [forms.address(fields, f"-{nr}") for nr in used],
    }
    try:
        return forms.wire(value, InzageAanvraag)
    except Refused as refused:
        raise Refused([Fout(f"/{places.get(at, at)}", code, words) for at, code, words in refused.fouten]) from None


def ask(desks: Desks, visit: Visit) -> Go:
    """Take the request up."""
    made = access.ask(*visit.called, visit.form, desks.oversight)
    return Go(f"{PATH}/{made.id}", "inzage_gevraagd")


def one(desks: Desks, visit: Visit) -> Context:
    """What was found, and what the municipality confirmed."""
    found = access.one(visit.gemeente, visit.key, desks.oversight)
    register = desks.oversight.register()
    names = {hit.schuldeiser: party.naam for hit in found.treffers if (party := register.partner(hit.schuldeiser))}
    return {"verzoek": found, "namen": names}


def extract(desks: Desks, visit: Visit) -> Context:
    """What the resident gets, on a page to print."""
    return {"uittreksel": access.extract(*visit.called, visit.key, desks.oversight)}


def kept(desks: Desks, visit: Visit) -> File:
    """What the resident gets, as the API gives it."""
    found = access.extract(*visit.called, visit.key, desks.oversight)
    return File(f"uittreksel-{found.id}.json", "application/json", msgspec.json.encode(found))


_page = partial(Page, rol="toezichthouder")
_get, _post = partial(_page, method="GET", leaves=None), partial(_page, method="POST")
_given = partial(_post, template="toezicht/uittreksel.html", flow=(f"{FLOW}.extract",), leaves=InzageVerstrekt)
PAGES: tuple[Page, ...] = (
    _get(path=PATH, titel="Inzage", template="toezicht/inzage.html", handler=overview, flow=(f"{FLOW}.recent",), menu="Inzage"),
    _post(path=PATH, titel="Inzage", template="toezicht/inzage.html", handler=ask, flow=(f"{FLOW}.ask",), leaves=InzageVerzocht,
          read=read_request, again=overview),
    _get(path=ONE, titel="Eén verzoek om inzage", template="toezicht/inzageverzoek.html", handler=one, flow=(f"{FLOW}.one",)),
    _given(path=f"{ONE}/uittreksel", titel="Uittreksel voor de inwoner", handler=extract),
    _given(path=f"{ONE}/bestand", titel="Uittreksel voor de inwoner", handler=kept),
)  # fmt: skip
