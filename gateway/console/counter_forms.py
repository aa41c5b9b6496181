"""Forms at the counter of the partner register, as the wire types that the integrator's door takes.

Authority: contract, "/beheer/v1". Leaves what may be in them to the flows.
"""

from typing import Any, get_args

from gateway.console import forms
from gateway.console.forms import Fields
from schemas.beheer import (
    AanmeldVerzoek,
    AansluitingAanvraag,
    BesluitAanvraag,
    CertificaatAanvraag,
    CertificaatIntrekking,
    Deelnemerrol,
    MandaatVerzoek,
    OvereenkomstenVerzoek,
    StapAanvraag,
    StukAanvraag,
)
from schemas.profielproef import ProefAanvraag, ProfielAanvraag
from schemas.toets import Mond, Toetssoort
from schemas.types import Wire

USES = tuple(f"{mond}/{soort}" for mond in get_args(Mond) for soort in get_args(Toetssoort))
ROLES = get_args(Deelnemerrol)
_TEXTS = frozenset({"certificaat", "aanvraag", "lijst", "profiel", "voorbeeld"})
"""Whole files that somebody pastes; what they may hold is the business of who reads them."""


class Uitslag(Wire, frozen=True, kw_only=True):
    """A pasted conformance result."""

    uitslag: str


def ticked(fields: Fields, *names: str) -> list[str]:
    """Which boxes are ticked."""
    return [name for name in names if fields.get(name) == "ja"]


def split(text: str) -> list[str]:
    """Parts of a line with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def applicant(fields: Fields) -> AanmeldVerzoek:
    """Who wants to take part."""
    value: dict[str, Any] = forms.filled(fields, "oin", "naam", "machtiging", "gemeentecode")
    value["rollen"] = ticked(fields, *ROLES)
    value["gebruik"] = ticked(fields, *USES)
    for name in ("sectoren", "handelsnamen"):
        value[name] = split(fields.get(name, ""))
    return forms.wire({"soort": "aanmelden", **value}, AanmeldVerzoek)


def use(fields: Fields) -> AansluitingAanvraag:
    """What is used."""
    return forms.wire({"gebruik": ticked(fields, *USES)}, AansluitingAanvraag)


def paper(fields: Fields) -> StukAanvraag:
    """A paper."""
    return forms.wire(forms.filled(fields, "soort", "kenmerk", "versie", "geldigVan", "geldigTot"), StukAanvraag)


def certificate(fields: Fields) -> CertificaatAanvraag:
    """A certificate, or a request for one."""
    return forms.wire(forms.filled(fields, "certificaat", "aanvraag"), CertificaatAanvraag, _TEXTS)


def revocation(fields: Fields) -> CertificaatIntrekking:
    """Which certificate is revoked."""
    return forms.wire(forms.filled(fields, "vingerafdruk"), CertificaatIntrekking)


def result(fields: Fields) -> Uitslag:
    """A conformance result."""
    return forms.wire(forms.filled(fields, "uitslag"), Uitslag, frozenset({"uitslag"}))


def step(fields: Fields) -> StapAanvraag:
    """Which step."""
    return forms.wire(forms.filled(fields, "naar"), StapAanvraag)


def mandate(fields: Fields) -> MandaatVerzoek:
    """Who may act."""
    value = forms.filled(fields, "gemachtigde", "rol", "geldigVan", "geldigTot")
    return forms.wire({"soort": "mandaat", "principaal": fields.get("oin", ""), **value}, MandaatVerzoek)


def agreements(fields: Fields) -> OvereenkomstenVerzoek:
    """A list of agreements."""
    return forms.wire({"soort": "overeenkomsten", **forms.filled(fields, "lijst")}, OvereenkomstenVerzoek, _TEXTS)


def example(fields: Fields) -> ProefAanvraag:
    """A profile and an example."""
    return forms.wire(forms.filled(fields, "profiel", "voorbeeld", "bestandsnaam"), ProefAanvraag, _TEXTS)


def profile(fields: Fields) -> ProfielAanvraag:
    """A profile to register."""
    return forms.wire(forms.filled(fields, "patroon", "profiel"), ProfielAanvraag, _TEXTS)


def decision(fields: Fields) -> BesluitAanvraag:
    """What the second person says."""
    return forms.wire(forms.filled(fields, "besluit"), BesluitAanvraag)
