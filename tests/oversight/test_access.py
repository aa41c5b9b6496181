"""A resident's request: hits by how sure they are, confirmed by the municipality; an extract that misses nothing and tells of no other."""

import json

import msgspec
import pytest

from gateway.core.errors import Conflict, Forbidden, Misconfigured, NotFound
from gateway.oversight import access
from schemas.schuldenoverzicht import GevraagdeSchuldeiser
from schemas.toezicht import InzageBevestiging
from tests.flows.world import CLERK, HAARLEM, LANDLORD, TRACE, UTRECHT
from tests.oversight.bureau import OFFICER, Bureau, address, person


def counted(bureau: Bureau, *berichten: object) -> int:
    """Independently of the code under test, as the owner reads them: entries that name one of these messages, or a case over one."""
    bodies = [json.loads(bytes(body)) for (body,) in bureau.rows("SELECT body FROM log_entry")]
    wanted = {str(id) for id in berichten}
    cases = {entry["zaak"] for entry in bodies if entry["gebeurtenis"] == "zaak.geopend" and entry["bericht"] in wanted}
    return sum(entry.get("bericht") in wanted or entry.get("zaak") in cases for entry in bodies)


def test_extract_lists_every_processing_of_the_resident_and_no_other(bureau: Bureau) -> None:
    mine, other = bureau.delivered(bureau.of(12), bureau.of(14, "Bakker"))
    claim = bureau.take()
    bureau.read_again(mine)
    bureau.open_case(mine)
    bureau.acknowledge(claim, mine, "Z-1")
    bureau.acknowledge(claim, other, "Z-2")
    made = bureau.inquire()
    assert [(hit.bericht, hit.zekerheid, hit.schuldeiser) for hit in made.treffers] == [(mine, "zeker", LANDLORD.principal)]
    got = bureau.confirmed(made)
    whole = ["signaal.bezorgd", "bericht.geclaimd", "bericht.gelezen", "zaak.geopend", "bericht.bevestigd"]
    assert [line.wat for line in got.verwerkingen] == [*whole, "inzage.verzocht"]
    assert len(got.verwerkingen) - 1 == counted(bureau, mine) < counted(bureau, mine, other)
    claimed = got.verwerkingen[1]
    assert (claimed.organisatie, claimed.veldgroepen) == (CLERK.party, ["contact", "identiteit", "klant"])
    assert all(line.artikel and line.waarom for line in got.verwerkingen)


