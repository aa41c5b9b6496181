"""What the inbox flows work with, and how a stored message becomes a `Bericht`.

The indeling is computed from committed rows each time a message is shown. Authority: contract, "/gemeente/v1". A municipality
sees its own messages; anything else does not exist.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock
from gateway.core.errors import Unavailable
from gateway.keys.keystore import KeyStore
from gateway.mailbox import inbox
from gateway.mailbox.inbox import Item
from gateway.matching.indeling import indeling
from gateway.policy.register import PurposeRegister
from gateway.privacylog.entries import Frame
from gateway.sealing.sealing import Meta
from gateway.store.database import Database
from schemas.inbox import Bericht

LAG_MAX_SECONDS = 60.0
_META = msgspec.json.Decoder(Meta)


class Desk(NamedTuple):
    """Made by the composition root. `checkpoint` gives the newest signed note, for the caller to keep as a witness."""

    database: Database
    keys: KeyStore
    purposes: PurposeRegister
    clock: Clock
    checkpoint: Callable[[], str | None]
    committed: Callable[[], None]
    activity: Callable[[str], str]

    def frame(self, caller: Sender, trace: Trace) -> Frame:
        """Who, when and in which trace, for the log."""
        return Frame(caller, trace, self.clock.now(), self.activity("ophalen"))


def require_log(connection: psycopg.Connection[Any]) -> None:
    """Nothing is disclosed while the log cannot be numbered. Raises Unavailable."""
    row = connection.execute("SELECT log_lag_seconds()").fetchone()
    if row is None or row[0] > LAG_MAX_SECONDS:
        raise Unavailable("LOG_LOOPT_ACHTER", "De verwerkingslog loopt achter; er worden nu geen gegevens verstrekt.", retry_after=30)


def show(connection: psycopg.Connection[Any], gemeente: str, items: Sequence[Item]) -> list[Bericht]:
    """Metadata of messages, without person data."""
    around = inbox.neighbours(connection, gemeente, [item.address for item in items if item.address])
    return [_bericht(item, around.get(item.address or b"", [])) for item in items]


def _bericht(item: Item, around: Sequence[inbox.Neighbour]) -> Bericht:
    meta = _META.decode(item.meta)
    return Bericht(
        id=item.id,
        volgnummer=item.nr,
        staat=item.state,
        indeling=indeling(item.id, around),
        adrespseudoniem=item.address.hex() if item.address else "",
        eerder_bericht=item.earlier,
        ingetrokken_op=item.withdrawn_at,
        zaaknummer=item.zaaknummer,
        **{name: getattr(meta, name) for name in meta.__struct_fields__},
    )
