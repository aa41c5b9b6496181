"""Messages reach the desk sealed, once, on record, and along the purpose register; nothing else of the municipality's changes."""

from pathlib import Path

import msgspec
import pytest
from joserfc.errors import JoseError

from gateway.inboxes import claiming
from gateway.oversight import accesses
from gateway.store.prepare import Dsns
from tests.flows.world import CLERK, PURPOSES, TRACE
from tests.outlet.profiles import TEXT, kolom, profiel
from tests.outlet.town import DESK, HAARLEM, RSA, TOWN, UTRECHT, Town, opened, party_key, rows


def test_new_messages_reach_the_desk_in_its_layout_and_are_received_when_collected(town: Town) -> None:
    signals = town.signals(3)
    ids = town.delivered(*signals)
    assert town.round() == 3
    (item,) = town.waiting()
    assert item.name == f"uitlaat-{HAARLEM}-{town.today}-1.csv.jwe"
    assert [town.state_of(id) for id in ids] == ["geclaimd"] * 3
    found = town.collect()
    assert [row["Meldingsnummer"] for row in found] == [str(id) for id in ids]
    assert [row["Postcode"] for row in found] == [signal["adres"]["postcode"] for signal in signals]
    assert [row["Achternaam"].split()[-1] for row in found] == [signal["personen"][0]["achternaam"].split()[-1] for signal in signals]
    assert town.names() == []
    assert town.round() == 0
    assert [town.state_of(id) for id in ids] == ["ontvangen"] * 3
    assert town.entries("bericht.bevestigd")[0].partij == DESK
    assert town.verify().ok


def test_every_message_is_a_disclosure_with_purpose_row_profile_and_desk(town: Town) -> None:
    ids = town.delivered(*town.signals(2))
    town.round()
    entries = town.entries("bericht.uitgelaten")
    assert [entry.bericht for entry in entries] == ids
    for entry in entries:
        assert (entry.partij, entry.principaal, entry.loket, entry.profiel, entry.sleutel) == (
            DESK, TOWN, DESK, "verzonnen-loket/1", "loket-2026-1",
        )  # fmt: skip
        assert (entry.doel, entry.rij, entry.registerversie) == ("WGS-3-1-b", "WGS-3-1-b/uitlaat/2021", PURPOSES.version)
        assert set(entry.veldgroepen) == {"identiteit", "contact", "klant"}
        assert entry.betrokkene
        assert entry.activiteit == PURPOSES.activity("uitlaat")
    assert {entry.bestand for entry in entries} == {row[0] for row in town.rows("SELECT id FROM uitlaat_bestand")}


def test_review_sees_the_job_as_a_system_and_no_person(town: Town) -> None:
    town.delivered(town.signal())
    town.round()
    numbered = enumerate(town.entries("bericht.uitgelaten"), start=1)
    (access,) = accesses.read(numbered, {}, town.clock.now()).accesses
    assert (access.who, access.manned, access.party) == (DESK, False, DESK)
    assert "bericht.uitgelaten" in accesses.ACCESS


def test_only_the_groups_that_the_layout_asks_for_are_opened(town: Town) -> None:
    town.outlets = [msgspec.structs.replace(town.outlets[0], inhoud=profiel().decode())]
    town.renew()
    town.delivered(town.signal())
    town.round()
    assert town.collect()
    (entry,) = town.entries("bericht.uitgelaten")
    assert entry.veldgroepen == ()


def test_file_opens_with_the_private_key_of_the_desk_alone(town: Town) -> None:
    town.delivered(town.signal())
    town.round()
    token = town.read(town.names()[0])
    for other in (RSA, type(RSA).generate_key(3072)):
        with pytest.raises((JoseError, ValueError)):
            opened(token, other)
    assert rows(opened(token))
    town.keys_of = [party_key(DESK, RSA, "loket-2026-2")]
    town.renew()
    town.delivered(town.signal())
    town.round()
    assert rows(opened(town.read(town.names()[0]), RSA))


def test_another_municipality_and_another_desk_see_nothing(town: Town) -> None:
    town.delivered(*town.signals(2), *town.signals(2, gemeente=UTRECHT))
    assert town.round() == 2
    assert town.names("00000099000000007000") == []
    assert len(town.collect()) == 2
    assert {row[0] for row in town.rows("SELECT gemeente FROM uitlaat_bericht")} == {HAARLEM}
    assert [b.staat for b in town.page(UTRECHT)] == ["bezorgd"] * 2


def test_kinds_and_baskets_that_were_not_chosen_stay_in_the_inbox(town: Town) -> None:
    ids = town.delivered(*town.signals(2))
    for change in ({"soorten": frozenset({"eindelevering"})}, {"werkbakken": frozenset({"nergens"})}):
        town.outlets = [msgspec.structs.replace(town.outlets[0], **{"soorten": frozenset(), "werkbakken": frozenset(), **change})]
        town.renew()
        assert town.round() == 0
    assert [town.state_of(id) for id in ids] == ["bezorgd"] * 2
    basket = town.page()[0].werkbak or ""
    town.outlets = [msgspec.structs.replace(town.outlets[0], soorten=frozenset({"vroegsignaal"}), werkbakken=frozenset({basket}))]
    town.renew()
    assert town.round() == 2


def test_message_that_does_not_fit_stays_in_the_inbox_and_the_others_go(town: Town) -> None:
    column = kolom("Bel", 'uit = "/contact/telefoonnummers/0"', "verplicht = true")
    town.outlets = [msgspec.structs.replace(town.outlets[0], inhoud=TEXT + column)]
    town.renew()
    ids = town.delivered(*town.signals(2), town.signal(contact=None))
    assert town.round() == 2
    assert {row["Meldingsnummer"] for row in town.collect()} == {str(id) for id in ids[:2]}
    assert town.state_of(ids[2]) == "bezorgd"
    assert town.rows("SELECT reden FROM uitlaat_bericht WHERE bestand IS NULL") == [("kolom Bel",)]
    assert town.round() == 0
    assert len(town.names()) == 0
    claimed = town.claim()
    assert [b.id for b in claimed.berichten] == [ids[2]]
    claiming.release(CLERK, HAARLEM, TRACE, claimed.id, town.desk)
    town.outlets = [msgspec.structs.replace(town.outlets[0], inhoud=TEXT.replace("versie = 1", "versie = 2"))]
    town.renew()
    assert town.round() == 1  # with the next version it fits


def test_file_has_at_most_so_many_records(dsns: Dsns, tmp_path: Path) -> None:
    town = Town(dsns, tmp_path, most=2)
    try:
        ids = town.delivered(*town.signals(5))
        assert town.round() == 5
        assert len(town.names()) == 3
        assert sorted(row["Meldingsnummer"] for row in town.collect()) == sorted(map(str, ids))
        assert [row[0] for row in town.rows("SELECT records FROM uitlaat_bestand ORDER BY nr")] == [2, 2, 1]
    finally:
        town.close()


def test_ceiling_of_a_day_holds_for_the_desk_and_the_rest_waits(town: Town) -> None:
    town.outlet = town.outlet._replace(inbox=town.desk._replace(openings=2))
    town.delivered(*town.signals(3))
    assert (town.round(), town.round()) == (2, 0)
    town.tomorrow()
    assert town.round() == 1
