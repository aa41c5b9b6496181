"""A resident's request (AVG art. 15): find his messages, let the municipality confirm them, give the extract.

Hits are marked: `zeker` (person and address), `mogelijk` (person), `adres`. What was found by the address only is never confirmed
and never given out: it may be of who lived there before. The municipality's own certificate confirms, not the officer's. The extract names
organisations, never staff, and this municipality only. Authority: AVG art. 15; CJEU C-579/21. Leaves overviews to `overviews.extract`.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, NotFound
from gateway.mailbox import reversals
from gateway.oversight import index, persons
from gateway.oversight.desk import Link, OversightDesk
from gateway.oversight.index import CASE, MESSAGE
from gateway.oversight.persons import Wanted
from gateway.privacylog import append
from gateway.privacylog.entries import decode
from gateway.privacylog.entry import Entry, name_of
from gateway.privacylog.messages import SignaalBezorgd
from gateway.privacylog.oversight import InzageBevestigd, InzageVerstrekt, InzageVerzocht
from gateway.store.tenant import municipality
from schemas.toezicht import InzageAanvraag, InzageBevestiging, Inzageuittreksel, Inzageverzoek, Treffer, Verwerking

MOST = 1_000
_DELIVERED = """
SELECT e.body, r.onderwerpen FROM toezicht_regel r JOIN log_entry e ON e.id = r.entry
WHERE r.gemeente = %s AND r.event = 'signaal.bezorgd' AND r.onderwerpen && %s::text[] ORDER BY r.nr LIMIT %s
"""
_ABOUT = """
SELECT r.nr, e.body FROM toezicht_regel r JOIN log_entry e ON e.id = r.entry
WHERE r.gemeente = %s AND r.onderwerpen && %s::text[] ORDER BY r.nr
"""
_CASES = "SELECT onderwerpen FROM toezicht_regel WHERE gemeente = %s AND event = 'zaak.geopend' AND onderwerpen && %s::text[]"
_INSERT = """
INSERT INTO inzageverzoek (gemeente, id, kenmerk, partij, gevraagd, treffers) VALUES (%s, %s, %s, %s, %s, %b) ON CONFLICT DO NOTHING
"""
_SELECT = """
SELECT id, kenmerk, gevraagd, treffers, bevestigd, bevestiging, bevestigd_door FROM inzageverzoek WHERE gemeente = %s AND id = %s
"""
_CONFIRM = """
UPDATE inzageverzoek SET bevestigd = %s, bevestiging = %b, bevestigd_door = %s WHERE gemeente = %s AND id = %s AND bevestigd IS NULL
"""


class Request(NamedTuple):
    """A stored request."""

    id: UUID
    kenmerk: str
    gevraagd: datetime
    treffers: list[Treffer]
    bevestigd: datetime | None
    bevestiging: InzageBevestiging | None
    bevestigd_door: str | None


def ask(caller: Sender, gemeente: str, trace: Trace, aanvraag: InzageAanvraag, desk: OversightDesk) -> Inzageverzoek:
    """Find the messages of a resident. Raises Conflict: the kenmerk is in use. TooMany: the ceiling of the day."""
    index.refresh(desk)
    found, id, now = persons.wanted(gemeente, aanvraag.persoon, aanvraag.adressen, desk), ids.new(), desk.clock.now()
    with desk.database.transaction(municipality(gemeente, caller.party)) as connection:
        gezocht = persons.admit(connection, caller, found, desk)
        treffers = list(_hits(connection, gemeente, found))
        stored = (gemeente, id, aanvraag.kenmerk, caller.party, now, msgspec.json.encode(treffers))
        if connection.execute(_INSERT, stored).rowcount != 1:
            raise Conflict("KENMERK_IN_GEBRUIK", "Dit kenmerk is al gebruikt voor een ander verzoek om inzage.")
        frame = desk.frame(caller, trace)
        append.append(
            connection, [InzageVerzocht(**frame.fields(), gemeente=gemeente, inzageverzoek=id, gezocht=gezocht, aantal=len(treffers))]
        )
    desk.committed()
    return Inzageverzoek(id=id, kenmerk=aanvraag.kenmerk, gevraagd_op=now, treffers=treffers)


def one(gemeente: str, id: UUID, desk: OversightDesk) -> Inzageverzoek:
    """One request; no person data, so without entry. Raises NotFound."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        return _shown(_request(connection, gemeente, id))


