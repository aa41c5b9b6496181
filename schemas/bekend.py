"""Aftercare and "already known": a municipality's own clients beside a message that it has opened, by what each client chose.

The list is the municipality's and stays there: nothing here is on the wire, stored or logged, and the gateway makes no such list. A client
is found only by a choice on record that holds that day; without one nobody is recognised. Authority: Wgs art. 1 (aftercare is debt help),
AVG art. 5 lid 1 onder b and c, art. 7 lid 3; contract, "Known clients". Pure. Leaves opening to the caller, and what follows to a person.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from schemas.identity import address, person_of, surname
from schemas.sealed import Identiteit
from schemas.signaal import Adres
from schemas.types import Wire
from schemas.zaken import Zaaknummer

Herkenning = Literal["al_bekend", "nazorg"]


class Keuze(Wire, frozen=True, kw_only=True):
    """What a client chose to be recognised for, when, and until when; an `ingetrokken_op` ends it that day. Both ends count."""

    waarvoor: Herkenning
    vastgelegd_op: date
    tot: date | None = None
    ingetrokken_op: date | None = None


class Bekende(Wire, frozen=True, kw_only=True):
    """A client of the municipality: `zaaknummer` is its own, `keuzes` what the client chose."""

    zaaknummer: Zaaknummer
    achternaam: str
    geboortedatum: date
    adressen: list[Adres]
    keuzes: Annotated[list[Keuze], Meta(min_length=1)]


class Treffer(Wire, frozen=True, kw_only=True):
    """A client that a message is about, for what the client chose. `mogelijk`: without a birth date; look before you act."""

    zaaknummer: Zaaknummer
    waarvoor: Herkenning
    zekerheid: Literal["zeker", "mogelijk"]


class Bekenden:
    """The clients that may be recognised on a day."""

    def __init__(self, bekenden: Iterable[Bekende], day: date) -> None:
        self._persons: dict[bytes, list[Bekende]] = {}
        self._homes: dict[tuple[str, bytes], list[Bekende]] = {}
        self._day = day
        for one in bekenden:
            person = person_of(one.achternaam, one.geboortedatum)
            if person is not None and self._chosen(one):
                self._persons.setdefault(person, []).append(one)
                for home in {address(adres) for adres in one.adressen}:
                    self._homes.setdefault((surname(one.achternaam), home), []).append(one)

    def hits(self, opened: Identiteit) -> list[Treffer]:
        """Whom an opened message is about: by surname and birth date, or by surname and address where it has no birth date.

        An address alone is nobody: somebody else may live there now.
        """
        found: dict[str, list[Treffer]] = {}
        for persoon in opened.personen:
            key = person_of(persoon.achternaam, persoon.geboortedatum) if persoon.geboortedatum else None
            zekerheid: Literal["zeker", "mogelijk"] = "zeker" if persoon.geboortedatum else "mogelijk"
            home = (surname(persoon.achternaam), address(opened.adres))
            clients = self._persons.get(key or b"", []) if persoon.geboortedatum else self._homes.get(home, [])
            for one in clients:
                if zekerheid == "zeker" or one.zaaknummer not in found:
                    found[one.zaaknummer] = [
                        Treffer(zaaknummer=one.zaaknummer, waarvoor=waarvoor, zekerheid=zekerheid) for waarvoor in self._chosen(one)
                    ]
        return [treffer for treffers in found.values() for treffer in treffers]

    def _chosen(self, bekende: Bekende) -> list[Herkenning]:
        return sorted({keuze.waarvoor for keuze in bekende.keuzes if _holds(keuze, self._day)})


def _holds(keuze: Keuze, day: date) -> bool:
    ended = keuze.ingetrokken_op is not None and keuze.ingetrokken_op <= day
    return keuze.vastgelegd_op <= day and (keuze.tot is None or day <= keuze.tot) and not ended
