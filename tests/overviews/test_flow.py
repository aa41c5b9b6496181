"""The schuldenoverzicht on a real database: ask, read, answer, follow, withdraw; sealed on the way, each step on record."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey

from adapters.client.receipts import verify_receipt
from gateway.core import ids
from gateway.core.errors import Conflict, NotFound, Unavailable
from gateway.overviews import answering, asking
from gateway.partners.sealkeys import Partijsleutel
from schemas.schuldenoverzicht import OverzichtIntrekking
from schemas.sealed import expand, extract
from tests.overviews.hall import (
    CLERK,
    CLERK_UTRECHT,
    HAARLEM,
    LANDLORD,
    NAME,
    OTHER,
    REFUSED,
    TRACE,
    UNKNOWN,
    UTRECHT,
    WATER,
    Hall,
    claim,
    claims,
)


def test_question_reaches_each_named_creditor_and_the_answer_the_municipality(hall: Hall) -> None:
    asked = hall.ask(LANDLORD, OTHER)
    assert (asked.staat, [v.staat for v in asked.vragen], asked.uiterlijk.isoformat()) == ("open", ["open", "open"], "2026-12-07")
    question = hall.question(LANDLORD)
    content = hall.open(question.vraag, question.id, "vraag")
    assert content["personen"][0]["achternaam"] == NAME
    assert set(content) == {"personen", "adres"}
    receipt = hall.answer(LANDLORD, question.id)
    verify_receipt(receipt, hall.receipts.public_jwks())
    seen = hall.see(asked.id)
    assert (seen.staat, [v.staat for v in seen.vragen]) == ("deels", ["beantwoord", "open"])
    answer = seen.vragen[0]
    assert hall.open(answer.antwoord, answer.id, "antwoord")["vorderingen"][0]["saldoCent"] == 40_000
    hall.answer(OTHER, given=REFUSED)
    assert hall.see(asked.id).staat == "volledig"
    assert hall.events().count("saldoverzoek.beantwoord") == 2
    assert [e.resultaat for e in hall.entries("schuldenoverzicht.bijgewerkt")] == ["deels", "volledig"]


def test_same_question_is_the_same_overview_and_another_a_conflict(hall: Hall) -> None:
    request = hall.request(LANDLORD)
    first, created = asking.ask(CLERK, HAARLEM, TRACE, request, hall.overviews)
    assert created
    assert asking.ask(CLERK, HAARLEM, TRACE, request, hall.overviews) == (first, False)
    with pytest.raises(Conflict, match="KENMERK_IN_GEBRUIK"):
        hall.ask(OTHER)
    assert hall.count("schuldenoverzicht") == 1
    assert hall.ask(OTHER, gemeente=UTRECHT).id != first.id
    assert len(hall.entries("schuldenoverzicht.gevraagd")) == 2


def test_same_answer_gives_the_same_receipt_and_another_is_refused(hall: Hall) -> None:
    asked = hall.ask(LANDLORD)
    question = asked.vragen[0].id
    first = answering.answer(LANDLORD, TRACE, question, claims(hall.today), hall.overviews)
    hall.clock.advance(timedelta(hours=1))
    again = answering.answer(LANDLORD, TRACE, question, claims(hall.today), hall.overviews)
    assert (first[1], again[1], first[0]) == (True, False, again[0])
    for other in (UNKNOWN, claims(hall.today, claim(kenmerk="F-2"))):
        with pytest.raises(Conflict, match="AL_BEANTWOORD"):
            hall.answer(LANDLORD, question, other)
    assert len(hall.entries("saldoverzoek.beantwoord")) == 1


def test_question_of_another_does_not_exist(hall: Hall) -> None:
    asked = hall.ask(LANDLORD)
    question = asked.vragen[0].id
    for id in (question, ids.new(), asked.id):
        with pytest.raises(NotFound):
            hall.answer(OTHER, id)
        with pytest.raises(NotFound):
            answering.question(OTHER, TRACE, id, hall.overviews, disclose=True)
    assert hall.mine(OTHER) == []
    with pytest.raises(NotFound):
        hall.see(asked.id, UTRECHT)
    with pytest.raises(NotFound):
        hall.withdraw(asked.id, UTRECHT)
    assert asking.page(CLERK_UTRECHT, UTRECHT, None, 10, None, hall.overviews).schuldenoverzichten == []


def test_unknown_client_leaves_id_state_and_day_and_nothing_sealed(hall: Hall) -> None:
    asked = hall.ask(LANDLORD, OTHER)
    question = hall.question(LANDLORD)
    hall.answer(LANDLORD, question.id, UNKNOWN)
    seen = answering.question(LANDLORD, TRACE, question.id, hall.overviews, disclose=True)
    (listed,) = hall.mine(LANDLORD, "klant_onbekend")
    assert seen == listed
    assert {name for name in seen.__struct_fields__ if getattr(seen, name) is not None} == {"id", "staat", "gesteld_op"}
    assert hall.rows("SELECT question, answer FROM saldoverzoek WHERE id = %s", question.id) == [(None, None)]
    assert hall.mine(LANDLORD) == []
    hall.withdraw(asked.id)
    assert hall.mine(LANDLORD) == []
    assert hall.see(asked.id).vragen[0].staat == "klant_onbekend"


def test_own_key_is_the_only_one_that_opens_a_question(hall: Hall) -> None:
    private = ECKey.generate_key("P-256", {"kid": "eigen-1"})
    hall.own.append(Partijsleutel(LANDLORD.principal, "eigen-1", "eigen", private.as_dict(private=False)))
    hall.register = hall._register()
    hall.ask(LANDLORD)
    question = hall.question(LANDLORD)
    assert question.vraag is not None
    keys = question.vraag.sleutels
    assert (keys.wijze, keys.kid, keys.groepssleutels) == ("eigen", "eigen-1", None)
    opened = jwe.decrypt_compact(keys.inhoudssleutel or "", private, algorithms=["ECDH-ES+A256KW", "A256GCM"])
    content_key = base64.urlsafe_b64decode(json.loads(opened.plaintext or b"")["k"] + "=")
    group = expand(extract(content_key), question.id, "vraag")
    clear = jwe.decrypt_compact(question.vraag.inhoud, OctKey.import_key(group), algorithms=["dir", "A256GCM"]).plaintext
    assert NAME.encode() in (clear or b"")


def test_nothing_clear_and_no_amount_is_stored_or_logged(hall: Hall) -> None:
    asked = hall.ask(LANDLORD, OTHER, WATER)
    hall.question(LANDLORD)
    hall.answer(LANDLORD, given=claims(hall.today, claim(hoofdsom_cent=7_654_321, saldo_cent=7_654_321, betaald_cent=5_200)))
    hall.answer(OTHER, given=REFUSED)
    hall.see(asked.id)
    kept = hall.rows("SELECT o::text, s::text FROM schuldenoverzicht o JOIN saldoverzoek s ON s.overzicht = o.id")
    logged = hall.rows("SELECT convert_from(body, 'UTF8') FROM log_entry")
    text = repr((kept, logged))
    for canary in (NAME, "1985-03-07", "2011AB", "7654321", "finale_kwijting"):
        assert canary not in text
        assert canary.encode().hex() not in text
    assert str(asked.id) in text  # the control: this is where the overview is kept


def test_reading_is_logged_once_per_disclosure_and_not_for_a_look_without_content(hall: Hall) -> None:
    asked = hall.ask(LANDLORD)
    question = asked.vragen[0].id
    assert answering.question(LANDLORD, TRACE, question, hall.overviews, disclose=False).vraag is None
    assert hall.see(asked.id).vragen[0].antwoord is None
    assert hall.entries("saldoverzoek.gelezen") == hall.entries("schuldenoverzicht.gelezen") == []
    hall.question(LANDLORD)
    hall.answer(LANDLORD)
    assert hall.see(asked.id, disclose=False).vragen[0].antwoord is None
    hall.see(asked.id)
    (read,), (opened,) = hall.entries("saldoverzoek.gelezen"), hall.entries("schuldenoverzicht.gelezen")
    assert (read.saldoverzoek, read.rij, read.principaal) == (question, "WGS-3-1-a-plan/vraag/2021", LANDLORD.principal)
    assert (opened.vragen, opened.doel) == ((question,), "WGS-3-1-a-plan")
    hall.run("UPDATE log_queue SET created = created - interval '5 minutes'")
    with pytest.raises(Unavailable, match="LOG_LOOPT_ACHTER"):
        hall.see(asked.id)


@pytest.mark.parametrize(("grond", "doel"), [("aanvraag", "WGS-3-1-a-toegang"), ("plan_van_aanpak", "WGS-3-1-a-plan")])
def test_ground_names_the_purpose_and_the_activity(hall: Hall, grond: Any, doel: str) -> None:
    hall.ask(LANDLORD, grond=grond)
    (entry,) = hall.entries("schuldenoverzicht.gevraagd")
    assert (entry.doel, entry.rij, entry.activiteit) == (
        doel, f"{doel}/vraag/2021", f"https://seinhuis.example/verwerkingen/overzicht-{doel.rpartition('-')[2]}",
    )  # fmt: skip


def test_withdrawal_reaches_everybody_who_got_the_question_and_destroys_what_was_sealed(hall: Hall) -> None:
    asked = hall.ask(LANDLORD, OTHER)
    hall.answer(LANDLORD)
    gone = hall.withdraw(asked.id)
    assert (gone.staat, [v.staat for v in gone.vragen]) == ("ingetrokken", ["beantwoord", "ingetrokken"])
    assert hall.withdraw(asked.id) == gone
    for creditor in (LANDLORD, OTHER):
        (told,) = hall.mine(creditor)
        assert told.ingetrokken_op == hall.today
    with pytest.raises(Conflict, match="SALDOVERZOEK_INGETROKKEN"):
        hall.answer(OTHER, asked.vragen[1].id)
    assert hall.see(asked.id).vragen[0].antwoord is None
    assert hall.rows("SELECT count(question), count(answer) FROM saldoverzoek") == [(0, 0)]
    assert len(hall.entries("saldoverzoek.ingetrokken")) == 2
    assert len(hall.entries("schuldenoverzicht.ingetrokken")) == 1


def test_withdrawal_of_what_has_ended_moves_no_state(hall: Hall) -> None:
    asked = hall.ask(LANDLORD)
    hall.answer(LANDLORD)
    gone = asking.withdraw(CLERK, HAARLEM, TRACE, asked.id, OverzichtIntrekking(reden="toestemming_ingetrokken"), hall.overviews)
    assert (gone.staat, gone.ingetrokken_op) == ("volledig", hall.clock.now())
    assert [v.staat for v in hall.mine(LANDLORD)] == ["beantwoord"]
    assert hall.rows("SELECT count(answer) FROM saldoverzoek") == [(0,)]
    assert [e.resultaat for e in hall.entries("schuldenoverzicht.bijgewerkt")] == ["volledig"]


def test_pages_show_every_overview_and_question_once(hall: Hall) -> None:
    made = [hall.ask(LANDLORD, kenmerk=f"SO-{n}").id for n in range(5)]
    seen, before = [], None
    while True:
        page = asking.page(CLERK, HAARLEM, before, 2, None, hall.overviews)
        seen += [o.id for o in page.schuldenoverzichten]
        if page.volgende is None:
            break
        before = page.schuldenoverzichten[-1].id
    assert seen == made[::-1]
    listed, after = [], None
    while True:
        mine = answering.page(LANDLORD.principal, after, 2, None, hall.overviews)
        listed += [v.id for v in mine.saldoverzoeken]
        if mine.volgende is None:
            break
        after = mine.saldoverzoeken[-1].id
    assert len(set(listed)) == len(listed) == 5
    assert asking.page(CLERK, HAARLEM, None, 10, "volledig", hall.overviews).schuldenoverzichten == []


def test_log_stays_whole(hall: Hall) -> None:
    asked = hall.ask(LANDLORD, OTHER)
    hall.question(LANDLORD)
    hall.answer(LANDLORD)
    hall.see(asked.id)
    hall.withdraw(asked.id)
    hall.number()
    report = hall.verify()
    assert report.ok, report.findings


