"""Merge files for letter, mail or SMS, and the municipality's own texts for them.

Authority: contract, `POST meldingen/_brievenbestand`. Texts are the municipality's; a place in a text is a name between braces.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.types import Kenmerk, Wire

Kanaal = Literal["brief", "mail", "sms"]
_PLACES = r"|\{\{|\}\}|\{naam\}|\{gemeente\})*$(?!\n)"
_LINE = r"^([^{}\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]" + _PLACES
_LINES = r"^([^{}\u0000-\u0009\u000b-\u001f\u007f-\u009f]" + _PLACES


class Tekst(Wire, frozen=True, kw_only=True):
    """The text of one channel. Places: `{naam}` and `{gemeente}`; nothing else stands between braces, `{{` and `}}` are braces."""

    kanaal: Kanaal
    onderwerp: Annotated[str, Meta(min_length=1, max_length=120, pattern=_LINE)] | None = None
    tekst: Annotated[str, Meta(min_length=1, max_length=4000, pattern=_LINES)]


class Teksten(Wire, frozen=True, kw_only=True):
    """The texts in force, the plain ones that come with the product where the municipality set none."""

    teksten: Annotated[list[Tekst], Meta(min_length=1, max_length=3)]
    gewijzigd_op: datetime | None = None


class BrievenAanvraag(Wire, frozen=True, kw_only=True):
    """Make a merge file of (some of) the messages that a claim holds. `kenmerk` names the attempts: repeated, they count once."""

    claim: UUID
    kanaal: Kanaal
    kenmerk: Kenmerk
    berichten: Annotated[list[UUID], Meta(min_length=1, max_length=500)] | None = None


class Brief(Wire, frozen=True, kw_only=True):
    """One letter, mail or SMS, for one case. What the channel does not need is absent."""

    zaaknummer: str
    naam: str
    tekst: str
    onderwerp: str | None = None
    huisnummer: str | None = None
    postcode: str | None = None
    woonplaats: str | None = None
    emailadres: str | None = None
    telefoonnummer: str | None = None


class Brievenbestand(Wire, frozen=True, kw_only=True):
    """The merge file; `zonder_contact` are messages without what this channel needs."""

    kanaal: Kanaal
    brieven: list[Brief]
    zonder_contact: list[UUID]
