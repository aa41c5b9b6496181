"""What must be true after the demo: every refusal for the expected reason, everything accepted opened as sent and acknowledged; an
overview that says what was answered, to the cent, and what is missing; a log that holds.

Pure. Authority: `docs/contract.md`; the defects and their codes are those of `adapters.synthetic.defects`. Sums are made here anew,
not with `schemas.assembling`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gateway.demo.creditors import Delivery, Landed
from gateway.demo.debts import CLIENT
from gateway.demo.desks import Collected
from gateway.demo.overview import Told
from gateway.privacylog.verify import Report
from schemas.paper import euro
from schemas.schuldenoverzicht import Saldoantwoord, Vorderingen


class Month(NamedTuple):
    """The first act: deliveries by creditor (name), collected by municipality (code), seconds of both halves."""

    deliveries: Mapping[str, Delivery]
    collected: Mapping[str, Collected]
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


def overview_failures(told: Told) -> Iterator[str]:
    """As `failures`, of the second act."""
    if told.made != told.own:
        yield "gateway en gemeente maakten niet hetzelfde overzicht"
    owed = {vraag.schuldeiser: _owed(told.given.get(vraag.schuldeiser)) for vraag in told.asked.vragen}
    if {deel.schuldeiser: deel.totaal.saldo_cent if deel.totaal else 0 for deel in told.made.schuldeisers} != owed:
        yield "het overzicht zegt iets anders dan de schuldeisers"
    if (told.made.totaal.saldo_cent if told.made.totaal else 0) != sum(owed.values()):
        yield "het totaal is niet de som van wat de schuldeisers zeggen"
    gaps = {(gap.schuldeiser, str(gap.reden)) for gap in told.made.ontbreekt}
    if gaps != {(oin, why) for oin in owed for why in _missing(told.given.get(oin))}:
        yield "het overzicht zegt niet wat ontbreekt"
    page = told.page.read_text(encoding="utf-8")
    if euro(sum(owed.values())) not in page or any(person.achternaam in page for person in CLIENT.personen):
        yield "op de pagina ontbreekt het totaal, of er staat een persoon op"


def log_failures(log: Report) -> Iterator[str]:
    """As `failures`, of the log."""
    return (f"log: {finding}" for finding in log.findings)


def _owed(answer: Saldoantwoord | None) -> int:
    return sum(one.saldo_cent or 0 for one in answer.vorderingen) if isinstance(answer, Vorderingen) else 0


def _missing(answer: Saldoantwoord | None) -> set[str]:
    if isinstance(answer, Vorderingen):
        return {str(one.soort) for one in answer.vorderingen if one.soort != "openstaand"}
    return {"klant_onbekend" if answer else "open"}


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
