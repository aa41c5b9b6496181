"""The log of one municipality for its officer: search, one entry with its proof, checkpoints.

A person is found through the messages that were named after him when they came: whatever happened to those is his. What is shown is
parsed from bytes that make their leaf (`index.read`). Authority: AVG art. 5 lid 2; contract, "/toezicht/v1". Leaves what a resident gets
to `access`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.core.errors import NotFound
from gateway.oversight import index, persons
from gateway.oversight.desk import Link, OversightDesk, whole_days
from gateway.oversight.index import ABOUT, CASE, MESSAGE, STAFF
from gateway.oversight.persons import Wanted
from gateway.privacylog import append, proofs, staff
from gateway.privacylog.entry import Entry, employee, name_of
from gateway.privacylog.oversight import LogGezocht, LogregelGelezen
from gateway.store.tenant import municipality
from schemas.bewijs import Logbewijs
from schemas.toezicht import Controlepunten, GetekendControlepunt, Logregel, Logregels, LogVraag, Regelbewijs, Zekerheid

CHECKPOINTS = 100
_ALWAYS: LiteralString = "r.nr > %(na)s"
_ASKED: Mapping[str, LiteralString] = {
    "van": " AND r.tijd >= %(van)s",
    "tot": " AND r.tijd < %(tot)s",
    "about": f" AND {ABOUT}",
    "all": " AND r.nr = ANY (ARRAY(SELECT regels_over(%(all)s::text[]))) AND r.onderwerpen @> %(all)s::text[]",
    "partij": " AND (r.partij = %(partij)s OR r.principaal = %(partij)s)",
    "activiteit": " AND r.activiteit = %(activiteit)s",
    "event": " AND r.event = %(event)s",
}
"""What is not asked is not in the statement: a plan for all of it at once would go over the whole index."""
_PAGE: LiteralString = " ORDER BY r.nr LIMIT %(maximum)s"
_CHECKPOINTS = "SELECT size, at, note FROM log_checkpoint ORDER BY size DESC LIMIT %s"


class Viewer(NamedTuple):
    """What turns an entry into what the officer sees: names of parties and, under their commitments, of staff."""

    desk: OversightDesk
    staff: Mapping[str, str]

    @classmethod
    def of(cls, connection: Link, gemeente: str, desk: OversightDesk) -> "Viewer":
        """With the staff of this municipality."""
        return cls(desk, staff.names(connection, gemeente, desk.keys))

    def line(self, nr: int, entry: Entry, herkend: Zekerheid | None = None) -> Logregel:
        """One entry."""
        member: Any = lambda name: getattr(entry, name, None)  # noqa: E731 - what not every event has
        party = self.desk.register().partner(entry.partij)
        return Logregel(
            id=entry.id,
            nummer=nr,
            tijd=entry.tijd,
            gebeurtenis=name_of(entry),
            stroom=self.desk.flow_of(entry.activiteit),
            partij=entry.partij,
            principaal=entry.principaal,
            partijnaam=party.naam if party else None,
            bericht=member("bericht"),
            zaak=member("zaak"),
            claim=member("claim"),
            doel=member("doel"),
            artikel=member("artikel"),
            wijze=member("wijze"),
            medewerker=self.staff.get(member("medewerker") or entry.gebruiker or ""),
            veldgroepen=list(member("veldgroepen") or ()),
            herkend=herkend,
        )


def search(caller: Sender, gemeente: str, trace: Trace, vraag: LogVraag, desk: OversightDesk) -> Logregels:
    """A page of entries. Raises TooMany: more persons than one officer may look for in a day."""
    index.refresh(desk)
    found = persons.wanted(gemeente, vraag.persoon, vraag.adressen, desk)
    with desk.database.transaction(municipality(gemeente, caller.party)) as connection:
        gezocht = persons.admit(connection, caller, found, desk)
        sure = related(connection, gemeente, found) if gezocht else {}
        values = _values(gemeente, vraag, [*sure, *gezocht] if gezocht else None, desk)
        lines = list(index.read(connection, gemeente, _where(values), **values))
        viewer = Viewer.of(connection, gemeente, desk)
        regels = [viewer.line(line.nr, line.entry, _best(line.about, found, sure)) for line in lines]
        frame = desk.frame(caller, trace)
        append.append(connection, [LogGezocht(**frame.fields(), gemeente=gemeente, aantal=len(regels), gezocht=gezocht)])
    desk.committed()
    return Logregels(regels=regels, volgende=regels[-1].nummer if len(regels) == vraag.maximum else None)


def entry(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: OversightDesk) -> Regelbewijs:
    """One entry with its proof. Raises NotFound: another's and an absent one alike. TooMany: more than one officer may read in a day."""
    index.refresh(desk)
    with desk.database.transaction(municipality(gemeente, caller.party)) as connection:
        persons.admit_entry(connection, caller, id, desk)
        found = index.one(connection, gemeente, id)
        proof = found and proofs.prove(connection, found.nr)
        if found is None or proof is None:
            raise NotFound
        append.append(connection, [LogregelGelezen(**desk.frame(caller, trace).fields(), gemeente=gemeente, regel=id)])
        regel = Viewer.of(connection, gemeente, desk).line(found.nr, found.entry)
    desk.committed()
    log = None if proof.note is None else Logbewijs(nummer=found.nr, pad=[h.hex() for h in proof.path], controlepunt=proof.note)
    return Regelbewijs(regel=regel, inhoud=found.body.decode(), logblad=proof.leaf.hex(), log=log)


