"""A leak: how many residents and messages were touched by a party, by what was sealed to a key, or in a period.

Counts for the report to the authority within 72 hours (AVG art. 33); no list of persons, which the municipality makes itself. A resident is
counted by person, else by address. Authority: AVG art. 33 and 34. Leaves judging the risk to the municipality.
"""

from collections import Counter
from typing import Any, Literal, LiteralString

from gateway.core.chain import Sender, Trace
from gateway.core.errors import Invalid
from gateway.oversight import index
from gateway.oversight.desk import Link, OversightDesk, whole_days
from gateway.oversight.index import ABOUT, ADDRESS, MESSAGE, PERSON, Found
from gateway.privacylog import append
from gateway.privacylog.entry import name_of
from gateway.privacylog.oversight import LekOnderzocht
from gateway.store.tenant import municipality
from schemas.ontvangst import findings
from schemas.strict import Fout
from schemas.toezicht import Gebeurtenistelling, Lekrapport, LekVraag

_TOUCHED: LiteralString = f"""
r.tijd >= %(van)s AND r.tijd < %(tot)s
  AND (%(partij)s::text IS NULL OR r.partij = %(partij)s OR r.principaal = %(partij)s)
  AND (%(about)s::text[] IS NULL OR {ABOUT})
"""
_NAMES: LiteralString = f"r.event = 'signaal.bezorgd' AND {ABOUT}"
_SEALED = "SELECT bericht FROM berichten_van_sleutel(%s, %s)"


def require_order(vraag: LekVraag) -> LekVraag:
    """For who types a period. Raises Invalid: it ends before it begins, of which a count of nothing would not be true."""
    if vraag.tot < vraag.van:
        melding = "De laatste dag ligt voor de eerste."
        raise Invalid("PERIODE_ONGELDIG", melding, errors=[*findings([Fout("/tot", "PERIODE_ONGELDIG", melding)])])
    return vraag


def report(caller: Sender, gemeente: str, trace: Trace, vraag: LekVraag, desk: OversightDesk) -> Lekrapport:
    """The counts; of a period that ends before it begins, nothing."""
    index.refresh(desk)
    with desk.database.transaction(municipality(gemeente)) as connection:
        lines = index.read(connection, gemeente, _TOUCHED, **_values(connection, gemeente, vraag))
        touched = [line._replace(body=b"") for line in lines if line.subjects(MESSAGE)]
        berichten = sorted({one for line in touched for one in line.subjects(MESSAGE)})
        named = {one: _who(line) for line in index.read(connection, gemeente, _NAMES, about=berichten) for one in line.subjects(MESSAGE)}
        people = {named.get(one) for one in berichten} - {None}
        kind: Literal["deelnemer", "sleutel", "periode"] = "deelnemer" if vraag.deelnemer else "sleutel" if vraag.sleutel else "periode"
        frame = desk.frame(caller, trace)
        append.append(
            connection, [LekOnderzocht(**frame.fields(), gemeente=gemeente, aantal=len(people), onderwerp=kind, deelnemer=vraag.deelnemer)]
        )
    desk.committed()
    times, events = [line.entry.tijd for line in touched], Counter(name_of(line.entry) for line in touched)
    return Lekrapport(
        betrokkenen=len(people),
        berichten=len(berichten),
        zonder_naam=sum(named.get(one) is None for one in berichten),
        gebeurtenissen=[Gebeurtenistelling(gebeurtenis=e, aantal=n) for e, n in sorted(events.items())],
        veldgroepen=sorted({group for line in touched for group in getattr(line.entry, "veldgroepen", ())}),
        eerste_op=min(times, default=None),
        laatste_op=max(times, default=None),
    )


def _values(connection: Link, gemeente: str, vraag: LekVraag) -> dict[str, Any]:
    about, (begin, end) = None, whole_days(vraag.van, vraag.tot)
    if vraag.sleutel:
        about = [f"{MESSAGE}:{id}" for (id,) in connection.execute(_SEALED, (gemeente, vraag.sleutel))]
    return {
        "van": begin,
        "tot": end,
        "partij": vraag.deelnemer,
        "about": about,
    }


def _who(line: Found) -> str | None:
    """Whom a message is about: the person, else the address."""
    return next(iter(line.subjects(PERSON, ADDRESS)), None)
