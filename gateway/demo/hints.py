"""What to try next, as complete commands: for a creditor, its mailbox, a municipality, its privacy officer; one is refused.

Writes one lawful signal for the first into the state folder. Authority: `docs/contract.md`.
"""

import shlex
from datetime import date
from pathlib import Path

import msgspec

from adapters.synthetic.generator import Generator
from gateway.demo.debts import DESK
from gateway.demo.desks import DOEL
from gateway.demo.overview import Told, where
from gateway.sandbox.parties import FUNCTIONARISSEN, GEMEENTEN, SCHULDEISERS, creditors, places
from gateway.sandbox.postbus import Postbus
from gateway.sandbox.sandbox import HOST, Sandbox

SEED = 4711
LOOK = '{"gebeurtenis": "bericht.geclaimd", "maximum": 3}'


class Hint:
    """A command with what it shows and the status that it gets (of `sftp`: how it ends)."""

    def __init__(self, title: str, status: int, command: list[str]) -> None:
        self.title = title
        self.status = status
        self.command = shlex.join(command)


def hints(sandbox: Sandbox, postbus: Postbus, told: Told, today: date) -> list[Hint]:
    """The commands for a running sandbox."""
    creditor, desk = SCHULDEISERS[0].oin, GEMEENTEN[1].oin
    signal = _signal(sandbox.state, today)
    claim = msgspec.json.encode({"doel": DOEL, "maximum": 5, "leaseSeconden": 600, "wijze": "onbemand"}).decode()
    door = f"https://{HOST}:{sandbox.ports.mtls}"
    return [
        Hint("Een schuldeiser levert een signaal (nog eens: hetzelfde bewijs)", 201,
             _curl(sandbox, creditor, f"{door}/schuldeiser/v1/signalen", "--json", f"@{signal}")),
        Hint("Zijn postbus voor bestanden (ls uit; verder: README, Files)", 0,
             ["sftp", "-q", "-F", f"{postbus.folder}/config", "postbus"]),
        Hint(f"Gemeente {GEMEENTEN[1].naam} haalt nieuwe berichten op", 201,
             _curl(sandbox, desk, f"{door}/gemeente/v1/inbox/claims", "--json", claim)),
        Hint(f"Gemeente {DESK.naam} maakt het schuldenoverzicht nog eens, nu als JSON", 200,
             _curl(sandbox, DESK.oin, f"{door}{where(told.asked.id)}")),
        Hint(f"De functionaris van {GEMEENTEN[1].naam} zoekt wie er keek, waarvoor en volgens welk artikel", 200,
             _curl(sandbox, FUNCTIONARISSEN[0], f"{door}/toezicht/v1/logregels/_zoek", "--json", LOOK)),
        Hint("Geweigerd: een schuldeiser vraagt de inbox van een gemeente", 403,
             _curl(sandbox, creditor, f"{door}/gemeente/v1/inbox/berichten")),
    ]  # fmt: skip


def _signal(state: Path, today: date) -> Path:
    generator = Generator(SEED, places(), today, creditors()[:1])
    wanted = (signal for signal in generator.signals(1_000) if signal["adres"]["woonplaats"] == GEMEENTEN[1].naam)
    path = state / "voorbeeldsignaal.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(next(wanted))))
    return path


def _curl(sandbox: Sandbox, oin: str, url: str, *rest: str) -> list[str]:
    pki = sandbox.state / "pki"
    papers = ("--cacert", f"{pki}/root.pem", "--cert", f"{pki}/{oin}.chain.pem", "--key", f"{pki}/{oin}.key")
    return ["curl", "-s", "-S", "-i", *papers, url, *rest]
