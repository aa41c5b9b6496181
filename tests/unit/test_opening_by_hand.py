"""The two ways to open a message that stand written (`docs/openen.md`) open what the gateway seals, and nothing that poses as it."""

import json
import secrets
import subprocess
import sys
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from gateway.core import ids
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.sealing.jwe import encrypt_direct, wrap_content_key
from schemas.sealed import expand, extract, group_kid
from tests.architecture.tree import ROOT
from tests.tools import need

GUIDE = ROOT / "docs" / "voorbeelden" / "openen"
SECRET = {"personen": [{"achternaam": "Testpersoon"}]}
Pair = ECKey | RSAKey


def message(folder: Path, pair: Pair | None, *, kid: str | None = None) -> list[str]:
    """Writes a message, and the private key when the municipality has its own; returns what to give to a program. `kid`: another header."""
    content, id = secrets.token_bytes(32), ids.new()
    key = expand(extract(content), id, "identiteit")
    token = encrypt_direct(key, kid or group_kid(id, "identiteit"), json.dumps(SECRET).encode())
    keys: dict[str, Any] = {"wijze": "beheerd", "groepssleutels": {"identiteit": urlsafe_b64encode(key).rstrip(b"=").decode()}}
    given = [str(folder / "bericht.json")]
    if pair is not None:
        register = Gemeentesleutel("0392", "k", "eigen", {**pair.as_dict(private=False), "kid": "k"})
        keys = {"wijze": "eigen", "inhoudssleutel": wrap_content_key(ids.new(), content, register)}
        (folder / "prive.jwk").write_text(json.dumps(pair.as_dict(private=True)))
        given.append(str(folder / "prive.jwk"))
    (folder / "bericht.json").write_text(json.dumps({"id": str(id), "persoonsgegevens": {"identiteit": token}, "sleutels": keys}))
    return given


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def pairs() -> list[Pair | None]:
    return [ECKey.generate_key("P-256"), RSAKey.generate_key(3072), None]


@pytest.mark.parametrize("pair", pairs(), ids=["p256", "rsa", "beheerd"])
def test_the_python_that_stands_written_opens_a_message(tmp_path: Path, pair: Pair | None) -> None:
    program = [sys.executable, str(GUIDE / "open_bericht.py")]
    assert json.loads(run(*program, *message(tmp_path, pair)).stdout) == {"identiteit": SECRET}
    posing = run(*program, *message(tmp_path, pair, kid=f"{ids.new()}.identiteit"))
    assert posing.returncode != 0
    assert "Testpersoon" not in posing.stdout


def test_the_script_that_stands_written_is_a_script() -> None:
    assert run("bash", "-n", str(GUIDE / "open-bericht.sh")).returncode == 0


@pytest.mark.parametrize("pair", pairs()[::2], ids=["p256", "beheerd"])  # the tool does not open RSA-OAEP-256
def test_the_script_that_stands_written_opens_a_message(tmp_path: Path, pair: Pair | None) -> None:
    for program in ("jose", "jq", "openssl"):
        need(program)
    bericht, *private = message(tmp_path, pair)
    opened = run("bash", str(GUIDE / "open-bericht.sh"), bericht, "identiteit", *private)
    assert json.loads(opened.stdout) == SECRET, opened.stderr
    bericht, *private = message(tmp_path, pair, kid=f"{ids.new()}.identiteit")
    assert "Testpersoon" not in run("bash", str(GUIDE / "open-bericht.sh"), bericht, "identiteit", *private).stdout
