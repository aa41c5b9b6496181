"""What is sent again and what is not, what a refusal tells, and which receipts are taken; over a line that answers what it is told to."""

import http.client
import logging
import ssl
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.client.calling import Access, Call, Caller, Op, Patience, Repeat
from adapters.client.connection import Answer
from adapters.client.failures import (
    ClientError,
    Conflict,
    Faulty,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    Refused,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unintelligible,
    Unreachable,
)
from adapters.client.reading import read
from adapters.client.receipts import NotGenuine, verify_receipt
from adapters.client.schuldeiser import Schuldeiser
from gateway.api.examples import AANLEVERING, AANLEVERING_AANVRAAG, BERICHT_OPEN, ONTVANGSTBEWIJS, SIGNAAL
from gateway.api.standen import BEWIJS
from gateway.core import ids
from gateway.keys.keystore import MemoryKeyStore
from gateway.keys.signing import ReceiptSigner
from schemas.inbox import Berichten
from schemas.ontvangst import Bevinding, Ontvangstbewijs, SignaalStand, Verslag
from schemas.problem import Problem
from schemas.strict import canonical
from tests.client.partners import Watch

READ = Op("lees", "GET", "/x", SignaalStand)
CLAIM = Op("claim", "POST", "/x", SignaalStand, Repeat.UNDONE)
ACK = Op("bevestig", "PUT", "/x", SignaalStand, Repeat.LEASED)
STAND = Answer(200, {}, msgspec.json.encode(SignaalStand(
    id=ids.new(), kenmerk="K-1", gemeente="0392", sector="huur", status="bezorgd", ontvangen_op=ONTVANGSTBEWIJS.ontvangen_op)))  # fmt: skip
BUSY = Answer(503, {}, msgspec.json.encode(Problem(status=503, title="t", detail="d", code="NIET_GEREED")))
UNKNOWN = Answer(503, {}, msgspec.json.encode(Problem(status=503, title="t", detail="d", code="UITKOMST_ONBEKEND")))
AWAY, BAD_GATEWAY = Answer(503, {}, b"<h1>503</h1>"), Answer(502, {}, b"")
CUT = ConnectionResetError()
PATIENT = Patience()
GEHEIM = "Achternaamvoorbeeld"


class Road:
    """An entrance and a line at once; the last word is said again and again."""

    def __init__(self, *words: Answer | Exception) -> None:
        self.words = list(words)
        self.asked = 0
        self.opened = 0

    def connect(self) -> "Road":
        self.opened += 1
        return self

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        self.asked += 1
        word = self.words.pop(0) if len(self.words) > 1 else self.words[0]
        if isinstance(word, Exception):
            raise word
        return word

    def close(self) -> None:
        """Nothing is open."""


def caller(road: Road, watch: Watch, patience: Patience = PATIENT, jitter: float = 0.0) -> Caller:
    return Caller(road, "/api", None, patience, watch.timing(jitter))


def tried(op: Op[Any], word: Answer | Exception, until: float | None = None) -> int:
    """How often a call is sent when it only goes well the second time."""
    road = Road(word, STAND)
    try:
        caller(road, Watch()).ask(op, Call(until=until))
    except ClientError:
        assert road.asked == 1
    return road.asked


@pytest.mark.parametrize(
    ("op", "again"),
    [(READ, {"cut", "busy", "away", "bad", "unknown"}), (CLAIM, {"busy"}), (ACK, set())],
    ids=lambda value: value.id if isinstance(value, Op) else "",
)
def test_only_what_is_safe_is_sent_again(op: Op[Any], again: set[str]) -> None:
    words: dict[str, Answer | Exception] = {"cut": CUT, "busy": BUSY, "away": AWAY, "bad": BAD_GATEWAY, "unknown": UNKNOWN}
    assert {name for name, word in words.items() if tried(op, word) == 2} == again


def test_an_acknowledgement_is_sent_again_only_if_the_wait_ends_within_the_lease() -> None:
    now = Watch().at
    assert tried(ACK, CUT, until=now + 0.26) == tried(ACK, UNKNOWN, until=now + 0.26) == 2
    assert tried(ACK, CUT, until=now + 0.25) == 1  # the wait alone takes it to its end
    assert tried(ACK, CUT, until=now - 1) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 429, 500])
def test_a_no_is_never_asked_again(status: int) -> None:
    assert [tried(op, Answer(status, {"retry-after": "1"}, b"{}")) for op in (READ, CLAIM, ACK)] == [1, 1, 1]


@pytest.mark.parametrize("error", [ssl.SSLCertVerificationError(), FileNotFoundError(), PermissionError()])
def test_what_cannot_get_better_is_not_asked_again(error: OSError) -> None:
    assert tried(READ, error) == 1
    assert tried(READ, ssl.SSLEOFError()) == tried(READ, http.client.BadStatusLine("")) == 2


