"""Pauses, proposals and cooling-off periods on a real database: send, read, answer, end, withdraw; sealed, each step on record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from adapters.client.receipts import verify_receipt
from gateway.core import ids
from gateway.core.errors import Conflict, NotFound
from gateway.core.workdays import add_workdays
from gateway.regelingen import replying, starting
from schemas.regelingen import Regeling, Regelingaanvraag
from schemas.schuldenoverzicht import GeenMedewerking, KlantOnbekend
from tests.overviews.around import AGREED, FOUND, REFUSED, Square
from tests.overviews.hall import CLERK, HAARLEM, LANDLORD, NAME, OTHER, TRACE, UTRECHT, WATER

KINDS = {
    "kennisgeving": lambda s, *c, **m: s.pause(*c, **m),
    "betaalvoorstel": lambda s, *c, **m: s.proposal(*c, **m),
    "afkoelingsperiode": lambda s, *c, **m: s.cooling(*c, **m),
}
GOOD: dict[str, Any] = {"kennisgeving": FOUND, "betaalvoorstel": AGREED, "afkoelingsperiode": FOUND}
Make = Callable[..., Regelingaanvraag]
each_kind = pytest.mark.parametrize(("soort", "make"), KINDS.items(), ids=list(KINDS))


def state(regeling: Regeling) -> tuple[str, list[str]]:
    return regeling.staat, [p.staat for p in regeling.partijen]


@each_kind
def test_message_reaches_each_named_creditor_and_the_answer_the_municipality(square: Square, soort: Any, make: Make) -> None:
    sent = square.send(make(square, LANDLORD, OTHER))
    assert state(sent) == ("lopend", ["open", "open"])
    (told,) = square.told(LANDLORD, soort)
    assert told.inhoud is None
    content = square.open(square.opened(LANDLORD, soort, told.id).inhoud, told.id, "vraag")
    assert content["personen"][0]["achternaam"] == NAME
    receipt = square.reply(LANDLORD, soort, told.id, GOOD[soort])
    verify_receipt(receipt, square.receipts.public_jwks())
    seen = square.look(sent, disclose=True)
    assert state(seen) == ("lopend", [receipt.staat, "open"])
    assert seen.partijen[0].gelezen_op == square.clock.now()
    answer = square.open(seen.partijen[0].antwoord, told.id, "antwoord")
    assert answer["klantnummer"] == "K-7781"
    assert [p.antwoord for p in square.look(sent).partijen] == [None, None]


def test_what_is_sealed_is_of_its_kind_and_only_of_this_creditor(square: Square) -> None:
    square.send(square.proposal(LANDLORD, OTHER))
    square.send(square.cooling(LANDLORD))
    (proposal,), (cooling,) = square.told(LANDLORD, "betaalvoorstel"), square.told(LANDLORD, "afkoelingsperiode")
    offered = square.open(square.opened(LANDLORD, "betaalvoorstel", proposal.id).inhoud, proposal.id, "vraag")
    assert offered["vorderingen"] == [{"kenmerk": "F-1", "saldoCent": 40_000, "percentageHonderdsten": 1_250, "prognoseCent": 5_000}]
    ordered = square.open(square.opened(LANDLORD, "afkoelingsperiode", cooling.id).inhoud, cooling.id, "vraag")
    assert ordered["uitspraak"]["ecli"] == "ECLI:NL:RBNHO:2026:1234"
    assert (proposal.voorstel, proposal.einde) == ("SB", add_workdays(square.today, 10))
    assert OTHER.principal not in str(square.opened(LANDLORD, "betaalvoorstel", proposal.id))


@each_kind
def test_same_request_is_the_same_arrangement_and_another_a_conflict(square: Square, soort: Any, make: Make) -> None:
    aanvraag = make(square, LANDLORD)
    first, created = starting.start(CLERK, HAARLEM, TRACE, aanvraag, square.overviews)
    again, twice = starting.start(CLERK, HAARLEM, TRACE, aanvraag, square.overviews)
    assert (first, created, twice) == (again, True, False)
    with pytest.raises(Conflict, match="KENMERK_IN_GEBRUIK"):
        square.send(make(square, OTHER))
    assert square.count("regelingbericht") == 1
    assert square.send(aanvraag, UTRECHT).id != first.id


@each_kind
def test_same_answer_gives_the_same_receipt_and_another_is_refused(square: Square, soort: Any, make: Make) -> None:
    id = square.send(make(square, LANDLORD)).partijen[0].id
    first = replying.answer(LANDLORD, TRACE, soort, id, GOOD[soort], square.overviews)
    square.clock.advance(timedelta(hours=1))
    again = replying.answer(LANDLORD, TRACE, soort, id, GOOD[soort], square.overviews)
    assert (first[1], again[1], first[0]) == (True, False, again[0])
    with pytest.raises(Conflict, match="AL_BEANTWOORD"):
        square.reply(LANDLORD, soort, id, REFUSED if soort == "betaalvoorstel" else KlantOnbekend())
    assert len(square.entries("regelingbericht.beantwoord")) == 1


@each_kind
def test_message_of_another_or_of_another_kind_does_not_exist(square: Square, soort: Any, make: Make) -> None:
    sent = square.send(make(square, LANDLORD))
    id = sent.partijen[0].id
    others: list[Any] = [kind for kind in KINDS if kind != soort]
    for who, kind, which in [(OTHER, soort, id), (LANDLORD, others[0], id), (LANDLORD, others[1], id), (LANDLORD, soort, ids.new())]:
        with pytest.raises(NotFound):
            square.reply(who, kind, which, GOOD[kind])
        with pytest.raises(NotFound):
            square.opened(who, kind, which)
    assert square.told(OTHER, soort) == []
    for act in (square.look, square.cancel):
        with pytest.raises(NotFound):
            act(sent, UTRECHT)
    assert starting.page(CLERK, UTRECHT, soort, None, 10, None, square.overviews).regelingen == []
    assert starting.page(CLERK, HAARLEM, others[0], None, 10, None, square.overviews).regelingen == []


@pytest.mark.parametrize("soort", ["kennisgeving", "afkoelingsperiode"])
def test_unknown_client_leaves_id_state_and_day_and_nothing_sealed(square: Square, soort: Any) -> None:
    sent = square.send(KINDS[soort](square, LANDLORD, OTHER))
    id = sent.partijen[0].id
    square.reply(LANDLORD, soort, id, KlantOnbekend())
    seen = square.opened(LANDLORD, soort, id)
    assert square.told(LANDLORD, soort, "klant_onbekend") == [seen]
    assert {name for name in seen.__struct_fields__ if getattr(seen, name) is not None} == {"id", "soort", "staat", "bezorgd_op"}
    assert square.rows("SELECT question, answer FROM regelingbericht WHERE id = %s", id) == [(None, None)]
    square.cancel(sent)
    assert square.told(LANDLORD, soort) == []


@each_kind
def test_end_reaches_everybody_who_got_the_start_once(square: Square, soort: Any, make: Make) -> None:
    sent = square.send(make(square, LANDLORD, OTHER))
    square.reply(LANDLORD, soort, sent.partijen[0].id, GOOD[soort])
    square.on(sent.einde)
    square.tick()
    assert square.look(sent).staat == "lopend"  # the last day counts
    square.on(sent.einde + timedelta(days=1))
    assert square.tick().expired == 2
    assert square.tick() == (0, 0)
    seen = square.look(sent)
    assert state(seen) == ("geeindigd", [seen.partijen[0].staat, "geen_reactie"])
    for creditor in (LANDLORD, OTHER):
        (told,) = square.told(creditor, soort)
        assert told.geeindigd_op == square.today
    assert [e.resultaat for e in square.entries("regelingbericht.geeindigd")].count("geen_reactie") == 1
    assert len(square.entries("regelingbericht.geeindigd")) == 2
    with pytest.raises(Conflict, match="TERMIJN_VERSTREKEN"):
        square.reply(OTHER, soort, sent.partijen[1].id, GOOD[soort])
    assert square.rows("SELECT count(question) FROM regelingbericht") == [(0,)]


@each_kind
def test_withdrawal_reaches_everybody_who_got_the_start_and_destroys_what_was_sealed(square: Square, soort: Any, make: Make) -> None:
    sent = square.send(make(square, LANDLORD, OTHER))
    given = square.reply(LANDLORD, soort, sent.partijen[0].id, GOOD[soort])
    gone = square.cancel(sent)
    assert state(gone) == ("ingetrokken", [given.staat, "ingetrokken"])
    assert square.cancel(sent) == gone
    for creditor in (LANDLORD, OTHER):
        (told,) = square.told(creditor, soort)
        assert told.ingetrokken_op == square.today
    with pytest.raises(Conflict, match="BERICHT_INGETROKKEN"):
        square.reply(OTHER, soort, sent.partijen[1].id, GOOD[soort])
    assert square.rows("SELECT count(question), count(answer) FROM regelingbericht") == [(0, 0)]
    assert len(square.entries("regelingbericht.ingetrokken")) == 2
    assert len(square.entries("regeling.ingetrokken")) == 1


def test_withdrawal_of_what_has_ended_moves_no_state(square: Square) -> None:
    sent = square.send(square.proposal(LANDLORD))
    square.reply(LANDLORD, "betaalvoorstel", sent.partijen[0].id, AGREED)
    square.on(sent.einde + timedelta(days=1))
    square.tick()
    gone = square.cancel(sent)
    assert (state(gone), gone.ingetrokken_op) == (("geeindigd", ["akkoord"]), square.clock.now())
    assert square.rows("SELECT count(answer) FROM regelingbericht") == [(0,)]
    assert [e.resultaat for e in square.entries("regeling.bijgewerkt")] == ["geeindigd"]


def test_proposal_under_a_general_agreement_is_agreed_at_once_and_can_still_be_read(square: Square) -> None:
    square.agree("akkoord_vooraf", LANDLORD, id="schuldregelen-7")
    sent = square.send(square.proposal(LANDLORD, OTHER))
    assert [(p.staat, p.afspraak) for p in sent.partijen] == [("akkoord_vooraf", "schuldregelen-7"), ("open", None)]
    id = sent.partijen[0].id
    assert square.open(square.opened(LANDLORD, "betaalvoorstel", id).inhoud, id, "vraag")["vorderingen"]
    with pytest.raises(Conflict, match="AKKOORD_VOORAF"):
        square.reply(LANDLORD, "betaalvoorstel", id, REFUSED)
    (entry,) = square.entries("regelingbericht.beantwoord")
    assert (entry.resultaat, entry.afspraak, entry.regelingbericht) == ("akkoord_vooraf", "schuldregelen-7", id)
    assert square.rows("SELECT soort FROM regelingfeit WHERE bericht = %s ORDER BY entry", id)[:2] == [("bezorgd",), ("akkoord_vooraf",)]
    square.on(sent.einde + timedelta(days=1))
    square.tick()
    assert [p.staat for p in square.look(sent).partijen] == ["akkoord_vooraf", "geen_reactie"]


def test_creditor_may_decline_a_pause_but_not_a_cooling_off_period(square: Square) -> None:
    no = GeenMedewerking(reden="finale_kwijting")
    pause, cooling = square.send(square.pause(LANDLORD)), square.send(square.cooling(LANDLORD))
    assert square.reply(LANDLORD, "kennisgeving", pause.partijen[0].id, no).staat == "geen_medewerking"
    with pytest.raises(Conflict, match="ANTWOORD_PAST_NIET"):
        square.reply(LANDLORD, "afkoelingsperiode", cooling.partijen[0].id, no)


def test_reminders_follow_working_days(square: Square) -> None:
    sent = square.send(square.proposal(LANDLORD, OTHER))
    square.reply(OTHER, "betaalvoorstel", sent.partijen[1].id, AGREED)
    reminded = []
    for days in range(1, 11):
        square.on(add_workdays(sent.begin, days))
        reminded += [days] * square.tick().reminded
    assert reminded == [5, 8]
    (told,) = square.told(LANDLORD, "betaalvoorstel")
    assert told.herinnerd_op == add_workdays(sent.begin, 8)
    assert [e.werkdagen for e in square.entries("regelingbericht.herinnerd")] == [5, 8]


def test_nothing_clear_no_amount_and_no_court_reference_is_stored_or_logged(square: Square) -> None:
    proposal = square.send(square.proposal(LANDLORD, WATER))
    square.send(square.cooling(LANDLORD))
    square.opened(LANDLORD, "betaalvoorstel", proposal.partijen[0].id)
    square.reply(LANDLORD, "betaalvoorstel", proposal.partijen[0].id, REFUSED)
    square.look(proposal, disclose=True)
    kept = square.rows("SELECT r::text, b::text FROM regeling r JOIN regelingbericht b ON b.regeling = r.id")
    logged = square.rows("SELECT convert_from(body, 'UTF8') FROM log_entry")
    text = repr((kept, logged))
    for canary in (NAME, "1985-03-07", "2011AB", "40000", "afloscapaciteit_hoger", "RBNHO"):
        assert canary not in text
        assert canary.encode().hex() not in text
    assert str(proposal.id) in text  # the control


@each_kind
def test_pages_show_every_arrangement_and_message_once(square: Square, soort: Any, make: Make) -> None:
    made = [square.send(make(square, LANDLORD, kenmerk=f"R-{n}")).id for n in range(5)]
    seen, before = [], None
    while True:
        page = starting.page(CLERK, HAARLEM, soort, before, 2, None, square.overviews)
        seen += [r.id for r in page.regelingen]
        if page.volgende is None:
            break
        before = page.regelingen[-1].id
    assert seen == made[::-1]
    listed, after = [], None
    while True:
        mine = replying.page(LANDLORD.principal, soort, after, 2, None, square.overviews)
        listed += [b.id for b in mine.berichten]
        if mine.volgende is None:
            break
        after = mine.berichten[-1].id
    assert len(set(listed)) == len(listed) == 5
    assert starting.page(CLERK, HAARLEM, soort, None, 10, "geeindigd", square.overviews).regelingen == []
