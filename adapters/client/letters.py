"""A municipality with an own key makes its merge file itself: open, compose, write. The same pure function as the gateway's.

Authority: contract, "who can read what". Leaves the attempts to the caller: write one per case (`POST zaken/{id}/contactpogingen`).
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from adapters.client.opening import Opener
from schemas.brieven import Brievenbestand, Kanaal, Tekst
from schemas.inbox import Bericht
from schemas.letters import STANDARD, Opened, compose
from schemas.sealed import Identiteit
from schemas.signaal import Contact


def merge(
    berichten: Iterable[Bericht], cases: Mapping[UUID, str], opener: Opener, kanaal: Kanaal, gemeente: str, text: Tekst | None = None
) -> Brievenbestand:
    """The letters of claimed messages. `cases`: the case number per message. Raises NotOpened, KeyError: a message without a case."""
    opened = []
    for bericht in berichten:
        groups = opener.open(bericht)
        contact = groups.get("contact")
        opened.append(
            Opened(
                bericht.id,
                cases[bericht.id],
                msgspec.convert(groups["identiteit"], Identiteit),
                msgspec.convert(contact, Contact) if contact else None,
            )
        )
    return compose(kanaal, text or STANDARD[kanaal], gemeente, opened)
