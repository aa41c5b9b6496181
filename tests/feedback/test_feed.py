"""From outcome to a creditor's feed on a real database: order, moments, taking back, and what never shows."""

from datetime import date, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from gateway.core import ids
from gateway.core.errors import Conflict, Invalid
from gateway.feedback import feed, giving, recording
from gateway.partners.register import Deelnemer, Keuzes, Register
from gateway.signals import afterwards
from gateway.store.prepare import Dsns
from gateway.store.tenant import municipality, task
from schemas.signaal import IntrekkingAanvraag
from schemas.strict import Refused
from schemas.terugkoppeling import TerugkoppelAanvraag, Terugkoppelkeuze, Terugkoppelkeuzen
from tests.feedback.town import CLERK, COUNSELLOR, HAARLEM, LANDLORD, OTHER, TRACE, UTRECHT, Town
from tests.tenants import acting


def test_result_tells_each_sender_its_own_kenmerk_and_nothing_of_the_other(town: Town) -> None:
    (mine,), (theirs,) = town.take(), town.take(sender=OTHER)
    town.finish(town.open(mine, theirs), "overleden")
    town.release()
    assert [(i.kenmerk, i.code) for i in town.feed(LANDLORD)] == [(town.kenmerk(mine), "overleden")]
    assert [(i.kenmerk, i.code) for i in town.feed(OTHER)] == [(town.kenmerk(theirs), "overleden")]


def test_coarse_result_waits_for_the_week_and_shows_no_day(town: Town) -> None:
    (id,) = town.take()
    town.finish(town.open(id), "bemoeizorg")
    town.release()
    assert town.feed() == []
    town.week()
    (item,) = town.feed()
    assert item.code == "afgerond_zonder_detail"
    assert town.today.isocalendar().week == int(item.week[-2:])
    assert set(msgspec.to_builtins(item)) == {"kenmerk", "code", "omschrijving", "week"}


def test_no_residents_are_equal_in_text_moment_and_state_whether_forwarded_or_not(town: Town) -> None:
    stays, goes = town.take(2)
    (arrived,) = town.take(gemeente=UTRECHT)
    town.reject(stays, "geen_inwoner")
    town.forward(goes, arrived)
    town.release()
    assert town.feed() == []
    town.week()
    one, two = town.feed()
    assert {one.kenmerk, two.kenmerk} == {town.kenmerk(stays), town.kenmerk(goes)}
    plain = [msgspec.json.encode(msgspec.structs.replace(item, kenmerk="K")) for item in (one, two)]
    assert plain[0] == plain[1]
    first, second = (afterwards.state(LANDLORD.principal, id, town.steps) for id in (stays, goes))
    assert first.status == second.status == "afgewezen"
    rows = town.rows("SELECT vrij_vanaf, week, tekst, pauze_tot, rij FROM terugkoppeling WHERE gemeente = %s", HAARLEM)
    assert len(set(rows)) == 1


def test_nothing_comes_back_of_a_message_that_was_forwarded(town: Town) -> None:
    (goes,), (arrived,) = town.take(), town.take(gemeente=UTRECHT)
    town.forward(goes, arrived)
    town.finish(town.open(arrived, gemeente=UTRECHT), "overleden", gemeente=UTRECHT)
    assert town.give(goes, code="schuldhulpverlening_loopt", by=COUNSELLOR)[0].reden == "AL_AFGESLOTEN"
    town.week()
    assert town.codes() == ["geen_inwoner"]
    assert town.entries("terugkoppeling.onthouden")[0].regels == ("BERICHT_DOORGEZONDEN",)


def test_control_without_the_silence_the_other_municipality_would_show(town: Town) -> None:
    (goes,), (arrived,) = town.take(), town.take(gemeente=UTRECHT)
    town.forward(goes)
    town.finish(town.open(arrived, gemeente=UTRECHT), "overleden", gemeente=UTRECHT)
    town.week()
    assert sorted(town.codes()) == ["geen_inwoner", "overleden"]


