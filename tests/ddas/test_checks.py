"""Every semantic check has a broken example that fails it and nothing else; the right file passes all of them."""

from datetime import date
from typing import Any

import pytest

from schemas.ddas_checks import CHECKS, Outside, check
from schemas.ddas_schema import violations
from tests.ddas.files import RIGHT, Document, case, signal, spoiled


def signals(document: Document) -> list[Document]:
    found: list[Document] = document["leveringen"][0]["vroegsignalen"]
    return found


def cases(document: Document) -> list[Document]:
    found: list[Document] = document["leveringen"][0]["vroegsignaalzaken"]
    return found


def organisation(document: Document) -> Document:
    found: Document = document["leveringen"][0]["aanleverendeOrganisatie"]
    return found


def _known(code: str, _day: date) -> bool:
    return code == "0392"


BROKEN: list[tuple[str, Any]] = [
    ("DDAS-01", lambda d: signals(d).append(signal("c1", status="Nog niet opgepakt"))),
    ("DDAS-02", lambda d: cases(d)[0]["vroegsignalen"].append({"ID": "zz"})),
    ("DDAS-03", lambda d: cases(d).append(case("a1"))),
    ("DDAS-04", lambda d: signals(d)[3].update(status="Opgepakt")),
    ("DDAS-05", lambda d: signals(d)[0].update(status="Nog niet opgepakt")),
    ("DDAS-05", lambda d: signals(d)[2].update(status="Opgepakt")),
    ("DDAS-05", lambda d: cases(d)[0].update(resultaat="Niet opgepakt: onterecht signaal")),
    ("DDAS-06", lambda d: cases(d).append({"datumOpgepakt": "2026-07-08"})),
    ("DDAS-07", lambda d: signals(d)[0].update(ontstaansdatum="2026-07-07")),
    ("DDAS-08", lambda d: cases(d)[0].update(datumOpgepakt="2026-07-05")),
    ("DDAS-09", lambda d: cases(d)[0]["contactpogingen"][0].update(datum="2026-07-07")),
    ("DDAS-10", lambda d: cases(d)[0].update(einddatumMatchingperiode="2026-06-30")),
    ("DDAS-11", lambda d: (d.update(startdatumLevering="2026-10-01"), d.pop("leveringen"))),
    ("DDAS-12", lambda d: d.update(einddatumLevering="2026-07-05")),
    ("DDAS-12", lambda d: signals(d)[3].pop("signaaldatum")),
    ("DDAS-13", lambda d: d["leveringen"][0].update(gemeentecode="GM0392")),
    ("DDAS-13", lambda d: d["leveringen"][0].update(gemeentecode="9999")),
    ("DDAS-14", lambda d: d["leveringen"][0].update(teller=2)),
    ("DDAS-15", lambda d: organisation(d).update({"kvk-nummer": "1234567"})),
    ("DDAS-15", lambda d: organisation(d).pop("naam")),
    ("DDAS-15", lambda d: organisation(d)["contactpersonen"][0].pop("email")),
    ("DDAS-16", lambda d: signals(d)[3].update(signaalpartner={})),
    ("DDAS-17", lambda d: signals(d)[3].pop("status")),
    ("DDAS-18", lambda d: signals(d)[0]["client"].update(postcode="0000AA")),
    ("DDAS-18", lambda d: signals(d)[0]["client"].update(huisnummer="twaalf")),
    ("DDAS-18", lambda d: signals(d)[0]["client"].update(huisnummertoevoeging="A2-hs")),
    ("DDAS-19", lambda d: signals(d)[3]["client"].update(burgerservicenummer="999990018")),
    ("DDAS-19", lambda d: signals(d)[3]["client"].update(burgerservicenummer="ABCDEFGHI")),
    ("DDAS-20", lambda d: signals(d)[0].update(bedrag=-5)),
    ("DDAS-20", lambda d: signals(d)[0].update(bedrag=45012)),
    ("DDAS-21", lambda d: d.update(codeGegevensleverancier=" ")),
]
SHAPE: list[tuple[str, Any]] = [
    ("/leveringen", lambda d: d.update(leveringen=[])),
    ("/leveringen/0/vroegsignalen/0/client", lambda d: signals(d)[0].update(client={})),
    ("/leveringen/0/vroegsignalen/0/client", lambda d: signals(d)[0]["client"].update(burgerservicenummer="999990019")),
    ("/leveringen/0/vroegsignalen/0/client", lambda d: signals(d)[0]["client"].pop("huisnummer")),
    ("/leveringen/0/vroegsignalen/3/client", lambda d: signals(d)[3]["client"].update(geslachtsaanduiding="Man")),
    ("/leveringen/0/vroegsignalen/3/client", lambda d: signals(d)[3]["client"].update(burgerservicenummer="99999001")),
    ("/leveringen/0/vroegsignalen/0/client", lambda d: signals(d)[0]["client"].update(huisnummer=12)),
    ("/leveringen/0/vroegsignalen/0/bedrag", lambda d: signals(d)[0].update(bedrag=450.5)),
    ("/leveringen/0/vroegsignalen/0/signaaldatum", lambda d: signals(d)[0].update(signaaldatum="06-07-2026")),
    ("/leveringen/0/vroegsignalen/0/status", lambda d: signals(d)[0].update(status="opgepakt")),
    ("/leveringen/0/vroegsignaalzaken/0/resultaat", lambda d: cases(d)[0].update(resultaat="Nog niet opgepakt")),
    ("/leveringen/0/vroegsignaalzaken/0/vroegsignalen", lambda d: cases(d)[0].update(vroegsignalen=[])),
    ("/leveringen/0", lambda d: d["leveringen"][0].update(aanleverende_organisatie={})),
    ("/leveringen/0/vroegsignaalzaken/0", lambda d: cases(d)[0].update(startdatumMatchtingperiode="2026-07-01")),
    ("/leveringen/0/aanleverendeOrganisatie/contactpersonen/0/email", lambda d: organisation(d)["contactpersonen"][0].update(email="x")),
    ("/aanleverdatumEnTijd", lambda d: d.update(aanleverdatumEnTijd="5 oktober")),
    ("", lambda d: d.pop("codeGegevensleverancier")),
]
OUTSIDE = Outside(known_code=_known, cents={"a1": 45012})


