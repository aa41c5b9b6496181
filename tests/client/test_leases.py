"""Until when a claim may be used, and that no message comes twice in a round; over a line that answers what it is told to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from adapters.client.connection import Answer
from adapters.client.gemeente import Gemeente
from adapters.client.inbox import Inbox
from gateway.api.examples import BERICHT_OPEN
from gateway.core import ids
from schemas.inbox import Bericht, BerichtStand, Claim, ClaimAanvraag, ClaimStand
from schemas.problem import Problem
from tests.client.partners import Watch

DOEL = "WGS-3-1-b"
ASKED = ClaimAanvraag(doel=DOEL, maximum=10, lease_seconden=600, wijze="onbemand")
EMPTY = Answer(409, {}, msgspec.json.encode(Problem(status=409, title="t", detail="d", code="CLAIM_LEEG")))


def made(id: UUID) -> datetime:
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)


def claim(seconds: float, *berichten: Bericht, id: UUID | None = None) -> Claim:
    """A claim that ends so many seconds after it was made."""
    id = id or ids.new()
    until = (made(id) if id.version == 7 else datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(seconds=seconds)
    return Claim(id=id, doel=DOEL, vervalt_op=until, berichten=list(berichten))


class Running:
    """Extends a claim as the gateway does, on a clock that goes on with the client's."""

    def __init__(self, watch: Watch, held: Claim) -> None:
        self._watch = watch
        self._begun = watch.at
        self._held = held

    def __call__(self, body: bytes) -> Answer:
        now = made(self._held.id) + timedelta(seconds=self._watch.at - self._begun)
        until = now + timedelta(seconds=msgspec.json.decode(body)["leaseSeconden"])
        return Answer(200, {}, msgspec.json.encode(ClaimStand(id=self._held.id, aantal=1, vervalt_op=until)))


class Desk:
    """An entrance and a line at once: gives these claims one after the other, extends as told, and takes every acknowledgement."""

    def __init__(self, watch: Watch, *claims: Claim, extends: Callable[[bytes], Answer] = lambda _: EMPTY, takes: float = 0.0) -> None:
        self._watch = watch
        self._claims = [*claims, claim(600)]
        self._extends = extends
        self._takes = takes
        self.seen: list[tuple[str, str]] = []

    def connect(self) -> "Desk":
        return self

    def close(self) -> None:
        """Nothing is open."""

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        self.seen.append((method, path.rpartition("/")[2]))
        self._watch.at += self._takes
        if path.endswith("/claims"):
            return Answer(201, {}, msgspec.json.encode(self._claims.pop(0) if self._claims else claim(600)))
        if method == "PUT" and "/claims/" in path:
            return self._extends(body or b"")
        if path.endswith("/bevestiging"):
            return Answer(200, {}, msgspec.json.encode(BerichtStand(id=UUID(path.split("/")[-2]), staat="ontvangen")))
        return Answer(200, {}, msgspec.json.encode(ClaimStand(id=ids.new(), aantal=0)))


def gemeente(desk: Desk, watch: Watch) -> Gemeente:
    return Gemeente(desk, timing=watch.timing())


def message() -> Bericht:
    return msgspec.structs.replace(BERICHT_OPEN, id=ids.new())


@pytest.mark.parametrize(("given", "left"), [(600, 600), (900, 600), (60, 60), (1.5, 1.5), (-5, -5)])
def test_a_lease_is_what_was_asked_or_what_was_given_whichever_is_shorter(given: float, left: float) -> None:
    watch = Watch()
    client = gemeente(Desk(watch, claim(given), takes=3), watch)
    begun = watch.at
    assert client.lease_end(client.claim(ASKED).id) == pytest.approx(begun + left)


def test_an_extension_ends_when_its_answer_says_so() -> None:
    watch, held = Watch(), claim(60)
    stand = ClaimStand(id=held.id, aantal=1, vervalt_op=made(held.id) + timedelta(seconds=130))
    client = gemeente(Desk(watch, held, extends=lambda _: Answer(200, {}, msgspec.json.encode(stand))), watch)
    begun = watch.at
    client.claim(ASKED)
    watch.at += 50
    client.extend(held.id, 600)
    assert client.lease_end(held.id) == pytest.approx(begun + 130)
    client.extend(held.id, 20)
    assert client.lease_end(held.id) == pytest.approx(watch.at + 20)


def test_a_lease_is_renewed_once_when_less_than_half_is_left() -> None:
    watch, held = Watch(), claim(60, message(), message(), message())
    desk = Desk(watch, held, extends=Running(watch, held))
    with Inbox(gemeente(desk, watch), DOEL, lease_seconden=60) as inbox:
        for item in inbox:
            watch.at += 40
            item.received()
    assert [method for method, word in desk.seen if word in {str(held.id), "bevestiging"}] == ["PUT"] * 6
    assert [word for _, word in desk.seen].count(str(held.id)) == 3


def test_a_claim_whose_id_holds_no_moment_has_the_lease_that_was_asked() -> None:
    watch = Watch()
    client = gemeente(Desk(watch, claim(5, id=uuid4())), watch)
    assert client.lease_end(client.claim(ASKED).id) == watch.at + 600


def test_a_claim_whose_answer_came_after_its_lease_is_used_for_nothing() -> None:
    watch = Watch()
    desk = Desk(watch, claim(5, message(), message()), takes=6)
    with Inbox(gemeente(desk, watch), DOEL) as inbox:
        assert list(inbox) == []
    assert [method for method, _ in desk.seen] == ["POST", "PUT", "DELETE"]


def test_the_same_answer_in_time_is_used() -> None:
    """Control."""
    watch = Watch()
    desk = Desk(watch, claim(600, message(), message()), takes=6)
    with Inbox(gemeente(desk, watch), DOEL) as inbox:
        assert [item.received().staat for item in inbox] == ["ontvangen"] * 2


@pytest.mark.parametrize("finish", [True, False])
def test_a_message_that_comes_twice_is_given_once(finish: bool) -> None:
    watch, twice, other = Watch(), message(), message()
    desk = Desk(watch, claim(600, twice, other, twice), claim(600, twice))
    with Inbox(gemeente(desk, watch), DOEL) as inbox:
        found = []
        for item in inbox:
            found.append(item.bericht.id)
            if finish:
                item.received()
    assert found == [twice.id, other.id]
    assert [word for _, word in desk.seen].count("bevestiging") == (2 if finish else 0)
    given_back = [method for method, _ in desk.seen].count("DELETE")
    assert given_back == (1 if finish else 2)
