"""`seinhuis aanleveren`: the partner's side. Sends a file over the API, for who has no SFTP; reads it as the gateway would.

The whole file is read before anything is sent. It goes in deliveries of at most 5,000 records whose kenmerk comes from the content, so
that running it again gives the same receipts. What cannot go this way (a withdrawal by kenmerk) is said and not sent. Needs no
installation: no state folder, database or key. Authority: contract, "/schuldeiser/v1". Leaves reading to `adapters.formats`.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from adapters.client.connection import Connection
from adapters.client.delivering import Deliverer, Refused
from adapters.formats import canonical, profile, reading, writing
from adapters.formats.mapping import Mapping
from adapters.formats.profilechecks import ANSWERS
from gateway.commands.values import Bestand, BestandKeuze, BestandOptie
from gateway.core.errors import Misconfigured
from schemas.bestand import Kop, Lezer, Onleesbaar, Record
from schemas.ontvangst import Bevinding

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
    host, _, port = server.partition(":")
    if not port.isdecimal():
        raise Misconfigured("Geef --server als naam:poort, bijvoorbeeld seinhuis.example:8443.")
    try:
        kop, count = _whole(bestand, lezer)
        deliverer = Deliverer(lambda: Connection(host, int(port), ca=ca, cert=certificaat, key=sleutel), kop.namens)
        with closing(deliverer), _progress() as progress:
            task = progress.add_task(bestand.name, total=count)
            lines: list[_Line] = []
            for part in _deliver(bestand, lezer, kop, count, deliverer):
                lines += part
                progress.update(task, completed=len(lines))
    except Onleesbaar as error:
        raise Misconfigured(f"{bestand.name}, {error.plek}: {error.melding} Er is niets verstuurd. ({error.code})") from None
    except Refused as refused:
        raise Misconfigured(f"{refused} Wat al verstuurd is blijft; dezelfde opdracht gaat verder waar het bleef.") from None
    _finish(bestand, lines)


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


def _deliver(bestand: Path, lezer: Lezer, kop: Kop, count: int, deliverer: Deliverer) -> Iterator[list[_Line]]:
    """The outcomes, a delivery at a time. Raises Onleesbaar, Refused."""
    with bestand.open("rb") as stream:
        records = iter(lezer(stream))
        if kop.soort == "stand":
            yield _stand(list(records), kop, deliverer)
            return
        name = _kenmerk(bestand, kop)
        for nr in range(-(-count // MOST)):
            yield _part(list(islice(records, MOST)), kop, f"{name}-{nr + 1}", deliverer)


def _part(records: Sequence[Record], kop: Kop, kenmerk: str, deliverer: Deliverer) -> list[_Line]:
    going = [record for record in records if _goes(record)]
    found = {r.nr: _line(r, "geweigerd", r.bevindingen or (_NOT_SENT,)) for r in records if not _goes(r)}
    if going:
        head = {"sector": kop.sector, "handelsnaam": kop.handelsnaam, "inhaalslag": kop.inhaalslag}
        envelop = {"kenmerk": kenmerk, **_present(head), "signalen": [record.value for record in going]}
        _, regels = deliverer.deliver(envelop)
        for record, regel in zip(going, regels, strict=True):
            status = "eerder_ontvangen" if regel.eerder_ontvangen else regel.status
            found[record.nr] = _line(record, status, regel.bevindingen, regel.id, regel.gemeente)
    return [found[record.nr] for record in records]


def _goes(record: Record) -> bool:
    return record.soort == "signaal" and not record.bevindingen


def _stand(records: Sequence[Record], kop: Kop, deliverer: Deliverer) -> list[_Line]:
    head = {"sector": kop.sector, "handelsnaam": kop.handelsnaam, "profiel": kop.profiel}
    more = {"redenVervallen": kop.reden_vervallen, "inhaalslag": kop.inhaalslag}
    values = [{"kenmerk": record.value.get("kenmerk")} if record.bevindingen else record.value for record in records]
    verslag = deliverer.reconcile(str(kop.peildatum), {**_present(head), **_present(more), "signalen": values})
    lines = [
        _line(record, regel.uitkomst, record.bevindingen or regel.bevindingen, regel.id)
        for record, regel in zip(records, verslag.regels, strict=False)
    ]
    for nr, regel in enumerate(verslag.regels[len(records) :], start=len(records)):
        lines.append(_Line(nr, "niet in de lijst", regel.kenmerk, regel.uitkomst, id=regel.id))
    return lines


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


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
