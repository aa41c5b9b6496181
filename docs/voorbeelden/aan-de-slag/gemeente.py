"""Het systeem van een gemeente, om te laten toetsen: het verwerkt zijn inbox, met de client.

Gebruik: gemeente.py ADRES MAP OPDRACHTEN.json. In MAP staan ca.pem, keten.pem en sleutel.key.
Uw eigen systeem zet wat het opent in een zaak.
"""

import sys
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from adapters.client.base import pages
from adapters.client.calling import Access
from adapters.client.failures import ClientError, Conflict, NotFound, Unreachable
from adapters.client.gemeente import Gemeente
from adapters.client.opening import NotOpened, Opener
from schemas.inbox import Bericht, Claim, ClaimAanvraag

VRAAG = ClaimAanvraag(doel="WGS-3-1-b", maximum=50, lease_seconden=600, wijze="onbemand")


def main() -> None:
    """Lijst, claim, verwerk, tot de toets voorbij is."""
    adres, map, opdrachten = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    while not (opdrachten.exists() and opdrachten.read_bytes()):
        time.sleep(1)  # de toetsdeur gaat net open
    toegang = Access(adres, ca=map / "ca.pem", cert=map / "keten.pem", key=map / "sleutel.key")
    klaar: set[UUID] = set()
    with Gemeente(toegang, opener=Opener()) as seinhuis:
        cursor = None
        try:
            while True:
                for pagina in pages(seinhuis.messages, cursor):
                    cursor = pagina.volgende
                claim = seinhuis.claim(VRAAG)
                for bericht in claim.berichten:
                    verwerk(seinhuis, claim, bericht, klaar)
                with suppress(Conflict, NotFound):  # alles is af, of de lease is voorbij
                    seinhuis.release(claim.id)
                time.sleep(0.5)
        except Unreachable:
            print("de toets is voorbij")


def verwerk(seinhuis: Gemeente, claim: Claim, bericht: Bericht, klaar: set[UUID]) -> None:
    """Een keer, alleen onder een lease die loopt, niet als het is ingetrokken, en alleen als het open gaat."""
    if bericht.id in klaar or claim.vervalt_op.timestamp() <= time.time():  # noqa: TID251 - de klok van de deelnemer
        return
    try:
        if seinhuis.message(bericht.id).ingetrokken_op is not None:
            return
        zaak = f"ZAAK-{seinhuis.opener.open(bericht)['klant']['klantnummer']}"
        seinhuis.acknowledge(bericht.id, claim.id, "verwerkt", zaak)
    except (NotOpened, ClientError) as fout:
        print(f"{bericht.id}: teruggegeven, {fout}")
        return
    klaar.add(bericht.id)
    print(f"{bericht.id}: {zaak}")


main()
