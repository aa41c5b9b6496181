"""The clients over real TLS sockets at a real gateway, whole and through a front that cuts, loses answers and says that it is busy."""

import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from adapters.client.base import pages
from adapters.client.calling import Patience
from adapters.client.failures import Conflict, Invalid, NotFound, Unauthenticated, Unavailable, Unreachable
from adapters.client.gemeente import Gemeente
from adapters.client.inbox import Inbox, Item
from adapters.client.schuldeiser import Schuldeiser
from certs.dev import DevPki
from gateway.sandbox.sandbox import Sandbox
from schemas.inbox import ClaimAanvraag
from schemas.schuldenoverzicht import GevraagdeSchuldeiser, KlantOnbekend, OverzichtClient, OverzichtPersoon, Overzichtsaanvraag
from schemas.signaal import AanleveringAanvraag, Signaal
from schemas.terugkoppeling import TerugkoppelAanvraag
from tests.client.front import Front, access, fronting
from tests.client.partners import HAARLEM, LANDLORD, TODAY, UTRECHT, Watch, gemeente, schuldeiser, signals
from tests.gateways import CLOCK

DOEL = "WGS-3-1-b"
ALL = ClaimAanvraag(doel=DOEL, maximum=500, lease_seconden=600, wijze="onbemand")


@pytest.fixture
def sender(gateway: Sandbox) -> Iterator[Schuldeiser]:
    with schuldeiser(gateway) as client:
        yield client


@pytest.fixture
def reader(gateway: Sandbox) -> Iterator[Gemeente]:
    with gemeente(gateway) as client:
        yield client


@pytest.fixture
def front(gateway: Sandbox) -> Iterator[Front]:
    with fronting(gateway, LANDLORD.oin) as found:
        yield found


@pytest.fixture
def desk_front(gateway: Sandbox) -> Iterator[Front]:
    with fronting(gateway, HAARLEM.oin) as found:
        yield found


def arrived(reader: Gemeente, ids: set[UUID]) -> None:
    """Wait until these stand in the inbox."""
    until = time.monotonic() + 15
    while not ids <= {b.id for page in pages(reader.messages) for b in page.berichten}:
        assert time.monotonic() < until
        time.sleep(0.05)


def told_since(sender: Schuldeiser, cursor: str) -> list[str]:
    """The kenmerken of the feedback after `cursor`, once there is any."""
    until, found = time.monotonic() + 15, list[str]()
    while not found and time.monotonic() < until:
        found = [line.kenmerk for page in pages(sender.feedback, cursor) for line in page.terugkoppelingen]
    return found


def delivered(sender: Schuldeiser, reader: Gemeente, count: int) -> dict[UUID, Signaal]:
    """So many new signals in the inbox, and nothing else to claim."""
    with Inbox(reader, DOEL, maximum=500) as inbox:
        for item in inbox:
            item.processed("Z-OPGERUIMD")
    made = {sender.deliver(signaal).id: signaal for signaal in islice(signals(), count)}
    arrived(reader, set(made))
    return made


def test_a_signal_goes_from_its_receipt_to_its_feedback(sender: Schuldeiser, reader: Gemeente) -> None:
    made = delivered(sender, reader, 3)
    found: dict[UUID, str] = {}
    with Inbox(reader, DOEL, maximum=2) as inbox:
        for item in inbox:
            found[item.bericht.id] = item.open()["identiteit"]["personen"][0]["achternaam"]
            item.processed(f"Z-{len(found)}")
    assert found == {id: signaal.personen[0].achternaam for id, signaal in made.items()}
    id = next(iter(made))
    assert sender.state(id).status == "verwerkt"
    before = [page for page in pages(sender.feedback)][-1].volgende
    (uitkomst,) = reader.tell(TerugkoppelAanvraag(berichten=[id], code="herhaalde_melding")).uitkomsten
    assert uitkomst.ziet is not None
    assert told_since(sender, before) == [made[id].kenmerk]


def test_a_delivery_comes_with_a_report_that_its_receipt_covers(sender: Schuldeiser) -> None:
    good = list(islice(signals(), 3))
    done = sender.deliver_many(AanleveringAanvraag(kenmerk=good[0].kenmerk, signalen=good))
    assert [regel.status for regel in done.verslag.regels] == ["bezorgd"] * 3
    assert sender.deliver_many(AanleveringAanvraag(kenmerk=good[0].kenmerk, signalen=good)) == done


