"""The resident's extract: what was asked, how it ended, who looked (from the log), on which ground; and consent withdrawn."""

import re

import msgspec
import psycopg
import pytest

from gateway.api import uittrekselpagina
from gateway.app.overzichtsblad import OverzichtsbladDoor
from gateway.core import ids
from gateway.core.errors import Conflict, NotFound
from gateway.overviews import asking, extract
from gateway.store.tenant import municipality
from schemas.schuldenoverzicht import GevraagdeSchuldeiser, OverzichtIntrekking
from schemas.uittreksel import Uittreksel
from tests.overviews.hall import (
    BSN,
    CARRIER,
    CLERK,
    COUNSELLOR,
    HAARLEM,
    LANDLORD,
    NAME,
    OTHER,
    REFUSED,
    TAX,
    TRACE,
    UNKNOWN,
    UTRECHT,
    WATER,
    Hall,
    claim,
    claims,
    client,
    document,
)


def given(hall: Hall, id: object) -> Uittreksel:
    return extract.extract(CLERK, HAARLEM, id, hall.overviews)  # type: ignore[arg-type]


def test_extract_says_what_was_asked_of_whom_and_how_it_ended(hall: Hall) -> None:
    asked = hall.ask(
        LANDLORD, OTHER, WATER, GevraagdeSchuldeiser(oin=TAX.principal, met_bsn=True), client=client(bsn=BSN), by=COUNSELLOR,
        machtiging=document("toestemmingsverklaring"),
    )  # fmt: skip
    hall.answer(LANDLORD)
    hall.answer(OTHER, given=UNKNOWN)
    hall.answer(WATER, given=REFUSED)
    found = given(hall, asked.id)
    states = [(v.schuldeiser.naam, v.staat, v.met_bsn, v.gevraagd_op, v.beantwoord_op) for v in found.vragen]
    day = hall.today
    assert states == [
        ("Woningstichting Voorbeeld", "beantwoord", False, day, day),
        ("Woningstichting Voorbeeld", "klant_onbekend", False, day, day),
        ("Waterbedrijf", "geen_medewerking", False, day, day),
        ("Belastingen", "open", True, day, None),
    ]
    assert (found.gevraagd_door.naam, found.machtiging, found.machtiging_datum) == (
        "Schuldhulp", "toestemmingsverklaring", document("toestemmingsverklaring").datum,
    )  # fmt: skip
    assert (found.gemeentenaam, found.doel, found.staat) == ("Gemeente 0392", "WGS-3-1-a-plan", "deels")
    assert found.grondslag.startswith("Wgs art. 3 lid 1 onder a")


def test_extract_names_everybody_who_looked_from_the_log(hall: Hall) -> None:
    asked, other = hall.ask(LANDLORD, OTHER), hall.ask(LANDLORD, kenmerk="SO-2")
    assert given(hall, asked.id).inzage == []
    hall.question(LANDLORD, 0)
    hall.question(LANDLORD, 0)
    hall.answer(LANDLORD, asked.vragen[0].id)
    asking.one(CARRIER, HAARLEM, TRACE, asked.id, hall.overviews, disclose=True)
    OverzichtsbladDoor(hall.overviews).assembled(CLERK, HAARLEM, TRACE, asked.id, disclose=True)
    looks = [
        (line.organisatie.naam, line.namens.naam if line.namens else None, line.wat, line.aantal) for line in given(hall, asked.id).inzage
    ]
    assert looks == [
        ("Woningstichting Voorbeeld", None, "vraag_gelezen", 2),
        ("Kredietbank", "Haarlem", "antwoorden_opgehaald", 1),
        ("Haarlem", None, "overzicht_gemaakt", 1),
    ]
    assert given(hall, other.id).inzage == []


def test_extract_opens_nothing_and_tells_nothing_of_amounts_or_persons(hall: Hall) -> None:
    asked = hall.ask(LANDLORD)
    hall.answer(LANDLORD, given=claims(hall.today, claim(hoofdsom_cent=7_654_321, saldo_cent=7_654_321), klantnummer="KL-77"))
    before = len(hall.events())
    found = given(hall, asked.id)
    text = msgspec.json.encode(found).decode() + uittrekselpagina.page(found, hall.today)
    for canary in (NAME, "7654321", "76.543,21", "KL-77", "F-1", "2011AB"):
        assert canary not in text
    assert "Woningstichting Voorbeeld" in text  # the control
    assert len(hall.events()) == before


