"""Files on disk, encrypted as they are written: nothing of a partner's file is ever on disk in the clear.

Each file has a random key of its own, wrapped under the spool key of the key store with the file's id as associated data, and stands in
its header. After it come frames of `FRAME` bytes under AES-256-GCM (NIST SP 800-38D); the nonce is the number of the frame and whether
it is the last, so that a frame that was changed, moved, left out or taken from another file does not open (the STREAM construction).
Any place can be read without reading what is before it. Authority: contract, files; `docs/crypto.md`. A name on disk is the id, never
the partner's. Leaves which file is whose to the tables.
"""

import io
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.core.errors import Misconfigured, SeinhuisError
from gateway.keys.keystore import KEY_SIZE, KeyStore
from gateway.keys.names import SPOOL

FRAME = 64 * 1024
_MAGIC = b"SEINSP1\n"
_NONCE, _TAG = 12, 16
_HEADER = len(_MAGIC) + _NONCE + KEY_SIZE + _TAG
_SEALED = FRAME + _TAG
_NONE = -1


class Damaged(SeinhuisError):
    """What is on disk is not what was written."""

    def __init__(self) -> None:
        super().__init__("SPOOL_BESCHADIGD", "Het bestand is na ontvangst beschadigd geraakt. Lever het opnieuw aan.")


class Spool:
    """One folder of encrypted files, for its owner (0700, files 0600); or for the group that it is for (2770), so that users share it."""

    def __init__(self, folder: Path, keys: KeyStore) -> None:
        """Makes the folder. Raises Misconfigured: others may enter it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
        if mode & 0o007:
            raise Misconfigured(f"De map {folder} is toegankelijk voor iedereen; doe `chmod o-rwx`.")
        self._mode = 0o600 | mode & 0o060
        self._folder = folder
        self._keys = keys

    def create(self, id: UUID) -> "Writer":
        """Begin a new file. Raises FileExistsError."""
        key = secrets.token_bytes(KEY_SIZE)
        nonce = os.urandom(_NONCE)
        wrapped = nonce + AESGCM(self._keys.key(SPOOL)).encrypt(nonce, key, id.bytes)
        return Writer(self._path(id), self._mode, _MAGIC + wrapped, AESGCM(key))

    def open(self, id: UUID) -> "Reader":
        """Read a closed file. Raises Damaged, FileNotFoundError."""
        path = self._path(id)
        file = path.open("rb", buffering=0)
        try:
            return Reader(file, self._unwrap(id, file.read(_HEADER)), os.fstat(file.fileno()).st_size)
        except BaseException:
            file.close()
            raise

    def remove(self, id: UUID) -> None:
        """Destroy a file, and its key with it; one that is gone is no error."""
        self._path(id).unlink(missing_ok=True)

    def ids(self) -> Iterator[tuple[UUID, float]]:
        """Every file with the moment it was last written (seconds since 1970)."""
        for path in self._folder.iterdir():
            try:
                yield UUID(hex=path.name), path.stat().st_mtime
            except (ValueError, FileNotFoundError):
                continue

    def _path(self, id: UUID) -> Path:
        return self._folder / id.hex

    def _unwrap(self, id: UUID, header: bytes) -> AESGCM:
        if len(header) != _HEADER or not header.startswith(_MAGIC):
            raise Damaged
        wrapped = header[len(_MAGIC) :]
        try:
            return AESGCM(AESGCM(self._keys.key(SPOOL)).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], id.bytes))
        except InvalidTag:
            raise Damaged from None


class Writer:
    """A file that is being written; on disk are whole frames only, the rest waits in memory until `close`."""

    def __init__(self, path: Path, mode: int, header: bytes, cipher: AESGCM) -> None:
        self._path = path
        self._handle = _NONE
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.fchmod(self._handle, mode)
        self._put(header)
        self._cipher = cipher
        self._waiting = bytearray()
        self._frames = 0
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add bytes. Raises OSError."""
        self.size += len(data)
        self._waiting += data
        while len(self._waiting) > FRAME:
            self._seal(bytes(self._waiting[:FRAME]), last=False)
            del self._waiting[:FRAME]

    def close(self) -> None:
        """Write what waits and flush all of it to the disk, its name in the folder too. Raises OSError."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()
        os.fsync(self._handle)
        self._let_go()
        _sync(self._path.parent)

    def discard(self) -> None:
        """Throw it away."""
        self._waiting.clear()
        self._let_go()
        self._path.unlink(missing_ok=True)

    def __del__(self) -> None:
        """Nobody writes any more."""
        self._let_go()

    def _seal(self, data: bytes, *, last: bool) -> None:
        self._put(self._cipher.encrypt(_nonce(self._frames, last=last), data, None))
        self._frames += 1

    def _put(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._handle, rest) :]

    def _let_go(self) -> None:
        handle, self._handle = self._handle, _NONE
        if handle != _NONE:
            os.close(handle)


class Reader(io.RawIOBase):
    """A file in the clear, a frame at a time in memory; it can be read from any place."""

    def __init__(self, file: io.FileIO, cipher: AESGCM, stored: int) -> None:
        self._file = file
        self._cipher = cipher
        sealed = stored - _HEADER
        self._last = (sealed - 1) // _SEALED
        self.size = sealed - (self._last + 1) * _TAG
        if sealed < _TAG or self.size < self._last * FRAME or (self._last and self.size == self._last * FRAME):
            raise Damaged
        self._place = 0
        self._opened = (-1, b"")
        self._frame(self._last)

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The place, in bytes from the beginning."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place. Raises ValueError for one before the beginning."""
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        if place < 0:
            raise ValueError("before the beginning")
        self._place = place
        return place

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # as BufferedReader calls it
        """The next bytes, as many as fit in the buffer unless the end comes first. Raises Damaged."""
        data = self.read_at(self._place, len(buffer))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def read_at(self, place: int, size: int) -> bytes:
        """Bytes from a place on, fewer at the end only. Raises Damaged."""
        parts, end = [], min(place + size, self.size)
        while place < end:
            number, begin = divmod(place, FRAME)
            part = self._frame(number)[begin : begin + end - place]
            parts.append(part)
            place += len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Close the file on disk."""
        self._file.close()
        super().close()

    def _frame(self, number: int) -> bytes:
        if self._opened[0] != number:
            sealed = os.pread(self._file.fileno(), _SEALED, _HEADER + number * _SEALED)
            try:
                data = self._cipher.decrypt(_nonce(number, last=number == self._last), sealed, None)
            except (InvalidTag, ValueError):
                raise Damaged from None
            self._opened = (number, data)
        return self._opened[1]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NONCE - 1, "big") + bytes([last])


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
