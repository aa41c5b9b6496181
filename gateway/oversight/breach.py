"""A leak: how many residents and messages were touched by a party, by what was sealed to a key, or in a period.

Counts for the report to the authority within 72 hours (AVG art. 33); no list of persons, which the municipality makes itself. A resident is
counted by person, else by address. Authority: AVG art. 33 and 34. Leaves judging the risk to the municipality.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

from gateway.core.chain import Sender, Trace
from gateway.oversight import index
from gateway.oversight.desk import Link, OversightDesk, whole_days
from gateway.oversight.index import ADDRESS, MESSAGE, PERSON
from gateway.privacylog import append
from gateway.privacylog.entries import decode
from gateway.privacylog.oversight import LekOnderzocht
from gateway.store.tenant import municipality
from schemas.toezicht import Gebeurtenistelling, Lekrapport, LekVraag

_ROWS = """
SELECT r.tijd, r.event, r.onderwerpen, e.body FROM toezicht_regel r JOIN log_entry e ON e.id = r.entry
WHERE r.gemeente = %(gemeente)s AND r.tijd >= %(van)s AND r.tijd < %(tot)s
  AND (%(partij)s::text IS NULL OR r.partij = %(partij)s OR r.principaal = %(partij)s)
  AND (%(about)s::text[] IS NULL OR r.onderwerpen && %(about)s::text[])
"""
_NAMES = "SELECT onderwerpen FROM toezicht_regel WHERE gemeente = %s AND event = 'signaal.bezorgd' AND onderwerpen && %s::text[]"
_SEALED = "SELECT bericht FROM berichten_van_sleutel(%s, %s)"


def report(caller: Sender, gemeente: str, trace: Trace, vraag: LekVraag, desk: OversightDesk) -> Lekrapport:
    """The counts."""
    index.refresh(desk)
    with desk.database.transaction(municipality(gemeente)) as connection:
        rows = [row for row in connection.execute(_ROWS, _values(connection, gemeente, vraag)) if _subjects(row[2], MESSAGE)]
        berichten = sorted({one for row in rows for one in _subjects(row[2], MESSAGE)})
        named = {one: about for (about,) in connection.execute(_NAMES, (gemeente, berichten)) for one in _subjects(about, MESSAGE)}
        people = {_who(named.get(one, ())) for one in berichten} - {None}
        kind: Literal["deelnemer", "sleutel", "periode"] = "deelnemer" if vraag.deelnemer else "sleutel" if vraag.sleutel else "periode"
        frame = desk.frame(caller, trace)
        append.append(
            connection, [LekOnderzocht(**frame.fields(), gemeente=gemeente, aantal=len(people), onderwerp=kind, deelnemer=vraag.deelnemer)]
        )
    desk.committed()
    times = [row[0] for row in rows]
    return Lekrapport(
        betrokkenen=len(people),
        berichten=len(berichten),
        zonder_naam=sum(_who(named.get(one, ())) is None for one in berichten),
        gebeurtenissen=[Gebeurtenistelling(gebeurtenis=e, aantal=n) for e, n in sorted(Counter(row[1] for row in rows).items())],
        veldgroepen=sorted({group for row in rows for group in getattr(decode(bytes(row[3])), "veldgroepen", ())}),
        eerste_op=min(times, default=None),
        laatste_op=max(times, default=None),
    )


def _values(connection: Link, gemeente: str, vraag: LekVraag) -> dict[str, Any]:
    about, (begin, end) = None, whole_days(vraag.van, vraag.tot)
    if vraag.sleutel:
        about = [f"{MESSAGE}:{id}" for (id,) in connection.execute(_SEALED, (gemeente, vraag.sleutel))]
    return {
        "gemeente": gemeente,
        "van": begin,
        "tot": end,
        "partij": vraag.deelnemer,
        "about": about,
    }


def _subjects(about: Sequence[str], kind: str) -> list[str]:
    return [one for one in about if one.startswith(f"{kind}:")]


def _who(about: Sequence[str]) -> str | None:
    """Whom a message is about: the person, else the address."""
    found = [*_subjects(about, PERSON), *_subjects(about, ADDRESS)]
    return found[0] if found else None
