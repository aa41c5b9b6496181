"""The mailboxes behind the SFTP edge, for a process of its own that opens the register and the spool, and no flow.

Authority: contract, files; decision 0025 (own operating-system rights: that process needs the database, its own copy of the key-encryption
key and the spool, and nothing else). Who may come in is asked of the register, which is never older than 5 seconds. Leaves the protocol to
`adapters.sftp` and what becomes of a file to the workers of other processes.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from adapters.sftp.port import Mailbox
from gateway.app.files import open_spool
from gateway.app.grounds import Grounds
from gateway.app.settings import Settings
from gateway.core.clock import Clock, dutch_day
from gateway.files.mailbox import Mailroom
from gateway.files.transfers import Quota, Room
from gateway.jobs.loops import Loop
from gateway.keys.database import DatabaseKeyStore
from gateway.partners import outlets
from gateway.partners.mailroom import opens
from gateway.partners.register import Register
from gateway.partners.rows import sealer
from gateway.partners.source import POLL_SECONDS, RegisterSource

FORGET_SECONDS = 3_600.0
"""How long this process may go on with a key-encryption key that another process replaced."""


class Doorkeeper:
    """`adapters.sftp.port.House`: a login is an OIN with a key that is registered for it."""

    def __init__(self, register: Callable[[], Register], room: Mailroom, clock: Clock) -> None:
        self._register = register
        self._room = room
        self._clock = clock

    def partner_of(self, user: str, key: bytes) -> str | None:
        """See the port. Raises Unavailable."""
        return user if self.may_stay(user, key) else None

    def mailbox(self, partner: str) -> Mailbox:
        """See the port."""
        return self._room.mailbox(partner)

    def may_stay(self, partner: str, key: bytes) -> bool:
        """See the port. Raises Unavailable."""
        register = self._register()
        known, owner = register.sftp_key(hashlib.sha256(key).digest()), register.partner(partner)
        if known is None or owner is None or known.oin != partner:
            return False
        return opens(known, self._clock.now()) and (owner.actief or owner.in_schaduw)


class Post(NamedTuple):
    """The register and the mailboxes, open."""

    register: Callable[[], Register]
    room: Mailroom


@contextmanager
def open_doorkeeper(settings: Settings, clock: Clock, quota: Quota = Quota()) -> Iterator[Doorkeeper]:  # noqa: B008 - immutable
    """The mailboxes behind their door. Raises as `open_post`."""
    with open_post(settings, clock, quota) as post:
        yield Doorkeeper(post.register, post.room, clock)


@contextmanager
def open_post(settings: Settings, clock: Clock, quota: Quota = Quota()) -> Iterator[Post]:  # noqa: B008 - immutable
    """The mailboxes; beside a running gateway or without one. Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        grounds = Grounds(settings, clock, stack, "seinhuis-sftp")
        register = RegisterSource(grounds.beheer, sealer(grounds.keys))
        register.refresh()
        for loop in (Loop("register", register.refresh, POLL_SECONDS), forgetting(grounds.keys)):
            loop.start()
            stack.callback(loop.close)
        room = Room(grounds.ingest(8), open_spool(settings, grounds.keys), clock, quota)
        yield Post(register.current, Mailroom(room._replace(served=partial(_served, register.current, clock))))


def _served(register: Callable[[], Register], clock: Clock, oin: str) -> frozenset[str]:
    """Asked at each listing and each opening, of a register that is never older than 5 seconds. Raises Unavailable."""
    return outlets.served(register(), oin, dutch_day(clock.now()))


def forgetting(keys: DatabaseKeyStore, seconds: float = FORGET_SECONDS) -> Loop:
    """What drops keys that were destroyed, and KEKs that were replaced, from the memory of a process without a retention round."""
    return Loop("sleutels", keys.forget_destroyed, seconds)


def host_key_path(settings: Settings) -> Path:
    """Where the private host key stands."""
    return settings.sftp_host_key or settings.state / "sleutels" / "sftp"


def pull_key_path(settings: Settings) -> Path:
    """Where the private key stands that partners' own servers let in."""
    return settings.sftp_pull_key or settings.state / "sleutels" / "ophalen"
