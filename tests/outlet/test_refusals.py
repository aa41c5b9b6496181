"""Nothing leaves where it may not, each with its control: the messages stay in the inbox, and what waits is taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import msgspec
import psycopg
import pytest

from adapters.client.opening import Opener
from adapters.client.resealing import reseal
from adapters.sftp.port import Refused
from gateway.core.errors import Conflict, Forbidden, Unavailable
from gateway.inboxes.forwarding import Forwarding, forward, keys
from gateway.partners import outlets
from gateway.partners.register import Mandaat
from gateway.policy.register import PurposeRegister
from gateway.privacylog.append import append
from gateway.privacylog.messages import BerichtUitgelaten
from schemas.doorzending import Woonadres
from tests.flows.world import CLERK, PURPOSES, TRACE
from tests.outlet.profiles import kolom, profiel
from tests.outlet.town import DESK, HAARLEM, KEY, RIVAL, TOWN, UTRECHT, Town, opened, parts, party_key

YESTERDAY, TODAY, TOMORROW = (timedelta(days=n) for n in (-1, 0, 1))


def status(oin: str, status: str) -> Callable[[Town], None]:
    def change(town: Town) -> None:
        town.parties[oin] = msgspec.structs.replace(town.parties[oin], status=status)

    return change


def setting(**changes: object) -> Callable[[Town], None]:
    def change(town: Town) -> None:
        town.outlets = [msgspec.structs.replace(town.outlets[0], **changes)]

    return change


def ended(town: Town) -> None:
    town.outlets = [msgspec.structs.replace(town.outlets[0], geldig_tot=town.today + YESTERDAY)]


def unsigned(town: Town) -> None:
    town.outlets = [msgspec.structs.replace(town.outlets[0], getekend_op=town.today + TOMORROW)]


def without_mandate(town: Town) -> None:
    town.mandates = [Mandaat(DESK, TOWN, "uitvoerder", date(2026, 1, 1))]


def ended_mandate(town: Town) -> None:
    town.mandates = [Mandaat(DESK, TOWN, outlets.ROL, date(2026, 1, 1), town.today + YESTERDAY)]


def without_key(town: Town) -> None:
    town.keys_of = []


def own_key(town: Town) -> None:
    public = party_key(DESK, KEY, "x").publiek
    town.sealing = [*town.sealing, msgspec.structs.replace(town.sealing[0], wijze="eigen", kid="eigen", publiek=public)]


def switched_off(town: Town) -> None:
    town.outlets = []


REFUSALS = {
    "desk suspended": (status(DESK, "opgeschort"), "UITLAAT_LOKET"),
    "desk ended": (status(DESK, "beeindigd"), "UITLAAT_LOKET"),
    "municipality suspended": (status(TOWN, "opgeschort"), "UITLAAT_MANDAAT"),
    "agreement ended": (ended, "UITLAAT_OVEREENKOMST"),
    "agreement not signed": (unsigned, "UITLAAT_OVEREENKOMST"),
    "no mandate": (without_mandate, "UITLAAT_MANDAAT"),
    "mandate ended": (ended_mandate, "UITLAAT_MANDAAT"),
    "no key": (without_key, "UITLAAT_ZONDER_SLEUTEL"),
    "own key": (own_key, "EIGEN_SLEUTEL"),
    "switched off": (switched_off, "UITLAAT_ONTBREEKT"),
    "unknown desk": (setting(loket="00000099000000099000"), "UITLAAT_LOKET"),
    "another's mandate": (setting(loket=RIVAL), "UITLAAT_MANDAAT"),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_where_nothing_may_leave_nothing_does_and_the_reason_is_said(town: Town, why: str) -> None:
    change, code = REFUSALS[why]
    ids = town.delivered(*town.signals(2))
    before = parts(town)
    change(town)
    town.renew()
    assert town.round() == 0
    assert parts(town) == before
    assert list(town.files.spool.ids()) == []
    with pytest.raises(Conflict) as refused:
        outlets.outlet(town.register, HAARLEM, town.today)
    assert refused.value.code == code
    assert [b.id for b in town.claim().berichten] == ids  # the municipality gets them itself


@pytest.mark.parametrize("why", REFUSALS)
def test_what_waits_is_hidden_at_once_and_taken_back(town: Town, why: str) -> None:
    ids = town.delivered(*town.signals(2))
    assert town.round() == 2
    name = town.names()[0]  # the control: it stood there
    REFUSALS[why][0](town)
    town.renew()
    assert town.names() == []
    for act in (town.box().open, town.box().remove):
        with pytest.raises(Refused):
            act("uitlaat", name)
    assert town.round() == 0
    assert [town.state_of(id) for id in ids] == ["bezorgd"] * 2
    assert list(town.files.spool.ids()) == []
    assert town.events()[-1] == "claim.vrijgegeven"


def test_control_all_is_well_without_a_change(town: Town) -> None:
    town.delivered(*town.signals(2))
    assert town.round() == 2
    assert len(town.collect()) == 2


@pytest.mark.parametrize("gone", ["rij", "inzage", "groep"])
def test_without_a_row_of_the_purpose_register_nothing_leaves(town: Town, gone: str) -> None:
    made = []
    for purpose in PURPOSES.purposes():
        rij = tuple(row for row in purpose.rij if row.berichtsoorten != ("uitlaat",) or gone != "rij")
        inzage = tuple(row for row in purpose.inzage if row.ontvanger_rol != "verwerker" or gone != "inzage")
        if gone == "groep":
            fewer = (msgspec.structs.replace(row, veldgroepen=("identiteit",)) if row.ontvanger_rol == "verwerker" else row for row in rij)
            rij = tuple(fewer)
        made.append(msgspec.structs.replace(purpose, rij=rij, inzage=inzage))
    town.outlet = town.outlet._replace(inbox=town.desk._replace(purposes=PurposeRegister(made)))
    town.delivered(*town.signals(2))
    before = parts(town)
    if gone == "inzage":
        with pytest.raises(Forbidden):
            town.round()
    else:
        assert town.round() == 0
    assert parts(town) == before


def test_log_that_cannot_be_written_lets_no_byte_out(town: Town) -> None:
    town.delivered(*town.signals(2))
    before = parts(town)
    town.run("ALTER FUNCTION log_append(uuid[], text[], bytea[], bytea[]) RENAME TO log_weg")
    with pytest.raises(psycopg.Error):
        town.round()
    assert parts(town) == before
    assert list(town.files.spool.ids()) == []
    assert town.names() == []
    town.run("ALTER FUNCTION log_weg RENAME TO log_append")
    assert town.round() == 2


def test_log_that_is_behind_lets_no_byte_out(town: Town) -> None:
    town.delivered(*town.signals(2))
    town.deliver(town.signal())
    town.run("UPDATE log_queue SET created = now() - interval '2 minutes'")
    with pytest.raises(Unavailable):
        town.round()
    assert list(town.files.spool.ids()) == []


def test_message_that_was_sealed_for_an_own_key_stays_in_the_inbox(town: Town) -> None:
    managed = town.sealing
    own_key(town)
    town.renew()
    (closed,) = town.delivered(town.signal())
    town.sealing = managed
    town.renew()
    (free,) = town.delivered(town.signal())
    assert town.round() == 1
    assert (town.state_of(closed), town.state_of(free)) == ("bezorgd", "geclaimd")


def test_forwarded_message_with_an_unlawful_customer_number_stays_and_harms_no_other(town: Town) -> None:
    columns = (kolom("Nr", 'uit = "/klant/klantnummer"'), kolom("Naam", 'uit = "/identiteit/personen/0/achternaam"'))
    setting(inhoud=profiel(*columns, formaat="xml").decode())(town)
    town.renew()
    forwarding = Forwarding(town.desk, lambda: town.register)
    (id,) = town.delivered(town.signal(gemeente=UTRECHT))
    (key,), claim = keys(HAARLEM, forwarding).sleutels, town.claim(UTRECHT)
    clear = {**Opener().open(claim.berichten[0]), "klant": {"klantnummer": "K\x01"}}
    spoiled = reseal(clear, key, claim.id, Woonadres(postcode="2011AB", huisnummer=7))
    forward(CLERK, UTRECHT, TRACE, id, spoiled, forwarding)
    (good,) = town.delivered(town.signal())
    assert town.round() == 1
    assert (town.state_of(spoiled.bericht), town.state_of(good)) == ("bezorgd", "geclaimd")
    assert town.rows("SELECT reden FROM uitlaat_bericht WHERE bericht = %s", spoiled.bericht) == [("verzegeling",)]
    tree = ET.fromstring(opened(town.read(town.names()[0])))  # noqa: S314 - our own file
    assert [one.text for one in tree.iter("Id")] == [str(good)]


def test_other_roles_cannot_read_or_write_what_went_out(town: Town) -> None:
    town.delivered(town.signal())
    town.round()
    for dsn in (town.dsns.ingest, town.dsns.log, town.dsns.toezicht, town.dsns.beheer):
        with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM uitlaat_bericht")
    frame = {"gebeurtenis": BerichtUitgelaten.__struct_config__.tag}
    assert frame["gebeurtenis"] == "bericht.uitgelaten"
    (entry,) = town.entries("bericht.uitgelaten")
    with psycopg.connect(town.dsns.ingest) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        append(connection, [entry])
