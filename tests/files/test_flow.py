"""A file from its rename to its report: every record has an outcome, a bad one harms no other, a bad file harms nobody."""

from datetime import date, timedelta
from typing import Any

import pytest

from gateway.files import chunks
from gateway.files.flow import Bounds
from gateway.files.worker import Worker
from gateway.partners.register import Deelnemer, Mandaat, Register
from gateway.signals import deliveries
from schemas.signaal import AanleveringEnvelop
from tests.files.lines import text
from tests.files.world import PARTY, FileWorld
from tests.flows.world import LANDLORD, NAME, OTHER, TRACE, World

AGENT = "00000099000000009000"


def mixed(world: World) -> list[Any]:
    """Good, unknown member, unknown place, good, again the first, and a known kenmerk with other content."""
    good, other, dated = world.signal(), world.signal(), world.signal()
    unknown = {**world.signal(), "adres": {**good["adres"], "postcode": "1999AA"}}
    return [good, {**dated, "onbekend": 1}, unknown, other, good, {**other, "klantnummer": "7"}, good]


MIXED = [
    ("bezorgd", ""),
    ("geweigerd", "VELD_NIET_TOEGESTAAN"),
    ("in_quarantaine", "POSTCODE_ONBEKEND"),
    ("bezorgd", ""),
    ("eerder_ontvangen", ""),
    ("geweigerd", "KENMERK_IN_GEBRUIK"),
    ("geweigerd", "KENMERK_DUBBEL"),
]


def test_a_file_becomes_messages_a_receipt_and_a_report(files: FileWorld) -> None:
    signals = files.world.signals(3)
    result = files.deliver("november.xml", signals)
    assert (result.receipt.status, result.receipt.aantal, result.receipt.kenmerk) == ("aanvaard", 3, "november.xml")
    assert result.outcomes == [("bezorgd", "")] * 3
    assert [row["kenmerk"] for row in result.rows] == [signal["kenmerk"] for signal in signals]
    assert [row["plek"] for row in result.rows] == ["regel 2", "regel 3", "regel 4"]
    assert (result.outcome.resultaat, result.outcome.aantallen.bezorgd) == ("volledig", 3)
    assert files.world.count("bericht") == 3
    assert sorted(files.world.events()) == ["bestand.ontvangen", "bestand.verwerkt", *["signaal.bezorgd"] * 3]
    assert files.world.verify().ok


def test_a_bad_record_harms_no_other_and_each_has_its_line(files: FileWorld) -> None:
    result = files.deliver("november.xml", mixed(files.world))
    assert result.outcomes == MIXED
    counts = result.outcome.aantallen
    assert (counts.aangeboden, counts.bezorgd, counts.eerder_ontvangen, counts.geweigerd, counts.in_quarantaine) == (7, 2, 1, 3, 1)
    assert [row["velden"] for row in result.rows][1:3] == ["/onbekend", "/adres/postcode"]
    assert files.world.count("bericht") == 2
    assert files.world.events().count("signaal.geweigerd") == 3


def test_the_same_records_get_the_same_outcomes_at_the_door(files: FileWorld) -> None:
    records = mixed(files.world)
    voor = deliveries.preflight(LANDLORD, TRACE, AanleveringEnvelop(kenmerk="L-1", signalen=records[:4]), files.world.steps)
    from_door = [(regel.status, " ".join(b.code for b in regel.bevindingen)) for regel in voor.regels]
    assert files.deliver("november.xml", records).outcomes[:4] == from_door


def test_a_record_that_could_not_be_read_is_refused_with_what_the_reader_said(files: FileWorld) -> None:
    signals = files.world.signals(2)
    result = files.deliver("november.xml", [signals[0], {"onleesbaar": True, "kenmerk": "K-7"}, signals[1]])
    assert result.outcomes == [("bezorgd", ""), ("geweigerd", "VELD_ONLEESBAAR"), ("bezorgd", "")]
    assert result.rows[1]["kenmerk"] == "K-7"
    assert files.world.entries("signaal.geweigerd")[0].regels == ("VELD_ONLEESBAAR",)


