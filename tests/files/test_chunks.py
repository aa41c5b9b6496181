"""Cutting: every record in one chunk, and never in a chunk that may run before the one it belongs to."""

import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.core import ids
from gateway.files import chunks
from gateway.files.chunks import Cutter, Item, Seen, load
from gateway.files.spool import Spool
from gateway.files.workrows import Part, Span
from gateway.keys.keystore import MemoryKeyStore
from schemas.bestand import Record
from schemas.ontvangst import Bevinding

NAMES = st.sampled_from("ABCDEFGH")


def cut(folder: Path, values: list[dict[str, Any]]) -> list[tuple[Span, list[Item]]]:
    spool, id = Spool(folder / "spool", MemoryKeyStore()), ids.new()
    writer = spool.create(id)
    cutter = Cutter(writer)
    for nr, value in enumerate(values):
        cutter.add(Record(nr, f"regel {nr}", "intrekking" if "reden" in value else "signaal", value))
    spans = cutter.close()
    writer.close()
    return [(span, load(spool, id, Part(id, nr, span.position, span.size, span.records, 1))) for nr, span in enumerate(spans)]


def signal(kenmerk: str, eerder: str | None = None) -> dict[str, Any]:
    return {"kenmerk": kenmerk, "eerderKenmerk": eerder} if eerder else {"kenmerk": kenmerk}


VALUES = st.lists(st.one_of(st.builds(signal, NAMES, st.none() | NAMES), st.builds(lambda k: {"kenmerk": k, "reden": "betaald"}, NAMES)))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=VALUES)
def test_no_record_may_run_before_one_that_it_belongs_to(tmp_path: Path, values: list[dict[str, Any]]) -> None:
    parts = cut(tmp_path, values)
    assert sorted(record.nr for _, records in parts for record in records) == list(range(len(values)))
    waits = {record.nr: (nr if span.na else -1) for nr, (span, records) in enumerate(parts) for record in records if not record.bevindingen}
    for late, at in waits.items():
        related = {values[late].get("kenmerk"), values[late].get("eerderKenmerk")} - {None}
        before = [early for early in waits if early < late and values[early]["kenmerk"] in related]
        assert all(waits[early] < at for early in before), (late, before)
    numbers = [span.na for span, _ in parts]
    assert numbers == sorted(numbers)  # those that wait come last


def test_the_third_of_a_kenmerk_is_refused_and_the_second_is_not(tmp_path: Path) -> None:
    parts = cut(tmp_path, [signal("A"), signal("A"), signal("A"), signal("B")])
    codes = {record.nr: [found.code for found in record.bevindingen] for _, records in parts for record in records}
    assert codes == {0: [], 1: [], 2: ["KENMERK_DUBBEL"], 3: []}


def test_chunks_have_a_size_and_keep_the_order(tmp_path: Path) -> None:
    parts = cut(tmp_path, [signal(f"K{n}") for n in range(chunks.CHUNK * 2 + 1)])
    assert [span.records for span, _ in parts] == [chunks.CHUNK, chunks.CHUNK, 1]
    assert [record.nr for _, records in parts for record in records] == list(range(chunks.CHUNK * 2 + 1))


def test_a_chain_without_end_makes_no_chunks_without_end(tmp_path: Path) -> None:
    links = [signal("K0"), *(signal(f"K{n}", f"K{n - 1}") for n in range(1, chunks.LATER + 500))]
    parts = cut(tmp_path, links)
    assert len(parts) <= chunks.LATER + 2
    assert sum(span.records for span, _ in parts) == len(links)


def test_what_came_before_is_never_forgotten_and_seldom_invented() -> None:
    seen = Seen()
    assert not any(seen.add(f"K{n}") for n in range(20_000))
    assert all(seen.maybe(f"K{n}") for n in range(20_000))
    assert sum(seen.maybe(f"L{n}") for n in range(20_000)) < 5


def refusal(nr: int, kenmerk: str, codes: int = 1) -> Record:
    found = tuple(Bevinding(code="TE_LANG", oordeel="fout", melding="Te lang.", pointer="") for _ in range(codes))
    return Record(nr, f"regel {nr}", "signaal", {"kenmerk": kenmerk, "klantnummer": "x" * 100_000}, found)


def added(folder: Path, records: Iterable[Record]) -> tuple[list[Span], int]:
    """The chunks, and the most memory that making them took."""
    writer = Spool(folder / "spool", MemoryKeyStore()).create(ids.new())
    cutter = Cutter(writer)
    tracemalloc.start()
    for record in records:
        cutter.add(record)
    spans, peak = cutter.close(), tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    writer.close()
    return spans, peak


def test_a_chunk_ends_before_it_grows_large(tmp_path: Path) -> None:
    large = (Record(nr, "", "signaal", {"kenmerk": f"K{nr}", "klantnummer": str(nr) * 20_000}) for nr in range(500))
    spans, peak = added(tmp_path, large)
    assert sum(span.records for span in spans) == 500
    assert max(span.size for span in spans) < chunks.BYTES * 1.1
    assert peak < 4 * chunks.BYTES


def test_of_a_record_that_could_not_be_read_only_the_kenmerk_is_kept(tmp_path: Path) -> None:
    spans, _ = added(tmp_path, (refusal(nr, f"K{nr}") for nr in range(1_000)))
    assert [span.records for span in spans] == [1_000]
    assert 50_000 < spans[0].size < 500_000


def test_findings_of_a_file_that_is_wrong_all_through_do_not_pile_up(tmp_path: Path) -> None:
    spans, _ = added(tmp_path, (refusal(nr, f"K{nr}", codes=200) for nr in range(1_000)))
    assert spans[0].size < 1_000_000


def test_a_text_that_is_too_long_for_a_kenmerk_is_not_remembered(tmp_path: Path) -> None:
    twice = (Record(nr, "", "signaal", {"kenmerk": str(nr // 2) * 30_000}) for nr in range(400))
    spans, peak = added(tmp_path, twice)
    assert not any(span.na for span in spans)
    assert peak < 4 * chunks.BYTES
