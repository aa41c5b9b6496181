"""The demo's second act: a municipality asks creditors what a client owes, they answer, and the overview is made and printed.

Everybody connects with its own certificate, opens only what is its own, and checks what is signed. The gateway keeps this municipality's
key, so it makes the overview; the municipality makes it once more from the same answers, with the client's package. Authority: contract,
"Schuldenoverzicht" and "The overview, assembled". Leaves who owes what to `debts`, and what must come out to `expectations`.
"""

import time
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from adapters.client.connection import Answer, Connection
from adapters.client.opening import Opener
from adapters.client.overview import assembled
from adapters.client.receipts import verify_receipt
from gateway.demo.creditors import BASE as CREDITOR
from gateway.demo.creditors import Unexpected, published
from gateway.demo.debts import CLIENT, DESK, KLANTNUMMERS, answers
from gateway.sandbox.parties import BEVRAAGDEN, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from schemas.overzicht import Overzicht
from schemas.schuldenoverzicht import (
    Antwoordbewijs,
    GevraagdeSchuldeiser,
    Overzichtsaanvraag,
    Saldoantwoord,
    Saldoverzoek,
    Saldoverzoeken,
    Schuldenoverzicht,
)

BASE = "/gemeente/v1/schuldenoverzichten"
NAMES = {party.oin: party.naam for party in (*SCHULDEISERS, *BEVRAAGDEN)}


class Told(NamedTuple):
    """What came of it: who was asked, what each answered (by OIN), the gateway's overview, the municipality's own, and the page."""

    asked: Schuldenoverzicht
    given: Mapping[str, Saldoantwoord]
    made: Overzicht
    own: Overzicht
    page: Path
    seconds: float


def play(sandbox: Sandbox, today: date) -> Told:
    """From the question to the page, which is written into the state folder.

    Raises:
        Unexpected: a status or a question that cannot be. NotOpened: a question or answer does not open.
        NotGenuine: a receipt that does not verify. OSError: the connection failed.
    """
    begun, given = time.perf_counter(), answers(today)
    with closing(sandbox.connect(DESK.oin)) as desk:
        asked = _ask(desk)
        for oin, answer in given.items():
            with closing(sandbox.connect(oin)) as creditor:
                _answer(creditor, KLANTNUMMERS[oin], answer)
        made = msgspec.json.decode(_get(desk, where(asked.id)), type=Overzicht)
        page = sandbox.state.resolve() / "schuldenoverzicht.html"
        page.write_bytes(_get(desk, where(asked.id), "text/html"))
        own = assembled(msgspec.json.decode(_get(desk, f"{BASE}/{asked.id}"), type=Schuldenoverzicht), Opener())
    return Told(asked, given, made, own, page, time.perf_counter() - begun)


def where(id: UUID) -> str:
    """The path of an assembled overview."""
    return f"{BASE}/{id}/overzicht"


def _ask(desk: Connection) -> Schuldenoverzicht:
    named = [GevraagdeSchuldeiser(oin=oin, klantnummer=number) for oin, number in KLANTNUMMERS.items()]
    value = Overzichtsaanvraag(kenmerk="DEMO-SO-1", zaaknummer="ZAAK-DEMO-1", grond="plan_van_aanpak", client=CLIENT, schuldeisers=named)
    return msgspec.json.decode(_post(desk, BASE, value), type=Schuldenoverzicht)


def _answer(creditor: Connection, klantnummer: str, answer: Saldoantwoord) -> None:
    """Look, open, answer, and check the receipt, as a creditor should."""
    lines = msgspec.json.decode(_get(creditor, f"{CREDITOR}/saldoverzoeken"), type=Saldoverzoeken).saldoverzoeken
    if len(lines) != 1:
        raise Unexpected(f"een schuldeiser zag {len(lines)} saldoverzoeken in plaats van een")
    path = f"{CREDITOR}/saldoverzoeken/{lines[0].id}"
    sealed = msgspec.json.decode(_get(creditor, path), type=Saldoverzoek).vraag
    question = Opener().unseal(sealed.inhoud, sealed.sleutels, lines[0].id, "vraag") if sealed else {}
    if question.get("klantnummer") != klantnummer:
        raise Unexpected("een schuldeiser kreeg niet zijn eigen vraag")
    receipt = msgspec.json.decode(_post(creditor, f"{path}/antwoord", answer), type=Antwoordbewijs)
    verify_receipt(receipt, published(creditor))


def _get(connection: Connection, path: str, media: str = "application/json") -> bytes:
    return _checked(connection.request("GET", path, headers={"Accept": media}), 200)


def _post(connection: Connection, path: str, value: Overzichtsaanvraag | Saldoantwoord) -> bytes:
    return _checked(connection.request("POST", path, msgspec.json.encode(value)), 201)


def _checked(answer: Answer, status: int) -> bytes:
    if answer.status != status:
        raise Unexpected(f"een vraag over schulden kreeg status {answer.status}")
    return answer.body
