"""The doors of arrangements over HTTP on the real flows: statuses, what a creditor may see, the page of evidence, and the examples."""

from typing import Any

import jsonschema_rs
import msgspec
import pytest
from starlette.responses import Response

from gateway.api import betaalvoorstellen, bewijspagina, kennisgevingen
from gateway.api.caller import Caller
from gateway.api.operation import Call, Operation
from gateway.app.regelingdoors import BerichtDoor, RegelingDoor
from gateway.core.chain import Sender
from gateway.core.errors import Conflict, NotFound
from schemas.regelingen import Regelingbericht
from schemas.strict import Refused, parse
from tests.overviews.around import Square
from tests.overviews.hall import CLERK, CLERK_UTRECHT, LANDLORD, OTHER, TRACE
from tests.overviews.test_regelingen_silence import notary, silent

MUNICIPALITY = (*kennisgevingen.MUNICIPALITY, *betaalvoorstellen.MUNICIPALITY)
CREDITOR = (*kennisgevingen.CREDITOR, *betaalvoorstellen.CREDITOR)
KINDS = (kennisgevingen.PAUSE, betaalvoorstellen.PROPOSAL, kennisgevingen.COOLING)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.soort)


class Doors:
    """Both doors as the edge calls them, without the transport: an operation by its id, with a body of wire bytes."""

    def __init__(self, square: Square) -> None:
        self._square = square
        self.regelingen = RegelingDoor(square.overviews, notary(square))
        self.regelingberichten = BerichtDoor(square.overviews)

    def call(self, side: Any, id: str, sender: Sender, **more: Any) -> Response:
        """What the operation answers."""
        operation: Operation[Any] = next(o for o in side if o.id == id)
        party = self._square.register.partner(sender.party)
        principal = self._square.register.partner(sender.principal)
        assert party is not None
        assert principal is not None
        body = operation.decode(msgspec.json.encode(more["body"])) if "body" in more else None
        query = operation.query(**more.get("query", {}))
        media, head = more.get("media", "application/json"), more.get("head", False)
        made = Call(Caller(party, principal), sender, TRACE, self._square.today, query, more.get("key"), media, head, b"", body)
        found: Any = operation.handler(self, made)
        assert isinstance(found, Response)
        return found


@pytest.fixture
def doors(square: Square) -> Doors:
    return Doors(square)


def read(response: Response, operation: str, side: Any) -> Any:
    """The answer as the type that the operation declares."""
    declared = next(o for o in side if o.id == operation).answers[response.status_code]
    return msgspec.json.decode(response.body, type=declared)


@each_kind
def test_both_doors_serve_a_kind_from_start_to_receipt(square: Square, doors: Doors, kind: Any) -> None:
    one, many = kind.naam.capitalize(), kind.path.capitalize()
    sent = doors.call(MUNICIPALITY, f"stuur{one}", CLERK, body=kind.request_example)
    whole = read(sent, f"stuur{one}", MUNICIPALITY)
    assert (sent.status_code, sent.headers["location"]) == (201, f"/gemeente/v1/{kind.path}/{whole.id}")
    assert doors.call(MUNICIPALITY, f"stuur{one}", CLERK, body=kind.request_example).status_code == 200
    listed = read(doors.call(CREDITOR, f"lijst{many}", LANDLORD), f"lijst{many}", CREDITOR).berichten
    assert [(b.soort, b.inhoud) for b in listed] == [(kind.soort, None)]
    key = listed[0].id
    assert msgspec.json.decode(doors.call(CREDITOR, f"lees{one}", LANDLORD, key=key, head=True).body, type=Regelingbericht).inhoud is None
    assert square.entries("regelingbericht.gelezen") == []
    assert read(doors.call(CREDITOR, f"lees{one}", LANDLORD, key=key), f"lees{one}", CREDITOR).inhoud is not None
    given = doors.call(CREDITOR, f"beantwoord{one}", LANDLORD, key=key, body=kind.answer_example)
    assert (given.status_code, given.headers["location"]) == (201, f"/schuldeiser/v1/{kind.path}/{key}")
    assert doors.call(CREDITOR, f"beantwoord{one}", LANDLORD, key=key, body=kind.answer_example).status_code == 200
    seen = read(doors.call(MUNICIPALITY, f"lees{one}", CLERK, key=whole.id), f"lees{one}", MUNICIPALITY)
    assert seen.partijen[0].antwoord is not None
    page = read(doors.call(MUNICIPALITY, f"lijst{many}", CLERK), f"lijst{many}", MUNICIPALITY)
    assert [r.id for r in page.regelingen] == [whole.id]
    gone = doors.call(MUNICIPALITY, f"trek{one}In", CLERK, key=whole.id, body={"reden": "onterecht"})
    assert read(gone, f"trek{one}In", MUNICIPALITY).staat == "ingetrokken"


