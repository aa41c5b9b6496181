"""The retention round, as `serve` runs it once a day and as the command line opens it. Leaves the round to the flow."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import structlog

from gateway.app.grounds import Grounds
from gateway.app.kek import kek_place
from gateway.app.settings import Settings
from gateway.core.chain import Trace
from gateway.core.clock import Clock
from gateway.keys.names import CHECKPOINT
from gateway.policy.register import PurposeRegister
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.term import Log
from gateway.retention import keeping
from gateway.retention.keeper import Keeper


def run(keeper: Keeper) -> None:
    """One round when today's was not done yet; rows of keys that open with nothing are told to the operator by their number.

    Raises Unavailable, Misconfigured, Cut.
    """
    done = keeping.run(keeper)
    if done is not None and done.unopened:
        structlog.get_logger().warning("sleutels_openen_niet", aantal=done.unopened)


@contextmanager
def open_keeper(settings: Settings, clock: Clock, *, rotate: bool) -> Iterator[Keeper]:
    """`rotate`: it may replace the KEK. Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        grounds = Grounds(settings, clock, stack, "seinhuis-bewaring")
        log = Log(grounds.log(1), CheckpointSigner(settings.log_origin, grounds.keys.key(CHECKPOINT)))
        kek = kek_place(settings) if rotate else None
        yield Keeper(grounds.keeping(2), grounds.keys, kek, PurposeRegister.load(), clock, settings.operator, Trace.fresh, log)
