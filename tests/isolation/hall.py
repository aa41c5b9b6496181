"""Twenty municipalities and twenty creditors at the doors of one real gateway: requests over HTTP, in this process, on a real database.

Each has something of every kind. `owners` says of every id that was given out to whom it may ever be shown.
"""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
from psycopg.conninfo import conninfo_to_dict

from adapters.synthetic.generator import Creditor, Place
from certs.dev import DevPki
from gateway.api import municipality
from gateway.api.caller import Gate
from gateway.api.edge import Edge
from gateway.api.machine import machine_app
from gateway.api.operation import House as Behind
from gateway.app.doors import CreditorDoor, MunicipalityDoor, RefusalLog
from gateway.app.house import House, open_house, open_office
from gateway.app.kek import kek_file
from gateway.app.settings import Settings
from gateway.core.clock import SystemClock, dutch_day
from gateway.onboarding import registration
from gateway.onboarding.registration import Office
from gateway.partners.register import Deelnemer, GemeenteInstelling
from gateway.sandbox.sandbox import OPEN_SINCE
from gateway.store.prepare import ROLES, Dsns
from tests.canaries import lawful
from tests.gateways import admit
from tests.http.world import Connected, Crl

CLOCK = SystemClock()
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
PLACES = {
    "0363": ("1011", "Amsterdam"), "0599": ("3011", "Rotterdam"), "0518": ("2511", "'s-Gravenhage"), "0344": ("3511", "Utrecht"),
    "0392": ("2011", "Haarlem"), "0193": ("8011", "Zwolle"), "0014": ("9711", "Groningen"), "0855": ("5011", "Tilburg"),
    "0772": ("5611", "Eindhoven"), "0758": ("4811", "Breda"), "0268": ("6511", "Nijmegen"), "0202": ("6811", "Arnhem"),
    "0307": ("3811", "Amersfoort"), "0153": ("7511", "Enschede"), "0935": ("6211", "Maastricht"), "0546": ("2311", "Leiden"),
    "0503": ("2611", "Delft"), "0505": ("3311", "Dordrecht"), "0361": ("1811", "Alkmaar"), "0080": ("8911", "Leeuwarden"),
}  # fmt: skip
TOWNS = {f"00000099{7000 + n:09}000": code for n, code in enumerate(PLACES, start=1)}
LENDERS = {f"00000099{8000 + n:09}000": f"Verhuur {n}" for n in range(1, len(PLACES) + 1)}
_WHOLES = {"schuldenoverzichten": "overzicht", "kennisgevingen": "kennisgeving", "betaalvoorstellen": "betaalvoorstel"}
_SEEN = {"saldoverzoeken": "saldoverzoek", "kennisgevingen": "kennisgeving_bericht", "betaalvoorstellen": "betaalvoorstel_bericht"}


class Hall:
    """The gateway, who is there, and the model: `things[kind][oin]` are its ids, `owners[id]` all that may see one."""

    def __init__(self, house: House, certificates: dict[str, bytes], folder: Path, runner: asyncio.Runner, stack: ExitStack) -> None:
        self.house = house
        self.things: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.owners: dict[str, set[str]] = {}
        self.requests = 0
        self._folder, self._runner, self._numbered = folder, runner, 0
        app = _application(house)
        self._clients = {oin: _client(Connected(app, der)) for oin, der in certificates.items()}
        stack.callback(lambda: [runner.run(client.aclose()) for client in self._clients.values()])

    def ask(self, oin: str, method: str, path: str, body: object = None) -> httpx.Response:
        """One request. Whatever it is answered with, no id in it may be somebody else's; a new one is the caller's."""
        self.requests += 1
        answer = self._runner.run(self._clients[oin].request(method, path, json=body) if body is not None else
                                  self._clients[oin].request(method, path))  # fmt: skip
        for id in UUIDS.findall(answer.text):
            assert oin in self.owners.setdefault(id, {oin}), f"{method} {path} shows {oin} an id of {self.owners[id]}"
        assert answer.status_code < 500, (method, path, answer.status_code, answer.text)
        return answer

    def made(self, kind: str, oin: str, answer: httpx.Response) -> str:
        """A thing of this party's that was just made."""
        assert answer.status_code == 201, answer.text
        id = str(answer.json()["id"])
        self.things[kind][oin].append(id)
        return id

    def deliver(self, lender: str, town: str, *, batch: bool) -> None:
        """One signal about somebody in a town."""
        self._numbered += 1
        code = TOWNS[town]
        creditor, place = Creditor(lender, "huur", LENDERS[lender]), Place(PLACES[code][0], PLACES[code][1], code)
        (signal,) = lawful(self._folder, 1, seed=self._numbered, creditors=[creditor], places=[place])
        signal["kenmerk"] = f"{lender}-{self._numbered}"
        if batch:
            body = {"kenmerk": f"B-{self._numbered}", "signalen": [signal]}
            id = self.made("aanlevering", lender, self.ask(lender, "POST", "/schuldeiser/v1/aanleveringen", body))
            report = self.ask(lender, "GET", f"/schuldeiser/v1/aanleveringen/{id}/verslag").json()
            (signaal,) = [one for one in UUIDS.findall(json.dumps(report)) if one != id]
            self.things["signaal"][lender].append(signaal)
        else:
            signaal = self.made("signaal", lender, self.ask(lender, "POST", "/schuldeiser/v1/signalen", signal))
        self.owners[signaal].add(town)
        self.things["bericht"][town].append(signaal)
        while self.house.number():
            pass

    def claim(self, town: str) -> None:
        """Take some messages and open a case over the first."""
        body = {"doel": "WGS-3-1-b", "maximum": 3, "leaseSeconden": 86_400, "wijze": "onbemand"}
        answer = self.ask(town, "POST", "/gemeente/v1/inbox/claims", body)
        taken = answer.json().get("berichten") if answer.status_code == 201 else None
        if taken:
            self.made("claim", town, answer)
            self._numbered += 1
            opened = {"zaaknummer": f"Z-{self._numbered}", "berichten": [taken[0]["id"]]}
            answer = self.ask(town, "POST", "/gemeente/v1/zaken", opened)
            if answer.status_code == 201:
                self.made("zaak", town, answer)

    def oppose(self, town: str) -> None:
        """An objection."""
        self._numbered += 1
        body = {"postcode": f"{PLACES[TOWNS[town]][0]}AB", "huisnummer": self._numbered}
        self.made("bezwaar", town, self.ask(town, "POST", "/gemeente/v1/instellingen/bezwaren", body))

    def question(self, town: str, lender: str) -> None:
        """An overview, a pause or a proposal, to one creditor; each has an id of its own there."""
        self._numbered += 1
        path = list(_WHOLES)[self._numbered % len(_WHOLES)]
        body = _example(path, lender) | {"kenmerk": f"V-{self._numbered}", "zaaknummer": f"V-{self._numbered}"}
        answer = self.ask(town, "POST", f"/gemeente/v1/{path}", body)
        self.made(_WHOLES[path], town, answer)
        for id in UUIDS.findall(answer.text):
            self.owners[id].add(lender)
        theirs = "saldoverzoeken" if path == "schuldenoverzichten" else path
        (part,) = answer.json()["vragen" if path == "schuldenoverzichten" else "partijen"]
        self.things[_SEEN[theirs]][lender].append(part["id"])


