from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.prepare import Dsns
from tests.outlet.town import Town


@pytest.fixture
def town(dsns: Dsns, tmp_path: Path) -> Iterator[Town]:
    made = Town(dsns, tmp_path)
    yield made
    made.close()
