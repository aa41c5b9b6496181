"""The edge as a process: it makes its host key once, tells where it listens, logs events and stops on SIGTERM."""

import json
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.app.sftp import own_key
from gateway.core.errors import Misconfigured
from tests.tools import need

PROGRAM = """
import json, sys
from pathlib import Path
from gateway.app import oplog
from gateway.app.sftp import own_key, serve_sftp
from tests.sftp.fake import FakeHouse
def ready(port, fingerprint):
    print(json.dumps([port, fingerprint]), flush=True)
oplog.configure()
serve_sftp(FakeHouse(), own_key(Path(sys.argv[1])), ("127.0.0.1", 0), 5.0, ready)
"""


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path / "sleutels" / "sftp")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        yield running
        if running.poll() is None:
            running.kill()


def test_host_key_is_made_at_the_first_start_and_stays_whoever_starts_first(tmp_path: Path) -> None:
    path = tmp_path / "sleutels" / "sftp"
    with ThreadPoolExecutor(8) as pool:
        made, *others = pool.map(own_key, [path] * 8)
    assert {other.public_data for other in others} == {made.public_data}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert own_key(path).public_data == made.public_data


def test_host_key_that_is_not_safe_refuses_to_start(tmp_path: Path) -> None:
    path = tmp_path / "sftp"
    own_key(path)
    path.chmod(0o644)
    with pytest.raises(Misconfigured, match="chmod 600"):
        own_key(path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_serves_and_stops_on_a_signal(process: subprocess.Popen[str], tmp_path: Path, number: int) -> None:
    assert process.stdout
    assert process.stderr
    port, fingerprint = json.loads(process.stdout.readline())
    assert fingerprint.startswith("SHA256:")
    scan = [need("ssh-keyscan"), "-t", "ed25519", "-p", str(port), "127.0.0.1"]
    assert "ssh-ed25519 " in subprocess.run(scan, capture_output=True, text=True, timeout=30, check=True).stdout
    process.send_signal(number)
    assert process.wait(20) == 0
    assert process.stderr.read() == ""
