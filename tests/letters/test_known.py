"""Aftercare and "already known": only who chose it is found, only in what was opened, and only certain when a birth date says so."""

from datetime import date, timedelta
from typing import Any

import pytest

from adapters.client.known import recognised
from adapters.client.opening import NotOpened, Opener
from schemas.bekend import Bekende, Bekenden, Keuze, Treffer
from schemas.sealed import Identiteit
from schemas.signaal import Adres, Persoon
from tests.ddas.outgoing import Outgoing

DAY = date(2026, 11, 23)
HOME = Adres(postcode="2011AB", huisnummer=12, huisletter="A", toevoeging="2", woonplaats="Haarlem")
ELSEWHERE = Adres(postcode="3511AB", huisnummer=7, woonplaats="Utrecht")
BORN = date(1985, 3, 7)


def opened(adres: Adres = HOME, **person: Any) -> Identiteit:
    values = {"rol": "hoofdhuurder", "voorletters": "J.", "achternaam": "Vries", "geboortedatum": BORN, **person}
    return Identiteit(personen=[Persoon(**values)], adres=adres)


def choice(waarvoor: Any = "nazorg", **more: Any) -> Keuze:
    return Keuze(**{"waarvoor": waarvoor, "vastgelegd_op": date(2026, 1, 5), **more})


def client(*keuzes: Keuze, **more: Any) -> Bekende:
    values = {"zaaknummer": "Z-1", "achternaam": "de Vríes", "geboortedatum": BORN, "adressen": [HOME]}
    return Bekende(**{**values, "keuzes": list(keuzes) or [choice()], **more})


def found(identiteit: Identiteit, *clients: Bekende, day: date = DAY) -> list[tuple[str, str, str]]:
    return [(one.zaaknummer, one.waarvoor, one.zekerheid) for one in Bekenden(clients, day).hits(identiteit)]


def test_client_is_found_by_name_and_birth_date_wherever_it_lives() -> None:
    assert found(opened(), client()) == [("Z-1", "nazorg", "zeker")]
    assert found(opened(ELSEWHERE), client()) == [("Z-1", "nazorg", "zeker")]
    assert found(opened(), client(choice("al_bekend"), choice())) == [("Z-1", "al_bekend", "zeker"), ("Z-1", "nazorg", "zeker")]


def test_without_a_birth_date_it_is_possible_at_that_address_only() -> None:
    assert found(opened(geboortedatum=None), client()) == [("Z-1", "nazorg", "mogelijk")]
    assert found(opened(ELSEWHERE, geboortedatum=None), client()) == []
    assert found(opened(ELSEWHERE, geboortedatum=None), client(adressen=[HOME, ELSEWHERE])) == [("Z-1", "nazorg", "mogelijk")]


def test_an_address_alone_or_another_birth_date_is_nobody() -> None:
    assert found(opened(achternaam="Ander"), client()) == []
    assert found(opened(achternaam="Ander", geboortedatum=None), client()) == []
    assert found(opened(geboortedatum=BORN + timedelta(days=1)), client()) == []


def test_two_persons_of_one_message_are_each_looked_for_and_the_certain_hit_counts() -> None:
    both = Identiteit(personen=[*opened(geboortedatum=None).personen, *opened().personen], adres=HOME)
    assert found(both, client()) == [("Z-1", "nazorg", "zeker")]
    turned = Identiteit(personen=both.personen[::-1], adres=HOME)
    assert found(turned, client()) == [("Z-1", "nazorg", "zeker")]


@pytest.mark.parametrize(
    ("keuze", "holds"),
    [
        (choice(vastgelegd_op=DAY), True),
        (choice(vastgelegd_op=DAY + timedelta(days=1)), False),
        (choice(tot=DAY), True),
        (choice(tot=DAY - timedelta(days=1)), False),
        (choice(ingetrokken_op=DAY + timedelta(days=1)), True),
        (choice(ingetrokken_op=DAY), False),
    ],
)
def test_nobody_is_found_without_a_choice_that_holds(keuze: Keuze, holds: bool) -> None:
    assert bool(found(opened(), client(keuze))) is holds
    assert bool(found(opened(geboortedatum=None), client(keuze))) is holds


def test_messages_of_a_claim_are_matched_after_opening_and_nothing_is_written_down(out: Outgoing) -> None:
    out.delivered(*out.signals(2))
    first, second = out.claim().berichten
    person = Opener().open(first)["identiteit"]["personen"][0]
    known = client(achternaam=person["achternaam"], geboortedatum=date.fromisoformat(person["geboortedatum"]))
    before = len(out.events())
    hit = Treffer(zaaknummer="Z-1", waarvoor="nazorg", zekerheid="zeker")
    assert recognised([first, second], [known], Opener(), DAY) == {first.id: [hit]}
    assert recognised([first, second], [client(achternaam="Iemandanders")], Opener(), DAY) == {}
    assert len(out.events()) == before


def test_message_that_was_not_opened_is_matched_with_nobody(out: Outgoing) -> None:
    out.delivered(out.signal())
    (bare,) = out.page()
    with pytest.raises(NotOpened):
        recognised([bare], [client()], Opener(), DAY)
