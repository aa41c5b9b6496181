"""A scenario as data: who it is for, where the rule stands, what to do, what must be seen, and what mends it.

Authority: issue of the conformance suite (F84). A judgement is pure: `oordeel` looks at what was observed and at nothing else, and what a
partner says of itself is not among it. `Gezien.goed` without anything seen does not exist: doing nothing passes no scenario.
"""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from gateway.conformance.observed import Waargenomen
from schemas.toets import Mond, Scenario, Toetssoort

Rol = Literal["schuldeiser", "gemeente"]
_LONGEST = 500


class Gezien(NamedTuple):
    """A judgement: whether it was as it must be, and what was seen (Dutch, one sentence, no values of anybody)."""

    goed: bool
    gezien: str


class Proef(NamedTuple):
    """One scenario. `kaarten` are the cards that it hands out (creditors); `bron` is the clause of the contract, or the rule."""

    naam: str
    rol: Rol
    mond: Mond
    soort: Toetssoort
    bron: str
    opdracht: str
    verwacht: str
    herstel: str
    oordeel: Callable[[Waargenomen], Gezien]
    kaarten: tuple[str, ...] = ()


class Oordeel(NamedTuple):
    """How one scenario ended."""

    proef: Proef
    gezien: Gezien

    def regel(self) -> Scenario:
        """As a line of the result."""
        proef, (goed, gezien) = self
        said = None if goed else f"Gezien: {gezien} Verwacht: {proef.verwacht} Herstel: {proef.herstel}"[:_LONGEST]
        return Scenario(naam=proef.naam, soort=proef.soort, uitkomst="geslaagd" if goed else "gezakt", toelichting=said)


def judge(proeven: Iterable[Proef], seen: Waargenomen) -> list[Oordeel]:
    """Every scenario judged by what was observed."""
    return [Oordeel(proef, proef.oordeel(seen)) for proef in proeven]


def goed(gezien: str) -> Gezien:
    """As it must be."""
    return Gezien(True, gezien)


def fout(gezien: str) -> Gezien:
    """Not as it must be, or not seen at all."""
    return Gezien(False, gezien)
