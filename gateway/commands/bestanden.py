"""`seinhuis bestanden` and `verwerk`, and what a partner needs to deliver files: an SFTP key, a profile. Decisions are made elsewhere."""

import hashlib
import json
import time
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from adapters.formats import profile
from adapters.sftp.keys import KeyRefused, fingerprint, public_key
from gateway.app.working import work
from gateway.commands import site
from gateway.commands.dutch import Opdracht
from gateway.commands.partners import deelnemer_app
from gateway.commands.values import Bestand, Oin, Sleutelvingerafdruk, Tot, choice
from gateway.core.errors import Misconfigured
from gateway.files import overview
from gateway.files.overview import Progress
from gateway.onboarding import registration
from gateway.onboarding.registration import Office
from gateway.partners.mailroom import Bestandsprofiel, SftpSleutel
from schemas.bestandsbewijs import Bestandsaantallen

SHOWN = 50
_BAR = 12


class Inpakking(StrEnum):
    """In what files may be compressed."""

    GZIP = "gzip"
    ZIP = "zip"


Dagen = Annotated[int, typer.Option(min=0, max=730, help="Ook wat in zoveel dagen klaar kwam")]
Volg = Annotated[bool, typer.Option("--volg", help="Blijf kijken tot er niets meer loopt")]
Patroon = Annotated[str | None, typer.Option(help="Voor welke bestandsnamen; standaard alle van het formaat (*.csv)")]
Ingepakt = Annotated[list[Inpakking] | None, typer.Option(parser=choice(Inpakking), help="Mag ingepakt zijn als gzip of zip")]
Werkers = Annotated[int, typer.Option(min=1, max=16, help="Draden tegelijk in dit proces; meer processen geven meer")]


def bestanden_command(
    dagen: Dagen = 7, volg: Volg = False, als_json: Annotated[bool, typer.Option("--json", help="Als JSON, een keer")] = False
) -> None:
    """Laat zien welke bestanden er zijn en hoe ver zij zijn; van de inhoud is niets te zien."""
    with site.office() as office:
        if als_json:
            typer.echo(json.dumps([_plain(found) for found in _files(office, dagen)]))
            return
        rows = _files(office, dagen)
        with Live(_table(rows), console=Console(), auto_refresh=False) as live:
            while volg and any(found.received and not found.finished for found in rows):
                time.sleep(1)
                rows = _files(office, dagen)
                live.update(_table(rows), refresh=True)


def verwerk_command(werkers: Werkers = 2) -> None:
    """Verwerk bestanden van partners in een eigen proces, naast `serve`; stopt netjes op SIGTERM of SIGINT."""
    chosen = site.settings()
    site.require_kek(chosen)
    work(chosen, site.clock, werkers, lambda: typer.echo(json.dumps({"klaar": {"werkers": werkers}})))


@deelnemer_app.command("sftp-sleutel", cls=Opdracht)
def sftp_sleutel(oin: Oin, bestand: Bestand) -> None:
    """Registreer een publieke SSH-sleutel waarmee een deelnemer bestanden brengt en haalt; toont haar vingerafdruk."""
    text = bestand.read_text(encoding="utf-8", errors="replace")
    if "PRIVATE KEY" in text:
        raise Misconfigured(f"{bestand.name} is een private sleutel; die blijft bij de partner. Vraag het bestand dat eindigt op .pub.")
    try:
        wire = public_key(text)
    except KeyRefused as refused:
        raise Misconfigured(f"{bestand.name}: {refused}") from None
    kind = wire[4 : 4 + int.from_bytes(wire[:4])].decode("ascii")
    with site.office() as office:
        registration.save(office, SftpSleutel(hashlib.sha256(wire).digest(), oin, kind, office.clock.now()))
    typer.echo(f"{fingerprint(wire)} {hashlib.sha256(wire).hexdigest()}")


@deelnemer_app.command("trek-sftp-sleutel-in", cls=Opdracht)
def trek_sftp_sleutel_in(vingerafdruk: Sleutelvingerafdruk) -> None:
    """Trek een SFTP-sleutel in; werkt binnen 5 seconden, ook op open verbindingen."""
    with site.office() as office:
        registration.revoke_sftp_key(office, vingerafdruk)
    typer.echo(f"{vingerafdruk.hex()}: ingetrokken")


@deelnemer_app.command("profiel", cls=Opdracht)
def profiel(oin: Oin, bestand: Bestand, tot: Tot = None, patroon: Patroon = None, ingepakt: Ingepakt = None) -> None:
    """Registreer een mapping-profiel van een deelnemer; het geldt vanaf zijn eigen begindag, en vervangt zijn vorige versie."""
    try:
        content = bestand.read_bytes()
        found = profile.load(content)
    except profile.Ongeldig as error:
        first = error.fouten[0]
        raise Misconfigured(f"{bestand.name}, {first.plek}: {first.melding} Alle fouten: `seinhuis profiel toets`.") from None
    if found.partner != oin:
        raise Misconfigured(f"Het profiel {found.naam} is van {found.partner}, niet van {oin}.")
    row = Bestandsprofiel(
        oin=oin,
        naam=found.naam,
        geldig_van=found.geldig_van,
        patroon=patroon or f"*.{found.formaat}",
        inhoud=content.decode("utf-8-sig"),
        ingepakt=frozenset(map(str, ingepakt or [])),
        geldig_tot=tot,
    )
    with site.office() as office:
        registration.save(office, row)
    typer.echo(f"{oin}: {found.naam} versie {found.versie} voor {row.patroon}, vanaf {found.geldig_van}")


def _files(office: Office, dagen: int) -> list[Progress]:
    return overview.files(office.database, office.clock.now() - timedelta(days=dagen), SHOWN)


def _plain(found: Progress) -> dict[str, object]:
    values = {name: msgspec.to_builtins(value) for name, value in found._asdict().items() if name != "counts"}
    return {**values, **msgspec.to_builtins(found.counts)}


def _table(rows: list[Progress]) -> Table:
    """A row per file that fits in 80 columns; a name is a name, and no markup."""
    table = Table("bestand", "voortgang", "uitkomst")
    for found in rows:
        table.add_row(Text(f"{found.naam}\n{found.party}"), f"{found.state}\n{_bar(found)}", _outcome(found.counts))
    return table


def _bar(found: Progress) -> str:
    if found.records is None:
        return f"{found.size:,} bytes"
    share = found.done / found.records if found.records else 1.0
    return f"{'█' * round(share * _BAR):░<{_BAR}} {found.done} van {found.records}"


def _outcome(counts: Bestandsaantallen) -> str:
    found = (
        (counts.bezorgd, "bezorgd"),
        (counts.eerder_ontvangen, "eerder ontvangen"),
        (counts.geweigerd, "geweigerd"),
        (counts.in_quarantaine, "aangehouden"),
        (counts.ingetrokken, "ingetrokken"),
    )
    return "\n".join(f"{number} {what}" for number, what in found if number)
