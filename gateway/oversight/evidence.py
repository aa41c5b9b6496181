"""What the review judges: accesses, and what was there. Made of log entries by `accesses`, judged by `review`; types only."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Access(NamedTuple):
    """Person data went out.

    `who`: a member of staff, or the party itself; `party`: the certificate; `nr`: its number in the log; `subject`: the resident, as the
    log commits to him.
    """

    entry: UUID
    tijd: datetime
    who: str
    manned: bool
    bericht: UUID | None = None
    subject: str | None = None
    claim: UUID | None = None
    zaak: UUID | None = None
    overzicht: UUID | None = None
    party: str = ""
    nr: int = 0


class Since(NamedTuple):
    """Since when something was there: by the clock, and by its number in the log, which nobody can date back."""

    tijd: datetime
    nr: int = -1

    def before(self, access: Access) -> bool:
        """It was there when the access came."""
        return self.tijd <= access.tijd and self.nr < access.nr


class Case(NamedTuple):
    """Since when a case is of a resident, and when it was closed."""

    opened: Since
    closed: datetime | None


class Facts(NamedTuple):
    """What was there.

    `received`: when a message first was acknowledged; `handled`: when it first was, and by whom; `consent`: since when an overview rests
    on a request.
    """

    delivered: Mapping[UUID, Since]
    received: Mapping[UUID, datetime]
    handled: Mapping[UUID, tuple[datetime, str]]
    cases: Mapping[str, Sequence[Case]]
    case: Mapping[UUID, Case]
    consent: Mapping[UUID, Since]
    own: Mapping[str, Set[str]]
    now: datetime
