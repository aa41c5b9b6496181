"""What the director can do to a request: be busy, lose the answer, change it, or do something beside it before it goes on.

Each is for one scenario and as often as it says. Pure but for its own count and what it is handed to call. Leaves when which is due to the
directors.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from gateway.conformance.door import Antwoord, Verzoek, problem
from gateway.conformance.observed import Uitwisseling

Past = Callable[[Uitwisseling], bool]
Json = dict[str, Any]


class Plan:
    """Interferes with requests that fit, `keren` times. As it is: it only marks the moment."""

    def __init__(self, naam: str, scenario: str, past: Past, keren: int = 1) -> None:
        """`past` sees a request before the gateway (status 0) and again after it."""
        self.naam = naam
        self.scenario = scenario
        self.past = past
        self.left = keren

    def vooraf(self, verzoek: Verzoek) -> Verzoek | Antwoord:
        """See `door.Ingreep`."""
        return verzoek

    def achteraf(self, verzoek: Verzoek, antwoord: Antwoord) -> Antwoord | None:
        """See `door.Ingreep`."""
        return antwoord


class Bezet(Plan):
    """The gateway is busy: 503 with Retry-After, and nothing was done."""

    def __init__(self, naam: str, scenario: str, past: Past, seconds: int) -> None:
        super().__init__(naam, scenario, past)
        self._seconds = seconds

    def vooraf(self, verzoek: Verzoek) -> Verzoek | Antwoord:
        """Refuse it for now."""
        detail = "Het is druk; probeer het later opnieuw."
        return problem(503, "Tijdelijk niet beschikbaar", "BEZET", detail, [(b"retry-after", b"%d" % self._seconds)])


class Verlies(Plan):
    """It is done, and the answer never arrives."""

    def achteraf(self, verzoek: Verzoek, antwoord: Antwoord) -> Antwoord | None:
        """Break off."""
        return None


class Wijzig(Plan):
    """The answer is another one."""

    def __init__(self, naam: str, scenario: str, past: Past, change: Callable[[Json], Json], keren: int = 1) -> None:
        """`change` gets the JSON of the answer, and may take its time or do something elsewhere first."""
        super().__init__(naam, scenario, past, keren)
        self._change = change

    def achteraf(self, verzoek: Verzoek, antwoord: Antwoord) -> Antwoord | None:
        """Change it."""
        return antwoord._replace(body=msgspec.json.encode(self._change(msgspec.json.decode(antwoord.body))))


class Plannen:
    """All that may still happen; used by the door from several threads."""

    def __init__(self, plans: Iterable[Plan]) -> None:
        self._plans = list(plans)
        self._lock = threading.Lock()

    def __call__(self, verzoek: Verzoek, seen: Uitwisseling) -> Plan | None:
        """The first plan that fits, used up by one."""
        with self._lock:
            found = next((plan for plan in self._plans if plan.left > 0 and plan.past(seen)), None)
            if found is not None:
                found.left -= 1
            return found


def new_field(answer: Json) -> Json:
    """The answer of a next version: members that nobody knows yet, at the top and in every part of a list."""
    extra = {"toetsveld": "nieuw in een volgende versie"}
    lists = {name: value for name, value in answer.items() if isinstance(value, list)}
    parts = {name: [{**one, **extra} if isinstance(one, dict) else one for one in value] for name, value in lists.items()}
    return {**answer, **parts, **extra}