def test_an_overview_is_asked_answered_and_added_up(gateway: Sandbox, sender: Schuldeiser) -> None:
    person = OverzichtPersoon(rol="client", voorletters="V.", achternaam="Klantvoorbeeld", geboortedatum=TODAY.replace(year=1980))
    client = OverzichtClient(personen=[person], adres=next(signals()).adres)
    asked = GevraagdeSchuldeiser(oin=LANDLORD.oin, klantnummer="H-1")
    with gemeente(gateway, of=UTRECHT) as desk:
        made = desk.ask(
            Overzichtsaanvraag(kenmerk="CL-1", zaaknummer="Z-1", grond="plan_van_aanpak", client=client, schuldeisers=[asked])
        )
        (open_one,) = sender.saldoverzoeken().saldoverzoeken
        question = sender.question(sender.saldoverzoek(open_one.id))
        assert (question.klantnummer, question.personen[0].achternaam) == ("H-1", "Klantvoorbeeld")
        receipt = sender.answer(open_one.id, KlantOnbekend())
        assert (receipt.id, receipt.staat) == (open_one.id, "klant_onbekend")
        assert desk.assembled(made.id).ontbreekt[0].reden == "klant_onbekend"
        assert desk.assembled(made.id) == desk.assembled_there(made.id)


@pytest.mark.parametrize("trouble", ["cut", "lose", "busy", "away"])
def test_a_submission_is_sent_again_and_lands_once(gateway: Sandbox, front: Front, reader: Gemeente, trouble: str) -> None:
    front.plan = [trouble, trouble]
    watch, signaal = Watch(), next(signals())
    with schuldeiser(gateway, front.port, watch) as sender:
        receipt = sender.deliver(signaal)
    assert front.did("POST") == [trouble, trouble, "pass"]
    assert watch.waits == ([1.0, 1.0] if trouble in {"busy", "away"} else [0.25, 0.5])
    arrived(reader, {receipt.id})
    with schuldeiser(gateway) as sender:
        assert sender.deliver(signaal) == receipt


def test_patience_ends(gateway: Sandbox, front: Front) -> None:
    front.plan = ["cut"] * 20
    watch = Watch()
    with schuldeiser(gateway, front.port, watch, Patience(tries=4, total=100)) as sender, pytest.raises(Unreachable):
        sender.coverage()
    assert len(front.seen) == 4
    front.plan, front.seen = ["busy"] * 20, []
    with schuldeiser(gateway, front.port, watch, Patience(tries=90, total=5)) as sender, pytest.raises(Unavailable):
        sender.coverage()
    assert sum(watch.waits[-4:]) < 5
    assert len(front.seen) < 7


def test_what_failed_is_not_acknowledged_and_comes_back(sender: Schuldeiser, reader: Gemeente) -> None:
    made = delivered(sender, reader, 4)
    bad, seen = sorted(made)[1], []

    def work(item: Item) -> None:
        seen.append(item.bericht.id)
        if item.bericht.id == bad:
            raise ValueError("own system")
        item.processed("Z-1")

    with Inbox(reader, DOEL, maximum=1) as inbox:
        for item in inbox:
            try:
                work(item)
            except ValueError:
                continue
    assert sorted(seen) == sorted(made)
    assert {id: sender.state(id).status for id in made} == {id: "bezorgd" if id == bad else "verwerkt" for id in made}
    with Inbox(reader, DOEL) as inbox:
        assert [(item.bericht.id, item.received().staat) for item in inbox] == [(bad, "ontvangen")]


def test_a_break_in_the_loop_gives_the_rest_back(sender: Schuldeiser, reader: Gemeente) -> None:
    made = delivered(sender, reader, 3)

    def work() -> None:
        with Inbox(reader, DOEL) as inbox:
            for item in inbox:
                item.received()
                raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        work()
    assert sorted(sender.state(id).status for id in made) == ["bezorgd", "bezorgd", "ontvangen"]


def test_a_claim_is_asked_once_and_its_lost_answer_left_to_the_lease(
    gateway: Sandbox, sender: Schuldeiser, reader: Gemeente, desk_front: Front
) -> None:
    made = delivered(sender, reader, 1)
    desk_front.plan = ["lose"]
    short = ClaimAanvraag(doel=DOEL, maximum=5, lease_seconden=1, wijze="onbemand")
    with gemeente(gateway, desk_front.port) as desk:
        with pytest.raises(Unreachable):
            desk.claim(short)
        assert desk_front.did("POST") == ["lose"]
        time.sleep(1.5)
        desk_front.plan = ["busy"]
        assert [b.id for b in desk.claim(ALL).berichten] == list(made)
        assert desk_front.did("POST") == ["lose", "busy", "pass"]


