"""The bench at a small size: every figure is there, what is compared with raw COPY is alike, and a gateway that fails gives no figures."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.bench import batch, claim, console, file, log, overview, single
from gateway.bench.rawcopy import OF_FILES, SCHEMA, TABLES, RawCopy
from gateway.bench.world import Failed, Meter, World, one, open_world, percentile
from gateway.console.app import TABLE
from gateway.core.clock import SystemClock

_CONSTRAINTS = """
SELECT c.contype::text, pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.conrelid = %s::regclass AND c.contype <> 'n'
ORDER BY 1, 2
"""
_INDEXES = "SELECT substring(indexdef FROM ' USING .*') FROM pg_indexes WHERE schemaname = %s AND tablename = %s ORDER BY 1"
_OPTIONS = "SELECT reloptions, relpersistence::text, relkind::text FROM pg_class WHERE oid = %s::regclass"
_COLUMNS = """
SELECT attname, atttypid, attnotnull, attstorage::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum
"""


# what `history.fill` leaves of 2,000 signals
EARLIER = Counter({table: 2_000 for table in ("bericht", "log_entry", "fingerprint", "log_leaf", "inbox_item")} | {"content_key": 3})


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world(SystemClock()) as opened:
        yield opened


class Unlawful(World):
    """A world whose signals the gateway must refuse."""

    def signals(self, creditor: int, n: int) -> list[dict[str, Any]]:
        return [{**signal, "achterstand": {"bedragCent": 0, "ontstaansdatum": "2020-01-01"}} for signal in super().signals(creditor, n)]


def unlawful(world: World) -> Unlawful:
    return Unlawful(world.sandbox, world.clock, world.database)


def test_batch_gives_its_figures_and_copies_every_row(world: World) -> None:
    world.numbered()
    before = rows(world, "public")
    figures = batch.measure(world, 5_000, earlier=2_000)
    assert (figures["signals"], figures["earlier_signals"]) == (5_000, 2_000)
    assert rows(world, SCHEMA) == rows(world, "public") - before - EARLIER
    assert rows(world, SCHEMA)["inbox_item"] == 5_000
    assert figures["copy_ratio"] == pytest.approx(figures["signals_per_second"] / figures["copy_signals_per_second"], abs=0.01)
    assert min(figures.values()) > 0


def rows(world: World, schema: str) -> Counter[str]:
    return Counter({table: one(world.database, f"SELECT count(*) FROM {schema}.{table}") for table in TABLES})


@pytest.mark.parametrize("table", TABLES)
def test_raw_copy_has_the_columns_indexes_and_constraints_of_the_original(world: World, table: str) -> None:
    RawCopy(world.database)

    def made(schema: str) -> list[object]:
        facts = [world.database.execute(query, (f"{schema}.{table}",)).fetchall() for query in (_COLUMNS, _OPTIONS, _CONSTRAINTS)]
        text = str([*facts, world.database.execute(_INDEXES, (schema, table)).fetchall()])
        return [text.replace(f"{SCHEMA}.", "")]

    assert made(SCHEMA) == made("public")


def test_raw_copy_has_the_partitions_of_the_original(world: World) -> None:
    RawCopy(world.database)
    query = "SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass"
    for table in ("bericht", "log_entry"):
        assert one(world.database, query, f"{SCHEMA}.{table}") == one(world.database, query, f"public.{table}") > 1


def test_single_gives_its_figures(world: World) -> None:
    before = world.numbered()
    figures = single.measure(world, 400, 5)
    assert world.numbered() - before == figures["signals"]
    assert figures["signals"] >= single.CONCURRENCY
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]


def test_file_gives_its_figures_and_copies_every_row_of_the_first(world: World) -> None:
    before = rows(world, "public")
    figures = file.measure(world, 3_000)
    assert figures["signals"] == 3_000
    after = rows(world, "public") - before
    assert {after[table] for table in ("bericht", "inbox_item", "fingerprint", "inspanning")} == {9_000}  # three files
    copied = Counter({table: one(world.database, f"SELECT count(*) FROM {SCHEMA}.{table}") for table in OF_FILES})
    assert {copied[table] for table in ("bericht", "inbox_item", "fingerprint", "inspanning", "log_leaf")} == {3_000}
    assert min(figures.values()) > 0
    assert figures["peak_memory_mb"] < 250


def test_claim_and_verify_give_their_figures(world: World) -> None:
    taken = claim.measure(world, 2)
    assert taken["signals"] == 600
    assert min(taken.values()) > 0
    checked = claim.verify(world, 1_000)
    assert checked["leaves"] >= 1_000
    assert checked["leaves_per_second"] > 0


def test_log_is_written_out_and_verified_from_outside(world: World) -> None:
    figures = log.measure(world, 25_500)
    assert (figures["leaves"], figures["checkpoints"]) == (25_500, 25)
    assert min(figures.values()) > 0


def test_overview_gives_its_figures_and_sweeps_every_open_question(world: World) -> None:
    before = world.numbered()
    figures = overview.measure(world, 200, 12)
    assert (figures["overviews"], figures["asked"], figures["answered"]) == (231, 12, 56)
    assert figures["swept_expired"] + figures["swept_reminded"] == (231 + 12) * overview.CREDITORS - 56
    assert min(figures["swept_expired"], figures["swept_reminded"]) > 0
    assert 0 < figures["ask_p50_ms"] <= figures["ask_p99_ms"]
    assert 0 < figures["answer_p50_ms"] <= figures["answer_p99_ms"]
    assert figures["idle_sweep_seconds"] < figures["sweep_seconds"] + 1
    states = dict(world.database.execute("SELECT state, count(*) FROM saldoverzoek GROUP BY state").fetchall())
    assert (states["verlopen"], states["open"]) == (figures["swept_expired"], figures["swept_reminded"])
    asked, ended = 31 + 12, one(world.database, "SELECT count(*) FROM schuldenoverzicht WHERE state = 'verlopen'")
    moves = asked * (overview.CREDITORS + 1) + figures["answered"] + figures["swept_expired"] + ended + figures["swept_reminded"]
    assert world.numbered() - before > moves  # nothing moves unlogged; an overview's first answer is an entry too


def test_console_visits_the_pages_of_every_role() -> None:
    with open_world(SystemClock(), console.PEOPLE) as opened:
        figures = console.measure(opened, 400, times=3)
    visited = {name.removeprefix("p95_ms console ") for name in figures if name.startswith("p95_ms console")}
    by_id = {page.path for page in TABLE if page.method == "GET" and "{id}" in page.path}
    missed = {path for path in by_id if f"GET {path}" not in visited}
    assert missed == {"/toezicht/ontzegelen/{id}", "/toezicht/inzage/{id}", "/gemeente/inzage/{id}",
                      "/schuldeiser/bestanden/{id}", "/schuldeiser/bestanden/{id}/verslag",
                      "/gemeente/overzichten/{id}/blad", "/aansluiten/verzoeken/{id}", "/beheer/verzoeken/{id}"}  # fmt: skip
    assert figures["pages"] == len(visited) > 60
    assert figures["log_entries"] > 5 * 400


def test_batch_of_refused_signals_fails(world: World) -> None:
    with pytest.raises(Failed):
        batch.deliver(unlawful(world), 1)


def test_single_of_refused_signals_fails(world: World) -> None:
    with pytest.raises(Failed):
        single.measure(unlawful(world), 40, 1)


def test_numbering_that_does_not_come_is_noticed(world: World) -> None:
    with world.database.transaction(force_rollback=True):
        world.database.execute("INSERT INTO log_queue (entries, leaves, gemeenten, berichten) VALUES ('{}', '{}', '{}', '{}')")
        with pytest.raises(Failed):
            world.numbered(patience=0.05)


def test_meter_counts_cpu_and_memory_of_the_process() -> None:
    meter = Meter(os.getpid())
    held = bytearray(64 * 2**20)
    while meter.read().gateway_cpu < 0.1:
        sum(range(10_000))
    load = meter.read()
    assert load.client_cpu >= 0.05
    assert load.peak_mb > len(held) / 2**20


def test_percentile_of_few_values() -> None:
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([3, 1, 2], 0.99) == 3
    assert percentile([], 0.5) == 0


def test_command_prints_one_json_object_by_name(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gateway", "bench", "--only", "verify", "--json"]
    environment = {**os.environ, "SEINHUIS_STATE": str(tmp_path), "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=True)
    assert set(json.loads(done.stdout)) == {"verify"}
    assert json.loads(done.stdout)["verify"]["leaves"] >= 10_000
    assert list(tmp_path.iterdir()) == []
