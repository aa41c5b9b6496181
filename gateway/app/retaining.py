"""The retention round as `serve` runs it: once a day, and rows of keys that open with nothing are told to the operator by their number."""

import structlog

from gateway.retention import keeping
from gateway.retention.keeper import Keeper


def run(keeper: Keeper) -> None:
    """One round when today's was not done yet. Raises Unavailable, Misconfigured."""
    done = keeping.run(keeper)
    if done is not None and done.unopened:
        structlog.get_logger().warning("sleutels_openen_niet", aantal=done.unopened)
