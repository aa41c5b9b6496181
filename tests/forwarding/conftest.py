from collections.abc import Iterator

import pytest

from gateway.store.prepare import Dsns
from tests.ddas.outgoing import Outgoing


@pytest.fixture
def out(dsns: Dsns) -> Iterator[Outgoing]:
    made = Outgoing(dsns)
    yield made
    made.close()
