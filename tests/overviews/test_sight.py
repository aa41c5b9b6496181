"""Who sees what: a creditor never that another was asked, nor how many; a municipality only its own; each role of the database its part.

And the BSN: wherever it is put, it is refused, or of a registered format, or in the registered variant; never stored or logged.
"""

import os
import re
from itertools import count
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.core.chain import Sender
from gateway.core.errors import Invalid
from gateway.overviews import answering
from gateway.store.tenant import parties
from schemas.schuldenoverzicht import GevraagdeSchuldeiser
from tests.overviews.hall import LANDLORD, MORE, OTHER, TAX, TRACE, UNKNOWN, UTRECHT, WATER, Hall, claim, claims, client
from tests.tenants import acting

PROOF = os.environ.get("SEINHUIS_PROOF") == "1"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
TOKEN = re.compile(r"[A-Za-z0-9_+/=.-]{60,}|[0-9a-f]{64}|(?<=\":\")[A-Za-z0-9_-]{43}")


def bodies(hall: Hall, creditor: Sender, answer: Any) -> list[bytes]:
    """Every body that a creditor can get of one question, and what it can open."""
    found: list[Any] = [answering.page(creditor.principal, None, 100, None, hall.overviews)]
    question = hall.question(creditor)
    found += [question, hall.open(question.vraag, question.id, "vraag"), hall.answer(creditor, question.id, answer)]
    found += [answering.page(creditor.principal, None, 100, state, hall.overviews) for state in ("open", "beantwoord", "klant_onbekend")]
    found.append(answering.question(creditor, TRACE, question.id, hall.overviews, disclose=True))
    return [msgspec.json.encode(one) for one in found]


def masked(body: bytes) -> str:
    """A body without what is random in it, but with the length of it."""
    text = ID.sub("<id>", body.decode())
    return TOKEN.sub(lambda match: f"<{len(match[0])}>", text)


@pytest.mark.parametrize("answer", ["claims", "unknown"])
def test_creditor_sees_no_other_creditor_nor_what_binds_the_questions(hall: Hall, answer: str) -> None:
    others = [OTHER, WATER, TAX, *MORE[:10]]
    asked = hall.ask(LANDLORD, *others, kenmerk="SO-geheim", zaaknummer="ZAAK-geheim")
    hall.answer(OTHER, given=claims(hall.today, claim(kenmerk="F-other")))
    seen = b"\n".join(bodies(hall, LANDLORD, UNKNOWN if answer == "unknown" else claims(hall.today))).decode()
    binding = [str(asked.id), "SO-geheim", "ZAAK-geheim", "F-other", *(one.principal for one in others)]
    binding += [str(vraag.id) for vraag in asked.vragen[1:]]
    assert [text for text in binding if text in seen] == []
    whole = msgspec.json.encode(hall.see(asked.id)).decode()
    assert [text for text in binding if text != "F-other" and text not in whole] == []  # the control: its municipality does see them


def test_what_a_creditor_gets_is_the_same_whether_or_not_others_were_asked(hall: Hall) -> None:
    hall.ask(LANDLORD, kenmerk="SO-1")
    alone = [masked(body) for body in bodies(hall, LANDLORD, claims(hall.today))]
    hall.run("DELETE FROM saldoverzoek; DELETE FROM schuldenoverzicht")
    hall.ask(*MORE[:6], LANDLORD, *MORE[6:13], kenmerk="SO-2")
    hall.answer(MORE[0])
    together = [masked(body) for body in bodies(hall, LANDLORD, claims(hall.today))]
    assert alone == together
    assert any("<id>" in text for text in alone)


def test_municipality_sees_only_its_own(hall: Hall) -> None:
    mine, other = hall.ask(LANDLORD), hall.ask(LANDLORD, gemeente=UTRECHT)
    from_utrecht = msgspec.json.encode(hall.see(other.id, UTRECHT)).decode()
    assert str(mine.id) not in from_utrecht
    assert str(other.id) in from_utrecht


