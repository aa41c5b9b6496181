"""One SSH connection: who it is, what it may open, and how long it may stay.

Authority: key-only login, the user name is the OIN (`docs/contract.md`, files); a revoked key or a suspended party is out within 5
seconds, as on the other doors. The key that counts is the one that signed: the library checks the signature in the same step as
`validate_public_key`, so the last one that was asked about is the one that came in. Leaves the counts of all connections to `server`.
"""

import asyncio
from typing import Protocol

import asyncssh

from adapters.sftp import keys
from adapters.sftp.algorithms import SIGNATURES
from adapters.sftp.channel import Channel
from adapters.sftp.limits import Limits
from adapters.sftp.port import Events
from adapters.sftp.session import Session
from adapters.sftp.wire import Malformed

_SIGNATURES = {name.encode() for name in SIGNATURES}


class Edge(Protocol):
    """What a connection needs of the server; questions to the house run in threads."""

    limits: Limits
    events: Events
    stopping: bool

    def arrived(self, connection: "Connection", address: str) -> bool:
        """Count it in; False: there are too many."""
        ...

    def logged_in(self, connection: "Connection", partner: str) -> bool:
        """Count it with its partner; False: the partner has too many."""
        ...

    def left(self, connection: "Connection") -> None:
        """Count it out."""
        ...

    async def partner_of(self, user: str, key: bytes) -> str | None:
        """As the house has it. Raises TimeoutError, and what the house raises: the library then closes."""
        ...

    async def may_stay(self, partner: str, key: bytes) -> bool:
        """As the house has it. Raises TimeoutError, and what the house raises."""
        ...

    async def session(self, partner: str) -> Session:
        """A conversation over the partner's mailbox."""
        ...


class Connection(asyncssh.SSHServer):
    """From the first byte to the last; `channels` are its conversations."""

    def __init__(self, edge: Edge, number: int) -> None:
        self._edge = edge
        self._number = number
        self._tried = 0
        self._offered: tuple[str, bytes] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._ended = False
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self.channels: list[Channel] = []

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """A stranger; too many of them are turned away at once."""
        self._conn = conn
        if not self._edge.arrived(self, str(conn.get_extra_info("peername", ("",))[0])):
            conn.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone; the library has told the channels."""
        if self._watch:
            self._watch.cancel()
        self._edge.left(self)

    def begin_auth(self, username: str) -> bool:
        """A key is always needed."""
        return True

    def public_key_auth_supported(self) -> bool:
        """The only way in."""
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether this key is of this user; without SHA-1, which the library would still take from an RSA key."""
        self._tried += 1
        wire = key.public_data
        if self._tried > self._edge.limits.attempts:
            self._edge.events("sftp_login_geweigerd", verbinding=self._number, reden="te_vaak")
            self._conn.disconnect(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "Te veel sleutels geprobeerd.", "nl")
            return False
        if keys.weakness(wire):
            self._edge.events("sftp_login_geweigerd", verbinding=self._number, reden="sleutel_te_zwak")
            return False
        try:
            partner = await self._edge.partner_of(username, wire)
        except Exception as failure:
            self._edge.events("sftp_toegang_onbekend", verbinding=self._number, soort=type(failure).__name__)
            raise
        if partner is None:
            self._edge.events("sftp_login_geweigerd", verbinding=self._number, reden="onbekend")
            return False
        key.all_sig_algorithms = key.all_sig_algorithms & _SIGNATURES
        self._offered = partner, wire
        return True

    def auth_completed(self) -> None:
        """Inside; from now on the house is asked time and again."""
        if self._offered is None:
            raise asyncssh.PermissionDenied("Niet ingelogd.")
        partner, key = self._offered
        if not self._edge.logged_in(self, partner):
            self._refuse(partner, "te_veel_verbindingen", "U hebt te veel verbindingen tegelijk.")
            return
        self._edge.events("sftp_ingelogd", verbinding=self._number, partner=partner)
        self._watch = self._loop.create_task(self._stay(partner, key))
        self._watch.add_done_callback(self._watched)

    def session_requested(self) -> Channel | bool:
        """A conversation, unless there are enough."""
        if self._offered is None or self._edge.stopping or len(self.channels) >= self._edge.limits.sessions:
            return False
        partner, _ = self._offered
        channel = Channel(lambda: self._edge.session(partner), self._channel_ended, self._edge.limits)
        self.channels.append(channel)
        return channel

    def quiet(self, seconds: float) -> bool:
        """Nothing open, and nothing asked for a while: it may be closed without harm."""
        return not any(channel.busy for channel in self.channels) and self._loop.time() - self._last() > seconds

    def end(self, reason: str) -> None:
        """Close it, whatever it was doing."""
        if self._ended:
            return
        self._ended = True
        for channel in self.channels:
            channel.cut()
        self._conn.disconnect(asyncssh.DISC_BY_APPLICATION, reason, "nl")

    def _last(self) -> float:
        return max((channel.last for channel in self.channels), default=self._since)

    def _channel_ended(self, channel: Channel, failure: BaseException | None) -> None:
        self.channels.remove(channel)
        if failure is not None:
            self._failed("sftp_onleesbaar" if isinstance(failure, Malformed) else "sftp_mislukt", failure)

    def _watched(self, watch: asyncio.Task[None]) -> None:
        """A house that cannot say whether the partner may stay says no."""
        if not watch.cancelled() and (failure := watch.exception()) is not None:
            self._failed("sftp_toegang_onbekend", failure)

    def _failed(self, event: str, failure: BaseException) -> None:
        self._edge.events(event, verbinding=self._number, soort=type(failure).__name__)
        self.end("Er ging iets mis; probeer het later opnieuw.")

    async def _stay(self, partner: str, key: bytes) -> None:
        limits = self._edge.limits
        while True:
            await asyncio.sleep(limits.look_seconds)
            if not await self._edge.may_stay(partner, key):
                return self._refuse(partner, "ingetrokken", "Uw toegang is ingetrokken of geschorst.")
            if any(channel.stalled() for channel in self.channels):
                return self._refuse(partner, "te_traag", "Uw bestand kwam te langzaam binnen.")
            if self._loop.time() - self._last() > limits.idle_seconds:
                return self._refuse(partner, "stil", "Er gebeurde te lang niets.")

    def _refuse(self, partner: str, code: str, reason: str) -> None:
        self._edge.events("sftp_verbroken", verbinding=self._number, partner=partner, reden=code)
        self.end(reason)
