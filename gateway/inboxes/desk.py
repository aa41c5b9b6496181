"""What the inbox flows work with, and how a stored message becomes a `Bericht`.

The indeling is computed from committed rows each time a message is shown. Authority: contract, "/gemeente/v1". A municipality
sees its own messages; anything else does not exist.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Unavailable
from gateway.feedback.recording import Feedback
from gateway.inboxes.placing import baskets_of, fact_of
from gateway.keys.keystore import KeyStore
from gateway.mailbox import later, matching
from gateway.mailbox.inbox import Item
from gateway.mailbox.reversals import OPENINGS
from gateway.matching import meldingid
from gateway.matching.indeling import ALONE, Melding, Period, meldingen, period_of
from gateway.partners.rows import sealer
from gateway.policy.register import PurposeRegister
from gateway.privacylog.entry import Frame
from gateway.sealing.sealing import Meta
from gateway.store.database import Transactions
from gateway.triage.baskets import Baskets, compiled
from schemas.inbox import Bericht
from schemas.keyed import Keyed

LAG_MAX_SECONDS = 60.0
_META = msgspec.json.Decoder(Meta)


class Desk(NamedTuple):
    """Made by the composition root. `openings`: of so many persons the gateway opens the content itself, in a day."""

    database: Transactions
    keys: KeyStore
    purposes: PurposeRegister
    clock: Clock
    committed: Callable[[], None]
    activity: Callable[[str], str]
    feedback: Feedback
    openings: int = OPENINGS

    @property
    def seals(self) -> Keyed:
        """What makes and checks the seals of settings."""
        return sealer(self.keys)

    def frame(self, caller: Sender, trace: Trace) -> Frame:
        """Who, when and in which trace, for the log."""
        return Frame(caller, trace, self.clock.now(), self.activity("ophalen"))


def require_log(connection: psycopg.Connection[Any]) -> None:
    """Nothing is disclosed while the log cannot be numbered. Raises Unavailable."""
    row = connection.execute("SELECT log_lag_seconds()").fetchone()
    if row is None or row[0] > LAG_MAX_SECONDS:
        raise Unavailable("LOG_LOOPT_ACHTER", "De verwerkingslog loopt achter; er worden nu geen gegevens verstrekt.", retry_after=30)


def newest_checkpoint(connection: psycopg.Connection[Any]) -> str | None:
    """The newest signed note of the log (C2SP), for the caller to keep as a witness."""
    row = connection.execute("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    return str(row[0]) if row else None


def show(connection: psycopg.Connection[Any], gemeente: str, items: Sequence[Item], keyed: Keyed) -> list[Bericht]:
    """Metadata of messages, without person data; `keyed` checks the seal of the baskets. Raises Misconfigured: they lack it."""
    addresses = list({item.address for item in items if item.address})
    around = matching.neighbours(connection, gemeente, addresses)
    before = matching.history(connection, gemeente, addresses)
    objections = matching.objections(connection, gemeente, addresses, [item.person for item in items if item.person])
    judged = {address: meldingen(found, before.get(address, ())) for address, found in around.items()}
    baskets = baskets_of(connection, gemeente, keyed) if items else compiled(None)
    newer = later.replaced(connection, gemeente, [item.id for item in items])
    shown = (_bericht(item, judged.get(item.address or b"", {}), objections, baskets) for item in items)
    return [msgspec.structs.replace(b, vervangen_door=newer[b.id]) if b.id in newer else b for b in shown]


def _bericht(item: Item, judged: Mapping[Period, Melding], objections: matching.Objections, baskets: Baskets) -> Bericht:
    meta = _META.decode(item.meta)
    melding = judged.get(period_of(dutch_day(item.received)))
    oordeel = melding.of(item.id) if melding else ALONE
    return Bericht(
        id=item.id,
        volgnummer=item.nr,
        staat=item.state,
        indeling=oordeel.indeling,
        kenmerken=list(oordeel.kenmerken) or None,
        indelingsversie=oordeel.version,
        melding=meldingid.of(item.address, melding.period) if item.address and melding else None,
        bezwaar_loopt=objections.touch(item.address, item.person) or None,
        werkbak=baskets.place(fact_of(meta, oordeel.indeling, baskets)).code,
        triage=baskets.shown(meta.triage),
        adrespseudoniem=item.address.hex() if item.address else "",
        eerder_bericht=item.earlier,
        ingetrokken_op=item.withdrawn_at,
        zaaknummer=item.zaaknummer,
        **{name: getattr(meta, name) for name in meta.__struct_fields__ if name != "triage"},
    )