@each_kind
def test_no_body_tells_a_creditor_of_another_and_no_municipality_sees_anothers(square: Square, doors: Doors, kind: Any) -> None:
    one, many = kind.naam.capitalize(), kind.path.capitalize()
    named = [msgspec.structs.replace(kind.request_example.schuldeisers[0], oin=who.principal) for who in (LANDLORD, OTHER)]
    body = msgspec.structs.replace(kind.request_example, schuldeisers=named)
    if kind.soort == "kennisgeving":
        square.agree("convenant", LANDLORD, OTHER)
    whole = read(doors.call(MUNICIPALITY, f"stuur{one}", CLERK, body=body), f"stuur{one}", MUNICIPALITY)
    mine, theirs = whole.partijen[0].id, whole.partijen[1].id
    answer = doors.call(CREDITOR, f"beantwoord{one}", LANDLORD, key=mine, body=kind.answer_example)
    shown = [doors.call(CREDITOR, f"lijst{many}", LANDLORD), doors.call(CREDITOR, f"lees{one}", LANDLORD, key=mine), answer]
    for response in shown:
        for canary in (OTHER.principal, str(theirs), str(whole.id), "ZAAK-2026-0001", body.kenmerk):
            assert canary not in bytes(response.body).decode()
    assert str(mine) in bytes(answer.body).decode()  # the control
    assert read(doors.call(MUNICIPALITY, f"lijst{many}", CLERK_UTRECHT), f"lijst{many}", MUNICIPALITY).regelingen == []
    with pytest.raises(NotFound):
        doors.call(MUNICIPALITY, f"lees{one}", CLERK_UTRECHT, key=whole.id)
    with pytest.raises(NotFound):
        doors.call(MUNICIPALITY, f"trek{one}In", CLERK_UTRECHT, key=whole.id, body={"reden": "onterecht"})
    with pytest.raises(NotFound):
        doors.call(CREDITOR, f"lees{one}", LANDLORD, key=theirs)


@pytest.fixture(autouse=True)
def covenant(square: Square) -> None:
    """The example of a kennisgeving rests on a covenant."""
    square.agree("convenant", LANDLORD, id="convenant-2024-3")


def test_evidence_is_json_or_a_page_that_loads_and_runs_nothing(square: Square, doors: Doors) -> None:
    sent = silent(square)
    ask = {"key": sent.partijen[0].id}
    found = read(doors.call(MUNICIPALITY, "leesStiltebewijs", CLERK, **ask), "leesStiltebewijs", MUNICIPALITY)
    assert found.uiterlijk == sent.einde
    page = doors.call(MUNICIPALITY, "leesStiltebewijs", CLERK, media="text/html", **ask)
    text = bytes(page.body).decode()
    assert page.headers["content-security-policy"] == bewijspagina.POLICY
    for part in ("Bewijs van uitgebleven reactie", "artikel 287a", "Herinnering", "10 werkdagen", LANDLORD.principal):
        assert part in text
    assert "<script" not in text
    assert "http-equiv" not in text
    assert OTHER.principal not in text
    with pytest.raises(Conflict, match="GEEN_STILTE"):
        doors.call(MUNICIPALITY, "leesStiltebewijs", CLERK, key=sent.partijen[1].id)
    with pytest.raises(NotFound):
        doors.call(MUNICIPALITY, "leesStiltebewijs", CLERK_UTRECHT, **ask)


@pytest.mark.parametrize("operation", [*MUNICIPALITY, *CREDITOR], ids=lambda o: f"{o.method} {o.path}")
def test_examples_are_of_the_declared_types(operation: Operation[Any]) -> None:
    for kind in set(operation.answers.values()):
        schema = msgspec.json.schema(kind)
        value = msgspec.json.decode(msgspec.json.encode(operation.example))
        assert jsonschema_rs.Draft202012Validator(schema).is_valid(value)
    if operation.request is not None:
        assert msgspec.json.decode(msgspec.json.encode(operation.request_example), type=operation.request) == operation.request_example


def test_free_text_and_a_bsn_have_no_place_on_the_wire() -> None:
    proposal = msgspec.json.decode(msgspec.json.encode(betaalvoorstellen.PROPOSAL.request_example), type=dict[str, Any])
    parse(msgspec.json.encode(proposal), betaalvoorstellen.PROPOSAL.request)  # the control
    for spoiled in ({**proposal, "opmerking": "bel even"}, {**proposal, "client": {**proposal["client"], "bsn": "999990019"}}):
        with pytest.raises(Refused):
            parse(msgspec.json.encode(spoiled), betaalvoorstellen.PROPOSAL.request)
