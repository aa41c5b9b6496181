"""Who can log in to the console of the demo: two privacy officers of one municipality, at a login service of the demo's own.

The service runs in the demo's process, on this machine only, and asks no password and no second factor; the gateway takes that from a
service on its own machine alone. Leaves what the officers see to the console.
"""

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from adapters.synthetic.aanmelddienst import HOST, Aanmelddienst, Persoon
from adapters.synthetic.generator import Generator
from gateway.sandbox.parties import FUNCTIONARISSEN, GEMEENTEN, creditors, places

PORT = 8445
TOWN = GEMEENTEN[1]
_CLAIMS = {"seinhuis_oin": FUNCTIONARISSEN[0], "seinhuis_gemeente": TOWN.code, "seinhuis_rollen": ["toezichthouder"]}
OFFICERS = tuple(Persoon(naam.split()[0].lower(), naam, _CLAIMS, amr=("geen",)) for naam in ("Anne de Boer", "Bram Visser"))


@contextmanager
def login_service(folder: Path) -> Iterator[dict[str, str]]:
    """Serve; gives the settings of a gateway that logs people in there. `folder` holds the secret that both know."""
    port = _free_port()
    secret = secrets.token_urlsafe(32)
    file = folder / "aanmelddienst.geheim"
    file.touch(0o600)
    file.write_text(secret, encoding="ascii")
    with Aanmelddienst(OFFICERS, "seinhuis", f"https://localhost:{port}/aanmelden/terug", client_secret=secret) as service:
        yield {
            "SEINHUIS_CONSOLE_PORT": str(port),
            "SEINHUIS_OIDC_ISSUER": service.issuer,
            "SEINHUIS_OIDC_CLIENT_SECRET": str(file),
            "SEINHUIS_OIDC_MFA": "false",
        }


def invitation(port: int, seed: int, signals: int, defects: float, today: date) -> list[str]:
    """How to look at the month through the console, and for whom to look: a resident of the town with a good signal."""
    made = Generator(seed, places(), today, creditors()).with_defects(signals, defects)
    good = (signal for signal, code in made if code is None and signal["adres"]["woonplaats"] == TOWN.naam)
    signal = next(one for one in good if one["personen"][0].get("geboortedatum"))
    whom, at = signal["personen"][0], signal["adres"]
    return [
        f"De console: https://localhost:{port} (de browser waarschuwt voor het certificaat van de demo).",
        f"Kies Aanmelden en dan {OFFICERS[0].naam}: toezichthouder van {TOWN.naam}, zonder wachtwoord.",
        f"Zoek daar bijvoorbeeld {whom['achternaam']}, geboren {whom['geboortedatum']}, {at['postcode']} {at['huisnummer']}: "
        "wie deed wat met het signaal, met bewijs.",
    ]


def _free_port() -> int:
    """The usual one, or any other that is free."""
    with suppress(OSError), socket.create_server((HOST, PORT)):
        return PORT
    with socket.create_server((HOST, 0)) as found:
        return int(found.getsockname()[1])
