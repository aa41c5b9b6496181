"""Creditors that work with files: questions out, answers in, as JSON and in the columns of the Schuldenknooppunt; through the mailbox.

Every property of who sees what has its control: the creditor whose turn it is does see it.
"""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from adapters.formats import antwoordrijen, golden, profile, reading, skpvragen
from adapters.formats.mapping import Mapping
from gateway.core.errors import Unavailable
from gateway.files import questions
from gateway.files.telling import Reader
from gateway.overviews import answering
from gateway.partners.register import Mandaat
from gateway.partners.sealkeys import Partijsleutel
from gateway.privacylog.overviews import SaldoverzoekBeantwoord, SaldoverzoekGelezen
from gateway.store.prepare import Dsns
from schemas import strict
from schemas.saldobestand import OpenSaldoverzoek
from schemas.schuldenoverzicht import GevraagdeSchuldeiser, Meterstand, OverzichtPersoon, Saldovraag
from tests.faults.logfaults import LOG_FAULTS
from tests.formats.workbooks import workbook
from tests.overviews.hall import BIRTH, BSN, LANDLORD, NAME, OTHER, STREET, TAX, TRACE, UNKNOWN, WATER, claim, claims, client
from tests.overviews.mailroom import AGENT, EXAMPLES, OWN, SKP, Mailhall

ME = LANDLORD.party
AMOUNTS = "400,00;12,00;40,00;52,00;400,00"
HEAD = "saldoverzoek;factuurnummer;schuldtype;hoofdsom;rente;kosten;betaald;saldo;peildatum"


@pytest.fixture
def hall(dsns: Dsns, tmp_path: Path) -> Iterator[Mailhall]:
    made = Mailhall(dsns, tmp_path)
    yield made
    made.close()


def own_csv(*rows: str) -> bytes:
    """A CSV under the profile of this test."""
    return "\n".join([HEAD, *rows, ""]).encode()


def own_profile() -> str:
    """The example of an own CSV, with the columns that these tests use."""
    head, *fields = OWN.split("\n[[velden]]\n")
    return "\n[[velden]]\n".join([head, *(field for field in fields if any(f'uit = "{name}"\n' in field for name in HEAD.split(";")))])


def codes(found: Any) -> list[tuple[str, str]]:
    return list(found.outcomes)


def skp_row(id: UUID, *answer: str) -> str:
    """A row of which A to K repeat the question."""
    return ";".join([str(id), str(id), "Haarlem", *[""] * 8, *answer, *[""] * (11 - len(answer))])


def skp(*rows: str) -> bytes:
    return "\r\n".join([";".join("ABCDEFGHIJKLMNOPQRSTUV"), *rows, ""]).encode()


# Questions out


def test_creditor_on_files_gets_its_question_opened_in_one_logged_disclosure(hall: Mailhall) -> None:
    hall.ask(GevraagdeSchuldeiser(oin=ME, klantnummer="K-77", factuurnummers=["F-1", "F-2"]), OTHER, kenmerk="SO-1")
    hall.ask(LANDLORD, kenmerk="SO-2")
    before = len(hall.noted())
    assert hall.tell() == 1
    assert hall.waiting() == [f"saldoverzoeken-{ME}-{hall.today}.json"]
    found = hall.told()
    assert [item.id for item in found] == [question.id for question in hall.mine(LANDLORD)]
    first = found[0].vraag
    assert first is not None
    assert (first.klantnummer, first.factuurnummers, first.personen[0].achternaam) == ("K-77", ["F-1", "F-2"], NAME)
    assert (found[0].staat, found[0].uiterlijk, found[0].gemeente) == ("open", hall.mine(LANDLORD)[0].uiterlijk, "0392")
    read = [entry for entry in hall.noted(since=before) if isinstance(entry, SaldoverzoekGelezen)]
    assert [entry.saldoverzoek for entry in read] == [item.id for item in found]


def test_at_most_one_file_a_day_and_nothing_twice(hall: Mailhall) -> None:
    hall.ask(LANDLORD, kenmerk="SO-1")
    assert hall.tell() == 1
    hall.told()
    hall.ask(LANDLORD, kenmerk="SO-2")
    assert hall.tell() == 0
    hall.later()
    assert hall.tell() == 1
    assert [item.id for item in hall.told()] == [hall.mine(LANDLORD)[1].id]
    hall.later()
    assert (hall.tell(), hall.waiting()) == (0, [])


