"""The office that partners apply at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.prepare import Dsns
from tests.onboarding.world import Hall


@pytest.fixture
def hall(dsns: Dsns, tmp_path: Path) -> Iterator[Hall]:
    made = Hall(dsns, tmp_path)
    yield made
    made.close()
