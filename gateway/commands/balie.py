"""`seinhuis deelnemer`, who stands at the counter: the operator itself and its integrators, without whom nobody uses those pages.

Authority: decision 0040. They have no way in of papers and tests: what they may do is decided by the counter. Leaves whom an integrator
looks after to `mandaat`.
"""

import typer

from gateway.commands import site
from gateway.commands.certificaten import deelnemer_app
from gateway.commands.dutch import Opdracht
from gateway.commands.values import Naam, Oin
from gateway.onboarding import levenscyclus, registration
from gateway.onboarding.registration import Office
from gateway.partners.acting import BEHEERDER, INTEGRATOR
from gateway.partners.register import Deelnemer

__all__ = ["deelnemer_app"]


@deelnemer_app.command("beheerder", cls=Opdracht)
def operator(naam: Naam) -> None:
    """Schrijf de organisatie in die deze gateway beheert (SEINHUIS_OPERATOR), zodat haar mensen in de console kunnen werken."""
    with site.office() as office:
        _join(office, office.operator, naam, BEHEERDER)


@deelnemer_app.command("integrator", cls=Opdracht)
def integrator(oin: Oin, naam: Naam) -> None:
    """Schrijf een integrator in; voor wie hij deelnemers aansluit staat in `seinhuis deelnemer mandaat OIN DEELNEMER integrator VANAF`."""
    with site.office() as office:
        _join(office, oin, naam, INTEGRATOR)


def _join(office: Office, oin: str, naam: str, rol: str) -> None:
    registration.save(office, Deelnemer(oin, naam, frozenset({rol}), levenscyclus.PAD[0]))
    for status in levenscyclus.PAD[1:]:
        registration.set_status(office, oin, status)
    typer.echo(f"{oin}: {status}")
