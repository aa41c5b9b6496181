"""Evidence for a court that a creditor did not answer a proposal: when it was delivered, opened, reminded of, and when its term ended.

Authority: Fw art. 287a (dwangakkoord: silence is no agreement, a court decides); RFC 6962 (inclusion of each entry in the log). No person
and no amount is in it; it holds after what was sealed is gone. Leaves the page to `gateway.api`.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from gateway.core.chain import Sender
from gateway.core.errors import Conflict, NotFound, Unavailable
from gateway.overviews.desk import OverviewDesk
from gateway.privacylog import proofs
from gateway.regelingen import rows, starting
from gateway.regelingen.rows import FactRow, PartyRow, WholeRow
from gateway.signals.proof import Notary
from gateway.store.tenant import municipality
from schemas.bewijs import Logbewijs
from schemas.regelingen import Feit, Stiltebewijs

BEFORE, AFTER = timedelta(minutes=10), timedelta(days=1)
"""How far from its own time an entry is looked for in the log, which is in order of numbering and not of entries."""
_NUMBER = """
SELECT nr FROM log_leaf WHERE entry = %(entry)s
  AND nr >= coalesce((SELECT size FROM log_checkpoint WHERE at < %(begin)s ORDER BY size DESC LIMIT 1), 0)
  AND nr < coalesce((SELECT size FROM log_checkpoint WHERE at > %(end)s ORDER BY size LIMIT 1), 9223372036854775807)
"""


def prove(caller: Sender, gemeente: str, id: UUID, desk: OverviewDesk, notary: Notary) -> Stiltebewijs:
    """The signed bundle on one message of a proposal.

    Raises:
        NotFound: no message of a proposal of this municipality. Conflict: the creditor was not silent, or may still answer.
        Unavailable: an entry has no number yet.
    """
    whole, party, facts = _read(caller, gemeente, id, desk)
    if party.state != "geen_reactie" or whole.voorstel is None:
        raise Conflict("GEEN_STILTE", "Deze schuldeiser heeft geantwoord, of kan dat nog; er is geen bewijs van stilte.")
    notary.number()
    with notary.log.transaction() as connection:
        shown = [_fact(connection, fact) for fact in facts]
    bare = Stiltebewijs(
        id=party.id,
        betaalvoorstel=whole.id,
        kenmerk=whole.kenmerk,
        zaaknummer=whole.zaaknummer,
        schuldeiser=party.schuldeiser,
        gemeente=gemeente,
        gemeentenaam=notary.name_of(gemeente) or gemeente,
        voorstel=whole.voorstel,
        termijn_werkdagen=whole.werkdagen or 0,
        uiterlijk=whole.einde,
        feiten=shown,
        opgemaakt_op=desk.clock.now().astimezone(UTC),
        controleadres=notary.address,
    )
    return msgspec.structs.replace(bare, handtekening=notary.signer.sign(bare))


def _read(caller: Sender, gemeente: str, id: UUID, desk: OverviewDesk) -> tuple[WholeRow, PartyRow, list[FactRow]]:
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        party = rows.party(connection, gemeente, id)
        whole = starting.visible(connection, caller, gemeente, "betaalvoorstel", party.regeling, desk) if party else None
        if party is None or whole is None:
            raise NotFound
        return whole, party, rows.facts(connection, gemeente, id)


def _fact(connection: psycopg.Connection[Any], fact: FactRow) -> Feit:
    nr = _number(connection, fact.entry, fact.at)
    found = None if nr is None else proofs.prove(connection, nr)
    if nr is None or found is None:
        raise Unavailable("NOG_NIET_GENUMMERD", "Dit bewijs wordt nog verwerkt. Probeer het over enkele seconden opnieuw.", retry_after=2)
    log = None if found.note is None else Logbewijs(nummer=nr, pad=[h.hex() for h in found.path], controlepunt=found.note)
    return Feit(soort=fact.soort, op=fact.at.astimezone(UTC), logblad=found.leaf.hex(), log=log)


def _number(connection: psycopg.Connection[Any], entry: UUID, at: datetime) -> int | None:
    row = connection.execute(_NUMBER, {"entry": entry, "begin": at - BEFORE, "end": at + AFTER}).fetchone()
    return None if row is None else int(row[0])
