"""The schuldenoverzicht on a screen: ask, follow per creditor, withdraw, and the whole, which is a disclosure on record.

Reminders go out by themselves, at 5 and 8 working days; a page shows when. A form has no place for documents: who may only ask with a
document of its client asks through the API. Authority: contract, section on the schuldenoverzicht. Leaves what may be asked to
`gateway.overviews`.
"""

from typing import Any
from uuid import UUID

from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.pages import Context, Desks, Go, Visit
from gateway.overviews import asking, assembled
from gateway.regelingen import consent
from schemas.schuldenoverzicht import OverzichtIntrekking, Overzichtsaanvraag, Overzichtstaat
from schemas.types import Wire

PATH, PAGE, ROWS = "/gemeente/overzichten", 50, range(1, 9)
CREDITOR = "schuldeiser"
_NUMBERED = frozenset({"kenmerk", "zaaknummer", "klantnummer"})
"""Numbers of a registered format may look like a citizen's; the flow judges those."""


class Lijstvraag(Wire, frozen=True, kw_only=True):
    """The query of the list; `voor`: the overview to go on from."""

    voor: UUID | None = None
    staat: Overzichtstaat | None = None


def read_list(fields: Fields) -> Lijstvraag:
    """From where, in which state."""
    return forms.wire(forms.filled(fields, "voor", "staat"), Lijstvraag)


def listed(desks: Desks, visit: Visit) -> Context:
    """Overviews, the newest first, without answers."""
    asked: Lijstvraag = visit.form
    return {"uitkomst": asking.page(visit.caller, visit.gemeente, asked.voor, PAGE, asked.staat, desks.gemeente.overviews)}


def form(desks: Desks, visit: Visit) -> Context:
    """The empty question; whom one can ask."""
    parties = desks.gemeente.register().deelnemers.values()
    names = {party.oin: party.naam for party in parties if party.actief and CREDITOR in party.rollen}
    return {"namen": dict(sorted(names.items(), key=lambda one: one[1])), "rijen": ROWS}


def read_question(fields: Fields) -> Overzichtsaanvraag:
    """Who it is about, and whom to ask."""
    person = {"rol": "client", **forms.filled(fields, "voorletters", "voorvoegsel", "achternaam", "geboortedatum")}
    place = {**forms.filled(fields, "woonplaats"), **forms.address(fields)}
    value: dict[str, Any] = {
        **forms.filled(fields, "kenmerk", "zaaknummer", "grond", "uiterlijk"),
        "client": {"personen": [person], "adres": place},
        "schuldeisers": [_named(fields, nr) for nr in ROWS if fields.get(f"oin-{nr}")],
    }
    return forms.wire(value, Overzichtsaanvraag, _NUMBERED)


def ask(desks: Desks, visit: Visit) -> Go:
    """Ask each creditor that was named."""
    found, _ = asking.ask(*visit.called, visit.form, desks.gemeente.overviews)
    return Go(f"{PATH}/{found.id}", "gevraagd_overzicht")


def one(desks: Desks, visit: Visit) -> Context:
    """How far each creditor is; no answer is opened."""
    found = asking.one(*visit.called, visit.key, desks.gemeente.overviews, disclose=False)
    return {"overzicht": found, "namen": assembled.names(desks.gemeente.overviews), "eigen": desks.gemeente.own_key(visit.gemeente)}


def read_withdrawal(fields: Fields) -> OverzichtIntrekking:
    """Why."""
    return forms.wire(forms.filled(fields, "reden"), OverzichtIntrekking)


def withdraw(desks: Desks, visit: Visit) -> Go:
    """Withdraw what was asked."""
    consent.withdraw_overview(*visit.called, visit.key, visit.form, desks.gemeente.overviews)
    return Go(f"{PATH}/{visit.key}", "ingetrokken")


def sheet(desks: Desks, visit: Visit) -> Context:
    """The answers together: opened here and now, and kept nowhere."""
    found = assembled.overview(*visit.called, visit.key, desks.gemeente.overviews, disclose=True)
    return {"overzicht": found, "namen": assembled.names(desks.gemeente.overviews)}


def _named(fields: Fields, nr: int) -> dict[str, str]:
    number = fields.get(f"klant-{nr}")
    return {"oin": fields[f"oin-{nr}"], **({"klantnummer": number} if number else {})}
