"""A running gateway whose clock a test moves, one municipality with the gateway's key or its own, and the fourteen creditors of `fourteen`.

Doors, SFTP edge and workers are processes of their own, and `node` is one more of the installation, in the test itself: the jobs that any
node runs every ten minutes or every hour are run there, at the hour that the story says. Everything is seen through the doors.
"""

import csv
import hashlib
import io
import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from adapters.client import overview
from adapters.client.connection import Answer, Connection
from adapters.client.opening import Opener
from adapters.sftp.keys import public_key
from certs.dev import DevPki
from gateway.api.tls import OPENSSL_CONFIG
from gateway.app.house import House, open_house
from gateway.core.chain import Trace
from gateway.core.clock import FixedClock
from gateway.files import questions
from gateway.files.sweeping import sweep
from gateway.onboarding import registration
from gateway.overviews import terms
from gateway.partners.mailroom import Bestandsprofiel, SftpSleutel
from gateway.partners.register import Deelnemer
from gateway.sandbox.parties import GEMEENTEN, Gemeente
from gateway.sandbox.sandbox import Sandbox
from schemas.regelingen import Regeling
from schemas.schuldenoverzicht import Saldoverzoek, Schuldenoverzicht
from tests.e2e.fourteen import CAST, OINS, file, profile
from tests.e2e.moved import PROGRAM, MovedClock
from tests.e2e.postbus import Postbus
from tests.gateways import admit, office, running, seconds_until
from tests.tools import need

OVERVIEWS, QUESTIONS = "/gemeente/v1/schuldenoverzichten", "/schuldeiser/v1/saldoverzoeken"
PROPOSALS = "/gemeente/v1/betaalvoorstellen"
LONG_AGO, DECADES = datetime(2020, 1, 1, tzinfo=UTC), timedelta(days=36_500)


class Made(NamedTuple):
    """An overview as the municipality's own client made it, and as the gateway did: JSON, or the code of its refusal, and the page."""

    client: Any
    gateway: Any
    page: str


class Town:
    """Every party on a connection of its own."""

    def __init__(self, gateway: Sandbox, clock: MovedClock, node: House, port: int, stack: ExitStack) -> None:
        self.clock = clock
        self._gateway, self._node, self._stack = gateway, node, stack
        self._connections: dict[str, Connection] = {}
        self.buses = {role: stack.enter_context(Postbus(_folder(gateway, role), OINS[role], port)) for role in CAST if by_file(role)}

    def speak(self, oin: str) -> Connection:
        """The connection of a party."""
        if oin not in self._connections:
            self._connections[oin] = self._stack.enter_context(closing(self._gateway.connect(oin)))
        return self._connections[oin]

    # The municipality

    def ask(self, gemeente: Gemeente, kenmerk: str, *roles: str) -> Any:
        """One question to these creditors about one client."""
        named = [{"oin": OINS[role], "klantnummer": f"K-{role}"} for role in roles]
        body = {"kenmerk": kenmerk, "zaaknummer": kenmerk, "grond": "plan_van_aanpak", "client": _client(gemeente), "schuldeisers": named}
        answer = self.speak(gemeente.oin).post(OVERVIEWS, body)
        assert answer.status == 201, answer.body
        return answer.json()

    def propose(self, gemeente: Gemeente, kenmerk: str, role: str) -> Any:
        """A proposal to this creditor about that client."""
        claims = [{"kenmerk": "F-1", "saldoCent": 40_000, "percentageHonderdsten": 1_250, "prognoseCent": 5_000}]
        named = [{"oin": OINS[role], "klantnummer": f"K-{role}", "vorderingen": claims}]
        body = {"kenmerk": kenmerk, "zaaknummer": kenmerk, "soort": "SB", "client": _client(gemeente), "schuldeisers": named}
        answer = self.speak(gemeente.oin).post(PROPOSALS, body)
        assert answer.status == 201, answer.body
        return answer.json()

    def proposed(self, gemeente: Gemeente, id: str) -> tuple[Any, Any]:
        """How it stands with the creditor of a proposal, and what it answered, opened."""
        found = msgspec.json.decode(self.speak(gemeente.oin).get(f"{PROPOSALS}/{id}").body, type=Regeling).partijen[0]
        opener = Opener(self._gateway.own_key(gemeente).read_bytes() if gemeente.eigen else None)
        sealed = found.antwoord
        return found, opener.unseal(sealed.inhoud, sealed.sleutels, found.id, "antwoord") if sealed else None

    def listed(self, gemeente: Gemeente, staat: str = "") -> list[Any]:
        """The overviews as they stand, without answers."""
        found = self.speak(gemeente.oin).get(f"{OVERVIEWS}?staat={staat}" if staat else OVERVIEWS)
        assert found.status == 200
        return list(found.json()["schuldenoverzichten"])

    def made(self, gemeente: Gemeente, id: str) -> Made:
        """The overview made on both sides from the answers that there are."""
        town, path = self.speak(gemeente.oin), f"{OVERVIEWS}/{id}"
        opener = Opener(self._gateway.own_key(gemeente).read_bytes() if gemeente.eigen else None)
        whole = overview.assembled(msgspec.json.decode(town.get(path).body, type=Schuldenoverzicht), opener)
        here, page = town.get(f"{path}/overzicht"), town.request("GET", f"{path}/overzicht", headers={"Accept": "text/html"})
        text = page.body.decode() if page.status == 200 else overview.printed(whole, {}, whole.uiterlijk)
        return Made(json.loads(msgspec.json.encode(whole)), here.json() if here.status == 200 else here.json()["code"], text)

    # The creditors

    def open(self, role: str) -> list[Any]:
        """The questions that ask for this creditor's attention."""
        return list(self.speak(OINS[role]).get(QUESTIONS).json()["saldoverzoeken"])

    def answer(self, role: str, id: str, answer: Any) -> Answer:
        """An answer at the door."""
        return self.speak(OINS[role]).post(f"{QUESTIONS}/{id}/antwoord", answer)

    def read(self, role: str) -> str:
        """Open the newest question at the door; returns its id."""
        asked = self.open(role)
        assert asked, f"{role} has no question to answer on {self.clock.now()}"
        path = f"{QUESTIONS}/{asked[-1]['id']}"
        found = msgspec.json.decode(self.speak(OINS[role]).get(path).body, type=Saldoverzoek)
        assert found.vraag is not None
        assert Opener().unseal(found.vraag.inhoud, found.vraag.sleutels, found.id, "vraag")["klantnummer"] == f"K-{role}"
        return str(found.id)

    def collect(self, role: str, day: date) -> tuple[str, list[str]]:
        """The question in the file of a day: its id, and its row for who reads columns."""
        bus, stem = self.buses[role], f"saldoverzoeken-{OINS[role]}-{day}"
        (item,) = json.loads(bus.get(f"{stem}.json"))["saldoverzoeken"]
        if CAST[role].road == "json":
            assert item["vraag"]["klantnummer"] == f"K-{role}"
            return item["id"], []
        _, row = csv.reader(io.StringIO(bus.get(f"{stem}.csv").decode(), newline=""), delimiter=";")
        assert (row[0], row[5]) == (item["id"], f"K-{role}")
        return row[0], row

    def put(self, role: str, name: str, id: str, asked: list[str], answer: Any) -> str:
        """Bring an answer in a file; returns its name."""
        ending, content = file(role, id, asked, answer)
        self.buses[role].put(name + ending, content)
        return name + ending

    def report(self, role: str, name: str) -> list[tuple[str, str]]:
        """Status and codes of every answer in a file, once it is done."""
        text = self.buses[role].get(f"{name}.verslag.csv").decode()
        return [(row["status"], row["codes"]) for row in csv.DictReader(io.StringIO(text, newline=""))]

    # The clock

    def work(self) -> None:
        """What the installation does by itself: terms are looked after, questions go out in files, and what nobody collected goes."""
        terms.run(self._node.overviews, self._gateway.settings.operator, lambda: Trace("1" * 32, "1" * 16))
        questions.tell(self._node.files, self._node.overviews)
        sweep(self._node.files)