def test_nothing_is_written_or_logged_when_the_files_cannot_be_committed(hall: Mailhall) -> None:
    hall.ask(LANDLORD)
    before = len(hall.noted())
    hall.run("ALTER TABLE saldobestand_vraag ADD CONSTRAINT vol CHECK (stand = '')")
    with pytest.raises(Exception, match="vol"):
        hall.tell()
    assert (hall.waiting(), hall.count("saldobestand"), hall.noted(since=before)) == ([], 0, [])
    assert list(hall.post.spool.ids()) == []
    hall.run("ALTER TABLE saldobestand_vraag DROP CONSTRAINT vol")
    assert (hall.tell(), len(hall.told())) == (1, 1)


@pytest.mark.parametrize("fault", LOG_FAULTS)
def test_no_question_goes_out_in_a_file_while_the_log_cannot_be_written(hall: Mailhall, fault: str) -> None:
    hall.ask(LANDLORD)
    begin, end = LOG_FAULTS[fault]
    hall.run(begin)
    with pytest.raises((psycopg.Error, Unavailable)):
        hall.tell()
    assert (hall.waiting(), hall.count("saldobestand"), list(hall.post.spool.ids())) == ([], 0, [])
    hall.run(end)
    if fault != "revoked grant":
        assert (hall.tell(), len(hall.told())) == (1, 1)  # the control


def test_files_of_a_creditor_say_nothing_of_others_nor_how_many(hall: Mailhall) -> None:
    hall.logins.append(OTHER.party)
    hall.renew()
    asked = hall.ask(LANDLORD, OTHER, WATER, kenmerk="SO-geheim", zaaknummer="ZAAK-geheim")
    assert hall.tell() == 2
    mine, other = (
        b"".join(hall.post.collect(name, party) for name in hall.waiting(party)).decode() for party in (ME, OTHER.party)
    )
    binding = [str(asked.id), "SO-geheim", "ZAAK-geheim", OTHER.principal, WATER.principal, str(asked.vragen[1].id)]
    assert [text for text in binding if text in mine] == []
    assert OTHER.principal in other  # the control
    assert str(asked.vragen[1].id) in other


def test_who_has_an_own_key_or_no_live_login_gets_no_file(hall: Mailhall) -> None:
    hall.ask(LANDLORD, OTHER)
    hall.own.append(Partijsleutel(ME, "p1", "eigen", hall.keys.create_private("p1")))
    hall.renew()
    assert (hall.tell(), hall.waiting(), hall.waiting(OTHER.party)) == (0, [], [])
    hall.own.clear()
    hall.renew()
    assert (hall.tell(), hall.waiting(OTHER.party)) == (1, [])  # the control


def test_question_sealed_for_an_own_key_is_listed_and_not_opened(hall: Mailhall) -> None:
    hall.own.append(Partijsleutel(ME, "p1", "eigen", hall.keys.create_private("p1")))
    hall.renew()
    hall.ask(LANDLORD)
    hall.own.clear()
    hall.renew()
    before = len(hall.noted())
    hall.tell()
    assert [item.vraag for item in hall.told()] == [None]
    assert [entry for entry in hall.noted(since=before) if isinstance(entry, SaldoverzoekGelezen)] == []


def test_reminder_brings_the_question_once_more(hall: Mailhall) -> None:
    hall.ask(LANDLORD)
    hall.tell()
    hall.told()
    hall.later(8)
    assert hall.sweep().reminded == 1
    assert hall.tell() == 1
    (item,) = hall.told()
    assert item.vraag is not None
    assert item.herinnerd_op == hall.today


def test_withdrawal_is_told_to_who_got_the_question_and_to_nobody_else(hall: Mailhall) -> None:
    told = hall.ask(LANDLORD, kenmerk="SO-1")
    hall.tell()
    hall.told()
    never = hall.ask(LANDLORD, kenmerk="SO-2")
    hall.withdraw(told.id)
    hall.withdraw(never.id)
    hall.later()
    hall.tell()
    assert [(item.id, item.staat, item.vraag) for item in hall.told()] == [(told.vragen[0].id, "ingetrokken", None)]
    hall.later()
    assert hall.tell() == 0


