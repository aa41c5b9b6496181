"""`seinhuis log`: verify the log or an export of it, write it out, choose how long its content stays. Every decision is made elsewhere."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapters.client import logcheck
from adapters.client.logcheck import Held, Untrusted
from gateway.app.audit import open_audit, open_index
from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import Bestanden, BestandKeuze, Gemeentecode, GemeentecodeOptie, choice
from gateway.core.errors import Misconfigured
from gateway.privacylog import export, ldv

log_app = group("De verwerkingslog.")


class Vorm(StrEnum):
    """What an export is for: to verify, or to read elsewhere as records of processing (LDV) or of access (audit)."""

    CONTROLE = "controle"
    LDV = ldv.Vorm.LDV
    AUDIT = ldv.Vorm.AUDIT



@log_app.command("verify", cls=Opdracht)
def log_verify(
    controlepunt: Bestanden = None,
    bestand: BestandKeuze = None,
    sleutel: Annotated[str | None, typer.Option(help="Bij --bestand: de logsleutel (naam+id+sleutel) van de gateway")] = None,
    volledig: Annotated[bool, typer.Option("--volledig", help="Vergelijk ook de zoekindex van het toezicht met de log")] = False,
) -> None:
    """Controleer de log, of een uitvoer ervan (--bestand, --sleutel): elk blad, nummer en controlepunt, en wat u zelf bewaarde.
    Wat u bewaarde (--controlepunt): een controlepunt, ontvangstbewijs of antwoord. Eindigt met 1 als er iets niet klopt.
    """
    try:
        kept = [path.read_text(encoding="utf-8") for path in controlepunt or []]
        held = Held.of(*kept)
    except ValueError:
        raise Misconfigured("Een controlepunt is geen tekst; geef het bestand zoals de gateway het gaf.") from None
    if bestand and volledig:
        raise Misconfigured("De zoekindex staat niet in een uitvoer: --volledig kan niet met --bestand.")
    findings, conclusion = _export(bestand, sleutel, held) if bestand else _database(held, whole=volledig)
    for line in (*findings, conclusion):
        typer.echo(line)
    if findings:
        raise typer.Exit(1)


def _export(file: Path, key: str | None, held: Held) -> tuple[list[str], str]:
    """Without the database, its keys or any setting."""
    if key is None:
        raise Misconfigured("Bij --bestand hoort --sleutel: de logsleutel die de gateway publiceert.")
    try:
        with file.open("rb") as lines:
            report = logcheck.verify(lines, key, held)
    except Untrusted:
        raise Misconfigured("--sleutel is geen logsleutel (naam+id+sleutel).") from None
    return report.findings, report.conclusion()


def _database(held: Held, *, whole: bool) -> tuple[list[str], str]:
    chosen = site.settings()
    site.require_kek(chosen)
    with open_audit(chosen, site.clock) as audit:
        report = audit.verify(held.notes)
        findings = report.findings if not (held.leaves or held.messages) else [*report.findings, *audit.compare(held)]
    if whole:
        with open_index(chosen, site.clock) as compare:
            findings = [*findings, *compare()]
    said = "KLOPT NIET" if findings else "klopt"
    return findings, f"log: {said} ({report.leaves} regels, {report.checkpoints} controlepunten)"


@log_app.command("uitvoer", cls=Opdracht)
def log_export(
    bestand: Annotated[Path, typer.Argument(help="Nieuw bestand, JSON per regel")],
    vorm: Annotated[Vorm, typer.Option(parser=choice(Vorm), help=f"Waarvoor: {', '.join(Vorm)}")] = Vorm.CONTROLE,
    gemeente: GemeentecodeOptie = None,
) -> None:
    """Schrijf de log uit: om te controleren, of als OTLP/JSON-regels (ldv: verwerkingen zonder gebruikers; audit: wie wat deed).
    Met --gemeente alleen wat van die gemeente is; een uitvoer om te controleren is altijd heel.
    """
    if gemeente and vorm is Vorm.CONTROLE:
        raise Misconfigured("Een deel van de log is niet te controleren: --gemeente hoort bij --vorm ldv of audit.")
    chosen = site.settings()
    site.require_kek(chosen)
    written = 0
    with open_audit(chosen, site.clock) as audit, audit.database.transaction() as connection, bestand.open("xb") as file:
        controle = vorm is Vorm.CONTROLE
        for line in export.lines(connection) if controle else ldv.lines(connection, ldv.Vorm(vorm), gemeente, chosen.operator):
            file.write(line)
            written += 1
    typer.echo(f"{bestand}: {written} regels, logsleutel {audit.verifier.vkey}")


@log_app.command("termijn", cls=Opdracht)
def log_term(gemeentecode: Gemeentecode, maanden: Annotated[int, typer.Option(min=24, max=240, help="Zoveel maanden, 24 of meer")]) -> None:
    """Leg vast hoe lang de inhoud van de regels van een gemeente blijft; `bewaring` laat daarna gaan wat ouder is."""
    chosen = site.settings()
    site.require_kek(chosen)
    with open_audit(chosen, site.clock) as audit:
        audit.choose(gemeentecode, maanden)
    typer.echo(f"gemeente {gemeentecode}: inhoud van de log {maanden} maanden")