def test_extract_of_another_does_not_exist(hall: Hall) -> None:
    asked = hall.ask(LANDLORD)
    for gemeente, id in ((UTRECHT, asked.id), (HAARLEM, ids.new()), (HAARLEM, asked.vragen[0].id)):
        with pytest.raises(NotFound):
            extract.extract(CLERK, gemeente, id, hall.overviews)
    with hall.inbox.transaction(municipality(HAARLEM)) as connection:
        assert connection.execute("SELECT body FROM overzicht_log(%s, %s)", (UTRECHT, asked.id)).fetchall() == []
        assert len(connection.execute("SELECT body FROM overzicht_log(%s, %s)", (HAARLEM, asked.id)).fetchall()) == 1  # the control


def test_log_of_an_overview_is_found_by_its_index(hall: Hall) -> None:
    asked = hall.ask(LANDLORD)
    ((body,),) = hall.rows("SELECT prosrc FROM pg_proc WHERE proname = 'overzicht_log'")
    query = str(body).replace("wanted::text", f"'{asked.id}'").replace("asker", f"'{HAARLEM}'").replace("%", "%%")
    with psycopg.connect(hall.dsns.owner) as owner:
        owner.execute("SET enable_seqscan = off")
        plan = str(owner.execute(f"EXPLAIN {query}".encode()).fetchall())
    assert "log_entry" in plan
    assert "Seq Scan" not in plan


def test_withdrawn_consent_stops_what_rests_on_it_and_reaches_everybody(hall: Hall) -> None:
    asked = hall.ask(LANDLORD, OTHER, WATER, by=COUNSELLOR, machtiging=document("toestemmingsverklaring"))
    question = hall.question(OTHER)
    hall.answer(LANDLORD)
    asking.withdraw(COUNSELLOR, HAARLEM, TRACE, asked.id, OverzichtIntrekking(reden="toestemming_ingetrokken"), hall.overviews)
    for creditor, staat in ((LANDLORD, "beantwoord"), (OTHER, "ingetrokken"), (WATER, "ingetrokken")):
        (told,) = hall.mine(creditor)
        assert (told.staat, told.ingetrokken_op, told.vraag) == (staat, hall.today, None)
    with pytest.raises(Conflict, match="SALDOVERZOEK_INGETROKKEN"):
        hall.answer(OTHER, question.id)
    assert hall.rows("SELECT count(question), count(answer) FROM saldoverzoek") == [(0, 0)]
    assert hall.rows("SELECT count(document), count(document_hash) FROM schuldenoverzicht") == [(0, 1)]
    found = given(hall, asked.id)
    assert (found.staat, found.ingetrokken_op, found.reden_intrekking) == ("ingetrokken", hall.today, "toestemming_ingetrokken")
    assert [v.ingetrokken_op for v in found.vragen] == [hall.today] * 3
    text = uittrekselpagina.page(found, hall.today)
    assert "U hebt uw toestemming ingetrokken." in text
    assert "altijd intrekken" not in text


def test_page_speaks_of_consent_only_where_the_question_rests_on_it(hall: Hall) -> None:
    by_law = hall.ask(LANDLORD)
    by_consent = hall.ask(LANDLORD, kenmerk="SO-2", by=COUNSELLOR, machtiging=document("toestemmingsverklaring"))
    pages = [uittrekselpagina.page(given(hall, asked.id), hall.today) for asked in (by_law, by_consent)]
    assert ["toestemming altijd intrekken" in text for text in pages] == [False, True]
    assert ["bezwaar maken" in text for text in pages] == [True, False]


def test_page_is_plain_and_runs_nothing(hall: Hall) -> None:
    asked = hall.ask(LANDLORD)
    text = uittrekselpagina.page(given(hall, asked.id), hall.today)
    assert "Niemand heeft iets gelezen." in text
    assert re.findall(r"<(script|link|img|iframe|form)|(?:src|href|style|\bon[a-z]+)=", text) == []
    sentences = re.split(r"[.?!](?:\s|$)", " ".join(re.findall(r"<p>(.*?)</p>", text)))
    assert max(len(sentence.split()) for sentence in sentences if "staan in de wet" not in sentence) <= 20