def test_right_file_passes_every_check() -> None:
    assert violations(RIGHT) == []
    assert check(RIGHT, OUTSIDE) == []


@pytest.mark.parametrize(("id", "spoil"), BROKEN, ids=[f"{id}-{nr}" for nr, (id, _) in enumerate(BROKEN)])
def test_broken_file_fails_its_check_and_no_other(id: str, spoil: Any) -> None:
    assert {found.check for found in check(spoiled(spoil), OUTSIDE)} == {id}


def test_message_that_is_too_large_fails_the_volume_check() -> None:
    many = spoiled(lambda d: cases(d).extend([case("a1")] * 25_000))
    assert "DDAS-22" in {found.check for found in check(many, OUTSIDE)}


def test_every_check_has_a_broken_example() -> None:
    assert set(CHECKS) - {id for id, _ in BROKEN} == {"DDAS-22"}


@pytest.mark.parametrize(("pointer", "spoil"), SHAPE, ids=[f"{pointer}-{nr}" for nr, (pointer, _) in enumerate(SHAPE)])
def test_wrong_shape_is_found_where_it_is(pointer: str, spoil: Any) -> None:
    found = check(spoiled(spoil), OUTSIDE)
    assert (found[0].check, found[0].pointer) == ("DDAS-00", pointer)


def test_finding_never_holds_a_value() -> None:
    for _, spoil in BROKEN:
        for found in check(spoiled(spoil), OUTSIDE):
            assert "2011AB" not in found.melding + found.pointer
            assert "99999" not in found.melding + found.pointer
