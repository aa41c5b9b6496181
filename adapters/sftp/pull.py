"""The other way round: fetch files from a partner's own SFTP server into the partner's mailbox, as if they had been put there.

Authority: issue "legacy mouths": pulling is a second mode, with pinned host keys: a key that is not the registered one ends it before
anything is sent. The far server is not trusted: names, kinds, sizes and amounts are checked, and a file that moves under our hands is
left for the next time. Nothing is removed there before the file is the gateway's; after a crash between the two it comes again, and
the flow recognises it. Leaves to the wiring when to pull and to the mailbox how large a file may be.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import Literal, NamedTuple, TypeVar, cast

import asyncssh
from asyncssh.constants import FILEXFER_TYPE_REGULAR, FILEXFER_TYPE_UNKNOWN

from adapters.sftp import algorithms, keys
from adapters.sftp.names import CHECKSUM, PART, oddity
from adapters.sftp.port import Events, Mailbox, Refused, Upload

T = TypeVar("T")

UNFINISHED = (PART, ".tmp", ".filepart")
"""Endings that senders give a file while they write it."""
_BLOCK = 256 * 1024
_MOST_FILES = 10_000
_ORDINARY = {FILEXFER_TYPE_REGULAR, FILEXFER_TYPE_UNKNOWN}
_LOGIN_SECONDS = 20.0
_CLOSE_SECONDS = 5.0


class PullFailed(Exception):
    """The far server cannot be used; the message is Dutch and says what to check."""


class Remote(NamedTuple):
    """A partner's server. `host_keys` are public keys in OpenSSH form, at least one; `folder` is where its files stand.

    When a file is ours, it is removed there (`verwijder`) or gets `suffix` behind its name (`hernoem`). Between two pieces of a file
    may pass `seconds`, and so for any other answer.
    """

    host: str
    port: int
    user: str
    host_keys: Sequence[str]
    folder: str
    after: Literal["verwijder", "hernoem"] = "verwijder"
    suffix: str = ".opgehaald"
    seconds: float = 60.0


class Pulled(NamedTuple):
    """How many files are ours now, were left there on purpose (odd names, still moving), and failed."""

    taken: int
    left: int
    failed: int


async def pull(remote: Remote, key: asyncssh.SSHKey, mailbox: Mailbox, events: Events, may: Callable[[], bool] = lambda: True) -> Pulled:
    """Fetch every file in the folder once, as long as `may` is true: asked for each file and each piece of it.

    Raises PullFailed: no connection, another host key, not let in, it broke off, or it may no longer; and what `may` raises.
    """
    counts = {"taken": 0, "left": 0, "failed": 0}
    with _explained():
        async with _connected(remote, key, may) as far:
            for name in await far.names():
                far.require()
                outcome = "left" if oddity(name) else await _fetch(far, name, mailbox, events)
                counts[outcome] += 1
    events("sftp_opgehaald", opgehaald=counts["taken"], gelaten=counts["left"], mislukt=counts["failed"])
    return Pulled(**counts)


async def look(remote: Remote, key: asyncssh.SSHKey) -> int:
    """How many files wait there; nothing is fetched. Raises PullFailed."""
    with _explained():
        async with _connected(remote, key) as far:
            return len(await far.names())


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except asyncssh.HostKeyNotVerifiable:
        raise PullFailed("De server heeft een andere hostsleutel dan is vastgelegd; vraag de partner waarom, en haal niets op.") from None
    except asyncssh.KeyExchangeFailed:
        raise PullFailed("De server heeft niet de soort hostsleutel die is vastgelegd, of alleen verouderde algoritmen.") from None
    except asyncssh.PermissionDenied:
        raise PullFailed("De server laat ons niet toe met deze gebruiker en sleutel.") from None
    except (asyncssh.Error, OSError, TimeoutError) as error:
        raise PullFailed(f"De server is niet te bereiken of brak af ({type(error).__name__}).") from None


class _Far:
    """The far folder; no answer takes longer than `remote.seconds`. Raises asyncssh.Error, OSError, TimeoutError."""

    def __init__(self, client: asyncssh.SFTPClient, remote: Remote, may: Callable[[], bool]) -> None:
        self._client = client
        self._remote = remote
        self._may = may

    def require(self) -> None:
        """Raises PullFailed: it may no longer."""
        if not self._may():
            raise PullFailed("Het ophalen is afgebroken: de gateway stopt, of dit adres geldt niet meer.")

    async def names(self) -> list[str]:
        """Of ordinary files that are finished and not yet ours, in order. What is no text comes with backslashes, so as an odd name."""
        found: list[str] = []
        async with asyncio.timeout(10 * self._remote.seconds):
            async for entry in self._client.scandir(self._remote.folder.encode()):
                name = cast(bytes, entry.filename).decode(errors="backslashreplace")
                if entry.attrs.type in _ORDINARY and not name.endswith((*UNFINISHED, CHECKSUM, self._remote.suffix)):
                    found.append(name)
                if len(found) == _MOST_FILES:
                    break
        return sorted(found)

    async def state(self, name: str) -> tuple[int | None, int | None]:
        """Size and time, which change while somebody writes."""
        attributes = await self._soon(self._client.lstat(self._path(name)))
        return attributes.size, attributes.mtime

    async def content(self, name: str) -> AsyncGenerator[bytes, None]:
        """The file, in pieces, one request at a time."""
        file: asyncssh.SFTPClientFile = await self._soon(self._client.open(self._path(name), "rb", block_size=0))
        offset = 0
        try:
            while piece := cast(bytes, await self._soon(file.read(_BLOCK, offset))):
                self.require()
                yield piece
                offset += len(piece)
        finally:
            async with asyncio.timeout(min(_CLOSE_SECONDS, self._remote.seconds)):  # who stops does not wait long for a far side that hangs
                await file.close()

    async def put_away(self, name: str) -> None:
        """It is ours now."""
        path = self._path(name)
        if self._remote.after == "verwijder":
            await self._soon(self._client.remove(path))
        else:
            await self._soon(self._client.rename(path, path + self._remote.suffix.encode()))

    def _path(self, name: str) -> bytes:
        return f"{self._remote.folder.rstrip('/')}/{name}".encode()

    async def _soon(self, request: Awaitable[T]) -> T:
        async with asyncio.timeout(self._remote.seconds):
            return await request


@asynccontextmanager
async def _connected(remote: Remote, key: asyncssh.SSHKey, may: Callable[[], bool] = lambda: True) -> AsyncIterator[_Far]:
    pinned = _pinned(remote.host_keys)
    asyncssh.set_log_level("CRITICAL")  # the library would log names of users and files
    connection = await asyncssh.connect(
        remote.host,
        remote.port,
        username=remote.user,
        known_hosts=(pinned, [], []),
        client_keys=[key],
        config=None,
        agent_path=None,
        preferred_auth="publickey",
        gss_host=None,
        x509_trusted_certs=None,
        client_version="Seinhuis",
        kex_algs=algorithms.KEY_EXCHANGES,
        encryption_algs=algorithms.CIPHERS,
        mac_algs=algorithms.MACS,
        signature_algs=algorithms.SIGNATURES,
        compression_algs=algorithms.COMPRESSION,
        connect_timeout=_LOGIN_SECONDS,
        login_timeout=_LOGIN_SECONDS,
        keepalive_interval=remote.seconds / 4,
    )
    try:
        async with asyncio.timeout(_LOGIN_SECONDS):
            client = await connection.start_sftp_client(path_encoding=None)
        yield _Far(client, remote, may)
    finally:
        connection.abort()  # a far side that hangs need not agree
        await connection.wait_closed()


def _pinned(lines: Sequence[str]) -> list[asyncssh.SSHKey]:
    if not lines:
        raise PullFailed("Er is geen hostsleutel vastgelegd; zonder haalt de gateway niets op.")
    try:
        for line in lines:
            keys.public_key(line)
    except keys.KeyRefused as refusal:
        raise PullFailed(f"De vastgelegde hostsleutel is niet te gebruiken. {refusal}") from None
    return [asyncssh.import_public_key(line) for line in lines]


async def _fetch(far: _Far, name: str, mailbox: Mailbox, events: Events) -> Literal["taken", "left", "failed"]:
    try:
        before = await far.state(name)
        upload = await asyncio.to_thread(mailbox.begin, name)
        await _copy(far, name, upload)
        if await far.state(name) != before or before[0] != upload.size:
            await asyncio.to_thread(mailbox.remove, "in", name + PART)
            return "left"
        await asyncio.to_thread(mailbox.complete, name + PART, name)
        await far.put_away(name)
    except (Refused, asyncssh.SFTPError) as error:
        if isinstance(error, asyncssh.SFTPConnectionLost):
            raise
        events("sftp_ophalen_mislukt", soort=error.kind if isinstance(error, Refused) else type(error).__name__)
        return "failed"
    return "taken"


async def _copy(far: _Far, name: str, upload: Upload) -> None:
    """The whole file, closed; else nothing of it is left."""
    try:
        async with aclosing(far.content(name)) as pieces:
            async for piece in pieces:
                await asyncio.to_thread(upload.write, piece)
        await asyncio.to_thread(upload.close)
    except BaseException:
        await asyncio.to_thread(upload.discard)
        raise
