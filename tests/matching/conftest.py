from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.prepare import Dsns
from tests.matching.world import MatchingWorld


@pytest.fixture
def world(dsns: Dsns, tmp_path: Path) -> Iterator[MatchingWorld]:
    made = MatchingWorld(dsns, tmp_path)
    yield made
    made.close()
