"""What nobody needs any more goes, and nothing else."""

import os
from datetime import UTC, datetime, timedelta

from gateway.core import ids
from gateway.core.clock import FixedClock
from gateway.files.sweeping import KEPT, sweep
from gateway.files.worker import Worker
from tests.files.lines import text
from tests.files.world import FileWorld

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


def age(files: FileWorld, hours: float) -> None:
    """Let the clock and every file on disk grow older."""
    files.world.clock.advance(timedelta(hours=hours))
    folder = files.spool._folder
    for path in folder.iterdir():
        os.utime(path, (path.stat().st_atime - hours * 3600, path.stat().st_mtime - hours * 3600))


def waiting(files: FileWorld) -> list[str]:
    return [item.name for item in files.box.items("uit")]


def test_reports_go_after_five_working_days(files: FileWorld) -> None:
    assert isinstance(files.world.clock, FixedClock)
    files.put("november.xml", text(files.world.signals(1)))
    files.work()
    for step in range(14):
        day = (files.world.clock.now() + timedelta(days=step)).date()
        if day.weekday() == 0:
            files.world.clock.at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            break
    files.world.run("UPDATE bestand_uit SET created = %s", files.world.clock.now())
    age(files, 24 * 7)  # the next monday: the fifth working day
    sweep(files.files)
    assert len(waiting(files)) == 3
    age(files, 24)
    sweep(files.files)
    assert waiting(files) == []
    assert list(files.spool.ids()) == []


def test_a_file_in_progress_and_its_chunks_stay(files: FileWorld) -> None:
    files.put("november.xml", text(files.world.signals(1)))
    assert Worker(files.files).step()
    files.put("december.xml", text(files.world.signals(1)))
    upload = files.box.begin("januari.xml")
    upload.write(b"half")
    age(files, 24 * 3)
    before = set(files.spool.ids())
    sweep(files.files)
    assert set(files.spool.ids()) == before
    files.work()
    assert len([name for name in waiting(files) if name.startswith("november")]) == 3


def test_an_upload_without_end_and_what_a_crash_left_go(files: FileWorld) -> None:
    files.box.begin("half.xml").write(b"x")
    files.box.begin("klaar.xml").close()
    writer = files.spool.create(ids.new())  # a crash before the transaction that would have pointed to it
    writer.close()
    age(files, 2)
    sweep(files.files)
    assert len(list(files.spool.ids())) == 3
    age(files, 24 * 7)
    sweep(files.files)
    assert list(files.spool.ids()) == []
    assert files.box.items("in") == []


def test_the_row_of_a_file_is_kept_as_long_as_a_kenmerk(files: FileWorld) -> None:
    files.deliver("november.xml", files.world.signals(1))
    sweep(files.files)
    assert files.world.count("bestand") == 1
    files.world.run("UPDATE bestand SET finished = finished - %s::interval", KEPT + timedelta(hours=1))
    sweep(files.files)
    assert files.world.count("bestand") == 0
