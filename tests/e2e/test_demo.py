"""The demo as its user meets it: the command, its output, the commands that it prints, and how it ends; and that its checks can fail."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from gateway.demo.creditors import Delivery, Landed, Offered
from gateway.demo.debts import CLIENT, KLANTNUMMERS, SILENT, answers
from gateway.demo.desks import Collected
from gateway.demo.expectations import Month, failures, log_failures, overview_failures
from gateway.demo.overview import NAMES, Told
from gateway.privacylog.verify import Report
from gateway.store.embedded import EmbeddedPostgres
from schemas.assembling import assemble
from schemas.inbox import Veldgroep
from schemas.ontvangst import Bevinding
from schemas.overzichtspagina import page
from schemas.paper import euro
from schemas.schuldenoverzicht import KlantOnbekend, Overzichtsvraag, Saldostaat, Schuldenoverzicht, Vorderingen
from tests.gateways import seconds_until
from tests.tools import need

pytestmark = pytest.mark.usefixtures("ports_of_the_demo")
PATIENCE = 120
SIGNAL = {"adres": {"postcode": "2011AB", "huisnummer": 1}, "personen": [{"achternaam": "Bakker"}]}
REFUSED = Bevinding(code="TE_LAAG", oordeel="fout", melding="Te laag.")
MESSAGE = UUID(int=1)
DAY = date(2026, 11, 22)
OWED = sum(one.saldo_cent or 0 for given in answers(DAY).values() if isinstance(given, Vorderingen) for one in given.vorderingen)
OPENED: dict[UUID, dict[Veldgroep, dict[str, Any]]] = {MESSAGE: {"identiteit": SIGNAL}}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "gateway", *words]


@contextmanager
def running(state: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The demo as a process; killed when it takes too long."""
    environment = {**os.environ, "SEINHUIS_STATE": str(state)}
    with subprocess.Popen(command("demo", *words), stdout=subprocess.PIPE, text=True, env=environment) as process:
        timer = threading.Timer(PATIENCE, process.kill)
        timer.start()
        try:
            yield process
        finally:
            timer.cancel()
            process.kill()


def run(state: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "SEINHUIS_STATE": str(state)}
    return subprocess.run(command(*words), capture_output=True, text=True, env=environment, timeout=PATIENCE, check=False)


