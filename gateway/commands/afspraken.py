"""`seinhuis afspraak`: the dated general agreements under which a creditor pauses collection, or agrees with a settlement beforehand.

Without one, a pause is a request and silence is no agreement. An agreement is never changed: messages name it by its id. It ends, and a
new one gets an id of its own. Every change is logged by `gateway.onboarding`. Authority: `gateway.partners.agreements`; contract,
"Arrangements". Leaves checking the signed paper to the operator.
"""

from typing import Annotated

import typer

from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.partners import require_order
from gateway.commands.values import (
    Afspraakkenmerk,
    AfspraaksoortWaarde,
    Einde,
    GemeentecodeKeuze,
    Getekend,
    Ondertekenaar,
    Tot,
    Vanaf,
    oin_of,
)
from gateway.core.clock import dutch_day
from gateway.core.errors import Misconfigured
from gateway.onboarding import registration
from gateway.onboarding.registration import Office
from gateway.partners import administration
from gateway.partners.agreements import Afspraak, counts
from gateway.partners.rows import sealer
from gateway.partners.source import load

afspraak_app = group("Algemene afspraken met schuldeisers: convenanten, en akkoord vooraf met regelingen.")
Gebonden = Annotated[list[str], typer.Option(parser=oin_of, help="OIN van een schuldeiser die eraan gebonden is")]


@afspraak_app.command("registreer", cls=Opdracht)
def register(  # noqa: PLR0913, PLR0917 - one per fact of the agreement
    kenmerk: Afspraakkenmerk,
    soort: AfspraaksoortWaarde,
    partij: Ondertekenaar,
    getekend: Getekend,
    vanaf: Vanaf,
    schuldeiser: Gebonden,
    tot: Tot = None,
    gemeentecode: GemeentecodeKeuze = None,
) -> None:
    """Leg een getekende afspraak vast: een pauze van de inning, of akkoord vooraf met regelingen."""
    require_order(vanaf, tot)
    row = Afspraak(kenmerk, soort.value, partij, frozenset(schuldeiser), gemeentecode, getekend, vanaf, tot)
    with site.office() as office:
        _require_creditors(office, row)
        registration.save(office, row)
    typer.echo(_shown(row))


@afspraak_app.command("beeindig", cls=Opdracht)
def end(kenmerk: Afspraakkenmerk, tot: Einde) -> None:
    """Geef een afspraak een laatste dag; een dag voor haar eerste maakt haar ongedaan. Wat er al op rust, blijft."""
    with site.office() as office:
        registration.end_agreement(office, kenmerk, tot)
    typer.echo(f"{kenmerk}: tot en met {tot}")


@afspraak_app.command("toon", cls=Opdracht)
def shown() -> None:
    """Toon alle afspraken, ook die nog niet of niet meer gelden."""
    today = dutch_day(site.clock.now())
    with site.office() as office, office.database.transaction() as connection:
        found = list(administration.agreements(connection, sealer(office.keys)))
    for row, sealed in found:
        state = "geldt" if counts(row, today) else "geldt vandaag niet"
        typer.echo(f"{_shown(row)}; {state if sealed else 'TELT NIET: buiten de gateway om geschreven'}")


def _shown(row: Afspraak) -> str:
    where = f"gemeente {row.gemeentecode}" if row.gemeentecode else "alle gemeenten"
    until = f" tot en met {row.geldig_tot}" if row.geldig_tot else ""
    bound = ", ".join(sorted(row.schuldeisers))
    return f"{row.id}: {row.soort} van {row.partij} met {where}, getekend {row.getekend_op}, vanaf {row.geldig_van}{until}, voor {bound}"


def _require_creditors(office: Office, row: Afspraak) -> None:
    """Raises Misconfigured: it binds somebody who is no registered creditor, and so would never hold."""
    with office.database.transaction() as connection:
        known = load(connection, sealer(office.keys))
    unknown = [oin for oin in sorted(row.schuldeisers) if (party := known.partner(oin)) is None or "schuldeiser" not in party.rollen]
    if unknown:
        raise Misconfigured(f"{', '.join(unknown)} is geen ingeschreven schuldeiser. Doe eerst `seinhuis deelnemer registreer`.")
