"""Workers share the work and outlive each other: no record is lost or doubled, whoever dies, and whoever thinks to hold what."""

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.core.clock import SystemClock
from gateway.core.errors import Unavailable
from gateway.files import chunks, delivering, workrows
from gateway.files.flow import Lost
from gateway.files.reading import Leeswijze
from gateway.files.worker import AGAIN, Worker
from gateway.store.tenant import parties
from tests.files.lines import Lines, text
from tests.files.world import FileWorld, Result
from tests.flows.test_standen import Crash, Dying
from tests.flows.world import LANDLORD, OTHER, World

Record = dict[str, Any]


def family(world: World) -> list[Record]:
    """Records of which some belong to others, in more than one chunk."""
    many = world.signals(chunks.CHUNK + 3)
    first = many[0]
    update = {**first, "kenmerk": "UPDATE-1", "soort": "actualisering", "eerderKenmerk": first["kenmerk"]}
    return [*many, update, {"kenmerk": "UPDATE-1", "reden": "betaald"}, first, {**many[1], "onbekend": 1}]


def check(files: FileWorld, records: list[Record], result: Result) -> None:
    """Each record has one line, each accepted one exactly one message."""
    assert [int(row["volgnummer"]) for row in result.rows] == list(range(1, len(records) + 1))
    many = chunks.CHUNK + 3
    assert {row["status"] for row in result.rows[: many + 1]} <= {"bezorgd", "eerder_ontvangen"}
    assert [row["status"] for row in result.rows[many + 1 :]] == ["ingetrokken", "eerder_ontvangen", "geweigerd"]
    kenmerken = [row[0] for row in files.world.rows("SELECT kenmerk FROM bericht")]
    assert sorted(kenmerken) == sorted([r["kenmerk"] for r in records[: many + 1]])
    offered, *others = counted(result)
    assert sum(others) == offered


def counted(result: Result) -> list[int]:
    found = result.outcome.aantallen
    return [found.aangeboden, found.bezorgd, found.eerder_ontvangen, found.geweigerd, found.in_quarantaine, found.ingetrokken]


@pytest.mark.parametrize("let_through", [*range(1, 22, 3), 60])
def test_a_crash_anywhere_is_resumed(files: FileWorld, let_through: int) -> None:
    records = family(files.world)
    files.put("keten.xml", text(records))
    mortal: Any = files.files.steps._replace(database=Dying(files.world.ingest, let_through))
    crashed = False
    try:
        Worker(files.files._replace(steps=mortal)).run()
    except Crash:
        crashed = True
    assert crashed == (let_through < 60)  # the control: more than that it does not take
    files.world.clock.advance(files.files.lease)
    files.work()
    result = files.result("keten.xml")
    check(files, records, result)
    assert counted(result)[2] == 1  # what was done in a chunk was not done again
    assert files.world.events().count("signaal.bezorgd") == chunks.CHUNK + 4
    assert files.world.events().count("signaal.geweigerd") == 1


def test_many_workers_share_one_file(files: FileWorld) -> None:
    signals = files.world.signals(chunks.CHUNK * 6)
    files.put("groot.xml", text(signals))
    done: list[int] = []

    def work() -> None:
        worker = Worker(files.files)
        count = 0
        while worker.step():
            count += 1
        done.append(count)

    assert Worker(files.files).step()  # read and accepted
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files.work()
    result = files.result("groot.xml")
    assert {row["status"] for row in result.rows} == {"bezorgd"}
    assert files.world.count("bericht") == len(signals)
    assert sum(count > 0 for count in done) > 1  # it was shared
    assert [row["kenmerk"] for row in result.rows] == [signal["kenmerk"] for signal in signals]


def test_a_small_file_does_not_wait_for_the_end_of_a_large_one(files: FileWorld) -> None:
    files.put("groot.xml", text(files.world.signals(chunks.CHUNK * 3)))
    files.put("klein.xml", text(files.world.signals(1)))
    worker = Worker(files.files)
    for _ in range(4):  # both accepted, the first chunk of both
        worker.step()
    with files.world.ingest.transaction(parties(LANDLORD.party, OTHER.party)) as connection:
        rows = connection.execute(
            """
            SELECT naam, count(done)::int FROM bestand_deel d JOIN bestand b ON b.id = d.bestand GROUP BY naam ORDER BY naam
            """
        ).fetchall()
    assert rows == [("groot.xml", 1), ("klein.xml", 1)]


def test_many_files_of_one_partner_hold_up_no_other(files: FileWorld) -> None:
    """One of them is read at a time, so that the next worker takes somebody else's."""
    for nr in range(3):
        files.put(f"{nr}.xml", text(files.world.signals(1)))
    files.put("van een ander.xml", text([]), OTHER.party)
    now, taken = files.world.clock.now(), list[str]()
    with files.world.ingest.transaction(parties(LANDLORD.party, OTHER.party)) as connection:
        while work := workrows.claim(connection, "ontvangen", now, now + files.files.lease):
            taken.append(work.naam)
    assert taken == ["0.xml", "van een ander.xml"]
    later = now + files.files.lease
    with files.world.ingest.transaction(parties(LANDLORD.party, OTHER.party)) as connection:
        work = workrows.claim(connection, "ontvangen", later, later + files.files.lease)
    assert work is not None  # a worker that died holds up nobody for longer than its lease
    assert work.naam == "0.xml"