def test_withdrawal_after_an_answer_is_told_and_after_klant_onbekend_nothing_is(hall: Mailhall) -> None:
    answered, unknown = hall.ask(LANDLORD, kenmerk="SO-1"), hall.ask(LANDLORD, kenmerk="SO-2")
    hall.tell()
    hall.told()
    hall.answer(LANDLORD, answered.vragen[0].id)
    hall.answer(LANDLORD, unknown.vragen[0].id, UNKNOWN)
    questions.take_back(hall.post.files, Reader(ME, ME))
    hall.withdraw(answered.id)
    hall.withdraw(unknown.id)
    hall.later()
    hall.tell()
    assert [(item.id, item.staat) for item in hall.told()] == [(answered.vragen[0].id, "beantwoord")]


@pytest.mark.parametrize("how", ["withdrawn", "answered", "expired"])
def test_waiting_file_is_taken_back_when_a_question_in_it_ends(hall: Mailhall, how: str) -> None:
    gone, stays = hall.ask(LANDLORD, kenmerk="SO-1"), hall.ask(LANDLORD, kenmerk="SO-2", uiterlijk=date(2027, 1, 20))
    hall.tell()
    if how == "withdrawn":
        hall.withdraw(gone.id)
    elif how == "answered":
        hall.answer(LANDLORD, gone.vragen[0].id)
    else:
        hall.later(20)
        hall.sweep()
    hall.tell()
    open_now = [item.id for item in hall.told() if item.vraag is not None]
    assert open_now == [stays.vragen[0].id]
    assert list(hall.post.spool.ids()) == []


def test_every_waiting_file_goes_when_a_question_in_it_ends(hall: Mailhall) -> None:
    """The file of the question and that of its reminder both name the person; so both go, and what is open in them comes again."""
    gone, stays = hall.ask(LANDLORD, kenmerk="SO-1"), hall.ask(LANDLORD, kenmerk="SO-2")
    asked = hall.today
    hall.tell()
    hall.later(8)
    hall.sweep()
    hall.tell()
    assert hall.waiting() == [f"saldoverzoeken-{ME}-{day}.json" for day in (asked, hall.today)]
    hall.answer(LANDLORD, gone.vragen[0].id)
    hall.tell()
    assert hall.waiting() == [f"saldoverzoeken-{ME}-{hall.today}.json"]
    assert [item.id for item in hall.told()] == [stays.vragen[0].id]


def test_withdrawal_comes_again_when_its_file_is_taken_back(hall: Mailhall) -> None:
    told = hall.ask(LANDLORD, kenmerk="SO-1")
    hall.tell()
    hall.told()
    hall.withdraw(told.id)
    other = hall.ask(LANDLORD, kenmerk="SO-2")
    hall.later()
    hall.tell()
    hall.answer(LANDLORD, other.vragen[0].id)
    hall.tell()
    assert [(item.id, item.staat) for item in hall.told()] == [(told.vragen[0].id, "ingetrokken")]
    hall.later()
    assert hall.tell() == 0


def test_taking_back_leaves_the_reports_of_a_file_of_that_name(hall: Mailhall) -> None:
    asked = hall.ask(LANDLORD)
    hall.tell()
    name = hall.waiting()[0]
    hall.post.put(name, b'{"antwoorden": [{"id": "x"}]}')
    hall.post.work()
    hall.withdraw(asked.id)
    questions.take_back(hall.post.files, Reader(ME, ME))
    assert hall.waiting() == [name + ending for ending in (".bewijzen.json", ".ontvangst.json", ".verslag.csv", ".verslag.xml")]


def test_agent_gets_files_per_principal_and_loses_them_with_its_mandate(hall: Mailhall) -> None:
    hall.logins = [AGENT]
    hall.mandates = [Mandaat(AGENT, ME, "schuldeiser", date(2020, 1, 1))]
    hall.renew()
    hall.ask(LANDLORD, OTHER)
    assert hall.tell() == 1
    assert [item.vraag is not None for item in hall.told(AGENT)] == [True]
    hall.ask(LANDLORD, kenmerk="SO-2")
    hall.later()
    assert (hall.tell(), len(hall.waiting(AGENT))) == (1, 1)
    mandates, hall.mandates = hall.mandates, []
    hall.renew()
    assert (hall.tell(), hall.waiting(AGENT), list(hall.post.spool.ids())) == (0, [], [])
    hall.mandates = mandates
    hall.renew()
    assert (hall.tell(), [item.vraag is not None for item in hall.told(AGENT)]) == (1, [True])


# The columns of the Schuldenknooppunt


