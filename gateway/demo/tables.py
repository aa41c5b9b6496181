"""The demo's story as tables that a person understands, one screen per act. Shows counts, codes, amounts and what they mean; no person.

Leaves judging to `expectations`.
"""

import re
from collections import Counter

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from gateway.demo.debts import DESK
from gateway.demo.expectations import Month, accepted
from gateway.demo.overview import NAMES, Told
from gateway.privacylog.verify import Report
from gateway.sandbox.parties import GEMEENTEN
from schemas.overzicht import Overzicht, Totaal
from schemas.overzichtspagina import GAPS, KINDS
from schemas.paper import euro, on, short

_FORM = re.compile(r" \([^)]*[\\^$][^)]*\)+| \(element [^)]*\)")  # a pattern is for programmers, a line for who has the file
_SUMS = ("hoofdsom", "bijgekomen", "betaald", "te betalen")


def show_month(month: Month, console: Console) -> None:
    """Print who delivered what, what was refused and why, who received what, and the totals."""
    console.print(_creditors(month), _refusals(month), _desks(month), sep="\n")
    offered, speed = len(month.landed), len(month.landed) / month.delivering
    receipts = sum(delivery.receipts for delivery in month.deliveries.values())
    received = sum(desk.received for desk in month.collected.values())
    console.print(f"Aanleveren: {offered} signalen in {month.delivering:.1f} s ({speed:.0f} per seconde).")
    console.print(f"Ontvangstbewijzen: {receipts} handtekeningen gecontroleerd met de sleutels van de gateway.")
    console.print(f"Ophalen: {received} berichten geclaimd, geopend en twee keer bevestigd in {month.collecting:.1f} s.")


def show_overview(told: Told, console: Console) -> None:
    """Print what was asked and answered, the totals, what is missing, and where the page is."""
    made, count = told.made, len(told.asked.vragen)
    console.print(f"Gemeente {DESK.naam} vraagt {count} schuldeisers wat een cliënt nog moet betalen; elk ziet alleen zijn eigen vraag.")
    console.print(f"{len(told.given)} antwoorden meteen; wie zwijgt, heeft tot en met {on(made.uiterlijk)}.")
    console.print(_debts(made), _by_kind(made), _gaps(made), sep="\n")
    console.print(f"Van vraag tot pagina in {told.seconds:.1f} s; geen totaal is bewaard. De pagina om af te drukken:")
    console.print(str(told.page), markup=False, highlight=False, soft_wrap=True)


def show_log(log: Report, console: Console) -> None:
    """Print how the log is."""
    state = "klopt" if log.ok else "KLOPT NIET"
    console.print(f"log: {state} ({log.leaves} regels, {log.checkpoints} ondertekende controlepunten)")


def _creditors(month: Month) -> Table:
    table = _table("Aangeleverd", "schuldeiser", "signalen", "bulk", "los", "aanvaard", "herhaald", "geweigerd")
    for naam, delivery in month.deliveries.items():
        landed = delivery.landed
        refused = sum(one.id is None for one in landed)
        repeated = sum(one.repeated for one in landed)
        counts = (len(landed), len(landed) - delivery.singles, delivery.singles, len(landed) - refused - repeated, repeated, refused)
        table.add_row(naam, *map(str, counts))
    return table


def _refusals(month: Month) -> Table:
    table = _table("Geweigerd of vastgehouden, en waarom", "code", "aantal", "betekenis")
    table.columns[2].justify = "left"
    findings = [finding for one in month.landed for finding in one.refusals]
    meaning = {finding.code: _FORM.sub("", finding.melding) for finding in findings}
    for code, count in Counter(finding.code for finding in findings).most_common():
        table.add_row(code, str(count), meaning[code])
    return table


def _desks(month: Month) -> Table:
    table = _table("Per gemeente", "gemeente", "sleutel", "aanvaard", "ontvangen", "geopend", "bevestigd", "rondes")
    per_desk = accepted(month.landed)
    for gemeente in GEMEENTEN:
        desk = month.collected[gemeente.code]
        counts = (per_desk[gemeente.code], desk.received, len(desk.opened), desk.acknowledged, desk.rounds)
        table.add_row(gemeente.naam, "eigen" if gemeente.eigen else "beheerd", *map(str, counts))
    return table


def _debts(made: Overzicht) -> Table:
    table = _table("Per schuldeiser, in euro's (bijgekomen: rente en kosten)", "schuldeiser", "stand op", *_SUMS)
    for deel in made.schuldeisers:
        table.add_row(NAMES[deel.schuldeiser], short(deel.peildatum) if deel.peildatum else "", *_sums(deel.totaal))
    table.add_row("Totaal", "", *_sums(made.totaal), style="bold")
    return table


def _by_kind(made: Overzicht) -> Table:
    table = _table("Per soort", "soort", "aantal", *_SUMS)
    for deel in made.soorten:
        table.add_row(KINDS[deel.soort].partition(":")[0], str(deel.vorderingen), *_sums(deel.totaal))
    return table


def _gaps(made: Overzicht) -> Table:
    table = _table("Wat ontbreekt, en waarom", "schuldeiser", "waarom")
    table.columns[1].justify = "left"
    for gap in made.ontbreekt:
        table.add_row(NAMES[gap.schuldeiser], GAPS[gap.reden])
    return table


def _sums(found: Totaal | None) -> list[str]:
    amounts = (found.hoofdsom_cent, found.bijkomend_cent, found.betaald_cent, found.saldo_cent) if found else ()
    return [euro(cents).removeprefix("€ ") for cents in amounts]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=0)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=not number, min_width=len(column) if number else None)
    return table
