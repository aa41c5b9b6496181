"""The suite against a creditor that works with files, over OpenSSH's own client."""

import threading
from datetime import date
from pathlib import Path

import pytest

from adapters.client.connection import Connection
from gateway.conformance.play import Begin, Verslag
from tests.conformance import mailer
from tests.conformance.mailer import Mailer
from tests.conformance.world import CREDITOR, Hall, Patience, failed
from tests.tools import need

HIDING = {"hernoemt_niet", "haalt_niet_op"}
TODAY = date.today().isoformat()  # noqa: DTZ011 - as a partner's own system would


def of_files(hall: Hall, folder: Path, faults: frozenset[str] = frozenset()) -> Verslag:
    need("sftp")

    def work(connection: Connection, begin: Begin, stop: threading.Event) -> None:
        Mailer(folder, CREDITOR, hall.sftp_key, begin.kaarten, faults).work(begin.port, begin.hostsleutel, stop, TODAY)

    until = Patience(frozenset(mailer.FAULTS[fault] for fault in faults), alone=not faults & HIDING)
    return hall.run(CREDITOR, work, until=until, mond="bestand")


def test_correct_mailer_passes_every_scenario(hall: Hall, tmp_path: Path) -> None:
    verslag = of_files(hall, tmp_path)
    assert failed(verslag) == {}
    assert verslag.uitslag.mond == "bestand"
    assert set(verslag.uitslag.soorten) == {"signaal", "intrekking", "stand"}


@pytest.mark.parametrize("fault", ["hernoemt_niet", "haalt_niet_op", "alles_opnieuw"])
def test_fault_of_a_mailer_is_named_by_its_scenario(hall: Hall, tmp_path: Path, fault: str) -> None:
    assert mailer.FAULTS[fault] in failed(of_files(hall, tmp_path, frozenset({fault})))


def test_what_a_mailer_leaves_out_is_named_at_once(hall: Hall, tmp_path: Path) -> None:
    faults = frozenset({"laat_regels_liggen", "trekt_niet_in", "brengt_geen_stand"})
    verslag = of_files(hall, tmp_path, faults)
    assert set(failed(verslag)) == {mailer.FAULTS[fault] for fault in faults}


def test_empty_mailbox_passes_nothing(hall: Hall) -> None:
    verslag = hall.run(CREDITOR, None, mond="bestand", duur=2.0)
    assert {one.gezien.goed for one in verslag.oordelen} == {False}
