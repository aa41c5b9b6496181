"""The edge knows its port and nothing of the gateway behind it; asyncssh is known to the edge, its wiring, and who tries it."""

from tests.architecture import checkers
from tests.architecture.tree import modules

ALLOWED = (
    "adapters/sftp/",
    "gateway/app/sftp.py",
    "gateway/app/pulling.py",
    "gateway/conformance/file_play.py",
    "gateway/sandbox/postbus.py",
    "gateway/demo/files.py",
    "gateway/bench/",
)


def test_edge_imports_nothing_of_the_gateway() -> None:
    found = {path: list(checkers.imports_of(source, {"gateway"})) for path, source in modules("adapters/sftp").items()}
    assert found
    assert [path for path, imports in found.items() if imports] == []


def test_ssh_is_spoken_at_the_edge_only() -> None:
    sources = modules("gateway", "adapters", "schemas", "certs")
    users = [path for path, source in sources.items() if list(checkers.imports_of(source, {"asyncssh"}))]
    assert users
    assert [path for path in users if not path.startswith(ALLOWED)] == []
