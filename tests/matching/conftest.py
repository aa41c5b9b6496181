from collections.abc import Iterator

import pytest

from gateway.store.prepare import Dsns
from tests.matching.world import MatchingWorld


@pytest.fixture
def world(dsns: Dsns) -> Iterator[MatchingWorld]:
    made = MatchingWorld(dsns)
    yield made
    made.close()
