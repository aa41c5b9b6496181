"""Examples for `gateway.api.meldingen`, built from the wire types. Persons, addresses and organisations are invented."""

from datetime import UTC, date, datetime
from uuid import UUID

from schemas.meldingen import (
    Bezwaar,
    BezwaarAanvraag,
    Bezwaren,
    Historie,
    HistorieAanvraag,
    HistorieSignaal,
    Melding,
    Meldingen,
    Ritme,
)

_OP = datetime(2026, 11, 20, 9, 30, 0, tzinfo=UTC)
MELDING = Melding(
    id=UUID("0c5e8a6b-1f20-8b52-9d3f-7c1e019aa2b4"),
    volgnummer=17,
    periode="2026-11",
    adrespseudoniem="b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184",
    indeling="meervoudig",
    kenmerken=["meervoudig", "opeenvolgend"],
    indelingsversie=2,
    sectoren=["drinkwater", "huur"],
    aantal_schuldeisers=2,
    eerste_signaaldatum=date(2026, 11, 3),
    laatste_signaaldatum=date(2026, 11, 20),
    berichten=[UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20"), UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f21")],
)
MELDINGEN = Meldingen(meldingen=[MELDING], volgende="AAAAAAAAABE")
RITME = Ritme(wijze="maandelijks", dag=15, versie=1, gewijzigd_op=_OP)
HISTORIE_AANVRAAG = HistorieAanvraag(
    signalen=[
        HistorieSignaal(
            postcode="2011AB",
            huisnummer=12,
            huisletter="A",
            sector="huur",
            schuldeiser="00000099000000001000",
            datum=date(2026, 10, 20),
            contractkenmerk="C-55120",
        )
    ]
)
HISTORIE = Historie(aangeboden=1, toegevoegd=1, al_bekend=0, buiten_termijn=0)
BEZWAAR_AANVRAAG = BezwaarAanvraag(postcode="2011AB", huisnummer=12, huisletter="A")
BEZWAAR = Bezwaar(id=UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20"), soort="adres", vastgelegd_op=_OP)
BEZWAREN = Bezwaren(bezwaren=[BEZWAAR])
