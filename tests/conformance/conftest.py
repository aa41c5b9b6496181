"""One installation with its partners; each run of the suite makes a stage of its own in it."""

import pytest

from tests.conformance.world import Hall
from tests.conformance.world import hall as prepared


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    return prepared(tmp_path_factory.mktemp("toets"))