def confirm(caller: Sender, gemeente: str, trace: Trace, id: UUID, said: InzageBevestiging, desk: OversightDesk) -> Inzageverzoek:
    """The municipality says which messages and overviews are of the resident, once.

    Raises:
        NotFound: no such request or overview. Conflict: confirmed otherwise before; a message is no hit, or by its address only.
    """
    for overzicht in said.overzichten:
        desk.overview(caller, gemeente, overzicht)
    with desk.database.transaction(municipality(gemeente)) as connection:
        request = _request(connection, gemeente, id)
        allowed = {hit.bericht for hit in request.treffers if hit.zekerheid != "adres"}
        if set(said.berichten) - allowed:
            raise Conflict("TREFFER_NIET_VERSTREKBAAR", "Een van deze berichten is geen treffer, of is alleen op adres gevonden.")
        if request.bevestiging == said:
            return _shown(request)
        values = (desk.clock.now(), msgspec.json.encode(said), caller.party, gemeente, id)
        if connection.execute(_CONFIRM, values).rowcount != 1:
            raise Conflict("INZAGE_AL_BEVESTIGD", "Dit verzoek is al bevestigd; doe een nieuw verzoek.")
        frame = desk.frame(caller, trace)
        append.append(connection, [InzageBevestigd(**frame.fields(), gemeente=gemeente, inzageverzoek=id, aantal=len(said.berichten))])
        found = _shown(_request(connection, gemeente, id))
    desk.committed()
    return found


def extract(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: OversightDesk) -> Inzageuittreksel:
    """What the resident gets. Raises NotFound; Conflict: the municipality did not confirm yet; TooMany; Unavailable: the log is behind."""
    index.refresh(desk)
    with desk.database.transaction(municipality(gemeente)) as connection:
        request = _request(connection, gemeente, id)
        if request.bevestiging is None or request.bevestigd_door is None:
            raise Conflict("INZAGE_NIET_BEVESTIGD", "De gemeente moet eerst bevestigen welke berichten van de inwoner zijn.")
        reversals.count(connection, caller, gemeente, dutch_day(desk.clock.now()), "omkering", 1, desk.reversals)
        lines = list(_processings(connection, gemeente, request.bevestiging.berichten, desk))
        frame = desk.frame(caller, trace)
        append.append(connection, [InzageVerstrekt(**frame.fields(), gemeente=gemeente, inzageverzoek=id, aantal=len(lines))])
    desk.committed()
    confirmer = Sender(request.bevestigd_door, caller.principal)
    return Inzageuittreksel(
        id=id,
        kenmerk=request.kenmerk,
        gemeente=gemeente,
        opgemaakt_op=desk.clock.now(),
        verwerkingen=lines,
        overzichten=[desk.overview(confirmer, gemeente, overzicht) for overzicht in request.bevestiging.overzichten],
    )


def _hits(connection: Link, gemeente: str, found: Wanted) -> Iterator[Treffer]:
    for body, about in connection.execute(_DELIVERED, (gemeente, found.subjects, MOST)):
        entry, how = decode(bytes(body)), found.certainty(about)
        if isinstance(entry, SignaalBezorgd) and how:
            yield Treffer(bericht=entry.bericht, zekerheid=how, ontvangen_op=entry.tijd, schuldeiser=entry.principaal)


def _processings(connection: Link, gemeente: str, berichten: list[UUID], desk: OversightDesk) -> Iterator[Verwerking]:
    about = [f"{MESSAGE}:{id}" for id in berichten]
    cases = {one for (found,) in connection.execute(_CASES, (gemeente, about)) for one in found if one.startswith(f"{CASE}:")}
    for nr, body in connection.execute(_ABOUT, (gemeente, [*about, *sorted(cases)])).fetchall():
        yield _processing(nr, decode(bytes(body)), desk)


def _processing(nr: int, entry: Entry, desk: OversightDesk) -> Verwerking:
    flow = desk.flow_of(entry.activiteit)
    activity = desk.purposes.activities().get(flow)
    party = desk.register().partner(entry.partij)
    ground = next((p.grondslag for p in desk.purposes.purposes() if any(a.stroom == flow for a in p.activiteit)), None)
    return Verwerking(
        nummer=nr,
        tijd=entry.tijd,
        organisatie=entry.partij,
        organisatienaam=party.naam if party else None,
        namens=entry.principaal if entry.principaal != entry.partij else None,
        wat=name_of(entry),
        waarom=activity.omschrijving if activity else entry.activiteit,
        artikel=getattr(entry, "artikel", None) or ground,
        veldgroepen=list(getattr(entry, "veldgroepen", ())),
    )


def _request(connection: Link, gemeente: str, id: UUID) -> Request:
    row = connection.execute(_SELECT, (gemeente, id)).fetchone()
    if row is None:
        raise NotFound
    treffers = msgspec.json.decode(row[3], type=list[Treffer])
    said = None if row[5] is None else msgspec.json.decode(row[5], type=InzageBevestiging)
    return Request(row[0], row[1], row[2], treffers, row[4], said, row[6])


def _shown(request: Request) -> Inzageverzoek:
    said = request.bevestiging
    return Inzageverzoek(
        id=request.id,
        kenmerk=request.kenmerk,
        gevraagd_op=request.gevraagd,
        treffers=request.treffers,
        bevestigd_op=request.bevestigd,
        bevestigd=said.berichten if said else None,
        overzichten=said.overzichten if said else None,
    )
