"""One running gateway for all tests over real sockets, and one demo at a time: its ports are fixed."""

import fcntl
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.sandbox.sandbox import Sandbox
from tests.gateways import running


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A gateway with the parties of the sandbox; tests that change a party enrol one of their own."""
    with running(tmp_path_factory.mktemp("gateway")) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def ports_of_the_demo() -> Iterator[None]:
    """No other test, of this run or of another, has a demo meanwhile."""
    with (Path(tempfile.gettempdir()) / "seinhuis-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def older_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A gateway that speaks TLS 1.2 too."""
    with running(tmp_path_factory.mktemp("tls12"), SEINHUIS_TLS12="true") as sandbox:
        yield sandbox
