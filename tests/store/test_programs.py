import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import postmaster
from tests.store.owner import ROOT, finish, gone_within, run_owner

NOBODY = 65534


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A state folder that other users can reach, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="seinhuis-test-"))
    folder.chmod(0o711)
    yield folder / "state"
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("route", ["normal user", "root without user namespaces"])
def test_start_as_nobody(route: str, open_folder: Path) -> None:
    become = ("/usr/bin/setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    if subprocess.run([*become, sys.executable, "-c", "import psycopg"], cwd=ROOT, check=False, capture_output=True).returncode != 0:
        pytest.skip("the virtual environment is out of reach for nobody")
    if route == "normal user":
        open_folder.mkdir()
        os.chown(open_folder, NOBODY, NOBODY)
        owner, dsn = run_owner(open_folder, *become)
    else:
        programs = open_folder.parent / "bin"
        programs.mkdir()
        (programs / "setpriv").symlink_to("/usr/bin/setpriv")
        owner, dsn = run_owner(open_folder, path=str(programs))
    server = postmaster(open_folder)
    psycopg.connect(dsn).close()
    assert Path(f"/proc/{server}").stat().st_uid == NOBODY
    owner.kill()
    finish(owner)
    assert gone_within(server, 5)


@pytest.mark.skipif(os.geteuid() != 0, reason="for a normal user this is no problem")
def test_root_without_a_way_down_is_told_so(tmp_path: Path) -> None:
    owner, dsn = run_owner(tmp_path, path="/nonexistent")
    assert dsn == ""
    errors = finish(owner)
    assert "Misconfigured" in errors
    assert "SEINHUIS_DATABASE_URL" in errors
