"""Whom an officer looks for: named and committed to as the log does, which no version of pseudonyms cuts in two; within a ceiling per day.

The same is done whether anybody of that name is known or not, so neither the answer nor the time nor the ceiling tells. What came in goes
no further. Authority: security reference, P3 (no enumeration); AVG art. 15. Leaves what is equal to `schemas.identity`.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from gateway.core.chain import Sender
from gateway.core.clock import dutch_day
from gateway.core.errors import TooMany
from gateway.matching.naming import log_names
from gateway.oversight.desk import Link, OversightDesk
from gateway.oversight.index import ADDRESS, PERSON
from gateway.privacylog.entry import person, subject
from gateway.store.tenant import municipality
from schemas import identity
from schemas.toezicht import Adresvraag, Persoonsvraag, Zekerheid

ENTRY = "regel"
_NOTE = "INSERT INTO toezicht_persoon (partij, dag, gezocht) SELECT %s, %s, unnest(%s::text[]) ON CONFLICT DO NOTHING"
_COUNT = "SELECT count(*) FROM toezicht_persoon WHERE partij = %s AND dag = %s AND split_part(gezocht, ':', 1) = ANY (%s)"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 17))"


class Wanted(NamedTuple):
    """Subjects in the index: of a person and of addresses."""

    persons: frozenset[str]
    addresses: frozenset[str]

    @property
    def subjects(self) -> list[str]:
        """All of them, in order."""
        return sorted(self.persons | self.addresses)

    def certainty(self, about: Sequence[str]) -> Zekerheid | None:
        """How sure it is that an entry about these subjects is of the one looked for; None: it is not."""
        here = not self.addresses.isdisjoint(about)
        if not self.persons.isdisjoint(about):
            return "zeker" if here else "mogelijk"
        return "adres" if here else None


def wanted(gemeente: str, persoon: Persoonsvraag | None, adressen: Sequence[Adresvraag], desk: OversightDesk) -> Wanted:
    """The subjects of a question."""
    whom, name = desk.commitments(), log_names(desk.keys, gemeente)
    who = None if persoon is None else identity.person_of(persoon.achternaam, persoon.geboortedatum)
    places = (identity.address_of(one.postcode, one.huisnummer, one.huisletter, one.toevoeging) for one in adressen)
    return Wanted(
        persons=frozenset() if who is None else frozenset({f"{PERSON}:{person(name(who), whom)}"}),
        addresses=frozenset(f"{ADDRESS}:{subject(name(place), whom)}" for place in places),
    )


def admit(connection: Link, caller: Sender, found: Wanted, desk: OversightDesk) -> tuple[str, ...]:
    """Count a question; gives the commitments for its entry. Raises TooMany: the ceiling of this officer and day is reached."""
    gezocht = found.subjects
    if gezocht and _counted(connection, caller, gezocht, [PERSON, ADDRESS], desk) > desk.ceiling:
        raise TooMany("TE_VEEL_PERSONEN", f"U zocht vandaag al naar {desk.ceiling} personen en adressen; ga morgen verder.")
    return tuple(gezocht)


def admit_address(caller: Sender, gemeente: str, persoon: Persoonsvraag | None, adres: Adresvraag, desk: OversightDesk) -> None:
    """Count what an officer has named in a flow that is not ours, in a transaction of its own. Raises TooMany."""
    with desk.database.transaction(municipality(gemeente, caller.party)) as connection:
        admit(connection, caller, wanted(gemeente, persoon, [adres], desk), desk)


def admit_entry(connection: Link, caller: Sender, entry: UUID, desk: OversightDesk) -> None:
    """Count the reading of a whole entry: its commitments can be compared with those of others. Raises TooMany."""
    if _counted(connection, caller, [f"{ENTRY}:{entry}"], [ENTRY], desk) > desk.ceiling:
        raise TooMany("TE_VEEL_LOGREGELS", f"U las vandaag al {desk.ceiling} logregels in hun geheel; ga morgen verder.")


def _counted(connection: Link, caller: Sender, gezocht: list[str], kinds: list[str], desk: OversightDesk) -> int:
    """How many of these kinds on this day, with these."""
    day = dutch_day(desk.clock.now())
    connection.execute(_ONE_AT_A_TIME, (caller.party,))
    connection.execute(_NOTE, (caller.party, day, gezocht))
    (count,) = connection.execute(_COUNT, (caller.party, day, kinds)).fetchone() or (0,)
    return int(count)
