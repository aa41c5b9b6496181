"""The channel of one conversation: bytes from SSH cut into SFTP packets, answered one by one, with back pressure both ways.

Authority: RFC 4254 6.5: `sftp` is the only subsystem; a shell, a command, a terminal and anything forwarded stay refused, as the
library's session refuses whatever is not overridden. Leaves the answers to `session`, and who may be here to `connection`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

import asyncssh

from adapters.sftp import wire
from adapters.sftp.limits import Limits
from adapters.sftp.session import Session
from adapters.sftp.wire import Fields, Malformed, Request

_AHEAD = 256 * 1024
"""Bytes that may wait for their turn, per channel, beside the window of SSH."""


class Channel(asyncssh.SSHServerSession[bytes]):
    """Starts a session when the client asks for `sftp`; `ended` hears how it went (None: as it should)."""

    def __init__(
        self, begin: Callable[[], Awaitable[Session]], ended: Callable[["Channel", BaseException | None], None], limits: Limits
    ) -> None:
        self._begin = begin
        self._ended = ended
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._inbound = asyncio.StreamReader(_AHEAD)
        self._writable = asyncio.Event()
        self._writable.set()
        self._cut = False
        self._working = False
        self._session: Session | None = None
        self.task: asyncio.Task[None] | None = None
        self.last = self._loop.time()
        self._received = 0
        self._window = self.last, 0

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """The channel is there; the stream may pause and resume it."""
        self._chan = chan
        self._inbound.set_transport(cast(asyncio.Transport, chan))

    def subsystem_requested(self, subsystem: str) -> bool:
        """Nothing but SFTP."""
        return subsystem == "sftp"

    def session_started(self) -> None:
        """Begin."""
        self.task = self._loop.create_task(self._work())
        self.task.add_done_callback(self._worked)

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Bytes from the client."""
        self.last, self._received = self._loop.time(), self._received + len(data)
        self._inbound.feed_data(data)

    def eof_received(self) -> bool:
        """The client has asked all it wanted; answers may still go out."""
        self._inbound.feed_eof()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody listens any more."""
        self.cut()
        if self.task is None:
            self._ended(self, None)

    def pause_writing(self) -> None:
        """The client does not read."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._writable.set()

    def cut(self) -> None:
        """Stop after the request in progress."""
        self._cut = True
        self._inbound.feed_eof()
        self._writable.set()

    @property
    def busy(self) -> bool:
        """Whether a file is open."""
        return self._session is not None and self._session.busy

    def stalled(self) -> bool:
        """Whether an upload is open and its last window brought too little; never while the house itself is at work."""
        now = self._loop.time()
        since, mark = self._window
        if self._working or self._session is None or not self._session.writing:
            self._window = now, self._received
            return False
        if now - since < self._limits.stall_seconds:
            return False
        self._window = now, self._received
        return self._received - mark < self._limits.stall_bytes

    async def _work(self) -> None:
        try:
            await self._converse()
        except asyncio.IncompleteReadError:
            return  # the other end has said all it had to say
        finally:
            if self._session is not None:
                await self._session.close()
            if not self._chan.is_closing():
                self._chan.exit(0)

    def _worked(self, task: asyncio.Task[None]) -> None:
        self._ended(self, None if task.cancelled() else task.exception())

    async def _converse(self) -> None:
        first = Fields(await self._packet())
        if first.byte() != Request.INIT or first.u32() < wire.VERSION:
            raise Malformed
        self._session = session = await self._begin()
        reply = wire.version()
        while not self._cut:
            self._chan.write(reply)
            await self._writable.wait()
            packet = await self._packet()
            self._working = True
            reply = await session.answer(packet)
            self._working = False

    async def _packet(self) -> bytes:
        size = int.from_bytes(await self._inbound.readexactly(4))
        if not 1 <= size <= wire.MAX_PACKET:
            raise Malformed
        return await self._inbound.readexactly(size)
