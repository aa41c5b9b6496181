"""`seinhuis deelnemer`, what a schuldenoverzicht needs of a party: its own key, its ground for the BSN, where a water company delivers.

Every change is logged by `gateway.onboarding`. Authority: contract, section on the schuldenoverzicht; Wgs art. 8c. A party without a key of
its own needs no command: the gateway keeps a pair for it from the first question on. A ground or area ends by the same command with a TOT.
"""

import re
from typing import Annotated

import typer

from gateway.commands import site
from gateway.commands.dutch import Opdracht
from gateway.commands.municipalities import public_key
from gateway.commands.partners import deelnemer_app, require_order
from gateway.commands.values import Bestand, Naam, Oin, Sleutelnaam, Tot, Vanaf
from gateway.core.errors import Misconfigured
from gateway.onboarding import registration
from gateway.partners.register import Bsnregistratie, Leveringsgebied
from gateway.partners.sealkeys import Partijsleutel

__all__ = ["deelnemer_app"]
_RANGE = re.compile(r"[1-9][0-9]{3}(-[1-9][0-9]{3})?")
Postcodes = Annotated[list[str], typer.Option(help="Viercijferige postcode of reeks, bijvoorbeeld 2011 of 2011-2037")]


@deelnemer_app.command("sleutel", cls=Opdracht)
def own_key(oin: Oin, kid: Sleutelnaam, bestand: Bestand) -> None:
    """Verzegel saldoverzoeken voor een eigen publieke sleutel van een deelnemer (PEM: P-256, of RSA van minstens 3072 bits)."""
    with site.office() as office:
        registration.save(office, Partijsleutel(oin, kid, "eigen", public_key(bestand)))
    typer.echo(f"{oin}: {kid}")


@deelnemer_app.command("trek-sleutel-in", cls=Opdracht)
def withdraw_key(oin: Oin, kid: Sleutelnaam) -> None:
    """Verzegel niets nieuws meer voor deze sleutel van een deelnemer; zonder andere eigen sleutel beheert de gateway er een."""
    with site.office() as office:
        registration.end_party_key(office, oin, kid)
    typer.echo(f"{oin}: {kid} ingetrokken")


@deelnemer_app.command("bsn", cls=Opdracht)
def may_use_bsn(oin: Oin, grond: Naam, vanaf: Vanaf, tot: Tot = None) -> None:
    """Leg vast dat een schuldeiser met BSN bevraagd mag worden, en op welke grond; nog eens met TOT beëindigt dat."""
    require_order(vanaf, tot)
    with site.office() as office:
        registration.save(office, Bsnregistratie(oin, grond, vanaf, tot))
    typer.echo(f"{oin}: BSN vanaf {vanaf}")


@deelnemer_app.command("leveringsgebied", cls=Opdracht)
def supply_area(oin: Oin, vanaf: Vanaf, postcodes: Postcodes, tot: Tot = None) -> None:
    """Leg vast waar een waterbedrijf levert: alleen eerdere adressen daarbinnen gaan mee; nog eens met TOT beëindigt dat."""
    require_order(vanaf, tot)
    for one in postcodes:
        if not _RANGE.fullmatch(one) or one[:4] > one[-4:]:
            raise Misconfigured(f"{one} is geen viercijferige postcode of reeks, zoals 2011 of 2011-2037.")
    with site.office() as office:
        registration.save(office, Leveringsgebied(oin, frozenset(postcodes), vanaf, tot))
    typer.echo(f"{oin}: {', '.join(sorted(postcodes))} vanaf {vanaf}")
