"""What every key in the key store is called, in one place: a name says the domain, the recipient, the purpose and the version.

Authority: `docs/crypto.md`. The name is the key's identity: it is bound to the wrapped key as associated data, and for a key
pair it is also the `kid`. A new version is a new name, hence a new random key. Leaves making and keeping keys to `keystore`.
"""

from datetime import date
from typing import NamedTuple

from schemas.types import Gemeentecode, Oin

LOG_VERSION = 1

FINGERPRINT = "D-ops/vingerafdruk/1"
REGISTER = "D-ops/register/1"
CONTEXT = "D-ops/context/1"
SPOOL = "D-ops/spool/1"
CHECKPOINT = "D-log/controlepunt/1"
EMPLOYEES = "D-log/medewerker/1"
RECEIPT = "ontvangstbewijs/1"
TEST = "toetsuitslag/1"


class Versions(NamedTuple):
    """Which versions (1 to 255) of a municipality's pseudonyms are made: the leading one, and during an overlap the next one."""

    leading: int = 1
    next: int | None = None


FIRST = Versions()


def pseudonym(gemeente: Gemeentecode, doel: str, version: int) -> str:
    """Pseudonyms of one municipality for one purpose."""
    return f"D-match/{gemeente}/{doel}/{version}"


def commitment(version: int = LOG_VERSION) -> str:
    """Commitments in log entries; lives as long as the log."""
    return f"D-log/{version}"


def log_subject(gemeente: Gemeentecode) -> str:
    """Who the log of one municipality speaks of: a domain of its own that outlives the versions of pseudonyms, as the log does."""
    return f"D-log/betrokkene/{gemeente}/1"


def storage(owner: Gemeentecode | Oin, week: str) -> str:
    """The outer layer of payloads of one municipality or party that expire in one ISO week (`2027-W21`)."""
    return f"opslag/{owner}/{week}"


def managed(gemeente: Gemeentecode, number: int = 1) -> str:
    """The key pair that the gateway keeps for a municipality without a key of its own; also its `kid`."""
    return f"gemeente/{gemeente}/{number}"


def managed_party(oin: Oin, number: int = 1) -> str:
    """The same for a party that was registered without a key of its own."""
    return f"partij/{oin}/{number}"


def statistics(gemeente: Gemeentecode, day: date) -> str:
    """The residues for the statistics of one municipality and quarter (`2026-K4`)."""
    return f"opslag-statistiek/{gemeente}/{quarter(day)}"


def statistics_ids(gemeente: Gemeentecode, version: int = 1) -> str:
    """Names signals in what goes to the statistics; says nothing in any other domain."""
    return f"D-stat/{gemeente}/{version}"


def lasting(name: str) -> bool:
    """Whether a key lives longer than a week or quarter: never made anew when it is missing, for then all that it named is lost."""
    return not name.startswith(("opslag/", "opslag-statistiek/"))


def iso_week(day: date) -> str:
    """The ISO week of a day, as `2026-W48`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def quarter(day: date) -> str:
    """The quarter of a day, as `2026-K4`."""
    return f"{day.year}-K{(day.month + 2) // 3}"
