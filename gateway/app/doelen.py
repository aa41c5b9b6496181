"""`seinhuis doelen`: what the purpose register allows on a day, and its export as register of processing activities (AVG art. 30).

Reads files of the product only: no database, no key. Leaves the columns to `gateway.policy.art30`.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
import typer

from gateway.api import openapi
from gateway.core.clock import SystemClock, dutch_day
from gateway.policy import art30
from gateway.policy.art30 import Verwerkingsregister
from gateway.policy.register import PurposeRegister

app = typer.Typer(no_args_is_help=True, help="Het doelbindingsregister.")


class Vorm(StrEnum):
    """The forms of the export."""

    html = "html"
    json = "json"


def operations() -> Iterator[tuple[str, str]]:
    """(activity, `METHOD path`) of every operation of every door."""
    return ((o.activity, f"{o.method} {api.base}{o.path}") for api in openapi.APIS for o in api.operations)


def export(purposes: PurposeRegister) -> Verwerkingsregister:
    """The art. 30 register of this product."""
    return art30.register(purposes, operations())


@app.command("toon")
def toon(datum: Annotated[str | None, typer.Option(help="JJJJ-MM-DD; vandaag als zij ontbreekt")] = None) -> None:
    """Toon wat er op een dag mag reizen en wie wat mag openen."""
    day = date.fromisoformat(datum) if datum else dutch_day(SystemClock().now())
    purposes = PurposeRegister.load()
    typer.echo(f"registerversie {purposes.version}, op {day}")
    for doel, row in art30.on(purposes, day):
        who = f"{row.afzender} -> {row.ontvanger}" if row.afzender else f"{row.ontvanger} opent"
        typer.echo(f"{doel}  {row.id}  {who}  [{', '.join(row.berichtsoorten)}]  {row.artikel}")


@app.command("export")
def export_command(vorm: Annotated[Vorm, typer.Option(help="html of json")] = Vorm.html) -> None:
    """Schrijf het register van verwerkingsactiviteiten (AVG art. 30) naar de uitvoer."""
    found = export(PurposeRegister.load())
    typer.echo(art30.as_html(found) if vorm is Vorm.html else msgspec.json.format(msgspec.json.encode(found)).decode(), nl=False)
