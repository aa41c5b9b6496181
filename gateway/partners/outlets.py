"""Whether the desk that a municipality chose may have its messages on a day: one home of that question, for the job and for the mailbox.

Authority: feature F87; AVG art. 28 (a processor acts under an agreement and a mandate of the municipality); architecture, keys (the outlet
needs a managed key). Both ends of a period count. Leaves the layout to `adapters.desk`, and what may travel to the purpose register.
"""

from datetime import date
from typing import NamedTuple

from gateway.core.errors import Conflict, SeinhuisError
from gateway.partners import acting
from gateway.partners.mailroom import Uitlaat
from gateway.partners.register import Register, holds
from gateway.partners.sealkeys import Partijsleutel
from schemas.types import Gemeentecode, Oin

ROL = "verwerker"


class Outlet(NamedTuple):
    """What was registered, the party of the municipality that the desk acts for, and the key that its files are sealed to."""

    uitlaat: Uitlaat
    gemeente: Oin
    sleutel: Partijsleutel


def outlet(register: Register, gemeente: Gemeentecode, day: date) -> Outlet:
    """The outlet of a municipality, as far as it may be used on a day. Raises Conflict: why nothing leaves."""
    found = register.outlets.get(gemeente)
    if found is None:
        raise Conflict("UITLAAT_ONTBREEKT", "Deze gemeente heeft geen uitlaat die aan staat.")
    require_managed(register, gemeente)
    if not max(found.getekend_op, found.geldig_van) <= day or not holds(found.geldig_van, found.geldig_tot, day):
        raise Conflict("UITLAAT_OVEREENKOMST", f"De verwerkersovereenkomst {found.overeenkomst} geldt niet op {day}.")
    party, key = register.partner(found.loket), register.party_key(found.loket)
    if party is None or not party.actief:
        raise Conflict("UITLAAT_LOKET", f"Het loket {found.loket} is (nog) niet actief of opgeschort.")
    principals = [oin for oin in acting.principals(register, party, ROL, day) if oin != party.oin]
    own = next((oin for oin in principals if register.deelnemers[oin].gemeentecode == gemeente), None)
    if own is None:
        raise Conflict("UITLAAT_MANDAAT", f"Het loket {found.loket} heeft geen geldig mandaat van deze gemeente als verwerker.")
    if key is None:
        raise Conflict("UITLAAT_ZONDER_SLEUTEL", f"Het loket {found.loket} heeft geen sleutel om bestanden voor te verzegelen.")
    return Outlet(found, own, key)


def require_managed(register: Register, gemeente: Gemeentecode) -> None:
    """Raises Conflict: the gateway cannot open what is sealed for this municipality."""
    key = register.sealing_key(gemeente)
    if key is None or key.wijze != "beheerd":
        raise Conflict(
            "EIGEN_SLEUTEL",
            "Met een eigen sleutel kan de gateway niets openen: de gemeente haalt berichten zelf op en geeft ze door aan haar loket.",
        )


def served(register: Register, loket: Oin, day: date) -> frozenset[Gemeentecode]:
    """The municipalities whose messages a desk may have on a day."""
    return frozenset(u.gemeentecode for u in register.outlets.values() if u.loket == loket and _may(register, u.gemeentecode, day))


def _may(register: Register, gemeente: Gemeentecode, day: date) -> bool:
    try:
        outlet(register, gemeente, day)
    except SeinhuisError:
        return False
    return True
