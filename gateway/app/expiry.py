"""Tells the operator which partners' last certificate ends within 60, 30 or 7 days: a line in the operational log, and a count.

Authority: `gateway.onboarding.certificaten`. A line names an organisation by its OIN, never a person.
"""

from collections.abc import Callable

import structlog

from gateway.app.metrics import Metrics
from gateway.core.clock import Clock
from gateway.onboarding.certificaten import WARNINGS, ending
from gateway.partners.register import Register


def warn(register: Callable[[], Register], clock: Clock, metrics: Metrics) -> None:
    """Look once. Raises Unavailable."""
    found = ending(register().certificates(), clock.now())
    metrics.ending({days: sum(end.dagen <= days for end in found) for days in WARNINGS})
    log = structlog.get_logger()
    for end in found:
        log.warning("certificaat_verloopt", deelnemer=end.oin, vingerafdruk=end.vingerafdruk.hex(), dagen=end.dagen, binnen=end.grens)
