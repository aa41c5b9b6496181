"""Search in the log: a person through the municipality's pseudonym, certainty, the ceiling, entries with proof, equal answers."""

import time
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from gateway.app.oversightdoor import OversightDoor
from gateway.core import ids
from gateway.core.errors import Damaged, Misconfigured, NotFound, TooMany, Unavailable
from gateway.meldingen.matcher import Matcher
from gateway.oversight import index, queue, search
from gateway.oversight.nightly import Nightly
from gateway.privacylog.term import ENDING
from gateway.privacylog.tree import is_included, leaf_hash
from gateway.store.tenant import municipality
from schemas.meldingen import BezwaarAanvraag
from schemas.toezicht import EigenAdres, LogVraag
from tests.faults.logfaults import LOG_FAULTS
from tests.flows.world import HAARLEM, LANDLORD, PURPOSES, TRACE, UTRECHT
from tests.oversight.bureau import ABROAD, OFFICER, SECOND, Bureau, address, person


def found(bureau: Bureau, **asked: Any) -> list[tuple[str, str | None]]:
    return [(line.gebeurtenis, line.herkend) for line in bureau.look(**asked).regels]


def test_person_is_found_through_his_messages_and_marked_by_how_sure(bureau: Bureau) -> None:
    bureau.delivered(bureau.of(12), bureau.of(14), bureau.of(12, "Bakker"), bureau.of(15, "Smit"))
    claim = bureau.take()
    bureau.open_case(claim.berichten[0].id)
    asked: dict[str, Any] = {"persoon": person(), "adressen": [address(12)]}
    assert found(bureau, **asked, gebeurtenis="signaal.bezorgd") == [
        ("signaal.bezorgd", "zeker"), ("signaal.bezorgd", "mogelijk"), ("signaal.bezorgd", "adres"),
    ]  # fmt: skip
    assert found(bureau, **asked, gebeurtenis="zaak.geopend") == [("zaak.geopend", "zeker")]
    assert [how for _, how in found(bureau, **asked, gebeurtenis="bericht.geclaimd")] == ["zeker", "mogelijk", "adres"]
    assert found(bureau, persoon=person("Niemand")) == []


def test_next_version_of_pseudonyms_hides_nobody(bureau: Bureau) -> None:
    """What came before, during and after the overlap is found by one search, as is what is handled later."""
    for leading, following in ((1, None), (1, 2), (2, None)):
        bureau.name_in(leading, following)
        bureau.delivered(bureau.of())
    bureau.take()
    for asked in ({"persoon": person(), "adressen": [address()]}, {"persoon": person()}, {"adressen": [address()]}):
        lines = [event for event, _ in found(bureau, **asked)]
        assert (lines.count("signaal.bezorgd"), lines.count("bericht.geclaimd")) == (3, 3)
    entries = [*bureau.entries("signaal.bezorgd"), *bureau.entries("bericht.geclaimd")]
    assert len({(entry.betrokkene, entry.persoon) for entry in entries}) == 1
    assert len(set(bureau.rows("SELECT address, person FROM bericht"))) == 2  # the control: the pseudonyms did change


