"""`seinhuis doelen`: what the purpose register allows on a day, and its export as register of processing activities (AVG art. 30).

Reads files of the product only: no database, no key. Leaves the columns to `gateway.policy.art30`.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
import typer

from gateway.api import openapi
from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import DagKeuze, choice
from gateway.core.clock import dutch_day
from gateway.policy import art30
from gateway.policy.register import PurposeRegister
from schemas.verwerkingsregister import Verwerkingsregister

doelen_app = group("Het doelbindingsregister: wat reist waarvoor naar wie.")


class Vorm(StrEnum):
    """The forms of the export."""

    HTML = "html"
    JSON = "json"


def export(purposes: PurposeRegister) -> Verwerkingsregister:
    """The art. 30 register of this product."""
    return art30.register(purposes, openapi.activities())


@doelen_app.command("toon", cls=Opdracht)
def toon(datum: DagKeuze = None) -> None:
    """Toon wat er op een dag mag reizen en wie wat mag openen."""
    day: date = datum or dutch_day(site.clock.now())
    purposes = PurposeRegister.load()
    typer.echo(f"registerversie {purposes.version}, op {day}")
    for doel, row in art30.on(purposes, day):
        who = f"{row.afzender} -> {row.ontvanger}" if row.afzender else f"{row.ontvanger} opent"
        typer.echo(f"{doel}  {row.id}  {who}  [{', '.join(row.berichtsoorten)}]  {row.artikel}")


@doelen_app.command("export", cls=Opdracht)
def export_command(vorm: Annotated[Vorm, typer.Option(parser=choice(Vorm), help="html of json")] = Vorm.HTML) -> None:
    """Schrijf het register van verwerkingsactiviteiten (AVG art. 30) naar de uitvoer."""
    found = export(PurposeRegister.load())
    typer.echo(art30.as_html(found) if vorm is Vorm.HTML else msgspec.json.format(msgspec.json.encode(found)).decode(), nl=False)
