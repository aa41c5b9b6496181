"""One file for the desk: messages held under a lease, opened, written in the desk's layout and sealed to its key; each is a disclosure.

One transaction holds the messages, the entries, the place of the file and which message stands in it; the file is whole and on disk before
it. Without the entries nothing is committed, and what was written is thrown away. A message that does not fit stays in the inbox.
Authority: AVG art. 28; architecture, decision 4 and keys (needs a managed key). Leaves which messages to `choosing`, and how a file ends
to `ending`.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from joserfc.errors import JoseError

from adapters.desk import layout, writing
from adapters.desk.cells import Cell, Onvulbaar
from gateway.core import ids
from gateway.core.clock import dutch_day
from gateway.files import deskrows
from gateway.files.deskrows import FOLDER, Deskfile, Unfit
from gateway.files.outgoing import Outgoing, into
from gateway.inboxes.desk import require_log
from gateway.keys.names import commitment
from gateway.mailbox import inbox, reversals
from gateway.mailbox.inbox import Item
from gateway.outlet.choosing import Chosen, choose
from gateway.outlet.desk import DOEL, GRACE, Handing
from gateway.privacylog import append
from gateway.privacylog.entry import person, subject
from gateway.privacylog.messages import BerichtUitgelaten
from gateway.sealing import files as filejwe
from gateway.sealing import opening
from gateway.store.database import Connection
from schemas.inbox import Bericht, Veldgroep
from schemas.keyed import Keyed
from schemas.sealed import CONTENT
from schemas.uitlaat import Uitlaatrecord

PAGE = 500
SEALED = "verzegeling"
KINDS = {"csv": "text/csv", "xml": "application/xml", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class Handed(NamedTuple):
    """What one file has: records, and messages that were left in the inbox because they do not fit."""

    records: int
    unfit: int


class _Row(NamedTuple):
    """A message that went into the file, with the groups that were opened."""

    item: Item
    groups: tuple[Veldgroep, ...]


def hand(one: Handing) -> Handed:
    """Make one file of what is free now; nothing when nothing is.

    Raises:
        Forbidden: the purpose register. Unavailable: the log is behind, or the database is away. Misconfigured: a key or a payload.
    """
    stem = f"{FOLDER}-{one.gemeente}-{one.desk.today}"
    with into(one.desk.files, one.loket, FOLDER, stem) as out, one.desk.inbox.database.transaction(one.tenant) as connection:
        deskrows.alone(connection, one.gemeente)
        require_log(connection)
        chosen = choose(connection, one)
        handed = _File(connection, one, chosen).made(out) if chosen.found or chosen.closed else Handed(0, 0)
    if handed.records:
        one.desk.inbox.committed()
    return handed


class _File:
    """One file on its way, in one transaction."""

    def __init__(self, connection: Connection, one: Handing, chosen: Chosen) -> None:
        self._connection = connection
        self._one = one
        self._chosen = chosen
        self._shown = {item.id: bericht for item, bericht in chosen.found}
        self._needs = [group for group in CONTENT if group in layout.needs(one.layout.profiel)]
        self._releaser = opening.Releaser(one.desk.inbox.keys)
        self._rows = list[_Row]()
        self._unfit = list(chosen.closed)

    def made(self, out: Outgoing) -> Handed:
        """Hold, write, note and show; without a single record nothing is shown."""
        connection, one = self._connection, self._one
        claim = self._hold()
        nr = deskrows.next_number(connection, one.gemeente)
        ending = f"-{nr}{writing.ENDINGS[one.layout.profiel.formaat]}.jwe"
        writer = out.create(ending)
        kind = KINDS[one.layout.profiel.formaat]
        for part in filejwe.seal(writing.write(one.layout, self._cells(claim)), one.outlet.sleutel, kind):
            writer.write(part)
        writer.close()
        inbox.release(connection, one.gemeente, claim, [u.bericht for u in self._unfit])
        deskrows.set_aside(connection, one.gemeente, one.profiel, self._unfit, one.desk.now)
        if not self._rows:
            out.discard()
            return Handed(0, len(self._unfit))
        self._note(claim, out.id(ending), nr)
        out.commit(connection)
        return Handed(len(self._rows), len(self._unfit))

    def _hold(self) -> UUID:
        claim, one = ids.new(), self._one
        seconds = int((one.until + GRACE - one.desk.now).total_seconds())
        inbox.save_claim(
            self._connection, one.gemeente, claim, party=one.loket, doel=DOEL, wijze=FOLDER, lease_seconds=seconds
        )
        wanted = list(self._shown)
        inbox.hold(self._connection, one.gemeente, claim, DOEL, max(1, len(wanted)), seconds, only=wanted)
        return claim

    def _cells(self, claim: UUID) -> Iterator[list[Cell]]:
        """The rows, some messages in memory at a time."""
        after, one = 0, self._one
        while items := inbox.of_claim(self._connection, one.gemeente, claim, payload=True, after=after, limit=PAGE):
            keys = inbox.content_keys(self._connection, one.gemeente, [item.content_key for item in items])
            for item in items:
                try:
                    groups = self._opened(item, keys)
                    cells = one.layout.row(_record(self._shown[item.id], groups))
                except Onvulbaar as refused:
                    self._unfit.append(Unfit(item.id, f"kolom {refused.kolom}"))
                except (JoseError, KeyError, ValueError):
                    self._unfit.append(Unfit(item.id, SEALED))
                else:
                    self._rows.append(_Row(msgspec.structs.replace(item, payload=None), tuple(groups)))
                    yield cells
            after = items[-1].nr

    def _opened(self, item: Item, keys: Any) -> dict[Veldgroep, Any]:  # noqa: ANN401 - content keys by id
        desk = self._one.desk.inbox
        if item.payload is None:
            raise ValueError("the content is gone")
        sealed = opening.unwrap(item.payload, desk.keys.key(item.storage_key), self._one.gemeente, item.id, item.meta)
        groups = [group for group in self._needs if group in sealed]
        derived = self._releaser.release(keys[item.content_key], groups, item.id).groepssleutels or {}
        return {group: msgspec.convert(opening.clear(sealed[group], derived[group], group), CONTENT[group]) for group in groups}

    def _note(self, claim: UUID, bestand: UUID, nr: int) -> None:
        """The entries, the count of who was made readable, and which message stands in the file."""
        connection, one = self._connection, self._one
        desk = one.desk.inbox
        reversals.count(connection, one.sender, one.gemeente, dutch_day(one.desk.now), "opening", len(self._rows), desk.openings)
        key = Keyed(desk.keys.key(commitment()))
        append.append(connection, [self._entry(row, claim, bestand, key) for row in self._rows])
        file = Deskfile(
            id=bestand,
            gemeente=one.gemeente,
            loket=one.loket,
            nr=nr,
            soort="berichten",
            claim=claim,
            profiel=one.profiel,
            records=len(self._rows),
            gemaakt=one.desk.now,
            uiterlijk=one.until,
        )
        deskrows.add(connection, file, [row.item.id for row in self._rows])

    def _entry(self, row: _Row, claim: UUID, bestand: UUID, key: Keyed) -> BerichtUitgelaten:
        item, one, shown = row.item, self._one, self._shown[row.item.id]
        permit = self._chosen.permits[shown.sector]
        return BerichtUitgelaten(
            **one.frame.fields(),
            gemeente=one.gemeente,
            bericht=item.id,
            doel=DOEL,
            rij=permit.row,
            registerversie=permit.register_version,
            artikel=permit.artikel,
            claim=claim,
            veldgroepen=row.groups,
            indeling=shown.indeling,
            indelingsversie=shown.indelingsversie,
            betrokkene=subject(item.subject, key) if item.subject else None,
            persoon=person(item.subject_person, key) if item.subject_person else None,
            loket=one.loket,
            bestand=bestand,
            profiel=one.profiel,
            sleutel=one.outlet.sleutel.kid,
        )


def _record(shown: Bericht, groups: dict[Veldgroep, Any]) -> Uitlaatrecord:
    return Uitlaatrecord(
        id=shown.id,
        volgnummer=shown.volgnummer,
        soort=shown.soort,
        sector=shown.sector,
        schuldeiser=shown.schuldeiser,
        signaaldatum=shown.signaaldatum,
        ontvangen_op=dutch_day(shown.ontvangen_op),
        bedrag_cent=shown.bedrag_cent,
        indeling=shown.indeling,
        werkbak=shown.werkbak,
        crisis=shown.crisis,
        warme_overdracht=shown.warme_overdracht,
        voorrang=shown.voorrang,
        inhaalslag=shown.inhaalslag,
        eerder_bericht=shown.eerder_bericht,
        **groups,
    )