def test_a_file_that_cannot_be_read_to_its_end_delivers_nothing_and_says_where(files: FileWorld) -> None:
    files.put("stuk.xml", text(files.world.signals(2_500)) + b"geen json\n")
    files.work()
    result = files.result("stuk.xml")
    assert (result.receipt.status, result.receipt.plek) == ("geweigerd", "regel 2502")
    assert [found.code for found in result.receipt.bevindingen] == ["REGEL_ONGELDIG"]
    assert (result.outcome.status, result.outcome.resultaat) == ("geweigerd", "geen")
    assert result.outcomes == [("geweigerd", "REGEL_ONGELDIG")]
    assert files.world.count("bericht") == 0
    assert files.world.events() == ["bestand.geweigerd"]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"kenmerk": "een spatie"}, "KOP_ONGELDIG"),
        ({"namens": "geen oin"}, "KOP_ONGELDIG"),
        ({"namens": OTHER.principal}, "MANDAAT_ONTBREEKT"),
        ({"soort": "stand", "sector": "huur", "handelsnaam": NAME}, "KOP_ONGELDIG"),
        ({"soort": "stand", "sector": "huur", "handelsnaam": NAME, "peildatum": "2999-01-01"}, "PEILDATUM_IN_TOEKOMST"),
        ({"sector": "HUUR"}, "KOP_ONGELDIG"),
    ],
)
def test_a_head_that_is_not_valid_refuses_the_whole_file(files: FileWorld, head: dict[str, Any], code: str) -> None:
    result = files.deliver("kop.xml", files.world.signals(1), **head)
    assert [found.code for found in result.receipt.bevindingen] == [code]
    assert files.world.count("bericht") == 0


def test_an_empty_file_and_one_that_is_too_long_are_refused(world: World, tmp_path: Any) -> None:
    files = FileWorld(world, tmp_path, bounds=Bounds(records=2))
    assert [b.code for b in files.deliver("leeg.xml", []).receipt.bevindingen] == ["BESTAND_LEEG"]
    assert [b.code for b in files.deliver("lang.xml", world.signals(3)).receipt.bevindingen] == ["BESTAND_TE_LANG"]
    assert files.deliver("precies.xml", world.signals(2)).receipt.status == "aanvaard"  # the control


def test_a_file_of_which_nothing_can_be_read_is_refused_soon(world: World, tmp_path: Any) -> None:
    files = FileWorld(world, tmp_path, bounds=Bounds(unreadable=3))
    bad, good = {"onleesbaar": True, "kenmerk": "K-7"}, world.signals(1)
    found = files.deliver("vreemd.xml", [bad] * 5).receipt
    assert [(b.code, found.plek) for b in found.bevindingen] == [("RECORDS_ONLEESBAAR", "regel 4")]
    assert files.deliver("deels.xml", [bad, bad, *good, bad, bad]).receipt.status == "aanvaard"  # the control


def agent(world: World, *mandates: str) -> None:
    """A party that acts for others."""
    own = list(world.register.deelnemers.values())
    rows = [Mandaat(AGENT, principal, "schuldeiser", date(2021, 1, 1)) for principal in mandates]
    party = Deelnemer(AGENT, "Incassobureau Proef", frozenset({"gerechtsdeurwaarder"}), "actief")
    found = world.register
    world.register = Register(
        2,
        [*own, party],
        mandaten=rows,
        gemeenten=found.gemeenten.values(),
        sleutels=[found.sealing_key(c) for c in found.gemeenten],  # type: ignore[misc]
    )


def test_an_agent_delivers_for_whom_it_has_a_mandate(files: FileWorld) -> None:
    agent(files.world, LANDLORD.principal)
    result = files.deliver("namens.xml", files.world.signals(1), AGENT, namens=LANDLORD.principal)
    assert (result.receipt.schuldeiser, result.outcomes) == (LANDLORD.principal, [("bezorgd", "")])
    assert files.world.rows("SELECT party, principal FROM bericht") == [(AGENT, LANDLORD.principal)]


