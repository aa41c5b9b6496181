"""One of everything that belongs to somebody: made by its owner at a running gateway, with lawful bodies for whoever tries to touch it.

The first creditor and the first municipality own most of it; a claim on follow-up belongs to a partner of the second municipality.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from adapters.client.connection import Answer, Connection
from adapters.client.resealing import reseal
from adapters.client.sealing import seal_contact
from gateway.api import examples, triage_examples
from gateway.api.operation import Operation
from gateway.core import ids
from gateway.core.clock import dutch_day
from gateway.onboarding import registration
from gateway.partners.register import Deelnemer, Mandaat
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from schemas.doorzending import PubliekeSleutel
from schemas.instellingen import Zegelsleutel
from schemas.opvolging import Contactvondst
from tests.e2e import asked
from tests.gateways import CLOCK, enrol, office, seconds_until

TODAY = dutch_day(CLOCK.now())
DOOR = "/gemeente/v1"
INBOX = f"{DOOR}/inbox"
SETTINGS = f"{DOOR}/instellingen"
CREDITOR, TOWN, CITY, OTHER = SCHULDEISERS[0].oin, *(gemeente.oin for gemeente in GEMEENTEN)
PARTNER, COLLEAGUE = "00000099000000045000", "00000099000000046000"
FOR_CITY, FOR_OTHER = {"Namens": CITY}, {"Namens": OTHER}
Speak = Callable[[str], Connection]


class Things(NamedTuple):
    """An id per kind, and how its owner sees it: path -> body."""

    signaal: str
    aanlevering: str
    bericht: str
    claim: str
    zaak: str
    melding: str
    bezwaar: str
    opvolging: str
    asked: dict[str, str]
    shown: dict[str, bytes]

    def id(self, kind: str) -> str:
        """The id of one of them."""
        return self.asked.get(kind) or str(getattr(self, kind))


def send(connection: Connection, method: str, path: str, value: object = None, headers: dict[str, str] | None = None) -> Answer:
    """One request with a JSON body, or none."""
    return connection.request(method, path, None if value is None else json.dumps(value).encode(), headers)


def things(gateway: Sandbox, speak: Speak, signals: list[dict[str, Any]], elsewhere: dict[str, Any]) -> Things:
    """Make them: `signals` go to the first municipality, `elsewhere` to the second."""
    sender, reader = speak(CREDITOR), speak(TOWN)
    followed = _followed(gateway, speak, sender, elsewhere)
    receipt = sender.post("/schuldeiser/v1/signalen", signals[0])
    delivery = sender.post("/schuldeiser/v1/aanleveringen", {"kenmerk": "VREEMD-1", "signalen": [signals[1]]})
    assert (receipt.status, delivery.status) == (201, 201)
    bericht = receipt.json()["id"]
    assert seconds_until(200, lambda: reader.get(f"{INBOX}/berichten/{bericht}").status) < 10
    claim = reader.post(f"{INBOX}/claims", {"doel": "WGS-3-1-b", "maximum": 500, "leaseSeconden": 3600, "wijze": "onbemand"})
    zaak, bezwaar = _case(reader, bericht), reader.post(f"{SETTINGS}/bezwaren", {"postcode": "2011AB", "huisnummer": 99_999})
    assert (claim.status, bezwaar.status) == (201, 201)
    melding = _melding(reader, bericht)
    given = asked.ask(reader, sender, CREDITOR)
    made = Things(bericht, delivery.json()["id"], bericht, claim.json()["id"], zaak, melding, bezwaar.json()["id"], followed, given, {})
    return made._replace(shown=shown(speak, made))


def shown(speak: Speak, made: Things) -> dict[str, bytes]:
    """How the owners see their things now; the creditor reads first, because a municipality sees that it did."""
    seen = {f"/schuldeiser/v1/{path}": CREDITOR for path in (
        f"signalen/{made.signaal}", f"aanleveringen/{made.aanlevering}", f"aanleveringen/{made.aanlevering}/verslag",
        f"saldoverzoeken/{made.asked['saldoverzoek']}",
        *(f"{path}/{made.asked[f'{kind}_bericht']}" for kind, path in asked.ARRANGED.items()),
)} | {f"{DOOR}/{path}": TOWN for path in (
        f"inbox/berichten/{made.bericht}", f"zaken/{made.zaak}", f"zaken/{made.zaak}/contactgegevens", f"meldingen/{made.melding}",
        "instellingen/bezwaren", "zaken", "instellingen/werkbakken", f"schuldenoverzichten/{made.asked['overzicht']}",
        *(f"{path}/{made.asked[kind]}" for kind, path in asked.ARRANGED.items()),
    )}  # fmt: skip
    answers = {path: speak(oin).get(path) for path, oin in seen.items()}
    assert {answer.status for answer in answers.values()} == {200}
    return {path: answer.body for path, answer in answers.items()}


def _case(reader: Connection, bericht: str) -> str:
    """A case with contact data that were found."""
    opened = reader.post(f"{DOOR}/zaken", {"zaaknummer": "VREEMD-1", "berichten": [bericht]})
    zaak = str(opened.json()["id"])
    kept = send(reader, "PUT", f"{DOOR}/zaken/{zaak}/contactgegevens", contact(reader, GEMEENTEN[0].code))
    assert (opened.status, kept.status) == (201, 200)
    return zaak


def _melding(reader: Connection, bericht: str) -> str:
    def found() -> list[str]:
        rows = reader.get(f"{DOOR}/meldingen?limiet=500").json()["meldingen"]
        return [row["id"] for row in rows if bericht in row["berichten"]]

    assert seconds_until(1, lambda: len(found())) < 10
    return found()[0]


def _followed(gateway: Sandbox, speak: Speak, sender: Connection, signal: dict[str, Any]) -> str:
    """A claim of the partner for the city, where a colleague may work too; for the other municipality the partner works as well."""
    for oin in (PARTNER, COLLEAGUE):
        enrol(gateway, Deelnemer(oin, f"Belteam {oin[14:16]}", frozenset({"uitvoerder"}), "actief"))
    with office(gateway) as register:
        for oin, town in ((PARTNER, CITY), (PARTNER, OTHER), (COLLEAGUE, CITY)):
            registration.save(register, Mandaat(oin, town, "uitvoerder", TODAY))
    partner = speak(PARTNER)
    assert seconds_until(403, lambda: _claimed(partner, FOR_CITY).status) < 10  # under a mandate, and not yet in the setting
    rows = [{"oin": oin, "naam": "Belteam", "veldgroepen": ["contact"]} for oin in (PARTNER, COLLEAGUE)]
    baskets = {"standaard": {"code": "rest", "naam": "Rest", "kanaal": "telefoon", "opvolgpartner": PARTNER}, "werkbakken": []}
    for town in (CITY, OTHER):
        _set(speak(town), "opvolgpartners", {"opvolgpartners": rows if town == CITY else rows[:1]})
        _set(speak(town), "werkbakken", baskets)
    assert sender.post("/schuldeiser/v1/signalen", signal).status == 201
    listed = f"{DOOR}/opvolging/berichten?limiet=500"
    assert seconds_until(200, lambda: 200 if partner.request("GET", listed, None, FOR_CITY).json()["berichten"] else 404) < 10
    taken = _claimed(partner, FOR_CITY)
    assert taken.status == 201
    assert taken.json()["berichten"]
    return str(taken.json()["id"])


def _claimed(partner: Connection, headers: dict[str, str]) -> Answer:
    asked = {"doel": "WGS-3-1-b", "maximum": 100, "leaseSeconden": 86_400, "wijze": "bemand"}
    return send(partner, "POST", f"{DOOR}/opvolging/claims", asked, headers)


def _set(town: Connection, name: str, value: object) -> None:
    """By a municipality, once the register that the gateway works with has the mandates."""
    assert seconds_until(200, lambda: send(town, "PUT", f"{SETTINGS}/{name}", value).status) < 10


def _key(reader: Connection, gemeentecode: str) -> PubliekeSleutel:
    (key,) = reader.get(f"{DOOR}/gemeentesleutels?gemeentecode={gemeentecode}").json()["sleutels"]
    return msgspec.convert(key, PubliekeSleutel)


def contact(reader: Connection, gemeentecode: str) -> dict[str, Any]:
    """Contact data sealed for a municipality."""
    key = _key(reader, gemeentecode)
    members = {name: key.publiek[name] for name in ("kty", "crv", "x", "y")}
    token = seal_contact(Contactvondst(bericht=UUID(int=1)), msgspec.convert({**members, "kid": key.kid}, Zegelsleutel))
    return {"bron": "inwoner", "grondslag": "toestemming", "datum": TODAY.isoformat(), "gegevens": token}


def forwarding(reader: Connection, claim: str) -> dict[str, Any]:
    """A forwarding to the other municipality, sealed as it should be."""
    identity = {name: msgspec.to_builtins(getattr(examples.SIGNAAL, name)) for name in ("personen", "adres")}
    made = reseal({"identiteit": identity}, _key(reader, GEMEENTEN[2].code), UUID(claim))
    return dict(json.loads(msgspec.json.encode(made)))


def lawful(operation: Operation[Any], reader: Connection, claim: str) -> Any:
    """A body that a stranger of the city would have accepted for a thing of its own; None for an operation without."""
    day = TODAY.isoformat()
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "legContactpogingVast": lambda: {"kenmerk": "V-1", "soort": "telefoon", "bereikt": False, "datum": day},
        "geefResultaat": lambda: {"resultaat": "geen_contact", "datum": day},
        "bewaarContactgegevens": lambda: contact(reader, GEMEENTEN[1].code),
        "meldBedreigend": lambda: {"bedreigend": True, "sinds": day},
        "meldMijlpalen": lambda: {"eersteContact": day, "hulpGeaccepteerd": day},
        "zendBerichtDoor": lambda: forwarding(reader, claim),
        "deelBericht": lambda: msgspec.to_builtins(triage_examples.DELING),
    }
    return made[operation.id]() if operation.id in made else example(operation, claim)


def example(operation: Operation[Any], claim: str) -> Any:
    """The body of the document, with this claim where there is one."""
    body = msgspec.to_builtins(operation.request_example) if operation.request else None
    return body | {"claim": claim} if body is not None and "claim" in body else body


def unknown() -> str:
    """An id that was never given out."""
    return str(ids.new())
