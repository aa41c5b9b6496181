"""`seinhuis deelnemer`, the way in: what a participant uses and shows, what is still missing, and each step of the life cycle.

Authority: contract, states; decision 0036. A step that a gate holds back is refused with all that is missing and what mends it. Leaves the
gates to `gateway.onboarding.poorten`.
"""

from pathlib import Path
from typing import Annotated, get_args

import typer

from gateway.commands import site
from gateway.commands.certificaten import deelnemer_app
from gateway.commands.dutch import Opdracht
from gateway.commands.partners import require_order, require_place
from gateway.commands.values import (
    Bestand,
    GemeentecodeOptie,
    Naam,
    Nummerveld,
    Oin,
    Papier,
    Papierkenmerk,
    Rol,
    Tot,
    Vanaf,
    Versie,
    choice,
    sector_of,
)
from gateway.core.errors import Misconfigured
from gateway.onboarding import levenscyclus, poorten, registration, toetsen
from gateway.onboarding.registration import Office
from gateway.partners.dossier import Aansluiting, Stuk
from gateway.partners.register import Deelnemer
from schemas.toets import Mond, Toetssoort

__all__ = ["deelnemer_app"]
_MOUTHS, _KINDS = frozenset(get_args(Mond)), frozenset(get_args(Toetssoort))


def _use(text: str) -> str:
    mond, _, soort = text.partition("/")
    if mond not in _MOUTHS or soort not in _KINDS:
        raise typer.BadParameter(f"verwacht MOND/SOORT: {' of '.join(sorted(_MOUTHS))}, en een van {', '.join(sorted(_KINDS))}.")
    return text


Gebruik = Annotated[list[str] | None, typer.Option(parser=_use, help="Wat hij gebruikt, als MOND/SOORT; niets: alleen via een gemachtigde")]


@deelnemer_app.command("aanmelden", cls=Opdracht)
def register(  # noqa: PLR0913, PLR0917 - one option per member
    oin: Oin,
    naam: Naam,
    rol: Annotated[list[Rol], typer.Option(parser=choice(Rol), help=f"Een van {', '.join(Rol)}")],
    sector: Annotated[list[str] | None, typer.Option(parser=sector_of, help="Bijvoorbeeld huur")] = None,
    handelsnaam: Annotated[list[str] | None, typer.Option(help="Naam op signalen; de naam zelf als zij ontbreekt")] = None,
    gemeentecode: GemeentecodeOptie = None,
    gebruik: Gebruik = None,
    nummerformaat: Annotated[list[Nummerveld] | None, typer.Option(parser=choice(Nummerveld), help="Veld met negen cijfers")] = None,
) -> None:
    """Meld een nieuwe deelnemer aan, met wat hij gebruikt; daarna toont `ontbreekt` wat er voor elke stap nodig is."""
    require_place(rol, gemeentecode)
    row = Deelnemer(
        oin=oin,
        naam=naam,
        rollen=frozenset(map(str, rol)),
        status=levenscyclus.PAD[0],
        sectoren=frozenset(sector or []),
        handelsnamen=frozenset(handelsnaam or [naam]),
        gemeentecode=gemeentecode,
        nummerformaten=frozenset(map(str, nummerformaat or [])),
    )
    with site.office() as office:
        registration.save(office, row, Aansluiting(oin, frozenset(gebruik or [])))
        _show(office, oin)


@deelnemer_app.command("aansluiting", cls=Opdracht)
def uses(oin: Oin, gebruik: Gebruik = None) -> None:
    """Leg vast welke monden en berichtsoorten een deelnemer gebruikt; dit vervangt wat er stond."""
    with site.office() as office:
        registration.save(office, Aansluiting(oin, frozenset(gebruik or [])))
        _show(office, oin)


@deelnemer_app.command("ontbreekt", cls=Opdracht)
def lacking(oin: Oin) -> None:
    """Toon de status van een deelnemer, en per volgende stap wat er nog ontbreekt en met welke opdracht dat er komt."""
    with site.office() as office:
        _show(office, oin)