@given(jitter=st.floats(0, 1, exclude_max=True), tries=st.integers(1, 12), total=st.floats(1, 500))
def test_waits_grow_are_spread_and_end(jitter: float, tries: int, total: float) -> None:
    road, watch = Road(CUT), Watch()
    with pytest.raises(Unreachable):
        caller(road, watch, Patience(tries=tries, first=0.5, most=30, total=total), jitter).ask(READ)
    assert road.asked == len(watch.waits) + 1 <= tries
    assert sum(watch.waits) < total
    for nr, wait in enumerate(watch.waits):
        whole = min(30, 0.5 * 2**nr)
        assert whole / 2 <= wait <= whole


def test_retry_after_is_kept_to_unless_it_is_beyond_patience() -> None:
    road, watch = Road(BUSY._replace(headers={"retry-after": "7"}), STAND), Watch()
    caller(road, watch).ask(READ)
    assert watch.waits == [7.0]
    far = Road(BUSY._replace(headers={"retry-after": "3600"}))
    with pytest.raises(Unavailable) as busy:
        caller(far, watch).ask(READ)
    assert (far.asked, busy.value.retry_after) == (1, 3600.0)
    odd = Road(BUSY._replace(headers={"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}), STAND)
    assert caller(odd, watch).ask(READ).kenmerk == "K-1"


def test_what_may_not_be_repeated_takes_a_fresh_connection() -> None:
    road, watch = Road(STAND), Watch()
    one = caller(road, watch)
    for seconds, opened in ((0.0, 1), (0.5, 1), (1.5, 2)):
        watch.at += seconds
        one.ask(CLAIM)
        assert road.opened == opened
    watch.at += 50
    one.ask(READ)
    assert road.opened == 2


@pytest.mark.parametrize("kind", [Invalid, Unauthenticated, Forbidden, NotFound, Conflict, Gone, TooMany, Faulty])
def test_every_status_has_its_exception(kind: type[Refused]) -> None:
    status = {Invalid: 400, Unauthenticated: 401, Forbidden: 403, NotFound: 404, Conflict: 409, Gone: 410, TooMany: 429, Faulty: 500}[kind]
    with pytest.raises(kind) as refused:
        caller(Road(Answer(status, {}, b"")), Watch()).ask(READ)
    assert (refused.value.status, refused.value.code, refused.value.operation) == (status, "", "lees")


def test_a_refusal_names_places_and_rules_and_nothing_that_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    found = [
        Bevinding(code="WAARDE_ONGELDIG", oordeel="fout", melding=GEHEIM, pointer="/personen/0/achternaam", regel="VS-06", artikel="Bgs 2"),
        Bevinding(code=f"{GEHEIM} x", oordeel="fout", melding=GEHEIM, pointer=f"/personen/{GEHEIM}"),
    ]
    body = msgspec.json.encode(Problem(status=400, title=GEHEIM, detail=GEHEIM, code="SIGNAAL_GEWEIGERD", errors=found))
    with caplog.at_level(logging.DEBUG), pytest.raises(Invalid) as refused:
        caller(Road(Answer(400, {}, body)), Watch()).ask(READ)
    assert str(refused.value) == "lees: 400 SIGNAAL_GEWEIGERD: /personen/0/achternaam WAARDE_ONGELDIG VS-06; /personen/…"
    assert [finding.artikel for finding in refused.value.findings] == ["Bgs 2", None]
    assert (caplog.records, refused.value.__cause__) == ([], None)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id":1}', f'"{GEHEIM}"'.encode()])
def test_an_answer_that_is_not_agreed_is_said_without_its_content(body: bytes) -> None:
    with pytest.raises(Unintelligible) as strange:
        caller(Road(Answer(200, {}, body)), Watch()).ask(READ)
    assert str(strange.value) == "lees: 200: geen SignaalStand"


def test_members_that_a_newer_gateway_added_are_left_out_at_every_depth() -> None:
    page = Berichten(berichten=[BERICHT_OPEN, BERICHT_OPEN], volgende="x")
    body = msgspec.json.encode(page)
    newer = body.replace(b'"soort":', b'"nieuw":{"a":[1]},"ook":2,"soort":').replace(b'"kid":', b'"later":1,"kid":')[:-1] + b',"top":[]}'
    assert newer.count(b"nieuw") == 2
    assert read(newer, Berichten) == read(body, Berichten) == page
    for wrong in (body.replace(b'"huur"', b"3"), newer.replace(b'"huur"', b"3"), b"{"):
        with pytest.raises(msgspec.DecodeError):
            read(wrong, Berichten)


def test_a_signed_receipt_with_a_member_that_is_not_known_does_not_verify() -> None:
    gateway = Gateway()
    body = msgspec.json.encode(gateway.receipt()).replace(b'"sector":', b'"nieuw":"x","sector":')
    unsigned = read(body, Ontvangstbewijs)
    assert unsigned == gateway.receipt()  # the new member is not in what was signed here
    more = msgspec.defstruct("Meer", [("nieuw", str)], bases=(Ontvangstbewijs,), frozen=True, kw_only=True, rename="camel")
    whole = more(**{name: getattr(unsigned, name) for name in unsigned.__struct_fields__}, nieuw="x")
    signed = msgspec.structs.replace(whole, handtekening=gateway.signer.sign(msgspec.structs.replace(whole, handtekening=None)))  # type: ignore[arg-type]
    with pytest.raises(NotGenuine):
        verify_receipt(read(msgspec.json.encode(signed), Ontvangstbewijs), gateway.signer.public_jwks())


@pytest.mark.parametrize("address", ["http://x:1", "https://", "https://x/y", "https://u@x", "https://x?q=1", "x:8443"])
def test_an_address_is_https_and_nothing_more(address: str) -> None:
    papers = Access(address, *[__file__] * 3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="https://name:port"):
        papers.connect()


def signer(nr: int) -> ReceiptSigner:
    return ReceiptSigner(MemoryKeyStore(), f"ontvangstbewijs/{nr}")


class Gateway(Road):
    """Signs what it answers with a key of its own, which it publishes."""

    def __init__(self, handtekening: str | None = None, **changes: Any) -> None:
        super().__init__(STAND)
        self.signer = signer(1)
        self.changes = changes
        self.forged = handtekening
        self.keys_asked = 0

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        if path.endswith("/sleutels"):
            self.keys_asked += 1
            return Answer(200, {}, msgspec.json.encode(self.signer.public_jwks()))
        return Answer(201, {}, msgspec.json.encode(self.receipt()))

    def receipt(self) -> Ontvangstbewijs:
        about = {"inhoud_hash": sha256(canonical(SIGNAAL)).hexdigest(), "kenmerk": SIGNAAL.kenmerk, **self.changes}
        bare = msgspec.structs.replace(ONTVANGSTBEWIJS, handtekening=None, **about)
        return msgspec.structs.replace(bare, handtekening=self.forged or self.signer.sign(bare))


def test_a_receipt_is_taken_when_it_is_the_gateways_and_of_what_was_sent() -> None:
    gateway = Gateway()
    client = Schuldeiser(gateway, timing=Watch().timing())
    assert client.deliver(SIGNAAL) == client.deliver(SIGNAAL)
    assert gateway.keys_asked == 1
    gateway.signer = signer(2)  # a new key: fetched once more
    client.deliver(SIGNAAL)
    assert gateway.keys_asked == 2


@pytest.mark.parametrize("change", [{"inhoud_hash": "00" * 32}, {"kenmerk": "ANDER-1"}])
def test_a_receipt_of_something_else_is_no_receipt(change: dict[str, Any]) -> None:
    with pytest.raises(NotGenuine):
        Schuldeiser(Gateway(**change), timing=Watch().timing()).deliver(SIGNAAL)


def test_a_receipt_that_another_signed_is_no_receipt() -> None:
    gateway = Gateway(handtekening=signer(1).sign(Gateway().receipt()))
    with pytest.raises(NotGenuine):
        Schuldeiser(gateway, timing=Watch().timing()).deliver(SIGNAAL)


@pytest.mark.parametrize(("method", "receipt"), [(Schuldeiser.proof, BEWIJS), (Schuldeiser.delivery, AANLEVERING)], ids=["one", "many"])
def test_a_receipt_of_another_id_is_not_taken(method: Callable[[Schuldeiser, UUID], object], receipt: Any) -> None:
    key = signer(1)
    bare = msgspec.structs.replace(receipt, handtekening=None)
    done = msgspec.structs.replace(bare, handtekening=key.sign(bare))

    def client() -> Schuldeiser:
        return Schuldeiser(Road(*(Answer(200, {}, msgspec.json.encode(value)) for value in (done, key.public_jwks()))))

    assert method(client(), done.id) == done  # the control
    with pytest.raises(NotGenuine):
        method(client(), ids.new())


def test_a_report_of_other_leaves_is_not_taken() -> None:
    key = signer(1)
    bare = msgspec.structs.replace(AANLEVERING, handtekening=None, kenmerk=AANLEVERING_AANVRAAG.kenmerk)
    done = msgspec.structs.replace(bare, handtekening=key.sign(bare))
    other = Verslag(aanlevering=done.id, kenmerk=done.kenmerk, regels=[])
    road = Road(*(Answer(200, {}, msgspec.json.encode(value)) for value in (done, key.public_jwks(), other)))
    with pytest.raises(NotGenuine):
        Schuldeiser(road, timing=Watch().timing()).deliver_many(AANLEVERING_AANVRAAG)
