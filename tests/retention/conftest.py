from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.prepare import Dsns
from tests.retention.world import KeptWorld


@pytest.fixture
def world(dsns: Dsns, tmp_path: Path) -> Iterator[KeptWorld]:
    made = KeptWorld(dsns, tmp_path)
    yield made
    made.close()
