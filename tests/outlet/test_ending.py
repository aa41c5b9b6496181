"""How a file ends, and that a message goes out once: one lease for the desk and the municipality, withdrawals and terms."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from adapters.sftp.port import Refused
from gateway.core.chain import Trace
from gateway.core.errors import Conflict, Forbidden, Misconfigured, NotFound
from gateway.files.sweeping import sweep
from gateway.inboxes import claiming, reading
from gateway.partners import outlets
from gateway.partners.register import Mandaat
from gateway.policy.register import PurposeRegister
from schemas.inbox import ClaimVerlenging
from tests.flows.world import CLERK, TRACE
from tests.outlet.town import CITY, DESK, HAARLEM, RIVAL, RSA, SINCE, UTRECHT, Town, opened, party_key


def begun(town: Town) -> tuple[list[UUID], str]:
    """Two messages in a file that the desk opened and did not read to its end."""
    ids = town.delivered(*town.signals(2))
    town.round()
    (name,) = town.names()
    download = town.box().open("uitlaat", name)
    download.read(0, 10)
    download.discard()
    return ids, name


class Stumbling:
    """Gives traces, but the first time fails with what nobody foresaw."""

    def __init__(self) -> None:
        self._fallen = False

    def __call__(self) -> Trace:
        if not self._fallen:
            self._fallen = True
            "\u2013".encode("latin-1")
        return TRACE


def test_what_the_desk_holds_nobody_else_gets_and_the_other_way_round(town: Town) -> None:
    first = town.delivered(*town.signals(2))
    assert [b.id for b in town.claim().berichten] == first  # the municipality was first
    assert town.round() == 0
    second = town.delivered(*town.signals(2))
    assert town.round() == 2
    assert town.claim().berichten == []
    assert sorted(row["Meldingsnummer"] for row in town.collect()) == sorted(map(str, second))
    town.round()
    assert town.claim().berichten == []


def test_claim_of_the_desk_is_nobodys_to_use_at_a_door(town: Town) -> None:
    (id,) = town.delivered(town.signal())
    town.round()
    ((claim,),) = town.rows("SELECT claim FROM uitlaat_bestand")
    with pytest.raises(NotFound):
        claiming.release(CLERK, HAARLEM, TRACE, claim, town.desk)
    with pytest.raises(NotFound):
        claiming.extend(CLERK, HAARLEM, TRACE, claim, ClaimVerlenging(lease_seconden=60), town.desk)
    assert reading.message(CLERK, HAARLEM, TRACE, id, town.desk, disclose=True).persoonsgegevens is None
    assert town.state_of(id) == "geclaimd"


def test_uncollected_file_goes_after_five_working_days_and_its_messages_are_free_again(town: Town) -> None:
    ids = town.delivered(*town.signals(2))
    town.round()
    (name,) = town.names()
    sweep(town.files.files)
    town.tomorrow(9)
    with pytest.raises(Refused):
        town.box().open("uitlaat", name)
    assert town.round() == 2  # and again for the desk, in a file of its own
    (again,) = town.names()
    assert again != name
    assert sorted(row["Meldingsnummer"] for row in town.collect()) == sorted(map(str, ids))
    assert len(town.entries("claim.vrijgegeven")) == 1


def test_file_that_was_opened_waits_for_its_desk_and_is_read_again(town: Town) -> None:
    ids, name = begun(town)
    town.tomorrow()
    assert town.round() == 0
    assert town.names() == [name]
    assert sorted(row["Meldingsnummer"] for row in town.collect()) == sorted(map(str, ids))
    town.round()
    assert [town.state_of(id) for id in ids] == ["ontvangen"] * 2


def test_file_that_was_opened_and_never_collected_does_not_go_out_again(town: Town) -> None:
    ids, _ = begun(town)
    town.tomorrow(12)
    assert town.round() == 0
    assert town.names() == []
    assert [town.state_of(id) for id in ids] == ["bezorgd"] * 2
    assert town.round() == 0
    assert [b.id for b in town.claim().berichten] == ids
    assert town.rows("SELECT geopend IS NOT NULL, opgehaald, teruggenomen FROM uitlaat_bestand") == [(True, None, False)]


def test_withdrawn_before_it_was_fetched_does_not_go_out(town: Town) -> None:
    ids = town.delivered(*town.signals(2))
    town.withdraw(ids[0])
    assert town.round() == 1
    assert [row["Meldingsnummer"] for row in town.collect()] == [str(ids[1])]


def test_withdrawn_while_the_file_waits_takes_the_file_back_and_the_rest_goes(town: Town) -> None:
    ids = town.delivered(*town.signals(2))
    town.round()
    (name,) = town.names()
    town.withdraw(ids[0])
    assert town.round() == 1
    assert name not in town.names()
    assert [row["Meldingsnummer"] for row in town.collect()] == [str(ids[1])]
    assert town.state_of(ids[0]) == "ingetrokken"
    assert town.entries("bericht.intrekking_gemeld") == []


@pytest.mark.parametrize("collected", [True, False])
def test_withdrawn_after_the_desk_had_it_is_told_once_without_person_data(town: Town, collected: bool) -> None:
    ids, _ = begun(town)
    if collected:
        town.collect()
        town.round()
    town.withdraw(ids[0])
    town.round()
    (name,) = [n for n in town.names() if n.startswith("intrekkingen-")]
    content = opened(town.read(name)).decode()
    assert content.splitlines() == ['"id";"ingetrokkenOp";"bestandnummer"', f'"{ids[0]}";"{town.today}";"1"']
    (entry,) = town.entries("bericht.intrekking_gemeld")
    assert (entry.bericht, entry.loket) == (ids[0], DESK)
    town.round()
    assert not [n for n in town.names() if n.startswith("intrekkingen-")]
    assert len(town.entries("bericht.intrekking_gemeld")) == 1


def test_withdrawal_is_told_though_nothing_new_can_be_handed_on(town: Town) -> None:
    ids, _ = begun(town)
    town.collect()
    town.withdraw(ids[0])
    town.outlet = town.outlet._replace(inbox=town.desk._replace(purposes=PurposeRegister([])))
    with pytest.raises(Forbidden):
        town.round()
    assert [n for n in town.names() if n.startswith("intrekkingen-")]


def test_files_end_though_the_layout_no_longer_reads(town: Town) -> None:
    ids = town.delivered(*town.signals(2))
    town.round()
    town.collect()
    town.outlets = [msgspec.structs.replace(town.outlets[0], inhoud="naam = 1")]
    town.renew()
    with pytest.raises(Misconfigured):
        town.round()
    assert [town.state_of(id) for id in ids] == ["ontvangen"] * 2


def test_what_fails_for_one_municipality_stops_no_other(town: Town) -> None:
    town.mandates.append(Mandaat(RIVAL, CITY, outlets.ROL, SINCE))
    town.keys_of.append(party_key(RIVAL, RSA, "k"))
    town.outlets.append(msgspec.structs.replace(town.outlets[0], gemeentecode=UTRECHT, loket=RIVAL))
    town.renew()
    first, second = town.delivered(town.signal(gemeente=UTRECHT), town.signal())
    town.outlet = town.outlet._replace(trace=Stumbling())
    with pytest.raises(UnicodeEncodeError):
        town.round()
    assert (town.state_of(first), town.state_of(second)) == ("bezorgd", "geclaimd")
    assert town.round() == 1  # the control: it may, and was only kept from it


def test_withdrawal_that_nobody_collected_is_told_again(town: Town) -> None:
    ids, _ = begun(town)
    town.collect()
    town.withdraw(ids[0])
    town.round()
    town.tomorrow(9)
    town.round()
    names = town.names()
    assert len(names) == 1
    assert names[0].startswith("intrekkingen-")
    assert str(ids[0]) in opened(town.read(names[0])).decode()


def test_expired_message_is_not_sent(town: Town) -> None:
    ids = town.delivered(*town.signals(2))
    town.run("UPDATE inbox_item SET state = 'verlopen' WHERE bericht = %s", ids[0])
    assert town.round() == 1
    assert [row["Meldingsnummer"] for row in town.collect()] == [str(ids[1])]


def test_file_that_waits_cannot_be_removed_unread_and_is_gone_after_reading(town: Town) -> None:
    town.delivered(town.signal())
    town.round()
    (name,) = town.names()
    with pytest.raises(Refused, match="tot het einde"):
        town.box().remove("uitlaat", name)
    town.read(name)
    town.box().remove("uitlaat", name)
    with pytest.raises(Refused):
        town.box().open("uitlaat", name)


def test_opening_and_taking_back_exclude_each_other(town: Town) -> None:
    """Whichever comes first: a file that is open is not taken back, and one that was taken back does not open."""
    ids, _ = begun(town)
    town.withdraw(ids[0])
    town.round()
    assert len([n for n in town.names() if n.startswith("uitlaat-")]) == 1
    other = town.delivered(town.signal())
    town.round()
    (fresh,) = [n for n in town.names() if n.startswith("uitlaat-") and n.endswith("-3.csv.jwe")]
    town.withdraw(other[0])
    town.round()
    with pytest.raises(Refused):
        town.box().open("uitlaat", fresh)


def test_message_that_stands_in_a_file_cannot_stand_in_another(town: Town) -> None:
    """The table says so, whatever the flow does."""
    (id,) = town.delivered(town.signal())
    town.round()
    town.read(town.names()[0])
    town.run("UPDATE inbox_item SET state = 'bezorgd', claim = NULL, lease_until = NULL WHERE bericht = %s", id)
    assert town.round() == 0
    assert town.names() == []


def test_rows_go_when_no_content_can_be_left(town: Town) -> None:
    town.delivered(town.signal())
    town.round()
    town.collect()
    town.round()
    town.clock.advance(timedelta(weeks=28))
    town.round()
    assert (town.count("uitlaat_bericht"), town.count("uitlaat_bestand")) == (0, 0)


def test_acknowledging_by_the_municipality_needs_a_claim_of_its_own(town: Town) -> None:
    (id,) = town.delivered(town.signal())
    town.round()
    claim = town.claim()
    with pytest.raises(Conflict):
        town.acknowledge(msgspec.structs.replace(claim), id)
