"""A name is opened with a reason and a second person, once, within a day; and a leak is counted."""

import base64
from datetime import timedelta
from uuid import UUID

import msgspec
import psycopg
import pytest
from joserfc import jwe
from joserfc.jwk import OctKey

from gateway.core import ids
from gateway.core.chain import Sender
from gateway.core.errors import Conflict, Forbidden, Gone, Invalid, Misconfigured, NotFound, TooMany
from gateway.keys import names
from gateway.oversight import access, breach, unsealing
from schemas.toezicht import LekVraag, OntzegelAanvraag, OntzegelBesluit, Ontzegeld
from tests.flows.world import HAARLEM, LANDLORD, OTHER, TRACE, UTRECHT
from tests.oversight.bureau import ABROAD, OFFICER, SECOND, Bureau

YES = OntzegelBesluit(besluit="goedgekeurd")


def asked(bureau: Bureau, bericht: UUID) -> UUID:
    request = OntzegelAanvraag(bericht=bericht, reden="klacht", kenmerk="KL-1")
    return unsealing.ask(OFFICER, HAARLEM, TRACE, request, bureau.oversight).id


def opened(bureau: Bureau, id: UUID) -> Ontzegeld:
    return unsealing.unseal(OFFICER, HAARLEM, TRACE, id, bureau.oversight)


