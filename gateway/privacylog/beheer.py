"""What the log can say of requests at the counter of the register: asked by one, decided by another. Authority: decision 0040."""

from typing import Literal
from uuid import UUID

from gateway.privacylog.entry import Entry

Verzoeksoort = Literal["aanmelden", "mandaat", "overeenkomsten", "activering", "profiel"]


class ToelatingGevraagd(Entry, frozen=True, kw_only=True, tag="toelating.gevraagd"):
    """Somebody asked what he may not do alone."""

    onderwerp: UUID
    soort: Verzoeksoort


class ToelatingBesloten(Entry, frozen=True, kw_only=True, tag="toelating.besloten"):
    """A second person decided; what follows from it stands in entries of its own, in the same transaction."""

    onderwerp: UUID
    soort: Verzoeksoort
    resultaat: Literal["goedgekeurd", "afgewezen"]
