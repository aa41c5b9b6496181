"""A creditor that works with files, with OpenSSH's own `sftp`: as good as it should be, and as bad as a fault makes it."""

import csv
import subprocess
import threading
import time
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from adapters.client import xml
from gateway.conformance.cards import Kaart

STEP = 0.2
TRIES = 60
FAULTS = {
    "hernoemt_niet": "bestand_compleet",
    "haalt_niet_op": "antwoord_opgehaald",
    "laat_regels_liggen": "verbetert_geweigerde_regels",
    "alles_opnieuw": "verbetert_geweigerde_regels",
    "trekt_niet_in": "trekt_in_met_bestand",
    "brengt_geen_stand": "stand_bestand",
}
"""Each fault, and the scenario that is meant for it."""
_CONFIG = """Host postbus
  HostName localhost
  Port {port}
  User {oin}
  IdentityFile "{key}"
  IdentitiesOnly yes
  UserKnownHostsFile "{folder}/bekend"
  StrictHostKeyChecking yes
"""


class Mailer:
    """Brings every file once and collects what comes back."""

    def __init__(self, folder: Path, oin: str, key: Path, deck: Mapping[str, Kaart], faults: frozenset[str] = frozenset()) -> None:
        self._folder = folder
        self._oin = oin
        self._key = key
        self._deck = deck
        self._faults = faults

    def work(self, port: int, host_key: str, stop: threading.Event, today: str) -> None:
        """All files, and then nothing."""
        self._stop = stop
        (self._folder / "bekend").write_text(f"[localhost]:{port} {host_key}\n")
        (self._folder / "config").write_text(_CONFIG.format(port=port, oin=self._oin, key=self._key, folder=self._folder))
        cards = [card for name, card in self._deck.items() if name.startswith("bestand")]
        refused = self._brought("eerste.xml", {}, [("signaal", _signal(card, card.signaal)) for card in cards])
        again = cards if "alles_opnieuw" in self._faults else [card for card in cards if _kenmerk(card) in refused]
        records = [("signaal", _signal(card, card.verbeterd or card.signaal)) for card in again]
        if "laat_regels_liggen" not in self._faults:
            self._brought("tweede.xml", {}, records)
        if "trekt_niet_in" not in self._faults:
            self._brought("derde.xml", {}, [("intrekking", {"kenmerk": _kenmerk(self._deck["bestand-2"]), "reden": "betaald"})])
        if "brengt_geen_stand" not in self._faults:
            stand = [card for name, card in self._deck.items() if name.startswith("stand")]
            first = stand[0].signaal
            kop = {"soort": "stand", "sector": first["sector"], "handelsnaam": first["handelsnaam"], "peildatum": today}
            self._brought("stand.xml", kop, [("signaal", _signal(card, card.signaal)) for card in stand])

    def _brought(self, name: str, kop: dict[str, Any], records: list[Any]) -> set[str]:
        """The kenmerken of the lines that were refused."""
        local = self._folder / name
        local.write_bytes(b"".join(xml.write(kop, records)))
        commands = [f"put {local} in/{name}.part", f"rename in/{name}.part in/{name}"]
        self._sftp(*commands[: 1 if "hernoemt_niet" in self._faults else 2])
        if self._faults & {"hernoemt_niet", "haalt_niet_op"}:
            return {_kenmerk(self._deck["bestand-fout"])}
        report = self._folder / f"{name}.verslag.csv"
        for _ in range(TRIES):
            self._sftp(f"-get uit/{name}.* {self._folder}")
            if report.exists() or self._stop.is_set():
                break
            time.sleep(STEP)
        lines = csv.DictReader(report.read_text("utf-8-sig").splitlines())
        return {line["kenmerk"] for line in lines if line["status"] == "geweigerd"}

    def _sftp(self, *commands: str) -> None:
        subprocess.run(
            ["sftp", "-q", "-b", "-", "-F", str(self._folder / "config"), "postbus"],
            input="\n".join(commands).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=30,
        )


def _kenmerk(card: Kaart) -> str:
    return f"T-{card.naam}"


def _signal(card: Kaart, record: Mapping[str, Any]) -> dict[str, Any]:
    signal = {"kenmerk": _kenmerk(card), **deepcopy(dict(record))}
    euros, cents = card.bedrag.replace(".", "").split(",")
    signal["achterstand"]["bedragCent"] = int(euros) * 100 + int(cents)
    return signal
