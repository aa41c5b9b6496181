"""What somebody tries who is not the one it is for: rows moved about, races for one answer, a key that was made to vanish."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import psycopg
import pytest
from joserfc.jwk import ECKey

from gateway.core.chain import Sender
from gateway.core.clock import dutch_day, dutch_midnight
from gateway.core.errors import Conflict, Misconfigured, NotFound, Unavailable
from gateway.overviews import answering, asking
from gateway.partners.register import Deelnemer
from gateway.partners.rows import seal, sealer
from gateway.partners.sealkeys import Partijsleutel
from gateway.partners.source import load
from gateway.regelingen import replying
from schemas.regelingen import Regelingbewijs
from schemas.schuldenoverzicht import Antwoordbewijs, GeenMedewerking, GevraagdeSchuldeiser, KlantOnbekend, Saldoantwoord
from tests.overviews.around import AGREED, Square
from tests.overviews.hall import CLERK, COUNSELLOR, HAARLEM, LANDLORD, OTHER, TRACE, UNKNOWN, WATER, Hall, claim, claims, document

TASK = Callable[[], object]


def together(*tasks: TASK) -> list[object]:
    """Do all of it at once; what each gave or raised."""
    gate = Barrier(len(tasks))

    def done(task: TASK) -> object:
        gate.wait()
        try:
            return task()
        except (Conflict, NotFound) as error:
            return error.code

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(done, tasks))


@pytest.mark.parametrize("column", ["question", "answer"])
def test_sealed_content_opens_in_its_own_row_only(hall: Hall, column: str) -> None:
    first, second = hall.ask(LANDLORD, kenmerk="SO-1"), hall.ask(LANDLORD, kenmerk="SO-2")
    if column == "answer":
        for _ in range(2):
            hall.answer(LANDLORD)
    look: TASK = (lambda: hall.question(LANDLORD, 0)) if column == "question" else (lambda: hall.see(first.id))
    look()  # the control: untouched it opens
    moved = f"UPDATE saldoverzoek s SET {column} = t.{column} FROM saldoverzoek t WHERE s.overzicht = %s AND t.overzicht = %s"
    hall.run(moved, first.id, second.id)
    with pytest.raises(Misconfigured):
        look()


def test_question_that_is_handed_to_another_creditor_opens_for_nobody(hall: Hall) -> None:
    hall.ask(LANDLORD)
    hall.run("UPDATE saldoverzoek SET schuldeiser = %s", OTHER.principal)
    with pytest.raises(Misconfigured):
        hall.question(OTHER)


def test_document_cannot_be_exchanged_without_the_log_saying_so(hall: Hall) -> None:
    for nr in (1, 2):
        hall.ask(LANDLORD, kenmerk=f"SO-{nr}", by=COUNSELLOR, machtiging=document("toestemmingsverklaring", b"%PDF " + bytes([nr])))
    first, second = (entry.machtiging for entry in hall.entries("schuldenoverzicht.gevraagd"))
    assert None not in (first, second)
    assert first != second


@pytest.mark.parametrize("turn", range(5))
def test_of_different_answers_at_once_one_stands(hall: Hall, turn: int) -> None:
    asked = hall.ask(LANDLORD, OTHER)
    id = hall.mine(LANDLORD)[0].id
    given: list[Saldoantwoord] = [claims(hall.today, claim(kenmerk=f"F-{nr}")) for nr in range(3)]
    given += [KlantOnbekend(), GeenMedewerking(reden="finale_kwijting")]
    found = together(*(lambda one=one: hall.answer(LANDLORD, id, one).staat for one in given))
    assert sorted(map(str, found)).count("AL_BEANTWOORD") == len(given) - 1
    assert len(hall.entries("saldoverzoek.beantwoord")) == 1
    assert hall.see(asked.id).staat == "deels"


@pytest.mark.parametrize("turn", range(5))
def test_last_answers_at_once_complete_the_overview_once(hall: Hall, turn: int) -> None:
    asked = hall.ask(LANDLORD, OTHER, WATER)
    together(*(lambda by=by: hall.answer(by, given=UNKNOWN) for by in (LANDLORD, OTHER, WATER)))
    assert hall.see(asked.id).staat == "volledig"
    assert [entry.resultaat for entry in hall.entries("schuldenoverzicht.bijgewerkt")] == ["deels", "volledig"]


@pytest.mark.parametrize("turn", range(5))
def test_answer_withdrawal_and_the_clock_at_once_leave_one_story(hall: Hall, turn: int) -> None:
    asked = hall.ask(LANDLORD, OTHER)
    id = hall.mine(LANDLORD)[0].id
    hall.on(asked.uiterlijk)
    late: list[TASK] = [lambda: hall.answer(LANDLORD, id), lambda: hall.withdraw(asked.id), hall.sweep]
    together(*late)
    hall.on(asked.uiterlijk + timedelta(days=1))
    together(*late)
    ends = [*hall.entries("saldoverzoek.beantwoord"), *hall.entries("saldoverzoek.verlopen")]
    states = dict(hall.rows("SELECT schuldeiser, state FROM saldoverzoek"))
    assert states[OTHER.principal] == "ingetrokken"
    assert (states[LANDLORD.principal], len(ends)) in {("ingetrokken", 0), ("beantwoord", 1)}
    assert hall.rows("SELECT count(question), count(answer) FROM saldoverzoek") == [(0, 0)]


class Striking:
    """A clock that strikes midnight between the first look at it and the second."""

    def __init__(self, midnight: datetime) -> None:
        self.looks = 0
        self.midnight = midnight

    def now(self) -> datetime:
        self.looks += 1
        return self.midnight + timedelta(milliseconds=-1 if self.looks == 1 else 1)


@pytest.mark.parametrize("kind", ["saldoverzoek", "betaalvoorstel"])
def test_answer_of_the_last_second_is_in_time_on_its_receipt_too(square: Square, kind: str) -> None:
    asked, sent = square.ask(LANDLORD), square.send(square.proposal(LANDLORD))
    last = asked.uiterlijk
    assert last == sent.einde
    desk = square.overviews._replace(clock=Striking(dutch_midnight(last + timedelta(days=1))))
    given: Antwoordbewijs | Regelingbewijs
    if kind == "saldoverzoek":
        given, _ = answering.answer(LANDLORD, TRACE, asked.vragen[0].id, claims(last), desk)
    else:
        given, _ = replying.answer(LANDLORD, TRACE, "betaalvoorstel", sent.partijen[0].id, AGREED, desk)
    assert dutch_day(given.ontvangen_op) == last


def test_own_key_that_no_longer_counts_is_not_replaced_by_one_of_the_gateway(hall: Hall) -> None:
    key = Partijsleutel(LANDLORD.principal, "eigen-1", "eigen", ECKey.generate_key("P-256").as_dict(private=False))
    hall.own.append(key)
    hall.register = hall._register()
    hall.ask(LANDLORD, kenmerk="SO-1")
    hall.own.clear()
    hall.register = hall._register()
    hall.ask(LANDLORD, kenmerk="SO-2")  # the control: who never had one is sealed for with a key of the gateway
    hall.register._sleutelhouders.add(LANDLORD.principal)
    with pytest.raises(Unavailable, match="SCHULDEISER_ZONDER_SLEUTEL"):
        hall.ask(LANDLORD, OTHER, kenmerk="SO-3")
    assert hall.ask(OTHER, kenmerk="SO-4").staat == "open"


def test_register_remembers_who_registered_a_key_whatever_becomes_of_the_row(hall: Hall) -> None:
    keyed = sealer(hall.keys)
    oin = "00000099000000001000"
    row = Partijsleutel(oin, "eigen-1", "eigen", {"kty": "EC"})
    party = Deelnemer(oin, "Iemand", frozenset({"schuldeiser"}), "aangemeld")
    hall.run(
        "INSERT INTO deelnemer (zegel, oin, naam, rollen, status) VALUES (%s, %s, %s, %s, %s)",
        seal(party, keyed), oin, party.naam, sorted(party.rollen), party.status,
    )  # fmt: skip
    values = (seal(row, keyed), oin, '{"kty": "EC"}')
    hall.run("INSERT INTO partijsleutel (zegel, oin, kid, wijze, publiek) VALUES (%s, %s, 'eigen-1', 'eigen', %s)", *values)
    for change in ("geldig_tot = NULL", "zegel = NULL", "geldig_tot = now() - interval '1 day'"):
        hall.run(f"UPDATE partijsleutel SET {change}")
        with psycopg.connect(hall.dsns.beheer) as connection:
            register = load(connection, keyed)
        assert register.has_own_key(oin), change
        assert (register.party_key(oin) is not None) == (change == "geldig_tot = NULL")
        assert not register.has_own_key("00000099000000002000")  # the control


def test_department_of_the_municipality_is_asked_and_answers_as_any_creditor(hall: Hall) -> None:
    """Its own OIN with both roles, or a department with an OIN of its own: the same norm, and sight of its own question only."""
    town = hall.register.deelnemers[CLERK.principal]
    both = Deelnemer(town.oin, town.naam, town.rollen | {"schuldeiser"}, "actief", gemeentecode=HAARLEM)
    hall.register.deelnemers = {**hall.register.deelnemers, town.oin: both}
    as_creditor = Sender(town.oin, town.oin)
    asked = hall.ask(LANDLORD, as_creditor)
    theirs = hall.mine(as_creditor)
    assert [one.gemeente for one in theirs] == [HAARLEM]
    other = next(vraag.id for vraag in asked.vragen if vraag.schuldeiser == LANDLORD.principal)
    with pytest.raises(NotFound):
        answering.question(as_creditor, TRACE, other, hall.overviews, disclose=True)
    assert hall.answer(as_creditor, theirs[0].id).staat == "beantwoord"
    assert asking.one(CLERK, HAARLEM, TRACE, asked.id, hall.overviews, disclose=True).staat == "deels"


def test_collector_that_takes_part_is_asked_with_its_file_number(hall: Hall) -> None:
    """What is in a collector's hands is asked there, in the same case, when it takes part as a creditor too."""
    roles = frozenset({"gerechtsdeurwaarder", "schuldeiser"})
    collector = Deelnemer("00000099000000007700", "Deurwaarder", roles, "actief")
    hall.register.deelnemers = {**hall.register.deelnemers, collector.oin: collector}
    hall.ask(LANDLORD)
    hall.ask(GevraagdeSchuldeiser(oin=collector.oin, factuurnummers=["D-2231"]), kenmerk="SO-2")
    question = hall.question(Sender(collector.oin, collector.oin))
    assert hall.open(question.vraag, question.id, "vraag")["factuurnummers"] == ["D-2231"]
