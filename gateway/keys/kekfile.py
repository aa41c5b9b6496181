"""The file of the key-encryption key, and how a new one takes the old one's place without a moment in which nothing opens.

While it is replaced there are two files: the old one, and the new one beside it (`….nieuw`). The keys are wrapped anew in between, so
at any instant one of both opens them all, and whoever opens one looks at both. Afterwards the new file takes the name of the old one,
whose bytes are overwritten first to last. Authority: architecture, keys (destroying = re-wrap, then destroy the store key). What a disk,
a snapshot or a backup still holds of the old file is the operator's to destroy (`docs/operations.md`).
Leaves the wrapping to `database`.
"""

import os
from pathlib import Path

from gateway.core.errors import Misconfigured
from gateway.keys.kek import Kek, create_kek, read_kek


class KekFile:
    """Where the key-encryption key stands; read each time, so that another process may have replaced it meanwhile."""

    def __init__(self, path: Path, passphrase: Path | None = None) -> None:
        self.path = path
        self._passphrase = passphrase
        self._new = path.with_name(path.name + ".nieuw")

    def make(self) -> Kek:
        """The first key, in a folder that only its owner can reach. Raises Misconfigured: there is one, or it cannot be written."""
        if self.path.exists():
            raise Misconfigured(f"Er is al een hoofdsleutel in {self.path}; die blijft staan. Er hoeft niets te gebeuren.")
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return create_kek(self.path, self._passphrase)

    def keks(self) -> list[Kek]:
        """The one that is in use first, then the one that is about to be. Raises Misconfigured: the first cannot be read."""
        try:
            return self._read()
        except Misconfigured:  # while this read them, another process may have moved one and overwritten the other
            return self._read()

    def prepare(self) -> Kek:
        """Make a new key beside the one in use. Raises Misconfigured: it cannot be written."""
        self._new.unlink(missing_ok=True)
        made = create_kek(self._new, self._passphrase)
        _sync(self.path.parent)
        return made

    def settle(self, used: str) -> bool:
        """Finish what was begun, by the id of the key in use now: keep that file, destroy the other. False: nothing was begun."""
        if not self._new.exists():
            return False
        try:
            if read_kek(self._new, self._passphrase).id == used:
                _replace(self.path, self._new)
            else:
                _overwrite(self._new)
                self._new.unlink()
        except OSError as error:
            raise Misconfigured(f"Hoofdsleutel {self.path.name} is niet te vervangen ({error.strerror}).") from None
        return True

    def destroy(self) -> None:
        """Overwrite and remove what is there, for the keys went elsewhere. Raises Misconfigured: it cannot be written."""
        try:
            for path in (self._new, self.path):
                if path.exists():
                    _overwrite(path)
                    path.unlink()
        except OSError as error:
            raise Misconfigured(f"Hoofdsleutel {self.path.name} is niet te vernietigen ({error.strerror}).") from None

    def _read(self) -> list[Kek]:
        found = [read_kek(self.path, self._passphrase)]
        return [*found, read_kek(self._new, self._passphrase)] if self._new.exists() else found


def _replace(old: Path, new: Path) -> None:
    with old.open("r+b") as file:  # stays open: the name goes to the new file first, then the old bytes go
        new.replace(old)
        _wipe(file.fileno())
    _sync(old.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        _wipe(file.fileno())


def _wipe(descriptor: int) -> None:
    os.pwrite(descriptor, bytes(os.fstat(descriptor).st_size), 0)
    os.fsync(descriptor)
