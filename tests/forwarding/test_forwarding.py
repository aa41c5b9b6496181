"""A message goes on to the right municipality; to the creditor it is a rejection like any other."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from adapters.client.opening import Opener
from adapters.client.resealing import reseal
from gateway.core import ids
from gateway.core.chain import Sender
from gateway.core.errors import Conflict, Forbidden, NotFound
from gateway.feedback import feed
from gateway.inboxes import claiming, forwarding
from gateway.policy.register import PurposeRegister
from gateway.signals import afterwards, quality, standen
from gateway.store.tenant import municipality, parties
from schemas.doorzending import Doorzending, Woonadres
from schemas.inbox import Afwijzing, Claim, Veldgroep
from schemas.signaal import IntrekkingAanvraag
from schemas.standen import StandAantallen, StandEnvelop, StandVerslag
from tests.ddas.outgoing import Outgoing
from tests.flows.world import CLERK, HAARLEM, LANDLORD, NAME, TRACE, UTRECHT

HOME = Woonadres(postcode="3511AB", huisnummer=7)


def prepared(out: Outgoing, *signals: dict[str, Any]) -> tuple[list[UUID], Claim]:
    found = out.delivered(*(signals or (out.signal(),)))
    return found, out.claim()


def sealed(out: Outgoing, claim: Claim, id: UUID) -> Doorzending:
    bericht = next(b for b in claim.berichten if b.id == id)
    (key,) = forwarding.keys(UTRECHT, out.forwarding).sleutels
    return reseal(Opener().open(bericht), key, claim.id, HOME, ids.new)


def forward(out: Outgoing, id: UUID, request: Doorzending) -> str:
    return forwarding.forward(CLERK, HAARLEM, TRACE, id, request, out.forwarding).staat


def test_other_municipality_opens_the_message_with_the_new_address(out: Outgoing) -> None:
    signal = out.signal()
    (id,), claim = prepared(out, signal)
    request = sealed(out, claim, id)
    assert forward(out, id, request) == "doorgezonden"
    out.number()
    (arrived,) = out.claim(UTRECHT).berichten
    opened = Opener().open(arrived)
    assert arrived.id == request.bericht
    assert (arrived.bedrag_cent, arrived.schuldeiser.oin) == (signal["achterstand"]["bedragCent"], LANDLORD.principal)
    assert opened["identiteit"]["personen"][0]["achternaam"] == signal["personen"][0]["achternaam"]
    assert opened["identiteit"]["adres"]["postcode"] == HOME.postcode
    assert arrived.eerder_bericht is None


def test_the_same_again_changes_nothing_and_another_is_refused(out: Outgoing) -> None:
    (id,), claim = prepared(out)
    request = sealed(out, claim, id)
    assert [forward(out, id, request), forward(out, id, request)] == ["doorgezonden"] * 2
    assert len(out.entries("bericht.doorgezonden")) == 1
    with pytest.raises(Conflict):
        forward(out, id, sealed(out, claim, id))


def test_log_links_the_two_and_nothing_else_does(out: Outgoing) -> None:
    (id,), claim = prepared(out)
    request = sealed(out, claim, id)
    forward(out, id, request)
    out.number()
    (link,) = out.entries("bericht.doorgezonden")
    assert (link.gemeente, link.bericht, link.naar_gemeente, link.naar_bericht) == (HAARLEM, id, UTRECHT, request.bericht)
    assert out.verify().ok


def test_resident_is_named_for_the_log_of_the_other_municipality(out: Outgoing) -> None:
    made = out.signal()
    (id,), claim = prepared(out, {**made, "personen": [{**made["personen"][0], "geboortedatum": "1985-03-07"}]})
    forward(out, id, sealed(out, claim, id))
    out.number()
    out.claim(UTRECHT)
    (here, there), (_, read) = out.entries("signaal.bezorgd"), out.entries("bericht.geclaimd")
    assert (read.gemeente, read.betrokkene, read.persoon) == (UTRECHT, there.betrokkene, there.persoon)
    assert len({here.betrokkene, there.betrokkene, here.persoon, there.persoon} - {None}) == 4


def test_creditor_sees_the_same_as_after_a_rejection(out: Outgoing) -> None:
    (moved, rejected), claim = prepared(out, *out.signals(2))
    forward(out, moved, sealed(out, claim, moved))
    claiming.reject(CLERK, HAARLEM, TRACE, rejected, Afwijzing(claim=claim.id, reden="geen_inwoner"), out.desk)
    out.number()
    seen = [msgspec.structs.replace(afterwards.state(LANDLORD.principal, id, out.steps), id=moved, kenmerk="x") for id in (moved, rejected)]
    assert seen[0].status == "afgewezen"
    assert msgspec.structs.replace(seen[0], ontvangen_op=seen[1].ontvangen_op) == seen[1]
    out.clock.advance(timedelta(days=8))
    feed.release(out.tasks, out.clock)
    told = feed.page(out.ingest, LANDLORD.principal, 0, 10).terugkoppelingen
    assert len(told) == 2
    first, second = (msgspec.to_builtins(one) for one in told)
    differs = {name for name in first if first[name] != second.get(name)}
    assert differs <= {"kenmerk", "volgnummer", "nr", "id"}
    for id in (moved, rejected):
        with pytest.raises(Conflict):
            afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="betaald"), out.steps, out.number)
    assert afterwards.state(LANDLORD.principal, moved, out.steps).ingetrokken_op is None


def test_forwarded_copy_does_not_exist_for_the_creditor(out: Outgoing) -> None:
    (id,), claim = prepared(out)
    request = sealed(out, claim, id)
    forward(out, id, request)
    out.number()
    with pytest.raises(NotFound):
        afterwards.state(LANDLORD.principal, request.bericht, out.steps)
    (copy,) = out.claim(UTRECHT).berichten
    claiming.reject(
        Sender("00000099000000004000", "00000099000000004000"), UTRECHT, TRACE, copy.id,
        Afwijzing(claim=copy_claim(out, copy.id), reden="onterecht_signaal"), out.desk,
    )  # fmt: skip
    out.clock.advance(timedelta(days=15))
    feed.release(out.tasks, out.clock)
    told = feed.page(out.ingest, LANDLORD.principal, 0, 10).terugkoppelingen
    assert [one.code for one in told] == ["geen_inwoner"]


def copy_claim(out: Outgoing, id: UUID) -> UUID:
    found: UUID = out.rows("SELECT claim FROM inbox_item WHERE bericht = %s", id)[0][0]
    return found


def test_withdrawal_follows_the_message(out: Outgoing) -> None:
    (id,), claim = prepared(out)
    request = sealed(out, claim, id)
    forward(out, id, request)
    out.number()
    with pytest.raises(Conflict):
        afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="betaald"), out.steps, out.number)
    assert out.state_of(request.bericht) == "ingetrokken"
    assert out.rows("SELECT payload FROM bericht WHERE id = %s", request.bericht) == [(None,)]


def test_withdrawal_follows_a_message_that_has_no_number_yet(out: Outgoing) -> None:
    (id,), claim = prepared(out)
    request = sealed(out, claim, id)
    forward(out, id, request)
    assert out.rows("SELECT FROM inbox_item WHERE bericht = %s", request.bericht) == []
    with pytest.raises(Conflict, match="SIGNAAL_AFGESLOTEN"):
        afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="betaald"), out.steps, out.number)
    out.number()
    assert out.state_of(request.bericht) == "ingetrokken"
    assert len(out.entries("signaal.ingetrokken")) == 1


def test_stand_takes_back_what_was_sent_on_without_a_word(out: Outgoing) -> None:
    kept = {key: value for key, value in out.signal().items() if key not in {"soort", "eerderKenmerk"}}
    (moved, rejected), day = [{**kept, "kenmerk": k} for k in "AB"], out.today
    goes, stays = (line.id for line in put_stand(out, [moved, rejected], day).regels)
    assert goes
    assert stays
    out.number()
    claim = out.claim()
    request = sealed(out, claim, goes)
    forward(out, goes, request)
    claiming.reject(CLERK, HAARLEM, TRACE, stays, Afwijzing(claim=claim.id, reden="geen_inwoner"), out.desk)
    out.number()
    assert out.state_of(request.bericht) == "bezorgd"  # the control: nothing but the list takes it back
    out.clock.advance(timedelta(days=1))
    gone = put_stand(out, [], out.today)
    assert (gone.regels, gone.aantallen) == ([], StandAantallen(aangeboden=0))
    assert out.state_of(request.bericht) == "ingetrokken"


def put_stand(out: Outgoing, records: list[Any], day: date) -> StandVerslag:
    envelop = StandEnvelop(sector="huur", handelsnaam=NAME, reden_vervallen="betaald", signalen=records)
    return standen.reconcile(LANDLORD, TRACE, day, envelop, out.steps, out.number)[0]


def test_wrongful_withdrawal_after_the_end_counts_for_neither(out: Outgoing) -> None:
    (moved, rejected, open_), claim = prepared(out, *out.signals(3))
    forward(out, moved, sealed(out, claim, moved))
    claiming.reject(CLERK, HAARLEM, TRACE, rejected, Afwijzing(claim=claim.id, reden="geen_inwoner"), out.desk)
    out.number()
    wrong = IntrekkingAanvraag(reden="onterecht")
    for id, counted in ((moved, 0), (rejected, 0), (open_, 1)):  # the control: of an open one it is counted
        with nullcontext() if counted else pytest.raises(Conflict):
            afterwards.withdraw(LANDLORD, TRACE, id, wrong, out.steps, out.number)
        (month,) = quality.report(LANDLORD.principal, out.today, out.today, out.ingest).maanden
        assert month.onterecht_ingetrokken == counted


def test_withdrawn_message_is_not_sent_on(out: Outgoing) -> None:
    (id,), claim = prepared(out)
    afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="betaald"), out.steps, out.number)
    before = afterwards.state(LANDLORD.principal, id, out.steps)
    with pytest.raises(Conflict, match="SIGNAAL_INGETROKKEN"):
        forward(out, id, sealed(out, claim, id))
    out.number()
    assert out.claim(UTRECHT).berichten == []
    assert afterwards.state(LANDLORD.principal, id, out.steps) == before
    claiming.reject(CLERK, HAARLEM, TRACE, id, Afwijzing(claim=claim.id, reden="geen_inwoner"), out.desk)
    assert afterwards.state(LANDLORD.principal, id, out.steps).ingetrokken_op == before.ingetrokken_op


def test_copy_is_no_signal_of_the_municipality_that_sent_it_on(out: Outgoing) -> None:
    """A municipality may be a creditor too; what the other one does with the copy does not come back that way."""
    (id,), claim = prepared(out)
    request = sealed(out, claim, id)
    forward(out, id, request)
    out.number()
    assert out.rows("SELECT principal FROM bericht WHERE id = %s", request.bericht) == [(CLERK.principal,)]
    with out.ingest.transaction(parties(CLERK.principal, LANDLORD.principal)) as connection:
        for query in ("signal_state(%s, %s)", "signal_proof(%s, %s)"):
            assert connection.execute(f"SELECT FROM {query}".encode(), (CLERK.principal, request.bericht)).fetchall() == []
            assert connection.execute(f"SELECT FROM {query}".encode(), (LANDLORD.principal, id)).fetchall() == [()]  # the control
        assert connection.execute("SELECT FROM own_signals(%s, 'huur')", (CLERK.principal,)).fetchall() == []


def test_id_of_a_content_key_is_refused(out: Outgoing) -> None:
    """A municipality knows the id of the content key that its own messages were sealed under."""
    (id,), claim = prepared(out)
    ((used,),) = out.rows("SELECT id FROM content_key")
    (key,) = forwarding.keys(UTRECHT, out.forwarding).sleutels
    with pytest.raises(Conflict) as refused:
        forward(out, id, reseal(Opener().open(claim.berichten[0]), key, claim.id, HOME, lambda: used))
    assert refused.value.code == "BERICHT_ID_IN_GEBRUIK"


def test_inbox_role_sends_on_through_the_function_only(out: Outgoing) -> None:
    (id,), _ = prepared(out)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), out.inbox.transaction(municipality(HAARLEM)) as connection:
        connection.execute("INSERT INTO doorzending VALUES (%s, %s, %s, %s, now())", (HAARLEM, id, UTRECHT, id))


def test_address_for_naming_is_not_kept(out: Outgoing) -> None:
    (id,), claim = prepared(out)
    request = sealed(out, claim, id)
    forward(out, id, request)
    ((meta, payload, address),) = out.rows("SELECT meta, payload, address FROM bericht WHERE id = %s", request.bericht)
    assert HOME.postcode.encode() not in bytes(meta) + bytes(payload)
    assert len(address) == 32
    ((old,),) = out.rows("SELECT address FROM bericht WHERE id = %s", id)
    assert bytes(old) != bytes(address)


def with_header(token: str, **members: object) -> str:
    head, rest = token.split(".", 1)
    header = {**msgspec.json.decode(urlsafe_b64decode(head + "=" * (-len(head) % 4))), **members}
    return f"{urlsafe_b64encode(msgspec.json.encode(header)).rstrip(b'=').decode()}.{rest}"


def with_groups(request: Doorzending, **groups: str) -> Doorzending:
    return msgspec.structs.replace(request, persoonsgegevens=msgspec.convert(groups, dict[Veldgroep, str]))


WRONG: list[tuple[str, Callable[[Doorzending], Doorzending]]] = [
    ("GEMEENTE_NEEMT_NIET_DEEL", lambda d: msgspec.structs.replace(d, gemeentecode="0363")),
    ("GEMEENTE_NEEMT_NIET_DEEL", lambda d: msgspec.structs.replace(d, gemeentecode=HAARLEM)),
    ("NIET_VERZEGELD", lambda d: msgspec.structs.replace(d, kid="gemeente/0392/1")),
    ("NIET_VERZEGELD", lambda d: msgspec.structs.replace(d, bericht=ids.new())),
    ("NIET_VERZEGELD", lambda d: with_groups(d, **{**d.persoonsgegevens, "contact": d.persoonsgegevens["identiteit"]})),
    ("NIET_VERZEGELD", lambda d: msgspec.structs.replace(d, inhoudssleutel=d.inhoudssleutel[:-22] + "A" * 22)),
    ("NIET_VERZEGELD", lambda d: msgspec.structs.replace(d, inhoudssleutel=with_header(d.inhoudssleutel, crit=5))),
    ("NIET_VERZEGELD", lambda d: msgspec.structs.replace(d, inhoudssleutel=with_header(d.inhoudssleutel, epk=[1]))),
    ("NIET_VERZEGELD", lambda d: with_groups(d, contact=d.persoonsgegevens["identiteit"])),
    ("BERICHT_ID_ONGELDIG", lambda d: msgspec.structs.replace(d, bericht=UUID("019aa2b4-7c1e-4b52-9d3f-0c5e8a6b1f20"))),
    ("BERICHT_ID_ONGELDIG", lambda d: msgspec.structs.replace(d, bericht=UUID("01900000-7c1e-7b52-9d3f-0c5e8a6b1f20"))),
]


@pytest.mark.parametrize(("code", "spoil"), WRONG, ids=[f"{code}-{nr}" for nr, (code, _) in enumerate(WRONG)])
def test_what_is_not_sealed_right_is_refused(out: Outgoing, code: str, spoil: Callable[[Doorzending], Doorzending]) -> None:
    (id,), claim = prepared(out)
    with pytest.raises(Conflict) as refused:
        forward(out, id, spoil(sealed(out, claim, id)))
    assert refused.value.code == code
    assert out.state_of(id) == "geclaimd"


def test_id_of_another_message_is_refused(out: Outgoing) -> None:
    (first, second), claim = prepared(out, *out.signals(2))
    bericht = next(b for b in claim.berichten if b.id == first)
    (key,) = forwarding.keys(UTRECHT, out.forwarding).sleutels
    request = reseal(Opener().open(bericht), key, claim.id, HOME, lambda: second)
    with pytest.raises(Conflict):
        forward(out, first, request)
    assert out.state_of(first) == "geclaimd"


def test_message_that_the_claim_does_not_hold_is_refused(out: Outgoing) -> None:
    (id,), claim = prepared(out)
    with pytest.raises(Conflict):
        forward(out, id, msgspec.structs.replace(sealed(out, claim, id), claim=ids.new()))
    with pytest.raises(NotFound):
        forward(out, ids.new(), sealed(out, claim, id))


def test_without_a_purpose_row_nothing_is_forwarded(out: Outgoing) -> None:
    (id,), claim = prepared(out)
    bare = out.forwarding._replace(desk=out.desk._replace(purposes=PurposeRegister([])))
    with pytest.raises(Forbidden):
        forwarding.forward(CLERK, HAARLEM, TRACE, id, sealed(out, claim, id), bare)
    assert out.state_of(id) == "geclaimd"


def test_keys_are_those_of_participating_municipalities(out: Outgoing) -> None:
    assert [key.gemeentecode for key in forwarding.keys(None, out.forwarding).sleutels] == [UTRECHT, HAARLEM]
    with pytest.raises(NotFound):
        forwarding.keys("0363", out.forwarding)
