"""Hostile CSV and XLSX: refused in time, in little memory, with a message; and the meter shows a reader that does not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.formats.hostile_tables import CASES

pytestmark = pytest.mark.alone
MEGABYTES, SECONDS = 64, 2


def run(how: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.formats.hostile_tables", how, str(folder)], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("vijandig")
    run("make", made)
    return made


@pytest.fixture(scope="module")
def measured(folder: Path) -> Any:
    return json.loads(run("profiles", folder))


@pytest.mark.parametrize("case", CASES)
def test_hostile_file_is_refused_in_time_with_a_message(measured: Any, case: str) -> None:
    found = measured[case]
    assert found["code"] == CASES[case][1]
    assert found["seconds"] < SECONDS
    assert found["plek"]
    assert found["melding"]


def test_memory_stays_small(measured: Any) -> None:
    assert max(found["grown"] for found in measured.values()) < MEGABYTES


def test_positive_control_a_reader_that_keeps_the_file_is_seen(folder: Path) -> None:
    greedy = json.loads(run("greedy", folder))
    assert max(found["grown"] for found in greedy.values()) > MEGABYTES
    assert {found["code"] for found in greedy.values()} == {"gelezen"}
