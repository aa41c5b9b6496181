"""The lives of a question and of an overview, as two pure tables: states x events.

Authority: contract, "states" (no path leaves a final state; what expired never becomes complete). An overview's event follows from what
happened to its questions (`news`); all its questions have one term, so they expire together. A withdrawal of what has ended moves
nothing: it adds a date. Leaves who may cause an event to the flows.
"""

from collections.abc import Iterable
from typing import Final, Literal

from schemas.schuldenoverzicht import Overzichtstaat, Saldostaat

QuestionEvent = Literal["answer", "unknown", "decline", "expire", "withdraw"]
OverviewEvent = Literal["part", "complete", "expire", "withdraw"]

QUESTION: Final[dict[tuple[Saldostaat, QuestionEvent], Saldostaat]] = {
    ("open", "answer"): "beantwoord",
    ("open", "unknown"): "klant_onbekend",
    ("open", "decline"): "geen_medewerking",
    ("open", "expire"): "verlopen",
    ("open", "withdraw"): "ingetrokken",
}
OVERVIEW: Final[dict[tuple[Overzichtstaat, OverviewEvent], Overzichtstaat]] = {
    ("open", "part"): "deels",
    ("open", "complete"): "volledig",
    ("open", "expire"): "verlopen",
    ("open", "withdraw"): "ingetrokken",
    ("deels", "part"): "deels",
    ("deels", "complete"): "volledig",
    ("deels", "expire"): "verlopen",
    ("deels", "withdraw"): "ingetrokken",
}
RUNNING: Final[frozenset[Overzichtstaat]] = frozenset({"open", "deels"})
QUESTION_FINAL: Final[frozenset[Saldostaat]] = frozenset({"beantwoord", "klant_onbekend", "geen_medewerking", "verlopen", "ingetrokken"})
OVERVIEW_FINAL: Final[frozenset[Overzichtstaat]] = frozenset({"volledig", "verlopen", "ingetrokken"})


def question_after(state: Saldostaat, event: QuestionEvent) -> Saldostaat | None:
    """The state of a question after an event, or None when the event is not allowed."""
    return QUESTION.get((state, event))


def overview_after(state: Overzichtstaat, event: OverviewEvent) -> Overzichtstaat | None:
    """The state of an overview after an event, or None when the event is not allowed."""
    return OVERVIEW.get((state, event))


def news(still_open: int) -> OverviewEvent:
    """What an answer means for the overview, by how many of its questions are open after it."""
    return "part" if still_open else "complete"


def follows(questions: Iterable[Saldostaat]) -> Overzichtstaat:
    """The state that an overview with these questions has: the tables above never lead to another one (`tests/overviews`)."""
    states = set(questions)
    if "open" in states:
        return "deels" if states != {"open"} else "open"
    if "ingetrokken" in states:
        return "ingetrokken"
    return "verlopen" if "verlopen" in states else "volledig"
