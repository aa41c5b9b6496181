"""Requests at the counter: what widens rights waits for a person of the operator who did not ask it, and is judged when he decides.

Letting a participant in (and letting an integrator look after it), a mandate, agreements, a mapping profile of who is live, making active.
Of an integrator all wait; the operator's people do all but the last at once, and ask that of a colleague. What is decided on is what was
asked: it stands under a seal. Decision, change and entries are one transaction. Authority: decision 0040; migrations 0025 and 0027 hold to
it as well.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from gateway.core import ids
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Forbidden, Invalid, NotFound
from gateway.onboarding import convenant, levenscyclus, registration
from gateway.onboarding.changes import LIVE, mapping, require_order
from gateway.onboarding.counter import Counter
from gateway.onboarding.registration import Connection, Office
from gateway.partners import administration
from gateway.partners.acting import INTEGRATOR
from gateway.partners.dossier import Aansluiting
from gateway.partners.register import Deelnemer, Mandaat, holds
from gateway.partners.rows import fits, read, sealer, stamp
from gateway.privacylog import append
from gateway.privacylog.beheer import ToelatingBesloten, ToelatingGevraagd, Verzoeksoort
from schemas.beheer import (
    AanmeldVerzoek,
    ActiveringVerzoek,
    Besluit,
    Lijstfout,
    Lijstuitkomst,
    MandaatVerzoek,
    OvereenkomstenVerzoek,
    Verzoek,
    VerzoekAanvraag,
    Verzoeken,
)
from schemas.profielproef import ProfielVerzoek

TABLE = "beheerverzoek"
MOST, WAITING = 100, 20
_COLUMNS = "id, soort, aanvrager, gebruiker, inhoud, gevraagd_op, besluit, besloten_door, besloten_op, zegel"
_INSERT = """
INSERT INTO beheerverzoek (id, soort, aanvrager, gebruiker, inhoud, gevraagd_op, zegel) VALUES (%s, %s, %s, %s, %b, %s, %b)
"""
_ORDER = """
ORDER BY besluit IS NOT NULL, CASE WHEN besluit IS NULL THEN gevraagd_op END, CASE WHEN besluit IS NULL THEN id END,
  gevraagd_op DESC, id DESC LIMIT %(most)s
"""
_DECIDE = "UPDATE beheerverzoek SET besluit = %s, besloten_door = %s, besloten_gebruiker = %s, besloten_op = %s WHERE id = %s"
_KINDS: dict[type, Verzoeksoort] = {
    AanmeldVerzoek: "aanmelden",
    MandaatVerzoek: "mandaat",
    OvereenkomstenVerzoek: "overeenkomsten",
    ActiveringVerzoek: "activering",
    ProfielVerzoek: "profiel",
}


class Asked(NamedTuple):
    """A request as it stands."""

    id: UUID
    soort: Verzoeksoort
    aanvrager: str
    gebruiker: str | None
    inhoud: bytes
    gevraagd_op: datetime
    besluit: Besluit | None
    besloten_door: str | None
    besloten_op: datetime | None

    @property
    def what(self) -> VerzoekAanvraag:
        """What is asked."""
        found: VerzoekAanvraag = msgspec.json.decode(self.inhoud, type=VerzoekAanvraag)
        return found

    def told(self) -> Verzoek:
        """As the wire has it."""
        return Verzoek(
            id=self.id,
            soort=self.soort,
            betreft=about(self.what),
            gevraagd_door=self.aanvrager,
            gevraagd_op=self.gevraagd_op,
            staat=self.besluit or "gevraagd",
            besloten_op=self.besloten_op,
        )


def ask(counter: Counter, what: VerzoekAanvraag) -> Verzoek | None:
    """Ask; None when the operator's people may do it at once, and it is done.

    Raises:
        NotFound: about a participant that is not his. Invalid: it could never be granted. Conflict: it can no longer be done.
    """
    _require_sense(counter, what)
    office = counter.office
    with office.database.transaction() as connection:
        if counter.is_operator and not isinstance(what, ActiveringVerzoek):
            _carry_out(office, connection, what, office.operator)
            return None
        if isinstance(what, OvereenkomstenVerzoek):
            _require_sound(convenant.take_over_in(office, connection, what.lijst.encode(), dry=True))
        _require_room(connection, counter)
        made = _kept(counter, connection, what)
        told = ToelatingGevraagd(**registration.frame(office).fields(), onderwerp=made.id, soort=made.soort)
        append.append(connection, [told])
    return made.told()


def listed(counter: Counter) -> Verzoeken:
    """Requests, those that wait first, the longest first, then the newest: his own, or everybody's for the operator."""
    with counter.office.database.transaction() as connection:
        rows = _read(counter.office, connection, _ORDER, {"most": MOST})
        return Verzoeken(verzoeken=[row.told() for row in rows])


