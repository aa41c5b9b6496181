"""How many persons the gateway made readable in one day, by who asked: undoing a pseudonym or a seal is worth more than any naming.

A reversal is a name that was hidden from who asks (unsealing) or a person's whole file (extract of art. 15): `omkering`. An opening is
content that the gateway itself opens with a key it keeps (merge file, overview): `opening`. A municipality that claims or reads again
what was sealed for it reverses nothing, and has no ceiling. Authority: security reference, P3 and P7; decision 0032. Counted in the
transaction of the effect, whose entry is its flow's: what is refused is not counted, and its refusal is logged at the door.
"""

from datetime import date
from typing import Any, Final, Literal

import psycopg

from gateway.core.chain import Sender
from gateway.core.errors import TooMany

Reversal = Literal["omkering", "opening"]
REVERSALS: Final = 50
"""An officer unseals a few in a week; a sweep of a municipality takes years, and each needs a second person."""
OPENINGS: Final = 10_000
"""Room for the letters of a month of the largest municipality in one day."""
_WORDS: Final[dict[Reversal, str]] = {"omkering": "namen ontzegeld of uittreksels gemaakt", "opening": "personen in bestanden geopend"}
_COUNT = """
INSERT INTO omkering (partij, gemeente, dag, soort, aantal) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (partij, gemeente, dag, soort) DO UPDATE SET aantal = omkering.aantal + excluded.aantal RETURNING aantal
"""


def left(connection: psycopg.Connection[Any], caller: Sender, gemeente: str, day: date, soort: Reversal, most: int) -> int:
    """How many of `most` this party may still make readable on a Dutch day."""
    query = "SELECT aantal FROM omkering WHERE partij = %s AND gemeente = %s AND dag = %s AND soort = %s"
    row = connection.execute(query, (caller.party, gemeente, day, soort)).fetchone()
    return max(0, most - (int(row[0]) if row else 0))


def count(connection: psycopg.Connection[Any], caller: Sender, gemeente: str, day: date, soort: Reversal, many: int, most: int) -> None:
    """Note that `many` persons are made readable on a Dutch day. Raises TooMany: more than `most` for this party and municipality."""
    row = connection.execute(_COUNT, (caller.party, gemeente, day, soort, many)).fetchone() if many else None
    if row is not None and row[0] > most:
        raise spent(soort, most)


def spent(soort: Reversal, most: int) -> TooMany:
    """What is told to who comes over the ceiling of a day."""
    return TooMany("OMKERINGEN_OP", f"Er worden op één dag voor u hoogstens {most} {_WORDS[soort]}. Ga morgen verder.", retry_after=3600)
