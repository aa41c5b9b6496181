"""One edge for the tests that only talk to it, each with partners of its own; and one for a test that needs other limits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sftp.edges import Edge, running


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with running(tmp_path_factory.mktemp("rand")) as started:
        yield started


@pytest.fixture
def limited(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Edge]:
    with running(tmp_path, request.param) as edge:
        yield edge
