"""The log in PostgreSQL: appended with its effect, numbered without gaps under concurrent writers, and verifiable."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import FixedClock
from gateway.keys.keystore import MemoryKeyStore
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.privacylog.append import append, log_sealed
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.entries import decode
from gateway.privacylog.entry import Entry, Frame, encode, name_of
from gateway.privacylog.messages import ClaimVerlengd, SignaalBezorgd
from gateway.privacylog.sequencer import run_once
from gateway.privacylog.tree import leaf_hash
from gateway.privacylog.verify import Report, verify
from gateway.sealing.sealing import seal
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from tests.records import AT, CREDITOR, DAY, HAARLEM, judged, register, routed

SIGNER = CheckpointSigner("seinhuis.example/log", bytes(range(32)))
FRAME = Frame(Sender(CREDITOR, CREDITOR), Trace("4b" * 16, "a7" * 8), AT, "urn:test:activiteit")


@pytest.fixture
def ingest(dsns: Dsns) -> Iterator[Database]:
    database = Database(dsns.ingest, name="aanname", size=8)
    yield database
    database.close()


@pytest.fixture
def log(dsns: Dsns) -> Iterator[Database]:
    database = Database(dsns.log, name="log", size=4)
    yield database
    database.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(AT)


def other() -> Entry:
    return ClaimVerlengd(**FRAME.fields(), gemeente=HAARLEM, claim=ids.new())


def delivery() -> Entry:
    return SignaalBezorgd(
        **FRAME.fields(), gemeente=HAARLEM, bericht=ids.new(), doel="WGS-3-1-b", rij="r", registerversie="v1", betrokkene="b", inhoud="i"
    )


def write(ingest: Database, *entries: Entry) -> list[bytes]:
    with ingest.transaction() as connection:
        return append(connection, list(entries))


def write_and_fail(ingest: Database, *entries: Entry) -> float:
    with ingest.transaction() as connection:
        append(connection, list(entries))
        return 1 / 0


def check(log: Database, *held: str) -> Report:
    with log.transaction() as connection:
        return verify(connection, SIGNER.verifier, held=held)


def rows(dsns: Dsns, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsns.owner) as owner:
        return owner.execute(query).fetchall()


def test_an_entry_is_stored_as_the_bytes_that_its_leaf_commits_to(ingest: Database, dsns: Dsns) -> None:
    entry = other()
    (leaf,) = write(ingest, entry)
    ((id, event, body),) = rows(dsns, "SELECT id, event, body FROM log_entry")
    assert (id, event, leaf_hash(bytes(body))) == (entry.id, "claim.verlengd", leaf)
    assert decode(bytes(body)) == entry


def test_an_entry_goes_with_its_transaction(ingest: Database, dsns: Dsns) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(ingest, other())
    assert rows(dsns, "SELECT * FROM log_entry") == rows(dsns, "SELECT * FROM log_queue") == []


def test_no_entries_are_no_row(ingest: Database, dsns: Dsns) -> None:
    assert write(ingest) == []
    assert rows(dsns, "SELECT * FROM log_queue") == []


def test_sealed_records_are_logged_with_commitments_only(ingest: Database, dsns: Dsns) -> None:
    keys = MemoryKeyStore()
    municipal = Gemeentesleutel(HAARLEM, "gemeente/0392/1", "beheerd", keys.create_private("gemeente/0392/1"))
    sealed, _ = seal(judged(keys, [routed(nr=n) for n in range(3)]), register([municipal]), keys, DAY)
    with ingest.transaction() as connection:
        logged = log_sealed(connection, sealed, keys.key("D-log/1"))
    bodies = [bytes(row[0]) for row in rows(dsns, "SELECT body FROM log_entry ORDER BY id")]
    assert [record.leaf for record in logged] == [leaf_hash(body) for body in bodies]
    for secret in (sealed[0].address, sealed[0].content):
        assert not [body for body in bodies if secret in body or secret.hex().encode() in body]
    assert not [word for word in (b"Testpersoon", b"2011AB", b"HUUR-2026") for body in bodies if word in body]


def test_only_deliveries_get_a_place_in_an_inbox(ingest: Database, log: Database, clock: FixedClock, dsns: Dsns) -> None:
    one, two = delivery(), delivery()
    write(ingest, other(), one, other(), two)
    assert run_once(log, SIGNER, clock) == 4
    assert rows(dsns, "SELECT gemeente, bericht, nr, state FROM inbox_item ORDER BY nr") == [
        (HAARLEM, one.bericht, 2, "bezorgd"),  # type: ignore[attr-defined]
        (HAARLEM, two.bericht, 4, "bezorgd"),  # type: ignore[attr-defined]
    ]
    assert rows(dsns, "SELECT * FROM log_queue") == []
    assert run_once(log, SIGNER, clock) == 0


def test_an_uncommitted_entry_waits_and_holds_up_nobody(ingest: Database, log: Database, clock: FixedClock) -> None:
    with ingest.transaction() as slow:
        append(slow, [delivery()])
        write(ingest, delivery())
        assert run_once(log, SIGNER, clock) == 1
    assert run_once(log, SIGNER, clock) == 1
    assert check(log).leaves == 2


def test_checkpoints_come_after_a_minute_or_a_thousand_leaves(ingest: Database, log: Database, clock: FixedClock, dsns: Dsns) -> None:
    sizes = []
    for leaves, step in ((1, 0), (1, 59), (0, 1), (0, 600), (1000, 0), (999, 1), (0, 59)):
        clock.advance(timedelta(seconds=step))
        if leaves:
            write(ingest, *[other() for _ in range(leaves)])
        run_once(log, SIGNER, clock)
        sizes.append(rows(dsns, "SELECT max(size) FROM log_checkpoint")[0][0])
    assert sizes == [1, 1, 2, 2, 1002, 1002, 2001]
    assert check(log).ok


def test_two_sequencers_at_once_number_once(ingest: Database, log: Database, clock: FixedClock, dsns: Dsns) -> None:
    write(ingest, *[delivery() for _ in range(10)])
    with log.transaction() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (0x5E1_4_1065,))
        assert run_once(log, SIGNER, clock) == 0
    assert run_once(log, SIGNER, clock) == 10
    assert rows(dsns, "SELECT count(*), min(nr), max(nr) FROM log_leaf") == [(10, 0, 9)]


def test_concurrent_writers_and_sequencers_leave_no_gap_and_no_double(
    ingest: Database, log: Database, clock: FixedClock, dsns: Dsns
) -> None:
    done = threading.Event()
    made: list[int] = []

    def writer(number: int) -> None:
        for n in range(40):
            entries = [delivery() for _ in range(1 + (n + number) % 7)]
            if n % 10 == 9:
                with pytest.raises(ZeroDivisionError):
                    write_and_fail(ingest, *entries)
            else:
                made.append(len(write(ingest, *entries)))

    def sequencer() -> None:
        while not done.is_set():
            run_once(log, SIGNER, clock)

    writers = [threading.Thread(target=writer, args=(n,)) for n in range(6)]
    sequencers = [threading.Thread(target=sequencer) for _ in range(2)]
    for thread in writers + sequencers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in sequencers:
        thread.join()
    while run_once(log, SIGNER, clock):
        pass
    total = sum(made)
    assert rows(dsns, "SELECT count(*), min(nr), max(nr), count(DISTINCT entry) FROM log_leaf") == [(total, 0, total - 1, total)]
    assert rows(dsns, "SELECT count(*), count(DISTINCT nr), count(DISTINCT bericht) FROM inbox_item") == [(total, total, total)]
    report = check(log)
    assert report.ok, report.findings
    assert report.leaves == total


def test_the_flow_cannot_change_or_read_what_is_logged(ingest: Database, dsns: Dsns) -> None:
    write(ingest, other())
    for dsn in (dsns.ingest, dsns.inbox, dsns.log):
        for statement in ("UPDATE log_entry SET body = ''", "DELETE FROM log_entry", "UPDATE log_leaf SET nr = 9", "DELETE FROM log_leaf"):
            with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_message_delivered_twice_keeps_its_place_stops_nobody_and_is_found(
    ingest: Database, log: Database, clock: FixedClock, dsns: Dsns
) -> None:
    first, last = delivery(), delivery()
    again = msgspec.structs.replace(first, id=ids.new())
    write(ingest, first)
    assert run_once(log, SIGNER, clock) == 1
    assert check(log).ok  # the control
    write(ingest, again)
    write(ingest, last)
    assert run_once(log, SIGNER, clock) == 2
    assert rows(dsns, "SELECT bericht, nr FROM inbox_item ORDER BY nr") == [(first.bericht, 1), (last.bericht, 3)]  # type: ignore[attr-defined]
    assert check(log).findings == ["regel 1: past niet bij de inbox"]


def call(dsn: str, function: str, entry: Entry, leaf: bytes | None = None, *place: object) -> None:
    """A log function called by hand, as a flow that was taken over could."""
    body = encode(entry)
    columns = [[entry.id], [name_of(entry)], [body], [leaf or leaf_hash(body)], *([value] for value in place)]
    kinds = ("uuid", "text", "bytea", "bytea", "text", "uuid")[: len(columns)]
    with psycopg.connect(dsn) as connection:
        connection.execute(f"SELECT {function}({', '.join(f'%b::{kind}[]' for kind in kinds)})", columns)


def test_a_delivery_without_a_municipality_stops_nobody(ingest: Database, log: Database, clock: FixedClock, dsns: Dsns) -> None:
    call(dsns.ingest, "log_append_delivered", other(), None, None, ids.new())
    write(ingest, delivery())
    assert run_once(log, SIGNER, clock) == 2
    assert rows(dsns, "SELECT nr FROM inbox_item") == [(2,)]


def test_only_the_flow_that_delivers_may_give_a_message_its_place(dsns: Dsns) -> None:
    for dsn in dsns[1:]:
        call(dsn, "log_append", other())
    for dsn in (dsns.inbox, dsns.log, dsns.beheer):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            call(dsn, "log_append_delivered", delivery(), None, HAARLEM, ids.new())
    call(dsns.ingest, "log_append_delivered", delivery(), None, HAARLEM, ids.new())  # the control


def test_a_leaf_that_is_not_its_bodys_is_refused(dsns: Dsns) -> None:
    for function, place in (("log_append", ()), ("log_append_delivered", (HAARLEM, ids.new()))):
        with pytest.raises(psycopg.errors.CheckViolation):
            call(dsns.ingest, function, other(), bytes(32), *place)
        call(dsns.ingest, function, other(), None, *place)  # the control
    assert rows(dsns, "SELECT count(*) FROM log_entry") == [(2,)]


TAMPERINGS = {
    "change": "UPDATE log_entry SET body = set_byte(body, 40, 65) WHERE id = (SELECT entry FROM log_leaf WHERE nr = 4)",
    "delete entry": "DELETE FROM log_entry WHERE id = (SELECT entry FROM log_leaf WHERE nr = 4)",
    "delete leaf": "DELETE FROM log_leaf WHERE nr = 4",
    "delete both": "WITH l AS (DELETE FROM log_leaf WHERE nr = 4 RETURNING entry) DELETE FROM log_entry WHERE id IN (SELECT entry FROM l)",
    "insert entry": "INSERT INTO log_entry SELECT uuidv7(), event, body FROM log_entry LIMIT 1",
    "swap": "UPDATE log_leaf a SET leaf = b.leaf, entry = b.entry FROM log_leaf b WHERE a.nr + b.nr = 7 AND a.nr IN (3, 4)",
    "truncate": "DELETE FROM log_leaf WHERE nr >= 8",
    "truncate with checkpoints": "WITH c AS (DELETE FROM log_checkpoint) DELETE FROM log_leaf WHERE nr >= 8",
    "forge checkpoint": "UPDATE log_checkpoint SET note = replace(note, E'\\n10\\n', E'\\n9\\n')",
    "change a queued entry": "UPDATE log_entry SET body = '{}' WHERE id = (SELECT entries[1] FROM log_queue)",
    "change the size": "UPDATE log_state SET size = 3",
    "rename an event": "UPDATE log_entry SET event = 'claim.verlengd' WHERE id = (SELECT entry FROM log_leaf WHERE nr = 4)",
    "rename a queued event": "UPDATE log_entry SET event = 'claim.verlengd' WHERE id = (SELECT entries[1] FROM log_queue)",
    "take out of an inbox": "DELETE FROM inbox_item WHERE nr = 5",
    "renumber in an inbox": "UPDATE inbox_item SET nr = 99 WHERE nr = 5",
    "exchange in an inbox": "UPDATE inbox_item SET bericht = uuidv7() WHERE nr = 5",
    "put into an inbox": "INSERT INTO inbox_item (gemeente, bericht, nr, state) VALUES ('0392', uuidv7(), 99, 'bezorgd')",
    "put in under a taken number": "INSERT INTO inbox_item (gemeente, bericht, nr, state) VALUES ('0344', uuidv7(), 5, 'bezorgd')",
    "change the frontier": "UPDATE log_state SET frontier = frontier || frontier",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS)
def test_tampering_in_the_database_is_found(ingest: Database, log: Database, clock: FixedClock, dsns: Dsns, statement: str) -> None:
    write(ingest, *[delivery() for _ in range(10)])
    run_once(log, SIGNER, clock)
    write(ingest, delivery())
    before = check(log)
    assert before.ok, before.findings  # the control: an honest log passes
    with psycopg.connect(dsns.owner) as owner:
        owner.execute(statement)
    assert not check(log).ok
