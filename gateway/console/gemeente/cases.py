"""Cases: attempts to reach the resident, the result, and what each creditor hears, shown before it is told.

The preview is the verdict of the flow that tells (`gateway.feedback.giving`), over the same facts: a page computes nothing of its own.
Authority: contract, `zaken` and `terugkoppelingen`; DDAS v1.2 for the lists. Leaves what a creditor may hear to the feedback policy.
"""

from typing import Any
from uuid import UUID

from gateway.cases import casework
from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.pages import Context, Desks, Go, Visit
from gateway.core import ids
from gateway.feedback import giving
from gateway.inboxes import holding
from schemas.terugkoppeling import Onterechtgrond, TerugkoppelAanvraag, Terugkoppelcode
from schemas.types import Wire
from schemas.zaken import Contactpoging, Resultaat

PATH, PAGE = "/gemeente/zaken", 50
PREFIX, GROUND = "status-", "grond-"


class Zakenvraag(Wire, frozen=True, kw_only=True):
    """The query of the list; `voor`: the case to go on from."""

    voor: UUID | None = None


class Terugkoppelvraag(Wire, frozen=True, kw_only=True):
    """What a creditor is to hear."""

    code: Terugkoppelcode
    grond: Onterechtgrond | None = None


def read_list(fields: Fields) -> Zakenvraag:
    """From where."""
    return forms.wire(forms.filled(fields, "voor"), Zakenvraag)


def listed(desks: Desks, visit: Visit) -> Context:
    """Cases, the newest first."""
    return {"uitkomst": casework.page(visit.gemeente, visit.form.voor, PAGE, desks.gemeente.cases)}


def one(desks: Desks, visit: Visit) -> Context:
    """One case. `poging`: the kenmerk of the next attempt, so that a form that is sent twice counts once."""
    return {"zaak": casework.one(visit.gemeente, visit.key, desks.gemeente.cases), "poging": f"console-{ids.new()}"}


def read_attempt(fields: Fields) -> Contactpoging:
    """How somebody was tried to be reached, when, and whether it worked."""
    value = {**forms.filled(fields, "kenmerk", "soort", "datum", "dagdeel"), **_yes_no(fields, "bereikt")}
    return forms.wire(value, Contactpoging)


def attempt(desks: Desks, visit: Visit) -> Go:
    """Write an attempt down."""
    casework.attempt(*visit.called, visit.key, visit.form, desks.gemeente.cases)
    return Go(f"{PATH}/{visit.key}", "poging")


def read_result(fields: Fields) -> Resultaat:
    """The result, and the messages with a status of their own."""
    value: dict[str, Any] = dict(forms.filled(fields, "resultaat", "datum"))
    own = [name.removeprefix(PREFIX) for name, said in fields.items() if name.startswith(PREFIX) and said not in ("", "opgepakt")]
    value["berichten"] = [{"bericht": id, "status": fields[PREFIX + id], **_ground(fields, id)} for id in own]
    return forms.wire(value, Resultaat)


def finish(desks: Desks, visit: Visit) -> Go:
    """Give the result."""
    casework.finish(*visit.called, visit.key, visit.form, desks.gemeente.cases)
    return Go(f"{PATH}/{visit.key}", "resultaat")


def feedback(desks: Desks, visit: Visit) -> Context:
    """The form, for a message of this inbox."""
    holding.hold(visit.gemeente, visit.key, desks.gemeente.inbox)
    return {"bericht": visit.key}


def read_feedback(fields: Fields) -> Terugkoppelvraag:
    """What to tell."""
    return forms.wire(forms.filled(fields, "code", "grond"), Terugkoppelvraag)


def preview(desks: Desks, visit: Visit) -> Context:
    """What the creditor would see; nothing is told."""
    found = giving.preview(*visit.called, _told(visit), desks.gemeente.counter)
    return {**feedback(desks, visit), "uitkomsten": found.uitkomsten, "gekozen": visit.form}


def tell(desks: Desks, visit: Visit) -> Context:
    """Tell it; what the creditor sees is shown as it was told."""
    found = giving.give(*visit.called, _told(visit), desks.gemeente.counter)
    return {**feedback(desks, visit), "verteld": found.uitkomsten, "gekozen": visit.form}


def _told(visit: Visit) -> TerugkoppelAanvraag:
    return TerugkoppelAanvraag(berichten=[visit.key], code=visit.form.code, grond=visit.form.grond)


def _yes_no(fields: Fields, name: str) -> dict[str, Any]:
    said = {"ja": True, "nee": False}.get(fields.get(name, ""))
    return {} if said is None else {name: said}


def _ground(fields: Fields, id: str) -> dict[str, str]:
    given = fields.get(GROUND + id)
    return {"grond": given} if given else {}
