"""What may be asked and answered: each refusal with its code and pointer, and beside it the request that passes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from gateway.core.chain import Sender
from gateway.core.errors import Conflict, Invalid, SeinhuisError
from gateway.overviews import asking
from gateway.partners.register import Register
from schemas.schuldenoverzicht import GevraagdeSchuldeiser, Incasso, Meterstand, Overdracht, SaldoContact, Titel
from schemas.signaal import Adres
from tests.overviews.hall import (
    BSN,
    CARRIER,
    CLERK,
    CLERK_UTRECHT,
    COUNSELLOR,
    HAARLEM,
    LANDLORD,
    MORE,
    TAX,
    TRACE,
    TRUSTEE,
    UTRECHT,
    WATER,
    Hall,
    claim,
    claims,
    client,
    document,
)

LOOKS_LIKE = "999990019"
HERE = Adres(postcode="2037XZ", huisnummer=1, woonplaats="Haarlem")
THERE = Adres(postcode="3511AA", huisnummer=1, woonplaats="Utrecht")


def refused(hall: Hall, *creditors: Any, by: Sender = CLERK, **more: Any) -> list[tuple[str, str | None]]:
    """The code and pointer of every finding; nothing is kept."""
    with pytest.raises(SeinhuisError) as error:
        hall.ask(*creditors, by=by, **more)
    assert hall.count("schuldenoverzicht") == hall.count("saldoverzoek") == 0
    assert error.value.errors
    assert LOOKS_LIKE not in msgspec.json.encode(error.value.errors).decode() + error.value.detail
    assert isinstance(error.value, Invalid | Conflict)
    return [(found.code, found.pointer) for found in error.value.errors]


@pytest.mark.parametrize(
    ("by", "right", "wrong"),
    [
        (TRUSTEE, "beschikking", "toestemmingsverklaring"),
        (COUNSELLOR, "toestemmingsverklaring", "beschikking"),
    ],
)
def test_who_is_not_the_municipality_needs_its_own_document(hall: Hall, by: Sender, right: Any, wrong: Any) -> None:
    missing = [("MACHTIGING_ONTBREEKT", "/machtiging")]
    assert refused(hall, LANDLORD, by=by) == missing
    assert refused(hall, LANDLORD, by=by, machtiging=document(wrong)) == missing
    asked = hall.ask(LANDLORD, by=by, machtiging=document(right))
    question = hall.question(LANDLORD)
    shown = hall.open(question.vraag, question.id, "vraag")["machtiging"]
    assert (shown["soort"], len(shown["hash"])) == (right, 43)
    ((kept, hashed),) = hall.rows("SELECT document, document_hash FROM schuldenoverzicht")
    assert b"getekend" not in bytes(kept)
    assert len(hashed) == 32
    (entry,) = hall.entries("schuldenoverzicht.gevraagd")
    assert (len(entry.machtiging), entry.overzicht) == (43, asked.id)


@pytest.mark.parametrize("by", [CLERK, CARRIER])
def test_municipality_and_who_holds_its_mandate_need_none(hall: Hall, by: Sender) -> None:
    assert hall.ask(LANDLORD, by=by).staat == "open"


def test_document_is_base64_of_at_most_a_mebibyte_and_not_of_tomorrow(hall: Hall) -> None:
    spoiled = msgspec.structs.replace(document("beschikking"), document="abcde")
    large = document("beschikking", b"x" * (1024 * 1024 + 1))
    for given in (spoiled, large):
        assert refused(hall, LANDLORD, by=TRUSTEE, machtiging=given) == [("DOCUMENT_ONGELDIG", "/machtiging/document")]
    tomorrow = document("beschikking", datum=hall.today + timedelta(days=1))
    assert refused(hall, LANDLORD, by=TRUSTEE, machtiging=tomorrow) == [("DATUM_IN_TOEKOMST", "/machtiging/datum")]


def test_creditors_are_named_once_take_part_and_are_at_most_twenty(hall: Hall) -> None:
    stranger = Sender("00000099000000099000", "00000099000000099000")
    assert refused(hall, LANDLORD, CLERK, stranger) == [("SCHULDEISER_ONBEKEND", f"/schuldeisers/{nr}/oin") for nr in (1, 2)]
    assert refused(hall, LANDLORD, WATER, LANDLORD) == [("SCHULDEISER_DUBBEL", "/schuldeisers/2/oin")]
    assert refused(hall, *MORE[:21]) == [("TWEEDE_PERSOON_NODIG", "/schuldeisers")]
    suspended = msgspec.structs.replace(hall.register.deelnemers[WATER.principal], status="opgeschort")
    working, hall.register = hall.register, Register(3, deelnemers=[suspended])
    assert refused(hall, WATER) == [("SCHULDEISER_ONBEKEND", "/schuldeisers/0/oin")]
    hall.register = working
    assert len(hall.ask(*MORE[:20]).vragen) == 20


def test_twenty_creditors_are_those_of_a_case_however_it_is_split(hall: Hall) -> None:
    first = hall.ask(*MORE[:12])
    hall.withdraw(first.id)  # who was asked, was asked
    assert len(hall.ask(*MORE[6:20], kenmerk="SO-2", zaaknummer="zaak-1").vragen) == 14  # 20 in all: the same creditor counts once
    with pytest.raises(Conflict, match="TWEEDE_PERSOON_NODIG") as error:
        hall.ask(MORE[20], kenmerk="SO-3")
    assert [(found.code, found.pointer) for found in error.value.errors or ()] == [("TWEEDE_PERSOON_NODIG", "/schuldeisers")]
    assert (hall.count("schuldenoverzicht"), len(hall.entries("schuldenoverzicht.gevraagd"))) == (2, 2)
    assert hall.ask(*MORE[:12]).id == first.id  # asked before: no new question
    assert hall.ask(MORE[20], kenmerk="SO-3", zaaknummer="ZAAK-2").staat == "open"  # another case
    assert hall.ask(MORE[20], by=CLERK_UTRECHT, gemeente=UTRECHT).staat == "open"  # another municipality


def test_two_requests_at_once_do_not_pass_the_limit_together(hall: Hall) -> None:
    def ask(nr: int) -> bool:
        try:
            hall.ask(*MORE[nr * 6 : nr * 6 + 6], kenmerk=f"SO-{nr}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, range(4))) == 3  # of 18 and 24 creditors
    assert hall.count("saldoverzoek") == 18


def test_bsn_reaches_only_who_is_registered_and_marked(hall: Hall) -> None:
    given = client(bsn=BSN)
    tax = GevraagdeSchuldeiser(oin=TAX.principal, met_bsn=True)
    assert refused(hall, LANDLORD, client=given) == [("BSN_NIET_TOEGESTAAN", "/client/bsn")]
    unregistered = GevraagdeSchuldeiser(oin=LANDLORD.principal, met_bsn=True)
    assert refused(hall, unregistered, client=given) == [("BSN_NIET_TOEGESTAAN", "/schuldeisers/0/metBsn")]
    assert refused(hall, tax) == [("VELD_VERPLICHT", "/client/bsn")]
    assert refused(hall, tax, client=client(bsn="123456789")) == [("BSN_ONGELDIG", "/client/bsn")]
    hall.ask(tax, LANDLORD, client=given)
    for creditor, expected in ((TAX, BSN), (LANDLORD, None)):
        question = hall.question(creditor)
        assert hall.open(question.vraag, question.id, "vraag").get("bsn") == expected
    assert [e.wijze for e in hall.entries("saldoverzoek.gesteld")] == ["met_bsn", "zonder_bsn"]
    everything = hall.rows("SELECT o::text, s::text FROM schuldenoverzicht o JOIN saldoverzoek s ON s.overzicht = o.id")
    assert BSN not in repr((everything, hall.rows("SELECT convert_from(body, 'UTF8') FROM log_entry")))


def test_bsn_registration_holds_on_its_days_only(hall: Hall) -> None:
    hall.on(hall.today.replace(year=2019))
    asked = refused(hall, GevraagdeSchuldeiser(oin=TAX.principal, met_bsn=True), client=client(bsn=BSN))
    assert ("BSN_NIET_TOEGESTAAN", "/schuldeisers/0/metBsn") in asked


def test_earlier_addresses_reach_a_water_company_where_it_delivers(hall: Hall) -> None:
    code, pointer = "EERDER_ADRES_NIET_TOEGESTAAN", "/client/eerdereAdressen"
    assert refused(hall, LANDLORD, client=client(eerdere_adressen=[HERE])) == [(code, f"{pointer}/0")]
    assert refused(hall, WATER, client=client(eerdere_adressen=[HERE, THERE])) == [(code, f"{pointer}/1")]
    hall.ask(WATER, LANDLORD, client=client(eerdere_adressen=[HERE]))
    for creditor, expected in ((WATER, ["2037XZ"]), (LANDLORD, [])):
        question = hall.question(creditor)
        found = hall.open(question.vraag, question.id, "vraag").get("eerdereAdressen", [])
        assert [place["postcode"] for place in found] == expected


def test_meter_readings_reach_a_water_company_only(hall: Hall) -> None:
    readings = [Meterstand(datum=hall.today, stand=1234)]
    named = [GevraagdeSchuldeiser(oin=one.principal, meterstanden=readings) for one in (LANDLORD, WATER)]
    assert refused(hall, *named) == [("METERSTAND_NIET_TOEGESTAAN", "/schuldeisers/0/meterstanden")]
    hall.ask(LANDLORD, named[1])
    question = hall.question(WATER)
    assert hall.open(question.vraag, question.id, "vraag")["meterstanden"][0]["stand"] == 1234


def test_number_that_looks_like_a_bsn_passes_in_a_registered_format_only(hall: Hall) -> None:
    def named(creditor: Sender) -> GevraagdeSchuldeiser:
        return GevraagdeSchuldeiser(oin=creditor.principal, klantnummer=LOOKS_LIKE, factuurnummers=["F-1", LOOKS_LIKE])

    assert refused(hall, LANDLORD, named(WATER)) == [
        ("BSN_NIET_TOEGESTAAN", "/schuldeisers/1/klantnummer"),
        ("BSN_NIET_TOEGESTAAN", "/schuldeisers/1/factuurnummers/1"),
    ]
    assert refused(hall, LANDLORD, kenmerk=LOOKS_LIKE) == [("BSN_NIET_TOEGESTAAN", "/kenmerk")]
    assert refused(hall, LANDLORD, zaaknummer=LOOKS_LIKE) == [("BSN_NIET_TOEGESTAAN", "/zaaknummer")]
    person = msgspec.structs.replace(client().personen[0], achternaam=f"Jansen {LOOKS_LIKE}")
    place = Adres(postcode="2011AB", huisnummer=1, toevoeging="9999-90019", woonplaats="Haarlem")
    assert refused(hall, LANDLORD, client=client(personen=[person])) == [("BSN_NIET_TOEGESTAAN", "/client/personen/0/achternaam")]
    assert refused(hall, LANDLORD, client=client(adres=place)) == [("BSN_NIET_TOEGESTAAN", "/client/adres/toevoeging")]
    assert hall.ask(named(TAX)).staat == "open"


def test_own_numbers_of_a_creditor_reach_that_creditor_only(hall: Hall) -> None:
    landlord, water = ((LANDLORD, "K-landlord"), (WATER, "K-water"))
    hall.ask(*(GevraagdeSchuldeiser(oin=one.principal, klantnummer=number) for one, number in (landlord, water)))
    for creditor, expected in (landlord, water):
        question = hall.question(creditor)
        content = hall.open(question.vraag, question.id, "vraag")
        assert content["klantnummer"] == expected
        assert not {"kenmerk", "zaaknummer", "schuldeisers"} & set(content)


def test_last_day_lies_after_today_and_within_sixty_days(hall: Hall) -> None:
    for day in (hall.today, hall.today + timedelta(days=61)):
        assert refused(hall, LANDLORD, uiterlijk=day) == [("TERMIJN_ONGELDIG", "/uiterlijk")]
    assert hall.ask(LANDLORD, uiterlijk=hall.today + timedelta(days=60)).uiterlijk == hall.today + timedelta(days=60)


def test_client_comes_first_and_everybody_is_born(hall: Hall) -> None:
    (person,) = client().personen
    partner = msgspec.structs.replace(person, rol="partner")
    for persons in ([partner], [person, person], [partner, person]):
        assert refused(hall, LANDLORD, client=client(personen=persons)) == [("ROL_ONGELDIG", "/client/personen")]
    unborn = msgspec.structs.replace(person, geboortedatum=hall.today)
    assert refused(hall, LANDLORD, client=client(personen=[unborn])) == [("GEBOORTEDATUM_IN_TOEKOMST", "/client/personen/0/geboortedatum")]
    assert hall.ask(LANDLORD, client=client(personen=[person, partner])).staat == "open"


COLLECTOR = Incasso(naam="Incasso", soort="incassobureau", dossiernummer="D-1")
HOLDER = Overdracht(naam="Nieuwe houder")
NO_AMOUNTS: dict[str, Any] = dict.fromkeys(("hoofdsom_cent", "rente_cent", "kosten_cent", "betaald_cent", "saldo_cent"))
RIGHT: list[dict[str, Any]] = [
    {},
    {"soort": "uit_handen_gegeven", "uit_handen_gegeven_aan": COLLECTOR},
    {"soort": "overgedragen", "overgedragen_aan": HOLDER, **NO_AMOUNTS},
    {"soort": "onbekend", **NO_AMOUNTS},
    {"preferent": True},
]
WRONG: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"saldo_cent": 40_001}, [("SOM_KLOPT_NIET", "saldoCent")]),
    ({"rente_cent": None}, [("VELD_VERPLICHT", "renteCent")]),
    ({"soort": "uit_handen_gegeven"}, [("VELD_VERPLICHT", "uitHandenGegevenAan")]),
    ({"uit_handen_gegeven_aan": COLLECTOR}, [("VELD_NIET_TOEGESTAAN", "uitHandenGegevenAan")]),
    ({"overgedragen_aan": HOLDER}, [("VELD_NIET_TOEGESTAAN", "overgedragenAan")]),
    ({"soort": "overgedragen", **NO_AMOUNTS}, [("VELD_VERPLICHT", "overgedragenAan")]),
    ({"soort": "overgedragen", "overgedragen_aan": HOLDER, **NO_AMOUNTS, "saldo_cent": 1}, [("VELD_NIET_TOEGESTAAN", "saldoCent")]),
    ({"soort": "onbekend", **NO_AMOUNTS, "preferent": True}, [("VELD_NIET_TOEGESTAAN", "preferent")]),
    ({"kenmerk": LOOKS_LIKE}, [("BSN_NIET_TOEGESTAAN", "kenmerk")]),
]


@pytest.fixture
def asked(hall: Hall) -> Hall:
    hall.ask(LANDLORD, TAX)
    return hall


def findings(hall: Hall, given: Any, creditor: Sender = LANDLORD) -> list[tuple[str, str | None]]:
    with pytest.raises(Invalid) as error:
        hall.answer(creditor, given=given)
    assert LOOKS_LIKE not in msgspec.json.encode(error.value.errors).decode()
    return [(found.code, found.pointer) for found in error.value.errors or ()]


def test_every_kind_of_claim_that_is_whole_is_taken(hall: Hall) -> None:
    for nr, values in enumerate(RIGHT):
        hall.ask(LANDLORD, kenmerk=f"SO-{nr}")
        hall.answer(LANDLORD, given=claims(hall.today, claim(**values)))


def test_claim_that_does_not_add_up_or_has_what_it_should_not_is_refused(asked: Hall) -> None:
    for values, expected in WRONG:
        found = findings(asked, claims(asked.today, claim(kenmerk="F-0"), claim(**values)))
        assert found == [(code, f"/vorderingen/1/{field}") for code, field in expected], values
    assert asked.mine(LANDLORD)[0].staat == "open"


def test_dates_of_tomorrow_doubles_and_numbers_elsewhere_are_refused(asked: Hall) -> None:
    tomorrow = asked.today + timedelta(days=1)
    late = claim(ontstaansdatum=tomorrow, titel=Titel(soort="vonnis", datum=tomorrow))
    assert findings(asked, claims(tomorrow, late)) == [
        ("DATUM_IN_TOEKOMST", pointer) for pointer in ("/peildatum", "/vorderingen/0/ontstaansdatum", "/vorderingen/0/titel/datum")
    ]
    assert findings(asked, claims(asked.today, claim(), claim())) == [("KENMERK_DUBBEL", "/vorderingen/1/kenmerk")]
    contact = SaldoContact(naam=f"Afdeling {LOOKS_LIKE}")
    assert findings(asked, claims(asked.today, klantnummer=LOOKS_LIKE, contact=contact)) == [
        ("BSN_NIET_TOEGESTAAN", "/contact/naam"), ("BSN_NIET_TOEGESTAAN", "/klantnummer"),
    ]  # fmt: skip
    registered = claims(asked.today, claim(kenmerk=LOOKS_LIKE), klantnummer=LOOKS_LIKE)
    assert asked.answer(TAX, given=registered).staat == "beantwoord"


def test_register_of_the_day_decides_and_a_repeated_question_is_not_judged_again(hall: Hall) -> None:
    request = hall.request(LANDLORD)
    first, _ = asking.ask(CLERK, HAARLEM, TRACE, request, hall.overviews)
    hall.register = Register(3)
    assert asking.ask(CLERK, HAARLEM, TRACE, request, hall.overviews) == (first, False)
    with pytest.raises(Conflict):
        asking.ask(CLERK, HAARLEM, TRACE, msgspec.structs.replace(request, kenmerk="SO-anders"), hall.overviews)
