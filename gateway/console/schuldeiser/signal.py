"""One signal by a form: what the law asks first, the form, and its receipt (F16: a landlord with one house is bound by Bgs art. 2 too).

The form goes the way of `POST /schuldeiser/v1/signalen`: the same flow, the same entry, the same receipt. Sent twice it is one signal,
because its kenmerk stands in the form from the beginning. What somebody typed stands in the answer to him and nowhere else. Authority:
Bgs art. 2; contract, "the signal" and "idempotency". Leaves every verdict to `gateway.signals.receive`.
"""

import secrets
from functools import partial
from typing import Any

import msgspec

from gateway.console.pages import Context, Desks, Page, Shown, Visit
from gateway.console.schuldeiser import conditions, signalform
from gateway.console.schuldeiser.signalform import Filled
from gateway.core.chain import Inbound, Outcome
from gateway.privacylog.messages import SignaalBezorgd
from gateway.signals import reports

PATH = "/schuldeiser/signaal"
_LETTERS = "bcdfghjkmnpqrstvwxz"
"""Of a derived kenmerk: no digits, which could make a number that looks like a BSN, and no vowels, which could make a word."""
_CHOOSE = "Deze postcode ligt in meer dan één gemeente. Kies de gemeente waar de klant woont."


def ask(desks: Desks, visit: Visit) -> Context:
    """The form of one sector, with what the law asks; first the sector where there is more than one."""
    return {**form(desks, visit), "ingevuld": {**signalform.today(visit.day), "voorstel": proposal(visit), **visit.fields}}


def form(desks: Desks, visit: Visit) -> dict[str, Any]:
    """What stands around the fields."""
    sectoren = sorted(visit.principal.sectoren)
    sector = visit.fields.get("sector") or (sectoren[0] if len(sectoren) == 1 else "")
    known = sector in visit.principal.sectoren
    asked = {row.toets for row in desks.schuldeiser.steps.rulebook.rows_on(sector, "vroegsignaal", visit.day)} if known else set()
    return {
        "sectoren": sectoren,
        "sector": sector if known else "",
        "handelsnamen": sorted(visit.principal.handelsnamen),
        "voorwaarden": conditions.conditions(desks.schuldeiser.steps.rulebook, sector, visit.day) if known else [],
        "gevraagd": asked,
        "contacten": signalform.CONTACTS,
        "herinneringen": signalform.REMINDERS,
        "kandidaten": [],
    }


def proposal(visit: Visit) -> str:
    """A kenmerk for who has none: the day, and letters that nobody has by chance."""
    return f"F-{visit.day:%Y-%m-%d}-" + "".join(secrets.choice(_LETTERS) for _ in range(12))


def deliver(desks: Desks, visit: Visit) -> Context | Shown:
    """A receipt; or the form again with every finding at its field."""
    filled: Filled = visit.form
    desk = desks.schuldeiser
    outcome = desk.post(Inbound(0, visit.caller, visit.trace, desk.steps.clock.now(), "", filled.value))
    if outcome.conflict or outcome.id is None or outcome.gemeente is None:
        return Shown({**form(desks, visit), **_refused(desks, outcome, filled)}, 409 if outcome.conflict else 400)
    bewijs = reports.receipt(outcome, desk.notary.signer)
    machine = msgspec.json.format(msgspec.json.encode(bewijs), indent=1).decode()
    return {"bewijs": bewijs, "opnieuw": outcome.repeated, "gemeente": desk.name_of(outcome.gemeente), "machine": machine}


def _refused(desks: Desks, outcome: Outcome, filled: Filled) -> dict[str, Any]:
    codes = next((found.kandidaten for found in outcome.findings if found.kandidaten), None) or []
    rest = [found for found in outcome.findings if not found.kandidaten]
    fouten = [("gemeentecode", _CHOOSE)] if codes else []
    return {
        "fouten": [*fouten, *signalform.errors(rest, filled.places)],
        "kandidaten": [(code, desks.schuldeiser.name_of(code)) for code in codes],
    }


FLOW = "gateway.signals.receive.receive"
_page = partial(Page, path=PATH, rol="schuldeiser", titel="Eén signaal", template="schuldeiser/signaal.html")
PAGES: tuple[Page, ...] = (
    _page(
        method="GET",
        handler=ask,
        flow=("gateway.rules.rulebook.Rulebook.rows_on",),
        leaves=None,
        menu="Nieuw signaal",
        query=frozenset({"sector"}),
    ),
    _page(
        method="POST",
        handler=deliver,
        flow=(FLOW, "gateway.signals.reports.receipt"),
        leaves=SignaalBezorgd,
        read=signalform.read,
    ),
)