def test_an_end_takes_back_what_was_told_and_keeps_the_cursor_going(town: Town) -> None:
    (id,) = town.take()
    town.give(id, code="schuldhulpverlening_loopt", by=COUNSELLOR)
    town.release()
    assert town.codes() == ["schuldhulpverlening_loopt"]
    town.give(id, code="schuldhulpverlening_beeindigd", by=COUNSELLOR)
    town.release()
    assert town.codes() == ["schuldhulpverlening_beeindigd"]
    assert [i.code for i in town.feed(after=1)] == ["schuldhulpverlening_beeindigd"]
    town.give(id, code="schuldhulpverlening_loopt", by=COUNSELLOR)
    town.release()
    assert town.codes() == ["schuldhulpverlening_loopt"]


def test_what_is_taken_back_before_its_release_never_shows(town: Town) -> None:
    (id,) = town.take()
    town.give(id, code="schuldhulpverlening_loopt", by=COUNSELLOR)
    town.give(id, code="schuldhulpverlening_beeindigd", by=COUNSELLOR)
    town.release()
    assert town.codes() == ["schuldhulpverlening_beeindigd"]


def test_accepted_help_pauses_for_30_days_once_the_ground_is_recorded(town: Town) -> None:
    (id,) = town.take()
    assert town.give(id, code="hulp_geaccepteerd")[0].reden == "TERUGKOPPELING_STAAT_UIT"
    with pytest.raises(Invalid, match="GROND_VERPLICHT"):
        town.choose("hulp_geaccepteerd", on=True)
    town.choose("hulp_geaccepteerd", on=True, since=town.today)
    (told,) = town.give(id, code="hulp_geaccepteerd")
    assert told.ziet is not None
    assert told.ziet.pauze_tot == town.today + timedelta(days=30)
    town.release()
    assert town.feed() == [told.ziet]


def test_preview_is_what_the_creditor_sees_and_writes_nothing(town: Town) -> None:
    berichten = town.take(3)
    request = TerugkoppelAanvraag(berichten=berichten, code="herhaalde_melding")
    before = (town.count("log_entry"), town.count("terugkoppeling"))
    shown = giving.preview(CLERK, HAARLEM, TRACE, request, town.counter)
    assert (town.count("log_entry"), town.count("terugkoppeling")) == before
    assert giving.give(CLERK, HAARLEM, TRACE, request, town.counter) == shown
    town.release()
    assert sorted(map(repr, town.feed())) == sorted(repr(u.ziet) for u in shown.uitkomsten)


def test_message_of_another_inbox_is_unknown_with_its_pointer_and_nothing_is_told(town: Town) -> None:
    (mine,), (other,) = town.take(), town.take(gemeente=UTRECHT)
    with pytest.raises(Conflict) as refused:
        town.give(mine, other, ids.new(), code="herhaalde_melding")
    assert [e.pointer for e in refused.value.errors or ()] == ["/berichten/1", "/berichten/2"]
    assert town.count("terugkoppeling") == 0


def test_withdrawn_signal_and_unfit_receiver_hear_nothing(town: Town) -> None:
    withdrawn, left = town.take(2)
    afterwards.withdraw(LANDLORD, TRACE, withdrawn, IntrekkingAanvraag(reden="betaald"), town.steps, town.number)
    assert town.give(withdrawn, code="herhaalde_melding")[0].reden == "SIGNAAL_INGETROKKEN"
    gone = [msgspec.structs.replace(d, status="beeindigd") for d in town.register.deelnemers.values()]
    town.rebuild(gone, list(town.register.gemeenten.values()))
    assert town.give(left, code="herhaalde_melding")[0].reden == "ONTVANGER_NIET_BEVOEGD"
    town.rebuild([Deelnemer(d.oin, d.naam, frozenset({"gemeente"}), "actief") for d in gone], [])
    assert town.give(left, code="herhaalde_melding")[0].reden == "ONTVANGER_NIET_BEVOEGD"


def test_unfounded_by_amount_follows_the_published_threshold(town: Town) -> None:
    high, low = town.take(1, achterstand={"bedragCent": 10_000, "ontstaansdatum": str(town.today - timedelta(days=60))}) + town.take(
        1, achterstand={"bedragCent": 9_999, "ontstaansdatum": str(town.today - timedelta(days=60))}
    )
    outcomes = town.give(high, low, code="onterecht_signaal", grond="onder_drempel")
    assert [o.reden for o in outcomes] == ["DREMPEL_GELDT_NIET", None]


