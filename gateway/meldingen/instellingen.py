"""What a municipality sets for its matching: the rhythm, its own history at go-live, the objection list.

Authority: contract, "/gemeente/v1"; AVG art. 21 (objection), art. 5(1)(c): an address or person that comes in is named by a keyed
pseudonym in memory and goes no further. An objection flags and never suppresses; no creditor can see it (the role of their
door cannot read the table). Every change is one entry. Leaves what is equal to `schemas.identity`.
"""

from calendar import monthrange
from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import psycopg

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Invalid, NotFound
from gateway.keys.names import commitment
from gateway.mailbox import derivations, instellingen
from gateway.mailbox.instellingen import HistoryRow, Objection, Whose
from gateway.matching.naming import Namer, namer
from gateway.meldingen.matcher import Matcher
from gateway.partners import versions
from gateway.partners.rows import sealer
from gateway.privacylog import append
from gateway.privacylog.entry import subject
from gateway.privacylog.settings import BezwaarBeeindigd, BezwaarVastgelegd, HistorieGeladen, RitmeGewijzigd
from gateway.store.tenant import municipality
from schemas import identity
from schemas.keyed import Keyed
from schemas.meldingen import Bezwaar, BezwaarAanvraag, Bezwaren, Historie, HistorieAanvraag, HistorieSignaal, Ritme, RitmeAanvraag
from schemas.ontvangst import Bevinding

TERM_MONTHS = 7


def rhythm(gemeente: str, matcher: Matcher) -> Ritme:
    """The rhythm as it is; at once when none was set."""
    with matcher.database.transaction(municipality(gemeente)) as connection:
        return _ritme(instellingen.ritme(connection, gemeente))


def set_rhythm(caller: Sender, gemeente: str, trace: Trace, request: RitmeAanvraag, matcher: Matcher) -> Ritme:
    """Set the rhythm; it counts from the next claim, also for what waits. Raises Invalid."""
    if (request.wijze == "maandelijks") != (request.dag is not None):
        text = "Bij maandelijks hoort een dag van de maand; bij direct hoort er geen."
        finding = Bevinding(code="VELD_VERPLICHT", oordeel="fout", melding=text, pointer="/dag")
        raise Invalid("RITME_ONVOLLEDIG", text, errors=[finding])
    with matcher.database.transaction(municipality(gemeente)) as connection:
        if instellingen.set_ritme(connection, gemeente, request.dag, matcher.clock.now()):
            append.append(connection, [RitmeGewijzigd(**matcher.frame(caller, trace).fields(), gemeente=gemeente)])
        found = _ritme(instellingen.ritme(connection, gemeente))
    matcher.committed()
    return found


def load_history(caller: Sender, gemeente: str, trace: Trace, request: HistorieAanvraag, matcher: Matcher) -> Historie:
    """Keep the keyed names of earlier signals of the last 7 months; what is older, or not yet, is counted and dropped.

    One entry per address: a signal told of an address shows in the inbox which message is of that address.
    """
    now = matcher.clock.now()
    today = dutch_day(now)
    first = _months_back(today, TERM_MONTHS)
    with matcher.database.transaction(municipality(gemeente)) as connection:
        key = _namer(connection, gemeente, matcher)
        told = [signal for signal in request.signalen if first <= signal.datum <= today]
        derivations.count(connection, gemeente, today, len(told))
        rows = [_history_row(signal, key) for signal in told]
        whose = {row.address: key.subject(_place(signal)) for row, signal in zip(rows, told, strict=True)}
        new = instellingen.load(connection, gemeente, rows, now)
        whom = Keyed(matcher.keys.key(commitment()))
        frame = matcher.frame(caller, trace)
        append.append(
            connection,
            [
                HistorieGeladen(**frame.fields(), gemeente=gemeente, aantal=count, betrokkene=subject(whose[address], whom))
                for address, count in sorted(Counter(new).items())
            ],
        )
    matcher.committed()
    offered, added = len(request.signalen), len(new)
    return Historie(aangeboden=offered, toegevoegd=added, al_bekend=len(rows) - added, buiten_termijn=offered - len(rows))


