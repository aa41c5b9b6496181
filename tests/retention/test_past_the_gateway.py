"""The owner of the database, without a KEK: no row or trigger wipes a good KEK, keeps a dead key alive, or has another key made."""

import json
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from gateway.app.mailroom import forgetting, open_post
from gateway.app.settings import Settings
from gateway.core.clock import FixedClock, SystemClock
from gateway.core.errors import Conflict, Misconfigured
from gateway.keys import names
from gateway.keys.database import DatabaseKeyStore
from gateway.keys.kek import Kek
from gateway.keys.kekfile import KekFile
from gateway.partners.rows import sealer
from gateway.partners.source import RegisterSource
from gateway.retention import keeping, pseudonyms
from gateway.retention.keeper import Keeper
from gateway.retention.keeping import Round
from gateway.store.prepare import ROLES
from tests.flows.world import DOEL, HAARLEM
from tests.retention.test_kek import opened
from tests.retention.test_rotation import LONG, past
from tests.retention.world import KeptWorld, backup

_TRIGGER = """
CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} RETURN NEW; END $$;
CREATE TRIGGER a BEFORE UPDATE ON wrapped_key FOR EACH ROW EXECUTE FUNCTION meddle()
"""
_UNDO = "IF NEW.wrapped IS NULL THEN NEW.wrapped := OLD.wrapped; NEW.destroyed := NULL; END IF;"


def meddle(world: KeptWorld, body: str) -> None:
    world.run(_TRIGGER.format(body))


def later(world: KeptWorld, **ahead: int) -> Keeper:
    return world.keeper._replace(clock=FixedClock(world.clock.now() + timedelta(**ahead)))


def round_later(world: KeptWorld, weeks: int = 27) -> Round:
    done = keeping.run(later(world, weeks=weeks), again=True)
    assert done is not None
    return done


def fresh(world: KeptWorld) -> DatabaseKeyStore:
    """A node that starts now."""
    return DatabaseKeyStore(world.beheer, world.kek.keks)


def lasting(world: KeptWorld) -> dict[str, bytes]:
    """Every key that has to live on, as a node that starts now opens it."""
    store = fresh(world)
    rows = world.rows("SELECT name FROM wrapped_key WHERE wrapped IS NOT NULL")
    return {name: store._secret(name, None) for (name,) in rows if names.lasting(name)}


# A good KEK is not wiped -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [names.REGISTER, names.log_subject(HAARLEM)])
def test_a_row_that_is_skipped_in_the_replacement_stops_it_and_loses_no_key(world: KeptWorld, which: str) -> None:
    world.delivered(*world.signals(3))
    before = lasting(world)
    meddle(world, f"IF NEW.wrapped IS NOT NULL AND OLD.name = '{which}' THEN RETURN NULL; END IF;")
    with pytest.raises(Misconfigured, match="nam niet alle"):
        round_later(world)
    assert lasting(world) == before
    world.run("DROP TRIGGER a ON wrapped_key")
    assert round_later(world).replaced  # the control, and what was begun is finished
    assert lasting(world) == before


class Late(KekFile):
    """Between the commit and the end, the owner of the database does something."""

    def __init__(self, world: KeptWorld, *statements: tuple[str, tuple[object, ...]]) -> None:
        super().__init__(world.kek.path)
        self._world, self._statements, self._settled = world, statements, 0

    def keks(self) -> list[Kek]:
        self._settled += 1
        if self._settled == 2:
            for statement, values in self._statements:
                self._world.run(statement, *values)
        return super().keks()


def test_a_row_put_back_after_the_commit_keeps_both_keks(world: KeptWorld) -> None:
    world.delivered(*world.signals(3))
    before = lasting(world)
    ((wrapped, kek),) = world.rows("SELECT wrapped, kek FROM wrapped_key WHERE name = %s", names.REGISTER)
    late = Late(world, ("UPDATE wrapped_key SET wrapped = %s, kek = %s WHERE name = %s", (wrapped, kek, names.REGISTER)))
    with pytest.raises(Misconfigured, match="Blijvende sleutels"):
        keeping.replace_kek(world.keeper._replace(kek=late), anyway=True)
    assert len(world.kek.keks()) == 2  # whichever the row stands under, it opens
    assert lasting(world) == before


