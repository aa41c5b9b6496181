from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.prepare import Dsns
from tests.files.world import FileWorld
from tests.flows.world import World


@pytest.fixture
def world(dsns: Dsns, tmp_path: Path) -> Iterator[World]:
    made = World(dsns, tmp_path)
    yield made
    made.close()


@pytest.fixture
def files(world: World, tmp_path: Path) -> FileWorld:
    return FileWorld(world, tmp_path)
