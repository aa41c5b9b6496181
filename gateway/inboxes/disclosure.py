"""The only place where person data leaves for a municipality: purpose, keys, entry, in the caller's transaction.

Each message is one disclosure entry. Only the field groups that the purpose row names go out: as they were sealed, with the
wrapped content key (own key) or with derived keys of just those groups (managed key). Authority: AVG art. 5(1)(b) and (c);
architecture, "keys". The entry is inserted before anything is returned; without it the transaction fails and nothing goes out.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Forbidden
from gateway.inboxes.desk import Desk
from gateway.keys.names import commitment
from gateway.mailbox import inbox
from gateway.mailbox.inbox import Item
from gateway.policy.register import Row
from gateway.privacylog import append
from gateway.privacylog.entry import Entry, Frame, person, subject
from gateway.privacylog.messages import BerichtGeclaimd, BerichtGelezen
from gateway.sealing import opening
from schemas.inbox import Bericht, Veldgroep
from schemas.keyed import Keyed

RECEIVER = "gemeente"


class Claimed(NamedTuple):
    """Under which claim, by whom and why. `wijze` is None when a message is read again inside its claim.

    `medewerker`: the commitment to whom the case system named.
    """

    caller: Sender
    gemeente: str
    trace: Trace
    claim: UUID
    doel: str
    wijze: Literal["bemand", "onbemand"] | None
    medewerker: str | None = None


def disclose(connection: psycopg.Connection[Any], desk: Desk, claimed: Claimed, found: Sequence[tuple[Item, Bericht]]) -> list[Bericht]:
    """Add person data and keys to messages, and to those of a new claim the leaf of their entry; one that is read again is the same.

    Raises:
        Forbidden: no row of the purpose register allows it.
    """
    row = desk.purposes.reading(claimed.doel, RECEIVER, dutch_day(desk.clock.now()))
    if row is None:
        raise Forbidden("DOEL_NIET_TOEGESTAAN", "Voor dit doel mag deze organisatie geen persoonsgegevens ontvangen.")
    opened = _open(connection, desk, claimed, found, row.groups)
    frame = Frame(claimed.caller, claimed.trace, desk.clock.now(), row.activity)
    key = Keyed(desk.keys.key(commitment()))
    entries = [_entry(frame, claimed, item, b, row, desk.purposes.version, key) for (item, _), b in zip(found, opened, strict=True)]
    leaves = append.append(connection, entries)
    if claimed.wijze is None:
        return opened
    return [msgspec.structs.replace(bericht, logblad=leaf.hex()) for bericht, leaf in zip(opened, leaves, strict=True)]


def _open(
    connection: psycopg.Connection[Any], desk: Desk, claimed: Claimed, found: Sequence[tuple[Item, Bericht]], allowed: Sequence[str]
) -> list[Bericht]:
    content_keys = inbox.content_keys(connection, claimed.gemeente, [item.content_key for item, _ in found])
    releaser = opening.Releaser(desk.keys)
    opened = []
    for item, bericht in found:
        if item.payload is None or item.doel != claimed.doel:
            opened.append(bericht)
            continue
        sealed = opening.unwrap(item.payload, desk.keys.key(item.storage_key), claimed.gemeente, item.id, item.meta)
        groups: dict[Veldgroep, str] = {group: token for group, token in sealed.items() if group in allowed}
        sleutels = releaser.release(content_keys[item.content_key], groups, item.id)
        opened.append(msgspec.structs.replace(bericht, persoonsgegevens=groups, sleutels=sleutels))
    return opened


def _entry(frame: Frame, claimed: Claimed, item: Item, bericht: Bericht, row: Row, version: str, key: Keyed) -> Entry:
    fields: dict[str, Any] = {
        **frame.fields(),
        "gemeente": claimed.gemeente,
        "doel": claimed.doel,
        "rij": row.id,
        "registerversie": version,
        "artikel": row.artikel,
        "bericht": item.id,
        "claim": claimed.claim,
        "veldgroepen": tuple(bericht.persoonsgegevens or ()),
        "indeling": bericht.indeling,
        "indelingsversie": bericht.indelingsversie,
        "betrokkene": subject(item.subject, key) if item.subject else None,
        "persoon": person(item.subject_person, key) if item.subject_person else None,
    }
    if claimed.wijze is None:
        return BerichtGelezen(**fields)
    return BerichtGeclaimd(**fields, wijze=claimed.wijze, medewerker=claimed.medewerker)