def one(counter: Counter, id: UUID) -> Asked:
    """A request. Raises NotFound."""
    with counter.office.database.transaction() as connection:
        return _one(counter.office, connection, id)


def decide(counter: Counter, id: UUID, besluit: Besluit) -> Verzoek:
    """The second person.

    Raises:
        NotFound. Forbidden: not the operator's, or he asked it himself. Conflict: it was decided, or what was asked cannot be done now:
        a gate that stays shut, a mandate that ended.
    """
    counter.require_operator()
    office = counter.office
    with office.database.transaction() as connection:
        row = _one(office, connection, id, " FOR UPDATE")
        if row.besluit is not None:
            raise Conflict("VERZOEK_BESLOTEN", "Over dit verzoek is al besloten.")
        if counter.caller.may_be(row.aanvrager, row.gebruiker):
            raise Forbidden("NIET_ALLEEN", "Over uw eigen verzoek besluit een ander.")
        now = office.clock.now()
        connection.execute(_DECIDE, (besluit, counter.caller.party, counter.caller.user, now, id))
        if besluit == "goedgekeurd":
            _require_still(office, connection, row)
            _carry_out(office, connection, row.what, row.aanvrager)
        told = ToelatingBesloten(**registration.frame(office).fields(), onderwerp=id, soort=row.soort, resultaat=besluit)
        append.append(connection, [told])
    return row._replace(besluit=besluit, besloten_op=now).told()


def preview(counter: Counter, lijst: str) -> Lijstuitkomst:
    """What a list of agreements would change; of another's participant it says what it says of one that is not there."""
    with counter.office.database.transaction() as connection:
        found = convenant.take_over_in(counter.office, connection, lijst.encode(), dry=True)
    fouten = [Lijstfout(regel=fout.regel, kolom=fout.kolom, melding=fout.melding) for fout in found.fouten]
    return Lijstuitkomst(nieuw=found.nieuw, gewijzigd=found.gewijzigd, gelijk=found.gelijk, fouten=fouten)


def about(what: VerzoekAanvraag) -> str:
    """What a request is about, in a few words."""
    if isinstance(what, AanmeldVerzoek):
        return f"{what.naam} ({what.oin}), machtiging {what.machtiging}"
    if isinstance(what, MandaatVerzoek):
        return f"{what.gemachtigde} namens {what.principaal} als {what.rol}"
    if isinstance(what, ActiveringVerzoek):
        return what.oin
    if isinstance(what, ProfielVerzoek):
        return f"{what.oin}, bestanden {what.patroon}"
    return f"een lijst van {len(what.lijst.splitlines()) - 1} regels"


def _require_sense(counter: Counter, what: VerzoekAanvraag) -> None:
    if isinstance(what, ActiveringVerzoek):
        counter.require(what.oin)
    elif isinstance(what, ProfielVerzoek):
        counter.require(what.oin)
        mapping(what.oin, what)
    elif isinstance(what, MandaatVerzoek):
        counter.require(what.principaal)
        require_order(what.geldig_van, what.geldig_tot)
    elif isinstance(what, AanmeldVerzoek) and ("gemeente" in what.rollen) != (what.gemeentecode is not None):
        raise Invalid("GEMEENTECODE_BIJ_ROL", "De rol gemeente en een gemeentecode horen bij elkaar; geef beide of geen van beide.")


def _require_sound(found: convenant.Uitkomst) -> None:
    if found.fouten:
        first = found.fouten[0]
        raise Invalid("LIJST_ONGELDIG", f"Regel {first.regel} {first.kolom}: {first.melding}. Er is niets overgenomen.")


def _require_still(office: Office, connection: Connection, row: Asked) -> None:
    """Raises Conflict: an integrator asked, and it may no longer act, or not for this participant."""
    if row.aanvrager == office.operator:
        return
    keyed = sealer(office.keys)
    asker = administration.partner(connection, row.aanvrager, keyed)
    mandates = read(connection, Mandaat, keyed, "WHERE gemachtigde = %(oin)s AND rol = %(rol)s", {"oin": row.aanvrager, "rol": INTEGRATOR})
    day = dutch_day(office.clock.now())
    own = {mandate.principaal for mandate, sealed in mandates if sealed and holds(mandate.geldig_van, mandate.geldig_tot, day)}
    if asker is None or not asker.actief or INTEGRATOR not in asker.rollen or not _concerned(row.what) <= own:
        raise Conflict("INTEGRATOR_ZONDER_MANDAAT", "De aanvrager mag hier niet (meer) voor handelen; wijs het verzoek af.")


