"""`seinhuis regels`: what holds on a day, and what changed between two. Only reads; needs no database and no key."""

from typing import Annotated

import typer

from gateway.app.settings import NORMS
from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import Dag, DagOptie, SectorKeuze, Soort, SoortKeuze, choice, sector_of
from gateway.rules import overview, rows
from gateway.rules.rows import Row
from gateway.rules.rulebook import Rulebook

regels_app = group("De regels: wat geldt er op een dag, en wat veranderde er.")


@regels_app.command("toon", cls=Opdracht)
def toon(
    datum: DagOptie,
    sector: Annotated[str, typer.Option(parser=sector_of, help="huur, elektriciteit, gas, …")],
    soort: Annotated[Soort, typer.Option(parser=choice(Soort), help=", ".join(Soort))] = Soort.VROEGSIGNAAL,
) -> None:
    """Toon wat op een dag geldt voor een sector: regel, code, oordeel, artikel, zekerheid, grenzen en melding."""
    typer.echo(f"{sector}, {soort}, {datum}")
    for row in overview.held(_book(), sector, soort, datum):
        limits = overview.limits(row)
        typer.echo(f"{row.id} {row.code}: {_verdict(row)}; {row.artikel} (zekerheid {row.zekerheid}){'; ' + limits if limits else ''}")
        typer.echo(f"    {overview.message(row)}")


@regels_app.command("verschil", cls=Opdracht)
def verschil(voor: Dag, na: Dag, sector: SectorKeuze = None, soort: SoortKeuze = None) -> None:
    """Toon welke regels tussen twee dagen begonnen, vervielen of veranderden."""
    book, found = _book(), 0
    for name in [sector] if sector else book.sectors():
        seen: set[str] = set()
        for kind in [soort] if soort else list(Soort):
            lines = [_line(change) for change in overview.changes(book, name, kind, voor, na)]
            for line in lines:
                if line not in seen:
                    typer.echo(line)
            found += len(set(lines) - seen)
            seen.update(lines)
    typer.echo(f"{found} verschillen tussen {voor} en {na}")


def _line(change: overview.Change) -> str:
    row = change.row
    told = "; ".join(f"{name}: {old or '-'} -> {new or '-'}" for name, (old, new) in change.fields.items())
    limits = overview.limits(row)
    shown = told or "; ".join(part for part in (_verdict(row), row.artikel, limits) if part)
    return f"{change.kind:10} {change.sector:14} {row.id} {row.code}: {shown}"


def _verdict(row: Row) -> str:
    return row.oordeel if row.actief else f"{row.oordeel} (staat uit)"


def _book() -> Rulebook:
    return Rulebook(rows.shipped(site.settings().state / NORMS), lambda row: False)