def test_everything_put_back_after_the_commit_destroys_no_kek_and_is_said(world: KeptWorld) -> None:
    world.delivered(*world.signals(3))
    before = lasting(world)
    for table in ("wrapped_key", "sleutelboek"):
        world.run(f"CREATE TABLE bewaard_{table} AS SELECT * FROM {table}")
    back = [(f"DELETE FROM {t}; INSERT INTO {t} SELECT * FROM bewaard_{t}", ()) for t in ("wrapped_key", "sleutelboek")]
    with pytest.raises(Misconfigured, match=r"teruggezet|staan weer"):
        keeping.replace_kek(world.keeper._replace(kek=Late(world, *back)), anyway=True)
    assert len(world.kek.keks()) == 2
    assert lasting(world) == before


# What is destroyed stays closed ----------------------------------------------------------------------------------------------------------


def stays_closed(world: KeptWorld, body: str) -> None:
    """With something between the gateway and its rows, a round destroys the payload key all the same."""
    world.delivered(*world.signals(3))
    with backup(world.dsns) as copy:
        last_week = world.kek.keks()[0]
        meddle(world, body)
        done = round_later(world)
        assert (len(done.keys), done.replaced) == (1, True)
        (today,) = world.kek.keks()
        assert (opened(copy, today)[0], opened(copy, last_week)[0]) == (0, 3)
    with pytest.raises(Misconfigured):
        fresh(world).key(done.keys[0])
    again = round_later(world)
    assert (again.keys, again.replaced) == ([], False)


def test_a_key_whose_removal_is_undone_is_left_under_the_old_kek(world: KeptWorld) -> None:
    stays_closed(world, _UNDO)
    assert round_later(world).unopened == 1


def test_a_trace_that_is_changed_does_not_keep_the_old_kek(world: KeptWorld) -> None:
    stays_closed(world, "IF NEW.wrapped IS NULL THEN NEW.kek := 'x'; END IF;")


def test_a_key_put_back_before_the_operator_replaces_the_kek_is_left_behind(world: KeptWorld) -> None:
    world.delivered(world.signal())
    by_hand = later(world, weeks=27)._replace(kek=None)
    meddle(world, _UNDO)
    done = keeping.run(by_hand, again=True)
    assert done is not None
    assert (len(done.keys), done.replaced, keeping.due(by_hand)) == (1, False, True)
    assert keeping.replace_kek(world.keeper)
    assert not keeping.due(by_hand)
    with pytest.raises(Misconfigured):
        fresh(world).key(done.keys[0])


def test_a_row_that_opens_with_nothing_is_counted_and_stops_no_round(world: KeptWorld) -> None:
    world.delivered(*world.signals(3))
    before = world.kek.path.read_bytes()
    ((kek,),) = world.rows("SELECT DISTINCT kek FROM wrapped_key")
    for name in ("z", "D-match/0392/x/y", "opslag/0392/2020-W01", f"D-match/{HAARLEM}/WGS-3-1-b/999"):
        world.run("INSERT INTO wrapped_key (name, wrapped, kek) VALUES (%s, 'z', %s)", name, kek)
    done = round_later(world)
    assert (len(done.keys), done.replaced, done.unopened) == (1, True, 4)
    assert world.kek.path.read_bytes() != before
    assert round_later(world).unopened == 4


def test_an_open_question_keeps_its_key_so_long_as_a_payload_may_live(world: KeptWorld) -> None:
    week = names.storage(HAARLEM, names.iso_week(world.today))
    world.keys.key(week)
    world.run("CREATE OR REPLACE FUNCTION opslag_nodig(namen text[]) RETURNS SETOF text LANGUAGE sql AS $$ SELECT unnest(namen) $$")
    assert round_later(world, 25).keys == []
    assert round_later(world, 28).keys == [week]


