"""One message: what its purpose lets a worker see, and what he does with it.

Each look at a message in hand is a disclosure, under the purpose of the claim that holds it. The claim is looked up here, because a
screen does not remember it. Authority: contract, `inbox/berichten/{id}`. Leaves states to `gateway.mailbox.states`.
"""

from uuid import UUID

from gateway.cases import casework, finding
from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.gemeente.inbox import clear
from gateway.console.pages import Context, Desks, Go, Visit
from gateway.inboxes import claiming, holding, reading
from schemas.inbox import Afwijzing, Bevestiging, Zaaknummer
from schemas.types import Wire
from schemas.zaken import ZaakAanvraag

PATH, CASES = "/gemeente/berichten", "/gemeente/zaken"


class Bevestigvraag(Wire, frozen=True, kw_only=True):
    """How far a message is, and in which case."""

    status: str
    zaaknummer: Zaaknummer | None = None


class Afwijsvraag(Wire, frozen=True, kw_only=True):
    """Why a message is rejected."""

    reden: str


class Zaakvraag(Wire, frozen=True, kw_only=True):
    """The number of a new case."""

    zaaknummer: Zaaknummer


def one(desks: Desks, visit: Visit) -> Context:
    """The message; with person data while a claim holds it."""
    bericht = reading.message(*visit.called, visit.key, desks.gemeente.inbox, disclose=True)
    return {
        "bericht": bericht,
        "open": clear(desks, visit, [bericht])[0][1],
        "greep": holding.hold(visit.gemeente, visit.key, desks.gemeente.inbox),
        "zaak": finding.of_message(visit.gemeente, visit.key, desks.gemeente.cases),
    }


def read_case(fields: Fields) -> Zaakvraag:
    """The number of a new case."""
    return forms.wire(forms.filled(fields, "zaaknummer"), Zaakvraag)


def open_case(desks: Desks, visit: Visit) -> Go:
    """Open a case over this message."""
    request = ZaakAanvraag(zaaknummer=visit.form.zaaknummer, berichten=[visit.key])
    zaak, _ = casework.open_case(*visit.called, request, desks.gemeente.cases)
    return Go(f"{CASES}/{zaak.id}", "zaak")


def read_acknowledgement(fields: Fields) -> Bevestigvraag:
    """How far it is."""
    return forms.wire(forms.filled(fields, "status", "zaaknummer"), Bevestigvraag)


def acknowledge(desks: Desks, visit: Visit) -> Go:
    """Received, or handled in a case."""
    asked: Bevestigvraag = visit.form
    value = {"claim": str(_claim(desks, visit)), "status": asked.status}
    request = forms.wire({**value, **({"zaaknummer": asked.zaaknummer} if asked.zaaknummer else {})}, Bevestiging)
    stand = claiming.acknowledge(*visit.called, visit.key, request, desks.gemeente.inbox)
    return Go(PATH, "verwerkt") if stand.staat == "verwerkt" else Go(f"{PATH}/{visit.key}", "bevestigd")


def read_rejection(fields: Fields) -> Afwijsvraag:
    """Why."""
    return forms.wire(forms.filled(fields, "reden"), Afwijsvraag)


def reject(desks: Desks, visit: Visit) -> Go:
    """Reject it; the reason stays here."""
    request = forms.wire({"claim": str(_claim(desks, visit)), "reden": visit.form.reden}, Afwijzing)
    claiming.reject(*visit.called, visit.key, request, desks.gemeente.inbox)
    return Go(PATH, "afgewezen")


def release(desks: Desks, visit: Visit) -> Go:
    """Give back what was taken together and not yet acknowledged."""
    claiming.release(*visit.called, _claim(desks, visit), desks.gemeente.inbox)
    return Go(PATH, "teruggegeven")


def _claim(desks: Desks, visit: Visit) -> UUID:
    return holding.require(visit.gemeente, visit.key, desks.gemeente.inbox)
