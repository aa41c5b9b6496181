"""`seinhuis toezicht`: the privacy officer's side, with the officer's own certificate over `/toezicht/v1`.

Whom the officer looks for stands in a file, never among the words of a command, which others on the machine can see. No command needs an
installation. Authority: contract, "/toezicht/v1". Leaves every rule to the door.
"""

from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
import typer

from adapters.client.connection import Answer, Connection
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import Bestand, BestandKeuze, Dag, choice, oin_of
from gateway.core.errors import Misconfigured
from schemas.problem import Problem
from schemas.toezicht import WACHTRIJ_DAGEN

BASE = "/toezicht/v1"
toezicht_app = group("Het toezicht: wie zag wat, wanneer en waarom.")


class Oordeel(StrEnum):
    """What an officer says of an access."""

    IN_ORDE = "in_orde"
    IN_ONDERZOEK = "in_onderzoek"
    MISBRUIK = "misbruik"


class Besluit(StrEnum):
    """What the second person says."""

    GOEDGEKEURD = "goedgekeurd"
    AFGEWEZEN = "afgewezen"


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter("verwacht een kenmerk dat Seinhuis gaf, zoals 019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20.") from None


Server = Annotated[str | None, typer.Option(help="Naam en poort van het knooppunt, bijvoorbeeld seinhuis.example:8443")]
Pad = BestandKeuze
Dagen = Annotated[int, typer.Option(min=1, max=WACHTRIJ_DAGEN, help="Zoveel dagen vanaf VAN")]
Namens = Annotated[str | None, typer.Option(parser=oin_of, help="OIN van de gemeente, als u er voor meer dan een werkt")]
Id = Annotated[UUID, typer.Argument(parser=_id, help="Kenmerk dat Seinhuis gaf")]
OordeelWaarde = Annotated[Oordeel, typer.Argument(parser=choice(Oordeel), help=f"Een van {', '.join(Oordeel)}")]
BesluitWaarde = Annotated[Besluit, typer.Argument(parser=choice(Besluit), help=f"Een van {', '.join(Besluit)}")]


class Papers(NamedTuple):
    """Where the door is, and who knocks."""

    server: str | None
    ca: Path | None
    certificaat: Path | None
    sleutel: Path | None
    namens: str | None


@toezicht_app.callback()
def papers(
    context: typer.Context,
    server: Server = None,
    ca: Pad = None,
    certificaat: Pad = None,
    sleutel: Pad = None,
    namens: Namens = None,
) -> None:
    """Het toezicht: wie zag wat, wanneer en waarom. Geef voor de opdracht met welk certificaat u zich meldt."""
    context.obj = Papers(server, ca, certificaat, sleutel, namens)


@toezicht_app.command("zoek", cls=Opdracht)
def search(context: typer.Context, bestand: Bestand) -> None:
    """Zoek in de log; BESTAND is een LogVraag in JSON."""
    _say(context, "POST", "/logregels/_zoek", bestand.read_bytes())


@toezicht_app.command("regel", cls=Opdracht)
def entry(context: typer.Context, id: Id) -> None:
    """Lees een logregel met haar bewijs."""
    _say(context, "GET", f"/logregels/{id}")


@toezicht_app.command("inzage", cls=Opdracht)
def inquire(context: typer.Context, bestand: Bestand) -> None:
    """Neem een verzoek om inzage in behandeling; BESTAND is een InzageAanvraag in JSON. De gemeente bevestigt daarna de treffers."""
    _say(context, "POST", "/inzageverzoeken", bestand.read_bytes())


@toezicht_app.command("uittreksel", cls=Opdracht)
def extract(context: typer.Context, id: Id) -> None:
    """Maak het uittreksel van een bevestigd verzoek om inzage."""
    _say(context, "GET", f"/inzageverzoeken/{id}/uittreksel")


@toezicht_app.command("lek", cls=Opdracht)
def breach(context: typer.Context, bestand: Bestand) -> None:
    """Tel wie door een lek zijn geraakt; BESTAND is een LekVraag in JSON."""
    _say(context, "POST", "/lekrapporten/_zoek", bestand.read_bytes())


@toezicht_app.command("wachtrij", cls=Opdracht)
def queue(context: typer.Context, van: Dag, dagen: Dagen = 31) -> None:
    """Toon toegang die een blik vraagt, vanaf een dag."""
    _say(context, "GET", f"/beoordelingen?van={van}&dagen={dagen}")


@toezicht_app.command("beoordeel", cls=Opdracht)
def sign_off(context: typer.Context, id: Id, oordeel: OordeelWaarde) -> None:
    """Beoordeel een toegang."""
    _say(context, "PUT", f"/beoordelingen/{id}", msgspec.json.encode({"oordeel": oordeel.value}))


@toezicht_app.command("ontzegel", cls=Opdracht)
def unseal(context: typer.Context, bestand: Bestand) -> None:
    """Vraag de naam in een bericht; BESTAND is een OntzegelAanvraag in JSON."""
    _say(context, "POST", "/ontzegelingen", bestand.read_bytes())


@toezicht_app.command("besluit", cls=Opdracht)
def decide(context: typer.Context, id: Id, besluit: BesluitWaarde) -> None:
    """Keur de ontzegeling van een ander goed of af."""
    _say(context, "PUT", f"/ontzegelingen/{id}/besluit", msgspec.json.encode({"besluit": besluit.value}))


@toezicht_app.command("open", cls=Opdracht)
def opened(context: typer.Context, id: Id) -> None:
    """Krijg wat een goedgekeurde ontzegeling opent."""
    _say(context, "POST", f"/ontzegelingen/{id}/_open")


def _say(context: typer.Context, method: str, path: str, body: bytes | None = None) -> None:
    """One request with the officer's certificate; its answer in JSON. Raises Misconfigured: what is missing, or what the door said."""
    papers: Papers = context.obj
    host, _, port = (papers.server or "").partition(":")
    if papers.ca is None or papers.certificaat is None or papers.sleutel is None or not port.isdecimal():
        raise Misconfigured("Geef na `toezicht` --server als naam:poort, --ca, --certificaat en --sleutel.")
    with closing(Connection(host, int(port), ca=papers.ca, cert=papers.certificaat, key=papers.sleutel)) as connection:
        answer = connection.request(method, BASE + path, body, {"Namens": papers.namens} if papers.namens else None)
    if answer.status >= 400:
        raise Misconfigured(_refusal(answer))
    typer.echo(msgspec.json.format(answer.body).decode())


def _refusal(answer: Answer) -> str:
    try:
        problem = msgspec.json.decode(answer.body, type=Problem)
    except msgspec.DecodeError:
        return f"Het knooppunt gaf status {answer.status}."
    return f"{problem.detail} ({problem.code})"
