"""Settings, baskets, clocks, follow-up partners and expiry on a real database."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey

from adapters.client import sealing as client
from adapters.client.opening import NotOpened, Opener
from gateway.core.chain import Sender
from gateway.core.clock import dutch_midnight
from gateway.core.errors import Conflict, Forbidden, Invalid, NotFound
from gateway.core.workdays import add_workdays
from gateway.inboxes import claiming, expiry, followup, reading, settings, sharing, sorting, terms
from gateway.inboxes.settings import Place
from gateway.mailbox import instellingen
from gateway.partners import choices
from gateway.partners.register import Deelnemer, GemeenteInstelling, Mandaat, Register
from gateway.partners.rows import sealer
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.policy.register import Purpose, PurposeRegister
from gateway.signals import afterwards
from gateway.store.tenant import municipality
from schemas.inbox import Bericht, ClaimAanvraag
from schemas.instellingen import (
    Drempels,
    Opvolgpartner,
    Opvolgpartners,
    Standaardwerkbak,
    Termijnregels,
    Velden,
    Voorwaarden,
    Werkbak,
    Werkbakken,
    Wijk,
    Zegelsleutel,
)  # fmt: skip
from schemas.opvolging import Contactvondst, Deling, OpvolgBericht, OpvolgClaim, OpvolgClaimAanvraag
from schemas.termijnen import Bedreigend, Mijlpalen
from tests.flows.world import CLERK, DOEL, HAARLEM, LANDLORD, TRACE, World

PARTNER = Sender("00000099000000004000", CLERK.principal)
TODAY = date(2021, 1, 1)
TEAM = Opvolgpartner(oin=PARTNER.party, naam="Belteam", veldgroepen=["contact"])


def bak(code: str, partner: str | None = None, **criteria: Any) -> Werkbak:
    return Werkbak(code=code, naam=code, kanaal="telefoon", voorwaarden=Voorwaarden(**criteria), opvolgpartner=partner)


def baskets(*rows: Werkbak, wijken: tuple[Wijk, ...] = ()) -> Werkbakken:
    return Werkbakken(standaard=Standaardwerkbak(code="rest", naam="Rest", kanaal="brief"), werkbakken=list(rows), wijken=list(wijken))


def rebuilt(world: World, key: Gemeentesleutel | None = None) -> Register:
    """The register of the world with the town, its partner and a mandate, and with what was set in the database."""
    old = world.register
    town = Deelnemer(CLERK.principal, "Haarlem", frozenset({"gemeente"}), "actief", gemeentecode=HAARLEM)
    partner = Deelnemer(PARTNER.party, "Belteam", frozenset({"uitvoerder"}), "actief")
    keys = [old.sealing_key(code) for code in old.gemeenten]
    with world.inbox.transaction(municipality(HAARLEM)) as connection:
        chosen, _ = choices.for_register(connection, sealer(world.keys))
    return Register(
        old.versie + 1,
        deelnemers=[*old.deelnemers.values(), town, partner],
        mandaten=[Mandaat(PARTNER.party, CLERK.principal, "uitvoerder", TODAY)],
        gemeenten=old.gemeenten.values(),
        sleutels=[*(k for k in keys if k), *([key] if key else [])],
        keuzes=chosen,
    )


@pytest.fixture
def put(world: World) -> Callable[[Any], Any]:
    """Sets a setting as the municipality, and lets the register see it."""
    world.register = rebuilt(world)

    def change(new: Any) -> Any:
        stand = settings.change(CLERK, Place(HAARLEM, world.register), TRACE, new, world.desk)
        world.register = rebuilt(world)
        return stand

    return change


def amount(cents: int) -> dict[str, Any]:
    return {"achterstand": {"bedragCent": cents, "ontstaansdatum": "2026-08-01"}}


def test_setting_is_versioned_logged_and_kept(world: World, put: Callable[[Any], Any]) -> None:
    place = Place(HAARLEM, world.register)
    assert settings.read(place, Werkbakken, world.desk).versie == 0
    assert put(baskets()).versie == 1
    assert put(baskets()).versie == 1  # the same again: no new version, no entry
    assert put(baskets(bak("a"))).versie == 2
    assert [e.registerversie for e in world.entries("instelling.gewijzigd")] == ["1", "2"]
    assert world.count("instelling") == 2
    assert settings.read(place, Termijnregels, world.desk).versie == 0


def test_setting_that_does_not_fit_is_refused_with_every_finding_and_changes_nothing(world: World, put: Callable[[Any], Any]) -> None:
    with pytest.raises(Invalid) as caught:
        put(baskets(bak("rest", partner=PARTNER.party), bak("b", wijken=["X"])))
    assert {f.code for f in caught.value.errors or ()} == {
        "WERKBAK_DUBBEL", "OPVOLGPARTNER_ONBEKEND", "WIJK_ONBEKEND", "TRIAGE_NIET_AAN",
    }  # fmt: skip
    assert world.count("instelling") == 0


def test_setting_that_only_does_not_fit_the_others_is_a_conflict(world: World, put: Callable[[Any], Any]) -> None:
    new = baskets(bak("a", partner=PARTNER.party))
    with pytest.raises(Conflict, match="INSTELLING_ONGELDIG") as caught:
        put(new)
    assert [f.code for f in caught.value.errors or ()] == ["OPVOLGPARTNER_ONBEKEND"]
    put(Opvolgpartners(opvolgpartners=[TEAM]))
    assert put(new).versie == 1  # the same setting, once the other one fits


def test_threshold_marks_new_signals_of_its_sector_and_shows_in_coverage(world: World, put: Callable[[Any], Any]) -> None:
    put(Drempels(drempels={"huur": 20_000}))
    (low,) = world.deliver(world.signal(**amount(19_999)))
    (high,) = world.deliver(world.signal(**amount(20_000)))
    assert "ONDER_DREMPEL_GEMEENTE" in {f.code for f in low.findings}
    assert low.status == high.status == "bezorgd"
    assert "ONDER_DREMPEL_GEMEENTE" not in {f.code for f in high.findings}
    assert world.register.threshold(HAARLEM, "gas") is None


def test_switched_off_field_does_not_travel(world: World, put: Callable[[Any], Any]) -> None:
    put(Velden(optionele_velden=[]))
    world.delivered(world.signal(klantnummer="884412"))
    claim = world.claim()
    assert set(claim.berichten[0].persoonsgegevens or ()) <= {"identiteit", "contact"}


def test_triage_attributes_are_kept_only_when_switched_on(world: World, put: Callable[[Any], Any]) -> None:
    world.delivered(world.signal())
    put(Velden(optionele_velden=[], triage=["postcode4", "ouderdom"]))
    put(baskets(bak("west", wijken=["WK1"]), wijken=(Wijk(code="WK1", postcodes=["2011"]),)))
    world.delivered(world.signal())
    before, after = world.page()
    assert (before.triage, before.werkbak) == (None, "rest")
    assert after.triage is not None
    assert (after.triage.wijk, after.werkbak) == ("WK1", "west")
    assert after.triage.ouderdom is not None
    metas = [bytes(row[0]) for row in world.rows("SELECT meta FROM bericht ORDER BY id")]
    assert [b"2011" in meta for meta in metas] == [False, True]


def test_baskets_divide_list_and_claim_and_drop_nothing(world: World, put: Callable[[Any], Any]) -> None:
    ids = world.delivered(*(world.signal(**amount(cents)) for cents in (10_000, 60_000, 20_000)))
    put(baskets(bak("hoog", bedrag_vanaf_cent=50_000)))
    assert [b.werkbak for b in world.page()] == ["rest", "hoog", "rest"]
    shown = reading.page(HAARLEM, world.desk, after=0, limit=100, werkbak="rest").berichten
    assert [b.id for b in shown] == [ids[0], ids[2]]
    request = ClaimAanvraag(doel=DOEL, maximum=10, lease_seconden=60, wijze="onbemand", werkbak="hoog")
    assert [b.id for b in claiming.claim(CLERK, HAARLEM, TRACE, request, world.desk).berichten] == [ids[1]]
    assert claiming.claim(CLERK, HAARLEM, TRACE, request, world.desk).berichten == []
    with pytest.raises(Conflict):
        reading.page(HAARLEM, world.desk, after=0, limit=1, werkbak="weg")


def test_trial_counts_last_month_and_keeps_and_logs_nothing(world: World) -> None:
    world.delivered(*(world.signal(**amount(cents)) for cents in (10_000, 60_000, 70_000)))
    events, stored = world.events(), world.count("instelling")
    assert sorting.trial(HAARLEM, baskets(), world.desk).totaal == 0  # this month is not last month
    world.clock.advance(timedelta(days=31))
    new = baskets(bak("hoog", bedrag_vanaf_cent=50_000), bak("hoogst", bedrag_vanaf_cent=65_000))
    found = sorting.trial(HAARLEM, new, world.desk)
    assert [(t.code, t.aantal, t.voldoet) for t in found.werkbakken] == [("hoog", 2, 2), ("hoogst", 0, 1), ("rest", 1, 3)]
    assert (found.totaal, world.events(), world.count("instelling")) == (3, events, stored)


def ask(**changes: Any) -> OpvolgClaimAanvraag:
    return OpvolgClaimAanvraag(**{"doel": DOEL, "maximum": 10, "lease_seconden": 60, "wijze": "bemand", **changes})


def sub_claim(world: World, caller: Sender = PARTNER, **changes: Any) -> OpvolgClaim:
    return followup.claim(caller, HAARLEM, TRACE, ask(**changes), world.desk, None)


def as_bericht(shown: OpvolgBericht, example: Bericht) -> Bericht:
    return msgspec.structs.replace(example, id=shown.id, persoonsgegevens=shown.persoonsgegevens, sleutels=shown.sleutels)


def test_partner_sees_and_opens_only_its_baskets_and_groups(world: World, put: Callable[[Any], Any]) -> None:
    contact = {"contact": {"telefoonnummers": ["+31612345678"]}}
    ids = world.delivered(world.signal(**amount(10_000), **contact), world.signal(**amount(60_000), **contact))
    put(Opvolgpartners(opvolgpartners=[TEAM]))
    put(baskets(bak("bellen", partner=PARTNER.party, bedrag_vanaf_cent=50_000)))
    assert [b.id for b in followup.page(PARTNER, HAARLEM, world.desk, after=0, limit=100).berichten] == [ids[1]]
    (taken,) = sub_claim(world).berichten
    assert (taken.id, set(taken.persoonsgegevens or ())) == (ids[1], {"contact"})
    opened = Opener().open(as_bericht(taken, world.page()[0]))
    assert opened["contact"]["telefoonnummers"] == ["+31612345678"]
    (entry,) = world.entries("opvolging.geclaimd")
    assert (entry.partij, entry.principaal, entry.bericht) == (PARTNER.party, CLERK.principal, ids[1])
    assert (entry.veldgroepen, entry.rij) == (("contact",), "WGS-3-1-b/opvolging/2021")
    assert entry.artikel
    assert world.state_of(ids[1]) == "bezorgd"  # the municipality's own claim stands apart
    assert not {"schuldeiser", "bedragCent"} & set(msgspec.to_builtins(taken))


def test_partner_lease_holds_can_be_given_back_and_finished(world: World, put: Callable[[Any], Any]) -> None:
    world.delivered(world.signal())
    put(Opvolgpartners(opvolgpartners=[TEAM]))
    put(baskets(bak("bellen", partner=PARTNER.party)))
    first = sub_claim(world)
    assert sub_claim(world).berichten == []
    assert followup.release(PARTNER, HAARLEM, TRACE, first.id, world.desk).aantal == 1
    second = sub_claim(world)
    assert len(second.berichten) == 1
    assert followup.finish(PARTNER, HAARLEM, TRACE, second.id, world.desk).aantal == 1
    assert followup.page(PARTNER, HAARLEM, world.desk, after=0, limit=10).berichten == []
    with pytest.raises(NotFound):
        followup.release(PARTNER, HAARLEM, TRACE, UUID(int=7), world.desk)
    assert [e.resultaat for e in world.entries("opvolging.beeindigd")] == ["vrijgegeven", "afgerond"]


def test_who_is_no_partner_gets_nothing_and_leaves_no_disclosure(world: World, put: Callable[[Any], Any]) -> None:
    world.delivered(world.signal())
    put(Opvolgpartners(opvolgpartners=[TEAM]))
    with pytest.raises(Forbidden):
        sub_claim(world, Sender("00000099000000005000", CLERK.principal))
    with pytest.raises(Forbidden):
        sub_claim(world, doel="WGS-9-statistiek")
    assert sub_claim(world).berichten == []  # a partner without a basket
    assert world.entries("opvolging.geclaimd") == []


def test_partner_gets_nothing_of_a_sector_that_may_not_be_shared(world: World, put: Callable[[Any], Any]) -> None:
    world.delivered(world.signal())
    put(Opvolgpartners(opvolgpartners=[TEAM]))
    put(baskets(bak("bellen", partner=PARTNER.party)))
    bare = world.desk._replace(purposes=PurposeRegister(_without_sharing(p) for p in world.desk.purposes.purposes()))
    assert followup.page(PARTNER, HAARLEM, bare, after=0, limit=10).berichten == []
    assert followup.claim(PARTNER, HAARLEM, TRACE, ask(), bare, None).berichten == []
    assert world.entries("opvolging.geclaimd") == []
    assert len(sub_claim(world).berichten) == 1  # the control: with the row it may


def _without_sharing(purpose: Purpose) -> Purpose:
    """As it is today for the sectors of the experiments: a partner may read, but no message of the sector may be shared."""
    return msgspec.structs.replace(purpose, rij=tuple(row for row in purpose.rij if row.berichtsoorten != ("deling",)))


def test_message_waits_for_the_matching_day_of_the_municipality_for_its_partner_too(world: World, put: Callable[[Any], Any]) -> None:
    world.clock.at = dutch_midnight(world.today.replace(day=10)) + timedelta(hours=12)
    world.delivered(world.signal())
    put(Opvolgpartners(opvolgpartners=[TEAM]))
    put(baskets(bak("bellen", partner=PARTNER.party)))
    with world.inbox.transaction(municipality(HAARLEM)) as connection:
        instellingen.set_ritme(connection, HAARLEM, 5, world.clock.now())
    assert world.claim().berichten == []
    assert sub_claim(world).berichten == []
    assert len(followup.page(PARTNER, HAARLEM, world.desk, after=0, limit=10).berichten) == 1  # it may know what is to come
    with world.inbox.transaction(municipality(HAARLEM)) as connection:
        instellingen.set_ritme(connection, HAARLEM, 10, world.clock.now())
    assert len(sub_claim(world).berichten) == 1  # the control


def test_message_of_more_than_half_a_year_ago_is_no_longer_followed_up(world: World, put: Callable[[Any], Any]) -> None:
    world.delivered(world.signal())
    put(Opvolgpartners(opvolgpartners=[TEAM]))
    put(baskets(bak("bellen", partner=PARTNER.party)))
    first = sub_claim(world)
    assert len(first.berichten) == 1  # the control
    followup.release(PARTNER, HAARLEM, TRACE, first.id, world.desk)
    world.clock.advance(timedelta(days=183))
    assert sub_claim(world).berichten == []


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def public(key: ec.EllipticCurvePrivateKey, kid: str) -> Zegelsleutel:
    jwk = ECKey.import_key(key).as_dict(private=False)
    return Zegelsleutel(kty="EC", crv="P-256", kid=kid, x=str(jwk["x"]), y=str(jwk["y"]))


def test_own_key_municipality_shares_sealed_group_keys(world: World, put: Callable[[Any], Any]) -> None:
    town, team = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    jwk = dict(ECKey.import_key(town).as_dict(private=False))
    world.register = rebuilt(world, Gemeentesleutel(HAARLEM, "eigen-1", "eigen", jwk))
    (id,) = world.delivered(world.signal(contact={"telefoonnummers": ["+31612345678"]}))
    partner = msgspec.structs.replace(TEAM, sleutel=public(team, "team-1"))
    put(Opvolgpartners(opvolgpartners=[partner]))
    put(baskets(bak("bellen", partner=PARTNER.party)))
    (listed,) = followup.page(PARTNER, HAARLEM, world.desk, after=0, limit=10).berichten
    assert listed.gedeeld is False
    assert sub_claim(world).berichten == []  # nothing was shared yet
    (claimed,) = world.claim().berichten
    deling = client.share(claimed, ["contact"], Opener(pem(town)), PARTNER.party, public(team, "team-1"))
    sharing.share(CLERK, HAARLEM, TRACE, id, deling, world.desk)
    (taken,) = sub_claim(world).berichten
    assert taken.sleutels is not None
    token = (taken.sleutels.groepssleutels or {})["contact"]
    key = client.open_shared(token, pem(team), id, "contact")
    plain = msgspec.structs.replace(taken.sleutels, groepssleutels={"contact": _base64url(key)})
    opened = Opener().open(msgspec.structs.replace(as_bericht(taken, claimed), sleutels=plain))
    assert opened["contact"]["telefoonnummers"] == ["+31612345678"]
    with pytest.raises(NotOpened):
        client.open_shared(token, pem(team), UUID(int=1), "contact")
    with pytest.raises(NotOpened):
        client.open_shared(token, pem(town), id, "contact")
    (entry,) = world.entries("bericht.gedeeld")
    assert (entry.ontvanger, entry.rij) == (PARTNER.party, "WGS-3-1-b/deling/2021")


def _base64url(key: bytes) -> str:
    return urlsafe_b64encode(key).rstrip(b"=").decode()


def test_sharing_refuses_other_groups_other_keys_and_a_managed_key(world: World, put: Callable[[Any], Any]) -> None:
    town, team = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    (managed,) = world.delivered(world.signal())
    world.register = rebuilt(world, Gemeentesleutel(HAARLEM, "eigen-1", "eigen", dict(ECKey.import_key(town).as_dict(private=False))))
    (id,) = world.delivered(world.signal())
    put(Opvolgpartners(opvolgpartners=[msgspec.structs.replace(TEAM, sleutel=public(team, "team-1"))]))
    own = next(b for b in world.claim().berichten if b.id == id)
    good = client.share(own, ["contact"], Opener(pem(town)), PARTNER.party, public(team, "team-1"))
    other = client.share(own, ["contact"], Opener(pem(town)), PARTNER.party, public(team, "anders"))
    group = Deling(opvolgpartner=PARTNER.party, sleutels={"klant": good.sleutels["contact"]})
    for bad, code in ((other, "NIET_VOOR_DEZE_SLEUTEL"), (group, "VELDGROEP_NIET_TOEGESTAAN")):
        with pytest.raises(Conflict) as caught:
            sharing.share(CLERK, HAARLEM, TRACE, id, bad, world.desk)
        assert caught.value.code == code
    with pytest.raises(Conflict):
        sharing.share(CLERK, HAARLEM, TRACE, managed, good, world.desk)
    assert world.count("deling") == 0


def test_found_contact_data_opens_for_the_municipality_only(world: World) -> None:
    town = ec.generate_private_key(ec.SECP256R1())
    found = Contactvondst(bericht=UUID(int=5), telefoonnummers=["+31612345678"])
    token = client.seal_contact(found, public(town, "eigen-1"))
    assert client.open_contact(token, pem(town), UUID(int=5)) == found
    with pytest.raises(NotOpened):
        client.open_contact(token, pem(town), UUID(int=6))
    with pytest.raises(NotOpened):
        client.open_contact(token, pem(ec.generate_private_key(ec.SECP256R1())), UUID(int=5))


def test_threatening_is_told_logged_counted_and_taken_back(world: World) -> None:
    (id,) = world.delivered(world.signal())
    told = terms.threaten(CLERK, HAARLEM, TRACE, id, Bedreigend(bedreigend=True), world.desk)
    assert told.mijlpalen == {"bedreigend": world.today}
    world.clock.advance(timedelta(days=9))
    (late,) = terms.page(HAARLEM, world.desk, after=0, limit=10, stand="overschreden", soort="bedreigend").termijnen
    assert late.bericht == id
    assert terms.threaten(CLERK, HAARLEM, TRACE, id, Bedreigend(bedreigend=False), world.desk).mijlpalen == {}
    assert world.events().count("mijlpaal.vastgelegd") == 2
    with pytest.raises(Conflict):
        terms.milestones(CLERK, HAARLEM, TRACE, id, Mijlpalen(eerste_contact=world.today + timedelta(days=1)), world.desk)
    with pytest.raises(NotFound):
        terms.threaten(CLERK, "0344", TRACE, id, Bedreigend(bedreigend=True), world.desk)


def test_milestone_from_long_ago_is_refused_and_spoils_no_list(world: World) -> None:
    (id,) = world.delivered(world.signal())
    for day in (date(1, 1, 2), world.today - timedelta(days=400)):
        with pytest.raises(Conflict) as refused:
            terms.threaten(CLERK, HAARLEM, TRACE, id, Bedreigend(bedreigend=True, sinds=day), world.desk)
        assert [f.pointer for f in refused.value.errors or ()] == ["/sinds"]
    terms.threaten(CLERK, HAARLEM, TRACE, id, Bedreigend(bedreigend=True, sinds=world.today - timedelta(days=300)), world.desk)
    assert {t.soort for t in terms.page(HAARLEM, world.desk, after=0, limit=10).termijnen} >= {"bedreigend"}


def test_message_of_a_row_that_is_no_more_holds_up_no_other(world: World) -> None:
    lost, kept = world.delivered(world.signal(), world.signal())
    world.run("UPDATE bericht SET purpose_row = 'WGS-3-1-b/weg/2019' WHERE id = %s", lost)
    assert terms.page(HAARLEM, world.desk, after=0, limit=10).termijnen
    day = world.today
    assert after(world, day, 20) == (4, 2)
    assert {world.state_of(lost), world.state_of(kept)} == {"verlopen"}


def after(world: World, received: date, working_days: int) -> expiry.Done:
    """A run at noon of the day on which so many working days have passed."""
    world.clock.at = dutch_midnight(add_workdays(received, working_days)) + timedelta(hours=12)
    return expiry.run(world.desk, world.tasks, CLERK.party, lambda: TRACE)


def test_unfetched_messages_are_reported_once_and_then_expire_for_both_sides(world: World) -> None:
    kept, gone = world.delivered(world.signal(), world.signal())
    request = ClaimAanvraag(doel=DOEL, maximum=1, lease_seconden=86_400, wijze="onbemand")
    claimed = claiming.claim(CLERK, HAARLEM, TRACE, request, world.desk).berichten[0].id
    waiting = gone if claimed == kept else kept
    day = world.today
    runs = [after(world, day, count) for count in (4, 5, 5, 9, 10, 19, 20, 20)]
    assert runs == [(0, 0), (1, 0), (0, 0), (0, 0), (1, 0), (0, 0), (0, 1), (0, 0)]
    assert (world.state_of(waiting), world.state_of(claimed)) == ("verlopen", "geclaimd")
    assert afterwards.state(LANDLORD.principal, waiting, world.steps).status == "verlopen"
    assert world.rows("SELECT payload FROM bericht WHERE id = %s", waiting) == [(None,)]
    assert [e.bericht for e in world.entries("bericht.verlopen")] == [waiting]
    assert [e.werkdagen for e in world.entries("onopgehaald.gemeld")] == [5, 10]


def test_expired_signal_may_be_offered_again_as_a_new_message_linked_to_the_old(world: World) -> None:
    signal = world.signal()
    (old,) = world.delivered(signal)
    (again,) = world.deliver(signal)
    assert (again.id, again.repeated) == (old, True)  # while it waits it is the same message
    assert after(world, world.today, 20).expired == 1
    (new,) = world.deliver(signal)
    assert (new.status, new.repeated) == ("bezorgd", False)
    assert new.id != old
    world.number()
    assert world.page()[-1].eerder_bericht == old
    (twice,) = world.deliver(signal)
    assert (twice.id, twice.repeated) == (new.id, True)
    assert afterwards.state(LANDLORD.principal, old, world.steps).status == "verlopen"
    assert world.verify().ok


def test_denied_by_the_purpose_register_is_logged_with_its_version(world: World) -> None:
    world.register = Register(2, deelnemers=[Deelnemer(LANDLORD.principal, "X", frozenset({"schuldeiser"}), "actief", frozenset({"huur"}),
                              frozenset({"Woningstichting Voorbeeld"}))], gemeenten=[GemeenteInstelling(HAARLEM, "H", TODAY)])  # fmt: skip
    (outcome,) = world.deliver(world.signal())
    assert "DOEL_NIET_TOEGESTAAN" in {f.code for f in outcome.findings}
    assert world.entries("signaal.geweigerd")[0].registerversie == world.desk.purposes.version


def test_delivered_entry_names_row_article_and_version(world: World) -> None:
    world.delivered(world.signal())
    (entry,) = world.entries("signaal.bezorgd")
    assert (entry.rij, entry.registerversie) == ("WGS-3-1-b/huur/2021", world.desk.purposes.version)
    assert "Bgs" in entry.artikel
