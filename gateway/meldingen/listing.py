"""Meldingen: the unit that municipalities work with, in the order of their last change; without person data, so without entry.

A page looks at a stretch of numbered messages and shows each melding at the place of its last message; one that changed later
comes again further on, so a reader that keeps its cursor sees every change and skips none. Authority: contract, "meldingen".
Leaves what an indeling is to `gateway.matching`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from gateway.core.clock import dutch_day
from gateway.core.errors import NotFound
from gateway.mailbox import matching
from gateway.mailbox.matching import Place
from gateway.matching import indeling, meldingid
from gateway.matching.indeling import Period, period_of
from gateway.meldingen.matcher import Matcher
from gateway.store.tenant import municipality
from schemas.inbox import Indeling
from schemas.meldingen import Melding, Meldingen
from schemas.signaal import Soort

Key = tuple[bytes, Period]


class Filter(NamedTuple):
    """Which meldingen to show; None: any. `kenmerk`: an indeling that holds, the weightiest or not; `periode` as `2026-11`."""

    kenmerk: Indeling | None = None
    sector: str | None = None
    soort: Soort | None = None
    periode: str | None = None

    def passes(self, melding: Melding, soorten: frozenset[str]) -> bool:
        """Whether a melding is asked for; of the messages one that fits is enough."""
        return (
            self.kenmerk in (None, melding.indeling, *melding.kenmerken)
            and (self.sector is None or self.sector in melding.sectoren)
            and (self.soort is None or self.soort in soorten)
            and self.periode in (None, melding.periode)
        )


def page(gemeente: str, matcher: Matcher, *, after: int, limit: int, wanted: Filter) -> Meldingen:
    """What changed among the next `limit` messages above number `after`; `volgende` never goes back."""
    with matcher.database.transaction(municipality(gemeente)) as connection:
        places = matching.places(connection, gemeente, after, limit)
        last = places[-1].nr if places else after
        found = _meldingen(connection, gemeente, {key for place in places if (key := _key(place))}, wanted)
    shown = sorted((m for m in found if m.volgnummer <= last), key=lambda m: m.volgnummer)
    return Meldingen(meldingen=shown, volgende=str(last))


def find(gemeente: str, id: UUID, matcher: Matcher) -> Melding:
    """One melding. Raises NotFound: not of this municipality, past its term, or all its messages are withdrawn."""
    named = meldingid.read(id)
    if named is None:
        raise NotFound
    with matcher.database.transaction(municipality(gemeente)) as connection:
        address = matching.beginning(connection, gemeente, *meldingid.bounds(named.prefix))
        found = _meldingen(connection, gemeente, {(address, named.period)}, Filter()) if address else []
    if not found:
        raise NotFound
    return found[0]


def _key(place: Place) -> Key | None:
    return (place.address, period_of(dutch_day(place.received))) if place.address else None


def _meldingen(connection: psycopg.Connection[Any], gemeente: str, keys: set[Key], wanted: Filter) -> list[Melding]:
    addresses = list({address for address, _ in keys})
    around = matching.neighbours(connection, gemeente, addresses)
    before = matching.history(connection, gemeente, addresses)
    judged = {address: indeling.meldingen(found, before.get(address, ())) for address, found in around.items()}
    live = {key: m for key in keys if (m := judged.get(key[0], {}).get(key[1])) and m.messages}
    said = matching.shown(connection, gemeente, [n.id for m in live.values() for n in m.messages])
    objections = matching.objections(connection, gemeente, addresses, [])
    made = [(_melding(address, m, said, objections), _kinds(m, said)) for (address, _), m in live.items()]
    return [melding for melding, kinds in made if wanted.passes(melding, kinds)]


def _kinds(melding: indeling.Melding, said: Mapping[UUID, matching.Shown]) -> frozenset[str]:
    return frozenset(said[n.id].soort for n in melding.messages)


def _melding(address: bytes, found: indeling.Melding, said: Mapping[UUID, matching.Shown], objections: matching.Objections) -> Melding:
    messages = found.messages
    days = [said[n.id].signaaldatum for n in messages]
    return Melding(
        id=meldingid.of(address, found.period),
        volgnummer=messages[-1].nr,
        periode=periode(found.period),
        adrespseudoniem=address.hex(),
        indeling=found.oordeel.indeling,
        kenmerken=list(found.oordeel.kenmerken),
        indelingsversie=found.oordeel.version,
        sectoren=sorted({said[n.id].sector for n in messages}),
        aantal_schuldeisers=len({n.creditor for n in messages}),
        eerste_signaaldatum=min(days),
        laatste_signaaldatum=max(days),
        berichten=[n.id for n in messages],
        bezwaar_loopt=objections.touch(address, None) or None,
    )


def periode(period: Period) -> str:
    """A period on the wire, as `2026-11`."""
    return f"{period // 12}-{period % 12 + 1:02}"
