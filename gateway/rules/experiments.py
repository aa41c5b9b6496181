"""The checks on signals under an experiment: who takes part, which claim it is, how high and how old.

Authority: Wgs art. 10 (designated creditors and municipalities, at most five years), Tijdelijke regeling signaal
betalingsachterstanden (TR) art. 2.2 to 2.5; the figures and dates stand in the rows, which are the register of experiments. The
list of municipalities is judged in the second round (`context`), once the municipality is known.
"""

from collections.abc import Callable
from datetime import date

from gateway.rules.checks import FINE, HIT, Case, Check, Hit, Hits, months_before


def experiment(begonnen: date, rol: str) -> Check:
    """The creditor takes part in the experiment: registered in its role and for its sector. `begonnen` bounds the row (Wgs art. 10)."""

    def check(case: Case) -> Hits:
        return FINE if rol in case.creditor.rollen and case.signaal.sector in case.creditor.sectoren else HIT

    return check


def vordering_bekend(vorderingen: list[str]) -> Check:
    """The signal says which claim it is, and the experiment has it."""
    known = frozenset(vorderingen)
    return lambda case: FINE if case.signaal.achterstand.vordering in known else HIT


def vordering_gesloten(vorderingen: list[str]) -> Check:
    """No signal on these claims may pass."""
    closed = frozenset(vorderingen)
    return lambda case: HIT if case.signaal.achterstand.vordering in closed else FINE


def experimentbedrag(minimum: int, vorderingen: list[str]) -> Check:
    """The height of the arrears on these claims, in euro cents."""
    claims = frozenset(vorderingen)

    def check(case: Case) -> Hits:
        a = case.signaal.achterstand
        return (Hit(a.bedrag_cent, minimum),) if a.vordering in claims and a.bedrag_cent < minimum else FINE

    return check


def experimentduur(maanden: int) -> Check:
    """The arrears began `maanden` months or longer before the signal."""

    def check(case: Case) -> Hits:
        began, latest = case.signaal.achterstand.ontstaansdatum, months_before(case.signaal.signaaldatum, maanden)
        return FINE if began <= latest else (Hit(began, latest),)

    return check


def aanmaning() -> Check:
    """A demand (Invorderingswet 1990 art. 11) was sent on or before the day of the signal; no declaration makes up for it."""

    def check(case: Case) -> Hits:
        sent = case.signaal.inspanning.aanmaning_op
        return FINE if sent is not None and sent <= case.signaal.signaaldatum else HIT

    return check


def geen_uitstel() -> Check:
    """It was seen, after the demand and by the day of the signal, that no postponement runs (Invorderingswet 1990 art. 25)."""

    def check(case: Case) -> Hits:
        i = case.signaal.inspanning
        seen = i.geen_uitstel_op
        return FINE if seen is not None and seen <= case.signaal.signaaldatum and (i.aanmaning_op or seen) <= seen else HIT

    return check


_ALL: tuple[Callable[..., Check], ...] = (
    experiment, vordering_bekend, vordering_gesloten, experimentbedrag, experimentduur, aanmaning, geen_uitstel,
)  # fmt: skip
CHECKS: dict[str, Callable[..., Check]] = {check.__name__: check for check in _ALL}
"""What a row's `toets` may name for an experiment, besides the general checks."""
