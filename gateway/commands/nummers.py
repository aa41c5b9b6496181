"""`seinhuis deelnemer`, number fields in which too many numbers pass the eleven-test: show them, and release one after review.

Authority: `gateway.mailbox.numberwatch`. Numbers themselves are nowhere to be seen: ask the partner.
"""

from datetime import UTC
from typing import Annotated, get_args

import typer

from gateway.commands import site
from gateway.commands.dutch import Opdracht
from gateway.commands.toelating import deelnemer_app
from gateway.commands.values import Nummerveld as Veldnaam
from gateway.commands.values import Oin, Tot, choice
from gateway.mailbox.numberwatch import Field, Held
from gateway.onboarding import numberfields
from schemas.types import Nummerveld

__all__ = ["deelnemer_app"]
_FIELDS: dict[str, Nummerveld] = {name: name for name in get_args(Nummerveld)}


@deelnemer_app.command("nummervelden", cls=Opdracht)
def shown() -> None:
    """Toon per deelnemer en nummerveld hoeveel nummers van negen cijfers er in 30 dagen kwamen, en welke velden worden aangehouden."""
    with site.office() as office:
        for held in numberfields.overview(office):
            typer.echo(_line(held))


@deelnemer_app.command("geef-nummerveld-vrij", cls=Opdracht)
def release(
    oin: Oin,
    veld: Annotated[Veldnaam, typer.Argument(parser=choice(Veldnaam), help=f"Een van {', '.join(Veldnaam)}")],
    tot: Tot = None,
) -> None:
    """Geef een aangehouden nummerveld vrij na onderzoek; de telling begint opnieuw, met TOT pas na die dag."""
    with site.office() as office:
        numberfields.release(office, Field(oin, _FIELDS[veld.value]), tot)
    typer.echo(f"{oin} {veld.value}: vrijgegeven{f', niet geteld tot en met {tot}' if tot else ''}")


def _line(held: Held) -> str:
    state = f"aangehouden sinds {held.since.astimezone(UTC):%Y-%m-%d}" if held.since else "telt"
    if held.free_until:
        state = f"vrij tot en met {held.free_until}"
    return f"{held.partij} {held.veld}: {held.passed} van {held.tested} voldoen aan de elfproef; {state}"