def test_roles_of_the_database_see_their_part(hall: Hall) -> None:
    asked = hall.ask(LANDLORD)
    refused = {
        hall.dsns.ingest: ["SELECT 1 FROM saldoverzoek", "SELECT 1 FROM schuldenoverzicht", "UPDATE saldoverzoek SET state = 'verlopen'"],
        hall.dsns.inbox: ["SELECT question FROM saldoverzoek", "SELECT content FROM saldoverzoek", "UPDATE saldoverzoek SET answer = NULL",
                          "SELECT * FROM saldo_one('x', NULL)"],
        hall.dsns.log: ["SELECT 1 FROM saldoverzoek"],
        hall.dsns.beheer: ["SELECT 1 FROM saldoverzoek"],
    }  # fmt: skip
    for dsn, statements in refused.items():
        for statement in statements:
            with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
    with acting(hall.dsns.ingest, parties(LANDLORD.principal)) as connection:
        own, foreign = (
            connection.execute("SELECT count(*) FROM saldo_one(%s, %s)", (oin, asked.vragen[0].id)).fetchone()
            for oin in (LANDLORD.principal, OTHER.principal)
        )
    assert (own, foreign) == ((1,), (0,))


NUMBERS = st.sampled_from(["999990019", "999991772", "999993653", "999996769"])
FORMS = st.sampled_from(["{}", "nr {}", "{}.", "00{}", "k-{}-x"])
COUNT = count(1)
PLACES = ["kenmerk", "zaaknummer", "achternaam", "voorletters", "woonplaats", "klantnummer", "factuurnummer", "tax", "antwoord", "dossier"]


@settings(max_examples=400 if PROOF else 40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(number=NUMBERS, form=FORMS, place=st.sampled_from(PLACES))
def check_bsn(hall: Hall, number: str, form: str, place: str) -> None:
    text, free = form.format(number), f"SO-{next(COUNT)}"
    person = client().personen[0]
    values: dict[str, Any] = {"kenmerk": free, "zaaknummer": "Z-1"}
    named: dict[str, Any] = {"oin": LANDLORD.principal}
    if place in ("kenmerk", "zaaknummer"):
        values[place] = text.replace(" ", "-").rstrip(".")
    elif place in ("achternaam", "voorletters"):
        changed = {"achternaam": f"Jansen {text}", "voorletters": text}[place]
        values["client"] = client(personen=[msgspec.structs.replace(person, **{place: changed})])
    elif place == "woonplaats":
        values["client"] = client(adres=msgspec.structs.replace(client().adres, woonplaats=text))
    elif place == "klantnummer":
        named[place] = text
    elif place == "factuurnummer":
        named["factuurnummers"] = [text]
    if place in ("tax", "antwoord", "dossier"):
        passes_where_registered(hall, text, values)
    else:
        with pytest.raises(Invalid, match="BSN_NIET_TOEGESTAAN"):
            hall.ask(GevraagdeSchuldeiser(**named), **values)
    kept = hall.rows("SELECT o::text, s::text FROM schuldenoverzicht o JOIN saldoverzoek s ON s.overzicht = o.id")
    assert number not in repr((kept, hall.rows("SELECT convert_from(body, 'UTF8') FROM log_entry")))


def passes_where_registered(hall: Hall, text: str, values: dict[str, Any]) -> None:
    """Of a registered format it passes, sealed; of the other creditor's it does not."""
    hall.run("DELETE FROM nummer_telling")  # the watch over many of them has its own tests
    hall.run("DELETE FROM nummer_aangehouden")
    hall.ask(GevraagdeSchuldeiser(oin=TAX.principal, klantnummer=text, factuurnummers=[text]), LANDLORD, **values)
    answer = claims(hall.today, claim(kenmerk=text), klantnummer=text)
    with pytest.raises(Invalid, match="BSN_NIET_TOEGESTAAN"):
        hall.answer(LANDLORD, given=answer)
    assert hall.answer(TAX, given=answer).staat == "beantwoord"


def test_bsn_is_accepted_stored_or_logged_nowhere_but_sealed_where_registered(hall: Hall) -> None:
    check_bsn(hall)
    assert hall.mine(TAX, "beantwoord")  # the control: registered numbers did pass