def test_extract_never_names_staff_nor_a_person(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    bureau.take("m.jansen")
    text = msgspec.json.encode(bureau.confirmed(bureau.inquire())).decode()
    assert not [word for word in ("jansen", "medewerker", "Vries", "1985", "2011AB") if word in text]
    assert bureau.look(medewerker="m.jansen").regels[0].medewerker == "m.jansen"  # the control: the officer sees it


def test_hit_by_address_only_is_shown_to_the_officer_and_never_goes_out(bureau: Bureau) -> None:
    own, housemate, nameless, moved = bureau.delivered(
        bureau.of(12), bureau.of(12, "Bakker"), bureau.of(12, born=None), bureau.of(99)
    )
    made = bureau.inquire()
    assert {hit.bericht: hit.zekerheid for hit in made.treffers} == {own: "zeker", housemate: "adres", nameless: "adres", moved: "mogelijk"}
    for id in (housemate, nameless):
        with pytest.raises(Conflict, match="TREFFER_NIET_VERSTREKBAAR"):
            access.confirm(CLERK, HAARLEM, TRACE, made.id, InzageBevestiging(berichten=[own, id]), bureau.oversight)
    access.confirm(CLERK, HAARLEM, TRACE, made.id, InzageBevestiging(berichten=[own]), bureau.oversight)
    got = access.extract(OFFICER, HAARLEM, TRACE, made.id, bureau.oversight)
    assert len([line for line in got.verwerkingen if line.wat != "inzage.verzocht"]) == counted(bureau, own)


def test_nothing_is_released_before_the_municipality_confirmed_and_it_does_so_once(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    made = bureau.inquire()
    with pytest.raises(Conflict, match="INZAGE_NIET_BEVESTIGD"):
        access.extract(OFFICER, HAARLEM, TRACE, made.id, bureau.oversight)
    said = InzageBevestiging(berichten=[mine])
    first = access.confirm(CLERK, HAARLEM, TRACE, made.id, said, bureau.oversight)
    assert access.confirm(CLERK, HAARLEM, TRACE, made.id, said, bureau.oversight) == first == access.one(HAARLEM, made.id, bureau.oversight)
    with pytest.raises(Conflict, match="INZAGE_AL_BEVESTIGD"):
        access.confirm(CLERK, HAARLEM, TRACE, made.id, InzageBevestiging(berichten=[]), bureau.oversight)
    assert bureau.events()[-2:] == ["inzage.verzocht", "inzage.bevestigd"]


def test_request_of_another_municipality_does_not_exist(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    made = bureau.inquire()
    for call in (access.one, lambda *a: access.extract(OFFICER, a[0], TRACE, a[1], a[2])):
        with pytest.raises(NotFound):
            call(UTRECHT, made.id, bureau.oversight)
    assert bureau.inquire(gemeente=UTRECHT).treffers == []


def test_unknown_resident_gets_a_request_without_hits(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    assert bureau.inquire(address(77), persoon=person("Niemand")).treffers == []


def test_extract_stays_complete_after_the_message_and_its_pseudonyms_are_gone(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    bureau.take()
    bureau.run("UPDATE bericht SET payload = NULL, address = NULL, person = NULL, contract = NULL")
    got = bureau.confirmed(bureau.inquire()).verwerkingen
    assert [line.wat for line in got] == ["signaal.bezorgd", "bericht.geclaimd", "inzage.verzocht"]
    assert counted(bureau, mine) == 2


def test_overviews_that_the_municipality_names_are_in_the_extract(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    asked = bureau.ask(GevraagdeSchuldeiser(oin=LANDLORD.principal))
    got = bureau.confirmed(bureau.inquire(), asked.id)
    assert [one.id for one in got.overzichten] == [asked.id]
    with pytest.raises(NotFound):
        bureau.confirmed(bureau.inquire(), asked.vragen[0].id)


def test_confirmation_that_the_database_wrote_gives_nothing_out(bureau: Bureau) -> None:
    mine, other = bureau.delivered(bureau.of(), bureau.of(achternaam="Bakker"))
    made = bureau.inquire()
    said = msgspec.json.encode(InzageBevestiging(berichten=[mine, other]))
    bureau.run("UPDATE inzageverzoek SET bevestiging = %b, bevestigd = now(), bevestigd_door = 'x'", said)
    with pytest.raises(Misconfigured):
        access.extract(OFFICER, HAARLEM, TRACE, made.id, bureau.oversight)
    assert "inzage.verstrekt" not in bureau.events()
    bureau.confirmed(bureau.inquire())  # the control
    assert "inzage.verstrekt" in bureau.events()


def test_hits_that_the_database_wrote_cannot_be_confirmed(bureau: Bureau) -> None:
    mine, other = bureau.delivered(bureau.of(), bureau.of(achternaam="Bakker"))
    made = bureau.inquire()
    told = msgspec.json.encode(made.treffers).replace(b'"adres"', b'"zeker"')
    bureau.run("UPDATE inzageverzoek SET treffers = %b", told)
    with pytest.raises(Misconfigured):
        access.confirm(CLERK, HAARLEM, TRACE, made.id, InzageBevestiging(berichten=[mine, other]), bureau.oversight)


def test_who_asked_does_not_confirm(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    made = bureau.inquire()
    with pytest.raises(Forbidden, match="INZAGE_EIGEN_VERZOEK"):
        access.confirm(OFFICER, HAARLEM, TRACE, made.id, InzageBevestiging(berichten=[mine]), bureau.oversight)
    bureau.confirmed(made)  # the control


def test_extract_has_nothing_of_anothers_message_in_the_same_case(bureau: Bureau) -> None:
    mine, other = bureau.delivered(bureau.of(12), bureau.of(12, "Bakker"))
    bureau.take()
    bureau.open_case(mine, other)
    got = [line.wat for line in bureau.confirmed(bureau.inquire()).verwerkingen]
    assert got == ["signaal.bezorgd", "bericht.geclaimd", "zaak.geopend", "inzage.verzocht"]
    assert bureau.events().count("zaak.geopend") == 2  # the control


def test_extract_lists_where_an_officer_looked_for_the_person_and_not_for_another(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    bureau.look(persoon=person(), adressen=[address()])
    bureau.look(persoon=person("Niemand"))
    bureau.look(adressen=[address()])  # may be about who else lives there
    got = [line for line in bureau.confirmed(bureau.inquire()).verwerkingen if line.wat != "signaal.bezorgd"]
    assert [(line.wat, line.organisatie) for line in got] == [("toezicht.gezocht", OFFICER.party), ("inzage.verzocht", OFFICER.party)]