def test_an_acknowledgement_is_repeated_within_its_lease_only(
    gateway: Sandbox, sender: Schuldeiser, reader: Gemeente, desk_front: Front
) -> None:
    made = delivered(sender, reader, 2)
    first, second = sorted(made)
    watch = Watch()
    with gemeente(gateway, desk_front.port, watch) as desk:
        claim = desk.claim(ALL)
        desk_front.plan = ["lose"]
        assert desk.acknowledge(first, claim.id, "ontvangen").staat == "ontvangen"
        assert desk_front.did("PUT") == ["lose", "pass"]
        watch.at += 601
        desk_front.plan = ["cut"]
        with pytest.raises(Unreachable):
            desk.acknowledge(second, claim.id, "ontvangen")
        assert desk_front.did("PUT") == ["lose", "pass", "cut"]


def test_somebody_else_holds_it_after_the_lease(gateway: Sandbox, sender: Schuldeiser, reader: Gemeente) -> None:
    (id,) = delivered(sender, reader, 1)
    late = reader.claim(ClaimAanvraag(doel=DOEL, maximum=5, lease_seconden=1, wijze="onbemand"))
    time.sleep(1.5)
    with gemeente(gateway) as other:
        assert [b.id for b in other.claim(ALL).berichten] == [id]
    with pytest.raises(Conflict) as refused:
        reader.acknowledge(id, late.id, "ontvangen")
    assert refused.value.code == "BERICHT_NIET_VAN_DEZE_CLAIM"
    with pytest.raises(Conflict):
        reader.extend(late.id, 600)


def test_a_lease_is_renewed_while_the_work_goes_on(gateway: Sandbox, sender: Schuldeiser, reader: Gemeente, desk_front: Front) -> None:
    made = delivered(sender, reader, 3)
    watch = Watch()
    with gemeente(gateway, desk_front.port, watch) as desk, Inbox(desk, DOEL, lease_seconden=60) as inbox:
        done = []
        for item in inbox:
            watch.at += 40
            done.append(item.received().id)
    assert sorted(done) == sorted(made)
    assert sum("/claims/" in path for method, path, _ in desk_front.seen if method == "PUT") >= 3  # the gateway's clock did not go on


def test_a_no_names_pointer_and_rule_and_no_value(sender: Schuldeiser) -> None:
    signaal = next(signals())
    geheim = signaal.personen[0].achternaam
    personen = [*signaal.personen, *signaal.personen, *signaal.personen]
    from_own_system = Signaal(**{name: getattr(signaal, name) for name in signaal.__struct_fields__} | {"personen": personen})
    with pytest.raises(Invalid) as refused:
        sender.deliver(from_own_system)
    assert refused.value.code == "SIGNAAL_GEWEIGERD"
    assert "/personen" in str(refused.value)
    assert geheim not in f"{refused.value!r}{refused.value}"
    with pytest.raises(NotFound):
        sender.state(uuid4())


def test_who_is_not_trusted_is_not_asked_twice(gateway: Sandbox, front: Front, tmp_path: Path) -> None:
    other = DevPki.create(tmp_path / "pki", CLOCK)
    stranger = other.partner(LANDLORD.oin, "Vreemd")
    right, watch = access(gateway, LANDLORD.oin, front.port), Watch()
    for wrong in (right._replace(ca=tmp_path / "pki" / "root.pem"), right._replace(cert=stranger.chain_path, key=stranger.key_path)):
        before = list(watch.waits)
        with closing(Schuldeiser(wrong, timing=watch.timing())) as client, pytest.raises(Unreachable):
            client.coverage()
        assert before == []  # the gateway was not trusted: final. The other way round a reset may overtake TLS's own word
    assert front.seen == []
    unknown = DevPki.load(gateway.state / "pki", CLOCK).partner("00000099000000098000", "Onbekend")
    unlisted = right._replace(address=access(gateway, "x").address, cert=unknown.chain_path, key=unknown.key_path)
    with closing(Schuldeiser(unlisted)) as client, pytest.raises(Unauthenticated):
        client.coverage()
