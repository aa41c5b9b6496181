"""The lives of an arrangement and of its messages, as two pure tables: states x events.

Authority: contract, "states": no path leaves a final state, silence is never agreement (SO-13), and who did not answer a pause or a
cooling-off period is told of its end all the same. A withdrawal of what has ended moves nothing: it adds a date. Leaves who may cause an
event to the flows.
"""

from typing import Final, Literal

from schemas.regelingen import Partijstaat, Regelingsoort, Regelingstaat

PartyEvent = Literal["confirm", "unknown", "decline", "agree", "agreed_before", "refuse", "expire", "withdraw"]
WholeEvent = Literal["end", "withdraw"]

WHOLE: Final[dict[tuple[Regelingstaat, WholeEvent], Regelingstaat]] = {
    ("lopend", "end"): "geeindigd",
    ("lopend", "withdraw"): "ingetrokken",
}
PARTY: Final[dict[tuple[Regelingsoort, Partijstaat, PartyEvent], Partijstaat]] = {
    ("kennisgeving", "open", "confirm"): "bevestigd",
    ("kennisgeving", "open", "unknown"): "klant_onbekend",
    ("kennisgeving", "open", "decline"): "geen_medewerking",
    ("kennisgeving", "open", "expire"): "geen_reactie",
    ("kennisgeving", "open", "withdraw"): "ingetrokken",
    ("afkoelingsperiode", "open", "confirm"): "bevestigd",
    ("afkoelingsperiode", "open", "unknown"): "klant_onbekend",
    ("afkoelingsperiode", "open", "expire"): "geen_reactie",
    ("afkoelingsperiode", "open", "withdraw"): "ingetrokken",
    ("betaalvoorstel", "open", "agree"): "akkoord",
    ("betaalvoorstel", "open", "agreed_before"): "akkoord_vooraf",
    ("betaalvoorstel", "open", "refuse"): "geweigerd",
    ("betaalvoorstel", "open", "expire"): "geen_reactie",
    ("betaalvoorstel", "open", "withdraw"): "ingetrokken",
}


def whole_after(state: Regelingstaat, event: WholeEvent) -> Regelingstaat | None:
    """The state of an arrangement after an event, or None when the event is not allowed."""
    return WHOLE.get((state, event))


def party_after(soort: Regelingsoort, state: Partijstaat, event: PartyEvent) -> Partijstaat | None:
    """The state of a message after an event, or None when the event is not allowed."""
    return PARTY.get((soort, state, event))
