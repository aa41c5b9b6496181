"""The resident's extract tells of what was sent in the same case too, and who read that."""

import re

import psycopg

from gateway.api import uittrekselpagina
from gateway.app.overzichtsblad import OverzichtsbladDoor
from schemas.uittreksel import Uittreksel
from tests.flows.world import TRACE
from tests.overviews.around import FOUND, REFUSED, Square
from tests.overviews.hall import BIRTH, CLERK, COUNSELLOR, HAARLEM, LANDLORD, NAME, OTHER, WATER, document


def given(square: Square, id: object, by: object = CLERK) -> Uittreksel:
    return OverzichtsbladDoor(square.overviews).extract(by, HAARLEM, TRACE, id, disclose=True)  # type: ignore[arg-type]


def test_extract_tells_what_was_sent_in_the_case_and_who_read_it(square: Square) -> None:
    asked = square.ask(LANDLORD)
    pause = square.send(square.pause(LANDLORD, OTHER, zaaknummer="zaak-1"))
    offer = square.send(square.proposal(WATER))
    square.send(square.pause(LANDLORD, kenmerk="K-9", zaaknummer="ZAAK-2"))
    square.opened(LANDLORD, "kennisgeving", pause.partijen[0].id)
    square.reply(LANDLORD, "kennisgeving", pause.partijen[0].id, FOUND)
    square.reply(WATER, "betaalvoorstel", offer.partijen[0].id, REFUSED)
    square.cancel(offer)
    square.look(pause, disclose=True)
    found = given(square, asked.id)
    assert [(one.soort, one.schuldeiser.oin, one.staat, one.beantwoord_op, one.ingetrokken_op) for one in found.berichten] == [
        ("kennisgeving", LANDLORD.principal, "bevestigd", square.today, None),
        ("kennisgeving", OTHER.principal, "open", None, None),
        ("betaalvoorstel", WATER.principal, "geweigerd", square.today, square.today),
    ]
    assert [(line.organisatie.oin, line.wat) for line in found.inzage] == [
        (LANDLORD.principal, "bericht_gelezen"), (CLERK.party, "reacties_opgehaald"),
    ]  # fmt: skip
    text = uittrekselpagina.page(found, square.today)
    assert "Een vraag om te wachten" in text
    assert "Las een bericht, met uw naam en adres" in text
    for canary in (NAME, BIRTH.isoformat(), "K-7781", "40000", "400,00", "2011AB"):
        assert canary not in text
    sentences = re.split(r"[.?!](?:\s|$)", " ".join(re.findall(r"<p>(.*?)</p>", text)))
    assert max(len(sentence.split()) for sentence in sentences if "staan in de wet" not in sentence) <= 20


def test_extract_of_a_counsellor_tells_what_it_sent_itself(square: Square) -> None:
    consent = document("toestemmingsverklaring")
    asked = square.ask(LANDLORD, by=COUNSELLOR, machtiging=consent)
    square.send(square.pause(OTHER))
    assert given(square, asked.id, COUNSELLOR).berichten == []
    assert len(given(square, asked.id).berichten) == 1  # the control: its municipality sees it


def test_log_of_an_arrangement_is_found_by_its_index(square: Square) -> None:
    sent = square.send(square.pause(LANDLORD))
    ((body,),) = square.rows("SELECT prosrc FROM pg_proc WHERE proname = 'regeling_log'")
    query = str(body).replace("wanted::text", f"'{sent.id}'").replace("asker", f"'{HAARLEM}'").replace("%", "%%")
    with psycopg.connect(square.dsns.owner) as owner:
        owner.execute("SET enable_seqscan = off")
        plan = str(owner.execute(f"EXPLAIN {query}".encode()).fetchall())
    assert "log_entry" in plan
    assert "Seq Scan" not in plan


def test_extract_that_is_given_is_on_record_and_one_that_is_only_there_is_not(square: Square) -> None:
    asked = square.ask(LANDLORD, OTHER)
    door = OverzichtsbladDoor(square.overviews)
    door.extract(CLERK, HAARLEM, TRACE, asked.id, disclose=False)
    assert square.entries("schuldenoverzicht.uittreksel") == []
    given(square, asked.id)
    (entry,) = square.entries("schuldenoverzicht.uittreksel")
    assert (entry.overzicht, entry.aantal, entry.partij) == (asked.id, 2, CLERK.party)
