"""A resident's request (AVG art. 15): find his messages, let the municipality confirm them, give the extract.

Hits are marked: `zeker` (person and address), `mogelijk` (person), `adres`. What was found by the address only is never confirmed
and never given out: it may be of who lived there before. The municipality's own certificate confirms, not the officer's; the request
stands under a seal. The extract names organisations, never staff, and this municipality only; where an officer looked for the person is
in it. Authority: AVG art. 15; CJEU C-579/21. Leaves overviews to `overviews.extract`.
"""

from collections.abc import Collection, Iterator
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import msgspec

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Forbidden, Misconfigured
from gateway.mailbox import reversals
from gateway.oversight import index, persons, sealed
from gateway.oversight.desk import Link, OversightDesk
from gateway.oversight.index import ABOUT, CASE, MESSAGE, PERSON
from gateway.oversight.persons import Wanted
from gateway.privacylog import append
from gateway.privacylog.entry import Entry, name_of
from gateway.privacylog.messages import SignaalBezorgd
from gateway.privacylog.oversight import InzageBevestigd, InzageVerstrekt, InzageVerzocht
from gateway.store.tenant import municipality
from schemas.toezicht import InzageAanvraag, InzageBevestiging, Inzageuittreksel, Inzageverzoek, Treffer, Verwerking

MOST, RECENT = 1_000, 50
_DELIVERED: LiteralString = f"r.event = 'signaal.bezorgd' AND {ABOUT} ORDER BY r.nr LIMIT %(most)s"
_ABOUT: LiteralString = f"{ABOUT} ORDER BY r.nr"
_CASES: LiteralString = f"r.event = 'zaak.geopend' AND {ABOUT}"
_TABLE = "inzageverzoek"
_COLUMNS = ("gemeente", "id", "kenmerk", "partij", "gevraagd", "treffers", "bevestigd", "bevestiging", "bevestigd_door")
_INSERT = """
INSERT INTO inzageverzoek (zegel, gemeente, id, kenmerk, partij, gevraagd, treffers) VALUES (%b, %s, %s, %s, %s, %s, %b)
ON CONFLICT DO NOTHING
"""
_ROWS = """
SELECT gemeente, id, kenmerk, partij, gevraagd, treffers, bevestigd, bevestiging, bevestigd_door, zegel
FROM inzageverzoek WHERE gemeente = %s
"""
_SELECT = _ROWS + " AND id = %s"
_RECENT = _ROWS + " ORDER BY gevraagd DESC, id DESC LIMIT %s"
_CONFIRM = """
UPDATE inzageverzoek SET bevestigd = %s, bevestiging = %b, bevestigd_door = %s, zegel = %b
WHERE gemeente = %s AND id = %s AND bevestigd IS NULL
"""


class Request(NamedTuple):
    """A stored request that has its seal; `values` are its columns."""

    values: dict[str, Any]
    treffers: list[Treffer]
    bevestiging: InzageBevestiging | None

    @property
    def allowed(self) -> set[UUID]:
        """The messages that may be given out: found by more than their address."""
        return {hit.bericht for hit in self.treffers if hit.zekerheid != "adres"}


def ask(caller: Sender, gemeente: str, trace: Trace, aanvraag: InzageAanvraag, desk: OversightDesk) -> Inzageverzoek:
    """Find the messages of a resident. Raises Conflict: the kenmerk is in use. TooMany: the ceiling of the day."""
    index.refresh(desk)
    found, id, now = persons.wanted(gemeente, aanvraag.persoon, aanvraag.adressen, desk), ids.new(), desk.clock.now()
    with desk.database.transaction(municipality(gemeente, caller.party)) as connection:
        gezocht = persons.admit(connection, caller, found, desk)
        treffers = list(_hits(connection, gemeente, found))
        stored = (gemeente, id, aanvraag.kenmerk, caller.party, now, msgspec.json.encode(treffers))
        values = dict(zip(_COLUMNS, (*stored, None, None, None), strict=True))
        if connection.execute(_INSERT, (sealed.seal(_TABLE, values, desk), *stored)).rowcount != 1:
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
        return _shown(_request(connection, gemeente, id, desk))


