"""What must be true after the demo: every refusal for the expected reason, everything accepted opened as sent and acknowledged.

Pure. Authority: `docs/contract.md`; the defects and their codes are those of `adapters.synthetic.defects`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gateway.demo.creditors import Delivery, Landed
from gateway.demo.desks import Collected
from gateway.privacylog.verify import Report


class Month(NamedTuple):
    """The whole demo: deliveries by creditor (name), collected by municipality (code), the log, seconds of both halves."""

    deliveries: Mapping[str, Delivery]
    collected: Mapping[str, Collected]
    log: Report
    delivering: float
    collecting: float

    @property
    def landed(self) -> list[Landed]:
        """All records of all creditors."""
        return [one for delivery in self.deliveries.values() for one in delivery.landed]


def accepted(landed: Sequence[Landed]) -> Counter[str]:
    """New messages by municipality code; a repeated record is no new message."""
    return Counter(one.gemeente for one in landed if one.gemeente and not one.repeated)


def failures(month: Month) -> Iterator[str]:
    """What is not as it should be, in Dutch, a line each and without person data; nothing when all is well."""
    yield from _verdicts(month.landed)
    per_desk = accepted(month.landed)
    if set(per_desk) - set(month.collected):
        yield "er is bezorgd bij een gemeente die niet meedoet"
    for code, desk in month.collected.items():
        counts = (per_desk[code], desk.received, len(desk.opened), desk.acknowledged)
        if len(set(counts)) != 1:
            yield "gemeente {}: {} aanvaard, {} ontvangen, {} geopend, {} bevestigd".format(code, *counts)
    changed = sum(not _as_sent(one, month.collected) for one in month.landed if one.id)
    if changed:
        yield f"{changed} berichten bevatten iets anders dan wat is verstuurd"
    yield from (f"log: {finding}" for finding in month.log.findings)


def _verdicts(landed: Sequence[Landed]) -> Iterator[str]:
    wrong: Counter[tuple[str, str]] = Counter()
    for one in landed:
        expected, actual = {one.offered.expected} - {None}, {finding.code for finding in one.refusals}
        if expected != actual or bool(one.refusals) == bool(one.id):
            wrong[one.offered.expected or "aanvaard", ", ".join(sorted(actual)) or "aanvaard"] += 1
    for (expected_code, actual_code), count in wrong.items():
        yield f"{count} signalen: {expected_code} verwacht, {actual_code} gekregen"


def _as_sent(one: Landed, collected: Mapping[str, Collected]) -> bool:
    desk = collected.get(one.gemeente or "")
    groups: Mapping[Any, dict[str, Any]] = desk.opened.get(one.id, {}) if desk and one.id else {}
    sent = one.offered.signal
    found = groups.get("identiteit", {})
    return bool(found.get("adres") == sent["adres"] and found.get("personen") == sent["personen"])
