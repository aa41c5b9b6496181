"""The outlet is killed (-9) at random points, over and over: every message is in one collected file, and on record once.

The control shows that this harness sees a message that goes out twice. `SEINHUIS_PROOF=1` makes it 50 kills.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random  # noqa: TID251 - seeded

import psycopg
import pytest

from gateway.app.audit import open_audit
from gateway.app.house import open_house
from gateway.app.mailroom import open_doorkeeper
from gateway.core.chain import Inbound, Sender, Trace
from gateway.onboarding import registration, trial
from gateway.partners.mailroom import Uitlaat
from gateway.partners.register import Deelnemer, Mandaat
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from tests.canaries import lawful
from tests.files.test_kills import Shop
from tests.gateways import CLOCK, office
from tests.outlet.profiles import TEXT
from tests.outlet.town import KEY, SINCE, opened, party_key, rows

KILLS = 50 if os.environ.get("SEINHUIS_PROOF") else 5
RECORDS = 6_000 if os.environ.get("SEINHUIS_PROOF") else 1_200
DESK, PARTY, TOWN = "00000099000000046000", SCHULDEISERS[0], GEMEENTEN[1]


class Deskshop(Shop):
    """A shop whose desk collects."""

    program = "tests.outlet.program"

    def fill(self) -> set[str]:
        """Messages wait, and then the desk is registered (a house that closes does a last round); returns their ids."""
        made = [s for s in lawful(self.folder, RECORDS, seed=3) if s["handelsnaam"] == PARTY.naam]
        wanted = [s for s in made if s["adres"]["postcode"].startswith("35")]
        with open_house(self.sandbox.settings, CLOCK) as house:
            sender = Sender(PARTY.oin, PARTY.oin)
            inbound = [Inbound(nr, sender, Trace("4b" * 16, "a7" * 8), CLOCK.now(), f"/{nr}", s) for nr, s in enumerate(wanted)]
            found = {str(outcome.id) for outcome in house.receive(inbound) if outcome.status == "bezorgd"}
            house.number()
        with office(self.sandbox) as register:
            trial.admit(register, Deelnemer(DESK, "Verzonnen loket", frozenset({"verwerker"}), "actief"))
            mandate = Mandaat(DESK, TOWN.oin, "verwerker", SINCE)
            registration.save(register, mandate, party_key(DESK, KEY, "k"), Uitlaat(TOWN.code, DESK, "VO-1", SINCE, SINCE, TEXT))
        assert len(found) == len(wanted) > 20
        return found

    def gathered(self) -> list[str]:
        """The ids in everything that waits for the desk; collected by this."""
        ids = list[str]()
        with open_doorkeeper(self.sandbox.settings, CLOCK) as house:
            box = house.mailbox(DESK)
            for item in box.items("uitlaat"):
                download, content = box.open("uitlaat", item.name), b""
                while part := download.read(len(content), 1 << 20):
                    content += part
                download.close()
                ids += [row["Meldingsnummer"] for row in rows(opened(content))]
        return ids

    def left(self) -> object:
        return self.one("SELECT count(*) FROM inbox_item WHERE gemeente = %s AND state <> 'ontvangen'", TOWN.code)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Deskshop]:
    made = Deskshop(tmp_path)
    yield made
    made.stop()


def test_every_message_goes_out_once_whenever_the_outlet_is_killed(shop: Deskshop) -> None:
    wanted, chance, found, cut = shop.fill(), Random(7), list[str](), 0
    for _ in range(KILLS):
        shop.start()
        time.sleep(chance.uniform(0.0, 0.2))
        shop.kill()
        cut += shop.one("SELECT count(*) FROM inbox_item WHERE state = 'bezorgd' AND gemeente = %s", TOWN.code) != 0
        found += shop.gathered() if chance.random() < 0.5 else []
    assert cut  # it was killed in the middle of the work
    shop.start()
    assert shop.waited(lambda: shop.one("SELECT count(*) FROM inbox_item WHERE state = 'bezorgd' AND gemeente = %s", TOWN.code) == 0)
    found += shop.gathered()
    assert shop.waited(lambda: shop.left() == 0)
    assert shop.waited(lambda: shop.one("SELECT count(*) FROM log_queue") == 0)
    shop.kill()
    assert {id: count for id, count in Counter(found).items() if count != 1} == {}
    assert set(found) == wanted
    assert shop.one("SELECT count(*) FROM log_entry WHERE event = 'bericht.uitgelaten'") == len(wanted)
    with open_audit(shop.sandbox.settings, CLOCK) as audit:
        report = audit.verify()
    assert report.ok, report.findings


def test_outlet_that_notes_afterwards_sends_twice(shop: Deskshop) -> None:
    shop.fill()
    for nr in range(1, 3):
        shop.start("slordig")
        assert shop.waited(lambda nr=nr: shop.one("SELECT count(*) FROM uitlaat_bestand") == nr, 20)  # type: ignore[misc]
        shop.kill()
    found = shop.gathered()
    assert max(Counter(found).values()) > 1


def test_what_a_crash_left_on_disk_points_nowhere(shop: Deskshop) -> None:
    """Files without a row are no part of a mailbox; the sweep takes them after a day."""
    shop.fill()
    shop.start()
    shop.kill()
    with psycopg.connect(shop.owner) as connection:
        known = {row[0].hex for row in connection.execute("SELECT id FROM bestand_uit").fetchall()}
    with open_doorkeeper(shop.sandbox.settings, CLOCK) as house:
        assert len(house.mailbox(DESK).items("uitlaat")) == len(known)
