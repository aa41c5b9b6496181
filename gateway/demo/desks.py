"""The municipalities' side of the demo: claim in rounds, open every message here and not at the gateway, acknowledge.

*Ontvangen* goes for a whole claim, *verwerkt* per message with a case number of its own. Authority: contract, "/gemeente/v1".
Leaves comparing with what was sent to `expectations`.
"""

import time
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from adapters.client.connection import Answer, Connection
from adapters.client.opening import Opener
from gateway.demo.creditors import Unexpected
from schemas.inbox import BerichtStand, Claim, ClaimStand, Veldgroep

BASE = "/gemeente/v1/inbox"
DOEL = "WGS-3-1-b"
ROUND = 200
PATIENCE = 15.0
_STEP = 0.05


class Collected(NamedTuple):
    """What one municipality did; `opened` holds the clear groups by message."""

    received: int
    opened: dict[UUID, dict[Veldgroep, dict[str, Any]]]
    acknowledged: int
    rounds: int


def collect(connection: Connection, code: str, opener: Opener, expected: int) -> Collected:
    """Empty the inbox of municipality `code`; waits up to `PATIENCE` seconds for messages that are still `expected`.

    Raises:
        Unexpected: a status that an inbox cannot have. NotOpened: a message does not open. OSError: the connection failed.
    """
    received = acknowledged = rounds = 0
    opened: dict[UUID, dict[Veldgroep, dict[str, Any]]] = {}
    until = time.monotonic() + PATIENCE
    while True:
        claim = _claim(connection)
        if claim.berichten:
            received, rounds = received + len(claim.berichten), rounds + 1
            opened |= {bericht.id: groups for bericht in claim.berichten if (groups := opener.open(bericht))}
            acknowledged += _acknowledge(connection, code, claim, received)
        elif received >= expected or time.monotonic() > until:
            return Collected(received, opened, acknowledged, rounds)
        else:
            time.sleep(_STEP)


def _claim(connection: Connection) -> Claim:
    asked = {"doel": DOEL, "maximum": ROUND, "leaseSeconden": 600, "wijze": "onbemand"}
    return msgspec.json.decode(_checked(connection.post(f"{BASE}/claims", asked), 201).body, type=Claim)


def _acknowledge(connection: Connection, code: str, claim: Claim, last: int) -> int:
    """Acknowledge a claim twice over; returns how many messages reached *verwerkt*."""
    answer = _checked(connection.post(f"{BASE}/claims/{claim.id}/_bevestig", {"status": "ontvangen"}), 200)
    done = 0
    if msgspec.json.decode(answer.body, type=ClaimStand).aantal != len(claim.berichten):
        return done
    for number, bericht in enumerate(claim.berichten, start=last - len(claim.berichten) + 1):
        value = {"claim": str(claim.id), "status": "verwerkt", "zaaknummer": f"Z-{code}-{number:05d}"}
        answer = _checked(connection.request("PUT", f"{BASE}/berichten/{bericht.id}/bevestiging", msgspec.json.encode(value)), 200)
        done += msgspec.json.decode(answer.body, type=BerichtStand).staat == "verwerkt"
    return done


def _checked(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise Unexpected(f"de inbox gaf status {answer.status}")
    return answer
