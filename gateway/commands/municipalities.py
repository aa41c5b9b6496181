"""`seinhuis gemeenten`: open a municipality's desk, and load the official postcode file. Leaves routing to `gateway.routing`."""

import shutil

import typer

from gateway.app.house import postcodes_path
from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import Bestand, Cents, Gemeentecode, Naam, Vanaf
from gateway.core.errors import Misconfigured
from gateway.onboarding import registration
from gateway.partners.register import GemeenteInstelling
from gateway.routing.municipalities import Municipalities

OPTIONAL_FIELDS = frozenset({"geboortedatum", "klantnummer"})
gemeenten_app = group("Gemeenten en hun loket.")


@gemeenten_app.command("open", cls=Opdracht)
def open_desk(gemeentecode: Gemeentecode, naam: Naam, vanaf: Vanaf, drempel_cent: Cents = None) -> None:
    """Open het loket van een gemeente vanaf een datum, met een sleutel die de gateway voor haar beheert."""
    if Municipalities.load().gemeente_op(gemeentecode, site.clock.now().date()) != gemeentecode:
        raise Misconfigured(f"{gemeentecode} is geen bestaande gemeente; zoek de CBS-gemeentecode op.")
    with site.office() as office:
        registration.save(office, GemeenteInstelling(gemeentecode, naam, vanaf, drempel_cent, OPTIONAL_FIELDS))
        registration.managed_key(office, gemeentecode)
    typer.echo(f"{gemeentecode} {naam}: open vanaf {vanaf}")


@gemeenten_app.command("laad", cls=Opdracht)
def load_postcodes(bestand: Bestand) -> None:
    """Neem het CBS-bestand postcode-huisnummer naar gemeente in gebruik (PC6;Huisnummer;Buurt;Wijk;Gemeente), na controle."""
    Municipalities.load().load_official(bestand)
    chosen = site.settings()
    chosen.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(bestand, postcodes_path(chosen))
    typer.echo(f"{bestand.name} staat in {postcodes_path(chosen)}; geldt na herstart van de gateway")
