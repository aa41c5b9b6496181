from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.prepare import Dsns
from tests.console.offices import Browser, Offices


@pytest.fixture
def offices(dsns: Dsns, tmp_path: Path) -> Iterator[Offices]:
    made = Offices(dsns, tmp_path)
    yield made
    made.close()


@pytest.fixture
def browser(offices: Offices) -> Browser:
    return offices.browser()
