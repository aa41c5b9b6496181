from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.prepare import Dsns
from tests.flows.world import World


@pytest.fixture
def world(dsns: Dsns, tmp_path: Path) -> Iterator[World]:
    made = World(dsns, tmp_path)
    yield made
    made.close()
