"""The life cycle of a participant as a table; nothing is said here of what a step asks.

Authority: contract, states (`aangemeld -> in_test -> getoetst -> schaduw -> actief -> opgeschort / beeindigd`). The database holds to the
same table (migration 0020). Leaves what has to be shown to `poorten`.
"""

from collections.abc import Mapping

from gateway.core.errors import Conflict

PAD = ("aangemeld", "in_test", "getoetst", "schaduw", "actief")
"""The way in, in order."""
EINDE = "beeindigd"
OVERGANGEN: Mapping[str, frozenset[str]] = {
    "aangemeld": frozenset({"in_test", EINDE}),
    "in_test": frozenset({"getoetst", EINDE}),
    "getoetst": frozenset({"in_test", "schaduw", EINDE}),
    "schaduw": frozenset({"actief", "opgeschort", EINDE}),
    "actief": frozenset({"opgeschort", EINDE}),
    "opgeschort": frozenset({"schaduw", "actief", EINDE}),
    EINDE: frozenset(),
}


def require_step(van: str, naar: str) -> None:
    """Raises Conflict: the table has no step from one status to the other."""
    if naar not in OVERGANGEN[van]:
        onward = ", ".join(sorted(OVERGANGEN[van])) or "geen enkele"
        raise Conflict("OVERGANG_NIET_TOEGESTAAN", f"Van {van} naar {naar} is geen stap van de levenscyclus; van {van} kan naar {onward}.")


def way_to(status: str) -> tuple[str, ...]:
    """The statuses after `aangemeld` that lead to this one, itself last."""
    if status in PAD:
        return PAD[1 : PAD.index(status) + 1]
    return (*PAD[1:], status)
