"""Unsealing a name: a reason, a second person, and then what opens it, once, within a day, to the one who asked.

Two who logged in are two people; where one of them is a system, two organisations. The row is under a seal, made when it was asked and
when it was decided, and the database holds to the order as well: its function gives a payload only after somebody else than the asker
agreed. Only the group that says who somebody is goes out, as a claim gives it: with a managed key the key of that group, with an own key
what the municipality opens itself.
Authority: AVG art. 25; law and rules, LG-08. Each step is an entry. Leaves keys to `gateway.sealing`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString
from uuid import UUID

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Forbidden, Gone, Misconfigured, NotFound
from gateway.keys.content import ContentKey
from gateway.mailbox import reversals
from gateway.oversight import index, sealed
from gateway.oversight.desk import Link, OversightDesk
from gateway.oversight.index import ABOUT, UNSEALING
from gateway.partners import acting
from gateway.privacylog import append, staff
from gateway.privacylog.oversight import NaamOntzegeld, OntzegelingBesloten, OntzegelingGevraagd
from gateway.sealing import opening
from gateway.store.tenant import municipality
from schemas.inbox import Veldgroep
from schemas.toezicht import OntzegelAanvraag, OntzegelBesluit, Ontzegeld, Ontzegeling, Ontzegelstaat

GROUP: Final[Veldgroep] = "identiteit"
RECEIVER = "gemeente"
AGREED = timedelta(hours=24)
RECENT, MOST = timedelta(days=30), 100
Row = dict[str, Any]
"""The columns of a stored unsealing that stand under its seal."""
_TABLE = "ontzegeling"
_ASKED = ("gemeente", "id", "bericht", "reden", "kenmerk", "partij", "gebruiker", "gevraagd")
_DECIDED = ("besluit", "besloten", "besloten_door", "besloten_gebruiker")
_COLUMNS = _ASKED + _DECIDED
_INSERT = """
INSERT INTO ontzegeling (zegel, gemeente, id, bericht, reden, kenmerk, partij, gebruiker, gevraagd)
VALUES (%b, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_ROWS = """
SELECT gemeente, id, bericht, reden, kenmerk, partij, gebruiker, gevraagd, besluit, besloten, besloten_door, besloten_gebruiker,
  zegel, geopend FROM ontzegeling WHERE gemeente = %s
"""
_SELECT = _ROWS + " AND id = %s"
_RECENT = _ROWS + " AND gevraagd > %s ORDER BY gevraagd DESC LIMIT %s"
_DECIDE = """
UPDATE ontzegeling SET besluit = %s, besloten = %s, besloten_door = %s, besloten_gebruiker = %s, zegel = %b
WHERE gemeente = %s AND id = %s AND besluit IS NULL
"""
_OPEN = "SELECT * FROM ontzegel(%s, %s, %s, %s, %s)"
_OPENED: LiteralString = f"r.event = 'ontzegeling.geopend' AND {ABOUT} LIMIT 1"


def ask(caller: Sender, gemeente: str, trace: Trace, request: OntzegelAanvraag, desk: OversightDesk) -> Ontzegeling:
    """Ask for the name in a message. Raises NotFound: no such message in this municipality."""
    id = ids.new()
    with desk.database.transaction(municipality(gemeente)) as connection:
        (there,) = connection.execute("SELECT bericht_bestaat(%s, %s)", (gemeente, request.bericht)).fetchone() or (False,)
        if not there:
            raise NotFound
        stored = (gemeente, id, request.bericht, request.reden, request.kenmerk, caller.party, caller.user, desk.clock.now())
        values = dict.fromkeys(_COLUMNS) | dict(zip(_ASKED, stored, strict=True))
        connection.execute(_INSERT, (sealed.seal(_TABLE, values, desk), *stored))
        frame = desk.frame(caller, trace)
        asked = OntzegelingGevraagd(**frame.fields(), gemeente=gemeente, ontzegeling=id, bericht=request.bericht, reden=request.reden)
        append.append(connection, [asked])
        found = _one(connection, gemeente, id, desk)
    desk.committed()
    return found


def recent(gemeente: str, desk: OversightDesk) -> list[Ontzegeling]:
    """The unsealings of the last thirty days, newest first; no person data, so without entry."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        names = staff.names(connection, gemeente, desk.keys)
        rows = connection.execute(_RECENT, (gemeente, desk.clock.now() - RECENT, MOST)).fetchall()
        return [_shown(sealed.opened(_TABLE, _COLUMNS, row, desk), row[-1], names) for row in rows]


def one(gemeente: str, id: UUID, desk: OversightDesk) -> Ontzegeling:
    """Where an unsealing stands. Raises NotFound."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        return _one(connection, gemeente, id, desk)


def decide(caller: Sender, gemeente: str, trace: Trace, id: UUID, said: OntzegelBesluit, desk: OversightDesk) -> Ontzegeling:
    """The second person agrees or not. Raises NotFound; Forbidden: the asker itself; Conflict: decided already."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        row, _ = _row(connection, gemeente, id, desk)
        if caller.may_be(row["partij"], row["gebruiker"]):
            raise Forbidden("ONTZEGELING_EIGEN_VERZOEK", "Wie de ontzegeling vroeg, kan haar niet zelf goedkeuren; vraag een collega.")
        given = (said.besluit, desk.clock.now(), caller.party, caller.user)
        zegel = sealed.seal(_TABLE, {**row, **dict(zip(_DECIDED, given, strict=True))}, desk)
        if connection.execute(_DECIDE, (*given, zegel, gemeente, id)).rowcount != 1:
            raise Conflict("ONTZEGELING_AL_BESLOTEN", "Over deze ontzegeling is al besloten; vraag een nieuwe.")
        frame = desk.frame(caller, trace)
        entry = OntzegelingBesloten(**frame.fields(), gemeente=gemeente, ontzegeling=id, bericht=row["bericht"], resultaat=said.besluit)
        append.append(connection, [entry])
        found = _one(connection, gemeente, id, desk)
    desk.committed()
    return found


def unseal(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: OversightDesk) -> Ontzegeld:
    """What opens the name.

    Raises:
        NotFound. Forbidden: somebody else asked, or no row of the purpose register allows it. Conflict: not agreed by who is an officer of
        this municipality now, too late, or done. Gone: the message was destroyed. TooMany: the ceiling of the day. Unavailable: the log
        is behind. Misconfigured: the row has not its seal, or the database gives another message.
    """
    index.refresh(desk)
    with desk.database.transaction(municipality(gemeente)) as connection:
        row, _ = _row(connection, gemeente, id, desk)
        if (row["partij"], row["gebruiker"]) != (caller.party, caller.user):
            raise Forbidden("ONTZEGELING_VAN_ANDER", "Alleen wie de ontzegeling vroeg, kan openen.")
        given = connection.execute(_OPEN, (gemeente, id, caller.party, caller.user, desk.clock.now())).fetchone()
        if given is None or not _agreed(row, caller, desk) or _was_opened(connection, gemeente, id):
            raise Conflict("ONTZEGELING_NIET_OPEN", "Deze ontzegeling is niet goedgekeurd, al gebruikt, of ouder dan 24 uur.")
        bericht, doel, meta, storage_key, payload, *content = given
        if bericht != row["bericht"]:
            raise Misconfigured("De database gaf een ander bericht dan waarvoor de ontzegeling is goedgekeurd.")
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
        reversals.count(connection, caller, gemeente, dutch_day(desk.clock.now()), "omkering", 1, desk.reversals)
        frame = desk.frame(caller, trace)
        entry = NaamOntzegeld(
            **frame.fields(), gemeente=gemeente, ontzegeling=id, bericht=bericht, doel=doel, rij=allowed.id, veldgroepen=(GROUP,)
        )
        append.append(connection, [entry])
    desk.committed()
    return opened


def _agreed(row: Row, caller: Sender, desk: OversightDesk) -> bool:
    """Whether somebody else than who asked, and opens now, agreed within a day, and is an officer for this municipality now."""
    same = caller.may_be(row["besloten_door"] or "", row["besloten_gebruiker"])
    if row["besluit"] != "goedgekeurd" or same or row["besloten"] <= desk.clock.now() - AGREED:
        return False
    register = desk.register()
    party = register.partner(row["besloten_door"])
    return party is not None and caller.principal in acting.principals(register, party, "toezichthouder", dutch_day(desk.clock.now()))


def _was_opened(connection: Link, gemeente: str, id: UUID) -> bool:
    """As the log says: a row can be put back as it was before."""
    return next(index.read(connection, gemeente, _OPENED, about=[f"{UNSEALING}:{id}"]), None) is not None


def _row(connection: Link, gemeente: str, id: UUID, desk: OversightDesk) -> tuple[Row, datetime | None]:
    """What stands under the seal, and when it was opened."""
    found = connection.execute(_SELECT, (gemeente, id)).fetchone()
    row = sealed.opened(_TABLE, _COLUMNS, found, desk)
    return row, found[-1] if found else None


def _one(connection: Link, gemeente: str, id: UUID, desk: OversightDesk) -> Ontzegeling:
    return _shown(*_row(connection, gemeente, id, desk), staff.names(connection, gemeente, desk.keys))


def _shown(row: Row, opened: datetime | None, names: Mapping[str, str]) -> Ontzegeling:
    state: Ontzegelstaat = "geopend" if opened else row["besluit"] or "gevraagd"
    return Ontzegeling(
        id=row["id"],
        bericht=row["bericht"],
        reden=row["reden"],
        kenmerk=row["kenmerk"],
        staat=state,
        gevraagd_door=row["partij"],
        gevraagd_op=row["gevraagd"],
        gevraagd_door_medewerker=names.get(row["gebruiker"] or ""),
        besloten_door=row["besloten_door"],
        besloten_op=row["besloten"],
        besloten_door_medewerker=names.get(row["besloten_gebruiker"] or ""),
    )
