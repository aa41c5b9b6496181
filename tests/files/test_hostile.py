"""Hostile files through the real processes: each refused in time and in words, in little memory, while a neighbour notices nothing.

Time runs from the rename to the signed refusal in `uit/`, memory is that of the workers' process. The control gives the same files to
workers that keep what they read. In CI a choice of files, cut off at some megabytes; `SEINHUIS_PROOF=1` brings all, at full size.
"""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import asyncssh
import pytest

from adapters.client import xml
from adapters.client.receipts import verify_receipt
from adapters.synthetic.generator import Creditor
from gateway.onboarding import registration
from gateway.partners.mailroom import Bestandsprofiel, SftpSleutel
from gateway.sandbox.parties import SCHULDEISERS, Schuldeiser
from gateway.sandbox.sandbox import Sandbox
from schemas.bestandsbewijs import Bestandsontvangst
from schemas.strict import parse
from tests.canaries import lawful
from tests.files.hostile import CASES, FEW, Client, Meter, content_of
from tests.formats.hostile_tables import FIELDS, ROWS
from tests.formats.hostile_xml import HEAD, SIGNALS, many, stream
from tests.formats.workbooks import workbook
from tests.gateways import CLOCK, office, running
from tests.sftp.hostile import BODIES

pytestmark = pytest.mark.alone
PROOF = bool(os.environ.get("SEINHUIS_PROOF"))
FULL = {"2 GB of zeros", "csv: 2 GB of zeros after a csv header", "csv: 2 GB in one line"}
MOST = (64 if PROOF else 16) << 20
SECONDS, MEGABYTES = 2.0, 64
NEIGHBOUR = 3.0
"""Seconds for a small file of another partner, from its rename to its report; without hostile files it takes about one."""
BAD, GOOD = SCHULDEISERS[:2]
UNUSUAL = ("CON", "aux.xml", "x.", "x.. ..y", "x" * 128, "ex\u0430mple.xml", "e\u0301.xml", "'; DROP TABLE x", "$(id)")
PROFILES = {  # pattern: format, what a profile of that format needs, in what it may be packed
    "*.csv": ("csv", "", ""),
    "*.csv.gz": ("csv", "", "gzip"),
    "*.csv.zip": ("csv", "", "zip"),
    "*.xlsx": ("xlsx", "", ""),
    "*.eigen.xml": ("xml", '[bestand]\nrecord = "/a/b/c"\n', ""),
}


class House:
    """The processes, a client of each partner, and a meter on the workers."""

    def __init__(self, sandbox: Sandbox, folder: Path, port: int, worker: int) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.meter = Meter(worker)
        self.bad, self.good = (Client(port, party.oin, folder / party.oin) for party in (BAD, GOOD))
        self.neighbour = Neighbour(self.good, folder)
        connection = sandbox.connect(BAD.oin)
        self._keys = connection.get("/schuldeiser/v1/sleutels").json()
        connection.close()

    def warm_up(self) -> None:
        """What any file needs once: patterns, the schema, a first delivery of each."""
        for ending, content in (("xml", SIGNALS), ("csv", b"Nr;Plaats\n1;H\n"), ("xlsx", workbook(ROWS))):
            self.bad.put(f"eerst.{ending}", BytesIO(content), MOST)
            self.bad.collect(f"eerst.{ending}.verslag.csv")
        self.neighbour.one()

    def receipt(self, name: str) -> Bestandsontvangst:
        found = parse(self.bad.collect(f"{name}.ontvangst.json"), Bestandsontvangst)
        verify_receipt(found, self._keys)
        return found

    def refusal(self, name: str, content: BinaryIO, most: int) -> tuple[Bestandsontvangst, float]:
        """The receipt of a file, and seconds from its rename to it."""
        begun = self.bad.put(name, content, most)
        found = self.receipt(name)
        return found, time.monotonic() - begun

    def on_disk(self) -> set[Path]:
        """Everything of the installation but the database and the spool."""
        found = (path.relative_to(self.sandbox.state) for path in self.sandbox.state.rglob("*"))
        return {path for path in found if path.parts[0] not in {"spool", "pg"}}

    def close(self) -> None:
        self.bad.close()
        self.good.close()


class Delivered(NamedTuple):
    """A small file of the neighbour."""

    seconds: float
    accepted: int


class Neighbour:
    """Brings a small lawful file again and again."""

    def __init__(self, client: Client, folder: Path) -> None:
        self._client = client
        self._signals = signals(folder, GOOD, 2_000, seed=77)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.found: list[Delivered] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def one(self) -> Delivered:
        name, part = f"klein-{len(self.found)}.xml", [self._signals.pop() for _ in range(3)]
        begun = self._client.put(name, BytesIO(xml_file(part)), MOST)
        rows = self._client.collect(f"{name}.verslag.csv")
        self.found.append(Delivered(time.monotonic() - begun, rows.count(b'"bezorgd"')))
        for ending in ("ontvangst.json", "verslag.xml"):
            self._client.collect(f"{name}.{ending}")
        return self.found[-1]

    def _run(self) -> None:
        while not self._stop.wait(0.3):
            self.one()


def signals(folder: Path, party: Schuldeiser, count: int, seed: int) -> list[dict[str, Any]]:
    return lawful(folder, count, seed=seed, creditors=[Creditor(party.oin, party.sector, party.naam)])


def xml_file(records: list[dict[str, Any]]) -> bytes:
    return b"".join(xml.write({}, (("signaal", record) for record in records)))


