"""A setting counts only when the gateway wrote it: somebody with the database alone changes nothing about which data go to whom."""

from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
import pytest
from structlog.testing import capture_logs

from gateway.core.errors import Misconfigured
from gateway.inboxes import followup, settings, sharing
from gateway.inboxes.settings import Place
from gateway.partners import choices
from gateway.partners.rows import sealer, stamp
from gateway.partners.source import load
from gateway.store.tenant import municipality
from schemas.instellingen import Drempels, Inhaalslag, Opvolgpartners, Termijnregels, Velden, Werkbakken
from schemas.opvolging import Deling
from schemas.strict import canonical
from tests.flows.test_triage import PARTNER, TEAM, bak, baskets, put, rebuilt, sub_claim
from tests.flows.world import CLERK, HAARLEM, TRACE, UTRECHT, World

__all__ = ["put"]
MORE = Opvolgpartners(opvolgpartners=[msgspec.structs.replace(TEAM, veldgroepen=["identiteit", "contact"])])
BOTH = Velden(optionele_velden=["geboortedatum", "klantnummer"], triage=["postcode4"])


def forge(world: World, value: Any, seal: bytes | None = None) -> None:
    """A newer version past the gateway."""
    world.run(
        "INSERT INTO instelling (gemeentecode, naam, versie, waarde, gewijzigd_op, partij, zegel) VALUES (%s, %s, 99, %s, now(), %s, %s)",
        HAARLEM, choices.NAMES[type(value)], canonical(value), CLERK.party, seal,
    )  # fmt: skip


def current(world: World, kind: Any, default: Any) -> Any:
    with world.inbox.transaction(municipality(HAARLEM)) as connection:
        return choices.current(connection, HAARLEM, kind, default, world.desk.seals)


def basket(world: World, put: Callable[[Any], Any]) -> None:
    world.delivered(world.signal(contact={"telefoonnummers": ["+31612345678"]}))
    put(Opvolgpartners(opvolgpartners=[TEAM]))
    put(baskets(bak("bellen", partner=PARTNER.party)))


def test_partner_gets_what_the_municipality_set_and_nothing_under_a_row_past_the_gateway(world: World, put: Callable[[Any], Any]) -> None:
    basket(world, put)
    first = sub_claim(world)
    assert set(first.berichten[0].persoonsgegevens or ()) == {"contact"}  # the control
    followup.release(PARTNER, HAARLEM, TRACE, first.id, world.desk)
    forge(world, MORE)
    for refused in (lambda: sub_claim(world), lambda: followup.page(PARTNER, HAARLEM, world.desk, after=0, limit=10)):
        with pytest.raises(Misconfigured):
            refused()
    with pytest.raises(Misconfigured):
        sharing.share(CLERK, HAARLEM, TRACE, first.berichten[0].id, Deling(opvolgpartner=PARTNER.party, sleutels={}), own_key(world))
    assert len(world.entries("opvolging.geclaimd")) == 1


def own_key(world: World) -> Any:
    world.run("UPDATE content_key SET wijze = 'eigen'")
    return world.desk


def test_baskets_past_the_gateway_send_no_message_to_a_partner(world: World, put: Callable[[Any], Any]) -> None:
    world.delivered(world.signal())
    put(Opvolgpartners(opvolgpartners=[TEAM]))
    put(baskets())
    assert sub_claim(world).berichten == []
    forge(world, baskets(bak("bellen", partner=PARTNER.party)))
    with pytest.raises(Misconfigured):
        sub_claim(world)


SETTINGS: list[tuple[Any, Any]] = [
    (Opvolgpartners(opvolgpartners=[TEAM]), Opvolgpartners(opvolgpartners=[])),
    (baskets(bak("a")), baskets()),
    (Termijnregels(analyse_dagen=7), Termijnregels()),
    (Inhaalslag(per_dag=3), Inhaalslag()),
    (Velden(optionele_velden=[]), BOTH),
    (Drempels(drempels={"huur": 100}), Drempels(drempels={})),
]


@pytest.mark.parametrize(("mine", "default"), SETTINGS, ids=[type(one).__name__ for one, _ in SETTINGS])
@pytest.mark.parametrize("change", ["waarde = '{}'", "partij = '00000099000000008000'", "zegel = NULL", "versie = versie + 1",
                                    "gewijzigd_op = now() - interval '1 day'", "gemeentecode = '0344'"])  # fmt: skip
