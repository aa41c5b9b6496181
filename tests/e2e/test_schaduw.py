"""Shadow over a socket and over SFTP: judged and reported as always, delivered to nobody; and what the doors do in every other state."""

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from adapters.client import xml
from adapters.client.connection import Answer
from adapters.client.receipts import verify_receipt
from adapters.sftp.keys import public_key
from adapters.synthetic.generator import Creditor
from certs.dev import DevPki
from gateway.core.errors import Conflict
from gateway.onboarding import certificaten, levenscyclus, poorten, registration, toetsen
from gateway.partners.dossier import Aansluiting, Stuk
from gateway.partners.mailroom import SftpSleutel
from gateway.partners.register import Deelnemer, Mandaat
from gateway.sandbox.parties import GEMEENTEN
from gateway.sandbox.sandbox import Sandbox
from schemas.bestandsbewijs import Bestandsontvangst
from schemas.ontvangst import Ontvangstbewijs
from schemas.strict import parse
from tests.canaries import Signal, lawful
from tests.e2e.postbus import Postbus
from tests.gateways import CLOCK, Member, enrol, office, running, seconds_until
from tests.onboarding.world import TODAY, signed_result
from tests.tools import need

ROOT, NAAM = "/schuldeiser/v1", "Verhuur Nieuw"
USES = frozenset({"api/signaal", "bestand/signaal"})
OINS = {status: f"000000990000355{nr}000" for nr, status in enumerate(sorted(levenscyclus.OVERGANGEN), start=51)}
AGENT, NEW = "00000099000036000000", "00000099000036100000"
OPEN = frozenset({"schaduw", "actief"})


class Bank(NamedTuple):
    """A running gateway with its SFTP edge, and a folder of the test's."""

    sandbox: Sandbox
    port: int
    folder: Path

    def signals(self, n: int, seed: int, oin: str) -> list[Signal]:
        return lawful(self.folder, n, seed=seed, creditors=[Creditor(oin, "huur", NAAM)])

    def send(self, party: str, path: str, value: object, namens: str | None = None) -> Answer:
        with closing(self.sandbox.connect(party)) as connection:
            headers = {"Namens": namens} if namens else {}
            return connection.request("POST", f"{ROOT}{path}", msgspec.json.encode(value), headers)

    def get(self, party: str, path: str) -> Answer:
        with closing(self.sandbox.connect(party)) as connection:
            return connection.get(f"{ROOT}{path}")

    def waiting(self) -> int:
        """How many messages the municipalities can list together."""
        total = 0
        for gemeente in GEMEENTEN:
            with closing(self.sandbox.connect(gemeente.oin)) as connection:
                total += len(connection.get("/gemeente/v1/inbox/berichten?limiet=500").json()["berichten"])
        return total

    def key(self, oin: str) -> bytes:
        """A new SSH key in a folder of the partner's own, with its name `sleutel`; the public half."""
        folder = self.folder / oin
        folder.mkdir()
        subprocess.run([need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "sleutel")], check=True)
        return public_key((folder / "sleutel.pub").read_text())

    def comes_in(self, oin: str) -> bool:
        """Whether the SFTP edge lets a partner in."""
        try:
            with Postbus(self.folder / oin, oin, self.port) as post:
                post.do("ls")
        except (AssertionError, BrokenPipeError):
            return False
        return True


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    folder = tmp_path_factory.mktemp("schaduw")
    with running(folder, SEINHUIS_SFTP_PORT="0") as sandbox, sandbox.beside("sftp") as (_, told):
        yield Bank(sandbox, told["klaar"]["sftp"], folder)


def row(oin: str, status: str) -> Deelnemer:
    return Deelnemer(oin, NAAM, frozenset({"schuldeiser", "signaalpartner"}), status, frozenset({"huur"}), frozenset({NAAM}))


@pytest.fixture(scope="module")
def everybody(bank: Bank) -> dict[str, Member]:
    """One partner in each state, with a certificate and an SFTP key; and an agent that is live and acts for each."""
    members = {status: enrol(bank.sandbox, row(oin, status)) for status, oin in OINS.items()}
    enrol(bank.sandbox, row(AGENT, "actief"))
    with office(bank.sandbox) as register:
        for oin in OINS.values():
            key = SftpSleutel(hashlib.sha256(bank.key(oin)).digest(), oin, "ssh-ed25519", CLOCK.now())
            registration.save(register, key, Mandaat(AGENT, oin, "schuldeiser", TODAY))
    assert seconds_until(200, lambda: bank.get(OINS["actief"], "/").status) < 5
    assert seconds_until(400, lambda: bank.get(AGENT, "/").status) < 5  # known, and it has to say for whom
    assert seconds_until(1, lambda: bank.comes_in(OINS["actief"])) < 10  # and the edge knows them all
    return members


@pytest.mark.parametrize("status", sorted(OINS))
def test_signal_of_a_partner_in_each_state(bank: Bank, everybody: dict[str, Member], status: str) -> None:
    oin = everybody[status].row.oin
    own, others = bank.signals(2, 1, oin)
    before = bank.waiting()
    for answer in (bank.send(oin, "/signalen", own), bank.send(AGENT, "/signalen", others, oin)):
        if status in OPEN:
            assert (answer.status, answer.json().get("schaduw")) == (201, True if status == "schaduw" else None)
        else:
            assert (answer.status, answer.json()["code"]) == (403, "DEELNEMER_NIET_ACTIEF")
    grown = 2 if status == "actief" else 0  # the control: of who is live they arrive
    assert seconds_until(grown, lambda: bank.waiting() - before) < 5
    assert bank.comes_in(oin) == (status in OPEN)


