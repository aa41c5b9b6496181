"""The life of a case, as one pure table, and which outcome each of its messages leaves with.

Authority: contract, "states" (no path leaves a final state; what repeats what is so changes nothing); DDAS v1.2 (a message that was not
taken up has its own status; a death is told as a result of the case only). Leaves what a creditor hears to the feedback policy.
"""

from typing import Literal

from gateway.feedback.outcomes import Inner
from schemas.codelijsten import Berichtstatus, Eindresultaat
from schemas.terugkoppeling import Onterechtgrond
from schemas.zaken import Zaakstaat

Event = Literal["attempt", "contact", "result"]

TRANSITIONS: dict[tuple[Zaakstaat, Event], Zaakstaat] = {
    ("open", "attempt"): "open",
    ("open", "contact"): "open",
    ("open", "result"): "afgesloten",
}
FINAL: frozenset[Zaakstaat] = frozenset({"afgesloten"})
NOT_TAKEN_UP: frozenset[Berichtstatus] = frozenset({"onterecht_signaal", "herhaalde_melding", "andere_reden", "geen_inwoner"})


def after(state: Zaakstaat, event: Event) -> Zaakstaat | None:
    """The state after an event, or None when the event is not allowed."""
    return TRANSITIONS.get((state, event))


def outcome(resultaat: Eindresultaat, status: Berichtstatus, grond: Onterechtgrond | None) -> Inner:
    """What one message of a closed case ends with: its own status when it was not taken up, else the result of the case."""
    if status in NOT_TAKEN_UP:
        return Inner("status", status, grond)
    return Inner("resultaat", resultaat, grond)
