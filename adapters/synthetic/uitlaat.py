"""Messages as an outlet profile sees them, about persons who do not exist: to try a profile with, without a gateway.

Knows the wire form only. Leaves signals to `generator`.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import msgspec

from adapters.synthetic.generator import Creditor, Generator, Place
from schemas.inbox import Schuldeiser
from schemas.sealed import Identiteit, Klant
from schemas.signaal import Crisis, Signaal
from schemas.uitlaat import Uitlaatrecord

CREDITOR = Creditor("00000099000000011000", "huur", "Woningstichting Voorbeeld")
PLACE = Place("2011", "Haarlem", "0392")


def records(n: int, today: date, seed: int = 1) -> Iterator[Uitlaatrecord]:
    """The same for the same seed and day; the first has everything that a message can have."""
    for nr, value in enumerate(Generator(seed, [PLACE], today, [CREDITOR]).signals(n), start=1):
        yield _record(nr, msgspec.convert(value, Signaal), today, whole=nr == 1)


def _record(nr: int, signaal: Signaal, today: date, *, whole: bool) -> Uitlaatrecord:
    personen, adres = signaal.personen, signaal.adres
    if whole:
        other = msgspec.structs.replace(personen[0], rol="medehuurder", voorletters="B.")
        personen = [msgspec.structs.replace(personen[0], voorvoegsel="van der"), other]
        adres = msgspec.structs.replace(adres, huisletter="A", toevoeging="2")
    return Uitlaatrecord(
        id=UUID(int=(7 << 76) | (2 << 62) | nr),
        volgnummer=nr,
        soort=signaal.soort,
        sector=signaal.sector,
        schuldeiser=Schuldeiser(oin=CREDITOR.oin, handelsnaam=signaal.handelsnaam),
        signaaldatum=signaal.signaaldatum,
        ontvangen_op=today,
        bedrag_cent=signaal.achterstand.bedrag_cent,
        indeling="enkelvoudig",
        werkbak="overig",
        crisis=Crisis(soort="ontruiming", beoogde_datum=today) if whole else None,
        warme_overdracht=True if whole else None,
        identiteit=Identiteit(personen=personen, adres=adres),
        contact=signaal.contact,
        klant=Klant(klantnummer=signaal.klantnummer) if signaal.klantnummer else None,
    )