def test_an_agent_for_more_than_one_must_say_for_whom(files: FileWorld) -> None:
    agent(files.world, LANDLORD.principal, OTHER.principal)
    assert [b.code for b in files.deliver("wie.xml", files.world.signals(1), AGENT).receipt.bevindingen] == ["NAMENS_VERPLICHT"]


def test_a_file_seen_before_gives_its_receipts_and_judges_the_rest_anew(files: FileWorld) -> None:
    good, quarantined = files.world.signal(), {**files.world.signal(), "onbekend": 1}
    first = files.deliver("november.xml", [good, quarantined])
    second = files.deliver("november.xml", [good, quarantined])
    assert second.receipt.eerder == first.receipt.id
    assert [row["id"] for row in second.rows] == [row["id"] for row in first.rows]
    assert second.outcomes == [("eerder_ontvangen", ""), ("geweigerd", "VELD_NIET_TOEGESTAAN")]
    assert (first.lines[0].get("logblad"), first.receipt.eerder) == (second.lines[0].get("logblad"), None)
    assert files.world.count("bericht") == 1


def test_a_record_through_two_mouths_is_one_message(files: FileWorld) -> None:
    signals = files.world.signals(2)
    (outcome,) = files.world.deliver(signals[0])
    result = files.deliver("november.xml", signals)
    assert result.outcomes == [("eerder_ontvangen", ""), ("bezorgd", "")]
    assert result.rows[0]["id"] == str(outcome.id)
    assert files.world.deliver(signals[1])[0].repeated
    assert files.world.count("bericht") == 2


def test_defaults_of_the_head_fill_what_a_record_leaves_out(files: FileWorld) -> None:
    signal = files.world.signal()
    bare = {name: value for name, value in signal.items() if name not in {"sector", "handelsnaam"}}
    assert files.deliver("kop.xml", [bare], sector="huur", handelsnaam=NAME).outcomes == [("bezorgd", "")]
    files.world.deliver(signal)
    assert files.world.count("bericht") == 1  # it is the same record


def test_a_record_is_judged_after_the_one_it_belongs_to(files: FileWorld) -> None:
    """Signal, update and withdrawal of one kenmerk, in one file of more than one chunk."""
    many = files.world.signals(chunks.CHUNK + 5)
    first = many[0]
    update = {**first, "kenmerk": "UPDATE-1", "soort": "actualisering", "eerderKenmerk": first["kenmerk"]}
    third = {**update, "kenmerk": "UPDATE-2", "eerderKenmerk": "UPDATE-1"}
    gone = {"kenmerk": "UPDATE-2", "reden": "betaald"}
    result = files.deliver("keten.xml", [first, update, third, gone, *many[1:]])
    assert [row["status"] for row in result.rows] == [*["bezorgd"] * 3, "ingetrokken", *["bezorgd"] * (len(many) - 1)]
    assert [int(row["volgnummer"]) for row in result.rows] == list(range(1, len(many) + 4))
    assert result.outcome.aantallen.ingetrokken == 1


def test_updates_under_the_kenmerken_that_a_profile_makes(files: FileWorld) -> None:
    """`wijziging` in `[kenmerk]`: every update names the first signal and has the day behind its kenmerk."""
    first = files.world.signals(1)[0]
    update = {**first, "soort": "actualisering", "eerderKenmerk": first["kenmerk"]}
    updates = [{**update, "kenmerk": f"{first['kenmerk']}:w{day}"} for day in (20261120, 20261121)]
    result = files.deliver("wijzigingen.xml", [first, *updates, {"kenmerk": first["kenmerk"], "reden": "betaald"}])
    assert [row["status"] for row in result.rows] == [*["bezorgd"] * 3, "ingetrokken"]


