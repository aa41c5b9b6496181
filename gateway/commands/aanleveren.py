"""`seinhuis aanleveren`: the partner's side. Sends a file over the API, for who has no SFTP; reads it as the gateway would.

The whole file is read before anything is sent. It goes in deliveries of at most 5,000 records whose kenmerk comes from the content, so
that running it again gives the same receipts. What cannot go this way (a withdrawal by kenmerk) is said and not sent. Needs no
installation: no state folder, database or key. Authority: contract, "/schuldeiser/v1". Leaves reading to `adapters.formats`.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from adapters.client.calling import Access
from adapters.client.failures import ClientError, Refused
from adapters.client.receipts import NotGenuine
from adapters.client.schuldeiser import Schuldeiser
from adapters.formats import canonical, profile, reading, writing
from adapters.formats.mapping import Mapping
from adapters.formats.profilechecks import ANSWERS
from gateway.commands.values import Bestand, BestandKeuze, BestandOptie
from gateway.core.errors import Misconfigured
from schemas.bestand import Kop, Lezer, Onleesbaar, Record
from schemas.ontvangst import Bevinding
from schemas.signaal import AanleveringEnvelop
from schemas.standen import StandEnvelop

MOST = 5_000
COLUMNS = ("volgnummer", "plek", "kenmerk", "status", "id", "gemeente", "codes", "meldingen", "velden")
_NOT_SENT = Bevinding(
    code="INTREKKING_NIET_VERSTUURD",
    oordeel="fout",
    melding="Intrekken op kenmerk gaat alleen met een bestand over SFTP; of gebruik POST signalen/{id}/intrekking.",
)
Server = Annotated[str, typer.Option(help="Naam en poort van het knooppunt, bijvoorbeeld seinhuis.example:8443")]


class _Line(NamedTuple):
    """What became of one record."""

    nr: int
    plek: str
    kenmerk: object
    status: str
    bevindingen: Sequence[Bevinding] = ()
    id: object = None
    gemeente: str | None = None


def aanleveren_command(
    bestand: Bestand, server: Server, ca: BestandOptie, certificaat: BestandOptie, sleutel: BestandOptie, profiel: BestandKeuze = None
) -> None:
    """Lever een bestand aan over de API, met uw clientcertificaat, en schrijf er een verslag naast; eindigt met 1 bij een weigering."""
    lezer = _lezer(bestand, profiel)
    if not server.partition(":")[2].isdecimal():
        raise Misconfigured("Geef --server als naam:poort, bijvoorbeeld seinhuis.example:8443.")
    try:
        kop, count = _whole(bestand, lezer)
        access = Access(f"https://{server}", ca, certificaat, sleutel)
        with Schuldeiser(access, namens=kop.namens) as client, _progress() as progress:
            task = progress.add_task(bestand.name, total=count)
            lines: list[_Line] = []
            for part in _deliver(bestand, lezer, kop, count, client):
                lines += part
                progress.update(task, completed=len(lines))
    except Onleesbaar as error:
        raise Misconfigured(f"{bestand.name}, {error.plek}: {error.melding} Er is niets verstuurd. ({error.code})") from None
    except (ClientError, NotGenuine) as error:
        raise Misconfigured(f"{_said(error)} Wat al verstuurd is blijft; dezelfde opdracht gaat verder waar het bleef.") from None
    _finish(bestand, lines)


def _said(error: ClientError | NotGenuine) -> str:
    if isinstance(error, Refused) and error.code:
        return f"{error.problem.detail} ({error})"
    return f"De aanlevering lukte niet ({error})."


def _lezer(bestand: Path, profiel: Path | None) -> Lezer:
    if profiel is None:
        return canonical.read
    try:
        return reading.lezer(Mapping(profile.load(profiel.read_bytes())), bestand.name)
    except profile.Ongeldig as error:
        raise Misconfigured(f"{profiel.name}, {error.fouten[0].plek}: {error.fouten[0].melding}") from None


def _whole(bestand: Path, lezer: Lezer) -> tuple[Kop, int]:
    """The head and how many records, once the file was read to its end. Raises Onleesbaar."""
    with bestand.open("rb") as stream:
        lezing = lezer(stream)
        if lezing.kop.soort == ANSWERS:
            melding = "Antwoorden op saldoverzoeken gaan via SFTP, of elk apart over de API."
            raise Onleesbaar("ANTWOORD_NIET_VERSTUURD", melding, "het bestand")
        count = sum(1 for _ in lezing)
    if not count and not lezing.kop.reden_vervallen:
        raise Onleesbaar("BESTAND_LEEG", "Er staat geen enkel record in.", "einde van het bestand")
    if lezing.kop.soort == "stand" and count > MOST:
        raise Onleesbaar("BESTAND_TE_LANG", f"Een stand over de API heeft hoogstens {MOST} signalen; gebruik SFTP.", "het bestand")
    return lezing.kop, count


def _deliver(bestand: Path, lezer: Lezer, kop: Kop, count: int, client: Schuldeiser) -> Iterator[list[_Line]]:
    """The outcomes, a delivery at a time. Raises Onleesbaar, ClientError, NotGenuine."""
    with bestand.open("rb") as stream:
        records = iter(lezer(stream))
        if kop.soort == "stand" and kop.peildatum is not None:
            yield _stand(list(records), kop, kop.peildatum, client)
            return
        name = _kenmerk(bestand, kop)
        for nr in range(-(-count // MOST)):
            yield _part(list(islice(records, MOST)), kop, f"{name}-{nr + 1}", client)


def _part(records: Sequence[Record], kop: Kop, kenmerk: str, client: Schuldeiser) -> list[_Line]:
    going = [record for record in records if _goes(record)]
    found = {r.nr: _line(r, "geweigerd", r.bevindingen or (_NOT_SENT,)) for r in records if not _goes(r)}
    if going:
        envelop = AanleveringEnvelop(
            kenmerk=kenmerk,
            sector=kop.sector,
            handelsnaam=kop.handelsnaam,
            inhaalslag=kop.inhaalslag,
            signalen=[record.value for record in going],
        )
        regels = client.deliver_many(envelop).verslag.regels
        for record, regel in zip(going, regels, strict=True):
            status = "eerder_ontvangen" if regel.eerder_ontvangen else regel.status
            found[record.nr] = _line(record, status, regel.bevindingen, regel.id, regel.gemeente)
    return [found[record.nr] for record in records]


def _goes(record: Record) -> bool:
    return record.soort == "signaal" and not record.bevindingen


def _stand(records: Sequence[Record], kop: Kop, peildatum: date, client: Schuldeiser) -> list[_Line]:
    verslag = client.reconcile(
        peildatum,
        StandEnvelop(
            sector=kop.sector or "",  # missing: the gateway says so, with its pointer
            handelsnaam=kop.handelsnaam or "",
            profiel=kop.profiel,
            reden_vervallen=kop.reden_vervallen,
            inhaalslag=kop.inhaalslag,
            signalen=[{"kenmerk": record.value.get("kenmerk")} if record.bevindingen else record.value for record in records],
        ),
    )
    lines = [
        _line(record, regel.uitkomst, record.bevindingen or regel.bevindingen, regel.id)
        for record, regel in zip(records, verslag.regels, strict=False)
    ]
    for nr, regel in enumerate(verslag.regels[len(records) :], start=len(records)):
        lines.append(_Line(nr, "niet in de lijst", regel.kenmerk, regel.uitkomst, id=regel.id))
    return lines


def _kenmerk(bestand: Path, kop: Kop) -> str:
    """Equal for an equal file, and for no other."""
    with bestand.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()[:16]
    name = re.sub(r"[^A-Za-z0-9._-]", "-", kop.kenmerk or bestand.stem).lstrip("._-")[:40]
    return f"{name or 'bestand'}-{content}"


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))


def _finish(bestand: Path, lines: Sequence[_Line]) -> None:
    report = bestand.with_name(f"{bestand.name}.verslag.csv")
    report.write_text("".join(writing.lines([COLUMNS, *map(_row, lines)])), encoding="utf-8", newline="")
    refused = sum(line.status in {"geweigerd", "in_quarantaine"} for line in lines)
    typer.echo(f"{len(lines)} records, {refused} geweigerd of aangehouden. Verslag: {report}")
    if refused:
        raise typer.Exit(1)


def _line(record: Record, status: str, found: Sequence[Bevinding], id: object = None, gemeente: str | None = None) -> _Line:
    return _Line(record.nr, record.plek, record.value.get("kenmerk"), status, found, id, gemeente)


def _row(line: _Line) -> tuple[object, ...]:
    found = line.bevindingen
    return (
        line.nr + 1,
        line.plek,
        line.kenmerk,
        line.status,
        line.id,
        line.gemeente,
        " ".join(f.code for f in found),
        " | ".join(f.melding for f in found),
        " ".join(f.pointer for f in found if f.pointer),
    )
