"""The checks on a threatening situation: whether the sector can cause it, and whether it was announced in time.

Authority: Wgs art. 4 lid 2 (what is threatening), stcrt-2023-10020 (20 working days before the end of supply). The clocks that
follow run at the municipality.
"""

from collections.abc import Callable

from gateway.core.workdays import workdays_between
from gateway.rules.checks import FINE, HIT, Case, Check, Hit, Hits


def crisis_past(soorten: list[str]) -> Check:
    """A threatening situation is one that this sector can cause."""
    kinds = frozenset(soorten)
    return lambda case: FINE if case.signaal.crisis is None or case.signaal.crisis.soort in kinds else HIT


def aankondiging(werkdagen: int) -> Check:
    """An announced end of supply lies that many working days or more after the signal."""

    def check(case: Case) -> Hits:
        day, crisis = case.signaal.signaaldatum, case.signaal.crisis
        if crisis is None or crisis.beoogde_datum is None or day > case.today:
            return FINE
        found = workdays_between(day, crisis.beoogde_datum, werkdagen)
        return FINE if found >= werkdagen else (Hit(found, werkdagen),)

    return check


def crisis_gemeld(soorten: list[str]) -> Check:
    """The creditor announces one of these situations."""
    kinds = frozenset(soorten)
    return lambda case: HIT if case.signaal.crisis is not None and case.signaal.crisis.soort in kinds else FINE


_ALL: tuple[Callable[..., Check], ...] = (crisis_past, aankondiging, crisis_gemeld)
CHECKS: dict[str, Callable[..., Check]] = {check.__name__: check for check in _ALL}
"""What a row's `toets` may name for a threatening situation, besides the general checks."""