def test_unfounded_by_amount_follows_the_threshold_of_the_sector(town: Town) -> None:
    (id,) = town.take(achterstand={"bedragCent": 15_000, "ontstaansdatum": str(town.today - timedelta(days=60))})
    (before,) = town.give(id, code="onterecht_signaal", grond="onder_drempel")
    assert before.reden == "DREMPEL_GELDT_NIET"  # the control: the general threshold is 100 euro
    old, keys = town.register, [key for code in (HAARLEM, UTRECHT) if (key := town.register.sealing_key(code))]
    chosen = [Keuzes(HAARLEM, drempels={"huur": 20_000})]
    town.register = Register(
        3, deelnemers=old.deelnemers.values(), gemeenten=old.gemeenten.values(), sleutels=keys, keuzes=chosen
    )  # fmt: skip
    (after,) = town.give(id, code="onterecht_signaal", grond="onder_drempel")
    assert after.ziet is not None


def test_every_verdict_is_on_record_without_its_reason(town: Town) -> None:
    (id,) = town.take()
    town.choose("overleden", on=True)
    town.finish(town.open(id), "vervolghulp_niet_financieel")
    (told,) = town.entries("terugkoppeling.vastgelegd")
    assert (told.bericht, told.resultaat, told.rij, told.doel) == (id, "afgerond_zonder_detail", "TK-09", "WGS-8-2-terugkoppeling")
    assert told.registerversie == town.feedback.policy.version
    bodies = b"".join(bytes(row[0]) for row in town.rows("SELECT body FROM log_entry"))
    assert b"vervolghulp" not in bodies
    assert town.events()[-4:] == ["terugkoppeling.keuze_gewijzigd", "zaak.geopend", "zaak.afgesloten", "terugkoppeling.vastgelegd"]


def test_choices_read_back_and_the_rest_stays(town: Town) -> None:
    town.choose("overleden", on=False)
    town.choose("hulp_geaccepteerd", on=True, since=date(2026, 1, 1))
    keuzen = giving.choices(HAARLEM, town.counter).keuzen
    assert [(k.code, k.aan, bool(k.grond)) for k in keuzen] == [("hulp_geaccepteerd", True, True), ("overleden", False, False)]
    assert giving.choices(UTRECHT, town.counter) == Terugkoppelkeuzen(keuzen=list[Terugkoppelkeuze]())


def insert(connection: psycopg.Connection[Any], principal: str, kenmerk: str) -> None:
    connection.execute(
        """
        INSERT INTO terugkoppeling (gemeente, id, bericht, principal, kenmerk, code, tekst, week, vrij_vanaf, rij)
        VALUES ('0392', %s, %s, %s, %s, 'overleden', 'Deze persoon is overleden.', '2026-W48', '2026-11-20', 'TK-05')
        """,
        (ids.new(), ids.new(), principal, kenmerk),
    )


def test_a_row_that_commits_late_is_not_skipped(town: Town, dsns: Dsns) -> None:
    with acting(dsns.inbox, municipality(HAARLEM)) as slow:
        insert(slow, LANDLORD.principal, "TRAAG")
        with acting(dsns.inbox, municipality(HAARLEM)) as fast:
            insert(fast, LANDLORD.principal, "SNEL")
        assert town.release() == 1
        first = feed.page(town.ingest, LANDLORD.principal, 0, 500)
        assert [i.kenmerk for i in first.terugkoppelingen] == ["SNEL"]
    assert town.release() == 1
    second = feed.page(town.ingest, LANDLORD.principal, int(first.volgende), 500)
    assert [i.kenmerk for i in second.terugkoppelingen] == ["TRAAG"]
    assert feed.page(town.ingest, LANDLORD.principal, int(second.volgende), 500).volgende == second.volgende


