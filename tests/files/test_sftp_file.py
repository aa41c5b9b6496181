"""A creditor's file from OpenSSH's own `sftp` to a municipality's inbox: it holds exactly what was accepted, and nothing more.

Doors, SFTP edge and workers are processes of their own, as in production. About one record in thirty is unlawful, each kind of
`adapters.synthetic.defects` in turn. `SEINHUIS_PROOF=1` makes it 200,000 signals.
"""

import csv
import hashlib
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import count, cycle, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from xml.etree import ElementTree as ET

import msgspec
import pytest

from adapters.client import xml
from adapters.client.opening import Opener
from adapters.client.receipts import NotGenuine, verify_receipt
from adapters.synthetic.defects import KINDS, defects
from adapters.synthetic.generator import Creditor, Place
from gateway.__main__ import run
from gateway.sandbox.parties import GEMEENTEN
from schemas.bestandsbewijs import Bestandsontvangst, Bestandsuitslag
from schemas.inbox import Claim
from schemas.strict import parse
from tests.canaries import lawful
from tests.files.test_house import PARTY, Running
from tests.gateways import running
from tests.tools import need

SIGNALS = 200_000 if os.environ.get("SEINHUIS_PROOF") else 2_000
EVERY, BATCH, CLAIMED = 30, 1_000, 500
PATIENCE = 600
NAME = "maand.xml"
DESK = GEMEENTEN[0]
NS = "{urn:nl:seinhuis:verslag:1}"
INBOX = "/gemeente/v1/inbox"
NEW, AGAIN = "bezorgd", "eerder_ontvangen"
Signal = dict[str, Any]


class Sent(NamedTuple):
    """One record of the file: the code that it must be refused with (None: taken), whether it repeats another; `person` is a hash."""

    kenmerk: str
    code: str | None
    repeats: bool
    person: bytes


class Row(NamedTuple):
    """One line of the report."""

    kenmerk: str
    status: str
    id: str
    codes: str
    logblad: str


class Came(NamedTuple):
    """What the partner fetched, the published keys, and what was sent."""

    house: Running
    sent: list[Sent]
    receipt: Bestandsontvangst
    rows: list[Row]
    outcome: Bestandsuitslag
    jwks: dict[str, Any]