def recent(gemeente: str, desk: OversightDesk) -> list[Inzageverzoek]:
    """The newest requests, newest first; no person data, so without entry."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        rows = connection.execute(_RECENT, (gemeente, RECENT)).fetchall()
    return [_shown(_unsealed(row, desk)) for row in rows]


def confirm(caller: Sender, gemeente: str, trace: Trace, id: UUID, said: InzageBevestiging, desk: OversightDesk) -> Inzageverzoek:
    """The municipality says which messages and overviews are of the resident, once.

    Raises:
        NotFound: no such request or overview. Forbidden: who asked for it confirms it. Conflict: confirmed otherwise before; a message is
        no hit, or by its address only.
    """
    for overzicht in said.overzichten:
        desk.overview(caller, gemeente, overzicht)
    with desk.database.transaction(municipality(gemeente)) as connection:
        request = _request(connection, gemeente, id, desk)
        if request.values["partij"] == caller.party:
            raise Forbidden("INZAGE_EIGEN_VERZOEK", "Wie het verzoek in behandeling nam, kan het niet zelf bevestigen.")
        if set(said.berichten) - request.allowed:
            raise Conflict("TREFFER_NIET_VERSTREKBAAR", "Een van deze berichten is geen treffer, of is alleen op adres gevonden.")
        if request.bevestiging == said:
            return _shown(request)
        given = (desk.clock.now(), msgspec.json.encode(said), caller.party)
        zegel = sealed.seal(_TABLE, {**request.values, **dict(zip(_COLUMNS[-3:], given, strict=True))}, desk)
        if connection.execute(_CONFIRM, (*given, zegel, gemeente, id)).rowcount != 1:
            raise Conflict("INZAGE_AL_BEVESTIGD", "Dit verzoek is al bevestigd; doe een nieuw verzoek.")
        frame = desk.frame(caller, trace)
        append.append(connection, [InzageBevestigd(**frame.fields(), gemeente=gemeente, inzageverzoek=id, aantal=len(said.berichten))])
        found = _shown(_request(connection, gemeente, id, desk))
    desk.committed()
    return found


def extract(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: OversightDesk) -> Inzageuittreksel:
    """What the resident gets. Raises NotFound; Conflict: the municipality did not confirm yet; TooMany; Unavailable: the log is behind."""
    index.refresh(desk)
    with desk.database.transaction(municipality(gemeente)) as connection:
        request = _request(connection, gemeente, id, desk)
        if request.bevestiging is None:
            raise Conflict("INZAGE_NIET_BEVESTIGD", "De gemeente moet eerst bevestigen welke berichten van de inwoner zijn.")
        if set(request.bevestiging.berichten) - request.allowed:
            raise Misconfigured("Een bevestigd verzoek om inzage noemt berichten die geen verstrekbare treffers zijn.")
        reversals.count(connection, caller, gemeente, dutch_day(desk.clock.now()), "omkering", 1, desk.reversals)
        lines = list(_processings(connection, gemeente, request.bevestiging.berichten, desk))
        frame = desk.frame(caller, trace)
        append.append(connection, [InzageVerstrekt(**frame.fields(), gemeente=gemeente, inzageverzoek=id, aantal=len(lines))])
    desk.committed()
    confirmer = Sender(request.values["bevestigd_door"], caller.principal)
    return Inzageuittreksel(
        id=id,
        kenmerk=request.values["kenmerk"],
        gemeente=gemeente,
        opgemaakt_op=desk.clock.now(),
        verwerkingen=lines,
        overzichten=[desk.overview(confirmer, gemeente, overzicht) for overzicht in request.bevestiging.overzichten],
    )


def _hits(connection: Link, gemeente: str, found: Wanted) -> Iterator[Treffer]:
    for line in index.read(connection, gemeente, _DELIVERED, about=found.subjects, most=MOST):
        entry, how = line.entry, found.certainty(line.about)
        if isinstance(entry, SignaalBezorgd) and how:
            yield Treffer(bericht=entry.bericht, zekerheid=how, ontvangen_op=entry.tijd, schuldeiser=entry.principaal)


def _processings(connection: Link, gemeente: str, berichten: Collection[UUID], desk: OversightDesk) -> Iterator[Verwerking]:
    """What names one of these messages, or a case over one but no other's message; and where an officer looked for the person."""
    about = [f"{MESSAGE}:{id}" for id in berichten]
    cases = {one for line in index.read(connection, gemeente, _CASES, about=about) for one in line.subjects(CASE)}
    told = list(index.read(connection, gemeente, _ABOUT, about=[*about, *sorted(cases)]))
    mine = [line for line in told if getattr(line.entry, "bericht", None) in {None, *berichten}]
    person = sorted({one for line in mine if isinstance(line.entry, SignaalBezorgd) for one in line.subjects(PERSON)})
    sought = [line for line in index.read(connection, gemeente, _ABOUT, about=person) if hasattr(line.entry, "gezocht")]
    for line in sorted([*mine, *sought], key=lambda line: line.nr):
        yield _processing(line.nr, line.entry, desk)


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


def _request(connection: Link, gemeente: str, id: UUID, desk: OversightDesk) -> Request:
    return _unsealed(connection.execute(_SELECT, (gemeente, id)).fetchone(), desk)


def _unsealed(row: tuple[Any, ...] | None, desk: OversightDesk) -> Request:
    values = sealed.opened(_TABLE, _COLUMNS, row, desk)
    said = values["bevestiging"]
    treffers = msgspec.json.decode(values["treffers"], type=list[Treffer])
    return Request(values, treffers, None if said is None else msgspec.json.decode(said, type=InzageBevestiging))


def _shown(request: Request) -> Inzageverzoek:
    said, values = request.bevestiging, request.values
    return Inzageverzoek(
        id=values["id"],
        kenmerk=values["kenmerk"],
        gevraagd_op=values["gevraagd"],
        treffers=request.treffers,
        bevestigd_op=values["bevestigd"],
        bevestigd=said.berichten if said else None,
        overzichten=said.overzichten if said else None,
    )
