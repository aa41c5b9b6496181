"""A file that is the whole list: what is new, higher, the same and gone; nothing withdrawn that might still be in it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.files import chunks
from gateway.files.flow import Bounds
from gateway.files.worker import Worker
from gateway.partners.register import Deelnemer, Register
from tests.files.lines import text
from tests.files.world import PARTY, FileWorld, Result
from tests.flows.test_standen import Crash, Dying, of, opened, put
from tests.flows.world import NAME, World


def stand(files: FileWorld, records: list[Any], day: date | None = None, **more: Any) -> Result:
    day = day or files.world.today
    head = {"soort": "stand", "sector": "huur", "handelsnaam": NAME, "peildatum": day.isoformat(), **more}
    return files.deliver(f"stand-{day}.xml", records, **head)


def outcomes(result: Result) -> dict[str, str]:
    return {row["kenmerk"]: row["status"] for row in result.rows}


def test_new_higher_same_and_gone(files: FileWorld) -> None:
    a, b, c, d = (of(s, k, 10_000) for s, k in zip(files.world.signals(4), "ABCD", strict=True))
    first = stand(files, [a, b, c, d])
    assert set(outcomes(first).values()) == {"nieuw"}
    files.world.clock.advance(timedelta(days=1))
    second = stand(files, [of(a, "A", 20_000), of(b, "B", 5_000), c])
    assert outcomes(second) == {"A": "hoger", "B": "lager", "C": "gelijk", "D": "vervallen"}
    assert second.rows[0]["bezorgdAls"] == f"A:s{files.world.today:%Y%m%d}"
    assert second.rows[3]["plek"] == "niet in de lijst"
    counts = second.outcome.stand
    assert counts is not None
    assert (counts.aangeboden, counts.hoger, counts.lager, counts.gelijk, counts.vervallen) == (3, 1, 1, 1, 1)
    assert opened(files.world) == {"A": 20_000, "B": 5_000, "C": 10_000}


def test_a_list_by_file_and_one_at_the_door_are_one_series(files: FileWorld) -> None:
    a, b = (of(s, k, 10_000) for s, k in zip(files.world.signals(2), "AB", strict=True))
    put(files.world, [a, b])
    files.world.number()
    files.world.clock.advance(timedelta(days=1))
    assert outcomes(stand(files, [a])) == {"A": "gelijk", "B": "vervallen"}


def test_the_same_list_again_gives_the_same_report_and_another_is_refused(files: FileWorld) -> None:
    records = [of(s, f"K{n}", 10_000) for n, s in enumerate(files.world.signals(3))]
    first = stand(files, records)
    again = stand(files, records)
    assert again.rows == first.rows
    assert again.receipt.eerder == first.receipt.id
    other = stand(files, records[:2])
    assert other.receipt.status == "aanvaard"  # it could be read
    assert (other.outcome.status, [b.code for b in other.outcome.bevindingen]) == ("geweigerd", ["STAND_AL_AANGELEVERD"])
    assert files.world.count("bericht") == 3
    assert files.world.events().count("bestand.geweigerd") == 1


def test_an_older_list_is_refused(files: FileWorld) -> None:
    records = [of(files.world.signal(), "A", 10_000)]
    stand(files, records)
    assert stand(files, records, files.world.today - timedelta(days=1)).outcome.bevindingen[0].code == "STAND_VEROUDERD"


def test_an_unreadable_record_stays_in_the_list_by_its_kenmerk(files: FileWorld) -> None:
    a, b = (of(s, k, 10_000) for s, k in zip(files.world.signals(2), "AB", strict=True))
    stand(files, [a, b])
    files.world.clock.advance(timedelta(days=1))
    result = stand(files, [a, {"onleesbaar": True, "kenmerk": "B"}])
    assert outcomes(result) == {"A": "gelijk", "B": "geweigerd"}
    assert result.rows[1]["codes"] == "VELD_ONLEESBAAR"
    assert opened(files.world) == {"A": 10_000, "B": 10_000}
    files.world.clock.advance(timedelta(days=1))
    assert outcomes(stand(files, [a])) == {"A": "gelijk", "B": "vervallen"}  # the control


def test_without_a_readable_kenmerk_nothing_is_withdrawn(files: FileWorld) -> None:
    a, b = (of(s, k, 10_000) for s, k in zip(files.world.signals(2), "AB", strict=True))
    stand(files, [a, b])
    files.world.clock.advance(timedelta(days=1))
    result = stand(files, [a, {"onleesbaar": True}])
    assert [row["status"] for row in result.rows] == ["gelijk", "geweigerd"]
    assert opened(files.world) == {"A": 10_000, "B": 10_000}


def test_a_withdrawal_has_no_place_in_a_list(files: FileWorld) -> None:
    a = of(files.world.signal(), "A", 10_000)
    result = stand(files, [a, {"kenmerk": "B", "reden": "betaald"}])
    assert [row["codes"] for row in result.rows] == ["", "INTREKKING_IN_STAND"]


def test_an_empty_list_withdraws_all_when_it_says_why(files: FileWorld) -> None:
    stand(files, [of(files.world.signal(), "A", 10_000)])
    files.world.clock.advance(timedelta(days=1))
    assert stand(files, []).receipt.bevindingen[0].code == "STAND_LEEG"
    result = stand(files, [], reden_vervallen="betaald")
    assert outcomes(result) == {"A": "vervallen"}
    assert opened(files.world) == {}


def test_a_list_of_many_chunks_is_compared_as_a_whole(files: FileWorld) -> None:
    count = chunks.CHUNK * 2 + 7
    records = [of(s, f"K{n:05}", 10_000) for n, s in enumerate(files.world.signals(count))]
    first = stand(files, records)
    assert outcomes(first) == dict.fromkeys((r["kenmerk"] for r in records), "nieuw")
    files.world.clock.advance(timedelta(days=1))
    second = stand(files, [*records[: chunks.CHUNK + 1], of(records[-1], "K-NIEUW", 10_000)])
    assert [int(row["volgnummer"]) for row in second.rows] == list(range(1, len(second.rows) + 1))
    counts = second.outcome.stand
    assert counts is not None
    assert (counts.gelijk, counts.nieuw, counts.vervallen) == (chunks.CHUNK + 1, 1, chunks.CHUNK + 6)


def test_a_list_that_is_too_long_is_refused_with_what_to_do(world: World, tmp_path: Path) -> None:
    files = FileWorld(world, tmp_path, bounds=Bounds(stand=2))
    result = stand(files, [of(s, f"K{n}", 10_000) for n, s in enumerate(world.signals(3))])
    assert result.receipt.bevindingen[0].code == "BESTAND_TE_LANG"
    assert "splits" in result.receipt.bevindingen[0].melding
    assert world.count("bericht") == 0


def test_a_list_that_would_take_too_much_memory_is_refused(world: World, tmp_path: Path) -> None:
    files = FileWorld(world, tmp_path, bounds=Bounds(stand_bytes=6 << 20))
    many = [{"kenmerk": f"K{n}", "klantnummer": "x" * 100_000} for n in range(100)]
    assert stand(files, many).receipt.bevindingen[0].code == "BESTAND_TE_LANG"
    assert stand(files, many[:50]).receipt.status == "aanvaard"  # the control


def test_a_list_of_large_records_is_compared_as_a_whole(files: FileWorld) -> None:
    """Its chunks are of any number of records."""
    large = [{"kenmerk": f"K{n}", "klantnummer": "x" * 1_000_000} for n in range(9)]
    result = stand(files, [*large, of(files.world.signal(), "A", 10_000)])
    assert outcomes(result) == {**{f"K{n}": "geweigerd" for n in range(9)}, "A": "nieuw"}


def test_a_list_of_a_party_that_was_suspended_after_acceptance_changes_nothing(files: FileWorld) -> None:
    a, b = (of(s, k, 10_000) for s, k in zip(files.world.signals(2), "AB", strict=True))
    stand(files, [a, b])
    files.world.clock.advance(timedelta(days=1))
    head = {"soort": "stand", "sector": "huur", "handelsnaam": NAME, "peildatum": files.world.today.isoformat()}
    files.put("stand.xml", text([a], **head))
    assert Worker(files.files).step()  # accepted
    files.world.register = Register(2, [Deelnemer(PARTY, NAME, frozenset({"schuldeiser"}), "opgeschort")])
    files.work()
    assert [found.code for found in files.result("stand.xml").outcome.bevindingen] == ["DEELNEMER_NIET_ACTIEF"]
    assert opened(files.world) == {"A": 10_000, "B": 10_000}


@pytest.mark.parametrize("let_through", [1, 3, 4, 6, 7, 8, 9, 10, 12, 13, 14, 40])
def test_a_crash_anywhere_ends_the_same(files: FileWorld, let_through: int) -> None:
    a, b, c = (of(s, k, 10_000) for s, k in zip(files.world.signals(3), "ABC", strict=True))
    stand(files, [a, b])
    files.world.clock.advance(timedelta(days=1))
    whole, dying = files.files, Dying(files.world.ingest, let_through)
    mortal: Any = whole.steps._replace(database=dying)
    files.files = whole._replace(steps=mortal)
    crashed = False
    try:
        result = stand(files, [of(a, "A", 20_000), c])
    except Crash:
        crashed = True
        files.files = whole
        for _ in range(4):  # both leases: that of the file and that of the list
            files.world.clock.advance(timedelta(seconds=61))
            files.work()
        result = files.result(f"stand-{files.world.today}.xml")
    assert crashed == (let_through < 40)  # the control: more than that it does not take
    assert outcomes(result) == {"A": "hoger", "C": "nieuw", "B": "vervallen"}
    assert opened(files.world) == {"A": 20_000, "C": 10_000}
