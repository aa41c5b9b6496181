"""Keys: the host key in its file, and which public keys are taken."""

import subprocess
from pathlib import Path

import asyncssh
import pytest

from adapters.sftp.keys import KeyRefused, fingerprint, new_host_key, public_key, read_host_key, weakness
from tests.sftp.edges import running
from tests.tools import need


def line(kind: str, **options: int) -> str:
    return asyncssh.generate_private_key(kind, **options).export_public_key().decode()  # type: ignore[arg-type]


def test_host_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hostsleutel"
    path.touch(0o600)
    path.write_text(new_host_key())
    assert read_host_key(path).get_algorithm() == "ssh-ed25519"
    path.chmod(0o640)
    with pytest.raises(KeyRefused, match="leesbaar voor anderen"):
        read_host_key(path)


@pytest.mark.parametrize("content", [b"", b"geen sleutel", asyncssh.generate_private_key("ssh-rsa", key_size=2048).export_private_key()])
def test_host_key_that_is_none_or_weak_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hostsleutel"
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(KeyRefused):
        read_host_key(path)


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"])
def test_strong_public_key_is_taken(kind: str) -> None:
    given = line(kind)
    assert public_key(given) == public_key(given.strip() + " opmerking van de partner\n")


def test_rsa_key_is_taken_from_3072_bits() -> None:
    assert public_key(line("ssh-rsa", key_size=3072))
    with pytest.raises(KeyRefused, match="minstens 3072 bits"):
        public_key(line("ssh-rsa", key_size=3071))


@pytest.mark.parametrize("given", ["", "ssh-ed25519", "ssh-ed25519 AAAA", "x" * 9999, 'from="*" ssh-ed25519 AAAA', line("ssh-ed448")])
def test_what_is_no_strong_public_key_is_refused(given: str) -> None:
    with pytest.raises(KeyRefused):
        public_key(given)


@pytest.mark.parametrize("wire", [b"", b"\0\0\0\x07ssh-rsa", b"\0\0\0\x07ssh-dss", b"\xff\xff\xff\xff", b"\0\0\0\x02\xff\xff"])
def test_damaged_wire_form_is_weak(wire: bytes) -> None:
    assert weakness(wire)


def test_fingerprint_is_that_of_openssh(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    path = tmp_path / "sleutel.pub"
    path.write_bytes(key.export_public_key())
    said = subprocess.run([need("ssh-keygen"), "-lf", path], capture_output=True, text=True, check=True).stdout
    assert fingerprint(key.public_data) in said


def test_changed_host_key_is_noticed_by_the_partner(tmp_path: Path) -> None:
    with running(tmp_path) as edge:
        partner = edge.partner()
        assert edge.sftp(partner, "pwd").returncode == 0
        other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
        (edge.folder / "bekend").write_text(f"[127.0.0.1]:{edge.server.port} {other}")
        assert "HOST IDENTIFICATION HAS CHANGED" in edge.sftp(partner, "pwd").stderr
