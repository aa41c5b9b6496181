"""A real PKCS#11 token for tests: SoftHSM, with a folder of its own per run, emptied after each test."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.keys.session import Slot
from gateway.keys.token import TokenKeks
from tests.tools import not_run

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so")
LABEL = "seinhuis-proef"
PIN = "een-pin-voor-de-proef"


def module() -> Path:
    """SoftHSM's library; without it the test is not run."""
    found = next((Path(path) for path in MODULES if Path(path).exists()), None)
    return found or not_run("softhsm2 ontbreekt")


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.fixture(scope="session")
def token_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library reads its configuration once per process, so there is one folder, and one token in it, for all tests of a process."""
    library, folder = module(), tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    os.environ["SOFTHSM2_CONF"] = str(written(folder / "softhsm2.conf", settings))
    command = ["softhsm2-util", "--module", str(library), "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def slot(token_folder: Path) -> Iterator[Slot]:
    """The token, empty."""
    found = Slot(module(), LABEL, written(token_folder / "pin", PIN + "\n"))
    TokenKeks(found).destroy()
    yield found
    TokenKeks(found).destroy()
