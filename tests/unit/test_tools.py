"""What was not run is told at the end of every run, and is a failure in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.tools import need

CONFTEST = "from tests.tools import pytest_runtest_makereport, pytest_terminal_summary\n"
TESTS = """
import pytest
from tests.tools import need
def test_one(): need("een-programma-dat-er-niet-is")
def test_two(): need("een-programma-dat-er-niet-is")
def test_ordinary(): pytest.skip("gewone reden")
@pytest.mark.skipif(True, reason="niet gedraaid: merk")
def test_marked(): ...
def test_passes(): need("sh")
"""


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(TESTS)
    without = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**without, "PYTHONPATH": str(ROOT), **environment},
    )


def test_reason_is_printed_once_as_a_line_of_its_own(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, "1 passed, 4 skipped" in done.stdout) == (0, True)
    told = [line for line in done.stdout.splitlines() if line.startswith("niet gedraaid:")]
    assert told == ["niet gedraaid: een-programma-dat-er-niet-is ontbreekt", "niet gedraaid: merk"]


def test_in_ci_it_is_a_failure_and_an_ordinary_skip_is_not(tmp_path: Path) -> None:
    done = run(tmp_path, CI="true")
    assert (done.returncode, "2 failed, 1 passed, 1 skipped, 1 error" in done.stdout) == (1, True)
    assert "niet gedraaid: een-programma-dat-er-niet-is ontbreekt (met CI=true" in done.stdout


def test_need_gives_the_path_of_a_program_that_is_there() -> None:
    assert Path(need("sh")).is_file()


def test_need_skips_without_it() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"^niet gedraaid: nergens-te-vinden ontbreekt$"):
        need("nergens-te-vinden")
