"""The log in PostgreSQL: appended with its effect, numbered without gaps under concurrent writers, and verifiable."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - a seeded one
from typing import Any, get_args
from weakref import WeakKeyDictionary

import msgspec
import psycopg
import pytest

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import FixedClock
from gateway.core.errors import Misconfigured
from gateway.keys.keystore import MemoryKeyStore
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.privacylog import sequencer
from gateway.privacylog.append import append, log_sealed
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.entries import Event, decode
from gateway.privacylog.entry import Entry, Frame, encode, name_of
from gateway.privacylog.growth import Seen
from gateway.privacylog.messages import SignaalBezorgd
from gateway.privacylog.tree import leaf_hash
from gateway.privacylog.verify import Report, verify
from gateway.sealing.sealing import seal
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from tests.records import AT, CREDITOR, DAY, HAARLEM, judged, register, routed
from tests.store import events, tampering

SIGNER = CheckpointSigner("seinhuis.example/log", bytes(range(32)))
SEEN: WeakKeyDictionary[Database, Seen] = WeakKeyDictionary()
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
    return events.of("ingest")


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


def run_once(log: Database, signer: CheckpointSigner, clock: FixedClock) -> int:
    """One gateway per log."""
    return sequencer.run_once(log, signer, clock, SEEN.setdefault(log, Seen()))


def rows(dsns: Dsns, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsns.owner) as owner:
        return owner.execute(query).fetchall()


def test_an_entry_is_stored_as_the_bytes_that_its_leaf_commits_to(ingest: Database, dsns: Dsns) -> None:
    entry = other()
    (leaf,) = write(ingest, entry)
    ((id, event, body),) = rows(dsns, "SELECT id, event, body FROM log_entry")
    assert (id, event, leaf_hash(bytes(body))) == (entry.id, "aanlevering.gevalideerd", leaf)
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

    def numbering() -> None:
        while not done.is_set():
            run_once(log, SIGNER, clock)

    writers = [threading.Thread(target=writer, args=(n,)) for n in range(6)]
    sequencers = [threading.Thread(target=numbering) for _ in range(2)]
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
    for dsn in (dsns.inbox, dsns.log, dsns.beheer, dsns.toezicht):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            call(dsn, "log_append_delivered", delivery(), None, HAARLEM, ids.new())
    call(dsns.ingest, "log_append_delivered", delivery(), None, HAARLEM, ids.new())  # the control


def test_a_leaf_that_is_not_its_bodys_is_refused(dsns: Dsns) -> None:
    for function, place in (("log_append", ()), ("log_append_delivered", (HAARLEM, ids.new()))):
        with pytest.raises(psycopg.errors.CheckViolation):
            call(dsns.ingest, function, other(), bytes(32), *place)
        call(dsns.ingest, function, other(), None, *place)  # the control
    assert rows(dsns, "SELECT count(*) FROM log_entry") == [(2,)]


@pytest.mark.parametrize("role", events.WRITERS)
def test_a_role_writes_the_events_of_its_own_flows_only(dsns: Dsns, role: str) -> None:
    for other_role in events.WRITERS:
        if other_role == role:
            call(getattr(dsns, role), "log_append", events.of(role))  # the control
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="does not write"):
                call(getattr(dsns, role), "log_append", events.of(other_role))


def test_every_event_has_a_role_that_writes_it(dsns: Dsns) -> None:
    names = [str(event.__struct_config__.tag) for event in get_args(Event)]
    writers = rows(dsns, f"SELECT e, array_agg(r) FILTER (WHERE log_mag(r::name, e)) FROM unnest(ARRAY{names}) e, "
                         f"unnest(ARRAY{[f'gw_{role}' for role in events.WRITERS]}) r GROUP BY e")  # fmt: skip
    assert len(writers) == len(names)
    assert [name for name, roles in writers if not roles] == []


def test_an_entry_is_called_as_its_content(dsns: Dsns) -> None:
    entry = events.of("inbox")
    body = encode(entry)
    with psycopg.connect(dsns.inbox) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("SELECT log_append(%b::uuid[], %b::text[], %b::bytea[], %b::bytea[])",
                           ([entry.id], ["claim.vrijgegeven"], [body], [leaf_hash(body)]))  # fmt: skip


@pytest.mark.parametrize("table", ["log_entry", "log_queue"])
def test_an_entry_that_a_trigger_swallows_takes_its_transaction_along(
    ingest: Database, log: Database, clock: FixedClock, dsns: Dsns, table: str
) -> None:
    write(ingest, other())  # the control
    with psycopg.connect(dsns.owner) as owner:
        owner.execute("CREATE FUNCTION mute() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
        owner.execute(f"CREATE TRIGGER m BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION mute()".encode())
    with pytest.raises(psycopg.errors.CheckViolation):
        write(ingest, other())
    assert [finding for finding in check(log).findings if f"m op {table}" in finding]
    with pytest.raises(Misconfigured, match=f"m op {table}"):
        run_once(log, SIGNER, clock)


def seconds(ingest: Database, log: Database, clock: FixedClock, n: int = 1) -> None:
    """Some entries, and a minute."""
    for _ in range(n):
        write(ingest, other())
        clock.advance(timedelta(minutes=2))
        run_once(log, SIGNER, clock)


def test_a_checkpoint_does_not_wait_for_a_time_that_the_database_says(
    ingest: Database, log: Database, clock: FixedClock, dsns: Dsns
) -> None:
    seconds(ingest, log, clock)
    with psycopg.connect(dsns.owner) as owner:
        owner.execute("UPDATE log_checkpoint SET at = '2099-01-01'")
        owner.execute("INSERT INTO log_checkpoint (size, at, note) VALUES (999999, now(), '')")
    seconds(ingest, log, clock, 3)
    assert rows(dsns, "SELECT max(size) FROM log_checkpoint WHERE size < 999999") == [(4,)]


def rewrite(dsns: Dsns) -> None:
    """Number 0 anew, with all that the database stores about it."""
    with psycopg.connect(dsns.owner) as owner:
        tampering.update_and_drop_checkpoints(owner, Random(1), 0)


@pytest.mark.parametrize("again", [False, True], ids=["same process", "next process"])
def test_a_tree_that_was_rewritten_is_not_signed(
    ingest: Database, log: Database, clock: FixedClock, dsns: Dsns, tmp_path: Path, again: bool
) -> None:
    SEEN[log] = Seen(tmp_path / "sleutels" / "logstand.json")
    seconds(ingest, log, clock, 3)
    if again:
        SEEN[log] = Seen(tmp_path / "sleutels" / "logstand.json")
    seconds(ingest, log, clock, 2)  # the control: it goes on
    rewrite(dsns)
    if again:
        SEEN[log] = Seen(tmp_path / "sleutels" / "logstand.json")
    with pytest.raises(Misconfigured, match="niet gegroeid"):
        seconds(ingest, log, clock)
    assert rows(dsns, "SELECT count(*) FROM log_checkpoint") == [(0,)]
    SEEN[log] = Seen()
    seconds(ingest, log, clock)
    assert rows(dsns, "SELECT count(*) FROM log_checkpoint") == [(1,)]  # the control: who saw nothing signs it


def test_a_log_that_another_node_numbered_on_grew(ingest: Database, log: Database, clock: FixedClock) -> None:
    mine, its = Seen(), Seen()
    for turn in range(6):
        write(ingest, *[other() for _ in range(1 + 3 * turn)])
        clock.advance(timedelta(minutes=2))
        assert sequencer.run_once(log, SIGNER, clock, mine if turn % 3 else its) == 1 + 3 * turn
    report = check(log)
    assert report.ok, report.findings


def test_a_memory_that_is_not_readable_refuses_to_start(tmp_path: Path) -> None:
    (tmp_path / "logstand.json").write_text("{")
    with pytest.raises(Misconfigured, match="niet te lezen"):
        Seen(tmp_path / "logstand.json")


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
