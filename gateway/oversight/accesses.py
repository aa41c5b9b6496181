"""From the entries of one municipality to what the review judges: who opened what, and what was there.

Authority: the events that give person data out are those with a claim or named here; what handles a message are those in `_HANDLES`.
A claim says who of the staff it is for, also for what is read again inside it. Leaves judging to `review`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gateway.oversight.review import Access, Case, Facts
from gateway.privacylog.afterwards import (
    BerichtDoorgezonden,
    BrievenGemaakt,
    ContactgegevensGelezen,
    OpvolgingGeclaimd,
    ZaakAfgesloten,
    ZaakGeopend,
)
from gateway.privacylog.entry import Disclosure, Entry
from gateway.privacylog.messages import BerichtAfgewezen, BerichtBevestigd, BerichtGeclaimd, SignaalBezorgd
from gateway.privacylog.overviews import SchuldenoverzichtGelezen, SchuldenoverzichtGevraagd, SchuldenoverzichtSamengesteld

ACCESS = (
    "bericht.geclaimd", "bericht.gelezen", "opvolging.geclaimd", "brieven.gemaakt", "zaak.contactgegevens_gelezen",
    "schuldenoverzicht.gelezen", "schuldenoverzicht.samengesteld",
)  # fmt: skip
"""Events that give person data out to a municipality or who acts for it."""
CONTEXT = (
    "signaal.bezorgd", "bericht.bevestigd", "bericht.afgewezen", "bericht.doorgezonden", "zaak.geopend", "zaak.afgesloten",
    "schuldenoverzicht.gevraagd",
)  # fmt: skip
_HANDLES = (ZaakGeopend, BerichtAfgewezen, BerichtDoorgezonden)


class Read(NamedTuple):
    """The accesses in order of time, and what was there."""

    accesses: list[Access]
    facts: Facts


def read(entries: Iterable[Entry], own: Mapping[str, frozenset[str]], now: datetime) -> Read:
    """Take up entries in order of time; `own` are the addresses of staff, by whom."""
    gathered = _Gathered()
    for entry in entries:
        gathered.take(entry)
    return Read(gathered.accesses, gathered.facts(own, now))


class _Gathered:
    """What was read so far."""

    def __init__(self) -> None:
        self.accesses: list[Access] = []
        self._holders: dict[UUID, tuple[str, bool]] = {}
        self._holder: dict[UUID, str] = {}
        self._subject: dict[UUID, str] = {}
        self._delivered: dict[UUID, datetime] = {}
        self._handled: dict[UUID, tuple[datetime, str]] = {}
        self._cases: dict[UUID, tuple[datetime, set[str]]] = {}
        self._closed: dict[UUID, datetime] = {}
        self._consent: dict[UUID, datetime] = {}

    def take(self, entry: Entry) -> None:
        """One entry."""
        if isinstance(entry, SignaalBezorgd):
            self._delivered[entry.bericht], self._subject[entry.bericht] = entry.tijd, entry.betrokkene
        elif isinstance(entry, Disclosure):
            self._disclosed(entry)
        elif isinstance(entry, ContactgegevensGelezen):
            self.accesses.append(Access(entry.id, entry.tijd, entry.partij, True, zaak=entry.zaak))
        elif isinstance(entry, SchuldenoverzichtGelezen | SchuldenoverzichtSamengesteld):
            self.accesses.append(Access(entry.id, entry.tijd, entry.partij, True, overzicht=entry.overzicht))
        elif isinstance(entry, SchuldenoverzichtGevraagd):
            self._consent[entry.overzicht] = entry.tijd
        elif isinstance(entry, ZaakAfgesloten):
            self._closed[entry.zaak] = entry.tijd
        self._handling(entry)

    def _disclosed(self, entry: Disclosure) -> None:
        if isinstance(entry, BerichtGeclaimd | OpvolgingGeclaimd):
            self._holders[entry.claim] = (entry.medewerker or entry.partij, entry.wijze == "bemand")
        who, manned = self._holders.get(entry.claim, (entry.partij, True))
        if not isinstance(entry, BrievenGemaakt):
            self._holder[entry.bericht] = who
        subject = entry.betrokkene or self._subject.get(entry.bericht)
        self.accesses.append(Access(entry.id, entry.tijd, who, manned, entry.bericht, subject, entry.claim))

    def _handling(self, entry: Entry) -> None:
        if isinstance(entry, _HANDLES) or (isinstance(entry, BerichtBevestigd) and entry.resultaat == "verwerkt"):
            self._handled.setdefault(entry.bericht, (entry.tijd, self._holder.get(entry.bericht, entry.partij)))
        if isinstance(entry, ZaakGeopend):
            _, subjects = self._cases.setdefault(entry.zaak, (entry.tijd, set()))
            subjects.update(filter(None, [self._subject.get(entry.bericht)]))

    def facts(self, own: Mapping[str, frozenset[str]], now: datetime) -> Facts:
        """What was there, once everything was read."""
        case = {zaak: Case(opened, self._closed.get(zaak)) for zaak, (opened, _) in self._cases.items()}
        cases: dict[str, list[Case]] = defaultdict(list)
        for zaak, (_, subjects) in self._cases.items():
            for one in subjects:
                cases[one].append(case[zaak])
        return Facts(self._delivered, self._handled, cases, case, self._consent, own, now)
