from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.prepare import Dsns
from tests.ddas.outgoing import Outgoing


@pytest.fixture
def out(dsns: Dsns, tmp_path: Path) -> Iterator[Outgoing]:
    made = Outgoing(dsns, tmp_path)
    yield made
    made.close()
