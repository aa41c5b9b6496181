"""From the entries of one municipality to what the review judges: who opened what, and what was there.

Authority: the events that give person data out are those with a claim or named here; what handles a message are those in `_HANDLES`.
A claim says who of the staff it is for, also for what is read again inside it. Leaves judging to `review`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gateway.oversight.evidence import Access, Case, Facts, Since
from gateway.privacylog.afterwards import (
    BerichtDoorgezonden,
    BrievenGemaakt,
    ContactgegevensGelezen,
    OpvolgingGeclaimd,
    ZaakAfgesloten,
    ZaakGeopend,
)
from gateway.privacylog.entry import Disclosure, Entry
from gateway.privacylog.messages import BerichtAfgewezen, BerichtBevestigd, BerichtGeclaimd, BerichtUitgelaten, SignaalBezorgd
from gateway.privacylog.overviews import SchuldenoverzichtGelezen, SchuldenoverzichtGevraagd, SchuldenoverzichtSamengesteld

ACCESS = (
    "bericht.geclaimd", "bericht.gelezen", "bericht.uitgelaten", "opvolging.geclaimd", "brieven.gemaakt", "zaak.contactgegevens_gelezen",
    "schuldenoverzicht.gelezen", "schuldenoverzicht.samengesteld",
)  # fmt: skip
"""Events that give person data out to a municipality or who acts for it."""
CONTEXT = (
    "signaal.bezorgd", "bericht.bevestigd", "bericht.afgewezen", "bericht.doorgezonden", "zaak.geopend", "zaak.afgesloten",
    "schuldenoverzicht.gevraagd",
)  # fmt: skip
_HANDLES = (ZaakGeopend, BerichtAfgewezen, BerichtDoorgezonden)


class Read(NamedTuple):
    """The accesses in the order of the log, and what was there."""

    accesses: list[Access]
    facts: Facts


def read(entries: Iterable[tuple[int, Entry]], own: Mapping[str, Set[str]], now: datetime) -> Read:
    """Take up numbered entries in the order of the log; `own` are the addresses of staff, by whom."""
    gathered = Gathered()
    for nr, entry in entries:
        gathered.take(nr, entry)
    return Read(gathered.accesses, gathered.facts(own, now))


class Gathered:
    """What was read so far, in the order of the log. What is said first counts: a later entry takes nothing back."""

    def __init__(self) -> None:
        self.accesses: list[Access] = []
        self._holders: dict[UUID, tuple[str, bool]] = {}
        self._holder: dict[UUID, str] = {}
        self._subject: dict[UUID, str] = {}
        self._delivered: dict[UUID, Since] = {}
        self._received: dict[UUID, datetime] = {}
        self._handled: dict[UUID, tuple[datetime, str]] = {}
        self._opened: dict[UUID, Since] = {}
        self._about: dict[str, dict[UUID, Since]] = defaultdict(dict)
        self._closed: dict[UUID, datetime] = {}
        self._consent: dict[UUID, Since] = {}

    def take(self, nr: int, entry: Entry) -> None:
        """One entry."""
        since = Since(entry.tijd, nr)
        if isinstance(entry, SignaalBezorgd):
            self._delivered.setdefault(entry.bericht, since)
            self._subject.setdefault(entry.bericht, entry.betrokkene)
        elif isinstance(entry, Disclosure):
            self._disclosed(nr, entry)
        elif isinstance(entry, ContactgegevensGelezen):
            self._looked(nr, entry, zaak=entry.zaak)
        elif isinstance(entry, SchuldenoverzichtGelezen | SchuldenoverzichtSamengesteld):
            self._looked(nr, entry, overzicht=entry.overzicht)
        elif isinstance(entry, SchuldenoverzichtGevraagd):
            self._consent.setdefault(entry.overzicht, since)
        elif isinstance(entry, ZaakAfgesloten):
            self._closed.setdefault(entry.zaak, entry.tijd)
        elif isinstance(entry, ZaakGeopend):
            self._case(since, entry)
        self._handling(entry)

    def _looked(self, nr: int, entry: Entry, *, zaak: UUID | None = None, overzicht: UUID | None = None) -> None:
        who = entry.gebruiker or entry.partij
        made = Access(entry.id, entry.tijd, who, True, zaak=zaak, overzicht=overzicht, party=entry.partij, nr=nr, user=entry.gebruiker)
        self.accesses.append(made)

    def _disclosed(self, nr: int, entry: Disclosure) -> None:
        if isinstance(entry, BerichtGeclaimd | OpvolgingGeclaimd):
            manned = entry.wijze == "bemand"  # a name beside an unattended claim says nothing: it is judged as the system that it is
            name = entry.gebruiker or entry.medewerker  # who logged in is proof, whom a system names is not
            self._holders.setdefault(entry.claim, (name or entry.partij if manned else entry.partij, manned))
        if isinstance(entry, BerichtUitgelaten):
            self._holders.setdefault(entry.claim, (entry.partij, False))  # a job, and no person
        who, manned = self._holders.get(entry.claim, (entry.partij, True))
        if not isinstance(entry, BrievenGemaakt):
            self._holder[entry.bericht] = who
        subject = entry.betrokkene or self._subject.get(entry.bericht)
        made = Access(
            entry.id, entry.tijd, who, manned, entry.bericht, subject, entry.claim, party=entry.partij, nr=nr, user=entry.gebruiker
        )
        self.accesses.append(made)

    def _handling(self, entry: Entry) -> None:
        if isinstance(entry, _HANDLES) or (isinstance(entry, BerichtBevestigd) and entry.resultaat == "verwerkt"):
            self._handled.setdefault(entry.bericht, (entry.tijd, self._holder.get(entry.bericht, entry.partij)))
        if isinstance(entry, (*_HANDLES, BerichtBevestigd)):
            self._received.setdefault(entry.bericht, entry.tijd)

    def _case(self, since: Since, entry: ZaakGeopend) -> None:
        """A case is of a resident since his message came into it, which may be long after it was opened."""
        self._opened.setdefault(entry.zaak, since)
        if subject := self._subject.get(entry.bericht):
            self._about[subject].setdefault(entry.zaak, since)

    def facts(self, own: Mapping[str, Set[str]], now: datetime) -> Facts:
        """What was there, once everything was read."""
        return Facts(
            delivered=self._delivered,
            received=self._received,
            handled=self._handled,
            cases={who: [Case(since, self._closed.get(zaak)) for zaak, since in found.items()] for who, found in self._about.items()},
            case={zaak: Case(since, self._closed.get(zaak)) for zaak, since in self._opened.items()},
            consent=self._consent,
            own=own,
            now=now,
        )