def test_every_column_of_a_setting_is_under_its_seal(world: World, put: Callable[[Any], Any], mine: Any, default: Any, change: str) -> None:
    put(mine)
    assert current(world, type(mine), default) == mine  # the control
    world.run(f"UPDATE instelling SET {change}")
    place = UTRECHT if "gemeentecode" in change else HAARLEM
    with world.inbox.transaction(municipality(place)) as connection, pytest.raises(Misconfigured):
        choices.current(connection, place, type(mine), default, world.desk.seals)


def test_an_older_version_does_not_take_the_place_of_a_forged_one(world: World, put: Callable[[Any], Any]) -> None:
    put(Opvolgpartners(opvolgpartners=[TEAM]))
    seal = bytes(world.rows("SELECT zegel FROM instelling")[0][0])
    forge(world, MORE, seal)
    with pytest.raises(Misconfigured):
        current(world, Opvolgpartners, settings.NO_PARTNERS)
    with pytest.raises(Misconfigured):
        settings.read(Place(HAARLEM, world.register), Opvolgpartners, world.desk)


def test_municipality_puts_its_own_setting_over_forged_ones(world: World, put: Callable[[Any], Any]) -> None:
    basket(world, put)
    forge(world, MORE)
    forge(world, baskets(bak("alles", partner=PARTNER.party)))
    assert put(Opvolgpartners(opvolgpartners=[TEAM])).versie == 100
    assert put(baskets(bak("bellen", partner=PARTNER.party))).versie == 100
    assert len(sub_claim(world).berichten) == 1
    assert settings.read(Place(HAARLEM, world.register), Werkbakken, world.desk).versie == 100


@pytest.mark.parametrize("value", [b'{"optioneleVelden":["geboortedatum","klantnummer"],"triage":["postcode4"]}', b"{}", b"\xff"])
def test_fields_past_the_gateway_do_not_travel_and_close_nobody_else(world: World, put: Callable[[Any], Any], value: bytes) -> None:
    put(Velden(optionele_velden=["klantnummer"]))
    world.run("UPDATE instelling SET waarde = %s", value)
    with psycopg.connect(world.dsns.beheer) as connection, capture_logs() as said:
        load(connection, sealer(world.keys))
    world.register = rebuilt(world)
    assert said == [{"event": "register_rij_ongeldig", "tabel": "instelling", "log_level": "warning"}]
    assert (world.register.optional_fields(HAARLEM), world.register.triage(HAARLEM)) == (frozenset(), frozenset())
    assert world.register.optional_fields(UTRECHT) == {"geboortedatum", "klantnummer"}
    world.delivered(world.signal(klantnummer="884412"))
    assert set(world.claim().berichten[0].persoonsgegevens or ()) <= {"identiteit", "contact"}


def test_sealed_setting_that_no_longer_reads_closes_itself_only(world: World, put: Callable[[Any], Any]) -> None:
    put(Drempels(drempels={"huur": 500}))
    put(BOTH)
    rows = world.rows("SELECT gemeentecode, naam, versie, waarde, gewijzigd_op, partij FROM instelling WHERE naam = 'drempels'")
    names = ("gemeentecode", "naam", "versie", "waarde", "gewijzigd_op", "partij")
    old = {**dict(zip(names, rows[0], strict=True)), "waarde": b'{"oud":1}'}
    zegel = stamp(choices.TABLE, old, sealer(world.keys))
    world.run("UPDATE instelling SET waarde = %s, zegel = %s WHERE naam = 'drempels'", old["waarde"], zegel)
    world.register = rebuilt(world)
    assert world.register.threshold(HAARLEM, "huur") is None
    assert world.register.triage(HAARLEM) == {"postcode4"}


def test_a_setting_counts_for_what_it_was_set_for_only(world: World) -> None:
    """The seal names the municipality and the setting: a row cannot be moved to another."""
    with world.inbox.transaction(municipality(HAARLEM)) as connection:
        made, _ = choices.save(connection, HAARLEM, Termijnregels(), world.clock.now(), CLERK.party, world.desk.seals)
    assert made.nr == 1
    world.run(f"INSERT INTO instelling SELECT zegel, '{UTRECHT}', naam, versie, waarde, gewijzigd_op, partij FROM instelling")
    with world.inbox.transaction(municipality(HAARLEM)) as connection:
        assert choices.current(connection, HAARLEM, Termijnregels, Termijnregels(), world.desk.seals) == Termijnregels()
    with world.inbox.transaction(municipality(UTRECHT)) as connection, pytest.raises(Misconfigured):
        choices.current(connection, UTRECHT, Termijnregels, Termijnregels(), world.desk.seals)
