"""The proof for a court that a signal was delivered and when; without person data, valid after the payload is gone.

Authority: contract, "ontvangstbewijs" (reissued for 24 months); RFC 6962. The leaf is that of the receipt: the entry which gave the
message its number, so that the log itself, and not only our signature, says so. Inboxes count from 1, leaves from 0. A signal of
somebody else does not exist. Leaves the page to `gateway.api`.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec
import psycopg

from gateway.core.errors import Gone, NotFound, Unavailable
from gateway.keys.signing import ReceiptSigner
from gateway.privacylog import proofs
from gateway.privacylog.proofs import Proof
from gateway.signals.receive import Steps
from gateway.store.tenant import parties
from schemas.bewijs import Bewijs, Logbewijs

TERM = timedelta(days=731)
_FACTS = "SELECT * FROM signal_proof(%s, %s)"


class Log(Protocol):
    """What this needs of `gateway.store.database.Database`, role gw_log."""

    def transaction(self) -> AbstractContextManager[psycopg.Connection[Any]]:
        """One transaction, committed when the block ends."""
        ...


class Notary(NamedTuple):
    """What a proof is made with. `name_of` names a municipality; `address` is where it can be checked; `number` runs the sequencer."""

    log: Log
    signer: ReceiptSigner
    name_of: Callable[[str], str | None]
    address: str
    number: Callable[[], object]


def prove(principal: str, id: UUID, steps: Steps, notary: Notary) -> Bewijs:
    """The signed proof of a signal of this principal.

    Raises:
        NotFound: not the asker's. Gone: received more than 24 months ago. Unavailable: it has no number yet.
    """
    row = _facts(principal, id, steps)
    if row[5] is None:
        notary.number()
        row = _facts(principal, id, steps)
    gemeente, kenmerk, soort, sector, received, nr, claimed, withdrawn, reason = row
    now = steps.clock.now()
    if received < now - TERM:
        raise Gone("BEWIJS_VERLOPEN", "Een bewijs wordt tot 24 maanden na ontvangst afgegeven; een eerder bewijs blijft te controleren.")
    found = _in_log(nr, notary)
    bare = Bewijs(
        id=id,
        kenmerk=kenmerk,
        schuldeiser=principal,
        soort=soort,
        sector=sector,
        gemeente=gemeente,
        gemeentenaam=notary.name_of(gemeente) or gemeente,
        ontvangen_op=received,
        bezorgd_als_nummer=nr,
        opgehaald_op=claimed,
        ingetrokken_op=withdrawn,
        reden_intrekking=reason,
        opgemaakt_op=now,
        controleadres=notary.address,
        logblad=found.leaf.hex(),
        log=None if found.note is None else Logbewijs(nummer=nr - 1, pad=[h.hex() for h in found.path], controlepunt=found.note),
    )
    return msgspec.structs.replace(bare, handtekening=notary.signer.sign(bare))


def _facts(principal: str, id: UUID, steps: Steps) -> tuple[Any, ...]:
    with steps.database.transaction(parties(principal)) as connection:
        row: tuple[Any, ...] | None = connection.execute(_FACTS, (principal, id)).fetchone()
    if row is None:
        raise NotFound
    return row


def _in_log(nr: int | None, notary: Notary) -> Proof:
    with notary.log.transaction() as connection:
        found = None if nr is None else proofs.prove(connection, nr - 1)
    if found is None:
        raise Unavailable("NOG_NIET_GENUMMERD", "Dit signaal wordt nog verwerkt. Probeer het over enkele seconden opnieuw.", retry_after=2)
    return found
