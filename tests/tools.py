"""Programs that a test needs and that are not ours: a test without its program says `niet gedraaid: …`, and never quietly.

The two hooks (taken over by `tests/conftest.py`) print every such reason at the end of the run; with CI=true it is a failure.
"""

import os
import shutil
from collections.abc import Generator
from typing import Any, NoReturn

import pytest

PREFIX = "niet gedraaid:"


def not_run(why: str) -> NoReturn:
    """Skip this test because its surroundings lack something."""
    pytest.skip(f"{PREFIX} {why}")


def need(program: str) -> str:
    """The path of a program; without it the test is not run."""
    return shutil.which(program) or not_run(f"{program} ontbreekt")


def reason(report: pytest.TestReport | pytest.CollectReport) -> str | None:
    """Why a test was not run; None for any other outcome."""
    text = str(report.longrepr[2]).removeprefix("Skipped: ") if report.skipped and isinstance(report.longrepr, tuple) else ""
    return text if text.startswith(PREFIX) else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true, what was not run has failed."""
    report = yield
    if os.environ.get("CI") == "true" and (why := reason(report)):
        report.outcome, report.longrepr = "failed", f"{why} (met CI=true moet elke test draaien)"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each distinct reason."""
    for why in sorted({why for report in terminalreporter.stats.get("skipped", []) if (why := reason(report))}):
        terminalreporter.write_line(why)
