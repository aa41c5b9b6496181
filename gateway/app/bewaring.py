"""What the retention round works with, for the command line; beside a running gateway or without one. Leaves the round to the flow."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from gateway.app.house import Foundation, kek_file, open_keys
from gateway.app.settings import Settings
from gateway.core.chain import Trace
from gateway.core.clock import Clock
from gateway.keys.names import CHECKPOINT
from gateway.policy.register import PurposeRegister
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.term import Log
from gateway.retention.keeper import Keeper
from gateway.store.database import Database
from gateway.store.prepare import prepare


@contextmanager
def open_keeper(settings: Settings, clock: Clock, *, rotate: bool) -> Iterator[Keeper]:
    """`rotate`: it may replace the KEK. Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        dsns = prepare(Foundation(settings, stack).dsn, settings.state, clock)
        database = stack.enter_context(closing(Database(dsns.beheer, name="seinhuis-bewaring", size=2)))
        keys = open_keys(database, settings)
        log = stack.enter_context(closing(Database(dsns.log, name="seinhuis-logtermijn", size=1)))
        signed = Log(log, CheckpointSigner(settings.log_origin, keys.key(CHECKPOINT)))
        kek = kek_file(settings) if rotate else None
        yield Keeper(database, keys, kek, PurposeRegister.load(), clock, settings.operator, _trace, signed)


def _trace() -> Trace:
    return Trace(secrets.token_hex(16), secrets.token_hex(8))
