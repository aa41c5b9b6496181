"""The log against the owner of its database: whoever has the public key and kept what it was given finds every change.

Under the newest checkpoint that somebody kept by that checkpoint, above it by receipts and answers. 100 manipulations and 100 honest
runs; 1,000 of each with SEINHUIS_PROOF=1. The control is a column of chained hashes, as one would without a tree.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - a seeded one
from typing import Any

import msgspec
import psycopg
import pytest

from adapters.client import logcheck
from adapters.client.logcheck import Held, Report
from gateway.core import ids
from gateway.core.clock import FixedClock
from gateway.inboxes import reading
from gateway.privacylog import export, sequencer, term
from gateway.privacylog.append import append
from gateway.privacylog.entries import decode
from gateway.privacylog.entry import Entry, Frame
from gateway.privacylog.messages import BerichtGeclaimd, ClaimVerlengd, SignaalBezorgd
from gateway.store.prepare import Dsns
from tests.flows.world import CLERK, HAARLEM, TRACE, UTRECHT, World
from tests.store import tampering
from tests.store.tampering import Link, Target

PROOF = bool(os.environ.get("SEINHUIS_PROOF"))
MANIPULATIONS, HONEST = (1_000, 1_000) if PROOF else (100, 100)
MODULE = Path(logcheck.__file__)


@pytest.fixture
def world(dsns: Dsns, tmp_path: Path) -> Iterator[World]:
    made = World(dsns, tmp_path, size=4)
    yield made
    made.close()


def wire(value: object) -> Any:
    return json.loads(msgspec.json.encode(value))


def newest(world: World) -> str:
    return str(world.rows("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1")[0][0])


def exported(world: World) -> list[bytes]:
    with world.log.transaction() as connection:
        return list(export.lines(connection))


def check(world: World, lines: list[bytes], *kept: object) -> Report:
    return logcheck.verify(lines, world.checkpoints.verifier.vkey, Held.of(*kept))


def receipts(world: World, n: int) -> list[dict[str, str]]:
    """Deliver; what the creditor keeps."""
    return [{"logblad": outcome.leaf.hex()} for outcome in world.deliver(*world.signals(n)) if outcome.leaf]


def answers(world: World, claim: bool) -> list[Any]:
    """What a municipality keeps: a page of its inbox, and what it claimed."""
    taken = [world.claim(maximum=5)] if claim else []
    return [wire(value) for value in (*taken, reading.page(HAARLEM, world.desk, after=0, limit=500))]


class Story:
    """A log with a backup, then a checkpoint that was kept, then entries that no checkpoint covers; and what others kept of it all."""

    def __init__(self, world: World) -> None:
        self.kept: list[object] = [*receipts(world, 12)]
        world.number()
        with psycopg.connect(world.dsns.owner) as owner:
            tampering.keep_backup(owner)
        backup = world.count("log_leaf")
        self.kept += receipts(world, 18)
        world.number()
        self.kept += answers(world, claim=True)
        world.clock.advance(timedelta(minutes=2))
        self.kept += receipts(world, 5)
        world.number()
        self.kept.append(newest(world))
        covered = world.count("log_leaf")
        self.kept += receipts(world, 9)
        world.number()
        self.kept += answers(world, claim=True)
        world.number()
        self.kept += receipts(world, 2)  # these wait for their number
        held = Held.of(*self.kept)
        leaves = [row[0].hex() for row in world.rows("SELECT leaf FROM log_leaf ORDER BY nr")]
        young = [nr for nr, leaf in enumerate(leaves) if nr >= covered and (leaf in held.leaves or nr + 1 in held.messages)]
        shown = [nr for nr in young if nr + 1 in held.messages]
        self.target = Target(backup, covered, len(leaves), tuple(young), tuple(shown))


@contextmanager
def undone(world: World) -> Iterator[Link]:
    """What the owner does in this block never was."""
    with psycopg.connect(world.dsns.owner) as owner:
        yield owner
        owner.rollback()


def manipulate(world: World, story: Story, chance: Random) -> tuple[str, bool, Report]:
    """One manipulation at random: its name, whether it was of a young leaf, what the outside verifier says."""
    with undone(world) as owner:
        kind, young = chance.randrange(len(tampering.ON_A_LEAF) + 2), chance.random() < 0.4
        if kind < len(tampering.ON_A_LEAF):
            done = tampering.ON_A_LEAF[kind]
            done(owner, chance, story.target.pick(done, chance, young=young))
            name = done.__name__
        elif kind == len(tampering.ON_A_LEAF):
            name, young = "restore", False
            tampering.restore(owner)
        else:
            name, young = "restore_and_go_on", False
            tampering.restore_and_go_on(owner, world.checkpoints, chance)
        return name, young, check(world, list(export.content(owner)), *story.kept)


def test_every_manipulation_by_the_owner_of_the_database_is_found_from_outside(
    world: World, record_testsuite_property: Callable[[str, object], None]
) -> None:
    story, chance = Story(world), Random(20261122)
    before = check(world, exported(world), *story.kept)
    assert before.ok, before.findings  # an honest log passes
    tried, found = Counter[str](), Counter[str]()
    kinds, missed = set(), []
    for _ in range(MANIPULATIONS):
        name, young, report = manipulate(world, story, chance)
        where = "boven het controlepunt" if young else "onder het controlepunt"
        kinds.add(name)
        tried[where] += 1
        found[where] += not report.ok
        missed += [] if not report.ok else [name]
    for where, count in tried.items():
        record_testsuite_property(where, f"{found[where]} van {count}")
        sys.stdout.write(f"{where}: {found[where]} van {count} gevonden\n")
    assert missed == []
    assert min(tried.values()) > MANIPULATIONS // 5
    assert kinds == {one.__name__ for one in tampering.ON_A_LEAF} | {"restore", "restore_and_go_on"}
    assert check(world, exported(world), *story.kept).ok  # and it is still the same log


def test_without_what_others_kept_a_rewritten_log_passes(world: World) -> None:
    """The control: it is the kept checkpoint, and above it the kept receipts, that find it."""
    story, chance = Story(world), Random(1)
    kept = [one for one in story.kept if one is not newest(world)]
    old, young = 3, story.target.young[0]
    for nr in (old, young):
        with undone(world) as owner:
            tampering.update_and_drop_checkpoints(owner, chance, nr)
            lines = list(export.content(owner))
            assert check(world, lines).ok
            assert not check(world, lines, *kept).ok


def test_what_is_young_and_kept_by_nobody_can_be_changed_unseen(world: World) -> None:
    """The limit, as `docs/log.md` says it: within the minute before a checkpoint, for entries that no answer commits to."""
    story = Story(world)
    (id,) = world.delivered(world.signal())
    claim = world.claim()
    world.acknowledge(claim, id)
    world.number()
    nr = world.count("log_leaf") - 1
    assert world.rows("SELECT event FROM log_entry JOIN log_leaf ON id = entry WHERE nr = %s", nr) == [("bericht.bevestigd",)]
    with undone(world) as owner:
        tampering.update_and_recompute(owner, Random(2), nr)
        assert check(world, list(export.content(owner)), *story.kept).ok
    world.clock.advance(timedelta(minutes=2))
    world.deliver(world.signal())
    world.number()
    with undone(world) as owner:
        tampering.update_and_recompute(owner, Random(2), nr)
        assert not check(world, list(export.content(owner)), *story.kept, newest(world)).ok


def chained(bodies: list[bytes]) -> list[bytes]:
    """A hash column as one would without a tree: each is over the one before and the body."""
    hashes = [b""]
    for body in bodies:
        hashes.append(hashlib.sha256(hashes[-1] + body).digest())
    return hashes[1:]


def test_a_chain_of_hashes_that_its_owner_recomputes_shows_nothing() -> None:
    """The control: the same manipulations, and 0 of them found."""
    chance, found = Random(3), 0
    for _ in range(MANIPULATIONS):
        before = [b"%d" % n for n in range(40)]
        at = chance.randrange(40)
        rows = before[:at] + chance.choice(([], [b"x"], [b"x", before[at]])) + before[at + 1 :]  # delete, update, insert
        assert rows != before
        stored = list(zip(rows, chained(rows), strict=True))  # the owner recomputes
        found += [row[1] for row in stored] != chained([row[0] for row in stored])
    assert found == 0


def some(chance: Random, world: World) -> list[Entry]:
    """Entries of a few kinds."""
    frame = Frame(CLERK, TRACE, world.clock.now(), "urn:test:activiteit")
    ground: dict[str, Any] = {"gemeente": HAARLEM, "doel": "WGS-3-1-b", "rij": "r", "registerversie": "v1"}

    def one() -> Entry:
        kind, fields = chance.random(), frame.fields()
        if kind < 0.5:
            return SignaalBezorgd(**fields, **ground, bericht=ids.new(), betrokkene="b" * 43, inhoud="i" * 43)
        if kind < 0.8:
            disclosed: dict[str, Any] = {"bericht": ids.new(), "claim": ids.new(), "veldgroepen": ("identiteit",), "wijze": "bemand"}
            return BerichtGeclaimd(**fields, **ground, **disclosed)
        return ClaimVerlengd(**fields, gemeente=HAARLEM, claim=ids.new())

    return [one() for _ in range(chance.randrange(1, 7))]


def test_honest_runs_raise_no_alarm(world: World) -> None:
    """Deliver, number, poll and keep, verify; whatever the order, and whatever waits for its number or its checkpoint."""
    chance, kept = Random(4), list[object]()
    alarms = []
    for _ in range(HONEST):
        with world.ingest.transaction() as connection:
            leaves = append(connection, some(chance, world))
        kept += [{"logblad": leaf.hex()} for leaf in leaves if chance.random() < 0.3]
        if chance.random() < 0.7:
            sequencer.run_once(world.log, world.checkpoints, world.clock)
        if chance.random() < 0.3:
            world.clock.advance(timedelta(seconds=chance.randrange(90)))
        if chance.random() < 0.2:
            kept += [newest(world), {"berichten": [
                {"volgnummer": nr, "id": str(id), "adrespseudoniem": ""}
                for nr, id in world.rows("SELECT nr, bericht FROM inbox_item ORDER BY nr DESC LIMIT 5")
            ]}]  # fmt: skip
        report = check(world, exported(world), *kept)
        alarms += report.findings
    assert alarms == []
    assert world.verify().ok  # and the gateway's own verifier agrees


def test_a_screen_that_parses_a_line_reads_what_was_verified(world: World) -> None:
    Story(world)
    lines = [json.loads(line) for line in exported(world)]
    shown = {line["nr"]: line["inhoud"] for line in lines if "nr" in line}
    stored = world.rows("SELECT nr, body FROM log_leaf JOIN log_entry ON id = entry")
    assert shown == {nr: json.loads(bytes(body)) for nr, body in stored}
    assert {decode(bytes(body)).id for _, body in stored} == {decode(msgspec.json.encode(body)).id for body in shown.values()}
    assert {"controlepunt", "wacht"} <= {name for line in lines for name in line}


LATER = timedelta(days=800)


def destroyed(world: World, bounds: Mapping[str, datetime] | None = None) -> int:
    """What the profiles lose 800 days later; every entry of the story is 750 days old then, when no bounds are given."""
    clock = FixedClock(world.clock.now() + LATER)
    old = clock.now() - timedelta(days=750)
    log, frame = term.Log(world.log, world.checkpoints), Frame(CLERK, TRACE, clock.now(), "urn:test:activiteit")
    done = term.destroy(log, lambda: frame, bounds or {term.AUDIT: old, term.FILES: old})
    world.number()
    return done


def test_content_goes_at_its_term_and_both_verifiers_find_it_explained(world: World) -> None:
    story = Story(world)
    done = destroyed(world)
    assert done == story.target.covered
    assert world.rows("SELECT count(*), min(nr) FROM log_leaf JOIN log_entry ON id = entry")[0][1] == done
    report = check(world, exported(world), *story.kept)
    assert (report.ok, report.destroyed) == (True, done), report.findings
    assert world.verify().ok
    with undone(world) as owner:
        tampering.delete(owner, Random(5), done)
        assert not check(world, list(export.content(owner)), *story.kept).ok  # the control: one more is not explained


def test_a_profile_loses_its_own_content_and_what_lies_between_stays_unexplained(world: World) -> None:
    for town in (UTRECHT, HAARLEM):
        world.deliver(*world.signals(2, gemeente=town))
    story, frame = Story(world), Frame(CLERK, TRACE, world.clock.now(), "urn:test:activiteit")
    term.choose(term.Log(world.log, world.checkpoints), frame, UTRECHT, 84)
    old = {term.FILES: world.clock.now() + LATER - timedelta(days=750)}
    done = destroyed(world, old)
    query = "SELECT nr, convert_from(body, 'UTF8')::json ->> 'gemeente' FROM log_leaf JOIN log_entry ON id = entry WHERE nr < %s"
    left = dict(world.rows(query, story.target.covered))
    assert Counter(left.values()) == {None: 1, UTRECHT: 2}  # another profile; a term of its own, which is longer
    assert done == story.target.covered - 3
    report = check(world, exported(world), *story.kept)
    assert (report.ok, report.destroyed, world.verify().ok) == (True, done, True), report.findings
    with undone(world) as owner:  # no statement covers it, though one covers what lies before and after
        tampering.delete(owner, Random(5), max(left))
        assert any("zonder verklaring" in one for one in check(world, list(export.content(owner)), *story.kept).findings)
    assert destroyed(world, old) == 0  # what is done is done
    term.choose(term.Log(world.log, world.checkpoints), frame, UTRECHT, 24)
    assert destroyed(world, {UTRECHT: old[term.FILES]}) == 2
    assert check(world, exported(world), *story.kept).ok


def test_the_statement_of_a_destruction_outlives_a_later_one(world: World) -> None:
    story = Story(world)
    first = destroyed(world)
    world.clock.advance(timedelta(minutes=2))
    world.deliver(world.signal())
    world.number()
    second = destroyed(world)
    assert second > 0
    report = check(world, exported(world), *story.kept)
    assert (report.ok, report.destroyed) == (True, first + second), report.findings
    assert world.verify().ok


def test_the_module_stands_alone(world: World, tmp_path: Path) -> None:
    """Copied to an empty folder and started without this repository, it says the same; and finds a change."""
    story, copy = Story(world), tmp_path / "los"
    copy.mkdir()
    program = copy / "logcheck.py"
    program.write_bytes(MODULE.read_bytes())
    (copy / "log.jsonl").write_bytes(b"".join(exported(world)))
    command = [sys.executable, "-I", str(program), str(copy / "log.jsonl"), "--sleutel", world.checkpoints.verifier.vkey]
    for nr, kept in enumerate(story.kept):
        (copy / f"{nr}.txt").write_text(kept if isinstance(kept, str) else json.dumps(kept))
        command += ["--bewaard", str(copy / f"{nr}.txt")]
    good = subprocess.run(command, cwd=copy, env={}, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout.startswith("log: klopt (")) == (0, True), good.stderr + good.stdout
    (copy / "log.jsonl").write_bytes(b"".join(exported(world)).replace(b"WGS-3-1-b", b"WGS-3-1-c", 1))
    bad = subprocess.run(command, cwd=copy, env={}, capture_output=True, text=True, check=False)
    assert (bad.returncode, "KLOPT NIET" in bad.stdout) == (1, True)
