"""From messages, cases and residue to the exchange model DDAS v1.2: pure, the same at the gateway and at a municipality with an own key.

Authority: DDAS vroegsignalering v1.2, definitions and FAQ. Which status a signal has follows from its case and its end in the inbox; a
signal that was not taken up does not stand in a case, unless the whole case ended so. Leaves reading and opening to the caller,
what must hold to `schemas.ddas_checks`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec

from schemas.codelijsten import BERICHTSTATUS, CONTACTSOORT, DAGDEEL, EINDRESULTAAT, Berichtstatus, Eindresultaat
from schemas.ddas import SIGNAALPARTNER, Client, DdasPoging, DdasSignaal, DdasZaak, Partner, Residu, Verwijzing, euros
from schemas.identity import join
from schemas.inbox import Berichtstaat
from schemas.keyed import Keyed
from schemas.zaken import Zaak

ADDITION_MAX = 4
NOT_TAKEN_UP: dict[Eindresultaat | None, Berichtstatus] = {
    "onterecht_signaal": "onterecht_signaal",
    "herhaalde_melding": "herhaalde_melding",
    "andere_reden": "andere_reden",
}
"""Case results after which a signal was not taken up, and the status that says so."""
_REJECTED: dict[str | None, Berichtstatus] = {
    "geen_inwoner": "geen_inwoner",
    "onterecht_signaal": "onterecht_signaal",
    "herhaalde_melding": "herhaalde_melding",
}


class Bron(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the municipality holds it, with its residue. `reden` is why it was rejected."""

    id: UUID
    sector: str
    signaaldatum: date
    bedrag_cent: int
    crisis: bool
    warme_overdracht: bool
    staat: Berichtstaat
    reden: str | None
    residu: Residu


class Eenheid(msgspec.Struct, frozen=True):
    """What stays together on a page: the signals of one case and the case, or one signal."""

    signalen: tuple[DdasSignaal, ...]
    zaak: DdasZaak | None = None


def units(sources: Iterable[Bron], cases: Sequence[tuple[Zaak, date]], key: Keyed) -> list[Eenheid]:
    """The records of one municipality, in a fixed order.

    Args:
        sources: the messages of the period.
        cases: the cases of these messages, each with the Dutch day on which it was opened.
        key: names signals (D-stat of the municipality).
    """
    found = {source.id: source for source in sources}
    made = [_case(zaak, day, found, key) for zaak, day in sorted(cases, key=lambda pair: pair[0].id)]
    in_cases = {id for zaak, _ in cases for id in _members(zaak, found)}
    statuses = {m.bericht: m.status for zaak, _ in cases for m in zaak.berichten}
    alone = [_signal(source, _alone(source, statuses.get(id)), key) for id, source in sorted(found.items()) if id not in in_cases]
    return [unit for unit in made if unit is not None] + [Eenheid((signal,)) for signal in alone]


def pseudonym(bericht: UUID, key: Keyed) -> str:
    """The `ID` of a signal: 32 hexadecimal characters."""
    return key.digest(join("signaal", str(bericht))).hex()[:32]


def _case(zaak: Zaak, opened: date, found: dict[UUID, Bron], key: Keyed) -> Eenheid | None:
    sources = [found[id] for id in _members(zaak, found)]
    if not sources:
        return None
    status = NOT_TAKEN_UP.get(zaak.resultaat, "opgepakt")
    first = min(source.signaaldatum for source in sources)
    attempts = [
        DdasPoging(soort=CONTACTSOORT[a.soort], bereikt=a.bereikt, datum=a.datum, dagdeel=DAGDEEL[a.dagdeel] if a.dagdeel else None)
        for a in zaak.contactpogingen
    ]
    made = DdasZaak(
        resultaat=EINDRESULTAAT[zaak.resultaat] if zaak.resultaat else None,
        start_matchingperiode=first.replace(day=1),
        eind_matchingperiode=(first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1),
        datum_opgepakt=opened,
        vroegsignalen=[Verwijzing(id=pseudonym(source.id, key)) for source in sources],
        contactpogingen=attempts,
    )
    return Eenheid(tuple(_signal(source, status, key) for source in sources), made)


def _members(zaak: Zaak, found: dict[UUID, Bron]) -> Iterator[UUID]:
    """The signals of this period that were taken up in the case, or ended as the whole case did."""
    for member in zaak.berichten:
        if member.bericht in found and member.status in ("opgepakt", zaak.resultaat):
            yield member.bericht


def _alone(source: Bron, own: Berichtstatus | None) -> Berichtstatus:
    if own is not None and own != "opgepakt":
        return own
    if source.staat == "doorgezonden":
        return "geen_inwoner"
    if source.staat == "afgewezen":
        return _REJECTED.get(source.reden, "andere_reden")
    return "niet_opgepakt"


def _signal(source: Bron, status: Berichtstatus, key: Keyed) -> DdasSignaal:
    residu = source.residu
    addition = (residu.toevoeging or "").replace(" ", "")
    return DdasSignaal(
        id=pseudonym(source.id, key),
        crisissignaal=source.crisis,
        warme_overdracht=source.warme_overdracht,
        bedrag=euros(source.bedrag_cent),
        ontstaansdatum=residu.ontstaansdatum,
        signaaldatum=source.signaaldatum,
        status=BERICHTSTATUS[status],
        signaalpartner=Partner(type=SIGNAALPARTNER.get(source.sector, "Overige")),
        client=Client(
            postcode=residu.postcode,
            huisnummer=str(residu.huisnummer),
            huisnummertoevoeging=addition if 0 < len(addition) <= ADDITION_MAX else None,
            geboortedatum=residu.geboortedatum,
        ),
    )
