"""`seinhuis deelnemer`, certificates: register, issue in a trial, show which end soon, revoke.

Authority: `gateway.onboarding.certificaten`. In production a participant brings a PKIoverheid certificate, whose OIN is checked; only an
installation to try things on issues certificates, from the development PKI. A next one beside the one in use is the overlap.
"""

import typer

from certs.dev import DevPki
from gateway.commands import site
from gateway.commands.asking import deelnemer_app
from gateway.commands.dutch import Opdracht
from gateway.commands.values import Bestand, Oin, Vingerafdruk
from gateway.core.errors import Conflict, Misconfigured
from gateway.onboarding import certificaten, registration
from gateway.partners.rows import sealer
from gateway.partners.source import load

__all__ = ["deelnemer_app"]


@deelnemer_app.command("certificaat", cls=Opdracht)
def certificaat(oin: Oin, bestand: Bestand) -> None:
    """Registreer een clientcertificaat (PEM) en toon zijn vingerafdruk; het OIN erin moet dat van de deelnemer zijn."""
    found = certificaten.read(bestand.read_bytes())
    known, inhoud = certificaten.rows(oin, found)
    with site.office() as office:
        if reason := certificaten.wrong(inhoud.der, oin, office.trusted, office.clock.now()):
            raise Misconfigured(f"{bestand.name} is niet te gebruiken: {reason}.")
        registration.save(office, known, inhoud)
    typer.echo(known.vingerafdruk.hex())


@deelnemer_app.command("certificaat-aanvraag", cls=Opdracht)
def aanvraag(oin: Oin, bestand: Bestand) -> None:
    """Geef in een proefopstelling een certificaat uit op een aanvraag (PEM), registreer het en toon waar het staat en zijn vingerafdruk."""
    chosen = site.settings()
    csr = certificaten.request(bestand.read_bytes(), oin)
    with site.office() as office:
        if not office.trial:
            raise Conflict("UITGIFTE_ALLEEN_IN_PROEF", "Alleen een proefopstelling geeft certificaten uit; vraag PKIoverheid er een.")
        with office.database.transaction() as connection:
            partner = load(connection, sealer(office.keys)).partner(oin)
        if partner is None:
            raise Misconfigured(f"{oin} is niet ingeschreven. Doe eerst `seinhuis deelnemer aanmelden`.")
        issued = DevPki.load(chosen.state / "pki", site.clock).certify(csr, oin, partner.naam)
        known, inhoud = certificaten.rows(oin, certificaten.read(issued.cert_path.read_bytes()))
        registration.save(office, known, inhoud)
    typer.echo(f"{issued.chain_path} {known.vingerafdruk.hex()}")


@deelnemer_app.command("certificaten", cls=Opdracht)
def soon() -> None:
    """Toon van welke deelnemers het laatste certificaat binnen 60 dagen eindigt, en welke waarschuwing (60, 30, 7) daarbij hoort."""
    with site.office() as office:
        with office.database.transaction() as connection:
            register = load(connection, sealer(office.keys))
        for end in certificaten.ending(register.certificates(), office.clock.now()):
            when = f"{end.geldig_tot:%Y-%m-%d}, over {end.dagen} dagen (binnen {end.grens})"
            typer.echo(f"{end.oin}: {end.vingerafdruk.hex()} eindigt {when}")


@deelnemer_app.command("trek-certificaat-in", cls=Opdracht)
def trek_in(vingerafdruk: Vingerafdruk) -> None:
    """Trek een certificaat in; werkt binnen 5 seconden, ook op open verbindingen."""
    with site.office() as office:
        registration.revoke_certificate(office, vingerafdruk)
    typer.echo(f"{vingerafdruk.hex()}: ingetrokken")