def test_name_opens_after_a_second_person_agreed_and_each_step_is_on_record(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    id = asked(bureau, mine)
    assert unsealing.decide(SECOND, HAARLEM, TRACE, id, YES, bureau.oversight).staat == "goedgekeurd"
    got = opened(bureau, id)
    assert list(got.persoonsgegevens) == list(got.sleutels.groepssleutels or ()) == ["identiteit"]
    key = base64.urlsafe_b64decode((got.sleutels.groepssleutels or {})["identiteit"] + "=")
    clear = jwe.decrypt_compact(got.persoonsgegevens["identiteit"], OctKey.import_key(key), algorithms=["dir", "A256GCM"]).plaintext
    assert msgspec.json.decode(clear or b"")["personen"][0]["achternaam"] == "Vries"
    assert bureau.events()[-3:] == ["ontzegeling.gevraagd", "ontzegeling.besloten", "ontzegeling.geopend"]
    assert unsealing.one(HAARLEM, id, bureau.oversight).staat == "geopend"
    with pytest.raises(Conflict):  # once
        opened(bureau, id)


def test_nobody_agrees_with_himself_nor_opens_what_another_asked(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    id = asked(bureau, mine)
    with pytest.raises(Conflict):
        opened(bureau, id)
    with pytest.raises(Forbidden, match="ONTZEGELING_EIGEN_VERZOEK"):
        unsealing.decide(OFFICER, HAARLEM, TRACE, id, YES, bureau.oversight)
    with pytest.raises(psycopg.errors.CheckViolation):  # and the database holds to it too
        bureau.run("UPDATE ontzegeling SET besluit = 'goedgekeurd', besloten = now(), besloten_door = partij")
    unsealing.decide(SECOND, HAARLEM, TRACE, id, YES, bureau.oversight)
    with pytest.raises(Forbidden, match="ONTZEGELING_VAN_ANDER"):
        unsealing.unseal(SECOND, HAARLEM, TRACE, id, bureau.oversight)
    with pytest.raises(Conflict):
        unsealing.decide(SECOND, HAARLEM, TRACE, id, OntzegelBesluit(besluit="afgewezen"), bureau.oversight)
    opened(bureau, id)  # the control


def test_unsealing_has_a_ceiling_per_officer_and_day(bureau: Bureau) -> None:
    bureau.oversight = bureau.oversight._replace(reversals=2)
    berichten = bureau.delivered(*(bureau.of(nr) for nr in (12, 14, 16)))
    agreed = [asked(bureau, bericht) for bericht in berichten]
    for id in agreed:
        unsealing.decide(SECOND, HAARLEM, TRACE, id, YES, bureau.oversight)
    opened(bureau, agreed[0])
    opened(bureau, agreed[1])
    with pytest.raises(TooMany, match="OMKERINGEN_OP"):
        opened(bureau, agreed[2])
    assert bureau.events().count("ontzegeling.geopend") == 2
    assert bureau.rows("SELECT aantal FROM omkering") == [(2,)]  # what was refused does not count
    assert unsealing.one(HAARLEM, agreed[2], bureau.oversight).staat == "goedgekeurd"
    bureau.clock.advance(timedelta(hours=23))
    opened(bureau, agreed[2])  # the control: the next day


def test_extracts_count_with_the_names(bureau: Bureau) -> None:
    bureau.oversight = bureau.oversight._replace(reversals=1)
    (mine,) = bureau.delivered(bureau.of())
    made = bureau.inquire()
    bureau.confirmed(made)
    with pytest.raises(TooMany, match="OMKERINGEN_OP"):
        access.extract(OFFICER, HAARLEM, TRACE, made.id, bureau.oversight)
    id = asked(bureau, mine)
    unsealing.decide(SECOND, HAARLEM, TRACE, id, YES, bureau.oversight)
    with pytest.raises(TooMany):
        opened(bureau, id)
    assert access.extract(SECOND, HAARLEM, TRACE, made.id, bureau.oversight).verwerkingen  # the control: another officer


def test_refused_or_late_unsealing_stays_shut(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    refused, late = asked(bureau, mine), asked(bureau, mine)
    unsealing.decide(SECOND, HAARLEM, TRACE, refused, OntzegelBesluit(besluit="afgewezen"), bureau.oversight)
    unsealing.decide(SECOND, HAARLEM, TRACE, late, YES, bureau.oversight)
    bureau.clock.advance(timedelta(hours=25))
    for id in (refused, late):
        with pytest.raises(Conflict):
            opened(bureau, id)
    assert "ontzegeling.geopend" not in bureau.events()


def test_destroyed_message_is_gone_and_another_municipality_has_none(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    id = asked(bureau, mine)
    unsealing.decide(SECOND, HAARLEM, TRACE, id, YES, bureau.oversight)
    bureau.run("UPDATE bericht SET payload = NULL")
    with pytest.raises(Gone):
        opened(bureau, id)
    request = OntzegelAanvraag(bericht=mine, reden="klacht", kenmerk="KL-1")
    for gemeente, bericht in ((UTRECHT, mine), (HAARLEM, ids.new())):
        with pytest.raises(NotFound):
            unsealing.ask(OFFICER, gemeente, TRACE, msgspec.structs.replace(request, bericht=bericht), bureau.oversight)
    with pytest.raises(NotFound):
        unsealing.one(UTRECHT, id, bureau.oversight)


def test_role_of_oversight_opens_nothing_without_the_second_person(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    id = asked(bureau, mine)
    with bureau.toezicht.transaction() as connection:
        query = "SELECT count(*) FROM ontzegel(%s, %s, %s, NULL, now())"
        assert connection.execute(query, (HAARLEM, id, OFFICER.party)).fetchone() == (0,)


def test_row_that_the_database_wrote_opens_nothing(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    forged, id = ids.new(), asked(bureau, mine)
    values = (HAARLEM, forged, mine, OFFICER.party, bureau.clock.now(), bureau.clock.now(), SECOND.party)
    bureau.run("INSERT INTO ontzegeling VALUES (%s, %s, %s, 'klacht', 'K', %s, %s, 'goedgekeurd', %s, %s, NULL, 'zegel')", *values)
    agreed = "UPDATE ontzegeling SET besluit = 'goedgekeurd', besloten = %s, besloten_door = %s WHERE id = %s"
    bureau.run(agreed, bureau.clock.now(), SECOND.party, id)
    for one in (forged, id):
        with pytest.raises(Misconfigured):
            opened(bureau, one)
    assert "ontzegeling.geopend" not in bureau.events()
    right = asked(bureau, mine)
    unsealing.decide(SECOND, HAARLEM, TRACE, right, YES, bureau.oversight)
    opened(bureau, right)  # the control


def test_who_agreed_must_be_an_officer_of_the_municipality(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    for second, expected in ((Sender("00000099000000064000", OFFICER.principal), 0), (ABROAD, 0), (SECOND, 1)):
        id = asked(bureau, mine)
        unsealing.decide(second, HAARLEM, TRACE, id, YES, bureau.oversight)
        if not expected:
            with pytest.raises(Conflict, match="ONTZEGELING_NIET_OPEN"):
                opened(bureau, id)
        else:
            opened(bureau, id)
    assert bureau.events().count("ontzegeling.geopend") == 1


def test_row_put_back_as_it_was_does_not_open_twice(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of())
    id = asked(bureau, mine)
    unsealing.decide(SECOND, HAARLEM, TRACE, id, YES, bureau.oversight)
    opened(bureau, id)
    bureau.run("UPDATE ontzegeling SET geopend = NULL")
    with pytest.raises(Conflict, match="ONTZEGELING_NIET_OPEN"):
        opened(bureau, id)


A, B = (Sender(OFFICER.party, OFFICER.principal, who * 43) for who in "ab")


@pytest.mark.parametrize(
    ("asker", "decider", "another"),
    [
        (A, B, True),  # two people of one organisation
        (A, A, False),
        (A, Sender(SECOND.party, SECOND.principal, A.user), False),  # one person of two organisations
        (A, OFFICER, False),  # a system of the organisation may be his
        (OFFICER, A, False),
        (A, SECOND, True),
        (OFFICER, SECOND, True),
    ],
)
def test_second_person_is_another_person_or_else_organisation(bureau: Bureau, asker: Sender, decider: Sender, another: bool) -> None:
    (mine,) = bureau.delivered(bureau.of())
    request = OntzegelAanvraag(bericht=mine, reden="klacht", kenmerk="KL-1")
    id = unsealing.ask(asker, HAARLEM, TRACE, request, bureau.oversight).id
    said = "UPDATE ontzegeling SET besluit = 'goedgekeurd', besloten = now(), besloten_door = %s, besloten_gebruiker = %s"
    if not another:
        with pytest.raises(Forbidden, match="ONTZEGELING_EIGEN_VERZOEK"):
            unsealing.decide(decider, HAARLEM, TRACE, id, YES, bureau.oversight)
        with pytest.raises(psycopg.errors.CheckViolation):  # and the database holds to it too
            bureau.run(said, decider.party, decider.user)
        return
    assert [one.id for one in unsealing.recent(HAARLEM, bureau.oversight)] == [id]
    unsealing.decide(decider, HAARLEM, TRACE, id, YES, bureau.oversight)
    for other in (decider, Sender(asker.party, asker.principal, None if asker.user else A.user)):
        with pytest.raises(Forbidden, match="ONTZEGELING_VAN_ANDER"):
            unsealing.unseal(other, HAARLEM, TRACE, id, bureau.oversight)
    assert unsealing.unseal(asker, HAARLEM, TRACE, id, bureau.oversight).bericht == mine
    assert bureau.entries("ontzegeling.geopend")[0].gebruiker == asker.user


def test_leak_is_counted_by_party_key_and_period(bureau: Bureau) -> None:
    bureau.delivered(bureau.of(12), bureau.of(12), bureau.of(14, "Bakker"), bureau.of(15, "Smit", born=None))
    bureau.take()
    bureau.number()
    day = bureau.today

    def told(**more: str) -> tuple[int, int]:
        report = breach.report(OFFICER, HAARLEM, TRACE, LekVraag(van=day, tot=day, **more), bureau.oversight)
        return report.betrokkenen, report.berichten

    assert told() == told(deelnemer=LANDLORD.party) == told(sleutel=names.managed(HAARLEM)) == (3, 4)
    assert told(deelnemer=OTHER.party) == told(sleutel="onbekend") == (0, 0)
    whole = breach.report(OFFICER, HAARLEM, TRACE, LekVraag(van=day, tot=day), bureau.oversight)
    assert {one.gebeurtenis: one.aantal for one in whole.gebeurtenissen} == {"signaal.bezorgd": 4, "bericht.geclaimd": 4}
    assert (whole.zonder_naam, whole.veldgroepen) == (0, ["contact", "identiteit", "klant"])
    assert breach.report(OFFICER, UTRECHT, TRACE, LekVraag(van=day, tot=day), bureau.oversight).betrokkenen == 0
    assert {one.onderwerp for one in bureau.entries("lek.onderzocht")} == {"deelnemer", "sleutel", "periode"}
    with pytest.raises(Invalid, match="PERIODE_ONGELDIG"):  # where nothing would be counted, and nobody told
        breach.require_order(LekVraag(van=day, tot=day - timedelta(days=1)))