@pytest.fixture(scope="module")
def came(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Came]:
    folder, words = tmp_path_factory.mktemp("maand"), [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", "sleutel"]
    need("sftp")
    subprocess.run(words, cwd=folder, check=True)
    with running(folder, SEINHUIS_SFTP_PORT="0", SEINHUIS_FILE_WORKERS="0") as sandbox, ExitStack() as beside:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("SEINHUIS_STATE", str(sandbox.state))
            environment.setenv("SEINHUIS_PROEF", "true")
            assert run(["deelnemer", "sftp-sleutel", PARTY.oin, str(folder / "sleutel.pub")]) == 0
        _, told = beside.enter_context(sandbox.beside("sftp"))
        beside.enter_context(sandbox.beside("verwerk"))
        house, sent = Running(sandbox, told["klaar"]["sftp"], folder), _write(folder)
        _deliver(house)
        with closing(sandbox.connect(PARTY.oin)) as connection:
            jwks = connection.get("/schuldeiser/v1/sleutels").json()
        receipt = parse((folder / f"{NAME}.ontvangst.json").read_bytes(), Bestandsontvangst)
        with (folder / f"{NAME}.verslag.csv").open(encoding="utf-8", newline="") as file:
            rows = [Row(*itemgetter("kenmerk", "status", "id", "codes", "logblad")(row)) for row in csv.DictReader(file)]
        yield Came(house, sent, receipt, rows, _outcome(folder / f"{NAME}.verslag.xml"), jwks)


def _records(folder: Path) -> Iterator[tuple[Signal, Sent]]:
    """The records in order, made in batches, so that memory does not grow with the file."""
    owner, kinds, last = Creditor(PARTY.oin, PARTY.sector, PARTY.naam), cycle(KINDS), dict[str, Any]()
    here = [Place(str(postcode), DESK.naam, DESK.code) for postcode in DESK.postcodes]
    made = (signal for seed in count(1) for signal in lawful(folder, BATCH, seed=seed, creditors=[owner], places=here))
    for nr, fresh in enumerate(islice(made, SIGNALS)):
        signal, code, repeats = fresh, None, False
        if nr % EVERY == EVERY - 1:
            kind = next(kinds)
            signal, code, repeats = defects(last if kind.repeats else signal, kind.name), kind.code, kind.repeats
        else:
            last = signal
        yield signal, Sent(signal["kenmerk"], code, repeats, _person(signal))


def _person(groups: Signal) -> bytes:
    return hashlib.sha256(json.dumps([groups["personen"], groups["adres"]], sort_keys=True).encode()).digest()


def _write(folder: Path) -> list[Sent]:
    sent: list[Sent] = []

    def told() -> Iterator[tuple[Any, Signal]]:
        for signal, one in _records(folder):
            sent.append(one)
            yield "signaal", signal

    with (folder / NAME).open("wb") as file:
        file.writelines(xml.write({}, told()))
    return sent


def _deliver(house: Running) -> None:
    """Put the file, wait for its report, collect; what was clear goes."""
    done = house.sftp(f"put {NAME} in/{NAME}.part", f"rename in/{NAME}.part in/{NAME}")
    assert done.returncode == 0, done.stderr
    (house.folder / NAME).unlink()
    until = time.monotonic() + PATIENCE
    while f"{NAME}.verslag.xml" not in house.sftp("ls -1 uit").stdout:
        assert time.monotonic() < until
        time.sleep(1)
    done = house.sftp(f"get uit/{NAME}.*")
    assert done.returncode == 0, done.stderr


def _outcome(path: Path) -> Bestandsuitslag:
    """The signed result at the end of the report, read as a stream."""
    for _, element in ET.iterparse(path):  # noqa: S314 - our own report
        if element.tag == f"{NS}ondertekend":
            return parse((element.text or "").encode(), Bestandsuitslag)
        if element.tag == f"{NS}regel":
            element.clear()
    pytest.fail("the report has no signed result")


def test_receipt_and_result_are_signed_and_the_report_is_whole(came: Came) -> None:
    verify_receipt(came.receipt, came.jwks)
    verify_receipt(came.outcome, came.jwks)
    assert (came.receipt.status, came.receipt.aantal, came.receipt.bestand) == ("aanvaard", SIGNALS, NAME)
    assert [row.kenmerk for row in came.rows] == [one.kenmerk for one in came.sent]
    assert came.outcome.bladen_hash == hashlib.sha256(b"".join(bytes.fromhex(row.logblad) for row in came.rows)).hexdigest()
    found, told = Counter(row.status for row in came.rows), came.outcome.aantallen
    assert (told.aangeboden, told.bezorgd, told.eerder_ontvangen) == (SIGNALS, found[NEW], found[AGAIN])
    assert (told.geweigerd, told.in_quarantaine) == (found["geweigerd"], found["in_quarantaine"])
    with pytest.raises(NotGenuine):
        verify_receipt(msgspec.structs.replace(came.receipt, aantal=SIGNALS + 1), came.jwks)


def test_every_record_is_taken_or_refused_for_its_own_reason(came: Came) -> None:
    for one, row in zip(came.sent, came.rows, strict=True):
        if one.code is None:
            assert row.status == (AGAIN if one.repeats else NEW), row
        else:
            assert row.status in {"geweigerd", "in_quarantaine"}, row
            assert one.code in row.codes.split(), row
    assert {kind.code for kind in KINDS} == {one.code for one in came.sent}


def test_inbox_holds_exactly_what_was_accepted_as_it_was_sent(came: Came) -> None:
    accepted = {UUID(row.id): one.person for one, row in zip(came.sent, came.rows, strict=True) if row.status == NEW}
    claimed = _claimed(came.house)
    assert len(claimed) > SIGNALS * 0.95
    assert _differing(accepted, claimed) == []
    (first, *_), (id, person) = claimed, claimed[-1]
    for wrong in (claimed[1:], [*claimed, first], [*claimed, (UUID(int=1), person)], [*claimed[:-1], (id, b"")]):  # the control
        assert len(_differing(accepted, wrong)) == 1
    for gemeente in GEMEENTEN:
        with closing(came.house.sandbox.connect(gemeente.oin)) as connection:
            free = connection.get(f"{INBOX}/berichten?staat=bezorgd").json()["berichten"]
            held = connection.get(f"{INBOX}/berichten?limiet=1").json()["berichten"]
        assert (free, len(held)) == ([], int(gemeente is DESK))


def _differing(accepted: dict[UUID, bytes], claimed: list[tuple[UUID, bytes]]) -> list[UUID]:
    """Messages that are missing, too many, or of another person than was sent."""
    left = dict(accepted)
    return [id for id, person in claimed if left.pop(id, None) != person] + list(left)


def _claimed(house: Running) -> list[tuple[UUID, bytes]]:
    """Every message of the municipality, opened with its own key: its id, and its person in a hash."""
    opener, found = Opener(house.sandbox.own_key(DESK).read_bytes()), []
    asked = {"doel": "WGS-3-1-b", "maximum": CLAIMED, "leaseSeconden": 86_400, "wijze": "onbemand"}
    with closing(house.sandbox.connect(DESK.oin)) as connection:
        while berichten := msgspec.json.decode(connection.post(f"{INBOX}/claims", asked).body, type=Claim).berichten:
            found += [(bericht.id, _person(opener.open(bericht)["identiteit"])) for bericht in berichten]
    return found
