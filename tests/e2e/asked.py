"""What a municipality asked of one creditor, or told it: an overview with its question, and one arrangement of each kind."""

from datetime import timedelta
from typing import Any

import msgspec

from adapters.client.connection import Connection
from gateway.api import municipality
from gateway.core.clock import dutch_day
from tests.gateways import CLOCK

ARRANGED = {"kennisgeving": "kennisgevingen", "afkoelingsperiode": "afkoelingsperioden", "betaalvoorstel": "betaalvoorstellen"}
"""Kind -> its path, at both doors; the municipality's id is that of the whole, the creditor's that of its own message."""


def ask(reader: Connection, sender: Connection, creditor: str, nr: int = 1) -> dict[str, str]:
    """Ask and tell one creditor, for the `nr`-th case; returns an id per kind, `<kind>_bericht` for what the creditor got."""
    made = {"overzicht": _post(reader, "schuldenoverzichten", creditor, nr)}
    made |= {kind: _post(reader, path, creditor, nr) for kind, path in ARRANGED.items()}
    made["saldoverzoek"] = _newest(sender, "saldoverzoeken")
    return made | {f"{kind}_bericht": _newest(sender, path) for kind, path in ARRANGED.items()}


def request(path: str, creditor: str) -> dict[str, Any]:
    """The body of the document, from today and for this creditor."""
    (operation,) = [o for o in municipality.API.operations if (o.method, o.path) == ("POST", f"/{path}")]
    body: dict[str, Any] = msgspec.to_builtins(operation.request_example)
    (asked,) = body["schuldeisers"]
    asked |= {"oin": creditor} | ({"grondslag": "verzoek"} if "grondslag" in asked else {})
    today = dutch_day(CLOCK.now())
    if "begin" in body:
        body |= {"begin": today.isoformat(), "einde": (today + timedelta(days=90)).isoformat()}
    if "uitspraak" in body:
        body["uitspraak"]["datum"] = today.isoformat()
    return body


def _post(reader: Connection, path: str, creditor: str, nr: int) -> str:
    answer = reader.post(f"/gemeente/v1/{path}", request(path, creditor) | {"kenmerk": f"VREEMD-{nr}", "zaaknummer": f"VREEMD-{nr}"})
    assert answer.status == 201, answer.body
    return str(answer.json()["id"])


def _newest(sender: Connection, path: str) -> str:
    answer = sender.get(f"/schuldeiser/v1/{path}?limiet=500")
    assert answer.status == 200, answer.body
    return str(answer.json()["saldoverzoeken" if path == "saldoverzoeken" else "berichten"][-1]["id"])
