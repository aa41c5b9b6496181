"""Het systeem van een schuldeiser die bestanden brengt, om te laten toetsen: met de `sftp` van OpenSSH.

Gebruik: bestanden.py OIN POORT SLEUTEL OPDRACHTEN.json. Uw eigen systeem doet hetzelfde uit uw administratie.
"""

import csv
import subprocess
import sys
import time
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from adapters.client import xml

OIN, POORT, SLEUTEL, OPDRACHTEN = sys.argv[1:]
OPTIES = ("IdentitiesOnly=yes", "UserKnownHostsFile=bekend-toets", "StrictHostKeyChecking=accept-new")
GEDULD = 120


def main() -> None:
    """Brengen, halen, verbeteren, intrekken, en een stand."""
    while not (Path(OPDRACHTEN).exists() and Path(OPDRACHTEN).read_bytes()):
        time.sleep(1)  # de postbus gaat net open
    kaarten: dict[str, Any] = msgspec.json.decode(Path(OPDRACHTEN).read_bytes())["kaarten"]
    bestand = {naam: kaart for naam, kaart in kaarten.items() if naam.startswith("bestand-")}
    fout = breng("toets-1.xml", {}, [("signaal", signaal(naam, kaart, "signaal")) for naam, kaart in bestand.items()])
    breng("toets-2.xml", {}, [("signaal", signaal(naam, kaart, "verbeterd")) for naam, kaart in bestand.items() if kenmerk(naam) in fout])
    breng("toets-3.xml", {}, [("intrekking", {"kenmerk": kenmerk("bestand-2"), "reden": "betaald"})])
    stand = {naam: kaart for naam, kaart in kaarten.items() if naam.startswith("stand-")}
    eerste = next(iter(stand.values()))["signaal"]
    kop = {"soort": "stand", "sector": eerste["sector"], "handelsnaam": eerste["handelsnaam"], "peildatum": date.today().isoformat()}
    breng("toets-4.xml", kop, [("signaal", signaal(naam, kaart, "signaal")) for naam, kaart in stand.items()])


def breng(naam: str, kop: dict[str, Any], records: list[Any]) -> set[str]:
    """Een bestand, heel; daarna bewijs en verslag. Geeft de kenmerken van wat geweigerd is."""
    Path(naam).write_bytes(b"".join(xml.write(kop, records)))
    while not sftp(f"put {naam} in/{naam}.part", f"rename in/{naam}.part in/{naam}"):
        time.sleep(1)  # de postbus gaat net open
    for _ in range(GEDULD):
        if sftp(f"get uit/{naam}.verslag.csv") and sftp(f"get uit/{naam}.ontvangst.json"):
            break
        time.sleep(1)
    regels = list(csv.DictReader(Path(f"{naam}.verslag.csv").read_text("utf-8-sig").splitlines()))
    print(naam, [regel["status"] for regel in regels])
    return {regel["kenmerk"] for regel in regels if regel["status"] == "geweigerd"}


def sftp(*opdrachten: str) -> bool:
    """Of het lukte."""
    opties = [woord for optie in OPTIES for woord in ("-o", optie)]
    woorden = ["sftp", "-q", "-b", "-", "-P", POORT, "-i", SLEUTEL, *opties, f"{OIN}@localhost"]
    gedaan = subprocess.run(woorden, input="\n".join(opdrachten) + "\n", text=True, capture_output=True, check=False, timeout=60)
    return gedaan.returncode == 0


def kenmerk(naam: str) -> str:
    """Ons eigen kenmerk."""
    return f"TOETS-{naam}"


def signaal(naam: str, kaart: dict[str, Any], welk: str) -> dict[str, Any]:
    """Wat er op een kaart staat, met een kenmerk van onszelf en het bedrag in centen."""
    waarde = {"kenmerk": kenmerk(naam), **deepcopy(kaart.get(welk) or kaart["signaal"])}
    waarde["achterstand"]["bedragCent"] = int(kaart["bedrag"].replace(".", "").replace(",", ""))
    return waarde


main()
