"""Fetching from partners' own servers: for whom, with which key, once or again and again; one partner's trouble is nobody else's.

Authority: issue "legacy mouths" (pulling, pinned host keys); contract, files. Who is not active is not fetched for; a suspended partner or
an address that was taken back ends what is being fetched within 5 seconds, as on the doors. Leaves the connection to `adapters.sftp.pull`.
"""

import asyncio
import resource
import signal
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

import asyncssh
import structlog

from adapters.sftp.port import Events
from adapters.sftp.pull import Pulled, PullFailed, Remote, look, pull
from gateway.app.mailroom import Post
from gateway.core.errors import SeinhuisError, Unavailable
from gateway.partners.mailroom import Ophaaladres

AT_ONCE = 32
_UNEXPECTED = "Er ging bij ons iets mis; kijk in het logboek van de dienst (sftp_ophalen_gestopt)."


class Fetched(NamedTuple):
    """What came of one partner. `waiting`: files that wait there, when it was only looked at; `reason` (Dutch): why it was not fetched."""

    oin: str
    pulled: Pulled | None = None
    waiting: int | None = None
    reason: str | None = None
    skipped: bool = False

    @property
    def failed(self) -> bool:
        """Whether somebody has to look at it."""
        return not self.skipped and (self.reason is not None or (self.pulled is not None and self.pulled.failed > 0))


class Fetcher:
    """Fetches for many partners at once, never twice at the same time for one. `told` hears what came of each."""

    def __init__(self, post: Post, key: asyncssh.SSHKey, events: Events, told: Callable[[Fetched], None], *, dry: bool = False) -> None:
        self._post = post
        self._key = key
        self._events = events
        self._told = told
        self._dry = dry
        self._places = asyncio.Semaphore(AT_ONCE)
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def begin(self, only: str | None = None) -> None:
        """Start fetching for everybody with an address, or for one; who is still busy goes on. Raises Unavailable."""
        for oin, address in sorted(self._post.register().remotes.items()):
            if only in {None, oin} and (oin not in self._busy or self._busy[oin].done()):
                self._busy[oin] = task = asyncio.create_task(self._one(address))
                task.add_done_callback(partial(self._ended, oin))

    async def done(self) -> None:
        """Until nobody is busy."""
        if self._busy:
            await asyncio.wait(self._busy.values())

    async def stop(self, seconds: float) -> None:
        """Ask everybody to end and wait for it, so long at the most: a half file is thrown away, and comes again."""
        self._stopping = True
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=seconds)

    async def _one(self, address: Ophaaladres) -> None:
        async with self._places:
            self._told(await self._fetched(address))

    def _ended(self, oin: str, task: asyncio.Task[None]) -> None:
        """What nobody foresaw is told too, and ends no other."""
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._events("sftp_ophalen_gestopt", partner=oin, soort=type(failure).__name__)
            self._told(Fetched(oin, reason=_UNEXPECTED))

    async def _fetched(self, address: Ophaaladres) -> Fetched:
        oin = address.oin
        try:
            if not self._active(oin):
                return Fetched(oin, reason="niet actief, overgeslagen", skipped=True)
            if self._dry:
                return Fetched(oin, waiting=await look(_remote(address), self._key))
            events, mailbox = partial(self._events, partner=oin), self._post.room.mailbox(oin)
            return Fetched(oin, await pull(_remote(address), self._key, mailbox, events, lambda: self._may(address)))
        except PullFailed as failure:
            return Fetched(oin, reason=str(failure))
        except SeinhuisError as error:
            return Fetched(oin, reason=error.detail)

    def _active(self, oin: str) -> bool:
        owner = self._post.register().partner(oin)
        return owner is not None and (owner.actief or owner.in_schaduw)

    def _may(self, address: Ophaaladres) -> bool:
        return not self._stopping and self._active(address.oin) and self._post.register().remotes.get(address.oin) == address


async def fetch(fetcher: Fetcher, only: str | None, every: float | None, drain_seconds: float) -> None:
    """Once, or every so many seconds until SIGTERM or SIGINT. Raises Unavailable (once: the register cannot be read)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold clear person data
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        try:
            fetcher.begin(only)
        except Unavailable:
            if every is None:
                raise
            structlog.get_logger().warning("sftp_ophalen_wacht_op_register")
        await _first(stop.wait(), fetcher.done() if every is None else asyncio.sleep(every))
        if every is None:
            break
    await fetcher.stop(drain_seconds)


async def _first(*waits: Awaitable[object]) -> None:
    """Until one of these is over."""
    tasks = {asyncio.ensure_future(wait) for wait in waits}
    _, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()


def _remote(address: Ophaaladres) -> Remote:
    keys = sorted(address.hostsleutels)
    return Remote(address.server, address.poort, address.gebruiker, keys, address.map, address.daarna)
