"""A house in memory: the mailboxes that the SFTP edge is tried on. It keeps the contract of `tests/sftp/contract.py`, like the real one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from threading import Event, Lock

from adapters.sftp.names import PART, oddity
from adapters.sftp.port import Folder, Item, Refused

WRITTEN = datetime(2026, 11, 22, 8, tzinfo=UTC)


class FakeUpload:
    def __init__(self, mailbox: "FakeMailbox", name: str) -> None:
        self._mailbox = mailbox
        self._name = name
        self.content = bytearray()
        self.writing = True

    @property
    def size(self) -> int:
        return len(self.content)

    def write(self, data: bytes) -> None:
        self._mailbox.gate.wait(30)
        if self.size + len(data) > self._mailbox.largest:
            raise Refused("quota", "Dit bestand is te groot.")
        self.content += data

    def close(self) -> None:
        self.writing = False

    def discard(self) -> None:
        with self._mailbox.lock:
            self._mailbox.parts.pop(self._name, None)
            self._mailbox.discarded += 1


class FakeDownload:
    def __init__(self, mailbox: "FakeMailbox", folder: Folder, name: str) -> None:
        self._mailbox = mailbox
        self._place = folder, name
        self._content = mailbox.out[folder][name]
        self._whole = False

    def read(self, offset: int, size: int) -> bytes:
        self._whole |= offset + size >= len(self._content)
        return self._content[offset : offset + size]

    def close(self) -> None:
        with self._mailbox.lock:
            if self._whole:
                self._mailbox.out[self._place[0]].pop(self._place[1], None)
                self._mailbox.collected.add(self._place)

    def discard(self) -> None:
        self._whole = False


class FakeMailbox:
    def __init__(self, largest: int) -> None:
        self.largest = largest
        self.lock = Lock()
        self.gate = Event()
        self.gate.set()
        self.parts: dict[str, FakeUpload] = {}
        self.taken: dict[str, bytes] = {}
        self.out: dict[Folder, dict[str, bytes]] = {"uit": {}, "terugkoppeling": {}}
        self.collected: set[tuple[Folder, str]] = set()
        self.discarded = 0

    def folders(self) -> Sequence[Folder]:
        return ("in", *self.out)

    def items(self, folder: Folder) -> Sequence[Item]:
        with self.lock:
            if folder == "in":
                sizes = {name + PART: part.size for name, part in self.parts.items()} | {n: len(c) for n, c in self.taken.items()}
            else:
                sizes = {name: len(content) for name, content in self.out[folder].items()}
        return [Item(name, size, WRITTEN) for name, size in sorted(sizes.items())]

    def begin(self, name: str) -> FakeUpload:
        if reason := oddity(name):
            raise Refused("denied", reason)
        with self.lock:
            if name in self.taken:
                raise Refused("failure", "Dit bestand is er al.")
            if name in self.parts and self.parts[name].writing:
                raise Refused("failure", "Dit bestand wordt al geschreven.")
            self.parts[name] = FakeUpload(self, name)
            return self.parts[name]

    def complete(self, part: str, name: str, digest: bytes | None = None) -> None:
        if part != name + PART:
            raise Refused("denied", "Hernoem naam.part tot naam.")
        with self.lock:
            found = self.parts.get(name)
            if found is None:
                raise Refused("absent", "Dit bestand is er niet.")
            if found.writing or name in self.taken:
                raise Refused("failure", "Dit bestand wordt nog geschreven, of is er al.")
            if digest not in {None, sha256(found.content).digest()}:
                raise Refused("failure", "De SHA-256 klopt niet.")
            del self.parts[name]
            self.taken[name] = bytes(found.content)

    def open(self, folder: Folder, name: str) -> FakeDownload:
        with self.lock:
            return FakeDownload(self, folder, self._there(folder, name))

    def remove(self, folder: Folder, name: str) -> None:
        with self.lock:
            if folder != "in":
                if (folder, name) not in self.collected:
                    del self._own(folder)[self._there(folder, name)]
                return
            part = self.parts.get(name.removesuffix(PART)) if name.endswith(PART) else None
            if part is None or part.writing:
                raise Refused("absent" if part is None else "failure", "Dit bestand is er niet, of wordt nog geschreven.")
            del self.parts[name.removesuffix(PART)]

    def _own(self, folder: Folder) -> dict[str, bytes]:
        if folder == "in":
            raise Refused("absent", "Dit bestand is er niet.")
        return self.out[folder]

    def _there(self, folder: Folder, name: str) -> str:
        if name not in self._own(folder):
            raise Refused("absent", "Dit bestand is er niet.")
        return name


class FakeHouse:
    """Also the world of the contract: it makes partners, suspends them, and shows what was delivered."""

    def __init__(self, largest: int = 300 * 1024 * 1024) -> None:
        self.largest = largest
        self.house = self
        self.logins: set[tuple[str, bytes]] = set()
        self.mailboxes: dict[str, FakeMailbox] = {}
        self.suspended: set[str] = set()
        self.failing: Exception | None = None
        self._numbers = count(1)

    def partner_of(self, user: str, key: bytes) -> str | None:
        if self.failing:
            raise self.failing
        return user if (user, key) in self.logins and user not in self.suspended else None

    def mailbox(self, partner: str) -> FakeMailbox:
        return self.mailboxes[partner]

    def may_stay(self, partner: str, key: bytes) -> bool:
        return self.partner_of(partner, key) is not None

    def partner(self, key: bytes) -> str:
        oin = f"00000099{next(self._numbers):012}"
        self.logins.add((oin, key))
        self.mailboxes[oin] = FakeMailbox(self.largest)
        return oin

    def suspend(self, partner: str) -> None:
        self.suspended.add(partner)

    def revoke(self, partner: str, key: bytes) -> None:
        self.logins.remove((partner, key))

    def give(self, partner: str, folder: Folder, name: str, content: bytes) -> None:
        self.mailboxes[partner].out[folder][name] = content

    def taken(self, partner: str) -> dict[str, bytes]:
        return dict(self.mailboxes[partner].taken)
