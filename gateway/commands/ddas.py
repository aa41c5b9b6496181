"""`seinhuis ddas`: export a municipality's period to a file, and close a period that was accepted. Every decision is made elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.app.outward import open_statistics, signer
from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import DagOptie, Gemeentecode
from gateway.core.chain import Sender, Trace
from gateway.ddas import export, setting
from gateway.ddas.export import Period
from schemas.ddas import encode

ddas_app = group("Statistiek volgens DDAS vroegsignalering v1.2.")


@ddas_app.command("export", cls=Opdracht)
def export_command(
    gemeentecode: Gemeentecode,
    van: DagOptie,
    tot: DagOptie,
    bestand: Annotated[Path, typer.Option(help="Waar het uitwisselmodel komt; de handtekening komt ernaast (.sig)")],
) -> None:
    """Schrijf het uitwisselmodel van een gemeente en periode (beide dagen tellen mee); klopt er iets niet, dan geen bestand en eind 1."""
    settings = site.settings()
    site.require_kek(settings)
    with open_statistics(settings, site.clock) as statistics:
        made = export.export(Sender(settings.operator, settings.operator), Trace.fresh(), gemeentecode, Period(van, tot), statistics)
    for finding in made.findings:
        typer.echo(f"{finding.check} {finding.pointer}: {finding.melding}")
    if made.findings:
        raise typer.Exit(1)
    body = encode(made.model)
    bestand.write_bytes(body)
    signing = signer(settings)
    if signing is not None:
        bestand.with_name(bestand.name + ".sig").write_text(signing.sign(body, site.clock.now()).signature + "\n")
    signals = sum(len(delivery.vroegsignalen) for delivery in made.model.leveringen or ())
    typer.echo(f"{bestand}: {signals} signalen; {made.without} berichten zonder gegevens voor de statistiek")


@ddas_app.command("aanvaard", cls=Opdracht)
def accept_command(gemeentecode: Gemeentecode, tot: DagOptie) -> None:
    """Wis het residu tot en met een signaaldatum: het CBS heeft de periode aanvaard."""
    settings = site.settings()
    site.require_kek(settings)
    with open_statistics(settings, site.clock) as statistics:
        gone = setting.accept(Sender(settings.operator, settings.operator), gemeentecode, Trace.fresh(), tot, statistics)
    typer.echo(f"{gone} gewist")
