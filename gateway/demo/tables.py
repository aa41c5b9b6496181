"""The demo's story as tables that a person understands. Shows counts, codes and what a code means; no person data.

Leaves judging to `expectations`.
"""

import re
from collections import Counter

from rich.console import Console
from rich.table import Table

from gateway.demo.expectations import Month, accepted
from gateway.sandbox.parties import GEMEENTEN

_FORM = re.compile(r" \([^)]*[\\^$][^)]*\)+| \(element [^)]*\)")  # a pattern is for programmers, a line for who has the file


def show(month: Month, console: Console) -> None:
    """Print who delivered what, what was refused and why, who received what, and the totals."""
    console.print(_creditors(month), _refusals(month), _desks(month), sep="\n")
    offered, speed = len(month.landed), len(month.landed) / month.delivering
    receipts = sum(delivery.receipts for delivery in month.deliveries.values())
    received = sum(desk.received for desk in month.collected.values())
    console.print(f"Aanleveren: {offered} signalen in {month.delivering:.1f} s ({speed:.0f} per seconde).")
    console.print(f"Ontvangstbewijzen: {receipts} handtekeningen gecontroleerd met de sleutels van de gateway.")
    console.print(f"Ophalen: {received} berichten geclaimd, geopend en twee keer bevestigd in {month.collecting:.1f} s.")
    state = "klopt" if month.log.ok else "KLOPT NIET"
    console.print(f"log: {state} ({month.log.leaves} regels, {month.log.checkpoints} ondertekende controlepunten)")


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


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=not number, min_width=len(column) if number else None)
    return table
