"""The SFTP edge as a whole: one listening port, its limits, and an orderly stop.

Authority: issue "legacy mouths": a mailbox per partner, in a process of its own. Every question to the house runs in a thread of a
bounded pool; whether a partner may stay has a pool of its own, so that slow uploads never delay a revocation. Leaves logins to
`connection` and files to `session`.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TypeVar

import asyncssh

from adapters.sftp import algorithms
from adapters.sftp.connection import Connection
from adapters.sftp.limits import Limits
from adapters.sftp.port import Events, House
from adapters.sftp.session import Session

T = TypeVar("T")

WINDOW = 1024 * 1024
_QUIET_SECONDS = 2.0
"""A client that closed a file wants to rename it next."""
_LAST_SECONDS = 10.0
"""For the work in threads that a stop finds in progress."""


class Server:
    """Accepts from `start` to `stop`."""

    def __init__(self, house: House, events: Events, limits: Limits) -> None:
        self.limits = limits
        self.events = events
        self.stopping = False
        self._house = house
        self._files = ThreadPoolExecutor(limits.threads, "sftp")
        self._questions = ThreadPoolExecutor(2, "sftp-toegang")
        self._numbers = count(1)
        self._connections: dict[Connection, str] = {}
        self._partners: dict[Connection, str] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._acceptor: asyncssh.SSHAcceptor | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._acceptor.get_port() if self._acceptor else 0

    async def start(self, host: str, port: int, host_key: asyncssh.SSHKey) -> None:
        """Begin to accept; port 0 means any free one. Raises OSError."""
        asyncssh.set_log_level("CRITICAL")  # the library would log names of users and files
        self._acceptor = await asyncssh.listen(
            host,
            port,
            server_factory=lambda: Connection(self, next(self._numbers)),
            server_host_keys=[host_key],
            server_version="Seinhuis",
            kex_algs=algorithms.KEY_EXCHANGES,
            encryption_algs=algorithms.CIPHERS,
            mac_algs=algorithms.MACS,
            signature_algs=algorithms.SIGNATURES,
            compression_algs=algorithms.COMPRESSION,
            password_auth=False,
            kbdint_auth=False,
            host_based_auth=False,
            gss_host=None,
            allow_pty=False,
            line_editor=False,
            agent_forwarding=False,
            rdns_lookup=False,
            login_timeout=self.limits.login_seconds,
            keepalive_interval=self.limits.alive_seconds,
            encoding=None,
            window=WINDOW,
        )

    async def stop(self, seconds: float) -> None:
        """Stop accepting; give sessions `seconds` to finish; then close them, and throw away what they had not finished."""
        self.stopping = True
        if self._acceptor:
            self._acceptor.close()
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self._connections and loop.time() < until:
            for connection in [each for each in self._connections if each.quiet(_QUIET_SECONDS)]:
                connection.end("De dienst stopt.")
            await asyncio.sleep(0.05)
        for connection in list(self._connections):
            connection.end("De dienst stopt.")
            self.left(connection)
        if self._ending:
            await asyncio.wait(self._ending, timeout=_LAST_SECONDS)
        if self._acceptor:
            await self._acceptor.wait_closed()
        for pool in (self._files, self._questions):
            pool.shutdown(wait=False, cancel_futures=True)

    def arrived(self, connection: Connection, address: str) -> bool:
        """Whether there is room for one more stranger, from this address."""
        waiting = [known for other, known in self._connections.items() if other not in self._partners]
        limits = self.limits
        if self.stopping or len(self._connections) >= limits.connections or len(waiting) >= limits.waiting:
            return False
        if waiting.count(address) >= limits.per_address:
            return False
        self._connections[connection] = address
        return True

    def logged_in(self, connection: Connection, partner: str) -> bool:
        """Whether the partner has room for one more connection."""
        if Counter(self._partners.values())[partner] >= self.limits.per_partner:
            return False
        self._partners[connection] = partner
        return True

    def left(self, connection: Connection) -> None:
        """Its room is free again; what it had in progress is still seen to its end."""
        self._connections.pop(connection, None)
        self._partners.pop(connection, None)
        for task in [channel.task for channel in connection.channels if channel.task]:
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def partner_of(self, user: str, key: bytes) -> str | None:
        """Whose login this is. Raises TimeoutError, and what the house raises."""
        return await self._ask(lambda: self._house.partner_of(user, key))

    async def may_stay(self, partner: str, key: bytes) -> bool:
        """Whether the partner may stay. Raises TimeoutError, and what the house raises."""
        return await self._ask(lambda: self._house.may_stay(partner, key))

    async def session(self, partner: str) -> Session:
        """A conversation over the partner's mailbox."""
        mailbox = await asyncio.get_running_loop().run_in_executor(self._files, self._house.mailbox, partner)
        return Session(mailbox, self._files, self.limits, lambda: self.stopping)

    async def _ask(self, question: Callable[[], T]) -> T:
        async with asyncio.timeout(self.limits.answer_seconds):
            return await asyncio.get_running_loop().run_in_executor(self._questions, question)
