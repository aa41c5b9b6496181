"""The review queue: the accesses of a period that are not explained or speak against themselves, and their sign-off.

All of it is judged from the log, with the months before the period as context (`memory`): the accesses, what explains them, the
addresses of staff, and what officers said. Nothing is stored that could differ from it. Nobody signs off his own access, by certificate,
account or name (`own`); one at an address of staff takes two officers. Authority: LG-07 (review queue with reasons and sign-off), AVG
art. 32. Leaves the rules to `review`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import LiteralString, NamedTuple
from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Forbidden, NotFound
from gateway.oversight import index, own, persons
from gateway.oversight.accesses import ACCESS
from gateway.oversight.desk import Link, OversightDesk, whole_days
from gateway.oversight.evidence import Access
from gateway.oversight.index import ADDRESS
from gateway.oversight.review import Verdict
from gateway.oversight.search import Viewer
from gateway.privacylog import append, staff
from gateway.privacylog.entries import Event
from gateway.privacylog.entry import name_of
from gateway.privacylog.oversight import EigenAdresVastgelegd, ToegangBeoordeeld, WachtrijGelezen
from gateway.store.tenant import municipality
from schemas.ontvangst import Bevinding
from schemas.toezicht import WACHTRIJ_DAGEN, Beoordeeld, EigenAdres, EigenAdressen, Oordeel, Twijfelgeval, Wachtrij

MOST = 500
_THESE: LiteralString = "r.entry = ANY (%(entries)s)"
_SAID: LiteralString = "r.event = 'toegang.beoordeeld' AND r.tijd >= %(begin)s ORDER BY r.nr"
_OWN: LiteralString = "r.event = 'toezicht.eigen_adres' ORDER BY r.nr"


class Word(NamedTuple):
    """What an officer said of an access, with its number in the log."""

    nr: int
    entry: ToegangBeoordeeld


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
    """What needs a look, the newest last; at most `MOST`, then ask for a shorter period. Raises Conflict: it begins too long ago."""
    _require_recent(period.van, dutch_day(desk.clock.now()))
    begin, end = whole_days(period.van, period.tot)
    index.refresh(desk)
    with desk.database.transaction(municipality(gemeente)) as connection:
        every = desk.verdicts(connection, gemeente, begin, _own(connection, gemeente))
        verdicts = [verdict for verdict in every if begin <= verdict.access.tijd < end]
        said = _said(connection, gemeente, begin)
        viewer = Viewer.of(connection, gemeente, desk)
        cases = [(verdict, _words(verdict.access, said, viewer.staff)) for verdict in verdicts if verdict.reasons]
        shown = [(verdict, words) for verdict, words in cases if period.signed or not _settled(verdict, words)]
        places = _places(connection, gemeente, [verdict.access.entry for verdict, _ in shown[:MOST]])
        gevallen = [_case(verdict, viewer, places[verdict.access.entry], words) for verdict, words in shown[:MOST]]
        frame = desk.frame(caller, trace)
        append.append(connection, [WachtrijGelezen(**frame.fields(), gemeente=gemeente, aantal=len(gevallen))])
    desk.committed()
    explained = Counter(str(v.explained) for v in verdicts if not v.reasons)
    return Wachtrij(van=period.van, tot=period.tot, toegangen=len(verdicts), verklaard=dict(explained), gevallen=gevallen)


def _require_recent(van: date, today: date) -> None:
    """Raises Conflict. What is judged is the log since then, and more than a year before it: one look must not read all that there is."""
    if (today - van).days >= WACHTRIJ_DAGEN:
        melding = f"De wachtrij gaat hoogstens {WACHTRIJ_DAGEN} dagen terug. Zoek oudere toegangen in de log; daar beoordeelt u ze ook."
        finding = Bevinding(code="PERIODE_TE_OUD", oordeel="fout", melding=melding, pointer="/van")
        raise Conflict("PERIODE_TE_OUD", melding, errors=[finding])


def sign_off(
    caller: Sender, gemeente: str, trace: Trace, id: UUID, oordeel: Oordeel, desk: OversightDesk, known: Collection[str] = ()
) -> Beoordeeld:
    """An officer's word on one access; the last one counts, all stay. `known`: what a person who logged in is called.

    Raises:
        NotFound: no access in this municipality. Forbidden: it is the caller's own.
    """
    index.refresh(desk)
    with desk.database.transaction(municipality(gemeente)) as connection:
        found = index.one(connection, gemeente, id)
        if found is None or name_of(found.entry) not in ACCESS:
            raise NotFound
        made_by, names = own.staff_in(connection, gemeente, found.entry), staff.names(connection, gemeente, desk.keys)
        called = own.is_called(known, made_by, gemeente, names, desk.commitments())
        if called or caller.may_be(found.entry.partij, found.entry.gebruiker):
            raise Forbidden("OORDEEL_EIGEN_TOEGANG", "Over een toegang van uzelf oordeelt een ander.")
        frame = desk.frame(caller, trace)
        append.append(connection, [ToegangBeoordeeld(**frame.fields(), gemeente=gemeente, regel=id, resultaat=oordeel)])
    desk.committed()
    return Beoordeeld(regel=id, oordeel=oordeel, beoordeeld_op=frame.at)


def lives(caller: Sender, gemeente: str, trace: Trace, said: EigenAdres, desk: OversightDesk) -> EigenAdressen:
    """Write down where one of the staff lives; the same again changes nothing. Raises TooMany: an address named counts as one sought."""
    index.refresh(desk)
    wanted = persons.wanted(gemeente, None, [said.adres], desk)
    with desk.database.transaction(municipality(gemeente, caller.party)) as connection:
        (about,) = persons.admit(connection, caller, wanted, desk)
        address = about.removeprefix(f"{ADDRESS}:")
        who = staff.named(connection, gemeente, said.medewerker, desk.keys, dutch_day(desk.clock.now())) or ""
        lived = _own(connection, gemeente)
        if address not in lived[who]:
            lived[who].add(address)
            frame = desk.frame(caller, trace)
            append.append(connection, [EigenAdresVastgelegd(**frame.fields(), gemeente=gemeente, medewerker=who, betrokkene=address)])
    desk.committed()
    return EigenAdressen(aantal=sum(len(found) for found in lived.values()))


def _places(connection: Link, gemeente: str, entries: list[UUID]) -> dict[UUID, tuple[int, Event]]:
    """Entries with their numbers. Raises Damaged."""
    return {line.entry.id: (line.nr, line.entry) for line in index.read(connection, gemeente, _THESE, entries=entries)}


def _own(connection: Link, gemeente: str) -> defaultdict[str, set[str]]:
    """Addresses of staff as the log says, by whom."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in index.read(connection, gemeente, _OWN):
        if isinstance(line.entry, EigenAdresVastgelegd):
            found[line.entry.medewerker].add(line.entry.betrokkene)
    return found


