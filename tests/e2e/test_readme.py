"""README's commands work as printed: the blocks marked `<!-- test: demo -->`, in bash, with curl and sftp, against a running demo.

The only addition is a setting of curl (`.curlrc`) that prints the status after each answer.
"""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.architecture.tree import ROOT
from tests.tools import need, not_run

PORTS = (8443, 8444, 9464, 8022, 8445)
PATIENCE = 180
KENMERK = "HUUR-2026-000123"


class Answer(NamedTuple):
    """One answer that curl printed."""

    status: int
    body: dict[str, Any]


class Reader:
    """Somebody with README and a demo that runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        blocks = re.findall(r"<!-- test: demo -->\n```\n(.*?)```", text, re.DOTALL)
        self.deliver, self.collect, self.ask, self.put, self.get, self.check, self.search = blocks
        (folder / ".curlrc").write_text('silent\nwrite-out = "\\n%{http_code}\\n"\n')
        (folder / "adapters").symlink_to(ROOT / "adapters")
        programs = folder / ".venv" / "bin"
        programs.mkdir(parents=True)
        for name, words in (("python", ""), ("seinhuis", " -m gateway")):
            (programs / name).write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)}{words} "$@"\n')
            (programs / name).chmod(0o755)

    def shell(self, block: str) -> subprocess.CompletedProcess[str]:
        """Run a block."""
        environment = {**os.environ, "CURL_HOME": str(self.folder)}
        return subprocess.run(
            ["bash", "-euc", block], cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    def run(self, block: str) -> list[Answer]:
        """Run a block of curl and read every answer in it."""
        done = self.shell(block)
        done.check_returncode()
        lines = done.stdout.splitlines()
        return [Answer(int(status), json.loads(body)) for body, status in zip(lines[::2], lines[1::2], strict=True)]

    def send(self, block: str) -> Answer:
        """Run a block with one answer."""
        (answer,) = self.run(block)
        return answer


@pytest.fixture(scope="module")
def reader(ports_of_the_demo: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    need("bash")
    need("curl")
    taken = [port for port in PORTS if not _is_free(port)]
    if taken:
        not_run(f"poort {taken[0]} is bezet")
    folder = tmp_path_factory.mktemp("readme")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEINHUIS_")}
    demo = subprocess.Popen(
        [sys.executable, "-m", "gateway", "demo"],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _await(demo, "De gateway blijft aan")
        yield Reader(folder)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)


def test_signal_gets_a_receipt_and_the_same_again(reader: Reader) -> None:
    first = reader.send(reader.deliver)
    assert (first.status, first.body["kenmerk"], first.body["gemeente"]) == (201, KENMERK, "0392")
    assert first.body["handtekening"]
    assert reader.send(reader.deliver) == Answer(200, first.body)


def test_changed_amount_is_a_conflict(reader: Reader) -> None:
    reader.run(reader.deliver)
    changed = reader.send(reader.deliver.replace("45012", "45013"))
    assert (changed.status, changed.body["code"]) == (409, "KENMERK_IN_GEBRUIK")


def test_another_kenmerk_without_reminders_is_refused_by_rule_and_article(reader: Reader) -> None:
    block = re.sub(r' *"herinneringen".*\n', "", reader.deliver).replace(KENMERK, "HUUR-2026-000124")
    refused = reader.send(block)
    (finding,) = [error for error in refused.body["errors"] if error["oordeel"] == "fout"]
    assert (refused.status, finding["regel"], finding["artikel"][:3]) == (400, "VS-06", "Bgs")


def test_municipality_sees_it_and_claims_it(reader: Reader) -> None:
    receipt = reader.send(reader.deliver).body
    listed, claimed = _until_listed(reader, receipt["id"])
    assert (listed.status, claimed.status) == (200, 201)
    (message,) = [m for m in claimed.body["berichten"] if m["id"] == receipt["id"]]
    assert set(message["persoonsgegevens"]) == {"identiteit", "contact"}
    assert message["sleutels"]["wijze"] == "eigen"


def test_question_reaches_its_creditor_which_sees_no_other(reader: Reader) -> None:
    asked, seen = reader.run(reader.ask)
    assert (asked.status, asked.body["staat"], len(asked.body["vragen"])) == (201, "open", 2)
    question = asked.body["vragen"][0]
    assert (seen.status, [line["id"] for line in seen.body["saldoverzoeken"]]) == (200, [question["id"]])
    assert asked.body["vragen"][1]["id"] not in json.dumps(seen.body)
    again, _ = reader.run(reader.ask)
    assert (again.status, again.body["id"]) == (200, asked.body["id"])


def test_file_goes_in_and_its_receipt_and_report_come_out(reader: Reader) -> None:
    need("sftp")
    first = _fetched(reader)
    assert first[-2].split(",")[3:5] == ['"HUUR-2026-000125"', '"bezorgd"']
    assert [part in first[-1] for part in ('"HUUR-2025-000001"', '"geweigerd"', '"KENMERK_ONBEKEND"')] == [True] * 3
    assert any('"handtekening": ' in line for line in first)
    assert reader.shell(reader.get).returncode != 0  # it was collected
    again = _fetched(reader)
    assert again[-2].split(",")[4:6] == ['"eerder_ontvangen"', first[-2].split(",")[5]]


def test_copy_of_the_log_is_checked_and_a_changed_word_is_found(reader: Reader) -> None:
    done = reader.shell(reader.check)
    assert done.returncode == 0, done.stderr
    assert ("klopt" in done.stdout, done.stdout.splitlines()[-1]) == (True, "gevonden")
    assert (reader.folder / "log.jsonl").read_text() != (reader.folder / "anders.jsonl").read_text()
    honest = reader.shell(reader.check.replace('s//"bemand"/', 's//"onbemand"/'))
    assert "gevonden" not in honest.stdout


def test_officer_finds_who_claimed_and_under_which_article(reader: Reader) -> None:
    answer = reader.send(reader.search)
    (line,) = answer.body["regels"]
    assert (answer.status, line["partijnaam"], line["artikel"][:10]) == (200, "Gemeente Utrecht", "Wgs art. 3")


def _fetched(reader: Reader) -> list[str]:
    """The lines of receipt and report, a moment after the file was put."""
    for old in reader.folder.glob("november.xml.*"):
        old.unlink()
    done = reader.shell(reader.put)
    assert done.returncode == 0, done.stderr
    for _ in range(40):
        if (done := reader.shell(reader.get)).returncode == 0 and "KENMERK_ONBEKEND" in done.stdout:
            return done.stdout.splitlines()
        time.sleep(0.5)
    pytest.fail(done.stderr)


def _until_listed(reader: Reader, id: str) -> tuple[Answer, Answer]:
    """The list and the claim, once the sequencer numbered the message (a moment after the receipt)."""
    for _ in range(20):
        listed, claimed = reader.run(reader.collect)
        if any(message["id"] == id for message in listed.body["berichten"]):
            return listed, claimed
        time.sleep(0.25)
    pytest.fail("the inbox never showed the message")


def _await(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    seen = []
    for line in process.stdout:
        seen.append(line)
        if words in line:
            timer.cancel()
            return
    timer.cancel()
    pytest.fail("the demo ended: " + "".join(seen[-20:]))


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