def oppose(caller: Sender, gemeente: str, trace: Trace, request: BezwaarAanvraag, matcher: Matcher) -> tuple[Bezwaar, bool]:
    """Put an objection on the list; the flag is False when it stood there already."""
    with matcher.database.transaction(municipality(gemeente)) as connection:
        derivations.count(connection, gemeente, dutch_day(matcher.clock.now()), 1)
        names = _opposed(request, _namer(connection, gemeente, matcher))
        found, new = instellingen.oppose(connection, gemeente, ids.new(), names, matcher.clock.now())
        if new:
            whom = subject(names.subject, Keyed(matcher.keys.key(commitment())))
            append.append(connection, [BezwaarVastgelegd(**matcher.frame(caller, trace).fields(), gemeente=gemeente, betrokkene=whom)])
    matcher.committed()
    return _bezwaar(found), new


def objections(gemeente: str, before: UUID | None, limit: int, matcher: Matcher) -> Bezwaren:
    """A page of the objection list; `volgende` is `str(id)` of the last one, or None at the end."""
    with matcher.database.transaction(municipality(gemeente)) as connection:
        found = instellingen.objection_page(connection, gemeente, before, limit)
    return Bezwaren(bezwaren=[_bezwaar(row) for row in found], volgende=str(found[-1].id) if len(found) == limit else None)


def end_objection(caller: Sender, gemeente: str, trace: Trace, id: UUID, matcher: Matcher) -> Bezwaar:
    """Take an objection off the list. Raises NotFound."""
    with matcher.database.transaction(municipality(gemeente)) as connection:
        found = instellingen.withdraw_objection(connection, gemeente, id)
        if found is None:
            raise NotFound
        whom = subject(found[1], Keyed(matcher.keys.key(commitment())))
        append.append(connection, [BezwaarBeeindigd(**matcher.frame(caller, trace).fields(), gemeente=gemeente, betrokkene=whom)])
    matcher.committed()
    return _bezwaar(found[0])


def _ritme(found: instellingen.Ritme) -> Ritme:
    return Ritme(
        wijze="direct" if found.dag is None else "maandelijks", dag=found.dag, versie=found.versie, gewijzigd_op=found.gewijzigd_op
    )


def _namer(connection: psycopg.Connection[Any], gemeente: str, matcher: Matcher) -> Namer:
    """Names what a municipality tells as its signals are named now."""
    return namer(matcher.keys, gemeente, versions.of(connection, gemeente, sealer(matcher.keys)))


def _history_row(signal: HistorieSignaal, key: Namer) -> HistoryRow:
    place = _place(signal)
    address = key.digest(place)
    named = identity.contract(signal.schuldeiser, signal.sector, signal.contractkenmerk)
    contract = None if named is None else key.digest(named)
    whole = identity.join("historie", signal.schuldeiser, signal.sector, signal.datum.isoformat()) + address + (contract or b"")
    later = key.afterwards(place), key.afterwards(named)
    return HistoryRow(key.digest(whole), address, signal.schuldeiser, contract, signal.datum, *later)


def _place(told: HistorieSignaal | BezwaarAanvraag) -> bytes:
    return identity.address_of(told.postcode, told.huisnummer, told.huisletter, told.toevoeging)


def _opposed(request: BezwaarAanvraag, key: Namer) -> Whose:
    place = _place(request)
    if request.persoon is None:
        return Whose(key.digest(place), None, key.subject(place), key.afterwards(place))
    named = identity.person_of(request.persoon.achternaam, request.persoon.geboortedatum)
    assert named is not None  # noqa: S101 - the type asks for a letter
    return Whose(key.digest(place), key.digest(named), key.subject(place), key.afterwards(place), key.afterwards(named))


def _bezwaar(row: Objection) -> Bezwaar:
    return Bezwaar(id=row.id, soort="persoon" if row.of_person else "adres", vastgelegd_op=row.sinds)


def _months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
