"""The flow of files without its edges: real steps, database and spool; files in a format of JSON lines."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from adapters.client.receipts import verify_receipt
from gateway.files.flow import Bounds, Files
from gateway.files.mailbox import Mailroom
from gateway.files.names import REPORTS
from gateway.files.reading import FirstBytes, Leeswijze, Readers
from gateway.files.spool import Spool
from gateway.files.transfers import Quota, Room
from gateway.files.worker import Worker
from schemas.bestandsbewijs import Bestandsontvangst, Bestandsuitslag
from schemas.strict import parse
from tests.files.lines import Lines, text
from tests.flows.world import LANDLORD, World

PARTY = LANDLORD.party
NS = "{urn:nl:seinhuis:verslag:1}"


class FileWorld:
    """A spool, a mailroom and a worker on the gateway of `World`."""

    def __init__(self, world: World, folder: Path, quota: Quota = Quota(), bounds: Bounds = Bounds()) -> None:  # noqa: B008
        self.world = world
        self.spool = Spool(folder / "spool", world.keys)
        self.room = Mailroom(Room(world.ingest, self.spool, world.clock, quota))
        self.files = Files(
            steps=world.steps,
            tasks=world.tasks,
            spool=self.spool,
            signer=world.receipts,
            choose=Readers(lambda: world.register, Lines, profiled).choose,
            scanner=FirstBytes(),
            number=world.number,
            bounds=bounds,
        )
        self.box = self.room.mailbox(PARTY)

    def put(self, name: str, content: bytes, party: str = PARTY) -> None:
        """A complete file in `in/`."""
        box = self.room.mailbox(party)
        upload = box.begin(name)
        for begin in range(0, len(content), 32_768):
            upload.write(content[begin : begin + 32_768])
        upload.close()
        box.complete(f"{name}.part", name)

    def work(self) -> None:
        """Do all the work there is."""
        Worker(self.files).run()
        self.world.number()

    def deliver(self, name: str, records: Sequence[Any], party: str = PARTY, **head: Any) -> "Result":
        """A whole file, to its report."""
        self.put(name, text(records, **head), party)
        self.work()
        return self.result(name, party)

    def result(self, name: str, party: str = PARTY) -> "Result":
        """What stands in `uit/` for a file; it is collected by this."""
        receipt, rows, tree = (self.collect(name + ending, party) for ending in REPORTS)
        return Result(receipt, rows, tree, self)

    def collect(self, name: str, party: str = PARTY) -> bytes:
        """Read a file of `uit/` to its end."""
        download = self.room.mailbox(party).open("uit", name)
        content = b""
        while part := download.read(len(content), 32_768):
            content += part
        download.close()
        return content


def profiled(inhoud: str, naam: str) -> Leeswijze:
    """No profiles but the format of these tests."""
    return Leeswijze(Lines)


class Result:
    """Receipt and report of one file, both forms of it compared with each other."""

    def __init__(self, receipt: bytes, rows: bytes, tree: bytes, world: FileWorld) -> None:
        jwks = world.world.receipts.public_jwks()
        self.receipt = parse(receipt, Bestandsontvangst)
        verify_receipt(self.receipt, jwks)
        self.rows = list(csv.DictReader(io.StringIO(rows.decode(), newline="")))
        root = ET.fromstring(tree)  # noqa: S314 - our own report
        self.lines = root.findall(f"{NS}regel")
        self.outcome = parse((root.findtext(f"{NS}uitslag/{NS}ondertekend") or "").encode(), Bestandsuitslag)
        verify_receipt(self.outcome, jwks)
        assert [row["kenmerk"] or None for row in self.rows] == [line.get("kenmerk") for line in self.lines]
        assert [row["codes"].split() for row in self.rows] == [[b.get("code") for b in line] for line in self.lines]
        assert [row["volgnummer"] for row in self.rows] == [line.get("volgnummer") for line in self.lines]

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """(status, codes) per line."""
        return [(row["status"], row["codes"]) for row in self.rows]
