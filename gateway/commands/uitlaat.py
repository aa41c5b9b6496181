"""`seinhuis uitlaat`: hand the messages of a municipality on to the desk that it chose. `toets` works on files of this machine alone.

Authority: feature F87; `docs/uitlaat.md`. Leaves the layout to `adapters.desk`, what may travel to `gateway.policy`, and the rows of the
register to `gateway.onboarding`.
"""

from collections.abc import Iterator
from pathlib import Path

import typer

from adapters.desk import layout, writing
from adapters.desk.cells import Cell, Euros, Layout, Onvulbaar
from adapters.formats import profile
from adapters.synthetic.uitlaat import records
from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import Bestand
from gateway.core.clock import dutch_day
from gateway.core.errors import Misconfigured
from gateway.policy.register import PurposeRegister
from schemas.uitlaat import Uitlaatprofiel

DOEL, ROL = "WGS-3-1-b", "verwerker"
uitlaat_app = group("De uitlaat: berichten van een gemeente als bestand naar het loket dat zij koos.")


@uitlaat_app.command("toets", cls=Opdracht)
def toets(profiel: Bestand) -> None:
    """Controleer een uitlaatprofiel en toon een rij met verzonnen gegevens; eindigt met 1 als er iets niet te vullen is."""
    try:
        found = layout.load(profiel.read_bytes())
    except profile.Ongeldig as error:
        for fout in error.fouten:
            typer.echo(f"{profiel}, {fout.plek}: {fout.melding}")
        raise typer.Exit(1) from None
    for line in _example(found):
        typer.echo(line)
    gaps = list(layout.gaps(found, PurposeRegister.load().groups_for(DOEL, ROL, dutch_day(site.clock.now()))))
    for line in (*gaps, *layout.doubts(found)):
        typer.echo(f"{profiel}: {line}")
    typer.echo(f"{found.naam} versie {found.versie}: {'KLOPT NIET' if gaps else 'klopt'}")
    if gaps:
        raise typer.Exit(1)


def loaded(path: Path) -> tuple[Uitlaatprofiel, str]:
    """A profile and its text. Raises Misconfigured."""
    try:
        content = path.read_bytes()
        return layout.load(content), content.decode("utf-8-sig")
    except profile.Ongeldig as error:
        first = error.fouten[0]
        raise Misconfigured(f"{path.name}, {first.plek}: {first.melding} Alle fouten: `seinhuis uitlaat toets`.") from None


def _example(found: Uitlaatprofiel) -> Iterator[str]:
    """Every column with its cell, then the file itself unless it is a spreadsheet."""
    made = Layout(found)
    yield "Verzonnen gegevens; deze persoon bestaat niet."
    try:
        rows = [made.row(record) for record in records(1, dutch_day(site.clock.now()))]
    except Onvulbaar as refused:
        yield f"kolom {refused.kolom}: {refused.melding}"
        return
    yield from (f"  {head}: {_shown(cell)}" for head, cell in zip(made.heads, rows[0], strict=True))
    if found.formaat != "xlsx":
        content = b"".join(writing.write(made, rows))
        yield content.decode({"utf-8-bom": "utf-8-sig"}.get(found.bestand.codering, found.bestand.codering)).rstrip()


def _shown(cell: Cell) -> str:
    return f"{cell.cents / 100:.2f} (getal)" if isinstance(cell, Euros) else str(cell)