def _example(path: str, lender: str) -> dict[str, Any]:
    (operation,) = [one for one in municipality.API.operations if (one.method, one.path) == ("POST", f"/{path}")]
    body: dict[str, Any] = msgspec.to_builtins(operation.request_example)
    (asked,) = body["schuldeisers"]
    asked |= {"oin": lender} | ({"grondslag": "verzoek"} if "grondslag" in asked else {})
    today = dutch_day(CLOCK.now()).isoformat()
    if "begin" in body:
        body |= {"begin": today, "einde": today}
    return body


def _client(app: Connected) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="https://seinhuis.example")


def _application(house: House) -> Edge:
    gate, refusals = Gate(house.register.current, Crl(), house.clock), RefusalLog(house)
    creditors = Behind[Any](port=CreditorDoor(house), gate=gate, refusals=refusals, strangers=lambda _: None)
    municipalities = Behind[Any](port=MunicipalityDoor(house), gate=gate, refusals=refusals, strangers=lambda _: None)
    return machine_app(creditors, municipalities, lambda *_: None)


@contextmanager
def hall(dsns: Dsns, folder: Path) -> Iterator[Hall]:
    """It runs until the end of the context, with things of everybody."""
    settings = site(dsns, folder)
    with open_office(settings, CLOCK) as office:
        certificates = _enrol(office, DevPki.create(folder / "pki", CLOCK))
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        made = Hall(stack.enter_context(open_house(settings, CLOCK)), certificates, folder, runner, stack)
        towns, lenders = list(TOWNS), list(LENDERS)
        for n, town in enumerate(towns):
            made.deliver(lenders[n], town, batch=True)
            made.deliver(lenders[n - 1], town, batch=False)
            made.question(town, lenders[n])
            made.claim(town)
            made.oppose(town)
        yield made


def site(dsns: Dsns, folder: Path) -> Settings:
    """An installation on a test's database, whose roles keep the passwords that they have."""
    state = folder / "state"
    state.mkdir(mode=0o700)
    (state / "database-rollen.json").touch(0o600)
    passwords = {role: conninfo_to_dict(getattr(dsns, role))["password"] for role in ROLES}
    (state / "database-rollen.json").write_text(json.dumps(passwords))
    settings = Settings(state=state, database_url=dsns.owner, file_workers=0, proef=True)
    kek_file(settings).make()
    return settings


def _enrol(office: Office, pki: DevPki) -> dict[str, bytes]:
    found = {}
    for oin, code in TOWNS.items():
        row = Deelnemer(oin, f"Gemeente {PLACES[code][1]}", frozenset({"gemeente"}), "actief", gemeentecode=code)
        found[oin] = admit(office, row, pki.partner(oin, row.naam)).issued.der
        registration.save(office, GemeenteInstelling(code, PLACES[code][1], OPEN_SINCE))
        registration.managed_key(office, code)
    for oin, naam in LENDERS.items():
        row = Deelnemer(oin, naam, frozenset({"schuldeiser", "signaalpartner"}), "actief", frozenset({"huur"}), frozenset({naam}))
        found[oin] = admit(office, row, pki.partner(oin, naam)).issued.der
    return found
