"""What the operator sees of files: which are there, how far they are, how they ended. Names and counts, nothing of their content.

Authority: architecture, "processes". Reads with the rights of the office. Leaves showing to the command line.
"""

from datetime import datetime
from typing import NamedTuple

import msgspec

from gateway.store.database import Transactions
from schemas.bestandsbewijs import Bestandsaantallen, Bestandsuitslag

_RESULT = msgspec.json.Decoder(Bestandsuitslag)
_QUERY = """
SELECT b.id::text, b.party, b.naam, b.state, b.size, b.received, b.records, b.finished, b.result,
       coalesce(sum(d.records) FILTER (WHERE d.done IS NOT NULL), 0)::int,
       coalesce(sum(d.bezorgd), 0)::int, coalesce(sum(d.eerder), 0)::int, coalesce(sum(d.geweigerd), 0)::int,
       coalesce(sum(d.quarantaine), 0)::int, coalesce(sum(d.ingetrokken), 0)::int
FROM bestand b LEFT JOIN bestand_deel d ON d.bestand = b.id
WHERE b.finished IS NULL OR b.finished > %s
GROUP BY b.id ORDER BY b.id DESC LIMIT %s
"""


class Progress(NamedTuple):
    """One file. `done` of `records` have an outcome; `records` is None until it was read."""

    id: str
    party: str
    naam: str
    state: str
    size: int
    received: datetime | None
    finished: datetime | None
    records: int | None
    done: int
    counts: Bestandsaantallen


def files(database: Transactions, ended_since: datetime, limit: int) -> list[Progress]:
    """The newest files first: those in progress, and those that ended after a moment."""
    with database.transaction() as connection:
        rows = connection.execute(_QUERY, (ended_since, limit)).fetchall()
    return [_progress(*row) for row in rows]


def _progress(  # noqa: PLR0913, PLR0917 - the columns
    id: str,
    party: str,
    naam: str,
    state: str,
    size: int,
    received: datetime | None,
    records: int | None,
    finished: datetime | None,
    result: bytes | None,
    done: int,
    *counted: int,
) -> Progress:
    if result is not None:
        counts = _RESULT.decode(result).aantallen
        return Progress(id, party, naam, state, size, received, finished, records, records or 0, counts)
    bezorgd, eerder, geweigerd, quarantaine, ingetrokken = counted
    counts = Bestandsaantallen(
        aangeboden=records or 0,
        bezorgd=bezorgd,
        eerder_ontvangen=eerder,
        geweigerd=geweigerd,
        in_quarantaine=quarantaine,
        ingetrokken=ingetrokken,
    )
    return Progress(id, party, naam, state, size, received, finished, records, done, counts)
