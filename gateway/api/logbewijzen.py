"""The log at both doors: the newest checkpoint with the proof that it grew from the one that you kept, and the proof of one leaf.

Authority: `docs/log.md`; RFC 9162 section 2.1.3 and 2.1.4. Hashes and sizes only, the same for everybody: comparing what two parties got
is how a log with two faces is found. Leaves the tree to the flow.
"""

from typing import Annotated, Any, Protocol

from msgspec import Meta
from starlette.responses import Response

from gateway.api.operation import Call, Operation, ok
from gateway.api.port_log import LogPort
from schemas.bewijs import Bladbewijs, Controlepunt, Logbewijs
from schemas.types import Wire

Leaves = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class HasLog(Protocol):
    """A port with this part."""

    @property
    def logbewijzen(self) -> LogPort:
        """The part."""
        ...


class ControlepuntVraag(Wire, frozen=True, kw_only=True):
    """The query of a checkpoint."""

    bewaard: Leaves = 0
    omvang: Leaves = 0


class BladVraag(Wire, frozen=True, kw_only=True):
    """The query of a leaf."""

    nummer: Leaves = 0


def checkpoint(port: HasLog, call: Call) -> Response:
    """A checkpoint."""
    return ok(port.logbewijzen.checkpoint(call.query.bewaard, call.query.omvang or None))


def leaf(port: HasLog, call: Call) -> Response:
    """A leaf."""
    return ok(port.logbewijzen.leaf(call.query.nummer))


_NOTE = "seinhuis.example/log\n2\nKioq\n\n\u2014 seinhuis.example/log KioqKg==\n"
CONTROLEPUNT = Controlepunt(omvang=2, controlepunt=_NOTE, bewaard=1, pad=["2a" * 32])
BLAD = Bladbewijs(nummer=0, logblad="6c" * 32, log=Logbewijs(nummer=0, pad=["2a" * 32], controlepunt=_NOTE))
OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="GET",
        path="/log/controlepunt",
        id="leesControlepunt",
        tag="Log",
        activity="beheren",
        summary="Lees een controlepunt van de log",
        description="Ondertekend, met het pad dat laat zien dat de log sinds het bewaarde alleen is gegroeid. Is omvang "
        "kleiner dan wat u bewaarde, of klopt het pad niet, dan is de log veranderd; bewaar dan beide.",
        handler=checkpoint,
        query=ControlepuntVraag,
        answers={200: Controlepunt},
        errors=(404,),
        example=CONTROLEPUNT,
    ),
    Operation(
        method="GET",
        path="/log/blad",
        id="leesBlad",
        tag="Log",
        activity="beheren",
        summary="Lees het bewijs van een blad van de log",
        description="De hash van één vastlegging en het pad naar het nieuwste controlepunt; de inhoud staat er niet bij.",
        handler=leaf,
        query=BladVraag,
        answers={200: Bladbewijs},
        errors=(404,),
        example=BLAD,
    ),
)
