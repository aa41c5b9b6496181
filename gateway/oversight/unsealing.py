"""Unsealing a name: a reason, a second person, and then what opens it, once, within a day, to the one who asked.

Two who logged in are two people; where one of them is a system, two organisations. The database holds to it as well: its function gives a
payload only after somebody else than the asker agreed. Only the group that says who
somebody is goes out, as a claim gives it: with a managed key the key of that group, with an own key what the municipality opens itself.
Authority: AVG art. 25; law and rules, LG-08. Each step is an entry. Leaves keys to `gateway.sealing`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Forbidden, Gone, NotFound
from gateway.keys.content import ContentKey
from gateway.oversight.desk import Link, OversightDesk, require_log
from gateway.privacylog import append, staff
from gateway.privacylog.oversight import NaamOntzegeld, OntzegelingBesloten, OntzegelingGevraagd
from gateway.sealing import opening
from schemas.inbox import Veldgroep
from schemas.toezicht import OntzegelAanvraag, OntzegelBesluit, Ontzegeld, Ontzegeling, Ontzegelreden, Ontzegelstaat

GROUP: Final[Veldgroep] = "identiteit"
RECEIVER = "gemeente"
_INSERT = """
INSERT INTO ontzegeling (gemeente, id, bericht, reden, kenmerk, partij, gebruiker, gevraagd) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_ROWS = """
SELECT id, bericht, reden, kenmerk, partij, gevraagd, besluit, besloten, besloten_door, geopend, gebruiker, besloten_gebruiker
FROM ontzegeling WHERE gemeente = %s
"""
_SELECT = _ROWS + " AND id = %s"
_RECENT = _ROWS + " AND gevraagd > %s ORDER BY gevraagd DESC LIMIT %s"
_DECIDE = """
UPDATE ontzegeling SET besluit = %s, besloten = %s, besloten_door = %s, besloten_gebruiker = %s
WHERE gemeente = %s AND id = %s AND besluit IS NULL
"""
_OPEN = "SELECT * FROM ontzegel(%s, %s, %s, %s, %s)"
RECENT, MOST = timedelta(days=30), 100


class Row(NamedTuple):
    """A stored unsealing."""

    id: UUID
    bericht: UUID
    reden: Ontzegelreden
    kenmerk: str
    partij: str
    gevraagd: datetime
    besluit: Ontzegelstaat | None
    besloten: datetime | None
    besloten_door: str | None
    geopend: datetime | None
    gebruiker: str | None
    besloten_gebruiker: str | None

    def asked_by(self, caller: Sender) -> bool:
        """Whether this is who asked."""
        return (self.partij, self.gebruiker) == (caller.party, caller.user)

    def may_be_asker(self, caller: Sender) -> bool:
        """Whether this may be who asked: of two who logged in the person counts, else the organisation."""
        if self.gebruiker and caller.user:
            return self.gebruiker == caller.user
        return self.partij == caller.party


def ask(caller: Sender, gemeente: str, trace: Trace, request: OntzegelAanvraag, desk: OversightDesk) -> Ontzegeling:
    """Ask for the name in a message. Raises NotFound: no such message in this municipality."""
    id = ids.new()
    with desk.database.transaction() as connection:
        (there,) = connection.execute("SELECT bericht_bestaat(%s, %s)", (gemeente, request.bericht)).fetchone() or (False,)
        if not there:
            raise NotFound
        connection.execute(
            _INSERT, (gemeente, id, request.bericht, request.reden, request.kenmerk, caller.party, caller.user, desk.clock.now())
        )
        frame = desk.frame(caller, trace)
        asked = OntzegelingGevraagd(**frame.fields(), gemeente=gemeente, ontzegeling=id, bericht=request.bericht, reden=request.reden)
        append.append(connection, [asked])
        found = _shown(_row(connection, gemeente, id), staff.names(connection, gemeente, desk.keys))
    desk.committed()
    return found


def recent(gemeente: str, desk: OversightDesk) -> list[Ontzegeling]:
    """The unsealings of the last thirty days, newest first; no person data, so without entry."""
    with desk.database.transaction() as connection:
        names = staff.names(connection, gemeente, desk.keys)
        rows = connection.execute(_RECENT, (gemeente, desk.clock.now() - RECENT, MOST)).fetchall()
        return [_shown(Row(*row), names) for row in rows]


def one(gemeente: str, id: UUID, desk: OversightDesk) -> Ontzegeling:
    """Where an unsealing stands. Raises NotFound."""
    with desk.database.transaction() as connection:
        return _shown(_row(connection, gemeente, id), staff.names(connection, gemeente, desk.keys))


