"""`seinhuis console`: end sessions of people. Leaves the ending and its entries to `gateway.app.sessions`."""

from typing import Annotated

import typer

from gateway.app import sessions
from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.core.errors import Misconfigured

console_app = group("De console: sessies van mensen.")


@console_app.callback()
def people() -> None:
    """De console: sessies van mensen."""


@console_app.command("beeindig", cls=Opdracht)
def console_beeindig(
    wie: Annotated[str | None, typer.Option(help="Wiens sessies: zijn `sub` bij de aanmelddienst")] = None,
    alle: Annotated[bool, typer.Option("--alle", help="De sessies van iedereen")] = False,
) -> None:
    """Beëindig sessies meteen. Neem iemand eerst zijn rol of account af bij de aanmelddienst: anders meldt hij zich opnieuw aan."""
    if (wie is None) != alle or wie == "":
        raise Misconfigured("Zeg wiens sessies: --wie met de `sub` van een account, of --alle.")
    chosen = site.settings()
    site.require_kek(chosen)
    typer.echo(f"sessies beëindigd: {sessions.end_sessions(chosen, site.clock, wie)}")
