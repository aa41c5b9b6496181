"""The dated table: which part of what is stored goes when. One list, that the round follows and `seinhuis bewaring` prints.

Authority: contract, "retention"; AVG art. 5 lid 1 onder e; rules RT-06 and VS-17 for match and contract keys. The term after technical
receipt is the purpose row's. Leaves the statements to the migration (functions that return a number and nothing of a row).
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from gateway.core.clock import dutch_midnight
from gateway.privacylog.destroying import Bewaardeel
from gateway.privacylog.term import AUDIT, FILES, FLOOR
from gateway.sealing.sealing import RETENTION
from gateway.triage.clocks import working_days_ago
from schemas.types import Gemeentecode

_DAY = timedelta(days=1)
QUARANTINE_WORKDAYS = 10
CASE_DAYS = 30
AUDIT_MONTHS, FILE_MONTHS = 24, 60
STATISTICS_DAYS = 60
"""After a quarter: signals of its last days still come in."""


class Term(NamedTuple):
    """A part, its term in months, days or working days (one of the three), and in words."""

    part: Bewaardeel
    words: str
    since: date
    months: int = 0
    days: int = 0
    workdays: int = 0

    def bound(self, today: date) -> datetime:
        """The instant (UTC) before which what is stored is over its term."""
        if self.workdays:
            return worked_before(today, self.workdays)
        return dutch_midnight(months_back(today, self.months) - timedelta(days=self.days))


_2026 = date(2026, 11, 22)
TERMS = (
    Term("contactgegevens", "gevonden contactgegevens: 30 dagen na het sluiten van de zaak", _2026, days=CASE_DAYS),
    Term("opslagweek", "wat onder de sleutel van een week staat: als die week voorbij is", _2026),
    Term("deling", "gedeelde groepssleutels: met de inhoud van hun bericht", _2026),
    Term("inhoudssleutel", "inhoudssleutels: 27 weken", _2026, days=RETENTION.days + 7),
    Term("adres", "adres- en persoonspseudoniem: 7 maanden", _2026, months=7),
    Term("contract", "contractpseudoniem: 15 maanden", _2026, months=15),
    Term("historie", "eigen historie van een gemeente: 7 maanden", _2026, months=7),
    Term("vingerafdruk", "vingerafdruk van een kenmerk: 24 maanden", _2026, months=24),
    Term("quarantaine", "aangehouden (kenmerk, reden, datum): 10 werkdagen", _2026, workdays=QUARANTINE_WORKDAYS),
    Term("zoekvraag", "naar wie een functionaris op een dag zocht (pseudoniem, voor het plafond): 7 dagen", _2026, days=7),
    Term("inzageverzoek", "verzoek om inzage en zijn treffers (berichten, geen namen): 24 maanden na het verzoek", _2026, months=24),
    Term("ontzegeling", "verzoek om een naam te openen, met besluit: 60 maanden", _2026, months=FILE_MONTHS),
    Term("medewerker_naam", "naam van een medewerker (verzegeld): 60 maanden na zijn laatste handeling", _2026, months=FILE_MONTHS),
)
LOG = (
    f"inhoud van de log, van geen gemeente (audit): {AUDIT_MONTHS} maanden; bladen en verklaringen van vernietiging blijven",
    f"inhoud van de log, van een gemeente (verwerkingen): {FILE_MONTHS} maanden, of wat zij koos (`seinhuis log termijn`)",
)
PAYLOAD = (
    "inhoud van een bericht: tot verwerkt of 10 werkdagen na ontvangst (de doelrij noemt de termijn); bij opvolging door mensen tot "
    "30 dagen na het sluiten van de zaak; nooit langer dan 26 weken, en zonder opvolging dan 13"
)


def months_back(day: date, months: int) -> date:
    """The same day so many calendar months earlier; the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def log_bounds(today: date, own: Mapping[Gemeentecode, int]) -> dict[str, datetime]:
    """Per profile of the log, the instant (UTC) before which its content is over its term. `own`: months that municipalities chose.

    24 months are at most 731 days; a day more, as the clock may have gone an hour forward since midnight then.
    """
    latest, months = today - FLOOR - _DAY, {AUDIT: AUDIT_MONTHS, FILES: FILE_MONTHS, **own}
    return {profile: dutch_midnight(min(months_back(today, n), latest)) for profile, n in months.items()}


def worked_before(today: date, workdays: int) -> datetime:
    """The instant (UTC) before which everything is at least so many working days old. Raises Misconfigured (a year without holidays)."""
    return dutch_midnight(working_days_ago(today, workdays) + _DAY)
