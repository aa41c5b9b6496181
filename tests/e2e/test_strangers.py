"""What is somebody else's does not exist: the same answer, byte for byte, as for an id that was never given out. And who acts for whom."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

import pytest

from adapters.client.connection import Answer
from gateway.api import creditor, municipality
from gateway.api.operation import Api, Operation
from gateway.onboarding import registration
from gateway.partners.register import Deelnemer, Mandaat
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from tests.canaries import lawful
from tests.e2e import belongings
from tests.e2e.asked import ARRANGED
from tests.e2e.belongings import (
    CITY,
    COLLEAGUE,
    CREDITOR,
    DOOR,
    FOR_CITY,
    FOR_OTHER,
    INBOX,
    PARTNER,
    SETTINGS,
    TODAY,
    TOWN,
    Speak,
    Things,
    send,
    unknown,
)
from tests.gateways import enrol, office, once, seconds_until, tls

KINDS = {
    "signalen": "signaal",
    "aanleveringen": "aanlevering",
    "inbox/berichten": "bericht",
    "inbox/claims": "claim",
    "zaken": "zaak",
    "meldingen": "melding",
    "instellingen/bezwaren": "bezwaar",
    "opvolging/claims": "opvolging",
    "schuldenoverzichten": "overzicht",
    "saldoverzoeken": "saldoverzoek",
    "partijen": "betaalvoorstel_bericht",
    **{path: kind for kind, path in ARRANGED.items()},
}
REFUSE_FIRST = {"legContactpogingVast", "geefResultaat", "bewaarContactgegevens", "meldBedreigend", "meldMijlpalen", "zendBerichtDoor"}
OWN = re.compile(r"(?i)^(traceparent|fsc-transaction-id)$")


class Try(NamedTuple):
    """An operation on a thing, by somebody whose it is not."""

    api: Api[Any]
    operation: Operation[Any]
    stranger: str
    namens: dict[str, str] | None = None

    def kind(self) -> str:
        """Which of the things its id is."""
        (kind,) = [kind for part, kind in KINDS.items() if self.operation.path.startswith(f"/{part}/{{id}}")]
        return f"{kind}_bericht" if self.api is creditor.API and kind in ARRANGED else kind

    def send(self, speak: Speak, id: str, body: object, method: str = "") -> Answer:
        """Do it."""
        path = self.api.base + self.operation.path.replace("{id}", id)
        return send(speak(self.stranger), method or self.operation.method, path, body, self.namens)


@pytest.fixture(scope="module")
def speak(gateway: Sandbox) -> Iterator[Speak]:
    """The connection of a party by its OIN, closed at the end."""
    with ExitStack() as stack:
        yield cache(lambda oin: stack.enter_context(closing(gateway.connect(oin))))


@pytest.fixture(scope="module")
def things(gateway: Sandbox, speak: Speak, tmp_path_factory: pytest.TempPathFactory) -> Things:
    made = [s for s in lawful(tmp_path_factory.mktemp("canaries"), 60, seed=501) if s["handelsnaam"] == SCHULDEISERS[0].naam]
    here, there = ([s for s in made if int(s["adres"]["postcode"][:4]) in gemeente.postcodes] for gemeente in GEMEENTEN[:2])
    return belongings.things(gateway, speak, here, there[0])


def tries() -> Iterator[Try]:
    """Every operation with an id; what a partner under a mandate may do by its colleague, and by itself for another municipality."""
    for api, stranger in ((municipality.API, CITY), (creditor.API, SCHULDEISERS[1].oin)):
        for operation in api.operations:
            if "{id}" in operation.path and operation.rol is None:
                yield Try(api, operation, stranger)
            elif "{id}" in operation.path:
                yield from (Try(api, operation, COLLEAGUE, FOR_CITY), Try(api, operation, PARTNER, FOR_OTHER))


STRANGERS = list(tries())
NAMES = [f"{one.operation.id}-{(one.namens or {}).get('Namens', one.stranger)}" for one in STRANGERS]


def _comparable(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    return answer.status, {name: value for name, value in answer.headers.items() if not OWN.match(name)}, answer.body


@pytest.mark.parametrize("one", STRANGERS, ids=NAMES)
def test_stranger_gets_the_same_404_as_for_an_unknown_id(speak: Speak, things: Things, one: Try) -> None:
    body = belongings.lawful(one.operation, speak(CITY), things.claim)
    for method in {one.operation.method, "HEAD" if one.operation.method == "GET" else one.operation.method}:
        theirs, nobody = one.send(speak, things.id(one.kind()), body, method), one.send(speak, unknown(), body, method)
        assert theirs.status == 404
        assert _comparable(theirs) == _comparable(nobody)


@pytest.mark.parametrize("one", [one for one in STRANGERS if one.operation.request], ids=lambda one: one.operation.id)
def test_what_is_refused_before_it_is_looked_for_tells_nothing_either(speak: Speak, things: Things, one: Try) -> None:
    """A day to come, data that are not sealed: these operations do not look any further, and answer the same for an unknown id."""
    given = belongings.example(one.operation, things.claim)
    body = {name: "2999-12-31" if name in {"datum", "sinds", "eersteContact"} else value for name, value in given.items()}
    theirs, nobody = one.send(speak, things.id(one.kind()), body), one.send(speak, unknown(), body)
    assert theirs.status == (409 if one.operation.id in REFUSE_FIRST else 404)
    assert _comparable(theirs) == _comparable(nobody)


@pytest.mark.parametrize("one", STRANGERS, ids=NAMES)
def test_party_without_the_role_is_told_so_whatever_the_id(speak: Speak, things: Things, one: Try) -> None:
    outsider = one._replace(stranger=SCHULDEISERS[1].oin if one.api is municipality.API else CITY, namens=None)
    body = belongings.example(one.operation, things.claim)
    theirs, nobody = outsider.send(speak, things.id(one.kind()), body), outsider.send(speak, unknown(), body)
    assert theirs.status == 403
    assert _comparable(theirs) == _comparable(nobody)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("zaken", lambda bericht, _: {"zaaknummer": "VREEMD-2", "berichten": [bericht]}),
        ("terugkoppelingen", lambda bericht, _: {"berichten": [bericht], "code": "herhaalde_melding"}),
        ("terugkoppelingen/_voorbeeld", lambda bericht, _: {"berichten": [bericht], "code": "herhaalde_melding"}),
        ("meldingen/_brievenbestand", lambda _, claim: {"claim": claim, "kanaal": "brief", "kenmerk": "VREEMD-2"}),
    ],
)
def test_id_of_another_in_a_body_is_as_unknown_as_any(speak: Speak, things: Things, path: str, body: Any) -> None:
    theirs = send(speak(CITY), "POST", f"{DOOR}/{path}", body(things.bericht, things.claim))
    nobody = send(speak(CITY), "POST", f"{DOOR}/{path}", body(unknown(), unknown()))
    assert theirs.status in {404, 409}
    assert _comparable(theirs) == _comparable(nobody)


def test_stranger_changed_nothing(speak: Speak, things: Things) -> None:
    """It runs after the attempts above; the owners see what they saw before."""
    assert len(things.shown) == 18
    assert belongings.shown(speak, things) == things.shown
    assert things.bericht not in speak(TOWN).get(f"{DOOR}/termijnen?limiet=500&termijn=bedreigend").body.decode()


def test_claim_id_of_another_municipality_acknowledges_nothing(speak: Speak, things: Things) -> None:
    wrong = {"claim": things.claim, "status": "ontvangen"}
    assert send(speak(GEMEENTEN[2].oin), "PUT", f"{INBOX}/berichten/{things.bericht}/bevestiging", wrong).status == 404


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"{INBOX}/berichten?limiet=500", "bericht"),
        (f"{DOOR}/zaken?limiet=500", "zaak"),
        (f"{DOOR}/zaken?limiet=500", "bericht"),
        (f"{DOOR}/meldingen?limiet=500", "melding"),
        (f"{DOOR}/meldingen?limiet=500", "bericht"),
        (f"{DOOR}/termijnen?limiet=500", "bericht"),
        (f"{SETTINGS}/bezwaren?limiet=500", "bezwaar"),
        ("/schuldeiser/v1/aanleveringen?limiet=500", "aanlevering"),
        (f"{DOOR}/schuldenoverzichten?limiet=500", "overzicht"),
        (f"{DOOR}/kennisgevingen?limiet=500", "kennisgeving"),
        ("/schuldeiser/v1/saldoverzoeken?limiet=500", "saldoverzoek"),
        ("/schuldeiser/v1/betaalvoorstellen?limiet=500", "betaalvoorstel_bericht"),
    ],
)
def test_lists_show_own_things_only(speak: Speak, things: Things, path: str, kind: str) -> None:
    owner, *others = [s.oin for s in SCHULDEISERS] if path.startswith("/schuldeiser") else [g.oin for g in GEMEENTEN]
    for other in others:
        answer = speak(other).get(path)
        assert answer.status == 200
        assert things.id(kind) not in answer.body.decode()
    assert things.id(kind) in speak(owner).get(path).body.decode()  # the control


def test_sub_mailbox_shows_messages_of_its_own_baskets_and_municipality_only(speak: Speak, things: Things) -> None:
    listed = f"{DOOR}/opvolging/berichten?limiet=500"
    assert speak(COLLEAGUE).request("GET", listed, None, FOR_CITY).json()["berichten"] == []
    assert things.bericht not in speak(PARTNER).request("GET", listed, None, FOR_OTHER).body.decode()
    assert things.bericht not in speak(PARTNER).request("GET", listed, None, FOR_CITY).body.decode()


def test_owner_can_still_do_everything_with_its_own(speak: Speak, things: Things) -> None:
    """The control: what was refused above works for the owner, on the very same ids."""
    town, partner = speak(TOWN), speak(PARTNER)
    released = send(partner, "DELETE", f"{DOOR}/opvolging/claims/{things.opvolging}", None, FOR_CITY)
    assert (released.status, released.json()["aantal"] >= 1) == (200, True)
    extended = send(town, "PUT", f"{INBOX}/claims/{things.claim}", {"leaseSeconden": 3600})
    assert (extended.status, extended.json()["aantal"] >= 2) == (200, True)
    assert send(town, "DELETE", f"{SETTINGS}/bezwaren/{things.bezwaar}").status == 200
    assert send(town, "PUT", f"{INBOX}/berichten/{things.bericht}/mijlpalen", {"eersteContact": TODAY.isoformat()}).status == 200
    result = {"resultaat": "geen_contact", "datum": TODAY.isoformat()}
    assert send(town, "PUT", f"{DOOR}/zaken/{things.zaak}/resultaat", result).status == 200
    assert speak(CREDITOR).get(f"/schuldeiser/v1/signalen/{things.signaal}/bewijs").status == 200
    question = f"/schuldeiser/v1/saldoverzoeken/{things.id('saldoverzoek')}"
    assert send(speak(CREDITOR), "POST", f"{question}/antwoord", {"soort": "klant_onbekend"}).status == 201
    withdrawn = send(town, "POST", f"{DOOR}/kennisgevingen/{things.id('kennisgeving')}/intrekking", {"reden": "onterecht"})
    assert withdrawn.status == 200


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
