"""Tokens that nothing else contains, one in every field about a person, so that a search of logs can prove their absence.

A date of birth and a house number cannot carry a token, a town is no person field, the postcode decides the route: these stay
as they were. Leaves the searching, and the control that it can find something, to the tests.
"""

from collections.abc import Callable
from copy import deepcopy
from hashlib import sha256
from itertools import count
from typing import Any, NamedTuple

Signal = dict[str, Any]


class Canary(NamedTuple):
    """A signal that is still well-formed, and the strings to search for."""

    signal: Signal
    tokens: tuple[str, ...]


def token_source(label: str) -> Callable[[], str]:
    """Tokens of ten characters `A-Z`, `0-9`, never the same twice; another `label` gives other tokens."""
    numbers = count()
    return lambda: "Q" + sha256(f"{label}/{next(numbers)}".encode()).hexdigest()[:8].upper() + "Z"


def canary(signal: Signal, token_source: Callable[[], str]) -> Canary:
    """A copy of `signal` with a token of its own in every person field.

    Args:
        signal: in wire form; fields it does not have stay absent, but for the house number addition, which always gets a token.
        token_source: gives a fresh string of at most ten characters `A-Z`, `0-9` on each call.

    Returns:
        The copy, and every token in it; of a phone number its last ten digits.
    """
    copy = deepcopy(signal)
    tokens: list[str] = []

    def token() -> str:
        tokens.append(token_source())
        return tokens[-1]

    def digits() -> str:
        tokens.append(f"{int.from_bytes(sha256(token_source().encode()).digest()) % 10**10:010d}")
        return tokens[-1]

    for person in copy["personen"]:
        person.update({name: token() for name in ("voorletters", "voorvoegsel", "achternaam") if name in person})
    copy["adres"]["toevoeging"] = token()
    contact = copy.get("contact") or {}
    if "telefoonnummers" in contact:
        contact["telefoonnummers"] = [f"+31970{digits()}" for _ in contact["telefoonnummers"]]
    if "emailadressen" in contact:
        contact["emailadressen"] = [f"{token()}@example.nl" for _ in contact["emailadressen"]]
    copy.update({name: token() for name in ("klantnummer", "contractkenmerk") if name in copy})
    return Canary(copy, tuple(tokens))
