"""Feedback as files: the creditor's own, once, to who may read it; and what a crash, another node or a late collection does to it."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gateway.core import ids
from gateway.core.clock import dutch_day
from gateway.core.errors import Unavailable
from gateway.feedback import feed
from gateway.files import telling
from gateway.files.flow import Files
from gateway.files.sweeping import sweep
from gateway.files.telling import Reader, tell
from gateway.partners.mailroom import SftpSleutel
from gateway.partners.register import Deelnemer, Mandaat, Register
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from gateway.store.tenant import Tenant, municipality, parties
from schemas.terugkoppeling import Terugkoppeling
from tests.feedback.town import LANDLORD, OTHER, Town
from tests.files.test_sweeping import age
from tests.files.world import FileWorld
from tests.tenants import SIGNER, acting

ONE, TWO = LANDLORD.principal, OTHER.principal
AGENT = "00000099000000005000"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_ITEMS = msgspec.json.Decoder(list[Terugkoppeling])
_INSERT = """
INSERT INTO terugkoppeling (gemeente, id, bericht, principal, kenmerk, code, tekst, week, pauze_tot, vrij_vanaf, rij)
VALUES ('0392', %s, %s, %s, %s, 'hulp_geaccepteerd', %s, '2026-W48', '2026-12-24', '2026-11-20', 'TK-05')
"""


class Office(Town):
    """A town in which creditors work with files."""

    def __init__(self, dsns: Dsns, folder: Path) -> None:
        super().__init__(dsns, folder)
        self.files = FileWorld(self, folder)
        self.partners = [*self.register.deelnemers.values(), Deelnemer(AGENT, "Incasso", frozenset({"gerechtsdeurwaarder"}), "actief")]
        self.logins = [key(ONE)]
        self.mandates: list[Mandaat] = []
        self.renew()

    def renew(self) -> None:
        """The register as it is now."""
        self.register = Register(4, deelnemers=self.partners, sftp_sleutels=self.logins, mandaten=self.mandates)

    def happens(self, principal: str, *kenmerken: str, tekst: str = "Er is hulp aangenomen.") -> None:
        """Feedback, released."""
        with acting(self.dsns.inbox, municipality("0392")) as connection, connection.cursor() as cursor:
            cursor.executemany(_INSERT, [(ids.new(), ids.new(), principal, kenmerk, tekst) for kenmerk in kenmerken])
        self.release()

    def tomorrow(self) -> None:
        self.clock.advance(timedelta(days=1))

    def names(self, party: str = ONE) -> list[str]:
        return [item.name for item in self.files.room.mailbox(party).items("terugkoppeling")]

    def collect(self, party: str = ONE) -> dict[str, bytes]:
        """Everything that waits, read to its end."""
        box, found = self.files.room.mailbox(party), dict[str, bytes]()
        for name in self.names(party):
            download = box.open("terugkoppeling", name)
            content = b""
            while part := download.read(len(content), 32_768):
                content += part
            download.close()
            found[name] = content
        return found

    def kenmerken(self, party: str = ONE) -> list[str]:
        """What the files of a party say, both forms compared with each other; collected by this."""
        found = self.collect(party)
        items = [item for name in found if name.endswith(".json") for item in _ITEMS.decode(found[name])]
        rows = [row for name in found if name.endswith(".csv") for row in csv.DictReader(io.StringIO(found[name].decode(), newline=""))]
        assert [row["kenmerk"] for row in rows] == [item.kenmerk for item in items]
        return [item.kenmerk for item in items]


def key(oin: str, since: datetime = LONG_AGO, revoked: datetime | None = None) -> SftpSleutel:
    return SftpSleutel(oin.encode().ljust(32), oin, "ssh-ed25519", since, revoked)


@pytest.fixture
def office(dsns: Dsns, tmp_path: Path) -> Iterator[Office]:
    made = Office(dsns, tmp_path)
    yield made
    made.close()


def test_files_have_the_creditors_own_items_exactly_as_its_feed(office: Office) -> None:
    office.happens(ONE, "K-1", "K-2")
    office.happens(TWO, "VREEMD")
    assert tell(office.files.files) == 1
    stem = f"terugkoppeling-{ONE}-{dutch_day(office.clock.now())}"
    assert office.names() == [f"{stem}.csv", f"{stem}.json"]
    found = office.collect()
    read = feed.page(office.ingest, ONE, 0, 500).terugkoppelingen
    assert _ITEMS.decode(found[f"{stem}.json"]) == read
    assert sorted(item.kenmerk for item in read) == ["K-1", "K-2"]
    rows = list(csv.DictReader(io.StringIO(found[f"{stem}.csv"].decode(), newline="")))
    assert rows == [{name: str(value) for name, value in msgspec.to_builtins(item).items()} for item in read]
    assert (office.names(), office.names(TWO)) == ([], [])


def test_control_the_other_creditor_with_a_key_gets_the_others(office: Office) -> None:
    office.logins.append(key(TWO))
    office.renew()
    office.happens(ONE, "K-1")
    office.happens(TWO, "VREEMD")
    assert tell(office.files.files) == 2
    assert (office.kenmerken(ONE), office.kenmerken(TWO)) == (["K-1"], ["VREEMD"])


def test_nothing_comes_twice_and_at_most_once_a_day(office: Office) -> None:
    assert tell(office.files.files) == 0
    office.happens(ONE, "K-1")
    assert (tell(office.files.files), tell(office.files.files)) == (1, 0)
    assert office.kenmerken() == ["K-1"]
    office.happens(ONE, "K-2")
    assert tell(office.files.files) == 0
    office.tomorrow()
    assert tell(office.files.files) == 1
    assert office.kenmerken() == ["K-2"]
    office.tomorrow()
    assert tell(office.files.files) == 0
    assert office.names() == []


def test_day_is_that_of_the_netherlands(office: Office) -> None:
    office.clock.at = datetime(2026, 11, 25, 22, 59, tzinfo=UTC)
    office.happens(ONE, "K-1")
    assert tell(office.files.files) == 1
    office.happens(ONE, "K-2")
    office.clock.at = datetime(2026, 11, 25, 23, 1, tzinfo=UTC)
    assert tell(office.files.files) == 1
    ends = [name.removeprefix(f"terugkoppeling-{ONE}-") for name in office.names()]
    assert ends == ["2026-11-25.csv", "2026-11-25.json", "2026-11-26.csv", "2026-11-26.json"]


def test_long_feed_is_one_file_in_its_order(office: Office) -> None:
    office.happens(ONE, *(f"K-{n:04}" for n in range(2 * telling.PAGE + 7)))
    assert tell(office.files.files) == 1
    order = [item.kenmerk for n in (0, 500, 1000) for item in feed.page(office.ingest, ONE, n, 500).terugkoppelingen]
    assert len(order) == 2 * telling.PAGE + 7
    assert office.kenmerken() == order
    office.tomorrow()
    assert tell(office.files.files) == 0


def test_what_was_taken_back_before_is_not_in_it(office: Office) -> None:
    office.happens(ONE, "K-1", "K-2")
    office.run("UPDATE terugkoppeling SET herroepen = true WHERE kenmerk = 'K-1'")
    assert tell(office.files.files) == 1
    assert office.kenmerken() == ["K-2"]


@pytest.mark.parametrize(
    "keys", [[], [key(TWO)], [key(ONE, revoked=LONG_AGO)], [key(ONE, since=datetime(2099, 1, 1, tzinfo=UTC))]], ids=str
)  # fmt: skip
def test_party_without_a_key_that_opens_gets_no_file(office: Office, keys: list[SftpSleutel]) -> None:
    office.happens(ONE, "K-1")
    office.logins = keys
    office.renew()
    assert tell(office.files.files) == 0
    assert office.count("bestand_uit") == 0
    office.logins = [key(ONE)]
    office.renew()
    assert tell(office.files.files) == 1  # nothing was lost meanwhile


def test_suspended_party_gets_no_file(office: Office) -> None:
    office.happens(ONE, "K-1")
    active, office.partners = office.partners, [msgspec.structs.replace(d, status="opgeschort") for d in office.partners]
    office.renew()
    assert tell(office.files.files) == 0
    office.partners = active
    office.renew()
    assert tell(office.files.files) == 1


def test_mandate_reads_for_its_principal_as_long_as_it_holds(office: Office) -> None:
    today = dutch_day(office.clock.now())
    office.logins.append(key(AGENT))
    office.mandates = [Mandaat(AGENT, ONE, "schuldeiser", date(2021, 1, 1), today), Mandaat(AGENT, TWO, "uitvoerder", date(2021, 1, 1))]
    office.renew()
    office.happens(ONE, "K-1")
    office.happens(TWO, "VREEMD")
    assert tell(office.files.files) == 2
    assert all(ONE in name for name in office.names(AGENT))
    assert (office.kenmerken(AGENT), office.kenmerken(ONE)) == (["K-1"], ["K-1"])
    office.happens(ONE, "K-2")
    office.tomorrow()
    assert tell(office.files.files) == 1
    assert (office.names(AGENT), office.kenmerken(ONE)) == ([], ["K-2"])


def test_no_cell_becomes_a_formula(office: Office) -> None:
    office.happens(ONE, "K-1", tekst="=1+1")
    tell(office.files.files)
    text, plain = office.collect().values()
    assert b'"\'=1+1"' in text
    assert _ITEMS.decode(plain)[0].omschrijving == "=1+1"


class Cut(Database):
    """A database that goes away at the end of the transaction that shows a file, before its commit."""

    failure: BaseException
    done = False

    @contextmanager
    def transaction(self, tenant: Tenant | None = None) -> Iterator[Any]:
        with super().transaction(tenant) as connection:
            yield connection
            if not self.done and connection.execute("SELECT EXISTS (SELECT FROM bestand_uit)").fetchone() == (True,):
                self.done = True
                raise self.failure


def cut(office: Office, failure: BaseException) -> tuple[Cut, Files]:
    """The files of a node whose database fails once."""
    database = Cut(office.dsns.ingest, name="afgebroken", size=2, signer=SIGNER)
    database.failure = failure
    return database, office.files.files._replace(steps=office.steps._replace(database=database))


@pytest.mark.parametrize("failure", [Unavailable("DATABASE_NIET_BEREIKBAAR", "Later."), KeyboardInterrupt()], ids=repr)
def test_crash_between_writing_and_commit_loses_and_doubles_nothing(office: Office, failure: BaseException) -> None:
    office.happens(ONE, "K-1")
    database, files = cut(office, failure)
    with pytest.raises(type(failure)):
        tell(files)
    database.close()
    assert (database.done, office.names()) == (True, [])
    assert tell(office.files.files) == 1
    assert office.kenmerken() == ["K-1"]
    age(office.files, 48)
    sweep(office.files.files)
    assert list(office.files.spool.ids()) == []


def test_control_a_place_that_moves_by_itself_loses_it(office: Office) -> None:
    office.happens(ONE, "K-1")
    with office.ingest.transaction(parties(ONE)) as connection:
        telling.move(connection, Reader(ONE, ONE), 0, 1, dutch_day(office.clock.now()))
    office.tomorrow()  # it crashed before its files were there
    assert tell(office.files.files) == 0
    assert office.names() == []


class Overtaken(Database):
    """A database at which another node is just before us with its last transaction."""

    office: Office
    count = 0

    @contextmanager
    def transaction(self, tenant: Tenant | None = None) -> Iterator[Any]:
        self.count += 1
        if self.count == 4:  # its place, a page, the empty page, and now the commit
            assert tell(self.office.files.files) == 1
        with super().transaction(tenant) as connection:
            yield connection


@pytest.mark.parametrize("before", [0, 1])
def test_of_two_nodes_one_writes(office: Office, before: int) -> None:
    for _ in range(before):
        office.happens(ONE, "K-0")
        assert tell(office.files.files) == 1
        assert office.kenmerken() == ["K-0"]
        office.tomorrow()
    office.happens(ONE, "K-1")
    database = Overtaken(office.dsns.ingest, name="ingehaald", size=2, signer=SIGNER)
    database.office = office
    assert tell(office.files.files._replace(steps=office.steps._replace(database=database))) == 0
    assert database.count == 4
    database.close()
    assert len(list(office.files.spool.ids())) == 2
    assert office.kenmerken() == ["K-1"]


def test_what_nobody_collected_goes_and_stays_readable_in_the_feed(office: Office) -> None:
    office.happens(ONE, "K-1")
    assert tell(office.files.files) == 1
    age(office.files, 24 * 14)
    sweep(office.files.files)
    assert (office.names(), list(office.files.spool.ids())) == ([], [])
    assert tell(office.files.files) == 0
    assert [item.kenmerk for item in feed.page(office.ingest, ONE, 0, 500).terugkoppelingen] == ["K-1"]


def test_reading_leaves_no_entry_here_as_at_the_door(office: Office) -> None:
    office.happens(ONE, "K-1")
    before = office.count("log_entry")
    assert tell(office.files.files) == 1
    assert office.count("log_entry") == before