def problem(answer: Answer) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status, answer.json()["code"]


def by_file(role: str) -> bool:
    """Whether a creditor is asked over SFTP."""
    return CAST[role].road != "api"


@contextmanager
def open_town(folder: Path) -> Iterator[Town]:
    """All of it, running; at the machine's own time until the clock is moved."""
    clock = MovedClock(folder / "state")
    once = str(OPENSSL_CONFIG)  # without it the doors would start a second time
    doors = running(folder, program=PROGRAM, SEINHUIS_FILE_WORKERS="0", SEINHUIS_SFTP_PORT="0", OPENSSL_CONF=once)
    with doors as gateway, ExitStack() as stack:
        _register(gateway)
        _, told = stack.enter_context(gateway.beside("sftp"))
        stack.enter_context(gateway.beside("verwerk"))
        node = stack.enter_context(open_house(gateway.settings.model_copy(update={"file_workers": 0}), clock))
        town = Town(gateway, clock, node, told["klaar"]["sftp"], stack)
        last = town.speak(list(OINS.values())[-1])
        assert seconds_until(200, lambda: last.get(QUESTIONS).status) < 10
        yield town


def _register(gateway: Sandbox) -> None:
    """Everybody with a certificate that is good on the days of the story and on the day that the test runs."""
    pki = DevPki.load(gateway.state / "pki", FixedClock(LONG_AGO))
    towns = [Deelnemer(one.oin, f"Gemeente {one.naam}", frozenset({"gemeente"}), "actief", gemeentecode=one.code) for one in GEMEENTEN]
    creditors = [Deelnemer(OINS[role], one.naam, frozenset({"schuldeiser"}), "actief") for role, one in CAST.items()]
    with office(gateway) as register:
        for row in (*towns, *creditors):
            admit(register, row, pki.partner(row.oin, row.naam, valid_for=DECADES))
        for role, oin in OINS.items():
            if by_file(role):
                wire = public_key(_key(gateway, role))
                registration.save(register, SftpSleutel(hashlib.sha256(wire).digest(), oin, "ssh-ed25519", LONG_AGO))
            if text := profile(role):
                registration.save(register, Bestandsprofiel(oin, "antwoorden", LONG_AGO.date(), "*.csv", text))


def _client(gemeente: Gemeente) -> Any:
    return {
        "personen": [{"rol": "client", "voorletters": "K.", "achternaam": "Kanariepiet", "geboortedatum": "1985-03-07"}],
        "adres": {"postcode": f"{gemeente.postcodes[0]}AB", "huisnummer": 12, "woonplaats": gemeente.naam},
    }


def _folder(gateway: Sandbox, role: str) -> Path:
    return gateway.state.parent / role


def _key(gateway: Sandbox, role: str) -> str:
    """A new key pair in the creditor's own folder; its public half."""
    folder = _folder(gateway, role)
    folder.mkdir()
    subprocess.run([need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "sleutel")], check=True)
    return (folder / "sleutel.pub").read_text()