def hints(process: "subprocess.Popen[str]") -> list[tuple[str, list[str]]]:
    """Reads the output up to the last hint: the expected status and the command of each."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if lines[-2:-1] and lines[-2].startswith("# Geweigerd"):
            break
    assert "demo: OK\n" in lines
    return [(title.split()[-1], shlex.split(words)) for title, words in pairwise(lines) if title.startswith("# ")]


def month(landed: list[Landed], *, received: int = 1, acknowledged: int = 1) -> Month:
    collected = {"0392": Collected(received, OPENED, acknowledged, 1)}
    return Month({"Voorbeeld": Delivery(landed, 1, 0, 1)}, collected, 1.0, 1.0)


def told(folder: Path) -> Told:
    """The second act as it must be."""
    given, at = answers(DAY), datetime(2026, 11, 22, 9, tzinfo=UTC)

    def state(oin: str) -> Saldostaat:
        answer = given.get(oin)
        return "klant_onbekend" if isinstance(answer, KlantOnbekend) else "beantwoord" if answer else "open"

    asked = Schuldenoverzicht(
        id=UUID(int=9), kenmerk="SO-1", zaaknummer="ZAAK-1", grond="plan_van_aanpak", uiterlijk=DAY, staat="deels", aangemaakt_op=at,
        vragen=[Overzichtsvraag(id=UUID(int=nr), schuldeiser=oin, staat=state(oin), gesteld_op=at) for nr, oin in enumerate(KLANTNUMMERS)],
    )  # fmt: skip
    made = assemble(asked, {vraag.id: given[vraag.schuldeiser] for vraag in asked.vragen if state(vraag.schuldeiser) == "beantwoord"})
    (folder / "pagina.html").write_text(page(made, NAMES, DAY), encoding="utf-8")
    return Told(asked, given, made, made, folder / "pagina.html", 0.1)


TAKEN = Landed(Offered(SIGNAL, None), id=MESSAGE, gemeente="0392")


def test_demo_stays_up_and_its_hints_work_as_printed_until_sigterm(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        commands = hints(process)
        assert [words[0] for _, words in commands] == ["curl", "sftp", "curl", "curl", "curl", "curl"]
        for status, words in commands:
            answer = subprocess.run([need(words[0]), *words[1:]], input="ls\n", capture_output=True, text=True, timeout=30, check=True)
            if words[0] == "curl":
                assert answer.stdout.split()[1] == status
            else:
                assert (answer.stdout.split()[-3:], status) == (["in", "terugkoppeling", "uit"], "0")
        second = run(tmp_path, "demo", "--once")
        assert second.returncode != 0
        assert "draait al" in second.stderr
        checked = run(tmp_path / "demo", "log", "verify")
        assert (checked.returncode, "log: klopt" in checked.stdout) == (0, True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(_postmaster(tmp_path), 0)


def test_demo_that_is_killed_leaves_nothing_running(tmp_path: Path) -> None:
    need("setpriv")
    with running(tmp_path) as process:
        hints(process)
        postmaster = _postmaster(tmp_path)
        left = [pid for pid in _children(process.pid) if pid != postmaster]
        assert len(left) == 2  # the gateway and the mailbox: the control
        process.kill()
        process.wait(10)
    assert seconds_until(0, lambda: sum(map(_runs, (*left, postmaster))), patience=60) < 60


def test_demo_once_ends_well_and_makes_its_folder_new_with_the_ports_taken(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "oud").touch()
    with ExitStack() as taken:
        for port in (8443, 8022):
            with suppress(OSError):  # somebody else has it: as good
                taken.enter_context(socket.create_server(("127.0.0.1", port)))
        done = run(tmp_path, "demo", "--once")
    assert done.stdout.rstrip().endswith("demo: OK"), done.stdout + done.stderr
    assert done.returncode == 0
    first = done.stdout.splitlines()[0]
    assert [word in first for word in ("8443", "8022", "bezet")] == [True] * 3
    assert not (tmp_path / "demo" / "oud").exists()
    _shows_the_overview(done.stdout, tmp_path / "demo" / "schuldenoverzicht.html")


def test_log_verify_of_a_changed_log_ends_with_one(tmp_path: Path) -> None:
    assert run(tmp_path, "demo", "--once").returncode == 0
    postgres = EmbeddedPostgres(tmp_path / "demo")
    try:
        with psycopg.connect(postgres.start()) as connection:
            connection.execute("UPDATE log_entry SET body = body || ' '::bytea WHERE id = (SELECT entry FROM log_leaf WHERE nr = 7)")
        checked = run(tmp_path / "demo", "log", "verify")
    finally:
        postgres.stop()
    assert checked.returncode == 1
    assert "KLOPT NIET" in checked.stdout


def test_failures_of_a_good_month_are_none() -> None:
    refused = Landed(Offered(SIGNAL, "TE_LAAG"), (REFUSED,))
    again = Landed(Offered(SIGNAL, None), id=MESSAGE, gemeente="0392", repeated=True)
    assert list(failures(month([TAKEN, refused, again]))) == []


@pytest.mark.parametrize(
    "wrong",
    [
        month([TAKEN], received=2),
        month([TAKEN], acknowledged=0),
        month([TAKEN, Landed(Offered(SIGNAL, None), id=UUID(int=2), gemeente="0392")]),
        month([TAKEN, Landed(Offered(SIGNAL, None), (REFUSED,))]),
        month([TAKEN, Landed(Offered(SIGNAL, "BSN_NIET_TOEGESTAAN"), (REFUSED,))]),
        month([Landed(Offered(SIGNAL, "TE_LAAG"), id=MESSAGE, gemeente="0392")]),
        month([Landed(Offered({**SIGNAL, "personen": []}, None), id=MESSAGE, gemeente="0392")]),
        month([TAKEN, Landed(Offered(SIGNAL, None), id=MESSAGE, gemeente="0599")]),
    ],
    ids=["too many", "not acknowledged", "not opened", "refused", "other code", "not refused", "changed", "other desk"],
)
def test_failures_name_what_went_wrong(wrong: Month) -> None:
    assert list(failures(wrong))


def test_failures_of_a_good_overview_and_log_are_none(tmp_path: Path) -> None:
    assert list(overview_failures(told(tmp_path))) == []
    assert list(log_failures(Report(leaves=1))) == []
    assert list(log_failures(Report(findings=["regel 7: inhoud past niet bij het blad"])))


def test_overview_failures_name_what_went_wrong(tmp_path: Path) -> None:
    good = told(tmp_path)
    total = good.made.totaal
    assert total is not None
    wrong = [
        replace(good.made, totaal=replace(total, saldo_cent=total.saldo_cent + 1)),
        replace(good.made, schuldeisers=[replace(deel, totaal=None) for deel in good.made.schuldeisers]),
        replace(good.made, ontbreekt=good.made.ontbreekt[1:]),
    ]
    for made in wrong:
        assert len(list(overview_failures(good._replace(made=made, own=made)))) == 1
        assert len(list(overview_failures(good._replace(made=made)))) == 2  # and the municipality made another
    for old, new in ((euro(OWED), ""), ("</main>", f"{CLIENT.personen[0].achternaam}</main>")):
        good.page.write_text(page(good.made, NAMES, DAY).replace(old, new), encoding="utf-8")
        assert len(list(overview_failures(good))) == 1


def _shows_the_overview(output: str, sheet: Path) -> None:
    """On the screen and on the page: everybody who was asked, the total, what is missing; and no person."""
    lines, text = output.splitlines(), sheet.read_text(encoding="utf-8")
    assert str(sheet) in lines
    assert f"<td class=n>{euro(OWED)}</td></tr></tfoot>" in text
    assert [line.split()[-1] for line in lines if line.startswith(" Totaal ")] == [euro(OWED).removeprefix("€ ")]
    assert [oin for oin in KLANTNUMMERS if NAMES[oin] not in text or NAMES[oin] not in output] == []
    assert f" {SILENT.naam} Nog geen antwoord" in output
    assert CLIENT.personen[0].achternaam not in text + output


def _postmaster(state: Path) -> int:
    """The number of the PostgreSQL that ran here; of one that stopped, a number that no process has."""
    with suppress(FileNotFoundError):
        return int((state / "demo" / "pg" / "data" / "postmaster.pid").read_text().splitlines()[0])
    return 2**22 + 1


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def _runs(pid: int) -> bool:
    """Whether it runs; who waits for nobody to note its end does not."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    return False
