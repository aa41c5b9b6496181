"""What an operator may type: each value is checked before anything is opened, and refused in Dutch with what is expected.

Authority: `schemas.types` for forms that also travel; contract, "who is who" and "states", for roles and states. Leaves whether
a well-formed value is known (a registered OIN, an existing municipality) to the command that uses it.
"""

import base64
import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
import typer

from schemas import triage, types

E = TypeVar("E", bound=StrEnum)


class Rol(StrEnum):
    """What a participant takes part as."""

    SCHULDEISER = "schuldeiser"
    SIGNAALPARTNER = "signaalpartner"
    GEMEENTE = "gemeente"
    UITVOERDER = "uitvoerder"
    GERECHTSDEURWAARDER = "gerechtsdeurwaarder"
    BEWINDVOERDER = "bewindvoerder"
    TOEZICHTHOUDER = "toezichthouder"
    VERWERKER = "verwerker"
    SCHULDHULPVERLENER = "schuldhulpverlener"
    KREDIETVERSTREKKER = "kredietverstrekker"
    CBS = "cbs"
    INTEGRATOR = "integrator"
    BEHEERDER = "beheerder"
    EXPERIMENT_HYPOTHEEK = "experiment_hypotheek"
    EXPERIMENT_CAK = "experiment_cak"
    EXPERIMENT_BELASTINGDIENST = "experiment_belastingdienst"


class Status(StrEnum):
    """The states that an operator sets."""

    ACTIEF = "actief"
    OPGESCHORT = "opgeschort"
    BEEINDIGD = "beeindigd"


class Nummerveld(StrEnum):
    """Fields whose numbers may look like a BSN once that is registered."""

    KENMERK = "kenmerk"
    KLANTNUMMER = "klantnummer"
    CONTRACTKENMERK = "contractkenmerk"
    FACTUURNUMMER = "factuurnummer"
    DOSSIERNUMMER = "dossiernummer"
    ZAAKNUMMER = "zaaknummer"


class Afspraaksoort(StrEnum):
    """What a general agreement is about."""

    CONVENANT = "convenant"
    AKKOORD_VOORAF = "akkoord_vooraf"


class Soort(StrEnum):
    """The kinds of message that a creditor sends."""

    VROEGSIGNAAL = "vroegsignaal"
    ACTUALISERING = "actualisering"
    EINDELEVERING = "eindelevering"


class Papiersoort(StrEnum):
    """The papers that a participant shows."""

    VERWERKERSOVEREENKOMST = "verwerkersovereenkomst"
    DPIA = "dpia"


class Partij(NamedTuple):
    """A party to make a certificate for."""

    oin: str
    naam: str


def choice(kind: type[E]) -> Callable[[str], E]:
    """A parser of one value of a list."""

    def parse(text: str) -> E:
        try:
            return kind(text)
        except ValueError:
            raise typer.BadParameter(f"kies uit {', '.join(kind)}.") from None

    return parse


def _formed(kind: Any, expected: str) -> Callable[[str], str]:  # noqa: ANN401 - an annotated type
    def parse(text: str) -> str:
        try:
            return str(msgspec.convert(text, kind))
        except msgspec.ValidationError:
            raise typer.BadParameter(expected) from None

    return parse


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if len(text) == 10 else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise typer.BadParameter("verwacht een bestaande datum als JJJJ-MM-DD, bijvoorbeeld 2026-01-31.")


def _cents(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 8):
        raise typer.BadParameter("verwacht een bedrag in hele eurocenten, bijvoorbeeld 10000 voor 100 euro.")
    return int(text)


def _thumbprint(text: str) -> bytes:
    try:
        raw = bytes.fromhex(text.replace(":", ""))
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise typer.BadParameter("verwacht de SHA-256 van het certificaat: 64 hexadecimale tekens.")
    return raw


def _ssh_print(text: str) -> bytes:
    shown = text.removeprefix("SHA256:")
    try:
        raw = base64.b64decode(f"{shown}=", validate=True) if shown != text else bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise typer.BadParameter("verwacht SHA256: en 43 tekens, zoals `ssh-keygen -l` toont, of 64 hexadecimale tekens.")
    return raw


def _server(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}", text):
        raise typer.BadParameter("verwacht een servernaam of IP-adres, bijvoorbeeld sftp.voorbeeld.nl.")
    return text


def _file(text: str) -> Path:
    path = Path(text)
    try:
        with path.open("rb"):
            return path
    except OSError:
        raise typer.BadParameter(f"{text} is geen leesbaar bestand; controleer het pad en de rechten.") from None


def _party(text: str) -> Partij:
    oin, _, naam = text.partition("=")
    return Partij(oin_of(oin), _naam(naam or oin))


OIN_FORM = "verwacht een OIN van 20 posities, bijvoorbeeld 00000099000000011000."
oin_of = _formed(types.Oin, OIN_FORM)
sector_of = _formed(types.Sector, "verwacht een sector in kleine letters, bijvoorbeeld huur of zorgverzekering.")
werkbak_of = _formed(triage.Werkbakcode, "verwacht de code van een werkbak, bijvoorbeeld huisbezoek-noord.")
_naam = _formed(types.Naam, "verwacht een naam van hoogstens 200 tekens op één regel.")
_kid = _formed(types.Kenmerk, "verwacht een naam van hoogstens 64 tekens zonder spaties, bijvoorbeeld haarlem-2026-1.")
_code = _formed(types.Gemeentecode, "verwacht een CBS-gemeentecode van vier cijfers, bijvoorbeeld 0392.")

