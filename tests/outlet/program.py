"""Rounds of the outlet as a process that may be killed: `python -m tests.outlet.program [slordig]`, five messages to a file.

`slordig` is the control: it shows a file first, and notes afterwards which messages stood in it.
"""

import sys
import threading
import time

from gateway.app.house import open_house
from gateway.app.settings import Settings
from gateway.core import ids
from gateway.core.clock import SystemClock
from gateway.core.errors import SeinhuisError
from gateway.files import deskrows
from gateway.files.deskrows import Deskfile
from gateway.files.outgoing import into
from gateway.mailbox import inbox
from gateway.outlet import rounds
from gateway.outlet.choosing import choose
from gateway.outlet.desk import DOEL, Handing, OutletDesk, handing
from gateway.partners.outlets import outlet
from gateway.sealing import files as filejwe

FEW = 5
HEAD = b"Meldingsnummer\r\n"


def careless(one: Handing) -> None:
    """Two transactions where there should be one."""
    database = one.desk.inbox.database
    with into(one.desk.files, one.loket, "uitlaat", f"uitlaat-{one.gemeente}") as out, database.transaction(one.tenant) as connection:
        deskrows.alone(connection, one.gemeente)
        found = [item.id for item, _ in choose(connection, one).found]
        if not found:
            return
        nr, claim = deskrows.next_number(connection, one.gemeente), ids.new()
        writer = out.create(f"-{nr}.csv.jwe")
        for part in filejwe.seal([HEAD, *(f"{id}\r\n".encode() for id in found)], one.outlet.sleutel, "text/csv"):
            writer.write(part)
        writer.close()
        file = Deskfile(
            out.id(f"-{nr}.csv.jwe"), one.gemeente, one.loket, nr, "berichten", claim, one.profiel, len(found), one.desk.now, one.until
        )
        deskrows.add(connection, file, [])
        out.commit(connection)
    time.sleep(2)
    with database.transaction(one.tenant) as connection:
        inbox.hold(connection, one.gemeente, claim, DOEL, FEW, 3600, only=found)
        connection.cursor().executemany(
            "INSERT INTO uitlaat_bericht (gemeente, bericht, bestand, profiel, gemaakt) VALUES (%s, %s, %s, %s, %s)",
            [(one.gemeente, id, file.id, one.profiel, one.desk.now) for id in found],
        )


def one_round(desk: OutletDesk, *, slordig: bool) -> None:
    if not slordig:
        rounds.run(desk)
        return
    for row in desk.register().outlets.values():
        careless(handing(desk, outlet(desk.register(), row.gemeentecode, desk.today)))


def forever(desk: OutletDesk, *, slordig: bool) -> None:
    while True:
        try:
            one_round(desk, slordig=slordig)
        except SeinhuisError:
            time.sleep(0.05)


def main() -> None:
    slordig = "slordig" in sys.argv
    with open_house(Settings(file_workers=0, proef=True), SystemClock()) as house:
        desk = house.outlet._replace(most=FEW)
        threading.Thread(target=forever, args=(desk,), kwargs={"slordig": slordig}, daemon=True).start()
        sys.stdout.write("klaar\n")
        sys.stdout.flush()
        sys.stdin.read()  # until it is killed, or whoever started it is gone


if __name__ == "__main__":
    main()
