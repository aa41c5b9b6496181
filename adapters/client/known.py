"""Which of its own clients a message is about: found at the municipality, after it opened the message, by what each client chose.

The list of clients is read from the municipality's own system and goes nowhere; with an own key and a managed key alike. Authority:
contract, "Known clients". Leaves fetching messages and keeping the choices to the caller.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

import msgspec

from adapters.client.opening import NotOpened, Opener
from schemas.bekend import Bekende, Bekenden, Treffer
from schemas.inbox import Bericht
from schemas.sealed import Identiteit


def recognised(berichten: Iterable[Bericht], bekenden: Iterable[Bekende], opener: Opener, day: date) -> Mapping[UUID, list[Treffer]]:
    """The hits of each claimed message that has any, by its id. Raises NotOpened: it does not open, or came without `identiteit`."""
    known = Bekenden(bekenden, day)
    found = {bericht.id: known.hits(_identity(bericht, opener)) for bericht in berichten}
    return {id: treffers for id, treffers in found.items() if treffers}


def _identity(bericht: Bericht, opener: Opener) -> Identiteit:
    groups = opener.open(bericht)
    if "identiteit" not in groups:
        raise NotOpened("this message came without the group identiteit")
    try:
        return msgspec.convert(groups["identiteit"], Identiteit)
    except msgspec.ValidationError:
        raise NotOpened("identiteit: this is no identity") from None
