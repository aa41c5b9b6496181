"""`seinhuis uitlaat`: hand the messages of a municipality on to the desk that it chose. `toets` works on files of this machine alone.

Authority: feature F87; `docs/uitlaat.md`. Leaves the layout to `adapters.desk`, what may travel to `gateway.policy`, and the rows of the
register to `gateway.onboarding`.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adapters.desk import layout, writing
from adapters.desk.cells import Cell, Euros, Layout, Onvulbaar
from adapters.formats import profile
from adapters.synthetic.uitlaat import records
from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.municipalities import public_key
from gateway.commands.partners import require_order
from gateway.commands.values import (
    Afspraakkenmerk,
    Bestand,
    Gemeentecode,
    Getekend,
    Oin,
    Sleutelnaam,
    Soort,
    Tot,
    Vanaf,
    choice,
    werkbak_of,
)
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Misconfigured
from gateway.files.deskrows import Deskfile
from gateway.onboarding import registration
from gateway.onboarding.registration import Office
from gateway.outlet.desk import DOEL
from gateway.outlet.overview import Overview, overview
from gateway.partners import outlets
from gateway.partners.mailroom import Uitlaat
from gateway.partners.outlets import ROL
from gateway.partners.register import Mandaat, Register
from gateway.partners.rows import sealer
from gateway.partners.sealkeys import Partijsleutel
from gateway.partners.source import load
from gateway.policy.register import PurposeRegister
from schemas.types import Gemeentecode as Code
from schemas.uitlaat import Uitlaatprofiel

Soorten = Annotated[list[Soort] | None, typer.Option("--soort", parser=choice(Soort), help="Alleen deze soort; standaard alle soorten")]
Werkbakken = Annotated[list[str] | None, typer.Option("--werkbak", parser=werkbak_of, help="Alleen deze werkbak; standaard alle")]
uitlaat_app = group("De uitlaat: berichten van een gemeente als bestand naar het loket dat zij koos.")


@uitlaat_app.command("toets", cls=Opdracht)
def toets(profiel: Bestand) -> None:
    """Controleer een uitlaatprofiel en toon een rij met verzonnen gegevens; eindigt met 1 als er iets niet te vullen is."""
    try:
        found = layout.load(profiel.read_bytes())
    except profile.Ongeldig as error:
        for fout in error.fouten:
            typer.echo(f"{profiel}, {fout.plek}: {fout.melding}")
        raise typer.Exit(1) from None
    for line in _example(found):
        typer.echo(line)
    gaps = list(layout.gaps(found, PurposeRegister.load().groups_for(DOEL, ROL, dutch_day(site.clock.now()))))
    for line in (*gaps, *layout.doubts(found)):
        typer.echo(f"{profiel}: {line}")
    typer.echo(f"{found.naam} versie {found.versie}: {'KLOPT NIET' if gaps else 'klopt'}")
    if gaps:
        raise typer.Exit(1)


@uitlaat_app.command("registreer", cls=Opdracht)
def registreer(  # noqa: PLR0913, PLR0917 - what is typed
    gemeentecode: Gemeentecode,
    loket: Oin,
    profiel: Bestand,
    kid: Sleutelnaam,
    sleutel: Bestand,
    overeenkomst: Afspraakkenmerk,
    getekend: Getekend,
    vanaf: Vanaf,
    tot: Tot = None,
    soort: Soorten = None,
    werkbak: Werkbakken = None,
) -> None:
    """Geef berichten van een gemeente door aan haar LOKET, haar verwerker, in de indeling van PROFIEL en verzegeld voor SLEUTEL."""
    require_order(vanaf, tot)
    found, text = loaded(profiel)
    _require_travels(found)
    row = Uitlaat(
        gemeentecode=gemeentecode,
        loket=loket,
        overeenkomst=overeenkomst,
        getekend_op=getekend,
        geldig_van=vanaf,
        inhoud=text,
        soorten=frozenset(map(str, soort or [])),
        werkbakken=frozenset(werkbak or []),
        geldig_tot=tot,
    )
    with site.office() as office:
        own = _municipality(_register(office), gemeentecode, loket)
        key = Partijsleutel(loket, kid, "eigen", public_key(sleutel))
        registration.save(office, key, Mandaat(loket, own, ROL, vanaf, tot), row)
    typer.echo(f"{gemeentecode}: {found.naam} versie {found.versie} naar {loket}, vanaf {vanaf}")


@uitlaat_app.command("toon", cls=Opdracht)
def toon(gemeentecode: Gemeentecode) -> None:
    """Toon het loket van een gemeente, waarom er eventueel niets naar toe gaat, de laatste bestanden en wat niet past; geen inhoud."""
    with site.outlet_office() as (office, inbox):
        register = _register(office)
        found, files = register.outlets.get(gemeentecode), overview(inbox(), gemeentecode)
    if found is None:
        typer.echo(f"{gemeentecode}: geen uitlaat die aan staat")
    else:
        for line in _standing(register, found):
            typer.echo(line)
    for line in _files(files):
        typer.echo(line)


@uitlaat_app.command("zet-uit", cls=Opdracht)
def zet_uit(gemeentecode: Gemeentecode) -> None:
    """Geef niets meer door aan het loket; wat daar nog klaarstaat is binnen 5 seconden weg, en terug in de inbox als `serve` draait."""
    with site.office() as office:
        registration.end_outlet(office, gemeentecode)
    typer.echo(f"{gemeentecode}: uit")


def _require_travels(found: Uitlaatprofiel) -> None:
    """Raises Misconfigured: the layout asks for what may not travel, or can never be filled."""
    allowed = PurposeRegister.load().groups_for(DOEL, ROL, dutch_day(site.clock.now()))
    if gaps := list(layout.gaps(found, allowed)):
        raise Misconfigured(f"{found.naam}: {gaps[0]} (UITLAAT_VELDGROEP). Alles: `seinhuis uitlaat toets`.")


def _register(office: Office) -> Register:
    with office.database.transaction() as connection:
        return load(connection, sealer(office.keys))


def _municipality(register: Register, gemeentecode: Code, loket: str) -> str:
    """The OIN of the municipality. Raises Misconfigured: it or the desk is not registered as such; Conflict: an own key."""
    own = next((d.oin for d in register.deelnemers.values() if d.gemeentecode == gemeentecode), None)
    if own is None:
        raise Misconfigured(f"Er is geen deelnemer met de rol gemeente voor {gemeentecode}. Doe eerst `seinhuis deelnemer registreer`.")
    desk = register.partner(loket)
    if desk is None or ROL not in desk.rollen:
        raise Misconfigured(f"{loket} is niet ingeschreven met de rol {ROL}. Doe eerst `seinhuis deelnemer registreer`.")
    outlets.require_managed(register, gemeentecode)
    return own


def _standing(register: Register, found: Uitlaat) -> Iterator[str]:
    last = f" tot en met {found.geldig_tot}" if found.geldig_tot else ""
    yield f"{found.gemeentecode} naar {found.loket}, overeenkomst {found.overeenkomst} van {found.getekend_op}"
    yield f"vanaf {found.geldig_van}{last}"
    made = layout.load(found.inhoud.encode())
    only = ", ".join(sorted(found.soorten | found.werkbakken)) or "alles"
    yield f"profiel {made.naam} versie {made.versie} ({made.formaat}), {only}"
    today: date = dutch_day(site.clock.now())
    try:
        key = outlets.outlet(register, found.gemeentecode, today).sleutel
        yield f"verzegeld voor {key.kid}"
        if all(party.oin != found.loket for party in register.sftp_parties(site.clock.now())):
            yield "het loket heeft nog geen SFTP-sleutel om mee op te halen; zie `seinhuis deelnemer sftp-sleutel`"
    except Conflict as refused:
        yield f"ER GAAT NIETS NAAR HET LOKET: {refused.detail} ({refused.code})"


def _files(found: Overview) -> Iterator[str]:
    for file in found.files:
        yield f"{file.gemaakt:%Y-%m-%d %H:%MZ}  {file.nr}  {file.soort}  {file.records}  {file.profiel}  {_state(file)}"
    for profiel, reden, aantal in found.aside:
        yield f"in de inbox gebleven: {aantal} ({reden}; {profiel})"


def _state(file: Deskfile) -> str:
    if file.opgehaald:
        return f"opgehaald {file.opgehaald:%Y-%m-%d %H:%MZ}"
    if file.teruggenomen:
        return "teruggenomen"
    if file.afgerond:
        return "geopend, nooit tot het einde gelezen"
    return "geopend" if file.geopend else "klaar voor het loket"


def loaded(path: Path) -> tuple[Uitlaatprofiel, str]:
    """A profile and its text. Raises Misconfigured."""
    try:
        content = path.read_bytes()
        return layout.load(content), content.decode("utf-8-sig")
    except profile.Ongeldig as error:
        first = error.fouten[0]
        raise Misconfigured(f"{path.name}, {first.plek}: {first.melding} Alle fouten: `seinhuis uitlaat toets`.") from None


def _example(found: Uitlaatprofiel) -> Iterator[str]:
    """Every column with its cell, then the file itself unless it is a spreadsheet."""
    made = Layout(found)
    yield "Verzonnen gegevens; deze persoon bestaat niet."
    try:
        rows = [made.row(record) for record in records(1, dutch_day(site.clock.now()))]
    except Onvulbaar as refused:
        yield f"kolom {refused.kolom}: {refused.melding}"
        return
    yield from (f"  {head}: {_shown(cell)}" for head, cell in zip(made.heads, rows[0], strict=True))
    if found.formaat != "xlsx":
        content = b"".join(writing.write(made, rows))
        yield content.decode({"utf-8-bom": "utf-8-sig"}.get(found.bestand.codering, found.bestand.codering)).rstrip()


def _shown(cell: Cell) -> str:
    return f"{cell.cents / 100:.2f} (getal)" if isinstance(cell, Euros) else str(cell)