@deelnemer_app.command("papieren", cls=Opdracht)
def papers(oin: Oin, soort: Papier, kenmerk: Papierkenmerk, versie: Versie, vanaf: Vanaf, tot: Tot = None) -> None:
    """Leg een verwerkersovereenkomst of een DPIA vast, met het kenmerk en de versie waaronder de eigenaar haar bewaart."""
    require_order(vanaf, tot)
    with site.office() as office:
        registration.save(office, Stuk(oin, soort.value, kenmerk, versie, vanaf, tot))
        _show(office, oin)


@deelnemer_app.command("toets", cls=Opdracht)
def tested(oin: Oin, uitslag: Bestand) -> None:
    """Registreer een ondertekende toetsuitslag (JSON); is er niets meer open, dan wordt een deelnemer in test getoetst."""
    with site.office() as office:
        found = toetsen.verified(uitslag.read_bytes(), oin, office.testkeys, office.clock.now())
        registration.save(office, found)
        typer.echo(f"{oin}: toets van {found.mond} {'geslaagd' if found.geslaagd else 'gezakt'}")
        dossier = registration.judged(office, oin)
        if dossier.status == "in_test" and not poorten.missing(dossier, "getoetst"):
            registration.set_status(office, oin, "getoetst")
        _show(office, oin)


@deelnemer_app.command("toetssleutels", cls=Opdracht)
def test_keys(bestand: Annotated[Path, typer.Argument(help="Nieuw bestand (JSON)")]) -> None:
    """Schrijf de sleutels waarmee deze gateway toetsuitslagen ondertekent, voor SEINHUIS_TOETSSLEUTELS van een andere gateway."""
    with site.office() as office:
        keys = toetsen.published(office.keys)
    try:
        with bestand.open("xb") as file:
            file.write(keys)
    except FileExistsError:
        raise Misconfigured(f"{bestand} bestaat al; kies een nieuwe naam.") from None
    typer.echo(str(bestand))


@deelnemer_app.command("in-test", cls=Opdracht)
def to_test(oin: Oin) -> None:
    """Zet een aangemelde deelnemer in test: zijn systeem is bekend, en kan getoetst worden."""
    _go(oin, "in_test")


@deelnemer_app.command("schaduw", cls=Opdracht)
def to_shadow(oin: Oin) -> None:
    """Zet een getoetste deelnemer in schaduw: alles wordt gecontroleerd en gerapporteerd, niets wordt bezorgd."""
    _go(oin, "schaduw")


@deelnemer_app.command("activeer", cls=Opdracht)
def to_live(oin: Oin) -> None:
    """Maak een deelnemer actief; vanaf dan wordt bezorgd. Werkt binnen 5 seconden."""
    _go(oin, "actief")


@deelnemer_app.command("schort-op", cls=Opdracht)
def suspend(oin: Oin) -> None:
    """Schort een deelnemer op; werkt binnen 5 seconden, ook op open verbindingen."""
    _go(oin, "opgeschort")


@deelnemer_app.command("beeindig", cls=Opdracht)
def end(oin: Oin) -> None:
    """Beëindig een deelname; dat is voorgoed."""
    _go(oin, levenscyclus.EINDE)


def _go(oin: str, status: str) -> None:
    with site.office() as office:
        registration.set_status(office, oin, status)
    typer.echo(f"{oin}: {status}")


def _show(office: Office, oin: str) -> None:
    dossier = registration.judged(office, oin)
    typer.echo(f"{oin}: {dossier.status}")
    told: set[poorten.Gemis] = set()
    for status in levenscyclus.PAD:
        fresh = [gap for gap in poorten.missing(dossier, status) if gap not in told]
        told.update(fresh)
        for gap in fresh:
            typer.echo(f"  voor {status}: {gap.ontbreekt}")
            typer.echo(f"    {gap.opdracht}")
    if not told and dossier.status in levenscyclus.PAD[:-1]:
        typer.echo("  er ontbreekt niets voor de volgende stap")
