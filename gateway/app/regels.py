"""`seinhuis regels`: what holds on a day, and what changed between two. Only reads; needs no database and no key."""

from datetime import date
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.table import Table

from gateway.app.settings import NORMS, Settings
from gateway.core.errors import Misconfigured
from gateway.rules import overview, rows
from gateway.rules.rows import Row
from gateway.rules.rulebook import Rulebook
from schemas.signaal import Soort

app = typer.Typer(no_args_is_help=True, help="De regels: wat geldt er op een dag, en wat veranderde er.")
console = Console(soft_wrap=True)
_SOORTEN = get_args(Soort)


@app.command("toon")
def toon(
    datum: Annotated[str, typer.Option(help="JJJJ-MM-DD")],
    sector: Annotated[str, typer.Option(help="huur, elektriciteit, gas, …")],
    soort: Annotated[str, typer.Option(help="vroegsignaal, actualisering of eindelevering")] = "vroegsignaal",
) -> None:
    """Toon wat op een dag geldt voor een sector: regel, code, oordeel, artikel, zekerheid, grenzen en melding."""
    table = Table(title=f"{sector}, {_soort(soort)}, {datum}", title_justify="left")
    for column in ("regel", "code", "oordeel", "artikel", "zekerheid", "grenzen", "melding"):
        table.add_column(column, overflow="fold")
    for row in overview.held(_book(), sector, soort, _day(datum)):
        table.add_row(row.id, row.code, _verdict(row), row.artikel, row.zekerheid, overview.limits(row), overview.message(row))
    console.print(table, markup=False)


@app.command("verschil")
def verschil(
    voor: Annotated[str, typer.Argument(help="JJJJ-MM-DD")],
    na: Annotated[str, typer.Argument(help="JJJJ-MM-DD")],
    sector: Annotated[str | None, typer.Option(help="standaard alle sectoren")] = None,
    soort: Annotated[str | None, typer.Option(help="standaard alle soorten")] = None,
) -> None:
    """Toon welke regels tussen twee dagen begonnen, vervielen of veranderden."""
    book, found = _book(), 0
    for name in [sector] if sector else book.sectors():
        seen: set[str] = set()
        for kind in [_soort(soort)] if soort else _SOORTEN:
            lines = [_line(change) for change in overview.changes(book, name, kind, _day(voor), _day(na))]
            for line in lines:
                if line not in seen:
                    console.print(line, markup=False)
            found += len(set(lines) - seen)
            seen.update(lines)
    console.print(f"{found} verschillen tussen {voor} en {na}")


def _line(change: overview.Change) -> str:
    row = change.row
    told = "; ".join(f"{name}: {old or '-'} -> {new or '-'}" for name, (old, new) in change.fields.items())
    limits = overview.limits(row)
    shown = told or "; ".join(part for part in (_verdict(row), row.artikel, limits) if part)
    return f"{change.kind:10} {change.sector:14} {row.id} {row.code}: {shown}"


def _verdict(row: Row) -> str:
    return row.oordeel if row.actief else f"{row.oordeel} (staat uit)"


def _book() -> Rulebook:
    return Rulebook(rows.shipped(Settings().state / NORMS), lambda row: False)


def _soort(text: str) -> str:
    if text not in _SOORTEN:
        raise Misconfigured(f"Soort {text} bestaat niet; kies uit {', '.join(_SOORTEN)}.")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misconfigured(f"{text} is geen datum (JJJJ-MM-DD).") from None