def test_way_from_the_gates_through_shadow_to_the_inbox(bank: Bank) -> None:
    """The whole of it in an installation where others were let in to try things: who applied meets the gates."""
    _apply(bank)
    first, second = bank.signals(4, 7, NEW), bank.signals(4, 8, NEW)
    first[3] = {**first[3], "onbekend": 1}
    before = bank.waiting()
    assert _held(bank) == {"api", "bestand"}
    _by_api(bank, first)
    assert _held(bank) == {"bestand"}
    _by_file(bank, second, "proef.xml", shadow=True)
    assert bank.waiting() == before
    assert _held(bank) == set()
    assert seconds_until(200, lambda: bank.get(NEW, "/kwaliteit").status) < 5  # a door that is shut in shadow
    answer = bank.send(NEW, "/signalen", first[0])
    assert (answer.status, answer.json().get("schaduw")) == (201, None)
    _by_file(bank, second, "echt.xml", shadow=False)
    assert seconds_until(5, lambda: bank.waiting() - before) < 10


def _apply(bank: Bank) -> None:
    pki = DevPki.load(bank.sandbox.state / "pki", CLOCK)
    with office(bank.sandbox) as register:
        registration.save(register, row(NEW, "aangemeld"), Aansluiting(NEW, USES))
        registration.save(register, SftpSleutel(hashlib.sha256(bank.key(NEW)).digest(), NEW, "ssh-ed25519", CLOCK.now()))
        found = certificaten.read(pki.partner(NEW, NAAM).cert_path.read_bytes())
        registration.save(register, *certificaten.rows(NEW, found), Stuk(NEW, "verwerkersovereenkomst", "VO-1", "1.0", TODAY))
        registration.set_status(register, NEW, "in_test")
        for mond in ("api", "bestand"):
            content = signed_result(register.keys, CLOCK.now(), NEW, frozenset({"signaal"}), mond)
            registration.save(register, toetsen.verified(content, NEW, register.testkeys, CLOCK.now()))
        for status in ("getoetst", "schaduw"):
            registration.set_status(register, NEW, status)
    assert seconds_until(200, lambda: bank.get(NEW, "/").status) < 5
    assert bank.get(NEW, "/kwaliteit").status == 403


def _held(bank: Bank) -> set[str]:
    """The mouths for which going live is refused still; with none of them it is live."""
    with office(bank.sandbox) as register:
        lacking = poorten.missing(registration.judged(register, NEW), "actief")
        if not lacking:
            registration.set_status(register, NEW, "actief")
            return set()
        with pytest.raises(Conflict, match="POORT_GESLOTEN"):
            registration.set_status(register, NEW, "actief")
    return {mond for mond in ("api", "bestand") for gap in lacking if f"de mond {mond} " in gap.ontbreekt}


def _by_api(bank: Bank, signals: list[Signal]) -> None:
    one = bank.send(NEW, "/signalen", signals[0])
    assert (one.status, one.json()["schaduw"], one.json()["inhoudHash"]) == (201, True, "")
    verify_receipt(parse(one.body, Ontvangstbewijs), bank.get(NEW, "/sleutels").json())
    assert bank.get(NEW, f"/signalen/{one.json()['id']}").status == 403
    sent = bank.send(NEW, "/aanleveringen", {"kenmerk": "PROEF-1", "signalen": signals})
    assert (sent.status, sent.json()["schaduw"]) == (201, True)
    assert (sent.json()["aantallen"]["bezorgd"], sent.json()["aantallen"]["geweigerd"]) == (3, 1)
    lines: list[Any] = bank.get(NEW, f"/aanleveringen/{sent.json()['id']}/verslag").json()["regels"]
    assert [line["status"] for line in lines] == ["bezorgd"] * 3 + ["geweigerd"]
    assert lines[3]["bevindingen"][0]["code"] == "VELD_NIET_TOEGESTAAN"


def _by_file(bank: Bank, signals: list[Signal], name: str, *, shadow: bool) -> None:
    with Postbus(bank.folder / NEW, NEW, bank.port) as post:
        post.put(name, b"".join(xml.write({}, (("signaal", signal) for signal in signals))))
        receipt = parse(post.get(f"{name}.ontvangst.json"), Bestandsontvangst)
        assert (receipt.status, receipt.aantal, receipt.schaduw) == ("aanvaard", len(signals), True if shadow else None)
        verify_receipt(receipt, bank.get(NEW, "/sleutels").json())
        report = post.get(f"{name}.verslag.csv").decode()
        assert report.count('"bezorgd"') == len(signals)
        assert (b'"schaduw":true' in post.get(f"{name}.verslag.xml")) == shadow
    for left in (bank.folder / NEW).glob(f"{name}*"):
        left.unlink()  # the partner's own copies: nothing of them may be left anywhere at the end of the run
