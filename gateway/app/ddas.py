"""`seinhuis ddas`: export a municipality's period to a file, and close a period that was accepted. Every decision is made elsewhere."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gateway.app.outward import new_trace, open_statistics, signer
from gateway.app.settings import Settings
from gateway.core.chain import Sender
from gateway.core.clock import SystemClock
from gateway.core.errors import Misconfigured
from gateway.ddas import export, setting
from gateway.ddas.export import Period
from schemas.ddas import encode

app = typer.Typer(no_args_is_help=True, help="Statistiek volgens DDAS vroegsignalering v1.2.")
console = Console(soft_wrap=True)
clock = SystemClock()


@app.command("export")
def export_command(
    gemeentecode: str,
    van: Annotated[str, typer.Option(help="JJJJ-MM-DD")],
    tot: Annotated[str, typer.Option(help="JJJJ-MM-DD; telt mee")],
    bestand: Annotated[Path, typer.Option(help="Waar het uitwisselmodel komt; de handtekening komt ernaast (.sig)")],
) -> None:
    """Schrijf het uitwisselmodel van een gemeente en periode. Eindigt met 1, zonder bestand, als een controle niet slaagt."""
    settings = Settings()
    period = Period(_day(van), _day(tot))
    with open_statistics(settings, clock) as statistics:
        made = export.export(Sender(settings.operator, settings.operator), new_trace(), gemeentecode, period, statistics)
    for finding in made.findings:
        console.print(f"{finding.check} {finding.pointer}: {finding.melding}", markup=False)
    if made.findings:
        raise typer.Exit(1)
    body = encode(made.model)
    bestand.write_bytes(body)
    signing = signer(settings)
    if signing is not None:
        bestand.with_name(bestand.name + ".sig").write_text(signing.sign(body, clock.now()).signature + "\n")
    signals = sum(len(delivery.vroegsignalen) for delivery in made.model.leveringen or ())
    console.print(f"{bestand}: {signals} signalen; {made.without} berichten zonder gegevens voor de statistiek", markup=False)


@app.command("aanvaard")
def accept_command(gemeentecode: str, tot: Annotated[str, typer.Option(help="JJJJ-MM-DD; telt mee")]) -> None:
    """Wis het residu tot en met een signaaldatum: het CBS heeft de periode aanvaard."""
    settings = Settings()
    with open_statistics(settings, clock) as statistics:
        gone = setting.accept(Sender(settings.operator, settings.operator), gemeentecode, new_trace(), _day(tot), statistics)
    console.print(f"{gone} gewist")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misconfigured(f"Geen datum (JJJJ-MM-DD): {text}.") from None