Oin = Annotated[str, typer.Argument(parser=oin_of, help="OIN van de deelnemer, 20 posities")]
OinKeuze = Annotated[str | None, typer.Option(parser=oin_of, help="OIN van een deelnemer; allen als zij ontbreekt")]
Servernaam = Annotated[str, typer.Argument(parser=_server, help="Naam of IP-adres van de server van de deelnemer")]
Gebruiker = Annotated[str, typer.Argument(parser=_kid, help="Gebruikersnaam waarmee de gateway daar inlogt")]
Serverpad = Annotated[str, typer.Argument(parser=_naam, help="Map op die server, bijvoorbeeld /uit")]
Sector = Annotated[str, typer.Argument(parser=sector_of, help="Sector van de vordering, bijvoorbeeld huur")]
Naam = Annotated[str, typer.Argument(parser=_naam, help="Naam zoals anderen hem zien")]
Gemeentecode = Annotated[str, typer.Argument(parser=_code, help="CBS-gemeentecode, vier cijfers")]
GemeentecodeOptie = Annotated[str | None, typer.Option(parser=_code, help="CBS-gemeentecode, bij rol gemeente")]
GemeentecodeKeuze = Annotated[str | None, typer.Option(parser=_code, help="CBS-gemeentecode; alle gemeenten als zij ontbreekt")]
Vanaf = Annotated[date, typer.Argument(parser=_day, help="Eerste dag, JJJJ-MM-DD")]
Tot = Annotated[date | None, typer.Argument(parser=_day, help="Laatste dag, JJJJ-MM-DD; zonder einde als zij ontbreekt")]
Id = Annotated[str, typer.Argument(parser=_naam, help="Kenmerk van het document bij de deelnemer")]
Ondertekenaar = Annotated[str, typer.Argument(parser=_naam, help="Wie haar tekende: de schuldeiser zelf, of de branche die hem bindt")]
Afspraakkenmerk = Annotated[str, typer.Argument(parser=_kid, help="Kenmerk van de afspraak, bijvoorbeeld convenant-2026-1")]
AfspraaksoortWaarde = Annotated[
    Afspraaksoort, typer.Argument(parser=choice(Afspraaksoort), help="convenant (pauze van de inning) of akkoord_vooraf (regelingen)")
]
Papier = Annotated[Papiersoort, typer.Argument(parser=choice(Papiersoort), help=f"Een van {', '.join(Papiersoort)}")]
Papierkenmerk = Annotated[str, typer.Argument(parser=_kid, help="Kenmerk waaronder de eigenaar het stuk bewaart")]
Versie = Annotated[str, typer.Argument(parser=_kid, help="Versie van het stuk, bijvoorbeeld 1.0")]
Sleutelnaam = Annotated[str, typer.Argument(parser=_kid, help="Naam van de sleutel (kid), bijvoorbeeld haarlem-2026-1")]
Getekend = Annotated[date, typer.Argument(parser=_day, help="Dag van ondertekening, JJJJ-MM-DD")]
Einde = Annotated[date, typer.Argument(parser=_day, help="Laatste dag, JJJJ-MM-DD")]
Dag = Annotated[date, typer.Argument(parser=_day, help="JJJJ-MM-DD")]
DagOptie = Annotated[date, typer.Option(parser=_day, help="JJJJ-MM-DD")]
DagKeuze = Annotated[date | None, typer.Option(parser=_day, help="JJJJ-MM-DD; vandaag als zij ontbreekt")]
SectorKeuze = Annotated[str | None, typer.Option(parser=sector_of, help="standaard alle sectoren")]
SoortKeuze = Annotated[Soort | None, typer.Option(parser=choice(Soort), help="standaard alle soorten")]
Cents = Annotated[int | None, typer.Option(parser=_cents, help="Drempel in hele eurocenten")]
Vingerafdruk = Annotated[bytes, typer.Argument(parser=_thumbprint, help="SHA-256 van het certificaat, hexadecimaal")]
Sleutelvingerafdruk = Annotated[
    bytes, typer.Argument(parser=_ssh_print, help="Vingerafdruk van de sleutel: SHA256:…, of 64 hexadecimale tekens")
]
Bestand = Annotated[Path, typer.Argument(parser=_file, help="Een bestaand bestand")]
BestandOptie = Annotated[Path, typer.Option(parser=_file, help="Een bestaand bestand (PEM)")]
BestandKeuze = Annotated[Path | None, typer.Option(parser=_file, help="Een bestaand bestand")]
Bestanden = Annotated[list[Path] | None, typer.Option(parser=_file)]
RolWaarde = Annotated[Rol, typer.Argument(parser=choice(Rol), help=f"Een van {', '.join(Rol)}")]
StatusWaarde = Annotated[Status, typer.Argument(parser=choice(Status), help=f"Een van {', '.join(Status)}")]
Partijen = Annotated[list[Partij] | None, typer.Option(parser=_party, help="OIN=naam van een partij")]
