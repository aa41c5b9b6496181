"""Field groups that a flow disclosed, opened for a page; with an own key there is nothing to open them with.

Nothing is kept: it lives as long as the page is made. Authority: `docs/crypto.md`, sealing. Leaves who may have which group, and the
entry in the log, to the flows.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from joserfc.errors import JoseError

from gateway.core.errors import Misconfigured
from gateway.sealing import opening
from schemas.inbox import Sleutels, Veldgroep
from schemas.sealed import Identiteit, Klant
from schemas.signaal import Contact


class Opened(NamedTuple):
    """What a page may show of one message. `eigen`: only the municipality can open it."""

    identiteit: Identiteit | None = None
    contact: Contact | None = None
    klant: Klant | None = None
    eigen: bool = False


_KINDS: Mapping[Veldgroep, type[Any]] = {"identiteit": Identiteit, "contact": Contact, "klant": Klant}


def opened(bericht: UUID, sealed: Mapping[Veldgroep, str] | None, sleutels: Sleutels | None) -> Opened:
    """The groups of one message. Raises Misconfigured: it does not open under its managed key."""
    if not sealed or sleutels is None:
        return Opened()
    keys = sleutels.groepssleutels
    if keys is None:
        return Opened(eigen=True)
    try:
        found = {group: msgspec.convert(opening.clear(token, keys[group], group), _KINDS[group]) for group, token in sealed.items()}
    except (JoseError, KeyError, ValueError):
        raise Misconfigured(f"Bericht {bericht} opent niet onder zijn groepssleutel.") from None
    return Opened(**found)
