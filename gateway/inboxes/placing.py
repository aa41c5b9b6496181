"""From a stored message to its basket: reads the municipality's setting in the caller's transaction, so that a change counts at once.

Leaves the criteria to `gateway.triage.baskets`.
"""

from datetime import datetime
from typing import Any

import psycopg

from gateway.core.clock import dutch_day, dutch_midnight
from gateway.core.errors import Conflict
from gateway.mailbox import later
from gateway.partners import choices
from gateway.sealing.sealing import Meta
from gateway.triage.baskets import Baskets, Fact, compiled
from schemas.inbox import Indeling
from schemas.instellingen import Inhaalslag, Werkbakken
from schemas.keyed import Keyed
from schemas.ontvangst import Bevinding
from schemas.triage import Triage


def baskets_of(connection: psycopg.Connection[Any], gemeente: str, keyed: Keyed) -> Baskets:
    """The baskets that hold for a municipality now; `keyed` checks their seal. Raises Misconfigured: they lack it."""
    found = choices.newest(connection, gemeente, Werkbakken, keyed)
    return compiled(None if found is None else found.value)


def fact_of(meta: Meta, indeling: Indeling, baskets: Baskets) -> Fact:
    """What a basket sees of a message."""
    kept = meta.triage or Triage()
    shown = baskets.shown(kept)
    return Fact(
        soort=meta.soort,
        sector=meta.sector,
        bedrag_cent=meta.bedrag_cent,
        indeling=indeling,
        schuldeiser=meta.schuldeiser.oin,
        crisis=meta.crisis is not None,
        wijk=shown.wijk if shown else None,
        ouderdom=kept.ouderdom,
    )


def late_left(connection: psycopg.Connection[Any], gemeente: str, now: datetime, keyed: Keyed) -> int | None:
    """How many catch-up messages the municipality still takes today; None: it set no limit."""
    limit = choices.current(connection, gemeente, Inhaalslag, Inhaalslag(), keyed).per_dag
    if limit is None:
        return None
    return max(0, limit - later.late_claimed(connection, gemeente, dutch_midnight(dutch_day(now))))


def require_basket(baskets: Baskets, code: str) -> None:
    """Raises Conflict: the municipality has no such basket (any more)."""
    if code in {b.code for b in baskets.setting.all()}:
        return
    finding = Bevinding(code="WERKBAK_ONBEKEND", oordeel="fout", melding="Deze werkbak bestaat niet (meer).", pointer="/werkbak")
    raise Conflict("WERKBAK_ONBEKEND", "Deze werkbak bestaat niet (meer); zie de instelling werkbakken.", errors=[finding])
