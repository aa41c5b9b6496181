"""What the retention round works with, for the command line; beside a running gateway or without one. Leaves the round to the flow."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from gateway.app.grounds import Grounds
from gateway.app.kek import kek_place
from gateway.app.settings import Settings
from gateway.core.chain import Trace
from gateway.core.clock import Clock
from gateway.keys.names import CHECKPOINT
from gateway.policy.register import PurposeRegister
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.term import Log
from gateway.retention.keeper import Keeper


@contextmanager
def open_keeper(settings: Settings, clock: Clock, *, rotate: bool) -> Iterator[Keeper]:
    """`rotate`: it may replace the KEK. Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        grounds = Grounds(settings, clock, stack, "seinhuis-bewaring")
        log = Log(grounds.log(1), CheckpointSigner(settings.log_origin, grounds.keys.key(CHECKPOINT)))
        kek = kek_place(settings) if rotate else None
        yield Keeper(grounds.keeping(2), grounds.keys, kek, PurposeRegister.load(), clock, settings.operator, _trace, log)


def _trace() -> Trace:
    return Trace(secrets.token_hex(16), secrets.token_hex(8))
