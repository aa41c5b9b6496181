"""Two privacy officers of a municipality, and what a resident asks them: at a running gateway."""

import json
from typing import Any

from adapters.client.connection import Answer, Connection
from gateway.core.clock import dutch_day
from gateway.onboarding import registration
from gateway.partners.register import Deelnemer, Mandaat
from gateway.sandbox.sandbox import Sandbox
from tests.gateways import CLOCK, enrol, office, seconds_until

BASE = "/toezicht/v1"
OFFICERS = ("00000099000000071000", "00000099000000072000")


def appoint(gateway: Sandbox, town: str) -> None:
    """Both are officers of this town (its OIN)."""
    for oin in OFFICERS:
        enrol(gateway, Deelnemer(oin, "Functionaris Voorbeeld", frozenset({"toezichthouder"}), "actief"))
        with office(gateway) as register:
            registration.save(register, Mandaat(oin, town, "toezichthouder", dutch_day(CLOCK.now())))


def wait(officer: Connection) -> None:
    """Until the register that the gateway works with has the mandate."""
    assert seconds_until(200, lambda: officer.get(f"{BASE}/").status) < 10


def resident(signal: dict[str, Any]) -> dict[str, Any]:
    """The request of whom a signal is about."""
    person, at = signal["personen"][0], signal["adres"]
    address = {name: at[name] for name in ("postcode", "huisnummer", "huisletter", "toevoeging") if name in at}
    return {"persoon": {name: person[name] for name in ("achternaam", "geboortedatum")}, "adressen": [address]}


def put(connection: Connection, path: str, value: object) -> Answer:
    """A PUT with a JSON body."""
    return connection.request("PUT", path, json.dumps(value).encode())


def agreed(officer: Connection, second: Connection, bericht: str) -> str:
    """An unsealing that the second officer agreed to; its id."""
    asked = officer.post(f"{BASE}/ontzegelingen", {"bericht": bericht, "reden": "klacht", "kenmerk": "KL-1"})
    assert asked.status == 201, asked.body
    id = str(asked.json()["id"])
    assert put(second, f"{BASE}/ontzegelingen/{id}/besluit", {"besluit": "goedgekeurd"}).status == 200
    return id
