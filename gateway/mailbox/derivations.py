"""How many addresses a municipality has had named in one day, beside the signals that came: naming is an oracle, and has a bound.

Authority: security reference, attacks on pseudonyms (a caller that sweeps the space); the entry of each naming is its flow's. Counts only,
in the transaction of the naming: what is refused is not counted. Leaves the naming to `gateway.matching`.
"""

from datetime import date
from typing import Any

import psycopg

from gateway.core.errors import Unavailable

DAILY = 100_000
"""Room for the whole history of a large municipality at go-live; a sweep of all addresses of the country takes months."""
_COUNT = """
INSERT INTO afleiding (gemeente, dag, aantal) VALUES (%s, %s, %s)
ON CONFLICT (gemeente, dag) DO UPDATE SET aantal = afleiding.aantal + excluded.aantal RETURNING aantal
"""


def count(connection: psycopg.Connection[Any], gemeente: str, day: date, many: int) -> None:
    """Note that `many` addresses are named for a municipality on a Dutch day. Raises Unavailable: more than its share of the day."""
    row = connection.execute(_COUNT, (gemeente, day, many)).fetchone() if many else None
    if row is not None and row[0] > DAILY:
        detail = f"Op één dag worden hoogstens {DAILY} adressen benoemd. Ga morgen verder."
        raise Unavailable("AFLEIDINGEN_OP", detail, retry_after=3600)
