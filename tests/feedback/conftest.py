from collections.abc import Iterator

import pytest

from gateway.store.prepare import Dsns
from tests.feedback.town import Town


@pytest.fixture
def town(dsns: Dsns) -> Iterator[Town]:
    made = Town(dsns)
    yield made
    made.close()