def test_withdrawals_by_kenmerk(files: FileWorld) -> None:
    one, two, closed = files.world.signals(3)
    files.world.delivered(one, two, closed)
    reject = "UPDATE inbox_item SET state = 'afgewezen' WHERE bericht = (SELECT id FROM bericht WHERE kenmerk = %s)"
    files.world.run(reject, closed["kenmerk"])
    records = [
        {"kenmerk": one["kenmerk"], "reden": "betaald"},
        {"kenmerk": "NIET-BEKEND", "reden": "betaald"},
        {"kenmerk": closed["kenmerk"], "reden": "bezwaar"},
        {"kenmerk": two["kenmerk"], "reden": "zomaar"},
        {"kenmerk": one["kenmerk"], "reden": "betaald"},
    ]
    result = files.deliver("in.xml", records)
    assert result.outcomes == [
        ("ingetrokken", ""),
        ("geweigerd", "KENMERK_ONBEKEND"),
        ("geweigerd", "SIGNAAL_AFGESLOTEN"),
        ("geweigerd", "WAARDE_ONBEKEND"),
        ("ingetrokken", ""),
    ]
    assert (result.outcome.aantallen.ingetrokken, result.outcome.aantallen.geweigerd, result.outcome.resultaat) == (2, 3, "deels")
    assert files.world.events().count("signaal.ingetrokken") == 1
    assert files.world.events().count("signaal.geweigerd") == 3


def test_a_withdrawal_of_somebody_elses_signal_does_not_exist(files: FileWorld) -> None:
    signal = files.world.signal()
    files.world.delivered(signal)
    result = files.deliver("in.xml", [{"kenmerk": signal["kenmerk"], "reden": "betaald"}], OTHER.party)
    assert result.outcomes == [("geweigerd", "KENMERK_ONBEKEND")]


def test_a_party_that_is_suspended_half_way_delivers_no_more(files: FileWorld) -> None:
    files.put("lang.xml", text(files.world.signals(chunks.CHUNK * 2)))
    worker = Worker(files.files)
    assert worker.step()
    assert worker.step()  # accepted, and one chunk
    files.world.register = Register(2, [Deelnemer(PARTY, NAME, frozenset({"schuldeiser"}), "opgeschort")])
    files.work()
    result = files.result("lang.xml")
    assert [row["status"] for row in result.rows] == ["bezorgd"] * chunks.CHUNK + ["geweigerd"] * chunks.CHUNK
    assert {row["codes"] for row in result.rows[chunks.CHUNK :]} == {"DEELNEMER_NIET_ACTIEF"}
    assert files.world.count("bericht") == chunks.CHUNK


def test_what_came_in_is_gone_with_its_report_and_the_report_when_collected(files: FileWorld) -> None:
    files.put("november.xml", text(files.world.signals(2)))
    files.work()
    assert [item.name for item in files.box.items("in")] == []
    assert len(list(files.spool.ids())) == 3
    files.result("november.xml")
    assert list(files.spool.ids()) == []
    assert files.world.count("bestand_deel") == 0


def test_a_reader_that_breaks_is_not_asked_forever(files: FileWorld) -> None:
    """A defect of ours that one file brings out: it is refused in the end, and holds up nobody."""

    def broken(party: str, naam: str, day: date) -> Any:
        raise RuntimeError("a defect")

    files.put("gif.xml", text(files.world.signals(1)))
    files.files = files.files._replace(choose=broken, bounds=Bounds(attempts=2))
    for _ in range(2):
        with pytest.raises(RuntimeError):
            Worker(files.files).run()
        assert not Worker(files.files).step()  # it waits for its lease
        files.world.clock.advance(files.files.lease)
    files.work()
    assert [found.code for found in files.result("gif.xml").receipt.bevindingen] == ["VERWERKING_MISLUKT"]
    assert len(list(files.spool.ids())) == 0


def test_nothing_of_a_person_is_in_the_rows_of_files(files: FileWorld) -> None:
    signal = files.world.signal()
    files.put("november.xml", text([signal, {**signal, "kenmerk": "K-2", "personen": [{"achternaam": "Testpersoon"}]}]))
    worker = Worker(files.files)
    while worker._file("ontvangen", lambda *_: None):  # claimed and left: nothing is done yet
        pass
    files.world.clock.advance(timedelta(minutes=2))
    files.work()
    rows = str(files.world.rows("SELECT * FROM bestand")) + str(files.world.rows("SELECT * FROM bestand_uit"))
    surname = signal["personen"][0]["achternaam"]
    assert "november.xml" in rows  # the control
    assert surname not in rows