@pytest.mark.parametrize("sign", [";", ","])
def test_profile_for_csv_answers_brings_questions_in_columns_a_to_k(hall: Mailhall, sign: str) -> None:
    hall.profiles[ME] = SKP.replace('scheiding = ";"', f'scheiding = "{sign}"')
    hall.renew()
    partner = OverzichtPersoon(rol="partner", voorletters="A.", voorvoegsel="de", achternaam="Kanarie", geboortedatum=date(1986, 1, 2))
    person = client().personen[0]
    hall.ask(GevraagdeSchuldeiser(oin=ME, klantnummer="K-77", factuurnummers=["F-1", "F-2"]), client=client(personen=[person, partner]))
    hall.tell()
    (row,) = hall.rows_told(sign)
    id = str(hall.mine(LANDLORD)[0].id)
    place = hall.register.gemeenten["0392"]
    assert row == [id, id, place.naam, place.contact or "", id, "K-77", "", f"K. {NAME}, {BIRTH:%d-%m-%Y}",
                   "A. de Kanarie, 02-01-1986", f"{STREET} 12, Haarlem", "F-1|F-2"]  # fmt: skip
    assert len(skpvragen.COLUMNS) == len("ABCDEFGHIJK")
    (item,) = hall.told()
    assert (item.vraag, item.uiterlijk) == (None, hall.mine(LANDLORD)[0].uiterlijk)


def test_what_the_columns_have_no_place_for_stands_in_the_json(hall: Mailhall) -> None:
    hall.profiles = {TAX.party: SKP.replace(ME, TAX.party), WATER.party: SKP.replace(ME, WATER.party)}
    hall.logins = [TAX.party, WATER.party]
    hall.renew()
    reading = Meterstand(datum=date(2026, 11, 1), stand=12)
    hall.ask(
        GevraagdeSchuldeiser(oin=TAX.principal, met_bsn=True), GevraagdeSchuldeiser(oin=WATER.principal, meterstanden=[reading]),
        client=client(bsn=BSN),
    )  # fmt: skip
    hall.tell()
    assert BSN not in repr(hall.rows_told(party=TAX.party))
    assert [item.vraag.bsn for item in hall.told(TAX.party) if item.vraag] == [BSN]
    everything = b"".join(hall.post.collect(name, WATER.party) for name in hall.waiting(WATER.party))
    assert BSN.encode() not in everything
    assert b"meterstanden" in everything


def test_cells_cannot_become_formulas() -> None:
    vraag = Saldovraag(
        personen=[OverzichtPersoon(rol="client", voorletters="=1+1", achternaam="x", geboortedatum=BIRTH)],
        adres=client().adres, klantnummer="@cmd", factuurnummers=["+1", "=2"],
    )  # fmt: skip
    item = OpenSaldoverzoek(id=UUID(int=1), staat="open", gesteld_op=BIRTH, gemeente="0392", grond="aanvraag", uiterlijk=BIRTH)
    line = skpvragen.line(item, vraag, skpvragen.Asker("-x", None), ";").decode()
    cells = [cell.strip('"') for cell in line.strip().split(";")]
    assert [cell[:2] for cell in (cells[2], cells[5], cells[7], cells[10])] == ["'-", "'@", "'=", "'+"]
    assert "|'=2" in cells[10]


@pytest.mark.parametrize(("numbers", "whole"), [(["F-1", "F-2"], True), (["F-1|F-2"], False)])
def test_number_that_the_csv_would_split_stands_in_the_json_too(numbers: list[str], whole: bool) -> None:
    vraag = Saldovraag(personen=client().personen, adres=client().adres, factuurnummers=numbers)
    assert skpvragen.says_all(vraag) is whole


def test_csv_is_cut_at_four_megabytes(hall: Mailhall) -> None:
    lines = [b"x" * 999_999 + b"\n"] * 9
    found = list(questions._cut(lines, b"head\n"))
    assert [len(content) for content in found] == [3_000_005] * 3
    assert b"".join(content.removeprefix(b"head\n") for content in found) == b"".join(lines)


# Answers in


