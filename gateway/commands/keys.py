"""`seinhuis certs` and `seinhuis sleutels`: what an installation needs first. Leaves the making to `certs` and `gateway.keys`."""

from datetime import timedelta

import typer

from certs.dev import DevPki
from gateway.app.kek import kek_file, kek_place
from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import Partijen

certs_app = group("Certificaten om te proberen.")
sleutels_app = group("De hoofdsleutel van deze installatie, en de sleutel waarmee zij ophaalt.")


@certs_app.command("dev", cls=Opdracht)
def certs_dev(oin: Partijen = None) -> None:
    """Maak een PKI voor ontwikkeling (root, intermediate, server, CRL) en per partij een certificaat. Nooit voor echte partijen."""
    folder = site.settings().state / "pki"
    pki = DevPki.load(folder, site.clock) if (folder / "root.pem").exists() else DevPki.create(folder, site.clock)
    if not (folder / "localhost.pem").exists():
        pki.server("localhost")
    pki.write_crl(timedelta(days=7))
    for party in oin or []:
        issued = pki.partner(*party)
        pki.signing(*party)
        typer.echo(f"{party.oin}: {issued.chain_path} {issued.key_path}")


@sleutels_app.command("maak", cls=Opdracht)
def sleutels_maak() -> None:
    """Maak de hoofdsleutel van deze installatie; een bestaande blijft staan. Bewaar van een bestand een kopie, niet bij de database."""
    chosen = site.settings()
    place = f"token {chosen.pkcs11_label}" if chosen.pkcs11_module else kek_file(chosen).path
    typer.echo(f"hoofdsleutel {kek_place(chosen).make().id} in {place}")
