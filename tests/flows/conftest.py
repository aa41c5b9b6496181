from collections.abc import Iterator

import pytest

from gateway.store.prepare import Dsns
from tests.flows.world import World


@pytest.fixture
def world(dsns: Dsns) -> Iterator[World]:
    made = World(dsns)
    yield made
    made.close()
