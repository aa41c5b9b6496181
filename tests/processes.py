"""Which process runs which tests, and what begins first: a file stays whole, and every demo is with one process.

A demo has fixed ports, so that two at once would wait for each other. Long files begin first, so that all processes end together.
"""

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

LONG = ("tests/e2e", "tests/faults", "tests/http", "tests/conformance", "tests/outlet", "tests/mutation")
ROOT = Path(__file__).parents[1]
DEMOS = frozenset(
    str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "e2e").glob("test_*.py") if "ports_of_the_demo" in path.read_text()
)


class Together(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """By file, but for the demos."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "demo" if file in DEMOS else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Whatever `--dist` says, in the order below."""
    config.option.loadscopereorder = False
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The demos, then the other long files, then the rest, each in the order they were in."""
    items.sort(key=lambda item: (item.location[0] not in DEMOS, not item.location[0].startswith(LONG)))
