"""`seinhuis deelnemer toon`: all that the register has of a participant, also what is over. Leaves what counts to `gateway.partners`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import typer

from gateway.commands import site
from gateway.commands.dutch import Opdracht
from gateway.commands.nummers import deelnemer_app
from gateway.commands.values import Oin
from gateway.core.errors import Misconfigured
from gateway.partners import administration
from gateway.partners.dossier import Proeftoelating
from gateway.partners.rows import sealer

__all__ = ["deelnemer_app"]
_LEFT_OUT = frozenset({"oin", "publiek", "inhoud", "der", "uitslag"})


@deelnemer_app.command("toon", cls=Opdracht)
def shown(oin: Oin) -> None:
    """Toon alles wat van een deelnemer is vastgelegd, ook wat is beëindigd of ingetrokken; van een sleutel alleen de naam."""
    with site.office() as office, office.database.transaction() as connection:
        found = list(administration.about(connection, oin, sealer(office.keys)))
    if not found:
        raise Misconfigured(f"{oin} is niet ingeschreven. Doe eerst `seinhuis deelnemer registreer`.")
    for table, row, sealed in found:
        typer.echo(f"{table}: {', '.join(_facts(row))}{'' if sealed else '; TELT NIET: buiten de gateway om geschreven'}")


def _facts(row: Any) -> Iterator[str]:  # noqa: ANN401 - any row of the register
    if isinstance(row, Proeftoelating):
        yield "zonder stukken toegelaten"
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if name not in _LEFT_OUT and value is not None and value != frozenset():
            yield f"{name} {_text(value)}"


def _text(value: object) -> str:
    if isinstance(value, frozenset):
        return " + ".join(sorted(value))
    if isinstance(value, bytes):
        return value.hex()
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%MZ}" if isinstance(value, datetime) else str(value)