def test_nothing_is_shown_while_the_log_is_behind(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    begin, end = LOG_FAULTS["stuck sequencer"]
    bureau.run(begin)
    with pytest.raises(Unavailable):
        search.search(OFFICER, HAARLEM, TRACE, LogVraag(), bureau.oversight._replace(number=lambda: 0))
    bureau.run(end)
    assert bureau.look().regels  # the control


def test_content_that_goes_at_its_term_goes_from_the_index(bureau: Bureau) -> None:
    bureau.delivered(*[bureau.of(nr) for nr in range(1, 4)])
    bureau.look()
    with bureau.log.transaction(ENDING) as connection:
        connection.execute("SELECT log_vernietig('{0,1}')")
    assert bureau.rows("SELECT min(nr) FROM toezicht_regel") == [(2,)]
    assert index.compare(bureau.toezicht) == []


def test_officer_sees_who_of_the_staff_and_the_log_has_no_name(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    claim = bureau.take("m.jansen")
    bureau.read_again(claim.berichten[0].id)
    lines = bureau.look(medewerker="m.jansen").regels
    assert [(line.gebeurtenis, line.medewerker, line.wijze) for line in lines] == [("bericht.geclaimd", "m.jansen", "bemand")]
    assert bureau.look(medewerker="m.pietersen").regels == []
    assert not [1 for (body,) in bureau.rows("SELECT body FROM log_entry") if b"jansen" in bytes(body)]
    assert not [1 for (name,) in bureau.rows("SELECT naam FROM medewerker_naam") if b"jansen" in bytes(name)]


def test_search_by_party_period_flow_and_message_narrows(bureau: Bureau) -> None:
    first, _ = bureau.delivered(bureau.of(12), bureau.of(14))
    bureau.take()
    today = bureau.today
    assert len(bureau.look(deelnemer=LANDLORD.party).regels) == 2
    assert len(bureau.look(stroom="ophalen").regels) == 2
    assert [line.gebeurtenis for line in bureau.look(bericht=first).regels] == ["signaal.bezorgd", "bericht.geclaimd"]
    assert bureau.look(tot=today - timedelta(days=1)).regels == []
    assert bureau.look(van=today + timedelta(days=1)).regels == []
    page = bureau.look(maximum=1)
    assert page.volgende == page.regels[0].nummer
    assert bureau.look(maximum=1, na=page.volgende).regels[0].nummer > page.regels[0].nummer


def test_each_search_is_on_record_with_commitments_only(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    bureau.look(persoon=person(), adressen=[address()])
    bureau.look(persoon=person("Niemand"))
    first, second = bureau.entries("toezicht.gezocht")
    assert (len(first.gezocht), len(second.gezocht), second.aantal, first.partij) == (2, 1, 0, OFFICER.party)
    assert "Vries" not in msgspec.json.encode(first).decode()
    assert [line.gebeurtenis for line in bureau.look(gebeurtenis="toezicht.gezocht").regels] == ["toezicht.gezocht"] * 2


def test_ceiling_counts_known_and_unknown_persons_alike_and_per_officer_and_day(bureau: Bureau) -> None:
    bureau.oversight = bureau.oversight._replace(ceiling=3)
    bureau.delivered(bureau.of())
    for name in ("Vries", "Niemand", "Vries", "Nergens"):  # the same person again does not count
        bureau.look(persoon=person(name))
    with pytest.raises(TooMany):
        bureau.look(persoon=person("Eenander"))
    bureau.look(persoon=person("Vries"))
    bureau.look(stroom="ophalen")
    bureau.look(SECOND, persoon=person("Eenander"))
    bureau.clock.advance(timedelta(days=1))
    bureau.look(persoon=person("Eenander"))


def test_addresses_count_too_so_a_street_cannot_be_walked(bureau: Bureau) -> None:
    bureau.oversight = bureau.oversight._replace(ceiling=10)
    with pytest.raises(TooMany):
        bureau.look(persoon=person(), adressen=[address(nr) for nr in range(1, 12)])
    assert bureau.rows("SELECT count(*) FROM toezicht_persoon") == [(0,)]


def test_another_municipality_finds_nothing_of_this_one(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    bureau.take()
    assert bureau.look(ABROAD, UTRECHT).regels == []
    assert bureau.look(ABROAD, UTRECHT, persoon=person(), adressen=[address()]).regels == []
    assert len(bureau.look().regels) == 2  # the control


def test_entry_comes_with_a_proof_that_holds(bureau: Bureau) -> None:
    bureau.delivered(*[bureau.of(nr) for nr in range(1, 6)])
    bureau.clock.advance(timedelta(minutes=2))
    bureau.take()
    bureau.number()
    line = bureau.look(gebeurtenis="signaal.bezorgd").regels[2]
    got = search.entry(OFFICER, HAARLEM, TRACE, line.id, bureau.oversight)
    assert got.log is not None
    point = bureau.checkpoints.verifier.checkpoint(got.log.controlepunt)
    path = [bytes.fromhex(h) for h in got.log.pad]
    assert leaf_hash(got.inhoud.encode()).hex() == got.logblad
    assert is_included(leaf_hash(got.inhoud.encode()), line.nummer, point.size, path, point.root)
    assert not is_included(leaf_hash(got.inhoud.encode() + b" "), line.nummer, point.size, path, point.root)  # the control
    assert bureau.entries("toezicht.regel_gelezen")[0].regel == line.id
    assert search.checkpoints(bureau.oversight).controlepunten[0].omvang == point.size


def test_foreign_and_absent_entry_give_the_same_answer(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    id = bureau.look().regels[0].id
    said = []
    for gemeente, wanted in ((UTRECHT, id), (HAARLEM, ids.new())):
        with pytest.raises(NotFound) as error:
            search.entry(OFFICER, gemeente, TRACE, wanted, bureau.oversight)
        said.append((error.value.status, error.value.code, error.value.detail))
    assert said[0] == said[1]


def test_foreign_and_absent_entry_take_the_same_time(bureau: Bureau) -> None:
    """Both are one look in one index; the medians of many interleaved tries lie within a fifth of each other."""
    bureau.delivered(*[bureau.of(nr) for nr in range(1, 40)])
    foreign = [line.id for line in bureau.look(gebeurtenis="signaal.bezorgd").regels]
    times: dict[str, list[float]] = {"foreign": [], "absent": []}
    for nr in range(300):
        for name, id in (("foreign", foreign[nr % len(foreign)]), ("absent", ids.new())):
            begin = time.perf_counter()
            with pytest.raises(NotFound):
                search.entry(ABROAD, UTRECHT, TRACE, id, bureau.oversight)
            times[name].append(time.perf_counter() - begin)
    medians = [sorted(found)[150] for found in times.values()]
    assert max(medians) < 1.2 * min(medians)


def test_index_is_compared_with_the_log_and_a_changed_row_is_found(bureau: Bureau) -> None:
    bureau.delivered(bureau.of(12), bureau.of(14))
    bureau.look()
    bureau.number()
    index.catch_up(bureau.toezicht)
    assert index.compare(bureau.toezicht) == []
    bureau.run("UPDATE toezicht_regel SET partij = principaal || 'x' WHERE event = 'signaal.bezorgd'")
    bureau.run("DELETE FROM toezicht_regel WHERE event = 'toezicht.gezocht'")
    assert len(index.compare(bureau.toezicht)) == 3


def test_row_of_the_index_that_is_gone_is_found_in_the_night(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    bureau.look()
    nightly = Nightly(bureau.oversight)
    bureau.clock.advance(timedelta(days=1))
    nightly.run()  # the control
    bureau.run("DELETE FROM toezicht_regel WHERE event = 'signaal.bezorgd'")
    nightly.run()  # today was done
    bureau.clock.advance(timedelta(days=1))
    for _ in range(2):  # until it is mended
        with pytest.raises(Misconfigured):
            nightly.run()


FORBIDDEN = (
    "SELECT payload FROM bericht",
    "SELECT * FROM content_key",
    "UPDATE toezicht_regel SET partij = ''",
    "DELETE FROM toezicht_persoon",
    "UPDATE ontzegeling SET geopend = now()",
    "DELETE FROM log_entry",
    "INSERT INTO log_leaf VALUES (1, '', gen_random_uuid())",
)


def test_role_of_oversight_may_do_no_more_than_it_must(bureau: Bureau) -> None:
    for statement in FORBIDDEN:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), bureau.toezicht.transaction() as connection:
            connection.execute(statement)
    bureau.delivered(bureau.of(12))
    index.catch_up(bureau.toezicht)
    counted = "SELECT (SELECT count(*) FROM toezicht_regel), (SELECT count(*) FROM log_entry WHERE event = 'signaal.bezorgd')"
    for gemeente, found in ((HAARLEM, (1, 1)), (UTRECHT, (0, 0))):
        with bureau.toezicht.transaction(municipality(gemeente)) as connection:
            assert connection.execute(counted).fetchone() == found


def test_entry_that_is_not_its_leafs_is_not_shown(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    bureau.take()
    (line,) = bureau.look(gebeurtenis="bericht.geclaimd").regels
    bureau.look(gebeurtenis="signaal.bezorgd")
    body = bytes(bureau.rows("SELECT body FROM log_entry WHERE id = %s", line.id)[0][0])
    bureau.run("UPDATE log_entry SET body = %b WHERE id = %s", body.replace(b'"wijze":"bemand"', b'"wijze":"onbemand"'), line.id)
    with pytest.raises(Damaged):
        bureau.look(gebeurtenis="bericht.geclaimd")
    with pytest.raises(Damaged):
        search.entry(OFFICER, HAARLEM, TRACE, line.id, bureau.oversight)
    assert len(bureau.look(gebeurtenis="signaal.bezorgd").regels) == 1  # the control


def test_row_of_the_index_that_says_otherwise_shows_nothing_to_another_municipality(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    (line,) = bureau.look(gebeurtenis="signaal.bezorgd").regels
    bureau.run("UPDATE toezicht_regel SET gemeente = %s WHERE entry = %s", UTRECHT, line.id)
    with pytest.raises(Damaged):
        bureau.look(ABROAD, UTRECHT)
    with pytest.raises(Damaged):
        search.entry(ABROAD, UTRECHT, TRACE, line.id, bureau.oversight)


class Rooms:
    """What the door takes of a house."""

    def __init__(self, bureau: Bureau) -> None:
        self.oversight = bureau.oversight
        self.matcher = Matcher(bureau.inbox, bureau.keys, bureau.clock, lambda: None, PURPOSES.activity)


def test_whatever_names_an_address_counts_towards_the_ceiling(bureau: Bureau) -> None:
    """An address of staff and an objection leave a commitment that the officer can read, as a search does."""
    bureau.oversight = bureau.oversight._replace(ceiling=2)
    door = OversightDoor(Rooms(bureau))  # type: ignore[arg-type]
    asked = [BezwaarAanvraag(postcode="2011AB", huisnummer=nr) for nr in (1, 2, 3)]
    queue.lives(OFFICER, HAARLEM, TRACE, EigenAdres(medewerker="x", adres=address(1)), bureau.oversight)
    door.oppose(OFFICER, HAARLEM, TRACE, asked[0])  # the same address does not count again
    door.oppose(OFFICER, HAARLEM, TRACE, asked[1])
    with pytest.raises(TooMany):
        door.oppose(OFFICER, HAARLEM, TRACE, asked[2])
    with pytest.raises(TooMany):
        queue.lives(OFFICER, HAARLEM, TRACE, EigenAdres(medewerker="x", adres=address(3)), bureau.oversight)
    assert (bureau.count("bezwaar"), bureau.events().count("toezicht.eigen_adres")) == (2, 1)
    queue.lives(SECOND, HAARLEM, TRACE, EigenAdres(medewerker="x", adres=address(3)), bureau.oversight)


def test_whole_entries_have_a_ceiling_of_their_own(bureau: Bureau) -> None:
    bureau.delivered(*[bureau.of(nr) for nr in range(1, 4)])
    lines = [line.id for line in bureau.look(gebeurtenis="signaal.bezorgd").regels]
    bureau.oversight = bureau.oversight._replace(ceiling=2)
    for id in (*lines[:2], lines[0]):  # the same entry again does not count
        search.entry(OFFICER, HAARLEM, TRACE, id, bureau.oversight)
    for id in (lines[2], ids.new()):  # whether it is there or not
        with pytest.raises(TooMany, match="TE_VEEL_LOGREGELS"):
            search.entry(OFFICER, HAARLEM, TRACE, id, bureau.oversight)
    bureau.look(persoon=person(), adressen=[address()])  # and does not take from the other


def test_changed_name_of_staff_is_marked_and_closes_nothing(bureau: Bureau) -> None:
    bureau.delivered(bureau.of(12), bureau.of(14))
    bureau.take("m.jansen", maximum=1)
    bureau.take("p.smit", maximum=1)
    bureau.run("INSERT INTO medewerker_naam VALUES (%s, 'x', '\\x00', %s)", HAARLEM, bureau.today)
    assert {line.medewerker for line in bureau.look(gebeurtenis="bericht.geclaimd").regels} == {"m.jansen", "p.smit"}
    bureau.run("UPDATE medewerker_naam SET naam = naam || '\\x00'")
    assert {line.medewerker for line in bureau.look(gebeurtenis="bericht.geclaimd").regels} == {"(naam niet leesbaar)"}