class Slow(Lines):
    """A reader whose first record takes longer than the lease."""

    def __iter__(self) -> Any:
        time.sleep(1.5)
        yield from super().__iter__()


def test_a_record_that_takes_longer_than_the_lease_is_read_once(files: FileWorld) -> None:
    lease = timedelta(seconds=0.6)
    steps = files.files.steps._replace(clock=SystemClock())
    files.files = files.files._replace(steps=steps, lease=lease, choose=lambda *_: Leeswijze(Slow))
    files.put("traag.xml", text(files.world.signals(1)))
    reading = threading.Thread(target=Worker(files.files).step)
    reading.start()
    time.sleep(1.1)
    assert not Worker(files.files).step()  # it is held, though the lease of its claim has passed
    reading.join()
    with files.world.ingest.transaction(parties(LANDLORD.party, OTHER.party)) as connection:
        assert connection.execute("SELECT state FROM bestand").fetchall() == [("in_verwerking",)]


def test_of_two_that_hold_one_chunk_only_one_keeps_it(files: FileWorld) -> None:
    files.put("november.xml", text(files.world.signals(3)))
    assert Worker(files.files).step()
    now = files.world.clock.now()
    with files.world.ingest.transaction(parties(LANDLORD.party, OTHER.party)) as connection:
        slow = workrows.claim_part(connection, now, now + timedelta(seconds=1))
    files.world.clock.advance(timedelta(seconds=2))
    files.work()
    assert slow is not None
    with pytest.raises(Lost):
        delivering.deliver(files.files, *slow)
    assert files.world.count("bericht") == 3
    assert files.world.events().count("signaal.eerder_ontvangen") == 0


def test_a_long_file_that_is_refused_at_its_end_is_refused_by_who_read_it(files: FileWorld) -> None:
    """Its lease was extended meanwhile."""

    class Slow(Lines):
        def __iter__(self) -> Any:
            for record in super().__iter__():
                if record.nr % chunks.CHUNK == 0:
                    files.world.clock.advance(timedelta(seconds=50))
                yield record

    files.put("lang.xml", text(files.world.signals(chunks.CHUNK * 3)) + b"geen json\n")
    files.files = files.files._replace(choose=lambda *_: Leeswijze(Slow))
    assert Worker(files.files).step()
    assert [found.code for found in files.result("lang.xml").receipt.bevindingen] == ["REGEL_ONGELDIG"]


def test_of_two_that_read_one_file_only_one_accepts_it(files: FileWorld) -> None:
    files.put("november.xml", text(files.world.signals(3)))
    now = files.world.clock.now()
    with files.world.ingest.transaction(parties(LANDLORD.party, OTHER.party)) as connection:
        slow = workrows.claim(connection, "ontvangen", now, now + timedelta(seconds=1))
    assert slow is not None
    files.world.clock.advance(timedelta(seconds=2))
    assert Worker(files.files).step()
    kept = set(files.spool.ids())
    with pytest.raises(Lost):
        Worker(files.files)._rounds[0][1](files.files, slow)  # type: ignore[index]
    assert set(files.spool.ids()) == kept
    files.work()
    assert files.result("november.xml").outcome.aantallen.bezorgd == 3


def test_work_that_could_not_be_done_is_given_back_and_does_not_count_as_a_try(files: FileWorld) -> None:
    files.put("november.xml", text(files.world.signals(3)))
    assert Worker(files.files).step()

    def stale() -> Any:
        raise Unavailable("REGISTER_NIET_ACTUEEL", "weg")

    ill = files.files._replace(steps=files.files.steps._replace(register=stale))
    for _ in range(30):
        with pytest.raises(Unavailable):
            Worker(ill).run()
        assert not Worker(files.files).step()
        files.world.clock.advance(AGAIN)
    files.work()
    assert files.result("november.xml").outcome.resultaat == "volledig"


def test_a_chunk_that_breaks_the_work_is_given_up_and_the_file_ends(files: FileWorld) -> None:
    """Every process that takes it dies; in the end its records are refused, and only they."""
    files.put("gif.xml", text(files.world.signals(chunks.CHUNK + 1)))
    worker = Worker(files.files)
    assert worker.step()
    for _ in range(files.files.bounds.attempts):
        now = files.world.clock.now()
        with files.world.ingest.transaction(parties(LANDLORD.party, OTHER.party)) as connection:
            assert workrows.claim_part(connection, now, now + files.files.lease) is not None  # and it is gone
        files.world.clock.advance(files.files.lease)
    files.work()
    counts = counted(files.result("gif.xml"))
    assert counts == [chunks.CHUNK + 1, 1, 0, chunks.CHUNK, 0, 0]


def test_a_chunk_that_was_damaged_on_disk_is_said_and_harms_no_other(files: FileWorld, tmp_path: Path) -> None:
    files.put("november.xml", text(files.world.signals(chunks.CHUNK + 2)))
    assert Worker(files.files).step()
    ((id,),) = files.world.rows("SELECT chunks FROM bestand")
    path = tmp_path / "spool" / id.hex
    stored = bytearray(path.read_bytes())
    stored[5_000] ^= 1
    path.write_bytes(stored)
    files.work()
    result = files.result("november.xml")
    assert [found.code for found in result.outcome.bevindingen] == ["SPOOL_BESCHADIGD"]
    assert counted(result) == [chunks.CHUNK + 2, 2, 0, chunks.CHUNK, 0, 0]
    assert len(result.rows) == 2
