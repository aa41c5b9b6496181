"""The municipality's side of a resident's request (AVG art. 15): it says, once, which messages and overviews are of the resident.

No name stands here: messages are shown by their creditor, day and case, overviews by their number. Authority: AVG art. 15; decision 0033
(the officer prepares, the municipality confirms). Leaves who may confirm, and what may not be, to `gateway.oversight.access`.
"""

from gateway.cases import finding
from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.pages import Context, Desks, Go, Visit
from gateway.oversight import access
from gateway.overviews import asking
from schemas.strict import Fout, Refused
from schemas.toezicht import InzageBevestiging

PATH = "/gemeente/inzage"
MESSAGE, OVERVIEW, NOTHING = "bericht-", "overzicht-", "geen"
MESSAGES, OVERVIEWS = 60, 30
"""So many fit in one form; a request with more messages is confirmed through the API."""


def listed(desks: Desks, visit: Visit) -> Context:
    """The newest requests."""
    return {"verzoeken": access.recent(visit.gemeente, desks.oversight)}


def one(desks: Desks, visit: Visit) -> Context:
    """What was found by more than its address, the case of each, and the overviews to choose from."""
    found = access.one(visit.gemeente, visit.key, desks.oversight)
    hits = [hit for hit in found.treffers if hit.zekerheid != "adres"]
    register = desks.oversight.register()
    recent = asking.page(visit.caller, visit.gemeente, None, OVERVIEWS, None, desks.gemeente.overviews)
    return {
        "verzoek": found,
        "treffers": hits,
        "namen": {hit.schuldeiser: party.naam for hit in hits if (party := register.partner(hit.schuldeiser))},
        "zaken": finding.of_messages(visit.gemeente, [hit.bericht for hit in hits], desks.gemeente.cases),
        "schuldenoverzichten": recent.schuldenoverzichten,
        "te_veel": len(hits) > MESSAGES,
    }


def read(fields: Fields) -> InzageBevestiging:
    """What was ticked. Raises Refused: no message, and not that there is none either."""
    ticked = {prefix: [name.removeprefix(prefix) for name in fields if name.startswith(prefix)] for prefix in (MESSAGE, OVERVIEW)}
    if bool(ticked[MESSAGE]) == (fields.get(NOTHING) == "ja"):
        raise Refused([Fout(f"/{NOTHING}", "VELD_VERPLICHT", "Kies de berichten van de inwoner, of dat er geen van hem is.")])
    return forms.wire({"berichten": ticked[MESSAGE], "overzichten": ticked[OVERVIEW]}, InzageBevestiging)


def confirm(desks: Desks, visit: Visit) -> Go:
    """Confirm."""
    access.confirm(*visit.called, visit.key, visit.form, desks.oversight)
    return Go(f"{PATH}/{visit.key}", "inzage_bevestigd")
