"""Een gemeente met de client: vraag schuldeisers wat een cliënt schuldig is, wacht, en tel de antwoorden op.

Gebruik: schuldenoverzicht.py MAP OIN=KLANTNUMMER ... In de zandbak bepaalt het klantnummer wat de schuldeiser doet.
"""

import sys
import time
from datetime import date
from pathlib import Path

from papieren import opener, toegang

from adapters.client.gemeente import Gemeente
from schemas.schuldenoverzicht import GevraagdeSchuldeiser, OverzichtClient, OverzichtPersoon, Overzichtsaanvraag
from schemas.signaal import Adres

PATIENCE_SECONDS = 60
CLIENT = OverzichtClient(  # verzonnen; in het echt komt dit uit uw zaak
    personen=[OverzichtPersoon(rol="client", voorletters="P.", achternaam="Proefklant", geboortedatum=date(1984, 5, 6))],
    adres=Adres(postcode="8011AB", huisnummer=12, woonplaats="Zwolle"),
)


def main() -> None:
    """Vragen, wachten, optellen."""
    map, gevraagd = Path(sys.argv[1]), [one.split("=") for one in sys.argv[2:]]
    aanvraag = Overzichtsaanvraag(
        kenmerk="VOORBEELD-1",  # nog eens hetzelfde vragen geeft hetzelfde overzicht
        zaaknummer="ZAAK-VOORBEELD-1",
        grond="plan_van_aanpak",
        client=CLIENT,
        schuldeisers=[GevraagdeSchuldeiser(oin=oin, klantnummer=nummer) for oin, nummer in gevraagd],
    )
    with Gemeente(toegang(map), opener=opener(map)) as seinhuis:
        id, until = seinhuis.ask(aanvraag).id, time.monotonic() + PATIENCE_SECONDS
        while seinhuis.overview(id).staat in {"open", "deels"} and time.monotonic() < until:
            time.sleep(2)
        overzicht = seinhuis.assembled(id)  # opent de antwoorden hier en telt ze op
    for deel in overzicht.schuldeisers:
        print(f"{deel.schuldeiser}: {deel.staat}, {deel.totaal.saldo_cent if deel.totaal else 0} cent")
    print(f"totaal: {overzicht.totaal.saldo_cent if overzicht.totaal else 0} cent; ontbreekt: {len(overzicht.ontbreekt)}")


main()
