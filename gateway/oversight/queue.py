"""The review queue: the accesses of a period that are not explained or speak against themselves, and their sign-off.

Judged anew from the log each time, with the months before the period as context, so that nothing is kept that could differ from it; what is
kept is the officer's word on an access, each one a row that stays. Authority: LG-07 (review queue with reasons and sign-off), AVG art. 32.
Leaves the rules to `review`.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, NotFound
from gateway.oversight import accesses, index, persons
from gateway.oversight.accesses import ACCESS, CONTEXT
from gateway.oversight.desk import Link, OversightDesk, whole_days
from gateway.oversight.index import ADDRESS
from gateway.oversight.review import Verdict, judge
from gateway.oversight.search import Viewer
from gateway.privacylog import append, staff
from gateway.privacylog.entries import Event, decode
from gateway.privacylog.oversight import EigenAdresVastgelegd, ToegangBeoordeeld, WachtrijGelezen
from schemas.toezicht import Beoordeeld, EigenAdres, EigenAdressen, Oordeel, Twijfelgeval, Wachtrij

CONTEXT_DAYS = timedelta(days=400)
MOST = 500
_ENTRIES = """
SELECT r.nr, e.body FROM toezicht_regel r JOIN log_entry e ON e.id = r.entry
WHERE r.gemeente = %s AND r.event = ANY (%s) AND r.tijd >= %s AND r.tijd < %s ORDER BY r.tijd, r.nr
"""
_JUDGED = "SELECT DISTINCT ON (entry) entry, oordeel, tijd FROM toegang_oordeel WHERE gemeente = %s ORDER BY entry, tijd DESC"
_IS_ACCESS = "SELECT FROM toezicht_regel WHERE gemeente = %s AND entry = %s AND event = ANY (%s)"
_SIGN = "INSERT INTO toegang_oordeel (gemeente, entry, oordeel, partij, tijd) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
_OWN = "SELECT medewerker, betrokkene FROM eigen_adres WHERE gemeente = %s"
_LIVES = """
INSERT INTO eigen_adres (gemeente, medewerker, betrokkene, vastgelegd) VALUES (%s, %s, %s, %s)
ON CONFLICT (gemeente, medewerker, betrokkene) DO UPDATE SET vastgelegd = excluded.vastgelegd
WHERE eigen_adres.vastgelegd < excluded.vastgelegd - 30
"""


class Period(NamedTuple):
    """So many days from a day on. `signed`: also what was signed off as in order."""

    van: date
    days: int
    signed: bool = False

    @property
    def tot(self) -> date:
        """The last day; it counts."""
        return date.fromordinal(min(self.van.toordinal() + self.days - 1, date.max.toordinal()))


def queue(caller: Sender, gemeente: str, trace: Trace, period: Period, desk: OversightDesk) -> Wachtrij:
    """What needs a look, the newest last; at most `MOST`, then ask for a shorter period."""
    begin, end = whole_days(period.van, period.tot)
    index.refresh(desk)
    with desk.database.transaction() as connection:
        kept = _entries(connection, gemeente, begin, desk)
        verdicts = [v for v in _verdicts(connection, gemeente, [e for _, e in kept], desk) if begin <= v.access.tijd < end]
        listed = [verdict for verdict in verdicts if verdict.reasons]
        said = {entry: (oordeel, at) for entry, oordeel, at in connection.execute(_JUDGED, (gemeente,))}
        shown = [v for v in listed if period.signed or said.get(v.access.entry, ("",))[0] != "in_orde"]
        places = {entry.id: (nr, entry) for nr, entry in kept}
        viewer = Viewer.of(connection, gemeente, desk)
        gevallen = [_case(v, viewer, places[v.access.entry], said.get(v.access.entry)) for v in shown[:MOST]]
        frame = desk.frame(caller, trace)
        append.append(connection, [WachtrijGelezen(**frame.fields(), gemeente=gemeente, aantal=len(gevallen))])
    desk.committed()
    explained = Counter(str(v.explained) for v in verdicts if not v.reasons)
    return Wachtrij(van=period.van, tot=period.tot, toegangen=len(verdicts), verklaard=dict(explained), gevallen=gevallen)


def sign_off(caller: Sender, gemeente: str, trace: Trace, id: UUID, oordeel: Oordeel, desk: OversightDesk) -> Beoordeeld:
    """An officer's word on one access; a later one counts, the earlier stays. Raises NotFound: no access in this municipality."""
    index.refresh(desk)
    now = desk.clock.now()
    with desk.database.transaction() as connection:
        if connection.execute(_IS_ACCESS, (gemeente, id, list(ACCESS))).fetchone() is None:
            raise NotFound
        if connection.execute(_SIGN, (gemeente, id, oordeel, caller.party, now)).rowcount != 1:
            raise Conflict("OORDEEL_GELIJKTIJDIG", "Deze toegang werd op hetzelfde moment al beoordeeld.")
        frame = desk.frame(caller, trace)
        append.append(connection, [ToegangBeoordeeld(**frame.fields(), gemeente=gemeente, regel=id, resultaat=oordeel)])
    desk.committed()
    return Beoordeeld(regel=id, oordeel=oordeel, beoordeeld_op=now)


def lives(caller: Sender, gemeente: str, trace: Trace, said: EigenAdres, desk: OversightDesk) -> EigenAdressen:
    """Write down where one of the staff lives; the same again only counts its term anew."""
    (about,) = persons.wanted(gemeente, None, [said.adres], desk).addresses
    today = dutch_day(desk.clock.now())
    address = about.removeprefix(f"{ADDRESS}:")
    with desk.database.transaction() as connection:
        who = staff.named(connection, gemeente, said.medewerker, desk.keys, today) or ""
        if connection.execute(_LIVES, (gemeente, who, address, today)).rowcount:
            frame = desk.frame(caller, trace)
            append.append(connection, [EigenAdresVastgelegd(**frame.fields(), gemeente=gemeente, medewerker=who, betrokkene=address)])
        count = len(connection.execute(_OWN, (gemeente,)).fetchall())
    desk.committed()
    return EigenAdressen(aantal=count)


def _entries(connection: Link, gemeente: str, begin: datetime, desk: OversightDesk) -> list[tuple[int, Event]]:
    """Accesses and what explains them, from before the period up to now: what was opened may have been handled since."""
    values = (gemeente, [*ACCESS, *CONTEXT], begin - CONTEXT_DAYS, desk.clock.now() + timedelta(minutes=1))
    return [(nr, decode(bytes(body))) for nr, body in connection.execute(_ENTRIES, values)]


def _verdicts(connection: Link, gemeente: str, entries: list[Event], desk: OversightDesk) -> list[Verdict]:
    own: dict[str, frozenset[str]] = {}
    for who, address in connection.execute(_OWN, (gemeente,)):
        own[who] = own.get(who, frozenset()) | {address}
    found = accesses.read(entries, own, desk.clock.now())
    return judge(found.accesses, found.facts)


def _case(verdict: Verdict, viewer: Viewer, place: tuple[int, Event], said: tuple[Oordeel, datetime] | None) -> Twijfelgeval:
    oordeel, at = said or (None, None)
    return Twijfelgeval(regel=viewer.line(*place), redenen=list(verdict.reasons), oordeel=oordeel, beoordeeld_op=at)
