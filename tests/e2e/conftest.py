"""One running gateway for all tests over real sockets."""

from collections.abc import Iterator

import pytest

from gateway.sandbox.sandbox import Sandbox
from tests.gateways import running


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A gateway with the parties of the sandbox; tests that change a party enrol one of their own."""
    with running(tmp_path_factory.mktemp("gateway")) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def older_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A gateway that speaks TLS 1.2 too."""
    with running(tmp_path_factory.mktemp("tls12"), SEINHUIS_TLS12="true") as sandbox:
        yield sandbox
