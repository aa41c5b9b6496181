"""The world of a test over HTTP."""

import pytest

from tests.http.world import World


@pytest.fixture
def world() -> World:
    return World()
