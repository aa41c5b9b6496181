"""A sample of the mutants, with a fixed seed; `make mutation` runs all of them. And a check that the planting itself works."""

import os
import subprocess
import sys
from pathlib import Path

from tests.mutation import mutants
from tests.mutation.plan import ROOT

CODE = '''
def check(a, b):
    """Says 3."""
    if a < b and not a:
        return a + 1
    return True
'''
ROWS = """
geldig_van = 2024-12-31
oordeel = "fout"
parameters = { minimum = 3, dagen_ertussen = 14 }
"""


def test_code_gets_one_fault_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE)
    found = [m.text for m in mutants.of_code(tmp_path, "a.py")]
    assert len(found) == len(set(found)) == 6
    for piece in ("a <= b", "a < b or", "and a", "a + 2", "return None", "return False"):
        assert sum(piece in text for text in found) == 1, piece
    assert all("Says 3." in text for text in found)


def test_rows_get_one_fault_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(ROWS)
    found = [m.text for m in mutants.of_rows(tmp_path, "a.toml")]
    assert len(found) == 4
    for piece in ("geldig_van = 2025-01-01", 'oordeel = "waarschuwing"', "minimum = 4", "dagen_ertussen = 15"):
        assert sum(piece in text for text in found) == 1, piece


def test_sample_of_the_mutants_is_killed() -> None:
    environment = {**os.environ, "SEINHUIS_SIGNALEN": "3000", "SEINHUIS_PROOF": "", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.mutation.plan", "--sample", "24", "--only", "gateway/rules"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)
    print(done.stdout)  # noqa: T201 - the figure is the point
    assert done.returncode == 0, done.stdout + done.stderr
