"""Whether an access is somebody's own by what he is called, where certificates and accounts differ.

A case system names its worker as content; the same person may be an officer in an account of another organisation. So names are compared
besides `Sender.may_be`: of the access, and of the claim that it was read in. That proves nothing, and need not: a namesake leaves the
judgement to a colleague as well. Words count, not their order, case or marks; an initial is another word. Authority: LG-07.
"""

import re
from collections.abc import Collection, Mapping
from typing import LiteralString

from gateway.oversight import index
from gateway.oversight.desk import Link
from gateway.privacylog.entry import Entry, employee
from schemas.keyed import Keyed

_WORD = re.compile(r"\w+")
_HELD: LiteralString = "r.event IN ('bericht.geclaimd', 'opvolging.geclaimd') AND r.onderwerpen @> %(about)s::text[] ORDER BY r.nr LIMIT 1"


def staff_in(connection: Link, gemeente: str, entry: Entry) -> set[str]:
    """Who of the staff made an access, by commitment: as it says, and as the claim says that it was read in. Raises Damaged."""
    claim = getattr(entry, "claim", None)
    held = index.read(connection, gemeente, _HELD, about=[f"claim:{claim}"]) if claim else ()
    found = [entry, *(line.entry for line in held)]
    return {whom for one in found for whom in (getattr(one, "medewerker", None), one.gebruiker) if whom}


def is_called(known: Collection[str], whom: Collection[str], gemeente: str, names: Mapping[str, str], key: Keyed) -> bool:
    """Whether one of `whom` (commitments, with their `names`) is called as somebody is `known`."""
    return any(employee(gemeente, name, key) in whom for name in known) or any(
        same(name, names.get(one)) for name in known for one in whom
    )


def same(name: str | None, other: str | None) -> bool:
    """Whether two names have the same words; nothing is the name of nobody."""
    words, others = (sorted(_WORD.findall((one or "").casefold())) for one in (name, other))
    return words == others and bool(words)
