"""Baskets on a screen: one basket is made or changed at a time, tried on last month, and kept only then if one likes.

The trial is the flow's own (`gateway.inboxes.sorting.trial`): counts only. Authority: decision 0008 (criteria are the municipality's);
F32. Leaves what fits together to `gateway.triage.validity`.
"""

from typing import Any

import msgspec

from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.gemeente.settings import cents, change
from gateway.console.pages import Context, Desks, Go, Visit
from gateway.inboxes import settings, sorting
from schemas.instellingen import Opvolgpartners, Werkbak, Werkbakken
from schemas.triage import Werkbakcode
from schemas.types import Wire

PATH = "/gemeente/instellingen/werkbakken"
LISTS = ("soorten", "sectoren", "indelingen", "ouderdom")
_CRISIS = {"ja": True, "nee": False}


class Bakvraag(Wire, frozen=True, kw_only=True):
    """A basket, and its place in the order (from 1)."""

    werkbak: Werkbak
    plek: int


class Wegvraag(Wire, frozen=True, kw_only=True):
    """Which basket goes."""

    code: Werkbakcode


def overview(desks: Desks, visit: Visit) -> Context:
    """The baskets in their order, and the form."""
    place, desk = desks.gemeente.place(visit.gemeente), desks.gemeente.inbox
    partners = settings.read(place, Opvolgpartners, desk).instelling  # type: ignore[attr-defined]  # the stand of its kind
    sectors = {sector for party in place.register.deelnemers.values() for sector in party.sectoren}
    setting = current(desks, visit)
    return {
        "setting": setting,
        "sectoren": {sector: sector.replace("_", " ") for sector in sorted(sectors)},
        "partners": {one.oin: one.naam for one in partners.opvolgpartners},
        "aangeraden": {"plek": str(len(setting.werkbakken) + 1)},
    }


def read_basket(fields: Fields) -> Bakvraag:
    """A basket as it is filled in; a criterion that is left empty does not count."""
    criteria: dict[str, Any] = {name: chosen for name in LISTS if (chosen := _chosen(fields, name))}
    for name in ("bedragVanafCent", "bedragTotCent"):
        if fields.get(name):
            criteria[name] = cents(fields[name])
    if fields.get("wijken"):
        criteria["wijken"] = [code.strip() for code in fields["wijken"].split(",")]
    if fields.get("crisis") in _CRISIS:
        criteria["crisis"] = _CRISIS[fields["crisis"]]
    basket = {**forms.filled(fields, "code", "naam", "kanaal", "opvolgpartner"), "voorwaarden": criteria}
    return forms.wire({"werkbak": basket, "plek": forms.whole(fields.get("plek", "1"))}, Bakvraag)


def trial(desks: Desks, visit: Visit) -> Context:
    """How last month would have been divided, beside how it was; nothing is kept."""
    desk, now = desks.gemeente.inbox, current(desks, visit)
    after = sorting.trial(visit.gemeente, _with(now, visit.form), desk)
    before = {one.code: one.aantal for one in sorting.trial(visit.gemeente, now, desk).werkbakken}
    return {**overview(desks, visit), "proef": after, "nu": before}


def keep(desks: Desks, visit: Visit) -> Go:
    """Keep it."""
    return change(desks, visit, _with(current(desks, visit), visit.form), PATH)


def read_gone(fields: Fields) -> Wegvraag:
    """Which one."""
    return forms.wire(forms.filled(fields, "code"), Wegvraag)


def drop(desks: Desks, visit: Visit) -> Go:
    """A basket less; its messages go to the next that takes them."""
    now = current(desks, visit)
    left = [bak for bak in now.werkbakken if bak.code != visit.form.code]
    return change(desks, visit, msgspec.structs.replace(now, werkbakken=left), PATH)


def current(desks: Desks, visit: Visit) -> Werkbakken:
    """The baskets that hold."""
    stand = settings.read(desks.gemeente.place(visit.gemeente), Werkbakken, desks.gemeente.inbox)
    found: Werkbakken = stand.instelling  # type: ignore[attr-defined]  # the stand of its kind
    return found


def _with(now: Werkbakken, asked: Bakvraag) -> Werkbakken:
    """The baskets with this one at its place; which creditors an older version named stays, since the form has no place for them."""
    before = next((bak for bak in now.werkbakken if bak.code == asked.werkbak.code), None)
    kept = before.voorwaarden.schuldeisers if before else None
    new = msgspec.structs.replace(asked.werkbak, voorwaarden=msgspec.structs.replace(asked.werkbak.voorwaarden, schuldeisers=kept))
    others = [bak for bak in now.werkbakken if bak.code != new.code]
    others.insert(max(0, asked.plek - 1), new)
    return msgspec.structs.replace(now, werkbakken=others)


def _chosen(fields: Fields, name: str) -> list[str]:
    return [field.removeprefix(f"{name}-") for field, said in fields.items() if field.startswith(f"{name}-") and said == "ja"]