def _said(connection: Link, gemeente: str, begin: datetime) -> dict[UUID, list[Word]]:
    """The words on accesses as the log says, in order."""
    said: dict[UUID, list[Word]] = defaultdict(list)
    for line in index.read(connection, gemeente, _SAID, begin=begin):
        if isinstance(line.entry, ToegangBeoordeeld):
            said[line.entry.regel].append(Word(line.nr, line.entry))
    return said


def _words(access: Access, said: Mapping[UUID, list[Word]], names: Mapping[str, str]) -> list[ToegangBeoordeeld]:
    """The words on an access that count: said after it, by somebody else, who is not called the same either."""
    return [
        word.entry for word in said.get(access.entry, ())
        if word.nr > access.nr and not _speaker(word.entry).may_be(access.party, access.user)
        and not own.same(names.get(word.entry.gebruiker or ""), names.get(access.who))
    ]  # fmt: skip


def _speaker(word: ToegangBeoordeeld) -> Sender:
    return Sender(word.partij, word.principaal, word.gebruiker)


def _settled(verdict: Verdict, words: Sequence[ToegangBeoordeeld]) -> bool:
    """Whether it was found in order, at an address of staff by two officers, and nobody said otherwise since."""
    agreed: list[Sender] = []
    for word in words:
        if word.resultaat != "in_orde":
            agreed = []
        elif not any(_speaker(word).may_be(one.party, one.user) for one in agreed):
            agreed.append(_speaker(word))
    return len(agreed) >= (2 if "eigen_adres" in verdict.reasons else 1)


def _case(verdict: Verdict, viewer: Viewer, place: tuple[int, Event], words: Sequence[ToegangBeoordeeld]) -> Twijfelgeval:
    last = words[-1] if words else None
    return Twijfelgeval(
        regel=viewer.line(*place),
        redenen=list(verdict.reasons),
        oordeel=last.resultaat if last else None,
        beoordeeld_op=last.tijd if last else None,
    )
