"""The spool: what comes out is what went in, or nothing; and nothing of it is on disk in the clear."""

import io
import os
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.core import ids
from gateway.core.errors import Misconfigured
from gateway.files import spool
from gateway.files.spool import FRAME, Damaged, Spool
from gateway.keys.keystore import MemoryKeyStore

HEADER, SEALED = 68, FRAME + 16
CANARY = b"Q0A1B2C3Z van der Testpersoon"


@pytest.fixture
def kept(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", MemoryKeyStore())


def put(kept: Spool, *parts: bytes) -> UUID:
    id = ids.new()
    writer = kept.create(id)
    for part in parts:
        writer.write(part)
    writer.close()
    return id


def path_of(tmp_path: Path, id: UUID) -> Path:
    return tmp_path / "spool" / id.hex


def whole(kept: Spool, id: UUID) -> bytes:
    with kept.open(id) as reader:
        return io.BufferedReader(reader, FRAME).read()


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 5])
def test_what_went_in_comes_out_at_any_size(kept: Spool, size: int) -> None:
    data = os.urandom(size)
    id = put(kept, data[: size // 3], data[size // 3 :])
    assert whole(kept, id) == data
    with kept.open(id) as reader:
        assert reader.size == size
        assert reader.read_at(size // 2, size) == data[size // 2 :]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reads=st.lists(st.tuples(st.integers(0, 3 * FRAME + 9), st.integers(0, 2 * FRAME)), max_size=5))
def test_any_place_can_be_read(kept: Spool, reads: list[tuple[int, int]]) -> None:
    data = bytes(range(251)) * (3 * FRAME // 251)
    id = put(kept, data)
    with kept.open(id) as reader:
        for place, size in reads:
            assert reader.read_at(place, size) == data[place : place + size]
            reader.seek(place)
            assert reader.read(size) == data[place : place + size]
            assert reader.tell() == min(place + size, max(place, len(data)))
    kept.remove(id)


def test_nothing_is_on_disk_in_the_clear_not_even_half_written(kept: Spool, tmp_path: Path) -> None:
    id = ids.new()
    writer = kept.create(id)
    for _ in range(2 * FRAME // len(CANARY)):
        writer.write(CANARY)
    half = path_of(tmp_path, id).read_bytes()
    writer.close()
    assert CANARY not in half + path_of(tmp_path, id).read_bytes()
    assert CANARY in whole(kept, id)  # the control
    assert path_of(tmp_path, id).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700


def test_a_folder_for_a_group_has_files_for_that_group_and_never_for_all(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    folder.chmod(0o2770)
    kept = Spool(folder, MemoryKeyStore())
    assert path_of(tmp_path, put(kept, CANARY)).stat().st_mode & 0o777 == 0o660
    folder.chmod(0o755)
    with pytest.raises(Misconfigured, match="chmod"):
        Spool(folder, MemoryKeyStore())


def test_equal_files_look_different_on_disk(kept: Spool, tmp_path: Path) -> None:
    one, two = (path_of(tmp_path, put(kept, CANARY * 10)).read_bytes() for _ in range(2))
    assert len(one) == len(two)
    assert one[8:] != two[8:]
    assert one[HEADER:] != two[HEADER:]


def _truncate(data: bytes) -> bytes:
    return data[:-1]


def _without_last(data: bytes) -> bytes:
    return data[: HEADER + 2 * SEALED]


def _reordered(data: bytes) -> bytes:
    return data[:HEADER] + data[HEADER + SEALED : HEADER + 2 * SEALED] + data[HEADER : HEADER + SEALED] + data[HEADER + 2 * SEALED :]


def _changed(data: bytes) -> bytes:
    return data[: HEADER + SEALED + 9] + bytes([data[HEADER + SEALED + 9] ^ 1]) + data[HEADER + SEALED + 10 :]


def _twice(data: bytes) -> bytes:
    return data[: HEADER + SEALED] + data[HEADER:]


def _longer(data: bytes) -> bytes:
    return data + b"\0" * 40


def _header_alone(data: bytes) -> bytes:
    return data[:HEADER]


def _empty(data: bytes) -> bytes:
    return b""


def _other_key(data: bytes) -> bytes:
    return data[:20] + bytes([data[20] ^ 1]) + data[21:]


@pytest.mark.parametrize("change", [_truncate, _without_last, _reordered, _changed, _twice, _longer, _header_alone, _empty, _other_key])
def test_any_change_on_disk_is_noticed(kept: Spool, tmp_path: Path, change: object) -> None:
    data = os.urandom(2 * FRAME + 100)
    id = put(kept, data)
    path = path_of(tmp_path, id)
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(Damaged):
        whole(kept, id)


def test_a_file_under_another_name_or_store_does_not_open(kept: Spool, tmp_path: Path) -> None:
    id, other = put(kept, CANARY), ids.new()
    path_of(tmp_path, id).rename(path_of(tmp_path, other))
    with pytest.raises(Damaged):
        whole(kept, other)
    path_of(tmp_path, other).rename(path_of(tmp_path, id))
    assert whole(kept, id) == CANARY  # the control
    with pytest.raises(Damaged):
        whole(Spool(tmp_path / "spool", MemoryKeyStore()), id)


def test_a_frame_of_another_file_does_not_open(kept: Spool, tmp_path: Path) -> None:
    one, two = (path_of(tmp_path, put(kept, os.urandom(2 * FRAME + 1))) for _ in range(2))
    mixed = one.read_bytes()[: HEADER + SEALED] + two.read_bytes()[HEADER + SEALED :]
    one.write_bytes(mixed)
    with pytest.raises(Damaged):
        whole(kept, UUID(hex=one.name))


def test_a_name_is_used_once_and_a_discarded_file_is_gone(kept: Spool, tmp_path: Path) -> None:
    id = put(kept, b"x")
    with pytest.raises(FileExistsError):
        kept.create(id)
    writer = kept.create(ids.new())
    writer.write(b"y" * 2 * FRAME)
    writer.discard()
    assert [name for name, _ in kept.ids()] == [id]
    kept.remove(id)
    kept.remove(id)
    assert list((tmp_path / "spool").iterdir()) == []


def test_equal_frames_of_one_file_look_different(kept: Spool) -> None:
    """The nonce of a frame is its number: two places of one file never share one."""
    id = put(kept, b"\0" * (20 * FRAME))
    with kept.open(id) as reader:
        stored = {os.pread(reader._file.fileno(), 64, HEADER + n * SEALED) for n in range(20)}
    assert len(stored) == 20
    assert spool._nonce(0, last=False) != spool._nonce(0, last=True)