def decide(caller: Sender, gemeente: str, trace: Trace, id: UUID, said: OntzegelBesluit, desk: OversightDesk) -> Ontzegeling:
    """The second person agrees or not. Raises NotFound; Forbidden: the asker itself; Conflict: decided already."""
    with desk.database.transaction() as connection:
        row = _row(connection, gemeente, id)
        if row.may_be_asker(caller):
            raise Forbidden("ONTZEGELING_EIGEN_VERZOEK", "Wie de ontzegeling vroeg, kan haar niet zelf goedkeuren; vraag een collega.")
        if connection.execute(_DECIDE, (said.besluit, desk.clock.now(), caller.party, caller.user, gemeente, id)).rowcount != 1:
            raise Conflict("ONTZEGELING_AL_BESLOTEN", "Over deze ontzegeling is al besloten; vraag een nieuwe.")
        frame = desk.frame(caller, trace)
        entry = OntzegelingBesloten(**frame.fields(), gemeente=gemeente, ontzegeling=id, bericht=row.bericht, resultaat=said.besluit)
        append.append(connection, [entry])
        found = _shown(_row(connection, gemeente, id), staff.names(connection, gemeente, desk.keys))
    desk.committed()
    return found


def unseal(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: OversightDesk) -> Ontzegeld:
    """What opens the name.

    Raises:
        NotFound. Forbidden: somebody else asked, or no row of the purpose register allows it. Conflict: not agreed, too late, or done.
        Gone: the message was destroyed. Unavailable: the log is behind.
    """
    with desk.database.transaction() as connection:
        require_log(connection)
        row = _row(connection, gemeente, id)
        if not row.asked_by(caller):
            raise Forbidden("ONTZEGELING_VAN_ANDER", "Alleen wie de ontzegeling vroeg, kan openen.")
        given = connection.execute(_OPEN, (gemeente, id, caller.party, caller.user, desk.clock.now())).fetchone()
        if given is None:
            raise Conflict("ONTZEGELING_NIET_OPEN", "Deze ontzegeling is niet goedgekeurd, al gebruikt, of ouder dan 24 uur.")
        bericht, doel, meta, storage_key, payload, *content = given
        if payload is None:
            raise Gone("BERICHT_VERNIETIGD", "Dit bericht is afgehandeld, ingetrokken of verlopen en wordt niet meer verstrekt.")
        allowed = desk.purposes.reading(doel, RECEIVER, dutch_day(desk.clock.now()))
        if allowed is None or GROUP not in allowed.groups:
            raise Forbidden("DOEL_NIET_TOEGESTAAN", "Voor dit doel mag deze organisatie geen persoonsgegevens ontvangen.")
        sealed = opening.unwrap(bytes(payload), desk.keys.key(storage_key), gemeente, bericht, bytes(meta))
        groups: dict[Veldgroep, str] = {GROUP: sealed[GROUP]}
        key = ContentKey(content[0], gemeente, *content[1:])
        opened = Ontzegeld(
            ontzegeling=id,
            bericht=bericht,
            persoonsgegevens=groups,
            sleutels=opening.Releaser(desk.keys).release(key, groups, bericht),
        )
        frame = desk.frame(caller, trace)
        entry = NaamOntzegeld(
            **frame.fields(), gemeente=gemeente, ontzegeling=id, bericht=bericht, doel=doel, rij=allowed.id, veldgroepen=(GROUP,)
        )
        append.append(connection, [entry])
    desk.committed()
    return opened


def _row(connection: Link, gemeente: str, id: UUID) -> Row:
    found = connection.execute(_SELECT, (gemeente, id)).fetchone()
    if found is None:
        raise NotFound
    return Row(*found)


def _shown(row: Row, names: Mapping[str, str]) -> Ontzegeling:
    state: Ontzegelstaat = "geopend" if row.geopend else row.besluit or "gevraagd"
    return Ontzegeling(
        id=row.id,
        bericht=row.bericht,
        reden=row.reden,
        kenmerk=row.kenmerk,
        staat=state,
        gevraagd_door=row.partij,
        gevraagd_op=row.gevraagd,
        gevraagd_door_medewerker=names.get(row.gebruiker or ""),
        besloten_door=row.besloten_door,
        besloten_op=row.besloten,
        besloten_door_medewerker=names.get(row.besloten_gebruiker or ""),
    )
