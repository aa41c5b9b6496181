"""Unsealing a name: a reason, a second person, and then what opens it, once, within a day, to the one who asked.

The row is under a seal, made when it was asked and when it was decided, and the database holds to the order as well: its function gives a
payload only after another party than the asker agreed. Only the group that says who
somebody is goes out, as a claim gives it: with a managed key the key of that group, with an own key what the municipality opens itself.
Authority: AVG art. 25; law and rules, LG-08. Each step is an entry. Leaves keys to `gateway.sealing`.
"""

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
from gateway.oversight.index import UNSEALING
from gateway.partners import acting
from gateway.privacylog import append
from gateway.privacylog.oversight import NaamOntzegeld, OntzegelingBesloten, OntzegelingGevraagd
from gateway.sealing import opening
from gateway.store.tenant import municipality
from schemas.inbox import Veldgroep
from schemas.toezicht import OntzegelAanvraag, OntzegelBesluit, Ontzegeld, Ontzegeling, Ontzegelstaat

GROUP: Final[Veldgroep] = "identiteit"
RECEIVER = "gemeente"
AGREED = timedelta(hours=24)
Row = dict[str, Any]
"""The columns of a stored unsealing that stand under its seal."""
_TABLE = "ontzegeling"
_COLUMNS = ("gemeente", "id", "bericht", "reden", "kenmerk", "partij", "gevraagd", "besluit", "besloten", "besloten_door")
_INSERT = """
INSERT INTO ontzegeling (zegel, gemeente, id, bericht, reden, kenmerk, partij, gevraagd) VALUES (%b, %s, %s, %s, %s, %s, %s, %s)
"""
_SELECT = """
SELECT gemeente, id, bericht, reden, kenmerk, partij, gevraagd, besluit, besloten, besloten_door, zegel, geopend
FROM ontzegeling WHERE gemeente = %s AND id = %s
"""
_DECIDE = """
UPDATE ontzegeling SET besluit = %s, besloten = %s, besloten_door = %s, zegel = %b WHERE gemeente = %s AND id = %s AND besluit IS NULL
"""
_OPENED: LiteralString = "r.event = 'ontzegeling.geopend' AND r.onderwerpen && %(about)s::text[] LIMIT 1"


def ask(caller: Sender, gemeente: str, trace: Trace, request: OntzegelAanvraag, desk: OversightDesk) -> Ontzegeling:
    """Ask for the name in a message. Raises NotFound: no such message in this municipality."""
    id = ids.new()
    with desk.database.transaction(municipality(gemeente)) as connection:
        (there,) = connection.execute("SELECT bericht_bestaat(%s, %s)", (gemeente, request.bericht)).fetchone() or (False,)
        if not there:
            raise NotFound
        stored = (gemeente, id, request.bericht, request.reden, request.kenmerk, caller.party, desk.clock.now())
        values = dict(zip(_COLUMNS, (*stored, None, None, None), strict=True))
        connection.execute(_INSERT, (sealed.seal(_TABLE, values, desk), *stored))
        frame = desk.frame(caller, trace)
        asked = OntzegelingGevraagd(**frame.fields(), gemeente=gemeente, ontzegeling=id, bericht=request.bericht, reden=request.reden)
        append.append(connection, [asked])
        found = _shown(*_row(connection, gemeente, id, desk))
    desk.committed()
    return found


def one(gemeente: str, id: UUID, desk: OversightDesk) -> Ontzegeling:
    """Where an unsealing stands. Raises NotFound."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        return _shown(*_row(connection, gemeente, id, desk))


def decide(caller: Sender, gemeente: str, trace: Trace, id: UUID, said: OntzegelBesluit, desk: OversightDesk) -> Ontzegeling:
    """The second person agrees or not. Raises NotFound; Forbidden: the asker itself; Conflict: decided already."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        row, _ = _row(connection, gemeente, id, desk)
        if row["partij"] == caller.party:
            raise Forbidden("ONTZEGELING_EIGEN_VERZOEK", "Wie de ontzegeling vroeg, kan haar niet zelf goedkeuren; vraag een collega.")
        given = (said.besluit, desk.clock.now(), caller.party)
        zegel = sealed.seal(_TABLE, {**row, **dict(zip(_COLUMNS[-3:], given, strict=True))}, desk)
        if connection.execute(_DECIDE, (*given, zegel, gemeente, id)).rowcount != 1:
            raise Conflict("ONTZEGELING_AL_BESLOTEN", "Over deze ontzegeling is al besloten; vraag een nieuwe.")
        frame = desk.frame(caller, trace)
        entry = OntzegelingBesloten(**frame.fields(), gemeente=gemeente, ontzegeling=id, bericht=row["bericht"], resultaat=said.besluit)
        append.append(connection, [entry])
        found = _shown(*_row(connection, gemeente, id, desk))
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
        if row["partij"] != caller.party:
            raise Forbidden("ONTZEGELING_VAN_ANDER", "Alleen wie de ontzegeling vroeg, kan openen.")
        given = connection.execute("SELECT * FROM ontzegel(%s, %s, %s, %s)", (gemeente, id, caller.party, desk.clock.now())).fetchone()
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
    """Whether another party agreed within a day, and is an officer for this municipality now."""
    if row["besluit"] != "goedgekeurd" or row["besloten_door"] == row["partij"] or row["besloten"] <= desk.clock.now() - AGREED:
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


def _shown(row: Row, opened: datetime | None) -> Ontzegeling:
    state: Ontzegelstaat = "geopend" if opened else row["besluit"] or "gevraagd"
    return Ontzegeling(
        id=row["id"],
        bericht=row["bericht"],
        reden=row["reden"],
        kenmerk=row["kenmerk"],
        staat=state,
        gevraagd_door=row["partij"],
        gevraagd_op=row["gevraagd"],
        besloten_door=row["besloten_door"],
        besloten_op=row["besloten"],
    )
