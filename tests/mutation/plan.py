"""What is mutated, and which tests must notice; run as a module it does all of it: `make mutation`.

Prints killed / total and every survivor; ends with 1 under 90 percent, or when the tests do not pass without a mutant.
"""

import argparse
import random  # noqa: TID251 - a sample with a fixed seed
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.mutation import mutants, runner
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
LIMIT = 0.90
_ROWS = ["tests/rules/test_days.py", "tests/rules/test_cases.py", "tests/rules/test_rows.py"]  # the second engine reads the same rows
_ENGINES = "tests/rules/test_two_engines.py::test_both_engines_agree_on_generated_signals_and_reach_every_rule"
_RULES = [*_ROWS, _ENGINES]
_DAYS = "tests/mutation/test_register_days.py"
_POLICY = ["tests/unit/test_policy.py", "tests/unit/test_art30.py", _DAYS]
TESTS = {  # the first that fits
    "gateway/rules/regels/": _ROWS,
    "gateway/rules/normen/": _ROWS,
    "gateway/rules/overview.py": ["tests/rules/test_overview.py"],
    "gateway/rules/": _RULES,
    "gateway/policy/": _POLICY,
    "gateway/feedback/": ["tests/feedback/test_policy.py", _DAYS],
}
MUTATED = ("gateway/rules", "gateway/policy", "gateway/feedback/policy.py", "gateway/feedback/beleid")
"""The feedback policy decides; the flow round it needs a database and has tests of its own."""


def planned() -> list[Mutant]:
    """Every mutant of the packages that exist, without the equivalent ones, in a fixed order."""
    found: list[Mutant] = []
    for place in MUTATED:
        files = [ROOT / place, *(ROOT / place).rglob("*")]
        for path in sorted(file.relative_to(ROOT).as_posix() for file in files if file.suffix in {".py", ".toml"}):
            found += mutants.of_code(ROOT, path) if path.endswith(".py") else mutants.of_rows(ROOT, path)
    return [mutant for mutant in found if not any(piece in mutant.name for piece in EQUIVALENT)]


def run(chosen: Sequence[Mutant], work: Path, workers: int = 2) -> list[Mutant]:
    """The mutants that no test noticed."""
    found = []
    for mutant, lived in runner.survivors(ROOT, work, chosen, TESTS, workers):
        if lived:
            print(f"survived: {mutant.name}", flush=True)  # noqa: T201 - a command
            found.append(mutant)
    return found


def main() -> int:
    """Run the whole plan, or a sample of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    all_of_them = [mutant for mutant in planned() if mutant.path.startswith(chosen.only)]
    if chosen.sample:
        all_of_them = random.Random(1).sample(all_of_them, chosen.sample)
    with tempfile.TemporaryDirectory() as folder:
        if not runner.passes(ROOT, Path(folder), sorted({path for mutant in all_of_them for path in runner.noticing(mutant, TESTS)})):
            print("the tests do not pass without a mutant")  # noqa: T201 - a command
            return 1
        lived = run(all_of_them, Path(folder), chosen.workers)
    killed = len(all_of_them) - len(lived)
    print(f"killed {killed} of {len(all_of_them)} mutants ({killed / len(all_of_them):.1%}), {len(EQUIVALENT)} known as equivalent")  # noqa: T201
    return 0 if killed >= LIMIT * len(all_of_them) else 1


if __name__ == "__main__":
    sys.exit(main())