def test_answer_as_json_is_as_at_the_door(hall: Mailhall) -> None:
    asked = hall.ask(LANDLORD)
    id = asked.vragen[0].id
    answer = claims(hall.today, claim(), claim(kenmerk="F-2", soort="onbekend", hoofdsom_cent=None, rente_cent=None, kosten_cent=None,
                                               betaald_cent=None, saldo_cent=None))  # fmt: skip
    found, proofs = hall.bring("a.json", [{"id": str(id), "antwoord": msgspec.to_builtins(answer)}])
    assert codes(found) == [("beantwoord", "")]
    assert (found.receipt.soort, found.receipt.aantal, found.outcome.resultaat) == ("saldoantwoorden", 1, "volledig")
    seen = hall.see(asked.id).vragen[0]
    assert hall.open(seen.antwoord, id, "antwoord") == msgspec.to_builtins(answer)
    again, created = answering.answer(LANDLORD, TRACE, id, answer, hall.overviews)
    assert (created, again.inhoud_hash, again.logblad, again.ontvangen_op) == (
        False, proofs[id].inhoud_hash, proofs[id].logblad, proofs[id].ontvangen_op)  # fmt: skip
    assert len([entry for entry in hall.noted() if isinstance(entry, SaldoverzoekBeantwoord)]) == 1


def test_faulty_answers_harm_no_other_and_each_has_its_reason(hall: Mailhall) -> None:
    ids = [str(hall.ask(LANDLORD, kenmerk=f"SO-{nr}").vragen[0].id) for nr in range(5)]
    foreign = str(hall.ask(OTHER, kenmerk="SO-9").vragen[0].id)
    fine = msgspec.to_builtins(claims(hall.today))
    wrong = msgspec.to_builtins(claims(hall.today, claim(saldo_cent=1)))
    with_bsn = msgspec.to_builtins(claims(hall.today, claim(kenmerk=BSN)))
    found, proofs = hall.bring(
        "a.json",
        [
            {"id": ids[0], "antwoord": fine}, {"id": foreign, "antwoord": fine}, {"id": ids[1], "antwoord": wrong}, {"id": "x"}, 7,
            {"id": ids[2], "antwoord": {"soort": "klant_onbekend"}}, {"id": ids[0].upper(), "antwoord": fine},
            {"id": ids[0], "antwoord": {"soort": "klant_onbekend"}}, {"id": ids[3], "antwoord": with_bsn},
            {"id": ids[4], "antwoord": {"soort": "geen_medewerking", "reden": "geen_zin"}}, {"id": ids[4], "antwoord": fine, "x": 1},
        ],
    )  # fmt: skip
    assert codes(found) == [
        ("beantwoord", ""), ("geweigerd", "NIET_GEVONDEN"), ("geweigerd", "SOM_KLOPT_NIET"), ("geweigerd", "KENMERK_ONJUIST"),
        ("geweigerd", "KENMERK_ONJUIST"), ("klant_onbekend", ""), ("eerder_ontvangen", ""), ("geweigerd", "AL_BEANTWOORD"),
        ("geweigerd", "BSN_NIET_TOEGESTAAN"), ("geweigerd", "WAARDE_ONBEKEND"), ("geweigerd", "VELD_NIET_TOEGESTAAN"),
    ]  # fmt: skip
    assert found.rows[2]["velden"] == "/antwoord/vorderingen/0/saldoCent"
    assert set(map(str, proofs)) == {ids[0], ids[2]}
    assert BSN not in repr(found.rows)
    counts = found.outcome.aantallen
    assert (counts.aangeboden, counts.bezorgd, counts.eerder_ontvangen, counts.geweigerd) == (11, 2, 1, 8)


def test_faulty_file_is_refused_whole_and_the_next_is_done(hall: Mailhall) -> None:
    id = str(hall.ask(LANDLORD).vragen[0].id)
    for nr, bad in enumerate([b'{"antwoorden": [', b'{"antwoorden": []}', b'{"antwoord": 1}', b"{" + b" " * antwoordrijen.LARGEST + b"}"]):
        hall.post.put(f"slecht-{nr}.json", bad)
    found, _ = hall.bring("goed.json", [{"id": id, "antwoord": {"soort": "klant_onbekend"}}])
    assert codes(found) == [("klant_onbekend", "")]
    refused = [hall.post.result(f"slecht-{nr}.json").receipt.bevindingen[0].code for nr in range(4)]
    assert refused == ["JSON_ONGELDIG", "TE_WEINIG", "VELD_NIET_TOEGESTAAN", "BESTAND_TE_GROOT"]


