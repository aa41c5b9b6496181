"""Cases on a real database: opening, attempts, results, sealed contact data; each on record, each only of the own municipality."""

from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey

from gateway.cases import casework, contact
from gateway.cases.states import FINAL, TRANSITIONS, after
from gateway.core import ids
from gateway.core.errors import Conflict, NotFound, Unavailable
from gateway.keys import names
from schemas.zaken import Contactgegevens, Contactpoging, ZaakAanvraag, ZaakBericht
from tests.feedback.town import CLERK, HAARLEM, TRACE, UTRECHT, Town

PHONE = "+31612345678"


def attempt(town: Town, **more: Any) -> Contactpoging:
    return Contactpoging(**{"kenmerk": "BEL-1", "soort": "telefoon", "bereikt": True, "datum": town.today, "dagdeel": "avond", **more})


def found(town: Town, gemeente: str = HAARLEM, **header: Any) -> Contactgegevens:
    kid = names.managed(gemeente)
    key = ECKey.import_key(town.register.sealing_key(gemeente).publiek)  # type: ignore[union-attr]
    token = jwe.encrypt_compact(
        {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": kid, **header}, PHONE, key, algorithms=["ECDH-ES+A256KW", "A256GCM", "A128GCM"]
    )
    return Contactgegevens(bron="inwoner", grondslag="toestemming", datum=town.today, gegevens=token)


def test_same_number_and_messages_are_the_same_case_and_others_a_conflict(town: Town) -> None:
    one, two, three = town.take(3)
    zaak = town.open(one, two)
    request = ZaakAanvraag(zaaknummer="Z-1", berichten=[two, one])
    assert casework.open_case(CLERK, HAARLEM, TRACE, request, town.cases) == (zaak, False)
    with pytest.raises(Conflict, match="ZAAKNUMMER_IN_GEBRUIK"):
        town.open(one, two, three)
    with pytest.raises(Conflict, match="BERICHT_IN_ANDERE_ZAAK"):
        town.open(two, three, nummer="Z-2")
    assert town.count("zaak") == 1
    assert [e.bericht for e in town.entries("zaak.geopend")] == sorted([one, two])
    assert town.entries("zaak.geopend")[0].zaak == zaak.id


def test_case_takes_messages_in_hand_of_the_own_inbox_only(town: Town) -> None:
    (mine,), (other,) = town.take(), town.take(gemeente=UTRECHT)
    with pytest.raises(Conflict) as refused:
        town.open(mine, other, ids.new())
    assert [e.pointer for e in refused.value.errors or ()] == ["/berichten/1", "/berichten/2"]
    town.reject(mine, "andere_reden")
    (fresh,) = town.delivered(town.signal())
    for id in (mine, fresh):
        with pytest.raises(Conflict, match="BERICHT_NIET_IN_BEHANDELING"):
            town.open(id)
    assert town.count("zaak") == 0


def test_attempt_counts_once_and_its_kenmerk_holds_its_content(town: Town) -> None:
    zaak = town.open(*town.take())
    first, created = casework.attempt(CLERK, HAARLEM, TRACE, zaak.id, attempt(town), town.cases)
    assert (created, first.contactpogingen) == (True, [attempt(town)])
    assert casework.attempt(CLERK, HAARLEM, TRACE, zaak.id, attempt(town), town.cases) == (first, False)
    with pytest.raises(Conflict, match="KENMERK_IN_GEBRUIK"):
        casework.attempt(CLERK, HAARLEM, TRACE, zaak.id, attempt(town, bereikt=False), town.cases)
    with pytest.raises(Conflict, match="DATUM_IN_TOEKOMST"):
        casework.attempt(CLERK, HAARLEM, TRACE, zaak.id, attempt(town, kenmerk="B", datum=town.today + timedelta(days=1)), town.cases)
    assert len(town.entries("zaak.contactpoging")) == 1


def test_result_closes_for_good_and_the_same_again_changes_nothing(town: Town) -> None:
    one, two = town.take(2)
    zaak = town.open(one, two)
    own = [ZaakBericht(bericht=two, status="onterecht_signaal", grond="rechtspersoon")]
    closed = town.finish(zaak, "geen_contact", berichten=own)
    assert (closed.staat, closed.resultaat, closed.resultaatdatum) == ("afgesloten", "geen_contact", town.today)
    assert town.finish(zaak, "geen_contact", berichten=own) == closed
    for more in ({"berichten": own, "resultaat": "overleden"}, {"resultaat": "geen_contact"}):
        with pytest.raises(Conflict, match="ZAAK_AFGESLOTEN"):
            town.finish(zaak, **more)
    with pytest.raises(Conflict, match="ZAAK_AFGESLOTEN"):
        casework.attempt(CLERK, HAARLEM, TRACE, zaak.id, attempt(town), town.cases)
    town.week()
    assert {(i.kenmerk, i.code) for i in town.feed()} == {
        (town.kenmerk(one), "afgerond_zonder_detail"),
        (town.kenmerk(two), "onterecht_signaal"),
    }
    assert len(town.entries("zaak.afgesloten")) == 1


def test_result_names_members_of_the_case_once(town: Town) -> None:
    one, two = town.take(2)
    zaak = town.open(one)
    wrong = [ZaakBericht(bericht=id, status="opgepakt") for id in (one, two, one)]
    with pytest.raises(Conflict) as refused:
        town.finish(zaak, "geen_contact", berichten=wrong)
    assert [e.pointer for e in refused.value.errors or ()] == ["/berichten/1/bericht", "/berichten/2/bericht"]
    assert casework.one(HAARLEM, zaak.id, town.cases).staat == "open"


def test_death_as_a_status_of_a_message_is_silent_and_as_a_result_told(town: Town) -> None:
    one, two = town.take(2)
    town.finish(town.open(one), "geen_contact", berichten=[ZaakBericht(bericht=one, status="overleden")])
    town.finish(town.open(two, nummer="Z-2"), "overleden")
    town.week()
    assert {i.kenmerk: i.code for i in town.feed()} == {town.kenmerk(one): "afgerond_zonder_detail", town.kenmerk(two): "overleden"}


def test_cases_of_another_municipality_do_not_exist(town: Town) -> None:
    zaak = town.open(*town.take())
    calls = (
        lambda: casework.one(UTRECHT, zaak.id, town.cases),
        lambda: town.finish(zaak, "overleden", gemeente=UTRECHT),
        lambda: casework.attempt(CLERK, UTRECHT, TRACE, zaak.id, attempt(town), town.cases),
        lambda: contact.keep(CLERK, UTRECHT, TRACE, zaak.id, found(town, UTRECHT), town.cases),
        lambda: contact.read(CLERK, UTRECHT, TRACE, zaak.id, town.cases, disclose=True),
    )
    for call in calls:
        with pytest.raises(NotFound):
            call()
    assert casework.page(UTRECHT, None, 10, town.cases).zaken == []


def test_pages_show_every_case_once_newest_first(town: Town) -> None:
    made = [town.open(id, nummer=f"Z-{n}").id for n, id in enumerate(town.take(5))]
    seen, before = [], None
    while True:
        page = casework.page(HAARLEM, before, 2, town.cases)
        seen += [z.id for z in page.zaken]
        if page.volgende is None:
            break
        before = page.zaken[-1].id
    assert seen == made[::-1]


def test_contact_data_come_back_as_they_came_and_are_never_in_the_clear(town: Town) -> None:
    zaak = town.open(*town.take())
    given = found(town)
    assert contact.keep(CLERK, HAARLEM, TRACE, zaak.id, given, town.cases).contactgegevens_op == town.clock.now()
    assert contact.read(CLERK, HAARLEM, TRACE, zaak.id, town.cases, disclose=False) == given
    assert town.entries("zaak.contactgegevens_gelezen") == []
    assert contact.read(CLERK, HAARLEM, TRACE, zaak.id, town.cases, disclose=True) == given
    assert [e.zaak for e in town.entries("zaak.contactgegevens_gelezen")] == [zaak.id]
    ((stored,),) = town.rows("SELECT gegevens FROM zaak_contact")
    assert given.gegevens.encode() not in bytes(stored)
    opened = jwe.decrypt_compact(
        given.gegevens, ECKey.import_key(town.keys.private(names.managed(HAARLEM))), algorithms=["ECDH-ES+A256KW", "A256GCM"]
    )
    assert opened.plaintext == PHONE.encode()
    newer = found(town)
    contact.keep(CLERK, HAARLEM, TRACE, zaak.id, newer, town.cases)
    assert contact.read(CLERK, HAARLEM, TRACE, zaak.id, town.cases, disclose=False) == newer


@pytest.mark.parametrize("header", [{"kid": "gemeente/0344/1"}, {"enc": "A128GCM"}, {"alg": "ECDH-ES"}, None])
def test_contact_data_that_are_not_sealed_for_the_municipality_are_refused(town: Town, header: dict[str, Any] | None) -> None:
    zaak = town.open(*town.take())
    given = found(town, **({} if header is None or "alg" in header else header))
    head, rest = given.gegevens.split(".", 1)
    if header is None or "alg" in header:
        head = head[:-5] + "A" * 25 if header is None else "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImtpZCI6ImdlbWVlbnRlLzAzOTIvMSJ9"
    bad = Contactgegevens(bron="inwoner", grondslag="toestemming", datum=town.today, gegevens=f"{head}.{rest}")
    with pytest.raises(Conflict, match="NIET_VERZEGELD"):
        contact.keep(CLERK, HAARLEM, TRACE, zaak.id, bad, town.cases)
    assert town.count("zaak_contact") == 0


def test_contact_data_stay_while_the_log_is_behind(town: Town) -> None:
    zaak = town.open(*town.take())
    contact.keep(CLERK, HAARLEM, TRACE, zaak.id, found(town), town.cases)
    town.run("UPDATE log_queue SET created = created - interval '5 minutes'")
    with pytest.raises(Unavailable, match="LOG_LOOPT_ACHTER"):
        contact.read(CLERK, HAARLEM, TRACE, zaak.id, town.cases, disclose=True)


def test_no_path_leaves_a_final_state() -> None:
    assert not [key for key in TRANSITIONS if key[0] in FINAL]
    assert after("afgesloten", "attempt") is None
    assert after("open", "result") == "afgesloten"


def test_log_stays_whole(town: Town) -> None:
    town.finish(town.open(*town.take()), "vervolghulp")
    town.number()
    report = town.verify()
    assert report.ok, report.findings
