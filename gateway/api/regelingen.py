"""Arrangements at both doors: what a kind is called there, and its operations, which are alike for every kind.

Authority: `docs/contract.md`, section on arrangements. Handlers hand over and render. HEAD on one shows that it is there and discloses
nothing. Leaves every rule to `gateway.regelingen`, and the words of each kind to `kennisgevingen` and `betaalvoorstellen`.
"""

from functools import partial
from typing import Annotated, Any, NamedTuple, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.responses import Response

from gateway.api import examples_regelingen as examples
from gateway.api.body import IdCursor, cursor, cursor_bytes
from gateway.api.operation import KIB, Call, Operation, ok
from gateway.api.regelingports import BerichtPort, RegelingPort
from gateway.api.who import who
from schemas.regelingen import (
    Partijstaat,
    Regeling,
    Regelingaanvraag,
    Regelingbericht,
    Regelingberichten,
    Regelingbewijs,
    Regelingen,
    RegelingIntrekking,
    Regelingsoort,
    Regelingstaat,
)
from schemas.types import Wire

WITH_DOCUMENT = 2 * KIB * KIB


class HasRegelingen(Protocol):
    """A port with this part."""

    @property
    def regelingen(self) -> RegelingPort:
        """The part."""
        ...


class HasBerichten(Protocol):
    """A port with this part."""

    @property
    def regelingberichten(self) -> BerichtPort:
        """The part."""
        ...


class RegelingenVraag(Wire, frozen=True, kw_only=True):
    """The query of the list of a municipality."""

    cursor: IdCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100
    staat: Regelingstaat | None = None


class RegelingberichtenVraag(Wire, frozen=True, kw_only=True):
    """The query of the list of a creditor."""

    cursor: IdCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100
    staat: Partijstaat | None = None


class Kind(NamedTuple):
    """One kind at the doors: `path` is its resource, `naam` one of it, `answer` a wire type or a union, texts are Dutch."""

    soort: Regelingsoort
    path: str
    naam: str
    request: type[Regelingaanvraag]
    request_example: Regelingaanvraag
    answer: Any
    answer_example: Any
    send_text: str
    answer_text: str


def send(kind: Kind, port: HasRegelingen, call: Call) -> Response:
    """One that was sent (201, or 200 when the same was sent before)."""
    made, created = port.regelingen.start(*who(call), call.body)
    return ok(made, 201 if created else 200, Location=f"/gemeente/v1/{kind.path}/{made.id}")


def sent(kind: Kind, port: HasRegelingen, call: Call) -> Response:
    """A page; the port's id becomes an opaque cursor."""
    caller, gemeente, _ = who(call)
    page = port.regelingen.page(caller, gemeente, kind.soort, _from(call), call.query.limiet, call.query.staat)
    return ok(msgspec.structs.replace(page, volgende=_next(page.volgende)))


def one(kind: Kind, port: HasRegelingen, call: Call) -> Response:
    """One of them."""
    return ok(port.regelingen.one(*who(call), kind.soort, call.key, disclose=not call.head))


def withdraw(kind: Kind, port: HasRegelingen, call: Call) -> Response:
    """The same, withdrawn."""
    return ok(port.regelingen.withdraw(*who(call), kind.soort, call.key, call.body))


def received(kind: Kind, port: HasBerichten, call: Call) -> Response:
    """A page of a creditor's messages; the port's id becomes an opaque cursor."""
    page = port.regelingberichten.page(call.sender.principal, kind.soort, _from(call), call.query.limiet, call.query.staat)
    return ok(msgspec.structs.replace(page, volgende=_next(page.volgende)))


def message(kind: Kind, port: HasBerichten, call: Call) -> Response:
    """One message."""
    return ok(port.regelingberichten.one(call.sender, call.trace, kind.soort, call.key, disclose=not call.head))


def answer(kind: Kind, port: HasBerichten, call: Call) -> Response:
    """A signed receipt (201, or 200 when the same was answered before)."""
    bewijs, created = port.regelingberichten.answer(call.sender, call.trace, kind.soort, call.key, call.body)
    return ok(bewijs, 201 if created else 200, Location=f"/schuldeiser/v1/{kind.path}/{bewijs.id}")


