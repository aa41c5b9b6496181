"""What every director is, and the words between counterparties and the gateway behind the test door.

A director plans what is interfered with, plants what is due, and tells what the gateway has. Leaves judging to `judging_*`.
"""

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Protocol

import msgspec

from adapters.client.connection import Answer, Connection
from gateway.conformance.observed import Bestand, Feit
from gateway.conformance.plants import Plan
from gateway.core.errors import Unavailable

DIRECTOR_FAILED = (OSError, HTTPException)


class Regisseur(Protocol):
    """One kind of partner at one mouth."""

    @property
    def plans(self) -> list[Plan]:
        """What may be interfered with."""
        ...

    def stap(self) -> None:
        """Plant what is due. Called again and again."""
        ...

    def berichten(self) -> Mapping[str, tuple[Feit, ...]]:
        """The messages of the gateway, by scenario."""
        ...

    def bestanden(self) -> tuple[Bestand, ...]:
        """The partner's files."""
        ...

    def uitkomsten(self) -> Mapping[str, tuple[str, ...]]:
        """What counterparties got."""
        ...


def get(connection: Connection, path: str) -> Any:  # noqa: ANN401 - a JSON value
    """GET by a counterparty. Raises Unavailable: our own stage does not do what it should."""
    return _checked(connection.get(path), 200)


def post(connection: Connection, path: str, value: object) -> Any:  # noqa: ANN401
    """POST by a counterparty. Raises as `get`."""
    return _checked(connection.request("POST", path, msgspec.json.encode(value)), 200, 201)


def _checked(answer: Answer, *allowed: int) -> Any:  # noqa: ANN401
    if answer.status not in allowed:
        raise Unavailable("TOETS_MISLUKT", f"De toets zelf werkte niet: een tegenpartij kreeg status {answer.status}.")
    return answer.json()
