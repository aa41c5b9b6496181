"""Evidence of silence for a court: delivery, reminders and term, each with its place in the log; of nobody who answered."""

import re
from datetime import timedelta

import msgspec
import pytest

from adapters.client.receipts import NotGenuine, verify_receipt
from gateway.core.errors import Conflict, NotFound
from gateway.core.workdays import add_workdays
from gateway.privacylog.tree import node_hash
from gateway.regelingen import silence
from gateway.signals.proof import Notary
from schemas.regelingen import Feit, Regeling, Stiltebewijs
from tests.overviews.around import AGREED, Square
from tests.overviews.hall import CLERK, HAARLEM, LANDLORD, NAME, OTHER, UTRECHT


def notary(square: Square) -> Notary:
    return Notary(square.log, square.receipts, lambda _: "Gemeente Haarlem", "https://seinhuis.example/", square.number)


def silent(square: Square) -> Regeling:
    """A proposal to two creditors: the first opens it and stays silent, the second agrees."""
    sent = square.send(square.proposal(LANDLORD, OTHER))
    square.reply(OTHER, "betaalvoorstel", sent.partijen[1].id, AGREED)
    square.opened(LANDLORD, "betaalvoorstel", sent.partijen[0].id)
    for days in (5, 8):
        square.on(add_workdays(sent.begin, days))
        square.tick()
        square.number()
        square.opened(LANDLORD, "betaalvoorstel", sent.partijen[0].id)
    square.on(sent.einde + timedelta(days=1))
    square.tick()
    square.number()
    return sent


def prove(square: Square, sent: Regeling, nr: int = 0, gemeente: str = HAARLEM) -> Stiltebewijs:
    return silence.prove(CLERK, gemeente, sent.partijen[nr].id, square.overviews, notary(square))


def root(fact: Feit) -> bytes:
    """The root that the path of a fact leads to, by RFC 6962 section 2.1.1, written out once more."""
    assert fact.log is not None
    found, nr, last = bytes.fromhex(fact.logblad), fact.log.nummer, int(fact.log.controlepunt.split("\n")[1]) - 1
    for sibling in map(bytes.fromhex, fact.log.pad):
        if nr % 2 or nr == last:
            found = node_hash(sibling, found)
            while nr % 2 == 0 and nr:
                nr, last = nr >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        nr, last = nr >> 1, last >> 1
    return found


def test_bundle_tells_delivery_reminders_and_end_each_with_its_place_in_the_log(square: Square) -> None:
    sent = silent(square)
    bundle = prove(square, sent)
    verify_receipt(bundle, square.receipts.public_jwks())
    assert [f.soort for f in bundle.feiten] == ["bezorgd", "gelezen", "herinnerd", "herinnerd", "geeindigd"]
    assert [f.op.date() for f in bundle.feiten][2:4] == [add_workdays(sent.begin, 5), add_workdays(sent.begin, 8)]
    assert (bundle.uiterlijk, bundle.termijn_werkdagen, bundle.voorstel) == (add_workdays(sent.begin, 10), 10, "SB")
    entries = "SELECT l.leaf FROM regelingfeit f JOIN log_leaf l ON l.entry = f.entry WHERE f.bericht = %s ORDER BY f.at, f.entry"
    assert [f.logblad for f in bundle.feiten] == [row[0].hex() for row in square.rows(entries, bundle.id)]
    square.clock.advance(timedelta(minutes=2))
    square.number()
    again = prove(square, sent)
    assert all(f.log for f in again.feiten)
    assert len({root(f) for f in again.feiten}) == 1


def test_bundle_holds_no_person_no_amount_and_no_other_creditor(square: Square) -> None:
    text = msgspec.json.encode(prove(square, silent(square))).decode()
    for canary in (NAME, "1985-03-07", "2011AB", "40000", "5000", OTHER.principal):
        assert not stands(canary, text)
    assert stands(LANDLORD.principal, text)  # the control


def stands(value: str, text: str) -> bool:
    """Whether a value stands in it by itself: digits of a hash or a signature are none."""
    return re.search(rf"(?<![\w.-]){value}(?![\w-])", text) is not None


def test_bundle_that_was_changed_does_not_verify(square: Square) -> None:
    bundle = prove(square, silent(square))
    with pytest.raises(NotGenuine):
        verify_receipt(msgspec.structs.replace(bundle, termijn_werkdagen=30), square.receipts.public_jwks())


def test_there_is_no_bundle_for_who_answered_or_still_may(square: Square) -> None:
    running = square.send(square.proposal(LANDLORD, kenmerk="B-2", termijn_werkdagen=40))
    sent = silent(square)
    for made, nr in ((sent, 1), (running, 0)):
        with pytest.raises(Conflict, match="GEEN_STILTE"):
            prove(square, made, nr)
    with pytest.raises(NotFound):
        prove(square, sent, gemeente=UTRECHT)
    with pytest.raises(NotFound):
        silence.prove(CLERK, HAARLEM, sent.id, square.overviews, notary(square))  # the proposal, and no message of it
    pause = square.send(square.pause(LANDLORD))
    with pytest.raises(NotFound):
        prove(square, pause)


def test_bundle_outlives_a_withdrawal(square: Square) -> None:
    sent = silent(square)
    square.cancel(sent)
    assert [f.soort for f in prove(square, sent).feiten][-1] == "ingetrokken"
