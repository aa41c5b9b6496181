"""`seinhuis serve`, `openapi`, `demo` and `bench`: start something, or look at it. Every decision is made elsewhere."""

import errno
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gateway.api import openapi
from gateway.app.serve import serve
from gateway.bench import bench
from gateway.commands import site
from gateway.commands.dutch import Groep, Opdracht
from gateway.commands.values import choice
from gateway.core.errors import Misconfigured
from gateway.demo import demo

app = typer.Typer(
    cls=Groep,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Seinhuis: vroegsignalen van schuldeisers naar gemeenten. Instellingen staan in de omgeving (SEINHUIS_…).",
)


@app.command("serve", cls=Opdracht)
def serve_command() -> None:
    """Start beide loketten en de binnenpoort; stopt netjes op SIGTERM of SIGINT."""
    chosen = site.settings()
    site.require_kek(chosen)
    site.require_papers(chosen)
    try:
        serve(chosen, site.clock, ready=lambda ports: typer.echo(json.dumps({"klaar": dict(ports)})))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Misconfigured(
            f"Poort {chosen.port}, {chosen.public_port}, {chosen.inner_port} of {chosen.console_port} is bezet; stop wat er draait, of "
            "kies een andere met SEINHUIS_PORT, SEINHUIS_PUBLIC_PORT, SEINHUIS_INNER_PORT of SEINHUIS_CONSOLE_PORT."
        ) from None


@app.command("openapi", cls=Opdracht)
def openapi_command(map: Annotated[Path, typer.Argument(help="Map; openapi als zij ontbreekt")] = Path("openapi")) -> None:
    """Schrijf de OpenAPI-documenten."""
    map.mkdir(parents=True, exist_ok=True)
    for path in openapi.write(map):
        typer.echo(path)


@app.command("demo", cls=Opdracht)
def demo_command(once: Annotated[bool, typer.Option("--once", help="Stop na de controle")] = False) -> None:
    """Laat alles zien: een verzonnen maand vroegsignalen en een schuldenoverzicht, in een eigen map (wordt elke keer nieuw)."""
    if not demo.run(site.settings().state / "demo", site.clock, Console(), once=once):
        raise typer.Exit(1)


@app.command("bench", cls=Opdracht)
def bench_command(
    only: Annotated[bench.Name | None, typer.Option(parser=choice(bench.Name), help=f"Alleen deze meting: {', '.join(bench.Name)}")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Een JSON-object per meting, in plaats van een tabel")] = False,
    records: Annotated[int, typer.Option(min=1_000, max=5_000_000, help="Records in het bestand van de meting file")] = bench.Size().file,
    overzichten: Annotated[
        int, typer.Option(min=100, max=1_000_000, help="Lopende schuldenoverzichten van de meting overview")
    ] = bench.Size().overviews,
) -> None:
    """Meet een eigen gateway: aanleveringen en een bestand naast kale COPY, signalen, claims, schuldenoverzichten, controle van de log."""
    results = bench.run(bench.Size(file=records, overviews=overzichten), site.clock, [only] if only else list(bench.Name))
    if as_json:
        typer.echo(json.dumps(results))
    else:
        bench.show(results, Console())
