"""Workers are killed (-9) at random points of a file, over and over: each accepted record is in an inbox once, the report is complete.

The control shows that this harness sees loss: workers that note their progress before their work. `SEINHUIS_PROOF=1` makes it 50 kills.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random  # noqa: TID251 - seeded

import psycopg
import pytest

from adapters.client import xml
from adapters.synthetic.generator import Creditor
from gateway.app.audit import open_audit
from gateway.app.mailroom import open_doorkeeper
from gateway.files.names import REPORT_CSV, REPORTS
from gateway.sandbox.parties import SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from gateway.store.embedded import EmbeddedPostgres
from tests.canaries import lawful
from tests.gateways import CLOCK
from tests.sftp.contract import listed, put

KILLS = 50 if os.environ.get("SEINHUIS_PROOF") else 4
RECORDS = 20_000 if os.environ.get("SEINHUIS_PROOF") else 6_000
PARTY = SCHULDEISERS[0]


class Shop:
    """An installation whose database stays, and whose workers (`program`) are killed."""

    program = "tests.files.program"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sandbox = Sandbox(folder / "staat", CLOCK)
        self._postgres = EmbeddedPostgres(self.sandbox.state)
        self.owner = self._postgres.start()
        self.sandbox.prepare()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> None:
        environment = {**os.environ, "SEINHUIS_STATE": str(self.sandbox.state), "SEINHUIS_PROEF": "true"}
        with self.sandbox.log.open("ab") as log:
            command = [sys.executable, "-m", self.program, *words]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"klaar\n", self.sandbox.log

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def stop(self) -> None:
        self.kill()
        self._postgres.stop()

    def deliver(self, name: str, seed: int) -> list[str]:
        """Put a file into the mailbox; returns its kenmerken in order."""
        signals = lawful(self.folder, RECORDS, seed=seed, creditors=[Creditor(PARTY.oin, PARTY.sector, PARTY.naam)])
        with open_doorkeeper(self.sandbox.settings, CLOCK) as house:
            put(house.mailbox(PARTY.oin), name, b"".join(xml.write({}, (("signaal", signal) for signal in signals))))
        return [signal["kenmerk"] for signal in signals]

    def collect(self, name: str) -> bytes:
        with open_doorkeeper(self.sandbox.settings, CLOCK) as house:
            download, content = house.mailbox(PARTY.oin).open("uit", name), b""
            while part := download.read(len(content), 1 << 20):
                content += part
            download.close()
        return content

    def one(self, query: str, *values: object) -> object:
        with psycopg.connect(self.owner) as connection:
            row = connection.execute(query, values).fetchone()
        return row[0] if row else None

    def ended(self, name: str) -> bool:
        return bool(self.one("SELECT finished IS NOT NULL FROM bestand WHERE naam = %s", name))

    def waited(self, found: Callable[[], bool], seconds: float = 120) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found():
                return True
            time.sleep(0.1)
        return False

    def inbox(self) -> Counter[str]:
        """How often each kenmerk stands in an inbox."""
        with psycopg.connect(self.owner) as connection:
            rows = connection.execute(
                "SELECT b.kenmerk FROM inbox_item i JOIN bericht b ON b.gemeente = i.gemeente AND b.id = i.bericht"
            ).fetchall()
        return Counter(row[0] for row in rows)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.stop()


def kill_at_random(shop: Shop, name: str, most: int, chance: Random, *words: str) -> int:
    """Kill and start again until the file has ended or it was killed so many times; returns how often it was."""
    for kills in range(most):
        shop.start(*words)
        time.sleep(chance.uniform(0.0, 1.5))
        shop.kill()
        if shop.ended(name):
            return kills
    return most


def test_every_record_is_in_an_inbox_once_whenever_the_workers_are_killed(shop: Shop) -> None:
    chance, kills, wanted, number = Random(4), 0, list[str](), 0
    while kills < KILLS:
        number += 1
        name = f"bestand-{number}.xml"
        kenmerken = shop.deliver(name, seed=number)
        wanted += kenmerken
        kills += kill_at_random(shop, name, KILLS - kills, chance)
        shop.start()
        assert shop.waited(lambda name=name: shop.ended(name))  # type: ignore[misc]
        assert shop.waited(lambda: shop.one("SELECT count(*) FROM log_queue") == 0)
        shop.kill()
        lines = shop.collect(name + REPORT_CSV).decode().splitlines()[1:]
        assert [line.split(",")[3].strip('"') for line in lines] == kenmerken
        assert {line.split(",")[4].strip('"') for line in lines} <= {"bezorgd", "eerder_ontvangen"}
    inbox = shop.inbox()
    assert {kenmerk: count for kenmerk, count in inbox.items() if count != 1} == {}
    assert set(inbox) == set(wanted)
    with open_audit(shop.sandbox.settings, CLOCK) as audit:
        report = audit.verify()
    assert report.ok, report.findings
    assert shop.one("SELECT count(*) FROM log_entry WHERE event = 'signaal.eerder_ontvangen'") == 0  # nothing was done twice
    with open_doorkeeper(shop.sandbox.settings, CLOCK) as house:
        left = listed(house.mailbox(PARTY.oin), "uit")
    assert set(left) == {f"bestand-{n}.xml{ending}" for n in range(1, number + 1) for ending in REPORTS if ending != REPORT_CSV}


def test_workers_that_note_their_progress_first_do_lose(shop: Shop) -> None:
    kenmerken = shop.deliver("bestand.xml", seed=1)
    chance, lost = Random(4), 0
    for _ in range(10):
        shop.start("vergeetachtig")
        shop.waited(lambda: shop.one("SELECT count(*) FROM bestand_deel WHERE done IS NOT NULL") != 0, 20)
        time.sleep(chance.uniform(0.0, 0.3))
        shop.kill()
        if shop.one("SELECT count(*) FROM bestand_deel WHERE done IS NULL") == 0:
            break
    shop.start()
    assert shop.waited(lambda: shop.one("SELECT count(*) FROM bestand_deel WHERE done IS NULL") == 0)
    assert shop.waited(lambda: shop.one("SELECT count(*) FROM log_queue") == 0)
    lost = len(set(kenmerken) - set(shop.inbox()))
    assert lost > 0
