"""Workers as a process that may be killed: `python -m tests.files.program [vergeetachtig | gulzig]`, with leases of a second.

`vergeetachtig` and `gulzig` are controls: the first notes that a chunk is done before it is, so that nobody goes on with what a crash cut
short; the second keeps a whole file in memory before it reads it, and takes its time.
"""

import io
import sys
import threading
import time
from datetime import timedelta
from typing import BinaryIO

from adapters.formats import canonical
from gateway.app.house import open_house
from gateway.app.settings import Settings
from gateway.core.chain import Inbound, Sender, Trace
from gateway.core.clock import SystemClock
from gateway.files import chunks, workrows
from gateway.files.reading import Leeswijze
from gateway.files.worker import Worker
from gateway.files.workrows import Counts
from gateway.signals.receive import receive
from gateway.store.tenant import parties, task
from schemas.bestand import Lezing

LEASE = timedelta(seconds=1)


class Forgetful(Worker):
    """Commits the progress first and the work after it."""

    def _part(self) -> bool:
        now, steps = self._files.steps.clock.now(), self._files.steps
        with self._files.tasks.transaction(task("proef")) as connection:
            waiting = workrows.waiting(connection, None, now)
        with steps.database.transaction(parties(*waiting)) as connection:
            found = workrows.claim_part(connection, now, now + self._files.lease)
            if found is None:
                return False
            part, work = found
            workrows.finish_part(connection, part, b"[]", Counts(), now)
        records = chunks.load(self._files.spool, work.chunks or work.id, part)
        sender, trace = Sender(work.party, work.party), Trace(work.trace_id, "a7" * 8)
        receive([Inbound(nr, sender, trace, now, "", record.value) for nr, record in enumerate(records)], steps)
        return True


class Greedy:
    """A reader of canonical XML that no file should meet."""

    def __call__(self, stream: BinaryIO) -> Lezing:
        """Keeps everything for a few seconds."""
        held = stream.read()
        time.sleep(4)
        return canonical.read(io.BytesIO(held))


def main() -> None:
    kind = Forgetful if "vergeetachtig" in sys.argv else Worker
    with open_house(Settings(file_workers=0), SystemClock()) as house:
        files = house.files._replace(lease=LEASE)
        if "gulzig" in sys.argv:
            files = files._replace(choose=lambda *_: Leeswijze(Greedy()))
        for _ in range(2):
            worker = kind(files)
            threading.Thread(target=forever, args=(worker,), daemon=True).start()
        sys.stdout.write("klaar\n")
        sys.stdout.flush()
        sys.stdin.read()  # until it is killed, or whoever started it is gone


def forever(worker: Worker) -> None:
    waits = threading.Event()
    while True:
        worker.run()
        waits.wait(0.1)


if __name__ == "__main__":
    main()
