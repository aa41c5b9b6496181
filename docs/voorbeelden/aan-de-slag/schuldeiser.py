"""Het systeem van een schuldeiser, om te laten toetsen: het doet elke opdracht van de toets, met de client.

Gebruik: schuldeiser.py ADRES MAP OPDRACHTEN.json. In MAP staan ca.pem, keten.pem en sleutel.key.
Uw eigen systeem doet hetzelfde uit uw administratie.
"""

import sys
import time
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from adapters.client.base import pages
from adapters.client.calling import Access
from adapters.client.failures import Invalid, Unreachable
from adapters.client.receipts import NotGenuine
from adapters.client.schuldeiser import Schuldeiser
from schemas.signaal import AanleveringEnvelop, Signaal

POGINGEN = 5
KEER = "reeks-"


def main() -> None:
    """Alle kaarten, en dan terugkoppeling lezen tot de toets voorbij is."""
    adres, map, opdrachten = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    while not (opdrachten.exists() and opdrachten.read_bytes()):
        time.sleep(1)  # de toetsdeur gaat net open
    kaarten: dict[str, Any] = msgspec.json.decode(opdrachten.read_bytes())["kaarten"]
    toegang = Access(adres, ca=map / "ca.pem", cert=map / "keten.pem", key=map / "sleutel.key")
    with Schuldeiser(toegang) as seinhuis:
        for naam, kaart in kaarten.items():
            if not naam.startswith((KEER, "bestand-", "stand-")):
                lever(seinhuis, naam, kaart)
        reeks(seinhuis, {naam: kaart for naam, kaart in kaarten.items() if naam.startswith(KEER)})
        try:
            lees(seinhuis)
        except Unreachable:
            print("de toets is voorbij")


def lever(seinhuis: Schuldeiser, naam: str, kaart: dict[str, Any]) -> None:
    """Een signaal, tot er een echt bewijs is; geweigerd: verbeterd en opnieuw; betaald: ingetrokken."""
    signaal = signaal_van(naam, kaart["bedrag"], kaart["signaal"])
    for _ in range(POGINGEN):
        try:
            bewijs = seinhuis.deliver(signaal)
        except NotGenuine:
            continue  # houd het voor niet gedaan: hetzelfde signaal nog eens
        except Invalid as nee:
            print(f"{naam}: geweigerd, {nee}")
            signaal = signaal_van(naam, kaart["bedrag"], kaart["verbeterd"])
            continue
        print(f"{naam}: {bewijs.status}")
        if naam == "betaald":
            seinhuis.withdraw(bewijs.id, "betaald")
        return
    sys.exit(f"{naam}: geen bewijs")


def reeks(seinhuis: Schuldeiser, kaarten: dict[str, Any]) -> None:
    """Samen in een aanlevering; alleen wat geweigerd is komt terug, verbeterd."""
    open = {naam: waarde_van(naam, kaart["bedrag"], kaart["signaal"]) for naam, kaart in kaarten.items()}
    for keer in count(1):
        if not open:
            return
        levering = seinhuis.deliver_many(AanleveringEnvelop(kenmerk=f"REEKS-{keer}", signalen=list(open.values())))
        fout = [naam for naam, regel in zip(open, levering.verslag.regels, strict=True) if regel.status == "geweigerd"]
        open = {naam: waarde_van(naam, kaarten[naam]["bedrag"], kaarten[naam]["verbeterd"]) for naam in fout}


def lees(seinhuis: Schuldeiser) -> None:
    """Terugkoppeling, elke keer verder vanaf de bewaarde cursor."""
    cursor = None
    while True:
        for pagina in pages(seinhuis.feedback, cursor):
            cursor = pagina.volgende
        time.sleep(1)


def signaal_van(naam: str, bedrag: str, gegevens: dict[str, Any]) -> Signaal:
    """Het signaal van een kaart."""
    return msgspec.convert(waarde_van(naam, bedrag, gegevens), Signaal)


def waarde_van(naam: str, bedrag: str, gegevens: dict[str, Any]) -> dict[str, Any]:
    """Wat er op een kaart staat, met een kenmerk van onszelf en het bedrag in centen."""
    waarde = {"kenmerk": f"TOETS-{naam}", **deepcopy(gegevens)}
    waarde["achterstand"]["bedragCent"] = int(bedrag.replace(".", "").replace(",", ""))
    return waarde


main()