def test_a_round_that_the_database_says_was_done_is_done(world: KeptWorld) -> None:
    world.delivered(*world.signals(3))
    days = "SELECT d::date, now() FROM generate_series(now(), now() + interval '1 year', interval '1 day') d"
    world.run(f"INSERT INTO bewaring_ronde (dag, at) {days}")
    done = keeping.run(later(world, weeks=27))
    assert done is not None
    assert len(done.keys) == 1
    assert keeping.run(later(world, weeks=27)) is None  # the control: its own row counts


# No other key is made --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["D-log/betrokkene/%%", "D-match/%%", "D-log/1", "%%"])
def test_a_lasting_key_that_was_deleted_is_not_made_anew(world: KeptWorld, gone: str) -> None:
    world.delivered(world.signal())
    before = lasting(world)
    assert {names.log_subject(HAARLEM), names.pseudonym(HAARLEM, DOEL, 1), names.commitment()} <= before.keys()
    kept = world.rows("SELECT name, wrapped, kek FROM wrapped_key WHERE name LIKE %s", gone.replace("%%", "%"))
    assert kept
    world.run("DELETE FROM wrapped_key WHERE name LIKE %s", gone.replace("%%", "%"))
    for name in before.keys() & {row[0] for row in kept}:
        with pytest.raises(Misconfigured, match="ontbreekt"):
            fresh(world).key(name)
    for row in kept:  # the way back
        world.run("INSERT INTO wrapped_key (name, wrapped, kek) VALUES (%s, %s, %s)", *row)
    assert lasting(world) == before


def test_a_lasting_key_that_is_missing_stops_the_replacement(world: KeptWorld) -> None:
    world.delivered(world.signal())
    ((wrapped, kek),) = world.rows("SELECT wrapped, kek FROM wrapped_key WHERE name = %s", names.REGISTER)
    world.run("DELETE FROM wrapped_key WHERE name = %s", names.REGISTER)
    with pytest.raises(Misconfigured, match=names.REGISTER):
        keeping.replace_kek(world.keeper, anyway=True)
    world.run("INSERT INTO wrapped_key (name, wrapped, kek) VALUES (%s, %s, %s)", names.REGISTER, wrapped, kek)
    assert keeping.replace_kek(world.keeper, anyway=True)


def test_a_destroyed_key_whose_trace_was_deleted_is_not_made_anew(world: KeptWorld) -> None:
    pseudonyms.begin(past(world, LONG), HAARLEM)
    world.reread()
    world.delivered(world.signal())
    pseudonyms.lead(world.keeper, HAARLEM)
    (name,) = pseudonyms.destroy_old(later(world, days=2))
    world.run("DELETE FROM wrapped_key WHERE name = %s", name)
    with pytest.raises(Misconfigured, match="vernietigd"):
        fresh(world).key(name)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM sleutelboek",
        "UPDATE sleutelboek SET namen = array_remove(namen, 'D-log/1')",
        "UPDATE sleutelboek SET nummer = nummer + 1",
        "UPDATE sleutelboek SET zegel = sha256(zegel)",
    ],
)
def test_a_book_that_was_changed_makes_no_key(world: KeptWorld, statement: str) -> None:
    world.keys.key("D-log/1")
    fresh(world).key("D-log/9")  # the control
    world.run(statement)
    with pytest.raises(Misconfigured):
        fresh(world).key("D-log/8")
    assert not world.rows("SELECT FROM wrapped_key WHERE name = 'D-log/8'")


def test_an_earlier_book_is_refused_by_who_saw_a_later_one(world: KeptWorld) -> None:
    node = fresh(world)
    node.key("D-log/7")
    world.run("CREATE TABLE eerder AS SELECT * FROM sleutelboek")
    node.key("D-log/8")
    node.key("D-log/9")
    world.run("DELETE FROM sleutelboek; INSERT INTO sleutelboek SELECT * FROM eerder; DELETE FROM wrapped_key WHERE name = 'D-log/9'")
    with pytest.raises(Misconfigured, match="teruggezet"):
        node.key("D-log/6")


