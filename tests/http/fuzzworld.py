"""The world that the contract is fuzzed in: a gateway of its own with something of every kind, so that ids in requests do exist."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from adapters.client.connection import Connection
from gateway.core.clock import dutch_day
from gateway.onboarding import registration
from gateway.partners.register import Deelnemer, Mandaat
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from tests.canaries import lawful
from tests.e2e import asked, officers
from tests.gateways import CLOCK, enrol, office, running, seconds_until
from tests.http.lawful import CBS, FOLLOWER, POINT

INBOX = "/gemeente/v1/inbox"
SETTINGS = "/gemeente/v1/instellingen"
CONTACT = {"naam": "A. Jansen", "telefoonnummer": "023 511 5115", "email": "cijfers@voorbeeld.example", "functietitel": "Adviseur"}
STATISTICS = {
    "levering": "gateway",
    "organisatie": {"naam": "Gemeente Voorbeeld", "kvk-nummer": "34369366", "contactpersonen": [CONTACT]},
}


CLAIM = {"doel": "WGS-3-1-b", "maximum": 3, "leaseSeconden": 86_400, "wijze": "onbemand"}


class World(NamedTuple):
    """The gateway, lawful signals that were not sent yet, and ids per kind."""

    gateway: Sandbox
    signals: list[dict[str, Any]]
    dictionaries: dict[str, list[str]]


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """It runs until the end of the context."""
    own = [s for s in lawful(folder, 900, seed=601) if s["handelsnaam"] == SCHULDEISERS[0].naam]
    with running(folder, signing=True, SEINHUIS_OVERSIGHT_CEILING="1000000") as gateway, ExitStack() as stack:
        _enrol(gateway)
        sender, reader, other = (stack.enter_context(closing(gateway.connect(p.oin))) for p in (SCHULDEISERS[0], *GEMEENTEN[:2]))
        assert other.request("PUT", f"{SETTINGS}/statistiek", encoded(STATISTICS)).status == 200
        ids = _sent(sender, own[:60])
        claimed = _claimed(other)
        yield World(gateway, own[60:], ids | _taken(reader) | _kept(reader) | _asked(reader, sender) | _overseen(gateway, other, claimed))


def switch_on(made: World) -> None:
    """The attributes that lawful baskets sort on."""
    attributes = {"optioneleVelden": ["geboortedatum"], "triage": ["postcode4", "ouderdom"]}
    with closing(made.gateway.connect(GEMEENTEN[0].oin)) as reader:
        assert reader.request("PUT", f"{SETTINGS}/velden", encoded(attributes)).status == 200


def questions(made: World) -> Iterator[str]:
    """An endless row of questions to the first creditor, each open; no dictionary has them."""
    body = asked.request("schuldenoverzichten", SCHULDEISERS[0].oin)
    with closing(made.gateway.connect(GEMEENTEN[0].oin)) as reader:
        for nr in count(1):
            answer = reader.post("/gemeente/v1/schuldenoverzichten", body | {"kenmerk": f"LAWFUL-{nr}", "zaaknummer": f"LAWFUL-{nr}"})
            assert answer.status == 201, answer.body
            yield answer.json()["vragen"][0]["id"]


def encoded(value: object) -> bytes:
    """A body."""
    return json.dumps(value).encode()


def _enrol(gateway: Sandbox) -> None:
    """CBS, and a follow-up partner with a mandate of the first municipality."""
    enrol(gateway, Deelnemer(CBS, "Statistiek Voorbeeld", frozenset({"cbs"}), "actief"))
    enrol(gateway, Deelnemer(FOLLOWER, "Belteam Voorbeeld", frozenset({"uitvoerder"}), "actief"))
    with office(gateway) as register:
        registration.save(register, Mandaat(FOLLOWER, GEMEENTEN[0].oin, "uitvoerder", dutch_day(CLOCK.now())))


def _sent(sender: Connection, signals: list[dict[str, Any]]) -> dict[str, list[str]]:
    posted = [sender.post("/schuldeiser/v1/signalen", signal) for signal in signals[:20]]
    batches = [{"kenmerk": f"VAST-{nr}", "signalen": signals[nr : nr + 10]} for nr in range(20, 60, 10)]
    delivered = [sender.post("/schuldeiser/v1/aanleveringen", batch) for batch in batches]
    assert {answer.status for answer in (*posted, *delivered)} == {201}
    return {"signaal": [answer.json()["id"] for answer in posted], "aanlevering": [answer.json()["id"] for answer in delivered]}


def _taken(reader: Connection) -> dict[str, list[str]]:
    """Claims of three messages each, and a case over the first of each claim."""
    assert seconds_until(9, lambda: len(reader.get(f"{INBOX}/berichten?limiet=9").json()["berichten"])) < 10
    claims = [reader.post(f"{INBOX}/claims", CLAIM).json() for _ in range(3)]
    asked = [{"zaaknummer": f"VAST-{nr}", "berichten": [claim["berichten"][0]["id"]]} for nr, claim in enumerate(claims)]
    opened = [reader.post("/gemeente/v1/zaken", body) for body in asked]
    assert {answer.status for answer in opened} == {201}
    return {
        "bericht": [bericht["id"] for claim in claims for bericht in claim["berichten"]],
        "claim": [claim["id"] for claim in claims],
        "zaak": [answer.json()["id"] for answer in opened],
    }


def _asked(reader: Connection, sender: Connection) -> dict[str, list[str]]:
    """Questions and arrangements; an arrangement has an id at each door, and both are tried at both."""
    made = [asked.ask(reader, sender, SCHULDEISERS[0].oin, nr) for nr in range(1, 9)]
    whole = {kind: [one[kind] for one in made] for kind in ("overzicht", "saldoverzoek")}
    return whole | {kind: [one[name] for one in made for name in (kind, f"{kind}_bericht")] for kind in asked.ARRANGED}


def _kept(reader: Connection) -> dict[str, list[str]]:
    """Meldingen and objections that are there, and the follow-up partner as a setting."""
    assert seconds_until(200, lambda: 200 if reader.get("/gemeente/v1/meldingen").json()["meldingen"] else 404) < 10
    kept = [reader.post(f"{SETTINGS}/bezwaren", {"postcode": "2011AB", "huisnummer": nr}) for nr in range(1, 21)]
    assert {answer.status for answer in kept} == {201}
    partner = {"oin": FOLLOWER, "naam": "Belteam", "veldgroepen": ["contact"], "sleutel": {**POINT, "kid": "belteam-1"}}
    body = encoded({"opvolgpartners": [partner]})  # the register is read anew within 5 seconds
    assert seconds_until(200, lambda: reader.request("PUT", f"{SETTINGS}/opvolgpartners", body).status) < 10
    meldingen = reader.get("/gemeente/v1/meldingen").json()["meldingen"]
    return {"melding": [melding["id"] for melding in meldingen], "bezwaar": [answer.json()["id"] for answer in kept]}


def _claimed(other: Connection) -> list[str]:
    """Messages that another municipality opened."""
    assert seconds_until(3, lambda: len(other.get(f"{INBOX}/berichten?limiet=3").json()["berichten"])) < 10
    return [bericht["id"] for bericht in other.post(f"{INBOX}/claims", CLAIM).json()["berichten"]]


def _overseen(gateway: Sandbox, town: Connection, berichten: list[str]) -> dict[str, list[str]]:
    """Two officers of that municipality: accesses, requests of residents (confirmed or not), names that may be opened or are asked for."""
    officers.appoint(gateway, GEMEENTEN[1].oin)
    with closing(gateway.connect(officers.OFFICERS[0])) as officer, closing(gateway.connect(officers.OFFICERS[1])) as second:
        officers.wait(second)
        opened = officer.post(f"{officers.BASE}/logregels/_zoek", {"gebeurtenis": "bericht.geclaimd"}).json()["regels"]
        requests = [_inquired(officer, town, nr) for nr in range(6)]
        names = [officers.agreed(officer, second, bericht) for bericht in berichten for _ in range(3)]
        reason = {"reden": "klacht", "kenmerk": "KL-2"}
        asked = [second.post(f"{officers.BASE}/ontzegelingen", {"bericht": bericht, **reason}) for bericht in berichten for _ in range(3)]
    assert {answer.status for answer in asked} == {201}
    names += [answer.json()["id"] for answer in asked]
    return {"regel": [line["id"] for line in opened], "inzageverzoek": requests, "ontzegeling": names, "getroffen": berichten}


def _inquired(officer: Connection, town: Connection, nr: int) -> str:
    """A resident's request; the municipality confirms every second one."""
    address = {"postcode": "2011AB", "huisnummer": 1 + nr}
    person = {"achternaam": "Voorbeeld", "geboortedatum": "1980-01-01"}
    made = officer.post(f"{officers.BASE}/inzageverzoeken", {"kenmerk": f"VAST-{nr}", "persoon": person, "adressen": [address]})
    path = f"{officers.BASE}/inzageverzoeken/{made.json()['id']}"
    assert nr % 2 or town.post(f"{path}/_bevestig", {"berichten": []}).status == 200
    return str(made.json()["id"])
