"""Keeps a residue for the statistics beside a delivery, in the same transaction, and only where all of this holds.

The purpose register has a row for the statistics on the day, the municipality let the gateway deliver DDAS, and its key is a managed one:
with an own key the municipality makes its export itself. Authority: AVG art. 5(1)(b); rule RT-02 (`WGS-9-statistiek`).
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

import psycopg

from gateway.core.chain import Judged, Sealed
from gateway.keys.keystore import KeyStore
from gateway.mailbox import residue as rows
from gateway.partners.register import Register
from gateway.partners.rows import sealer
from gateway.sealing import residue

Link = psycopg.Connection[Any]
Keeper = Callable[[Link, Sequence[Judged], Sequence[Sealed], Register, date], None]


class Residues(NamedTuple):
    """Made by the composition root. `allowed` asks the purpose register whether it may be kept on a day."""

    keys: KeyStore
    allowed: Callable[[date], bool]

    def keep(self, connection: Link, judged: Sequence[Judged], sealed: Sequence[Sealed], register: Register, day: date) -> None:
        """Keep what may be kept of a chunk; `judged` and `sealed` stand in the same order."""
        managed = {s.header.gemeente for s in sealed if _is_managed(register, s.header.gemeente)}
        if not managed or not self.allowed(day):
            return
        wanted = rows.wanted(connection, sorted(managed), sealer(self.keys))
        if wanted:
            pairs = [pair for pair in zip(judged, sealed, strict=True) if pair[1].header.gemeente in wanted]
            rows.keep(connection, residue.seal(pairs, self.keys))


def nothing(_connection: Link, _judged: Sequence[Judged], _sealed: Sequence[Sealed], _register: Register, _day: date) -> None:
    """Keep nothing: what a flow does unless the composition root says otherwise."""


def _is_managed(register: Register, gemeente: str) -> bool:
    key = register.sealing_key(gemeente)
    return key is not None and key.wijze == "beheerd"
