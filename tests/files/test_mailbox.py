"""The mailbox of the house: the contract of the port on the real thing, and what is this implementation's own: quotas, names, leftovers."""

import hashlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from adapters.sftp.port import Folder, House, Refused
from gateway.app.mailroom import Doorkeeper
from gateway.core import ids
from gateway.core.chain import Trace
from gateway.core.clock import FixedClock, SystemClock
from gateway.files import postrows
from gateway.files.mailbox import Mailroom, PartnerMailbox
from gateway.files.spool import Spool
from gateway.files.transfers import Quota, Room
from gateway.keys.keystore import MemoryKeyStore
from gateway.onboarding import registration, trial
from gateway.onboarding.registration import Office
from gateway.partners.mailroom import SftpSleutel
from gateway.partners.register import Deelnemer
from gateway.partners.rows import sealer
from gateway.partners.source import RegisterSource
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from gateway.store.tenant import parties
from tests.sftp.contract import HouseContract, listed, put
from tests.tenants import SIGNER

OPERATOR = "00000099000000000000"


class RealWorld:
    """A house on a real database and a real spool."""

    largest = 64 * 1024

    def __init__(self, dsns: Dsns, folder: Path, quota: Quota) -> None:
        self.clock = FixedClock(SystemClock().now())
        self.ingest = Database(dsns.ingest, name="postkamer", size=4, signer=SIGNER)
        self.beheer = Database(dsns.beheer, name="beheer", size=2)
        keys = MemoryKeyStore()
        self.office = Office(self.beheer, keys, self.clock, OPERATOR, lambda _: "urn:test:beheer", lambda: Trace("4b" * 16, "a7" * 8), True)
        self.source = RegisterSource(self.beheer, sealer(keys))
        self.source.refresh()
        self.spool = Spool(folder / "spool", keys)
        self.folder = folder / "spool"
        self.room = Room(self.ingest, self.spool, self.clock, quota)
        self.house: House = Doorkeeper(self.source.current, Mailroom(self.room), self.clock)
        self._numbers = count(1)

    def close(self) -> None:
        self.ingest.close()
        self.beheer.close()

    def partner(self, key: bytes) -> str:
        oin = f"00000099{next(self._numbers):08d}0000"
        row = Deelnemer(oin, f"Partner {oin}", frozenset({"schuldeiser"}), "actief")
        trial.admit(self.office, row, SftpSleutel(hashlib.sha256(key).digest(), oin, "ssh-ed25519", self.clock.now()))
        self.source.refresh()
        return oin

    def suspend(self, partner: str) -> None:
        registration.set_status(self.office, partner, "opgeschort")
        self.source.refresh()

    def revoke(self, partner: str, key: bytes) -> None:
        registration.revoke_sftp_key(self.office, hashlib.sha256(key).digest())
        self.source.refresh()

    def give(self, partner: str, folder: Folder, name: str, content: bytes) -> None:
        id = ids.new()
        writer = self.spool.create(id)
        writer.write(content)
        writer.close()
        with self.ingest.transaction(parties(partner)) as connection:
            connection.execute(
                "INSERT INTO bestand_uit (id, party, folder, naam, size, created) VALUES (%s, %s, %s, %s, %s, %s)",
                (id, partner, folder, name, len(content), self.clock.now()),
            )

    def taken(self, partner: str) -> dict[str, bytes]:
        with self.ingest.transaction(parties(partner)) as connection:
            rows = [row for row in postrows.incoming(connection, partner) if row.state == "ontvangen"]
        found = {}
        for row in rows:
            with self.spool.open(row.id) as reader:
                found[row.naam] = reader.read_at(0, reader.size)
        return found

    def stored(self) -> int:
        return len(list(self.folder.iterdir()))


@pytest.fixture
def world(dsns: Dsns, tmp_path: Path) -> Iterator[RealWorld]:
    made = RealWorld(dsns, tmp_path, Quota(file_bytes=RealWorld.largest, bytes=150_000, files=4, handles=3))
    yield made
    made.close()


@pytest.fixture
def box(world: RealWorld) -> PartnerMailbox:
    return Mailroom(world.room).mailbox(world.partner(b"sleutel"))


class TestHouse(HouseContract):
    """The contract of the port."""


