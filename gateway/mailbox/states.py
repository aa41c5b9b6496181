"""The life of a message, as one pure table: states x events. Authority: contract, "states".

A final state has no way out; an event that repeats what is already so is no change. Withdrawal after a claim moves nothing (it
only adds a date) and so is not in the table; but a withdrawn message whose claim ends unacknowledged lapses: it is not offered
again. SQL in this package moves rows along these transitions only (`tests/store/test_mailbox_states.py` tries every pair).
"""

from typing import Literal

from schemas.inbox import Berichtstaat

Event = Literal["claim", "release", "receive", "process", "reject", "withdraw", "lapse", "expire", "forward"]

TRANSITIONS: dict[tuple[Berichtstaat, Event], Berichtstaat] = {
    ("bezorgd", "claim"): "geclaimd",
    ("bezorgd", "withdraw"): "ingetrokken",
    ("bezorgd", "expire"): "verlopen",
    ("geclaimd", "claim"): "geclaimd",
    ("geclaimd", "release"): "bezorgd",
    ("geclaimd", "lapse"): "ingetrokken",
    ("geclaimd", "receive"): "ontvangen",
    ("geclaimd", "process"): "verwerkt",
    ("geclaimd", "reject"): "afgewezen",
    ("ontvangen", "receive"): "ontvangen",
    ("ontvangen", "process"): "verwerkt",
    ("ontvangen", "reject"): "afgewezen",
    ("verwerkt", "process"): "verwerkt",
    ("verwerkt", "receive"): "verwerkt",
    ("afgewezen", "reject"): "afgewezen",
    ("geclaimd", "forward"): "doorgezonden",
    ("ontvangen", "forward"): "doorgezonden",
    ("doorgezonden", "forward"): "doorgezonden",
}
FINAL: frozenset[Berichtstaat] = frozenset({"verwerkt", "afgewezen", "doorgezonden", "ingetrokken", "verlopen"})


def after(state: Berichtstaat, event: Event) -> Berichtstaat | None:
    """The state after an event, or None when the event is not allowed."""
    return TRANSITIONS.get((state, event))
