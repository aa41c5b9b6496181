from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.prepare import Dsns
from tests.oversight.bureau import Bureau


@pytest.fixture
def bureau(dsns: Dsns, tmp_path: Path) -> Iterator[Bureau]:
    made = Bureau(dsns, tmp_path)
    yield made
    made.close()
