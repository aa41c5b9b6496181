from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.prepare import Dsns
from tests.overviews.around import Square
from tests.overviews.hall import Hall


@pytest.fixture
def hall(dsns: Dsns, tmp_path: Path) -> Iterator[Hall]:
    made = Hall(dsns, tmp_path)
    yield made
    made.close()


@pytest.fixture
def square(dsns: Dsns, tmp_path: Path) -> Iterator[Square]:
    made = Square(dsns, tmp_path)
    yield made
    made.close()