@contextmanager
def installed(folder: Path) -> Iterator[Sandbox]:
    """Keys, profiles and workbooks are there; no workers yet."""
    subprocess.run([sys.executable, "-m", "tests.formats.hostile_tables", "make", str(folder)], check=True, timeout=120)
    with running(folder, SEINHUIS_SFTP_PORT="0", SEINHUIS_FILE_WORKERS="0") as sandbox:
        with office(sandbox) as found:
            for party in (BAD, GOOD):
                key = asyncssh.generate_private_key("ssh-ed25519")
                (folder / party.oin).touch(mode=0o600)
                key.write_private_key(str(folder / party.oin))
                wire = sha256(key.public_data).digest()
                registration.save(found, SftpSleutel(wire, party.oin, "ssh-ed25519", CLOCK.now()))
            for nr, (pattern, (formaat, more, packed)) in enumerate(PROFILES.items()):
                text = f'naam = "p{nr}"\nversie = 1\ngeldigVan = 2021-01-01\npartner = "{BAD.oin}"\nformaat = "{formaat}"\n{more}{FIELDS}'
                row = Bestandsprofiel(BAD.oin, f"p{nr}", date(2021, 1, 1), pattern, text, frozenset(packed.split()))
                registration.save(found, row)
        yield sandbox


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("vijandig")
    with installed(folder) as sandbox, sandbox.beside("sftp") as (_, told), sandbox.beside("verwerk", "--werkers", "2") as (worker, _):
        made = House(sandbox, folder, told["klaar"]["sftp"], worker)
        made.warm_up()
        made.neighbour.start()
        yield made
        made.neighbour.stop()
        made.close()


@pytest.mark.parametrize("name", CASES if PROOF else FEW)
def test_hostile_file_is_refused_in_time_in_little_memory_and_in_words(house: House, name: str) -> None:
    case = CASES[name]
    with house.meter.marked():
        most = 2 << 30 if PROOF and name in FULL else MOST
        found, seconds = house.refusal(f"{re.sub('[^a-z0-9]+', '-', name)}.{case.ending}", content_of(name, house.folder), most)
        assert house.meter.grown < MEGABYTES
    assert (found.status, [finding.code for finding in found.bevindingen]) == ("geweigerd", [case.code])
    assert seconds < SECONDS
    assert found.plek
    assert found.bevindingen[0].melding.endswith((".", ")"))
    assert len(found.bevindingen[0].melding) >= len("Het bestand is leeg.")


def test_records_that_are_all_empty_are_refused_one_by_one(house: House) -> None:
    count, empty = 1_000_000 if PROOF else 4_000, b"<signaal></signaal>"
    with house.meter.marked():
        house.bad.put("leeg.xml", stream(HEAD, many(empty, len(empty) * count), b"</aanlevering>"), MOST)
        rows = house.bad.collect("leeg.xml.verslag.csv", 1_100)
        assert house.meter.grown < MEGABYTES
    found = house.receipt("leeg.xml")
    assert (found.status, found.aantal) == ("aanvaard", rows.count(b'"geweigerd"'))
    assert count * 0.8 <= rows.count(b"\n") - 1 == found.aantal


def test_no_name_leads_out_of_the_mailbox(house: House) -> None:
    """Odd names are refused; what is only unusual is a name like any other, and no name on disk."""
    before, taken, refused = house.on_disk(), list[str](), 0
    for raw in dict.fromkeys([*BODIES, *(unusual.encode() for unusual in UNUSUAL)]):
        try:
            house.bad.put(raw, BytesIO(b"<!DOCTYPE a>"), MOST)
        except asyncssh.SFTPError:
            refused += 1
        else:
            taken.append(raw.decode())
    assert refused > 50
    assert set(taken) >= set(UNUSUAL)
    assert all(name.isprintable() and not {"/", "\\"} & set(name) for name in taken)
    for name in taken:
        assert house.receipt(name).bestand == name
    assert house.on_disk() == before
    assert all(re.fullmatch(r"[0-9a-f]{32}", path.name) for path in (house.sandbox.state / "spool").iterdir())


def test_the_neighbour_noticed_nothing(house: House) -> None:
    """Last in this file: over all the time that the hostile files took."""
    assert [delivered.accepted for delivered in house.neighbour.found] == [3] * len(house.neighbour.found)
    assert max(delivered.seconds for delivered in house.neighbour.found) < NEIGHBOUR


def test_positive_control_workers_that_keep_what_they_read_are_seen(tmp_path: Path) -> None:
    """Memory, time and the neighbour's wait: each of the meters shows what such a reader costs."""
    with installed(tmp_path) as sandbox, sandbox.beside("sftp") as (_, told), greedy(sandbox) as worker:
        house = House(sandbox, tmp_path, told["klaar"]["sftp"], worker)
        house.warm_up()
        with house.meter.marked():
            found, seconds = house.refusal("2-GB-of-zeros.xml", content_of("2 GB of zeros", tmp_path), 100 << 20)
            assert house.meter.grown > MEGABYTES
        assert found.status == "geweigerd"
        assert seconds > SECONDS
        assert house.neighbour.one().seconds > NEIGHBOUR
        house.close()


@contextmanager
def greedy(sandbox: Sandbox) -> Iterator[int]:
    """Workers that read a file into memory, and take their time."""
    environment = {**os.environ, "SEINHUIS_STATE": str(sandbox.state), "SEINHUIS_PROEF": "1"}
    command = [sys.executable, "-m", "tests.files.program", "gulzig"]
    with sandbox.log.open("ab") as log, subprocess.Popen(command, stdin=-1, stdout=-1, stderr=log, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"klaar\n", sandbox.log
        yield process.pid
        process.kill()