def test_late_withdrawn_and_other_answers_are_refused_as_at_the_door(hall: Mailhall) -> None:
    late, gone = hall.ask(LANDLORD, kenmerk="SO-1"), hall.ask(LANDLORD, kenmerk="SO-2")
    hall.withdraw(gone.id)
    hall.later(30)
    answer = {"soort": "klant_onbekend"}
    found, _ = hall.bring("a.json", [{"id": str(one.vragen[0].id), "antwoord": answer} for one in (late, gone)])
    assert codes(found) == [("geweigerd", "TERMIJN_VERSTREKEN"), ("geweigerd", "SALDOVERZOEK_INGETROKKEN")]


def test_chunk_that_is_done_twice_answers_once(hall: Mailhall) -> None:
    id = hall.ask(LANDLORD).vragen[0].id
    hall.post.put("a.json", f'{{"antwoorden": [{{"id": "{id}", "antwoord": {{"soort": "klant_onbekend"}}}}]}}'.encode())
    hall.run("ALTER TABLE bestand_deel ADD CONSTRAINT vol CHECK (done IS NULL)")
    with pytest.raises(psycopg.errors.CheckViolation):
        hall.post.work()
    assert hall.mine(LANDLORD, "klant_onbekend")[0].id == id
    hall.run("ALTER TABLE bestand_deel DROP CONSTRAINT vol")
    hall.clock.advance(hall.post.files.lease * 2)
    hall.post.work()
    assert codes(hall.post.result("a.json")) == [("eerder_ontvangen", "")]
    assert len([entry for entry in hall.noted() if isinstance(entry, SaldoverzoekBeantwoord)]) == 1


def test_of_two_nodes_one_writes_the_file(hall: Mailhall) -> None:
    hall.ask(LANDLORD)
    before = len(hall.noted())
    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(lambda _: hall.tell(), range(4))) == [0, 0, 0, 1]
    assert len(hall.noted(since=before)) == 1
    assert len(list(hall.post.spool.ids())) == 1


def test_spreadsheet_is_read_as_a_csv_is() -> None:
    found = Mapping(profile.load(OWN.replace('formaat = "csv"', 'formaat = "xlsx"').encode()))
    rows = [["saldoverzoek", "klant onbekend"], ["5f0c7c5e-0000-4000-8000-000000000001", "Ja"]]
    names = [name for name in found.sources if name not in rows[0]]
    content = workbook([[*rows[0], *names], [*rows[1], *[None] * len(names)]])
    (record,) = reading.lezer(found, "a.xlsx")(io.BytesIO(content))
    assert record.value == {"kenmerk": rows[1][0], "antwoord": {"soort": "klant_onbekend"}}


def test_agent_names_its_principal(hall: Mailhall) -> None:
    hall.logins, hall.mandates = [AGENT], [Mandaat(AGENT, ME, "schuldeiser", date(2020, 1, 1))]
    hall.renew()
    id = str(hall.ask(LANDLORD).vragen[0].id)
    found, _ = hall.bring("a.json", [{"id": id, "antwoord": {"soort": "klant_onbekend"}}], AGENT, namens=ME)
    assert codes(found) == [("klant_onbekend", "")]
    other, _ = hall.bring("b.json", [{"id": id, "antwoord": {"soort": "klant_onbekend"}}], AGENT, namens=OTHER.principal)
    assert codes(other) == [("geweigerd", "MANDAAT_ONTBREEKT")]


def test_columns_a_to_v_say_unknown_and_refuse_what_they_cannot_split(hall: Mailhall) -> None:
    hall.profiles[ME] = SKP
    hall.renew()
    a, b, c, d = (hall.ask(LANDLORD, kenmerk=f"SO-{nr}").vragen[0].id for nr in range(4))
    day = f"{hall.today:%d-%m-%Y}"
    found, proofs = hall.bring(
        "skp.csv",
        skp(
            skp_row(a, "", "", "", "", "Ja"),
            skp_row(b, "8844", "Incasso", "i@example.nl", "030-1234567", "", "", day, "onbekende schuld bij SE", "F-1"),
            skp_row(c, "8844", "", "", "", "", "", day, "openstaande schuld", "F-2", "01-09-2026", "450,12"),
            skp_row(d, "8844", "", "", "", "", "", day, "overgedragen schuld", "F-3"),
        ),
    )
    assert codes(found) == [
        ("klant_onbekend", ""), ("beantwoord", ""), ("geweigerd", "BEDRAG_NIET_GESPLITST"), ("geweigerd", "VELD_VERPLICHT"),
    ]  # fmt: skip
    assert set(proofs) == {a, b}
    assert [question.id for question in hall.mine(LANDLORD, "open")] == [c, d]


