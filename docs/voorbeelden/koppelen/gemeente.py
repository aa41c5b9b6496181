"""Een gemeente met de client: haal berichten op, open ze hier, en bevestig wat in een zaak staat.

Gebruik: gemeente.py MAP. In de zandbak is MAP .seinhuis/zandbak/gemeente.
"""

import sys
from pathlib import Path

from papieren import opener, toegang

from adapters.client.gemeente import Gemeente
from adapters.client.inbox import Inbox, Item
from adapters.client.opening import NotOpened


def main() -> None:
    """Eén ronde door de inbox."""
    map = Path(sys.argv[1])
    with Gemeente(toegang(map), opener=opener(map)) as seinhuis, Inbox(seinhuis, "WGS-3-1-b") as inbox:
        for item in inbox:
            try:
                zaak = bewaar(item)
            except (NotOpened, OSError) as fout:
                print(f"{item.bericht.id}: {type(fout).__name__}; niet bevestigd, komt terug", file=sys.stderr)
            else:
                print(f"{item.bericht.id}: {item.processed(zaak).staat} in {zaak}")


def bewaar(item: Item) -> str:
    """Hier zet u het bericht in uw zaaksysteem, op zijn id: het kan nog eens komen. Geeft het zaaknummer."""
    item.open()  # de persoonsgegevens, per groep; dit voorbeeld laat ze verder met rust
    return f"ZAAK-{item.bericht.id.hex[-8:]}"


main()
