"""Een schuldeiser met de client: lever een signaal, volg het, en beantwoord saldoverzoeken.

Gebruik: schuldeiser.py MAP SIGNAAL.json. In de zandbak is MAP .seinhuis/zandbak/schuldeiser, met voorbeelden in signalen/.
"""

import json
import sys
import time
from pathlib import Path

import msgspec
from papieren import opener, toegang

from adapters.client.base import pages
from adapters.client.failures import Refused
from adapters.client.schuldeiser import Schuldeiser
from schemas.schuldenoverzicht import KlantOnbekend
from schemas.signaal import Signaal

PATIENCE_SECONDS = 30


def main() -> None:
    """Leveren, volgen, antwoorden."""
    map, signaal = Path(sys.argv[1]), msgspec.json.decode(Path(sys.argv[2]).read_bytes(), type=Signaal)
    with Schuldeiser(toegang(map), opener=opener(map)) as seinhuis:
        try:
            bewijs = seinhuis.deliver(signaal)  # de handtekening is al gecontroleerd
        except Refused as nee:
            sys.exit(f"geweigerd: {nee}")  # noemt plek en regel van elke fout, geen gegevens
        print(f"ontvangen: {bewijs.kenmerk} bij gemeente {bewijs.gemeente}")
        (map / f"{bewijs.id}.bewijs.json").write_bytes(msgspec.json.encode(bewijs))
        volg(seinhuis, map, bewijs.kenmerk)
        print(f"stand: {seinhuis.state(bewijs.id).status}")
        antwoord(seinhuis)


def volg(seinhuis: Schuldeiser, map: Path, kenmerk: str) -> None:
    """Lees wat er nieuw is aan terugkoppeling, tot er iets is over dit kenmerk. De cursor blijft bewaard voor de volgende keer."""
    plek, until = map / "cursor.json", time.monotonic() + PATIENCE_SECONDS
    cursor = json.loads(plek.read_text()) if plek.exists() else None
    while time.monotonic() < until:
        for pagina in pages(seinhuis.feedback, cursor):
            cursor = pagina.volgende
            plek.write_text(json.dumps(cursor))
            for regel in pagina.terugkoppelingen:
                print(f"terugkoppeling: {regel.kenmerk}: {regel.code}")
                if regel.kenmerk == kenmerk:
                    return
        time.sleep(1)
    print("nog geen terugkoppeling")


def antwoord(seinhuis: Schuldeiser) -> None:
    """Beantwoord wat open staat; hier kent de schuldeiser niemand."""
    for pagina in pages(seinhuis.saldoverzoeken):
        for regel in pagina.saldoverzoeken:
            if regel.staat == "open":
                vraag = seinhuis.question(seinhuis.saldoverzoek(regel.id))
                bewijs = seinhuis.answer(regel.id, KlantOnbekend())
                print(f"saldoverzoek over klant {vraag.klantnummer}: {bewijs.staat}")


main()