def test_profile_with_every_amount_is_an_answer_to_the_cent(hall: Mailhall) -> None:
    hall.profiles[ME] = own_profile()
    hall.renew()
    asked = hall.ask(LANDLORD)
    id, day = asked.vragen[0].id, f"{hall.today:%d-%m-%Y}"
    rows = [f"{id};F-{nr};openstaande schuld;{AMOUNTS};{day}" for nr in (1, 2)]
    found, _ = hall.bring("eigen.csv", own_csv(*rows))
    assert codes(found) == [("beantwoord", "")]
    assert found.rows[0]["plek"] == "regel 2 tot en met regel 3"
    opened = hall.open(hall.see(asked.id).vragen[0].antwoord, id, "antwoord")
    assert [one["saldoCent"] for one in opened["vorderingen"]] == [40_000, 40_000]


def test_row_that_may_belong_to_an_answer_refuses_it_and_no_other(hall: Mailhall) -> None:
    hall.profiles[ME] = own_profile()
    hall.renew()
    ids = [hall.ask(LANDLORD, kenmerk=f"SO-{nr}").vragen[0].id for nr in range(5)]
    day = f"{hall.today:%d-%m-%Y}"
    row = "{};F-{};openstaande schuld;" + f"{AMOUNTS};{day}"
    found, _ = hall.bring(
        "eigen.csv",
        own_csv(
            row.format(ids[0], 1), row.format(ids[1], 1), "te;kort", row.format(ids[2], 1), row.format(ids[3], 1), row.format(ids[4], 1),
            row.format(ids[3], 2),
        ),
    )  # fmt: skip
    assert codes(found) == [
        ("beantwoord", ""), ("geweigerd", "ANTWOORD_ONZEKER"), ("geweigerd", "KOLOMMEN_ONJUIST"), ("geweigerd", "ANTWOORD_ONZEKER"),
        ("geweigerd", "ANTWOORD_VERSPREID"), ("beantwoord", ""), ("geweigerd", "ANTWOORD_VERSPREID"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["schuldenknooppunt", "eigen"])
def test_example_gives_its_golden_file(name: str) -> None:
    found = profile.load((EXAMPLES / f"{name}.toml").read_bytes())
    with (EXAMPLES / f"{name}.csv").open("rb") as stream:
        read = golden.shape(reading.lezer(Mapping(found), f"{name}.csv")(stream))
    assert list(golden.differences(strict.load((EXAMPLES / f"{name}.json").read_bytes()), read)) == []


def test_example_of_the_schuldenknooppunt_reads_no_column_beyond_v() -> None:
    """What stands from W on is not public: nothing is made up for it."""
    found = Mapping(profile.load(SKP.encode()))
    assert max(found.sources) <= "V"
    filled = {veld.naar for veld in found.profiel.velden}
    assert filled.isdisjoint(f"/vordering/{name}" for name in ("renteCent", "kostenCent", "betaaldCent", "saldoCent"))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"klantOnbekend": True, "reden": "geen_samenwerking"}], "ANTWOORD_TEGENSTRIJDIG"),
        ([{"klantOnbekend": True}, {"vordering": {"soort": "onbekend"}}], "ANTWOORD_TEGENSTRIJDIG"),
        ([{"klantOnbekend": True, "vordering": {"soort": "onbekend"}}], "ANTWOORD_TEGENSTRIJDIG"),
        ([{"peildatum": "2026-11-01"}, {"peildatum": "2026-11-02"}], "ANTWOORD_TEGENSTRIJDIG"),
        ([{"reden": "geen_samenwerking"}], None),
        ([{"klantOnbekend": False, "vordering": {"soort": "onbekend"}}], None),
    ],
)
def test_rows_that_contradict_each_other_are_no_answer(rows: list[dict[str, Any]], code: str | None) -> None:
    found: list[Any] = []
    antwoordrijen._whole(rows, found)
    assert [bevinding.code for bevinding in found] == ([code] if code else [])


def test_profile_of_answers_refuses_what_belongs_to_signals() -> None:
    with pytest.raises(profile.Ongeldig):
        profile.load((SKP + '\n[kenmerk]\ncontract = ["L"]\n').encode())
    with pytest.raises(profile.Ongeldig):
        profile.load(SKP.replace("/vordering/hoofdsomCent", "/achterstand/bedragCent").encode())
