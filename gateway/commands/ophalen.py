"""`seinhuis haal-op`, and where it fetches: a partner's own server, its host keys, and the key of ours that it lets in."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapters.sftp.keys import KeyRefused, fingerprint, public_key
from gateway.app.mailroom import open_post, pull_key_path
from gateway.app.pulling import Fetched, Fetcher, fetch
from gateway.app.sftp import Told, own_key
from gateway.commands import site
from gateway.commands.dutch import Opdracht
from gateway.commands.keys import sleutels_app
from gateway.commands.partners import deelnemer_app
from gateway.commands.values import Bestand, Gebruiker, Oin, OinKeuze, Servernaam, Serverpad, choice
from gateway.core.errors import Misconfigured
from gateway.onboarding import registration
from gateway.partners.mailroom import Ophaaladres
from gateway.partners.rows import sealer
from gateway.partners.source import load


class Daarna(StrEnum):
    """What is done there with a file that is ours."""

    VERWIJDER = "verwijder"
    HERNOEM = "hernoem"


Poort = Annotated[int, typer.Option(min=1, max=65535, help="Poort van de server")]
DaarnaKeuze = Annotated[Daarna, typer.Option(parser=choice(Daarna), help="Wat daar met een opgehaald bestand gebeurt: verwijder, hernoem")]
Elke = Annotated[float | None, typer.Option(min=1, help="Blijf ophalen, met zoveel seconden ertussen, tot SIGTERM of SIGINT")]
Proef = Annotated[bool, typer.Option("--proef", help="Maak alleen verbinding en tel wat er klaarstaat")]


@deelnemer_app.command("ophaaladres", cls=Opdracht)
def ophaaladres(
    oin: Oin,
    server: Servernaam,
    gebruiker: Gebruiker,
    map: Serverpad,
    bestand: Bestand,
    poort: Poort = 22,
    daarna: DaarnaKeuze = Daarna.VERWIJDER,
) -> None:
    """Registreer waar de gateway bestanden van een deelnemer ophaalt. BESTAND: de publieke hostsleutels van die server, een per regel."""
    keys = _host_keys(bestand)
    with site.office() as office:
        row = Ophaaladres(oin, server, poort, gebruiker, map, frozenset(keys), daarna.value, office.clock.now())
        registration.save(office, row)
    typer.echo(_shown(row))


@deelnemer_app.command("ophaaladressen", cls=Opdracht)
def ophaaladressen() -> None:
    """Toon waar de gateway ophaalt, en welke hostsleutels daarvoor zijn vastgelegd."""
    with site.office() as office, office.database.transaction() as connection:
        remotes = load(connection, sealer(office.keys)).remotes
    for oin in sorted(remotes):
        typer.echo(_shown(remotes[oin]))


@deelnemer_app.command("trek-ophaaladres-in", cls=Opdracht)
def trek_ophaaladres_in(oin: Oin) -> None:
    """Haal niet meer op bij een deelnemer; werkt binnen 5 seconden, ook tijdens het ophalen."""
    with site.office() as office:
        registration.revoke_remote(office, oin)
    typer.echo(f"{oin}: ingetrokken")


@sleutels_app.command("ophalen", cls=Opdracht)
def sleutels_ophalen() -> None:
    """Toon de publieke sleutel waarmee de gateway bij deelnemers inlogt om op te halen; maakt haar de eerste keer."""
    key = own_key(pull_key_path(site.settings()))
    typer.echo(f"{key.export_public_key().decode().strip()} seinhuis")


def haal_op_command(deelnemer: OinKeuze = None, elke: Elke = None, proef: Proef = False) -> None:
    """Haal bestanden op bij alle deelnemers met een ophaaladres, of bij een; eindigt met 1 als er iets mislukte."""
    chosen = site.settings()
    site.require_kek(chosen)
    key, failed = own_key(pull_key_path(chosen)), list[str]()
    tell = _teller(failed, brief=elke is not None)
    with open_post(chosen, site.clock) as post:
        remotes = post.register().remotes
        if deelnemer is not None and deelnemer not in remotes:
            raise Misconfigured(f"Van {deelnemer} is geen ophaaladres geregistreerd. Doe eerst `seinhuis deelnemer ophaaladres`.")
        if not remotes:
            typer.echo("Er zijn geen ophaaladressen.")

        async def run() -> None:
            await fetch(Fetcher(post, key, Told(), tell, dry=proef), deelnemer, elke, chosen.drain_seconds)

        asyncio.run(run())
    if failed and elke is None:
        raise typer.Exit(1)


def _teller(failed: list[str], *, brief: bool) -> Callable[[Fetched], None]:
    """Prints a line per partner and notes who failed. `brief`: not again what was said of it the last time, unless files came."""
    last: dict[str, str] = {}

    def tell(found: Fetched) -> None:
        line = _line(found)
        if not brief or last.get(found.oin) != line or (found.pulled and found.pulled.taken):
            typer.echo(line)
        last[found.oin] = line
        if found.failed:
            failed.append(found.oin)

    return tell


def _line(found: Fetched) -> str:
    if found.pulled is not None:
        taken, left, failed = found.pulled
        return f"{found.oin}: {taken} opgehaald, {left} gelaten, {failed} mislukt"
    if found.waiting is not None:
        return f"{found.oin}: verbinding gelukt, {found.waiting} klaar om op te halen"
    return f"{found.oin}: {found.reason}" if found.skipped else f"{found.oin}: MISLUKT. {found.reason}"


def _shown(row: Ophaaladres) -> str:
    prints = " ".join(fingerprint(public_key(line)) for line in sorted(row.hostsleutels))
    return f"{row.oin}: {row.gebruiker}@{row.server}:{row.poort} {row.map}, daarna {row.daarna}; {prints}"


def _host_keys(path: Path) -> list[str]:
    """The keys in a file, each without its remark. Raises Misconfigured."""
    lines = [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip() and not line.startswith("#")]
    if not lines or any("PRIVATE KEY" in line for line in lines):
        raise Misconfigured(f"{path.name} is geen lijst van publieke hostsleutels; vraag de partner om /etc/ssh/ssh_host_…_key.pub.")
    try:
        for line in lines:
            public_key(line)
    except KeyRefused as refused:
        raise Misconfigured(f"{path.name}: {refused}") from None
    return [" ".join(line.split()[:2]) for line in lines]
