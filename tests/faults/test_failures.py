"""Log or deny, in a real database behind a real gateway: what cannot be put on record is not delivered and not disclosed.

Each fault is made by the database's owner and taken away again; then everything works as before.
"""

import itertools
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from adapters.client.connection import Answer
from adapters.synthetic.generator import Creditor
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS, places
from tests.canaries import lawful
from tests.faults.harness import Machine, eventually

LANDLORD, HAARLEM = SCHULDEISERS[0], GEMEENTEN[0]
POISON = "GIF-1"
SEQUENCER_LOCK = 0x5E1_4_1065
TRIGGER = """
CREATE FUNCTION storing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'storing van een toets'; END $$;
CREATE {kind} TRIGGER storing {when} INSERT ON {table} {deferred} FOR EACH ROW {condition} EXECUTE FUNCTION storing();
"""
SEEDS = itertools.count(1)
Signal = dict[str, Any]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    made = Machine(tmp_path_factory.mktemp("storing"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def signals(machine: Machine, tmp_path: Path) -> Iterator[Callable[[int], list[Signal]]]:
    """Fresh signals for one municipality; at the end of the test the gateway must work again."""
    here = [place for place in places() if place.gemeentecode == HAARLEM.code]
    owner = Creditor(LANDLORD.oin, LANDLORD.sector, LANDLORD.naam)

    def make(n: int) -> list[Signal]:
        return lawful(tmp_path, n, seed=next(SEEDS), creditors=[owner], places=here)

    yield make
    assert [post(machine, signal).status for signal in make(1)] == [201]
    assert eventually(lambda: counted(machine, "SELECT count(*) FROM log_queue") == 0)
    assert claim(machine).json()["berichten"]
    with machine.owner() as connection:
        connection.execute("UPDATE inbox_item SET state = 'verwerkt'")
    report = machine.verify()
    assert report.ok, report.findings


def post(machine: Machine, signal: Signal) -> Answer:
    with closing(machine.sandbox.connect(LANDLORD.oin)) as connection:
        return connection.post("/schuldeiser/v1/signalen", signal)


def deliver(machine: Machine, kenmerk: str, signals: list[Signal]) -> Answer:
    with closing(machine.sandbox.connect(LANDLORD.oin)) as connection:
        return connection.post("/schuldeiser/v1/aanleveringen", {"kenmerk": kenmerk, "signalen": signals})


def claim(machine: Machine) -> Answer:
    body = {"doel": "WGS-3-1-b", "maximum": 100, "leaseSeconden": 1, "wijze": "onbemand"}
    with closing(machine.sandbox.connect(HAARLEM.oin)) as connection:
        return connection.post("/gemeente/v1/inbox/claims", body)


def counted(machine: Machine, query: str, *values: object) -> int:
    with machine.owner() as connection:
        row = connection.execute(query.encode(), values or None).fetchone()
    assert row is not None
    return int(row[0])


def messages(machine: Machine, *signals: Signal) -> int:
    """How many of these have left anything: a message or a held kenmerk can only come together."""
    return counted(machine, "SELECT count(*) FROM bericht WHERE kenmerk = ANY (%s)", [signal["kenmerk"] for signal in signals])


def waiting(machine: Machine, signal: Signal) -> bool:
    """Deliver one signal and wait until it lies in the inbox, so that there is something to disclose."""
    assert post(machine, signal).status == 201
    query = "SELECT count(*) FROM inbox_item i JOIN bericht b ON b.id = i.bericht WHERE b.kenmerk = %s AND i.state = 'bezorgd'"
    return eventually(lambda: counted(machine, query, signal["kenmerk"]) == 1)


@contextmanager
def broken(machine: Machine, begin: str, end: str) -> Iterator[None]:
    with machine.owner() as connection:
        connection.execute(begin.encode())
        try:
            yield
        finally:
            connection.execute(end.encode())


def trigger(table: str, *, deferred: bool = False, condition: str = "") -> tuple[str, str]:
    begin = TRIGGER.format(
        table=table,
        kind="CONSTRAINT" if deferred else "",
        when="AFTER" if deferred else "BEFORE",
        deferred="DEFERRABLE INITIALLY DEFERRED" if deferred else "",
        condition=condition,
    )
    return begin, f"DROP TRIGGER storing ON {table}; DROP FUNCTION storing()"


@contextmanager
def locked(machine: Machine) -> Iterator[None]:
    """Somebody holds the queue of the log for longer than a flow waits."""
    with machine.owner() as connection, connection.transaction():
        connection.execute("LOCK TABLE log_queue IN ACCESS EXCLUSIVE MODE")
        yield


FAULTS: dict[str, tuple[Callable[[Machine], Any], int]] = {
    "entries cannot be inserted": (lambda m: broken(m, *trigger("log_entry")), 500),
    "the queue cannot be written": (lambda m: broken(m, *trigger("log_queue")), 500),
    "the log may not be called": (
        lambda m: broken(
            m,
            "REVOKE EXECUTE ON FUNCTION log_append, log_append_delivered FROM gw_ingest, gw_inbox",
            "GRANT EXECUTE ON FUNCTION log_append, log_append_delivered TO gw_ingest; GRANT EXECUTE ON FUNCTION log_append TO gw_inbox",
        ),
        500,
    ),
    "the queue is locked": (locked, 503),
    "a commit fails": (lambda m: broken(m, *trigger("log_entry", deferred=True)), 500),
}


@pytest.mark.parametrize(("fault", "status"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_logged_is_neither_delivered_nor_disclosed(
    machine: Machine, signals: Callable[[int], list[Signal]], fault: Callable[[Machine], Any], status: int
) -> None:
    (before,) = signals(1)
    assert waiting(machine, before)
    one, *many = signals(4)
    with fault(machine), ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(post, machine, one), pool.submit(deliver, machine, one["kenmerk"], many), pool.submit(claim, machine)]
        answers = [future.result() for future in asked]
    assert [answer.status for answer in answers] == [status] * 3
    for answer in answers:
        assert answer.headers["content-type"] == "application/problem+json"
        assert "storing van een toets" not in answer.body.decode()
        assert (answer.headers.get("retry-after") is not None) == (status == 503)
    assert messages(machine, one, *many) == 0
    assert counted(machine, "SELECT count(*) FROM inbox_item WHERE state = 'geclaimd'") == 0
    assert [post(machine, one).status, deliver(machine, one["kenmerk"], many).status] == [201, 201]
    assert messages(machine, one, *many) == 4


def test_a_fault_beside_the_log_stops_nothing(machine: Machine, signals: Callable[[int], list[Signal]]) -> None:
    """The control: it is the log that the answers above wait for."""
    one, *many = signals(4)
    with broken(machine, *trigger("quarantine")):
        answers = [post(machine, one), deliver(machine, one["kenmerk"], many), claim(machine)]
    assert [answer.status for answer in answers] == [201, 201, 201]


def test_a_failing_commit_of_the_messages_is_a_5xx_and_leaves_nothing(machine: Machine, signals: Callable[[int], list[Signal]]) -> None:
    one, *many = signals(4)
    with broken(machine, *trigger("bericht", deferred=True)):
        answers = [post(machine, one), deliver(machine, one["kenmerk"], many)]
    assert [answer.status for answer in answers] == [500, 500]
    assert messages(machine, one, *many) == 0
    assert counted(machine, "SELECT count(*) FROM log_queue WHERE cardinality(entries) = 3") == 0


def test_a_stuck_sequencer_stops_claims_but_not_deliveries(machine: Machine, signals: Callable[[int], list[Signal]]) -> None:
    first, second = signals(2)
    with machine.owner() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (SEQUENCER_LOCK,))
        assert post(machine, first).status == 201
        assert claim(machine).status == 201
        connection.execute("UPDATE log_queue SET created = created - interval '61 seconds'")
        answer = claim(machine)
        assert (answer.status, answer.json()["code"]) == (503, "LOG_LOOPT_ACHTER")
        assert "retry-after" in answer.headers
        assert post(machine, second).status == 201
        connection.execute("SELECT pg_advisory_unlock(%s)", (SEQUENCER_LOCK,))
    assert eventually(lambda: claim(machine).status == 201)


def test_one_poison_record_fails_alone_in_a_shared_commit(machine: Machine, signals: Callable[[int], list[Signal]]) -> None:
    first, poison, *good = signals(24)
    poison["kenmerk"] = POISON

    def go(signal: Signal) -> int:
        return post(machine, signal).status

    with (
        broken(machine, *trigger("bericht", condition=f"WHEN (NEW.kenmerk = '{POISON}')")),
        ThreadPoolExecutor(len(good) + 2) as pool,
    ):
        with machine.owner() as owner, owner.transaction():  # the first waits for this, and all others for the first
            owner.execute("LOCK TABLE bericht IN SHARE MODE")
            begun = pool.submit(go, first)
            time.sleep(0.5)
            rest = [pool.submit(go, signal) for signal in (poison, *good)]
            time.sleep(1.5)
        statuses = [one.result() for one in (begun, *rest)]
        assert messages(machine, poison) == 0
    assert statuses == [201, 500, *[201] * len(good)]
    assert messages(machine, first, *good) == len(good) + 1
    assert "groep_gesplitst" in machine.sandbox.log.read_text()  # the poison did share a transaction
    assert post(machine, poison).status == 201


@pytest.fixture
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A volume of 8 MB; needs the right to mount."""
    folder = tmp_path_factory.mktemp("schijf")
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=8m", "seinhuis", str(folder)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount a small volume here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_a_503_and_ends_with_the_space(machine: Machine, small_disk: Path, signals: Callable[[int], list[Signal]]) -> None:
    (before,) = signals(1)
    assert waiting(machine, before)
    one, *many = signals(1_000)
    with machine.owner() as connection:
        data = connection.execute("SHOW data_directory").fetchone()
        assert data is not None
        owner = Path(data[0]).stat()
        place = small_disk / "pg"
        place.mkdir()
        shutil.chown(place, owner.st_uid, owner.st_gid)
        connection.execute(f"CREATE TABLESPACE klein LOCATION '{place}'".encode())
        connection.execute("CREATE TABLE vulling (x bytea) TABLESPACE klein")
        connection.execute("ALTER TABLE log_queue SET TABLESPACE klein")
        connection.execute("ALTER TABLE vulling ALTER x SET STORAGE PLAIN")
        for rows in (50, 1):  # to the last page
            with suppress(psycopg.errors.DiskFull):
                while True:
                    connection.execute("INSERT INTO vulling SELECT decode(repeat('00', 7000), 'hex') FROM generate_series(1, %s)", (rows,))
        try:
            full = deliver(machine, one["kenmerk"], many)
            assert (full.status, messages(machine, one, *many)) == (503, 0)
            assert "retry-after" in full.headers
        finally:
            connection.execute("DROP TABLE vulling")
        assert deliver(machine, one["kenmerk"], many).status == 201
        assert eventually(lambda: counted(machine, "SELECT count(*) FROM log_queue") == 0)
        connection.execute("ALTER TABLE log_queue SET TABLESPACE pg_default")
        connection.execute("DROP TABLESPACE klein")
