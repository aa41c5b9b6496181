from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.store.embedded import EmbeddedPostgres


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[[], EmbeddedPostgres]]:
    """Makes an EmbeddedPostgres on the test's own state folder; all are stopped at the end."""
    made: list[EmbeddedPostgres] = []

    def make() -> EmbeddedPostgres:
        made.append(EmbeddedPostgres(tmp_path, patience=10))
        return made[-1]

    yield make
    for postgres in reversed(made):
        postgres.stop()
