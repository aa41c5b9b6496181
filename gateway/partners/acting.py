"""For whom a party acts: the one home of that question, whichever mouth a message came through.

Authority: contract, "who is who": a party acts for itself or under a mandate with dates; it must name its principal when there is more
than one. Leaves who the party is (a certificate, an SFTP key) to the edges.
"""

from contextlib import suppress
from datetime import date, datetime

from gateway.core.clock import dutch_day
from gateway.core.errors import Forbidden, Invalid
from gateway.partners.register import Deelnemer, Register
from schemas.types import Oin

PRINCIPAL = {"uitvoerder": "gemeente", "toezichthouder": "gemeente", "verwerker": "gemeente"}
"""Roles that exist under a mandate only, and the role of whom they act for."""
INTEGRATOR, BEHEERDER = "integrator", "beheerder"
ITSELF = frozenset({INTEGRATOR, BEHEERDER})
"""Roles in which a party acts for itself alone; a mandate says whose way in an integrator looks after, never in whose name it speaks."""


def principal(register: Register, party: Deelnemer, named: Oin | None, rol: str, day: date, *, schaduw: bool = False) -> Deelnemer:
    """For whom `party` acts in a role on a day; `named` is whom it says so itself. `schaduw`: who is in shadow may do this too.

    Raises:
        Forbidden: suspended, without the role, without a mandate. Invalid: nobody is named while there is more than one.
    """
    require_active(party, schaduw=schaduw)
    mandates = frozenset[Oin]() if rol in ITSELF else register.principals(party.oin, rol, day)
    if named is None:
        named = _only(mandates | {party.oin} if rol in party.rollen and rol not in PRINCIPAL else mandates)
    elif (named != party.oin or rol in PRINCIPAL) and named not in mandates:
        raise Forbidden("MANDAAT_ONTBREEKT", "Er is geen geldig mandaat om namens deze organisatie te handelen.")
    found = register.partner(named)
    if found is None or PRINCIPAL.get(rol, rol) not in found.rollen:
        raise _without_role()
    require_active(found, schaduw=schaduw)
    return found


def principal_of(register: Register, oin: Oin, named: Oin | None, rol: str, day: date, *, schaduw: bool = False) -> Deelnemer:
    """The same for a party that a file or a key names by its OIN; one that is not registered has no role. Raises Forbidden, Invalid."""
    party = register.partner(oin)
    if party is None:
        raise _without_role()
    return principal(register, party, named, rol, day, schaduw=schaduw)


def principals(register: Register, party: Deelnemer, rol: str, day: date) -> list[Oin]:
    """Everybody that `party` may name in a role on a day, itself included: nobody when it is suspended."""
    found = []
    for named in sorted(register.principals(party.oin, rol, day) | {party.oin}):
        with suppress(Forbidden):
            found.append(principal(register, party, named, rol, day).oin)
    return found


def reached(register: Register, rol: str, now: datetime) -> frozenset[Oin]:
    """Everybody for whom somebody can come to the doors in a role now."""
    day = dutch_day(now)
    return frozenset(oin for party in register.certified(now) for oin in principals(register, party, rol, day))


def require_active(deelnemer: Deelnemer, *, schaduw: bool = False) -> None:
    """Raises Forbidden: suspended, or not yet active (nor in shadow, where that is enough)."""
    if not (deelnemer.actief or (schaduw and deelnemer.in_schaduw)):
        raise Forbidden("DEELNEMER_NIET_ACTIEF", "Deze deelnemer is (nog) niet actief of opgeschort; neem contact op met de beheerder.")


def _only(candidates: frozenset[Oin]) -> Oin:
    if len(candidates) > 1:
        raise Invalid("NAMENS_VERPLICHT", "U kunt hier voor meer dan één organisatie handelen; noem haar OIN in Namens.")
    if not candidates:
        raise _without_role()
    return next(iter(candidates))


def _without_role() -> Forbidden:
    return Forbidden("ROL_ONTBREEKT", "Deze organisatie heeft geen rol bij deze dienst.")