# An overlap has no hole ------------------------------------------------------------------------------------------------------------------


def test_a_version_whose_row_was_taken_away_for_a_while_does_not_lead(world: KeptWorld) -> None:
    pseudonyms.begin(past(world, LONG), HAARLEM)
    world.reread()
    world.delivered(world.signal(contractkenmerk="C-1"))
    columns = "zegel, gemeentecode, leidend, volgend, sinds"
    (row,) = world.rows(f"SELECT {columns} FROM pseudoniem_versie")
    world.run("DELETE FROM pseudoniem_versie")
    world.reread()
    (hole,) = world.delivered(world.signal(contractkenmerk="C-1"))
    world.run(f"INSERT INTO pseudoniem_versie ({columns}) VALUES (%s, %s, %s, %s, %s)", *row)
    world.reread()
    with pytest.raises(Conflict) as refused:
        pseudonyms.lead(world.keeper, HAARLEM)
    assert (refused.value.code, refused.value.detail[:2]) == ("NAMEN_ONTBREKEN", "1 ")
    world.run("UPDATE bericht SET received = received - interval '8 months' WHERE id = %s", hole)
    with pytest.raises(Conflict):  # its contract still counts
        pseudonyms.lead(world.keeper, HAARLEM)
    world.run("UPDATE bericht SET received = received - interval '8 months' WHERE id = %s", hole)
    assert pseudonyms.lead(world.keeper, HAARLEM).leading == 2


def test_history_without_a_next_name_keeps_the_version_from_leading(world: KeptWorld) -> None:
    pseudonyms.begin(past(world, LONG), HAARLEM)
    world.run("INSERT INTO historie VALUES (%s, %s, %s, 'p', NULL, %s, now())", HAARLEM, b"k" * 32, b"\x01" * 32, world.today)
    with pytest.raises(Conflict) as refused:
        pseudonyms.lead(world.keeper, HAARLEM)
    assert refused.value.code == "NAMEN_ONTBREKEN"
    world.run("UPDATE historie SET address_2 = %s", b"\x02" * 32)
    assert pseudonyms.lead(world.keeper, HAARLEM).leading == 2


def test_a_node_goes_on_with_the_newest_versions_that_it_saw(world: KeptWorld) -> None:
    source = RegisterSource(world.beheer, sealer(world.keys))
    source.refresh()
    assert source.current().pseudonym_versions(HAARLEM) == (1, None)
    pseudonyms.begin(past(world, LONG), HAARLEM)
    source.refresh()
    assert source.current().pseudonym_versions(HAARLEM) == (1, 2)
    world.run("DELETE FROM pseudoniem_versie")
    source.refresh()
    assert source.current().pseudonym_versions(HAARLEM) == (1, 2)


# No process keeps a KEK that was replaced ------------------------------------------------------------------------------------------------


def test_a_process_without_a_retention_round_drops_a_kek_that_was_replaced(world: KeptWorld) -> None:
    store = fresh(world)
    (old,) = world.kek.keks()
    keeping.replace_kek(world.keeper, anyway=True)
    assert store.kek(old.id).id == old.id  # the control: it has it still
    loop = forgetting(store, 0.01)
    loop.start()
    time.sleep(0.5)
    loop.close()
    with pytest.raises(Misconfigured):
        store.kek(old.id)


def test_the_sftp_edge_does_that_too(world: KeptWorld, tmp_path: Path) -> None:
    passwords = {role: conninfo_to_dict(getattr(world.dsns, role))["password"] for role in ROLES}
    state = tmp_path / "staat"
    state.mkdir(mode=0o700)
    (state / "database-rollen.json").write_text(json.dumps(passwords))
    (state / "database-rollen.json").chmod(0o600)
    with open_post(Settings(state=state, database_url=world.dsns.owner, kek=world.kek.path), SystemClock()):
        assert "sleutels" in {thread.name for thread in threading.enumerate()}