def _concerned(what: VerzoekAanvraag) -> set[str]:
    if isinstance(what, MandaatVerzoek):
        return {what.principaal}
    if isinstance(what, ActiveringVerzoek | ProfielVerzoek):
        return {what.oin}
    if isinstance(what, OvereenkomstenVerzoek):
        return convenant.creditors(what.lijst)
    return set()


def _carry_out(office: Office, connection: Connection, what: VerzoekAanvraag, asker: str) -> None:
    if isinstance(what, ActiveringVerzoek):
        registration.set_status_in(office, connection, what.oin, LIVE)
    elif isinstance(what, OvereenkomstenVerzoek):
        _require_sound(convenant.take_over_in(office, connection, what.lijst.encode(), dry=False))
    elif isinstance(what, MandaatVerzoek):
        _require_known(office, connection, what.gemachtigde, what.principaal)
        row = Mandaat(what.gemachtigde, what.principaal, what.rol, what.geldig_van, what.geldig_tot)
        registration.save_in(office, connection, [row])
    elif isinstance(what, ProfielVerzoek):
        _require_known(office, connection, what.oin)
        registration.save_in(office, connection, [mapping(what.oin, what)])
    else:
        registration.save_in(office, connection, _newcomer(office, connection, what, asker))


def _newcomer(office: Office, connection: Connection, what: AanmeldVerzoek, asker: str) -> list[administration.Row]:
    if administration.partner(connection, what.oin, sealer(office.keys)) is not None:
        raise Conflict("DEELNEMER_BESTAAT", "Er is al een deelnemer met dit OIN; geef de integrator zo nodig een mandaat.")
    partner = Deelnemer(
        oin=what.oin,
        naam=what.naam,
        rollen=frozenset(what.rollen),
        status=levenscyclus.PAD[0],
        sectoren=frozenset(what.sectoren or ()),
        handelsnamen=frozenset(what.handelsnamen or [what.naam]),
        gemeentecode=what.gemeentecode,
        nummerformaten=frozenset(what.nummerformaten or ()),
    )
    rows: list[administration.Row] = [partner, Aansluiting(what.oin, frozenset(what.gebruik or ()))]
    if asker != office.operator:
        rows.append(Mandaat(asker, what.oin, INTEGRATOR, dutch_day(office.clock.now())))
    return rows


def _require_known(office: Office, connection: Connection, *oins: str) -> None:
    if any(administration.partner(connection, oin, sealer(office.keys)) is None for oin in oins):
        raise Conflict("DEELNEMER_ONBEKEND", "Een OIN hierin is niet ingeschreven.")


def _require_room(connection: Connection, counter: Counter) -> None:
    """Nobody hides what others ask behind his own requests. Raises Conflict."""
    query = "SELECT count(*) FROM beheerverzoek WHERE aanvrager = %s AND besluit IS NULL"
    (waiting,) = connection.execute(query, (counter.caller.party,)).fetchone() or (0,)
    if waiting >= WAITING:
        raise Conflict("VERZOEKEN_WACHTEN", f"Er wachten al {waiting} verzoeken van u op een besluit; wacht daarop, of bel de beheerder.")


def _kept(counter: Counter, connection: Connection, what: VerzoekAanvraag) -> Asked:
    office, caller = counter.office, counter.caller
    row = Asked(ids.new(), _KINDS[type(what)], caller.party, caller.user, msgspec.json.encode(what), office.clock.now(), None, None, None)
    zegel = stamp(TABLE, _sealed(row), sealer(office.keys))
    connection.execute(_INSERT, (row.id, row.soort, row.aanvrager, row.gebruiker, row.inhoud, row.gevraagd_op, zegel))
    return row


def _sealed(row: Asked) -> dict[str, object]:
    return {"id": row.id, "soort": row.soort, "aanvrager": row.aanvrager, "gebruiker": row.gebruiker, "inhoud": row.inhoud.decode()}


def _one(office: Office, connection: Connection, id: UUID, lock: str = "") -> Asked:
    found = next(_read(office, connection, f"WHERE id = %(id)s{lock}", {"id": id}), None)
    if found is None:
        raise NotFound
    return found


def _read(office: Office, connection: Connection, tail: str, values: dict[str, Any]) -> Iterator[Asked]:
    """Requests that have their seal; what somebody wrote past the gateway is not there."""
    keyed = sealer(office.keys)
    for *columns, zegel in connection.execute(f"SELECT {_COLUMNS} FROM {TABLE} {tail}", values).fetchall():  # noqa: S608 - text of ours
        row = Asked(*columns)
        row = row._replace(inhoud=bytes(row.inhoud))
        if fits(zegel, TABLE, _sealed(row), keyed):
            yield row
