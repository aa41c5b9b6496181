"""A municipality with an own key makes its overview itself: open every answer, assemble, print. The same pure functions as the gateway's.

Fetch the overview first (`GET schuldenoverzichten/{id}`): that is the disclosure, and it is on record. With a managed key it works as well.
Authority: contract, "The overview, assembled" and "who can read what". Leaves fetching to the caller's own client.
"""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec

from adapters.client.opening import NotOpened, Opener
from schemas.assembling import assemble
from schemas.overzicht import Overzicht
from schemas.overzichtspagina import page
from schemas.schuldenoverzicht import Saldoantwoord, Schuldenoverzicht, Verzegeld


def assembled(overzicht: Schuldenoverzicht, opener: Opener) -> Overzicht:
    """The overview of the answers that came with it. Raises NotOpened: an answer does not open, or is none."""
    return assemble(overzicht, {vraag.id: _answer(vraag.id, vraag.antwoord, opener) for vraag in overzicht.vragen if vraag.antwoord})


def printed(overzicht: Overzicht, namen: Mapping[str, str], day: date) -> str:
    """The page (HTML) of an overview, made on a day. `namen`: what the creditors are called, by OIN."""
    return page(overzicht, namen, day)


def _answer(vraag: UUID, antwoord: Verzegeld, opener: Opener) -> Saldoantwoord:
    clear = opener.unseal(antwoord.inhoud, antwoord.sleutels, vraag, "antwoord")
    try:
        found: Saldoantwoord = msgspec.convert(clear, Saldoantwoord)
    except msgspec.ValidationError:
        raise NotOpened("antwoord: this is no answer to a question") from None
    return found