def municipality(kind: Kind) -> tuple[Operation[Any], ...]:
    """What a municipality can do with this kind."""
    whole, one_of = f"/{kind.path}", kind.naam.capitalize()
    shared: dict[str, Any] = {"tag": kind.path.capitalize(), "activity": kind.soort}
    return (
        Operation(
            method="POST",
            path=whole,
            id=f"stuur{one_of}",
            summary=f"Stuur een {kind.naam} aan genoemde schuldeisers",
            description=kind.send_text,
            handler=partial(send, kind),
            request=kind.request,
            request_example=kind.request_example,
            limit=WITH_DOCUMENT,
            answers={201: Regeling, 200: Regeling},
            errors=(409,),
            example=examples.regeling(kind.soort),
            **shared,
            numbers=False,
        ),
        Operation(
            method="GET",
            path=whole,
            id=f"lijst{kind.path.capitalize()}",
            summary=f"Lijst van {kind.path}",
            description="De nieuwste eerst, zonder antwoorden; met de stand per schuldeiser.",
            handler=partial(sent, kind),
            query=RegelingenVraag,
            answers={200: Regelingen},
            example=examples.regelingen(kind.soort),
            **shared,
        ),
        Operation(
            method="GET",
            path=f"{whole}/{{id}}",
            id=f"lees{one_of}",
            summary=f"Lees een {kind.naam} met de antwoorden die er zijn",
            description="Elk antwoord verzegeld voor uw sleutel; dit wordt vastgelegd.",
            handler=partial(one, kind),
            answers={200: Regeling},
            example=examples.regeling(kind.soort),
            **shared,
        ),
        Operation(
            method="POST",
            path=f"{whole}/{{id}}/intrekking",
            id=f"trek{one_of}In",
            summary=f"Trek een {kind.naam} in",
            description="Elke schuldeiser die het begin kreeg, ziet de intrekking, zonder reden; inhoud en antwoorden worden vernietigd. "
            "Wat al was geëindigd, houdt zijn staat.",
            handler=partial(withdraw, kind),
            request=RegelingIntrekking,
            request_example=examples.INTREKKING,
            answers={200: Regeling},
            example=examples.ingetrokken(kind.soort),
            **shared,
        ),
    )


def creditor(kind: Kind) -> tuple[Operation[Any], ...]:
    """What a creditor can do with this kind."""
    whole, one_of = f"/{kind.path}", kind.naam.capitalize()
    shared: dict[str, Any] = {"tag": kind.path.capitalize(), "activity": kind.soort}
    return (
        Operation(
            method="GET",
            path=whole,
            id=f"lijst{kind.path.capitalize()}",
            summary=f"Lijst van {kind.path}",
            description="De oudste eerst. Zonder staat: wat uw aandacht vraagt, dus wat open is en wat de laatste 30 dagen is geëindigd of "
            "ingetrokken. herinnerdOp is de dag van de laatste herinnering.",
            handler=partial(received, kind),
            query=RegelingberichtenVraag,
            answers={200: Regelingberichten},
            example=examples.berichten(kind.soort),
            **shared,
        ),
        Operation(
            method="GET",
            path=f"{whole}/{{id}}",
            id=f"lees{one_of}",
            summary=f"Lees een {kind.naam}",
            description="Met de inhoud, verzegeld voor uw sleutel, zolang u kunt antwoorden; dit wordt vastgelegd.",
            handler=partial(message, kind),
            answers={200: Regelingbericht},
            example=examples.bericht(kind.soort),
            **shared,
        ),
        Operation(
            method="POST",
            path=f"{whole}/{{id}}/antwoord",
            id=f"beantwoord{one_of}",
            summary=f"Beantwoord een {kind.naam}",
            description=kind.answer_text,
            handler=partial(answer, kind),
            request=kind.answer,
            request_example=kind.answer_example,
            answers={201: Regelingbewijs, 200: Regelingbewijs},
            errors=(409,),
            example=examples.bewijs(kind.soort),
            **shared,
            numbers=False,
        ),
    )


def _from(call: Call) -> UUID | None:
    return UUID(bytes=cursor_bytes(call.query.cursor)) if call.query.cursor else None


def _next(id: str | None) -> str | None:
    return cursor(UUID(id).bytes) if id else None
