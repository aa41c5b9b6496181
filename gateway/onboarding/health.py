"""How the gateway itself is doing, as figures: how far the log's numbering is behind, and how many files wait. Nothing about a person.

Authority: F93; decision 0040. Leaves the loops of a process to the composition root, and the chain to `gateway.oversight`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from gateway.store.database import Transactions

LAG_MAX = 60.0
_LAG = "SELECT log_lag_seconds()"
_FILES = "SELECT state, count(*), min(received) FROM bestand GROUP BY state ORDER BY state"
_CHAIN = "SELECT size, at FROM log_checkpoint ORDER BY size DESC LIMIT 1"


class Round(NamedTuple):
    """A loop of this process; `failing`: the kind of error of its last round, empty when that went well."""

    name: str
    seconds: float
    failing: str


class Files(NamedTuple):
    """Files in one state, and since when the oldest is there."""

    state: str
    number: int
    oldest: datetime | None


class Health(NamedTuple):
    """`lag`: seconds that the oldest unnumbered entry is old; over `LAG_MAX` nothing is disclosed."""

    lag: float
    size: int
    signed: datetime | None
    files: tuple[Files, ...]
    rounds: tuple[Round, ...]

    @property
    def is_late(self) -> bool:
        """Whether disclosures are held up."""
        return self.lag > LAG_MAX


def look(database: Transactions, rounds: Callable[[], Sequence[Round]]) -> Health:
    """The figures of now (role gw_beheer). Raises Unavailable."""
    with database.transaction() as connection:
        lag = connection.execute(_LAG).fetchone()
        newest = connection.execute(_CHAIN).fetchone()
        files = tuple(Files(*row) for row in connection.execute(_FILES).fetchall())
    size, signed = newest or (0, None)
    return Health(float(lag[0]) if lag else 0.0, size, signed, files, tuple(rounds()))