def checkpoints(desk: OversightDesk) -> Controlepunten:
    """The newest checkpoints and the key that they verify with; the same for everybody, so without entry."""
    with desk.database.transaction() as connection:
        rows = connection.execute(_CHECKPOINTS, (CHECKPOINTS,)).fetchall()
    found = [GetekendControlepunt(omvang=size, getekend_op=at, controlepunt=note) for size, at, note in rows]
    return Controlepunten(controlepunten=found, sleutel=desk.vkey)


def related(connection: Link, gemeente: str, found: Wanted) -> dict[str, Zekerheid]:
    """The messages and cases of the one looked for, as subjects, each with how sure that is."""
    sure: dict[str, Zekerheid] = {}
    for line in index.read(connection, gemeente, ABOUT, about=found.subjects):
        _note(sure, line.subjects(MESSAGE), found.certainty(line.about))
    for line in list(index.read(connection, gemeente, ABOUT, about=list(sure))):
        _note(sure, line.subjects(CASE), next((sure[one] for one in line.about if one in sure), None))
    return sure


def _note(sure: dict[str, Zekerheid], subjects: Sequence[str], how: Zekerheid | None) -> None:
    order: list[Zekerheid] = ["adres", "mogelijk", "zeker"]
    for one in subjects:
        if how and (one not in sure or order.index(how) > order.index(sure[one])):
            sure[one] = how


def _best(about: Sequence[str], found: Wanted, sure: Mapping[str, Zekerheid]) -> Zekerheid | None:
    if not found.subjects:
        return None
    return next((sure[one] for one in about if one in sure), None) or found.certainty(about)


def _where(values: Mapping[str, object]) -> LiteralString:
    where = _ALWAYS
    for name, condition in _ASKED.items():
        if values[name] is not None:
            where += condition
    return where + _PAGE


def _values(gemeente: str, vraag: LogVraag, about: list[str] | None, desk: OversightDesk) -> dict[str, Any]:
    activities = desk.purposes.activities()
    flow = activities.get(vraag.stroom) if vraag.stroom else None
    whole = [f"{MESSAGE}:{vraag.bericht}"] if vraag.bericht else []
    if vraag.medewerker:
        whole.append(f"{STAFF}:{employee(gemeente, vraag.medewerker, desk.commitments())}")
    begin, end = whole_days(vraag.van or date.min, vraag.tot or date.max)
    return {
        "na": -1 if vraag.na is None else vraag.na,
        "about": about,
        "all": whole or None,
        "van": begin if vraag.van else None,
        "tot": end if vraag.tot else None,
        "partij": vraag.deelnemer,
        "activiteit": flow.uri if flow else vraag.stroom,
        "event": vraag.gebeurtenis,
        "maximum": vraag.maximum,
    }
