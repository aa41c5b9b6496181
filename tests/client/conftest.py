"""One running gateway for the tests of the client, and lawful signals to it."""

from collections.abc import Iterator

import pytest

from gateway.sandbox.sandbox import Sandbox
from tests.gateways import running


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A gateway with the parties of the sandbox."""
    with running(tmp_path_factory.mktemp("client")) as sandbox:
        yield sandbox
