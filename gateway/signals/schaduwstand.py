"""A list of all open signals, from whoever it comes: in earnest, or of a participant in shadow as a rehearsal of the whole.

Authority: contract, states and idempotency. Leaves comparing to `standen` and undoing to `schaduw`.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

import msgspec

from gateway.core.chain import Sender, Trace
from gateway.privacylog.entry import Frame
from gateway.signals import schaduw, standen
from gateway.signals.receive import Steps
from gateway.store.tenant import parties
from schemas.standen import StandEnvelop, StandVerslag
from schemas.toets import Mond

_GOOD = frozenset({"nieuw", "hoger", "lager", "opnieuw", "gelijk"})


def reconcile(  # noqa: PLR0913, PLR0917 - as `standen.reconcile`
    sender: Sender,
    trace: Trace,
    peildatum: date,
    stand: StandEnvelop,
    steps: Steps,
    number: Callable[[], object],
    canonical: bytes | None = None,
    mond: Mond = "api",
    *,
    rehearsed: bool = False,
) -> StandVerslag:
    """The report of a list. `rehearsed`: it is a rehearsal, whoever delivers. Raises as `standen.reconcile`."""
    if not rehearsed and not schaduw.applies(steps.register(), sender):
        return standen.reconcile(sender, trace, peildatum, stand, steps, number, canonical)[0]
    compare = partial(standen.reconcile, sender, trace, peildatum, stand, number=number, canonical=canonical)
    verslag, _ = schaduw.rehearse(sender.principal, steps, lambda mine: compare(steps=mine))
    good = sum(regel.uitkomst in _GOOD for regel in verslag.regels)
    frame = Frame(sender, trace, steps.clock.now(), steps.activity(schaduw.FLOW))
    with steps.database.transaction(parties(sender.party)) as connection:
        schaduw.note(connection, frame, mond, steps, (len(verslag.regels), good))
    steps.committed()
    return msgspec.structs.replace(verslag, schaduw=True)
