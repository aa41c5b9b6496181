"""The key-encryption key, the key store in memory and the names of keys."""

import base64
from datetime import date
from pathlib import Path

import pytest

from gateway.core.errors import Misconfigured
from gateway.keys import names
from gateway.keys.kek import Kek, create_kek, read_kek
from gateway.keys.keystore import MemoryKeyStore
from tests.keystores import KeyStoreContract

KEY = bytes(range(32))


class TestMemoryKeyStore(KeyStoreContract):
    @pytest.fixture
    def store(self) -> MemoryKeyStore:
        return MemoryKeyStore()


def write(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_create_kek_makes_a_file_that_read_kek_accepts(tmp_path: Path) -> None:
    made = create_kek(tmp_path / "kek")
    assert (tmp_path / "kek").stat().st_mode & 0o777 == 0o600
    assert read_kek(tmp_path / "kek").unwrap("a", made.wrap("a", KEY)) == KEY
    assert create_kek(tmp_path / "other").id != made.id


def test_create_kek_never_overwrites(tmp_path: Path) -> None:
    create_kek(tmp_path / "kek")
    before = (tmp_path / "kek").read_bytes()
    with pytest.raises(Misconfigured):
        create_kek(tmp_path / "kek")
    assert (tmp_path / "kek").read_bytes() == before


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_read_kek_accepts_a_private_file(tmp_path: Path, mode: int) -> None:
    assert read_kek(write(tmp_path / "kek", base64.b64encode(KEY), mode)).id


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o601, 0o777])
def test_read_kek_refuses_a_file_that_others_can_reach(tmp_path: Path, mode: int) -> None:
    with pytest.raises(Misconfigured):
        read_kek(write(tmp_path / "kek", base64.b64encode(KEY), mode))


@pytest.mark.parametrize("content", [b"", b"no base64!", KEY, *map(base64.b64encode, (KEY[:31], KEY + b"x", b"\0" * 32))])
def test_read_kek_refuses_a_weak_key(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Misconfigured):
        read_kek(write(tmp_path / "kek", content))


def test_read_kek_refuses_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(Misconfigured):
            read_kek(path)


def test_an_error_never_shows_the_key(tmp_path: Path) -> None:
    text = base64.b64encode(KEY[:31])
    with pytest.raises(Misconfigured) as error:
        read_kek(write(tmp_path / "kek", text))
    assert text.decode() not in str(error.value)
    assert KEY.hex() not in repr(Kek(KEY))


def test_unwrap_needs_the_same_kek_the_same_name_and_every_bit() -> None:
    kek = Kek(KEY)
    wrapped = kek.wrap("D-log/1", b"secret")
    assert kek.unwrap("D-log/1", wrapped) == b"secret"
    assert wrapped != kek.wrap("D-log/1", b"secret")  # a nonce of its own each time
    damaged = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
    attempts = [(kek, "D-log/2", wrapped), (Kek(KEY[::-1]), "D-log/1", wrapped), (kek, "D-log/1", damaged), (kek, "D-log/1", b"")]
    for other, name, data in attempts:
        with pytest.raises(Misconfigured):
            other.unwrap(name, data)


def test_names_say_domain_recipient_purpose_and_version() -> None:
    assert names.pseudonym("0392", "WGS-3-1-b", 2) == "D-match/0392/WGS-3-1-b/2"
    assert names.storage("0392", names.iso_week(date(2027, 1, 2))) == "opslag/0392/2026-W53"
    made = [names.pseudonym("0392", "X", 1), names.storage("0392", "X"), names.managed("0392"), names.commitment()]
    assert len({*made, names.FINGERPRINT, names.CHECKPOINT, names.RECEIPT}) == 7


def test_a_sealed_key_file_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    right = write(tmp_path / "zin", b"vijf woorden op een rij\n")
    made = create_kek(tmp_path / "kek", right)
    assert read_kek(tmp_path / "kek", right).id == made.id
    for wrong in (None, write(tmp_path / "andere", b"vijf andere woorden hier\n"), write(tmp_path / "kort", b"kort\n"), tmp_path / "weg"):
        with pytest.raises(Misconfigured):
            read_kek(tmp_path / "kek", wrong)
    with pytest.raises(Misconfigured):
        read_kek(tmp_path / "kek", write(tmp_path / "open", b"vijf woorden op een rij\n", 0o644))
    text = (tmp_path / "kek").read_bytes()
    with pytest.raises(Misconfigured):
        read_kek(write(tmp_path / "beschadigd", text[:-9] + b"AAAAAAAA\n"), right)


def test_a_key_file_without_seal_is_refused_when_a_passphrase_is_set(tmp_path: Path) -> None:
    create_kek(tmp_path / "kek")
    with pytest.raises(Misconfigured, match="niet verzegeld"):
        read_kek(tmp_path / "kek", write(tmp_path / "zin", b"vijf woorden op een rij\n"))