def test_files_at_once_are_limited_and_given_back(world: RealWorld, box: PartnerMailbox) -> None:
    uploads = [box.begin(f"{n}.xml") for n in range(3)]
    with pytest.raises(Refused) as refused:
        box.begin("vier.xml")
    assert refused.value.kind == "quota"
    uploads[0].discard()
    uploads[1].close()
    box.begin("vier.xml").discard()
    assert world.stored() == 2


def test_a_refused_begin_gives_its_handle_back(box: PartnerMailbox) -> None:
    put(box, "a.xml", b"a")
    for _ in range(10):
        with pytest.raises(Refused):
            box.begin("a.xml")
        with pytest.raises(Refused):
            box.begin(".verborgen")
        with pytest.raises(Refused):
            box.open("uit", "er niet.json")
    box.begin("b.xml").discard()


def test_number_of_files_is_limited_until_they_are_processed(world: RealWorld, box: PartnerMailbox) -> None:
    for n in range(4):
        put(box, f"{n}.xml", b"x")
    with pytest.raises(Refused) as refused:
        box.begin("vijf.xml")
    assert refused.value.kind == "quota"
    with world.ingest.transaction(parties(f"00000099{1:08d}0000")) as connection:
        connection.execute("UPDATE bestand SET state = 'verwerkt' WHERE naam = '0.xml'")
    put(box, "vijf.xml", b"x")


def test_who_collects_nothing_brings_no_more(world: RealWorld, dsns: Dsns) -> None:
    room = world.room._replace(quota=world.room.quota._replace(reports=3))
    party = world.partner(b"haalt niets op")
    box = Mailroom(room).mailbox(party)
    for ending in ("ontvangst.json", "verslag.csv", "verslag.xml"):
        box.begin("a.xml").discard()
        world.give(party, "uit", f"x.xml.{ending}", b"x")
    world.give(party, "terugkoppeling", "ons.json", b"x")
    with pytest.raises(Refused) as refused:
        box.begin("a.xml")
    assert (refused.value.kind, "haal" in refused.value.reason) == ("quota", True)
    box.remove("uit", "x.xml.verslag.csv")
    box.begin("a.xml").discard()


def test_bytes_are_limited_over_all_files_of_a_partner_and_not_of_another(world: RealWorld, box: PartnerMailbox) -> None:
    put(box, "a.xml", bytes(60_000))
    upload, second = box.begin("b.xml"), box.begin("c.xml")
    upload.write(bytes(50_000))
    with pytest.raises(Refused) as refused:
        second.write(bytes(50_000))
    assert refused.value.kind == "quota"
    second.write(bytes(30_000))
    upload.close()
    with pytest.raises(Refused):
        second.write(bytes(20_000))
    put(Mailroom(world.room).mailbox(world.partner(b"ander")), "a.xml", bytes(60_000))


def test_a_name_is_taken_while_its_report_waits(world: RealWorld, box: PartnerMailbox) -> None:
    world.give(box._party, "uit", "a.xml.verslag.csv", b"regels")
    with pytest.raises(Refused) as refused:
        box.begin("a.xml")
    assert refused.value.kind == "denied"
    box.remove("uit", "a.xml.verslag.csv")
    put(box, "a.xml", b"a")
    assert world.stored() == 1


def test_an_upload_of_a_process_that_died_is_replaced(world: RealWorld, box: PartnerMailbox) -> None:
    dead = box.begin("a.xml")
    dead.write(b"half")
    again = Mailroom(world.room).mailbox(box._party)  # the next process
    put(again, "a.xml", b"heel")
    assert world.taken(box._party) == {"a.xml": b"heel"}
    with pytest.raises(Refused):
        dead.close()
    assert world.taken(box._party) == {"a.xml": b"heel"}
    assert world.stored() == 1


def test_a_file_in_progress_is_listed_with_what_came_so_far(box: PartnerMailbox) -> None:
    upload = box.begin("a.xml")
    upload.write(b"12345")
    assert listed(box, "in") == {"a.xml.part": 5}
    upload.close()
    box.complete("a.xml.part", "a.xml")
    assert listed(box, "in") == {"a.xml": 5}


def test_a_key_counts_from_its_registration_on(world: RealWorld) -> None:
    oin = world.partner(b"sleutel")
    assert world.house.may_stay(oin, b"sleutel")
    later = SftpSleutel(hashlib.sha256(b"morgen").digest(), oin, "ssh-ed25519", world.clock.now().replace(year=2099))
    registration.save(world.office, later)
    world.source.refresh()
    assert not world.house.may_stay(oin, b"morgen")
