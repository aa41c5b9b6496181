"""`seinhuis deelnemer`: who takes part, with which certificate, for whom and under which agreement.

Every change is logged by `gateway.onboarding`. A participant that is registered again keeps its status, its instructions and its
contact, so that correcting a name does not lift a suspension. Authority: contract, "who is who". Leaves the way in to `toelating`.
"""

import hashlib
from datetime import date
from typing import Annotated

import typer

from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import (
    Bestand,
    Einde,
    Gemeentecode,
    GemeentecodeOptie,
    Getekend,
    Id,
    Naam,
    Nummerveld,
    Oin,
    Rol,
    RolWaarde,
    Sector,
    StatusWaarde,
    Tot,
    Vanaf,
    choice,
    sector_of,
)
from gateway.core.errors import Misconfigured
from gateway.onboarding import convenant, registration, trial
from gateway.partners.register import Deelnemer, Mandaat, Overeenkomst, Verklaring
from gateway.partners.rows import sealer
from gateway.partners.source import load

deelnemer_app = group("Deelnemers, certificaten, mandaten en overeenkomsten.")


@deelnemer_app.command("registreer", cls=Opdracht)
def registreer(
    oin: Oin,
    naam: Naam,
    rol: Annotated[list[Rol], typer.Option(parser=choice(Rol), help=f"Een van {', '.join(Rol)}")],
    sector: Annotated[list[str] | None, typer.Option(parser=sector_of, help="Bijvoorbeeld huur")] = None,
    handelsnaam: Annotated[list[str] | None, typer.Option(help="Naam op signalen; de naam zelf als zij ontbreekt")] = None,
    gemeentecode: GemeentecodeOptie = None,
    nummerformaat: Annotated[
        list[Nummerveld] | None, typer.Option(parser=choice(Nummerveld), help=f"Veld met negen cijfers: {', '.join(Nummerveld)}")
    ] = None,
) -> None:
    """Schrijf een deelnemer in als aangemeld (in een proefopstelling als actief); of wijzig hem, dan blijft zijn status wat hij was."""
    require_place(rol, gemeentecode)
    with site.office() as office:
        with office.database.transaction() as connection:
            known = load(connection, sealer(office.keys)).partner(oin)
        row = Deelnemer(
            oin=oin,
            naam=naam,
            rollen=frozenset(map(str, rol)),
            status=known.status if known else "actief" if office.trial else "aangemeld",
            sectoren=frozenset(sector or []),
            handelsnamen=frozenset(handelsnaam or [naam]),
            gemeentecode=gemeentecode,
            nummerformaten=frozenset(map(str, nummerformaat or [])),
            instructies=known.instructies if known else frozenset(),
            contact=known.contact if known else None,
        )
        (trial.admit if office.trial else registration.save)(office, row)
    typer.echo(f"{oin}: {row.status}")


def require_place(rol: list[Rol], gemeentecode: str | None) -> None:
    """Raises Misconfigured: a municipality without its code, or a code of somebody else."""
    if (Rol.GEMEENTE in rol) != (gemeentecode is not None):
        raise Misconfigured("De rol gemeente en --gemeentecode horen bij elkaar; geef beide of geen van beide.")


@deelnemer_app.command("status", cls=Opdracht)
def status(oin: Oin, status: StatusWaarde) -> None:
    """Zet een deelnemer op actief, opgeschort of beeindigd; werkt binnen 5 seconden, ook op open verbindingen."""
    with site.office() as office:
        registration.set_status(office, oin, status.value)
    typer.echo(f"{oin}: {status}")


@deelnemer_app.command("mandaat", cls=Opdracht)
def mandaat(gemachtigde: Oin, principaal: Oin, rol: RolWaarde, vanaf: Vanaf, tot: Tot = None) -> None:
    """Leg vast dat een partij (GEMACHTIGDE) namens een andere (PRINCIPAAL) handelt, in één rol."""
    require_order(vanaf, tot)
    with site.office() as office:
        registration.save(office, Mandaat(gemachtigde, principaal, rol.value, vanaf, tot))
    typer.echo(f"{gemachtigde} namens {principaal}: {rol} vanaf {vanaf}")


@deelnemer_app.command("overeenkomst", cls=Opdracht)
def overeenkomst(schuldeiser: Oin, gemeentecode: Gemeentecode, sector: Sector, vanaf: Vanaf, tot: Tot = None) -> None:
    """Leg een overeenkomst van een schuldeiser met een gemeente vast, voor één sector."""
    require_order(vanaf, tot)
    with site.office() as office:
        registration.save(office, Overeenkomst(schuldeiser, gemeentecode, sector, vanaf, tot))
    typer.echo(f"{schuldeiser} met {gemeentecode}: {sector} vanaf {vanaf}")


@deelnemer_app.command("overeenkomsten", cls=Opdracht)
def overeenkomsten(bestand: Bestand, proef: Annotated[bool, typer.Option("--proef", help="Controleer alleen")] = False) -> None:
    """Neem de lijst van een convenant over (CSV), geheel of niet; een fout staat er met regel en kolom bij."""
    with site.office() as office:
        found = convenant.take_over(office, bestand.read_bytes(), dry=proef)
    for fout in found.fouten:
        typer.echo(f"regel {fout.regel}{', ' if fout.kolom else ''}{fout.kolom}: {fout.melding}")
    if found.fouten:
        raise Misconfigured(f"Er is niets overgenomen: {len(found.fouten)} fouten.")
    done = "zou worden overgenomen" if proef else "overgenomen"
    typer.echo(f"{done}: {found.nieuw} nieuw, {found.gewijzigd} met een ander einde, {found.gelijk} gelijk")


@deelnemer_app.command("verklaring", cls=Opdracht)
def verklaring(oin: Oin, id: Id, sector: Sector, getekend: Getekend, vanaf: Vanaf, tot: Einde, document: Bestand) -> None:
    """Leg een ondertekende verklaring over sociaal incasseren vast; van het document blijft alleen de SHA-256 bewaard."""
    require_order(vanaf, tot)
    with site.office() as office:
        row = Verklaring(oin, id, sector, getekend, vanaf, tot)
        registration.save_declaration(office, row, hashlib.sha256(document.read_bytes()).digest())
    typer.echo(f"{oin}: {id} voor {sector}, {vanaf} tot en met {tot}")


def require_order(vanaf: date, tot: date | None) -> None:
    """Raises Misconfigured: a period that ends before it begins."""
    if tot is not None and tot < vanaf:
        raise Misconfigured(f"De laatste dag {tot} ligt voor de eerste dag {vanaf}; draai ze om.")
