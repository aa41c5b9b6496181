"""The officer's pages that open a name: ask with a reason, a colleague decides, and the one who asked opens it once.

With a managed key the name is shown; with an own key only the municipality can open it, and the page gives what it needs for that.
Authority: LG-08; AVG art. 25. Leaves who may do what to `gateway.oversight.unsealing`, which the database holds to as well.
"""

import msgspec

from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.opened import opened
from gateway.console.pages import Context, Desks, Go, Page, Visit
from gateway.oversight import unsealing
from gateway.privacylog.oversight import NaamOntzegeld, OntzegelingBesloten, OntzegelingGevraagd
from schemas.toezicht import OntzegelAanvraag, OntzegelBesluit

PATH = "/toezicht/ontzegelen"


def overview(desks: Desks, visit: Visit) -> Context:
    """The unsealings of the last thirty days, and the form."""
    return {"ontzegelingen": unsealing.recent(visit.gemeente, desks.oversight)}


def read_request(fields: Fields) -> OntzegelAanvraag:
    """For which message, why, and for which file."""
    return forms.wire(forms.filled(fields, "bericht", "reden", "kenmerk"), OntzegelAanvraag)


def ask(desks: Desks, visit: Visit) -> Go:
    """Ask."""
    made = unsealing.ask(*visit.called, visit.form, desks.oversight)
    return Go(f"{PATH}/{made.id}", "gevraagd")


def one(desks: Desks, visit: Visit) -> Context:
    """Where it stands."""
    return {"ontzegeling": unsealing.one(visit.gemeente, visit.key, desks.oversight)}


def read_decision(fields: Fields) -> OntzegelBesluit:
    """What the second person says."""
    return forms.wire(forms.filled(fields, "besluit"), OntzegelBesluit)


def decide(desks: Desks, visit: Visit) -> Go:
    """The second person."""
    unsealing.decide(*visit.called, visit.key, visit.form, desks.oversight)
    return Go(f"{PATH}/{visit.key}", "besloten")


def open_name(desks: Desks, visit: Visit) -> Context:
    """Open the name, once."""
    found = unsealing.unseal(*visit.called, visit.key, desks.oversight)
    shown = msgspec.json.format(msgspec.json.encode(found)).decode()
    identiteit = opened(found.bericht, found.persoonsgegevens, found.sleutels).identiteit
    return {"ontzegeling": found, "identiteit": identiteit, "verzegeld": shown}


PAGES: tuple[Page, ...] = (
    Page(
        method="GET",
        path=PATH,
        rol="toezichthouder",
        titel="Naam ontzegelen",
        template="toezicht/ontzegelen.html",
        handler=overview,
        flow=("gateway.oversight.unsealing.recent",),
        leaves=None,
        menu="Ontzegelen",
        query=frozenset({"bericht"}),
    ),
    Page(
        method="POST",
        path=PATH,
        rol="toezichthouder",
        titel="Naam ontzegelen",
        template="toezicht/ontzegelen.html",
        handler=ask,
        flow=("gateway.oversight.unsealing.ask",),
        leaves=OntzegelingGevraagd,
        read=read_request,
    ),
    Page(
        method="GET",
        path=f"{PATH}/{{id}}",
        rol="toezichthouder",
        titel="Eén ontzegeling",
        template="toezicht/ontzegeling.html",
        handler=one,
        flow=("gateway.oversight.unsealing.one",),
        leaves=None,
    ),
    Page(
        method="POST",
        path=f"{PATH}/{{id}}/besluit",
        rol="toezichthouder",
        titel="Eén ontzegeling",
        template="fouten.html",
        handler=decide,
        flow=("gateway.oversight.unsealing.decide",),
        leaves=OntzegelingBesloten,
        read=read_decision,
    ),
    Page(
        method="POST",
        path=f"{PATH}/{{id}}/open",
        rol="toezichthouder",
        titel="Naam geopend",
        template="toezicht/geopend.html",
        handler=open_name,
        flow=("gateway.oversight.unsealing.unseal",),
        leaves=NaamOntzegeld,
    ),
)
