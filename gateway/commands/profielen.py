"""`seinhuis profiel`: check a mapping profile against its golden file, and see how a file would be read. Nothing is sent or kept.

Authority: `docs/profielen.md`. Works on files of this machine alone: no database, no key, no network. Leaves reading to `adapters.formats`.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.formats import golden, profile, reading
from adapters.formats.mapping import Mapping
from adapters.formats.profilechecks import missing
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import Bestand, BestandKeuze
from gateway.core.errors import Misconfigured
from gateway.onboarding import preview
from gateway.rules import rows
from schemas import strict
from schemas.bestand import Kop, Onleesbaar, Record
from schemas.ontvangst import Bevinding
from schemas.profiel import Profiel

profiel_app = group("Mapping-profielen: hoe een eigen bestand signalen wordt.")
_HINTS = {
    "/kenmerk": "; heeft u geen eigen nummer, maak het dan met [kenmerk]",
    "/sector": "; noem haar in [kop]",
    "/handelsnaam": "; noem hem in [kop]",
    "/inspanning/wijze": '; maak [bewijs], of een veld met waarde = "gegevens"',
}
Aantal = Annotated[int, typer.Option(min=0, max=1000, help="Zoveel records in beeld; 0 toont alleen tellingen")]


@profiel_app.command("toets", cls=Opdracht)
def toets(profiel: Bestand, voorbeeld: BestandKeuze = None, verwacht: BestandKeuze = None) -> None:
    """Controleer een profiel, en of een voorbeeld geeft wat verwacht wordt; eindigt met 1 als er iets niet klopt."""
    if (voorbeeld is None) != (verwacht is None):
        raise Misconfigured("Geef --voorbeeld en --verwacht allebei, of geen van beide.")
    try:
        found = profile.load(profiel.read_bytes())
    except profile.Ongeldig as error:
        for fout in error.fouten:
            typer.echo(f"{profiel}, {fout.plek}: {fout.melding}")
        raise typer.Exit(1) from None
    gaps = [f"geen veld vult {pointer}, dat elk signaal heeft{_HINTS.get(pointer, '')}" for pointer in missing(found)]
    gaps += [f"de regels kennen sector {name!r} niet; aangewezen zijn {', '.join(designated())}" for name in _unknown_sectors(found)]
    for line in gaps:
        typer.echo(f"{profiel}: {line}")
    wrong = _compared(found, voorbeeld, verwacht) if voorbeeld and verwacht else []
    for line in wrong:
        typer.echo(line)
    typer.echo(f"{found.naam} versie {found.versie}: {'KLOPT NIET' if gaps or wrong else 'klopt'}")
    if gaps or wrong:
        raise typer.Exit(1)


@profiel_app.command("proef", cls=Opdracht)
def proef(
    profiel: Bestand, bestand: Bestand, aantal: Aantal = 3, als_json: Annotated[bool, typer.Option("--json", help="Alles als JSON")] = False
) -> None:
    """Laat zien hoe een eigen bestand gelezen wordt, met persoonsgegevens in beeld; er wordt niets verstuurd of bewaard."""
    found = _load(profiel)
    if als_json:
        typer.echo(json.dumps(_read(found, bestand), ensure_ascii=False, indent=2))
        return
    try:
        _dry_run(found, bestand, aantal)
    except Onleesbaar as error:
        raise Misconfigured(f"{bestand}, {error.plek}: {error.melding} ({error.code})") from None


def _unknown_sectors(found: Profiel) -> list[str]:
    """Sectors that the profile writes itself and that no rule knows: every signal would be refused."""
    written: list[object] = [found.kop.sector]
    for veld in found.velden:
        if veld.naar == "/sector":
            written += [veld.waarde, veld.standaard, *(veld.lijst or {}).values()]
    known = {sector for table in rows.shipped() for sector in table.sectoren}
    return list(dict.fromkeys(str(name) for name in written if name is not None and name not in known))


def designated() -> list[str]:
    """The sectors whose creditors may be registered."""
    open_to = [table for table in rows.shipped() if any(row.toets == "sector_geregistreerd" for row in table.regel)]
    return sorted({sector for table in open_to for sector in table.sectoren})


def _load(path: Path) -> Profiel:
    try:
        return profile.load(path.read_bytes())
    except profile.Ongeldig as error:
        raise Misconfigured(f"{path}, {error.fouten[0].plek}: {error.fouten[0].melding} Alle fouten: `seinhuis profiel toets`.") from None


def _read(found: Profiel, path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return golden.shape(reading.lezer(Mapping(found), path.name)(stream))
    except Onleesbaar as error:
        return golden.unreadable(error)


def _compared(found: Profiel, example: Path, expected: Path) -> list[str]:
    try:
        return list(golden.differences(strict.load(expected.read_bytes()), _read(found, example)))
    except strict.Refused as refused:
        raise Misconfigured(f"{expected}: {refused.fouten[0].melding}") from None


def _dry_run(found: Profiel, path: Path, aantal: int) -> None:
    with path.open("rb") as stream:
        lezing = reading.lezer(Mapping(found), path.name)(stream)
        kinds, faulty, findings, first = Counter[str](), 0, Counter[str](), dict[str, str]()
        filled = preview.fills(found)
        for record in lezing:
            wrong = list(preview.findings(record, lezing.kop, filled))
            if aantal and not record.nr:
                typer.echo("Hieronder staan persoonsgegevens uit uw eigen bestand. Zij blijven op deze machine; toon ze niet aan anderen.")
            if record.nr < aantal:
                _show(record, wrong)
            kinds[record.soort] += 1
            faulty += bool(wrong)
            for line in dict.fromkeys(f"{b.pointer or '/'}: {b.melding} ({b.code})" for b in wrong):
                findings[line] += 1
                first.setdefault(line, record.plek)
    _show_file(lezing.kop, getattr(lezing, "scheiding", None), getattr(lezing, "blad", None))
    typer.echo(f"{kinds.total()} records ({', '.join(f'{n} {kind}' for kind, n in kinds.items()) or 'geen'}), {faulty} met een bevinding")
    for line, times in findings.most_common(50):
        typer.echo(f"{times} keer, het eerst op {first[line]}: {line}")


def _show(record: Record, wrong: list[Bevinding]) -> None:
    typer.echo(f"\n{record.plek}, {record.soort}:")
    typer.echo(json.dumps(record.value, ensure_ascii=False, indent=2))
    for finding in wrong:
        typer.echo(f"  {finding.pointer or '/'}: {finding.melding} ({finding.code})")


def _show_file(kop: Kop, scheiding: str | None, blad: str | None) -> None:
    found = [f"gelezen als {kop.codering}", f"scheidingsteken {scheiding!r}" if scheiding else "", f"blad {blad}" if blad else ""]
    typer.echo("\n" + ", ".join(filter(None, found)))
    typer.echo(", ".join(f"{name.replace('_v', 'V')} {value}" for name, value in golden.kop_shape(kop).items() if name != "codering"))
