"""What is somebody else's does not exist: the same answer, byte for byte, as for an id that was never given out. And who acts for whom."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import pytest

from adapters.client.connection import Answer, Connection
from gateway.api import creditor, municipality
from gateway.api.operation import Api, Operation
from gateway.core import ids
from gateway.core.clock import dutch_day
from gateway.onboarding import registration
from gateway.partners.register import Deelnemer, Mandaat
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS, Schuldeiser
from gateway.sandbox.sandbox import Sandbox
from tests.canaries import lawful
from tests.gateways import CLOCK, enrol, office, once, seconds_until, tls

KINDS = {"signalen": "signaal", "aanleveringen": "aanlevering", "berichten": "bericht", "claims": "claim"}
OWN = re.compile(rb"(?i)^(traceparent|fsc-transaction-id)$")
TODAY = dutch_day(CLOCK.now())
INBOX = "/gemeente/v1/inbox"


Speak = Callable[[str], Connection]


class Things(NamedTuple):
    """What one creditor and one municipality own: an id per kind."""

    signaal: str
    aanlevering: str
    bericht: str
    claim: str


@pytest.fixture(scope="module")
def speak(gateway: Sandbox) -> Iterator[Speak]:
    """A connection of a party by its OIN, closed at the end."""
    with ExitStack() as stack:
        yield lambda oin: stack.enter_context(closing(gateway.connect(oin)))


@pytest.fixture(scope="module")
def things(speak: Speak, tmp_path_factory: pytest.TempPathFactory) -> Things:
    owner = SCHULDEISERS[0]
    first, second = _of(owner, lawful(tmp_path_factory.mktemp("canaries"), 60, seed=501), "0392")[:2]
    sender = speak(owner.oin)
    receipt = sender.post("/schuldeiser/v1/signalen", first)
    delivery = sender.post("/schuldeiser/v1/aanleveringen", {"kenmerk": "VREEMD-1", "signalen": [second]})
    assert (receipt.status, delivery.status) == (201, 201)
    reader = speak(GEMEENTEN[0].oin)
    assert seconds_until(200, lambda: reader.get(f"{INBOX}/berichten/{receipt.json()['id']}").status) < 5
    claim = reader.post(f"{INBOX}/claims", {"doel": "WGS-3-1-b", "maximum": 500, "leaseSeconden": 3600, "wijze": "onbemand"})
    assert claim.status == 201
    return Things(receipt.json()["id"], delivery.json()["id"], receipt.json()["id"], claim.json()["id"])


def _of(owner: Schuldeiser, signals: list[dict[str, Any]], gemeente: str) -> list[dict[str, Any]]:
    areas = {str(area) for g in GEMEENTEN if g.code == gemeente for area in g.postcodes}
    return [s for s in signals if s["handelsnaam"] == owner.naam and s["adres"]["postcode"][:4] in areas]


def _with_id(api: Api[Any]) -> Iterator[Operation[Any]]:
    return (operation for operation in api.operations if "{id}" in operation.path)


def _call(connection: Connection, api: Api[Any], operation: Operation[Any], id: str, claim: str, method: str = "") -> Answer:
    body = msgspec.to_builtins(operation.request_example) if operation.request else None
    if body is not None and "claim" in body:
        body["claim"] = claim
    content = None if body is None else json.dumps(body).encode()
    return connection.request(method or operation.method, api.base + operation.path.replace("{id}", id), content)


def _comparable(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    return answer.status, {name: value for name, value in answer.headers.items() if not OWN.match(name.encode())}, answer.body


def _id_of(operation: Operation[Any], things: Things) -> str:
    (kind,) = [kind for part, kind in KINDS.items() if f"/{part}/{{id}}" in operation.path]
    return str(getattr(things, kind))


STRANGERS = [
    *((municipality.API, operation, GEMEENTEN[1].oin) for operation in _with_id(municipality.API)),
    *((creditor.API, operation, SCHULDEISERS[1].oin) for operation in _with_id(creditor.API)),
]


@pytest.mark.parametrize(("api", "operation", "stranger"), STRANGERS, ids=[operation.id for _, operation, _ in STRANGERS])
def test_stranger_gets_the_same_404_as_for_an_unknown_id(
    speak: Speak, things: Things, api: Api[Any], operation: Operation[Any], stranger: str
) -> None:
    connection = speak(stranger)
    for method in {operation.method, "HEAD" if operation.method == "GET" else operation.method}:
        theirs = _call(connection, api, operation, _id_of(operation, things), things.claim, method)
        nobody = _call(connection, api, operation, str(ids.new()), things.claim, method)
        assert theirs.status == 404
        assert _comparable(theirs) == _comparable(nobody)


@pytest.mark.parametrize(
    ("oin", "path"),
    [
        (GEMEENTEN[0].oin, "/gemeente/v1/inbox/berichten/{bericht}"),
        (SCHULDEISERS[0].oin, "/schuldeiser/v1/signalen/{signaal}"),
        (SCHULDEISERS[0].oin, "/schuldeiser/v1/aanleveringen/{aanlevering}"),
        (SCHULDEISERS[0].oin, "/schuldeiser/v1/aanleveringen/{aanlevering}/verslag"),
    ],
)
def test_owner_is_answered(speak: Speak, things: Things, oin: str, path: str) -> None:
    assert speak(oin).get(path.format(**things._asdict())).status == 200


def test_stranger_changed_nothing(speak: Speak, things: Things) -> None:
    reader = speak(GEMEENTEN[0].oin)
    assert reader.get(f"{INBOX}/berichten/{things.bericht}").json()["staat"] == "geclaimd"
    extended = reader.request("PUT", f"{INBOX}/claims/{things.claim}", b'{"leaseSeconden":3600}')
    assert (extended.status, extended.json()["aantal"] >= 2) == (200, True)


def test_claim_id_of_another_municipality_acknowledges_nothing(speak: Speak, things: Things) -> None:
    wrong = {"claim": things.claim, "status": "ontvangen"}
    other = speak(GEMEENTEN[2].oin)
    answer = other.request("PUT", f"{INBOX}/berichten/{things.bericht}/bevestiging", json.dumps(wrong).encode())
    assert answer.status == 404


def test_lists_show_own_things_only(speak: Speak, things: Things) -> None:
    for gemeente in GEMEENTEN[1:]:
        assert things.bericht not in speak(gemeente.oin).get(f"{INBOX}/berichten?limiet=500").body.decode()
    assert things.bericht in speak(GEMEENTEN[0].oin).get(f"{INBOX}/berichten?limiet=500").body.decode()  # the control
    for schuldeiser in SCHULDEISERS[1:]:
        assert things.aanlevering not in speak(schuldeiser.oin).get("/schuldeiser/v1/aanleveringen").body.decode()
    assert things.aanlevering in speak(SCHULDEISERS[0].oin).get("/schuldeiser/v1/aanleveringen").body.decode()


def test_party_acts_for_another_under_a_mandate_only_and_until_it_ends(gateway: Sandbox) -> None:
    agency = enrol(gateway, Deelnemer("00000099000000041000", "Signaalpartner Voorbeeld", frozenset({"signaalpartner"}), "actief"))
    context, principal = tls(gateway, agency.issued), SCHULDEISERS[2].oin

    def ask(*headers: str) -> int:
        return once(gateway, context, "/schuldeiser/v1/aanleveringen", *headers)

    named = f"Namens: {principal}"
    assert seconds_until(403, lambda: ask(named)) < 5  # registered, without a mandate
    with office(gateway) as register:
        registration.save(register, Mandaat(agency.row.oin, principal, "schuldeiser", TODAY))
    assert seconds_until(200, lambda: ask(named)) < 5
    assert ask() == 200  # one mandate: the header may be left out
    assert ask(f"Namens: {SCHULDEISERS[0].oin}") == 403
    assert ask("Namens: 123") == 400
    assert ask(named, named) == 400
    assert once(gateway, context, f"{INBOX}/berichten", f"Namens: {GEMEENTEN[0].oin}") == 403  # not in that role
    with office(gateway) as register:
        registration.save(register, Mandaat(agency.row.oin, principal, "schuldeiser", TODAY - timedelta(days=9), TODAY))
        registration.save(register, Mandaat(agency.row.oin, principal, "schuldeiser", TODAY, TODAY - timedelta(days=1)))
    assert ask(named) == 200  # the other mandate runs until the end of today
    with office(gateway) as register:
        registration.save(register, Mandaat(agency.row.oin, principal, "schuldeiser", TODAY - timedelta(days=9), TODAY - timedelta(days=1)))
    assert seconds_until(403, lambda: ask(named)) < 5


def test_suspended_principal_stops_its_agency_too(gateway: Sandbox) -> None:
    principal = enrol(gateway, Deelnemer("00000099000000043000", "Verhuur Twee", frozenset({"schuldeiser"}), "actief", frozenset({"huur"})))
    agency = enrol(gateway, Deelnemer("00000099000000044000", "Partner Twee", frozenset({"signaalpartner"}), "actief"))
    with office(gateway) as register:
        registration.save(register, Mandaat(agency.row.oin, principal.row.oin, "schuldeiser", TODAY))
    context = tls(gateway, agency.issued)
    assert seconds_until(200, lambda: once(gateway, context, "/schuldeiser/v1/aanleveringen")) < 5
    with office(gateway) as register:
        registration.set_status(register, principal.row.oin, "opgeschort")
    assert seconds_until(403, lambda: once(gateway, context, "/schuldeiser/v1/aanleveringen")) < 5
