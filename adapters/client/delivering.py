"""Deliveries over the API, patiently: what broke off or is too busy is sent again under the same kenmerk, which is safe.

Authority: contract, "/schuldeiser/v1" and idempotency. An answer that says no is passed on; it is never tried again. Leaves what is in a
delivery to the caller.
"""

import http.client
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from adapters.client.connection import Answer, Connection
from schemas.ontvangst import Aanlevering, Verslag, VerslagRegel
from schemas.problem import Problem
from schemas.standen import StandVerslag

ROOT = "/schuldeiser/v1"
WAITS = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before each next try."""


class Refused(Exception):
    """The gateway said no, or could not be reached; the message is Dutch."""


class Deliverer:
    """One partner's deliveries; `namens` is the principal. `connect` opens a connection; `wait` sleeps between tries."""

    def __init__(self, connect: Callable[[], Connection], namens: str | None = None, wait: Callable[[float], None] = time.sleep) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._headers = {"Namens": namens} if namens else {}
        self._wait = wait

    def deliver(self, envelop: dict[str, Any]) -> tuple[Aanlevering, Sequence[VerslagRegel]]:
        """One delivery and its report. Raises Refused."""
        done = msgspec.json.decode(self._ask("POST", "/aanleveringen", envelop).body, type=Aanlevering)
        report = msgspec.json.decode(self._ask("GET", f"/aanleveringen/{done.id}/verslag").body, type=Verslag)
        return done, report.regels

    def reconcile(self, peildatum: str, stand: dict[str, Any]) -> StandVerslag:
        """A list of all open signals. Raises Refused."""
        return msgspec.json.decode(self._ask("PUT", f"/standen/{peildatum}", stand).body, type=StandVerslag)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, value: object = None) -> Answer:
        body = msgspec.json.encode(value) if value is not None else None
        why = ""
        for seconds in (*WAITS, None):
            try:
                self._connection = self._connection or self._connect()
                answer = self._connection.request(method, f"{ROOT}{path}", body, dict(self._headers))
            except (OSError, http.client.HTTPException) as error:
                self.close()
                why = f"De verbinding brak af ({type(error).__name__})."
            else:
                if answer.status < 300:
                    return answer
                why = _reason(answer)
                if answer.status < 500:
                    break
            if seconds is not None:
                self._wait(seconds)
        raise Refused(why)


def _reason(answer: Answer) -> str:
    try:
        problem = msgspec.json.decode(answer.body, type=Problem)
    except msgspec.DecodeError:
        return f"De gateway antwoordde met {answer.status}."
    found = "; ".join(f"{error.pointer or ''} {error.melding}".strip() for error in (problem.errors or [])[:5])
    return f"{problem.detail} ({problem.code}) {found}".strip()