def test_numbers_count_per_creditor_and_one_hand_gives_them(town: Town, dsns: Dsns) -> None:
    with acting(dsns.inbox, municipality(HAARLEM)) as connection:
        for n in range(30):
            insert(connection, (LANDLORD, OTHER)[n % 3 == 0].principal, f"K-{n}")
    with psycopg.connect(dsns.log) as other:
        other.execute("SELECT pg_advisory_xact_lock(x'5E14FEED'::bigint)")
        assert feed.release(town.tasks, town.clock) == 0
    assert town.release() == 30
    for sender, count in ((LANDLORD, 20), (OTHER, 10)):
        rows = town.rows("SELECT nr FROM terugkoppeling WHERE principal = %s ORDER BY nr", sender.principal)
        assert [row[0] for row in rows] == list(range(1, count + 1))
    assert [i.kenmerk for i in town.feed(limit=7)] == [i.kenmerk for i in town.feed()][:7]


def test_order_of_a_release_tells_nothing_of_the_order_of_events_also_over_batches(town: Town, dsns: Dsns) -> None:
    with acting(dsns.inbox, municipality(HAARLEM)) as connection:
        for n in range(40):
            insert(connection, LANDLORD.principal, f"K-{n:02}")
    for _ in range(4):
        with town.tasks.transaction(task("proef")) as connection:
            assert connection.execute("SELECT number_feedback(%s, 10)", (town.clock.now(),)).fetchone() == (10,)
    order = [int(i.kenmerk[2:]) for i in town.feed()]
    assert sorted(order) == list(range(40))
    assert set(order[:10]) != set(range(10))


def test_the_database_refuses_a_code_outside_the_list(town: Town, dsns: Dsns) -> None:
    (id,) = town.take()
    town.give(id, code="herhaalde_melding")
    with psycopg.connect(dsns.owner) as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("UPDATE terugkoppeling SET code = 'detentie'")
    with pytest.raises(Refused):
        feed.seen("K-1", "detentie", "x", "2026-W48", None)


@pytest.mark.parametrize("table", ["terugkoppeling", "terugkoppeling_keuze", "zaak", "zaak_bericht", "contactpoging", "zaak_contact"])
def test_the_creditors_role_reads_no_table_of_cases_or_feedback(dsns: Dsns, table: str) -> None:
    with psycopg.connect(dsns.ingest) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"SELECT * FROM {table}")


def test_no_role_silences_anything_but_by_sending_it_on(dsns: Dsns) -> None:
    statement = "INSERT INTO terugkoppeling_stil (gemeente, bericht) VALUES ('0392', %s)"
    with psycopg.connect(dsns.owner) as connection:
        connection.execute(statement, (ids.new(),))  # the control
    for dsn in (dsns.ingest, dsns.inbox):
        with acting(dsn, municipality(HAARLEM)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement, (ids.new(),))


FORGERIES = ("aan = true", "zegel = NULL", "grond_vanaf = '2020-01-01'", f"gemeente = '{UTRECHT}'", "code = 'afgerond_zonder_detail'")


@pytest.mark.parametrize("forged", FORGERIES)
def test_choice_past_the_gateway_switches_its_code_off(town: Town, forged: str) -> None:
    """Who has the database alone tells no creditor that somebody accepted help."""
    place, code = UTRECHT if "gemeente" in forged else HAARLEM, "hulp_geaccepteerd"
    town.choose("hulp_geaccepteerd", on=True, since=town.today)
    assert [k.aan for k in giving.choices(HAARLEM, town.counter).keuzen] == [True]  # the control
    if forged == "aan = true":
        town.choose("hulp_geaccepteerd", on=False)
    town.run(f"UPDATE terugkoppeling_keuze SET {forged}")
    with town.inbox.transaction(municipality(place)) as connection:
        found = recording.choices_of(connection, place, town.feedback.keyed)
    assert [choice.on for choice in found.values()] == [False]
    assert [(k.aan, k.grond) for k in giving.choices(place, town.counter).keuzen] == [(False, None)]
    if place == HAARLEM and code in found:
        (id,) = town.take()
        (outcome,) = town.give(id, code=code)
        assert outcome.reden == "TERUGKOPPELING_STAAT_UIT"
        town.choose("hulp_geaccepteerd", on=True, since=town.today)  # the municipality puts its own back
        (outcome,) = town.give(id, code=code)
        assert outcome.ziet is not None
