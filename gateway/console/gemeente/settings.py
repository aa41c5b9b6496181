"""Settings of a municipality on a screen: thresholds, follow-up partners, its key, the objection list.

Each form changes one thing of a setting and hands the whole to the flow, which checks it against the others and keeps a version.
Authority: contract, `instellingen`; decision 0008; AVG art. 21. An address or person that comes in goes to the flow and is shown nowhere.
"""

import re
from typing import Any
from uuid import UUID

import msgspec

from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.gemeente.inbox import baskets_of
from gateway.console.pages import Context, Desks, Go, Visit
from gateway.inboxes import settings
from gateway.meldingen import instellingen
from schemas.inbox import Veldgroep
from schemas.instellingen import Drempels, Opvolgpartner, Opvolgpartners
from schemas.meldingen import BezwaarAanvraag
from schemas.types import Oin, Wire

PATH, OBJECTIONS, PAGE = "/gemeente/instellingen", "/gemeente/bezwaren", 50
GROUPS: tuple[Veldgroep, ...] = ("identiteit", "contact", "klant")
PARTNER = "uitvoerder"
_AMOUNT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,7})(?:,([0-9]{2}))?")


class Wegvraag(Wire, frozen=True, kw_only=True):
    """Which partner goes."""

    oin: Oin


class Lijstvraag(Wire, frozen=True, kw_only=True):
    """The query of the objection list; `voor`: the objection to go on from."""

    voor: UUID | None = None


def cents(text: str) -> int | str:
    """An amount in euros as it is typed (450; 450,12; 1.234,50) in cents; what is none stays as it is, so that the type says so."""
    match = _AMOUNT.fullmatch(text)
    return int(match[1].replace(".", "")) * 100 + int(match[2] or 0) if match else text


def overview(desks: Desks, visit: Visit) -> Context:
    """What holds now."""
    place, desk = desks.gemeente.place(visit.gemeente), desks.gemeente.inbox
    drempels = settings.read(place, Drempels, desk)
    given: Drempels = drempels.instelling  # type: ignore[attr-defined]  # the stand of its kind
    sectors = {sector for party in place.register.deelnemers.values() for sector in party.sectoren} | set(given.drempels)
    mandated = sorted(party.oin for party in place.register.deelnemers.values() if PARTNER in party.rollen)
    return {
        "drempels": given.drempels,
        "sectoren": sorted(sectors),
        "sinds": drempels.gewijzigd_op,
        "partners": _partners(desks, visit).opvolgpartners,
        "namen": {oin: place.register.deelnemers[oin].naam for oin in mandated},
        "sleutel": place.register.sealing_key(visit.gemeente),
        "werkbakken": baskets_of(desks, visit),
    }


def read_thresholds(fields: Fields) -> Drempels:
    """An amount per sector; empty: none."""
    return forms.wire({"drempels": {sector: cents(amount) for sector, amount in fields.items() if amount}}, Drempels)


def set_thresholds(desks: Desks, visit: Visit) -> Go:
    """Replace the thresholds."""
    return change(desks, visit, visit.form)


def read_partner(fields: Fields) -> Opvolgpartner:
    """Who, and what he needs."""
    groups = [group for group in GROUPS if fields.get(f"veldgroepen-{group}") == "ja"]
    return forms.wire({**forms.filled(fields, "oin", "naam"), "veldgroepen": groups}, Opvolgpartner)


def set_partner(desks: Desks, visit: Visit) -> Go:
    """A partner, in the place of the one of the same OIN; a key that was registered stays."""
    new: Opvolgpartner = visit.form
    known = _partners(desks, visit).opvolgpartners
    before = next((one for one in known if one.oin == new.oin), None)
    kept = msgspec.structs.replace(new, sleutel=before.sleutel if before else None)
    return change(desks, visit, Opvolgpartners(opvolgpartners=[*(one for one in known if one.oin != new.oin), kept]))


def read_gone(fields: Fields) -> Wegvraag:
    """Which one."""
    return forms.wire(forms.filled(fields, "oin"), Wegvraag)


def drop_partner(desks: Desks, visit: Visit) -> Go:
    """A partner less."""
    known = _partners(desks, visit).opvolgpartners
    return change(desks, visit, Opvolgpartners(opvolgpartners=[one for one in known if one.oin != visit.form.oin]))


def change(desks: Desks, visit: Visit, new: Any, path: str = PATH) -> Go:  # noqa: ANN401 - a setting
    """Replace a setting; this node sees it at once."""
    caller, gemeente, trace = visit.called
    settings.change(caller, desks.gemeente.place(gemeente), trace, new, desks.gemeente.inbox)
    desks.gemeente.changed()
    return Go(path, "instelling")


def read_list(fields: Fields) -> Lijstvraag:
    """From where."""
    return forms.wire(forms.filled(fields, "voor"), Lijstvraag)


def objections(desks: Desks, visit: Visit) -> Context:
    """The objection list: no address, no person."""
    before = visit.form.voor if isinstance(visit.form, Lijstvraag) else None
    return {"uitkomst": instellingen.objections(visit.gemeente, before, PAGE, desks.gemeente.matcher)}


def read_objection(fields: Fields) -> BezwaarAanvraag:
    """An address, or a person at an address."""
    value = forms.address(fields)
    if person := forms.filled(fields, "achternaam", "geboortedatum"):
        value["persoon"] = person
    return forms.wire(value, BezwaarAanvraag)


def oppose(desks: Desks, visit: Visit) -> Go:
    """Put it on the list."""
    instellingen.oppose(*visit.called, visit.form, desks.gemeente.matcher)
    return Go(OBJECTIONS, "bezwaar")


def end_objection(desks: Desks, visit: Visit) -> Go:
    """Take it off the list."""
    instellingen.end_objection(*visit.called, visit.key, desks.gemeente.matcher)
    return Go(OBJECTIONS, "bezwaar_af")


def _partners(desks: Desks, visit: Visit) -> Opvolgpartners:
    stand = settings.read(desks.gemeente.place(visit.gemeente), Opvolgpartners, desks.gemeente.inbox)
    found: Opvolgpartners = stand.instelling  # type: ignore[attr-defined]  # the stand of its kind
    return found
