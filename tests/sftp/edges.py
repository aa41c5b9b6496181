"""A running edge for tests, partners with keys in files, and three ways to talk to it: OpenSSH's `sftp`, a library, and bare packets."""

import asyncio
import struct
import subprocess
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import asyncssh
import pytest

from adapters.sftp.keys import new_host_key
from adapters.sftp.limits import Limits
from adapters.sftp.server import Server
from adapters.sftp.wire import Fields, Mode, Request
from tests.sftp.fake import FakeHouse, FakeMailbox
from tests.tools import need

T = TypeVar("T")
QUICK = Limits(look_seconds=0.1)
GONE = (asyncio.IncompleteReadError, asyncssh.Error, OSError)
NEW = Mode.WRITE | Mode.CREATE | Mode.TRUNCATE


class Told:
    """The events of an edge."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, str | int]]] = []

    def __call__(self, event: str, /, **fields: str | int) -> None:
        self.lines.append((event, fields))

    def reasons(self) -> Counter[str | int]:
        return Counter(fields["reden"] for _, fields in self.lines if "reden" in fields)

    def names(self) -> Counter[str]:
        return Counter(event for event, _ in self.lines)


class Partner(NamedTuple):
    oin: str
    key: asyncssh.SSHKey
    key_path: Path
    mailbox: FakeMailbox


class Edge:
    """A server in a thread of its own, over a fake house."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder = folder
        self.house = FakeHouse()
        self.told = Told()
        self.host_key = asyncssh.import_private_key(new_host_key())
        self.loop = asyncio.new_event_loop()
        self.server: Server
        self._limits = limits
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._stopped = False

    def start(self) -> None:
        self._thread.start()
        self.run(self._start())
        known = self.host_key.export_public_key().decode().strip()
        (self.folder / "bekend").write_text(f"[127.0.0.1]:{self.server.port} {known}\n")

    async def _start(self) -> None:
        self.server = Server(self.house, self.told, self._limits)
        await self.server.start("127.0.0.1", 0, self.host_key)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def stop(self, seconds: float = 0.0) -> None:
        if not self._stopped:
            self._stopped = True
            self.run(self.server.stop(seconds))
            self.run(asyncio.sleep(0.01))
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()
            self.loop.close()

    def partner(self, kind: str = "ssh-ed25519", bits: int = 3072) -> Partner:
        key = asyncssh.generate_private_key(kind, key_size=bits) if kind == "ssh-rsa" else asyncssh.generate_private_key(kind)
        oin = self.house.partner(key.public_data)
        path = self.folder / f"{oin}.sleutel"
        path.touch(0o600)
        key.write_private_key(path)
        return Partner(oin, key, path, self.house.mailboxes[oin])

    @asynccontextmanager
    async def connect(self, partner: Partner, **options: Any) -> AsyncIterator[asyncssh.SSHClientConnection]:
        """A connection of the library, with this host key and no other."""
        given: dict[str, Any] = {"username": partner.oin, "client_keys": [partner.key], **options}
        known: Any = ([self.host_key.convert_to_public()], [], [])
        connection = await asyncssh.connect("127.0.0.1", self.server.port, known_hosts=known, config=None, agent_path=None, **given)
        async with connection:
            yield connection

    def sftp(self, partner: Partner, *commands: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """OpenSSH's `sftp` in batch mode, in the edge's folder."""
        settings = ("StrictHostKeyChecking=yes", f"UserKnownHostsFile={self.folder / 'bekend'}", "IdentitiesOnly=yes", "IdentityAgent=none")
        flags = [flag for setting in (*settings, *options) for flag in ("-o", setting)]
        where = ("-P", str(self.server.port), "-i", str(partner.key_path), f"{partner.oin}@127.0.0.1")
        return subprocess.run(
            [need("sftp"), "-F", "none", "-b", "-", *flags, *where],
            input="\n".join(commands) + "\n", capture_output=True, text=True, cwd=self.folder, timeout=120, check=False,
        )  # fmt: skip


@contextmanager
def running(folder: Path, limits: Limits = QUICK) -> Iterator[Edge]:
    edge = Edge(folder, limits)
    edge.start()
    try:
        yield edge
    finally:
        edge.stop()


def string(content: bytes | str) -> bytes:
    content = content.encode() if isinstance(content, str) else content
    return struct.pack(">I", len(content)) + content


def u32(*numbers: int) -> bytes:
    return b"".join(struct.pack(">I", number) for number in numbers)


class Answer(NamedTuple):
    """A reply: its kind, and of a status its code and reason."""

    kind: int
    body: bytes

    @property
    def code(self) -> int:
        return Fields(self.body).u32() if self.kind == 101 else 0

    @property
    def reason(self) -> str:
        fields = Fields(self.body)
        fields.u32()
        return fields.string().decode()

    @property
    def text(self) -> bytes:
        """The one string of a handle or data reply."""
        return Fields(self.body).string()


class Bare:
    """SFTP by hand: what no client would send."""

    def __init__(self, writer: asyncssh.SSHWriter[bytes], reader: asyncssh.SSHReader[bytes]) -> None:
        self.writer = writer
        self.reader = reader
        self._number = 0

    def send(self, kind: int, payload: bytes) -> None:
        self.writer.write(struct.pack(">IB", len(payload) + 1, kind) + payload)

    async def receive(self) -> Answer:
        size = int.from_bytes(await self.reader.readexactly(4))
        packet = await self.reader.readexactly(size)
        return Answer(packet[0], packet[1:])

    async def ask(self, kind: int, payload: bytes) -> Answer:
        self._number += 1
        self.send(kind, u32(self._number) + payload)
        answer = await self.receive()
        assert Fields(answer.body).u32() == self._number
        return Answer(answer.kind, answer.body[4:])

    async def open(self, path: bytes | str, mode: int) -> Answer:
        return await self.ask(Request.OPEN, string(path) + u32(mode, 0))

    async def write(self, handle: bytes, offset: int, content: bytes) -> Answer:
        return await self.ask(Request.WRITE, string(handle) + struct.pack(">Q", offset) + string(content))

    async def read(self, handle: bytes, offset: int, size: int) -> Answer:
        return await self.ask(Request.READ, string(handle) + struct.pack(">QI", offset, size))


async def bare(connection: asyncssh.SSHClientConnection) -> Bare:
    """A conversation that has said hello."""
    writer, reader, _ = await connection.open_session(subsystem="sftp", encoding=None)
    talk = Bare(writer, reader)
    talk.send(Request.INIT, u32(3))
    assert (await talk.receive()).kind == 2
    return talk


async def cut_off(talk: Bare, seconds: float) -> float:
    """Wait until the other end is gone. Returns how long that took."""
    begun = time.monotonic()
    with pytest.raises(GONE):
        await asyncio.wait_for(talk.receive(), seconds)
    return time.monotonic() - begun


def edged(**changes: float) -> pytest.MarkDecorator:
    """An edge of its own for this test, with these limits: the fixture `limited`."""
    return pytest.mark.parametrize("limited", [QUICK._replace(**changes)], indirect=True, ids=[",".join(changes)])  # type: ignore[arg-type]
