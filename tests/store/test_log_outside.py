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
from contextlib import contextmanager, nullcontext
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
from gateway.core.errors import Misconfigured
from gateway.inboxes import reading
from gateway.privacylog import export, sequencer, term
from gateway.privacylog.afterwards import ZaakGeopend
from gateway.privacylog.append import append
from gateway.privacylog.checkpoint import Destruction
from gateway.privacylog.entries import decode
from gateway.privacylog.entry import Entry, Frame, encode
from gateway.privacylog.messages import BerichtGeclaimd, ClaimVerlengd, SignaalBezorgd
from gateway.privacylog.oversight import NaamOntzegeld, OntzegelingBesloten, OntzegelingGevraagd
from gateway.privacylog.settings import LogVernietigd
from gateway.privacylog.tree import leaf_hash
from gateway.store.prepare import Dsns
from tests.flows.world import CLERK, HAARLEM, OTHER, TRACE, UTRECHT, World
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


def check(world: World, lines: list[bytes], *kept: object, strict: bool = False) -> Report:
    return logcheck.verify(lines, world.checkpoints.verifier.vkey, Held.of(*kept), strict=strict)


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
            tampering.update_and_sign(owner, world.checkpoints, chance, nr)
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


def some(chance: Random, world: World) -> tuple[list[Entry], list[Entry]]:
    """Deliveries, and what a municipality did."""
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

    made = [one() for _ in range(chance.randrange(1, 7))]
    return [e for e in made if isinstance(e, SignaalBezorgd)], [e for e in made if not isinstance(e, SignaalBezorgd)]


def test_honest_runs_raise_no_alarm(world: World) -> None:
    """Deliver, number, poll and keep, verify; whatever the order, and whatever waits for its number or its checkpoint."""
    chance, kept = Random(4), list[object]()
    alarms = []
    for _ in range(HONEST):
        with world.ingest.transaction() as connection:
            delivered, claimed = some(chance, world)
            leaves = append(connection, delivered)
        with world.inbox.transaction() as connection:
            leaves += append(connection, claimed)
        kept += [{"logblad": leaf.hex()} for leaf in leaves if chance.random() < 0.3]
        if chance.random() < 0.7:
            sequencer.run_once(world.log, world.checkpoints, world.clock, world.seen)
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


LONG = timedelta(days=800)


def ended(world: World, bounds: Mapping[str, datetime]) -> int:
    frame = Frame(CLERK, TRACE, world.clock.now(), "urn:test:activiteit")
    return term.destroy(term.Log(world.log, world.checkpoints), frame, bounds)


def destroyed(world: World, bounds: Mapping[str, datetime] | None = None) -> int:
    """What the profiles lose 800 days later; every entry of the story is 750 days old then, when no bounds are given."""
    world.clock.advance(LONG)
    done = ended(world, bounds or dict.fromkeys((term.AUDIT, term.FILES), world.clock.now() - timedelta(days=750)))
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
    assert ended(world, dict.fromkeys((term.AUDIT, term.FILES), world.clock.now() - timedelta(days=810))) == 0
    with undone(world) as owner:
        tampering.delete(owner, Random(5), done)
        assert not check(world, list(export.content(owner)), *story.kept).ok  # the control: one more is not explained


def test_a_profile_loses_its_own_content_and_what_lies_between_stays_unexplained(world: World) -> None:
    for town in (UTRECHT, HAARLEM):
        world.deliver(*world.signals(2, gemeente=town))
    story, frame = Story(world), Frame(CLERK, TRACE, world.clock.now(), "urn:test:activiteit")
    term.choose(term.Log(world.log, world.checkpoints), frame, UTRECHT, 84)
    old = {term.FILES: world.clock.now() + LONG - timedelta(days=750)}
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
    assert destroyed(world, old) > 0  # a checkpoint covers more by now
    assert destroyed(world, old) == 0  # what is done is done
    term.choose(term.Log(world.log, world.checkpoints), Frame(CLERK, TRACE, world.clock.now(), "urn:test:activiteit"), UTRECHT, 24)
    assert destroyed(world, {UTRECHT: old[term.FILES]}) == 3  # what was left, and its first choice
    assert check(world, exported(world), *story.kept).ok
    (audit,) = [nr for nr, town in left.items() if town is None]
    world.run("DELETE FROM log_entry WHERE id = (SELECT entry FROM log_leaf WHERE nr = %s)", audit)
    world.run("UPDATE log_termijn SET tot = 0")
    with pytest.raises(Misconfigured, match=f"regel {audit}:"):  # past all that is explained, to the one that is not
        destroyed(world, old)


def test_the_statement_of_a_destruction_outlives_a_later_one(world: World) -> None:
    story = Story(world)
    first = destroyed(world)
    second = destroyed(world)
    assert second > 0
    report = check(world, exported(world), *story.kept)
    assert (report.ok, report.destroyed) == (True, first + second), report.findings
    assert world.verify().ok


def recent(world: World) -> dict[int, Any]:
    """A fresh log under a checkpoint: which entry each number has."""
    world.deliver(*world.signals(8))
    world.number()
    world.clock.advance(timedelta(minutes=2))
    world.deliver(world.signal())
    world.number()
    return dict(world.rows("SELECT nr, entry FROM log_leaf WHERE nr < (SELECT max(size) FROM log_checkpoint)"))


def term_of_today(world: World) -> int:
    return ended(world, dict.fromkeys((term.AUDIT, term.FILES), world.clock.now() - timedelta(days=760)))


OF_1970 = "00000000-0000-7000-8000-000000000000"


OTHER_CONTENT = f"INSERT INTO log_entry SELECT '{OF_1970}', event, body FROM log_entry ORDER BY id DESC LIMIT 1"
OLDER_BODY = """UPDATE log_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '"tijd":"20', '"tijd":"19'), 'UTF8')"""


@pytest.mark.parametrize(("statement", "found"), [
    (f"UPDATE log_leaf SET entry = '{OF_1970}'", True),
    (f"WITH e AS ({OTHER_CONTENT}) UPDATE log_leaf SET entry = '{OF_1970}'", False),
    ("DELETE FROM log_entry WHERE id = (SELECT entry FROM log_leaf WHERE nr = 0)", True),
    (OLDER_BODY, True),
    ("UPDATE log_termijn SET tot = 5", False),
])  # fmt: skip
def test_fresh_content_is_not_destroyed_because_a_table_says_that_it_is_old(world: World, statement: str, found: bool) -> None:
    recent(world)
    world.run("CREATE TABLE log_entry_oud PARTITION OF log_entry FOR VALUES FROM ('00000000-0000-7000-8000-000000000000') "
              "TO ('00000000-0000-7000-8000-000000000001')")  # fmt: skip
    assert term_of_today(world) == 0  # the control: nothing is old
    world.run(statement)
    with pytest.raises(Misconfigured, match="is veranderd") if found else nullcontext():
        assert term_of_today(world) == 0
    assert world.rows("SELECT count(*) FROM log_entry WHERE event = 'log.vernietigd'") == [(0,)]


def test_content_is_not_destroyed_under_another_tree_than_was_signed(world: World) -> None:
    Story(world)
    world.clock.advance(LONG)
    with psycopg.connect(world.dsns.owner) as owner:
        tampering.update_and_recompute(owner, Random(6), 3)
    with pytest.raises(Misconfigured, match="controlepunt"):
        term_of_today(world)
    world.run("DELETE FROM log_checkpoint")
    world.run("INSERT INTO log_checkpoint (size, at, note) VALUES (9999, now(), 'van een ander')")
    assert term_of_today(world) == 0  # nothing of it is signed


def test_a_statement_about_content_that_was_not_old_is_found(world: World) -> None:
    """As a gateway would sign it that believed the table: the bound stands in it, and both verifiers hold it against the entry."""
    gone = recent(world)
    now = world.clock.now()
    for before, expected in ((now - term.FLOOR, True), (now - timedelta(days=1), False)):
        note = world.checkpoints.destroyed(Destruction(range(len(gone)), before.replace(microsecond=0)))
        frame = Frame(CLERK, TRACE, now, "urn:test:activiteit")
        with world.log.transaction() as connection:
            append(connection, [LogVernietigd(**frame.fields(), van=0, tot=len(gone), aantal=len(gone), verklaring=note)])
        world.number()
        report = check(world, exported(world))
        assert (report.ok, world.verify().ok) == (expected, expected), report.findings


def test_a_statement_counts_for_the_numbers_that_its_entry_says(world: World) -> None:
    gone = recent(world)
    note = world.checkpoints.destroyed(Destruction(range(len(gone)), world.clock.now() - LONG))
    frame = Frame(CLERK, TRACE, world.clock.now(), "urn:test:activiteit")
    with world.log.transaction() as connection:
        append(connection, [LogVernietigd(**frame.fields(), van=0, tot=1, aantal=len(gone), verklaring=note)])
    world.number()
    assert not check(world, exported(world)).ok
    assert not world.verify().ok


def test_an_export_without_a_signature_does_not_pass(world: World) -> None:
    Story(world)
    lines = exported(world)
    report = check(world, lines)
    assert report.ok
    assert "regels zonder handtekening" in report.conclusion()
    unsigned = [line for line in lines if b"controlepunt" not in line]
    assert check(world, unsigned).findings == [f"{report.leaves} regels zonder ondertekend controlepunt"]
    assert check(world, unsigned, newest(world)).ok  # the control: somebody kept one
    assert not check(world, []).ok
    with undone(world) as owner:
        owner.execute("DELETE FROM log_checkpoint")
        assert not check(world, list(export.content(owner))).ok
    world.run("DELETE FROM log_checkpoint")
    assert not world.verify().ok


def entry(world: World, at: timedelta, **more: Any) -> bytes:
    """A case that was opened at another time than now, as stored bytes."""
    frame = Frame(CLERK, TRACE, world.clock.now() + at, "urn:test:activiteit")
    return encode(ZaakGeopend(**frame.fields(), gemeente=HAARLEM, bericht=ids.new(), zaak=ids.new(), **more))


def put(world: World, *bodies: bytes) -> None:
    """Through the function that a taken-over flow has."""
    names = [json.loads(body) for body in bodies]
    with psycopg.connect(world.dsns.inbox) as connection:
        connection.execute("SELECT log_append(%s::uuid[], %s::text[], %s::bytea[], %s::bytea[])", (
            [name["id"] for name in names], [name["gebeurtenis"] for name in names], list(bodies), [leaf_hash(body) for body in bodies],
        ))  # fmt: skip
    world.number()


def test_many_leaves_without_a_checkpoint_are_found(world: World) -> None:
    recent(world)
    signed = world.rows("SELECT max(size) FROM log_checkpoint")[0][0]
    put(world, *[entry(world, timedelta(0)) for _ in range(999)])
    assert world.count("log_leaf") >= signed + 999
    assert check(world, exported(world)).ok  # the control: so many may wait for the next one
    put(world, *[entry(world, timedelta(0)) for _ in range(9)])
    world.run("DELETE FROM log_checkpoint WHERE size > %s", signed)
    assert "regels zonder ondertekend controlepunt" in check(world, exported(world)).findings[0]
    assert "regels zonder ondertekend controlepunt" in world.verify().findings[0]


def test_a_checkpoint_that_stays_behind_in_time_is_found(world: World) -> None:
    recent(world)
    world.clock.advance(timedelta(hours=5))
    world.deliver(world.signal())
    world.number()
    assert check(world, exported(world)).ok  # the control
    world.run("DELETE FROM log_checkpoint WHERE size = (SELECT max(size) FROM log_checkpoint)")
    assert check(world, exported(world)).findings == ["het nieuwste controlepunt is te oud voor de regels erna"]
    assert "het nieuwste controlepunt is te oud voor de regels erna" in world.verify().findings


def test_a_waiting_line_stands_for_a_receipt_only_while_it_is_young(world: World) -> None:
    recent(world)
    (receipt,) = receipts(world, 1)
    assert check(world, exported(world), receipt).ok  # the control: it waits
    world.run("CREATE TABLE opzij AS TABLE log_queue")
    world.run("DELETE FROM log_queue")
    world.clock.advance(timedelta(hours=1))
    put(world, entry(world, timedelta(0)))
    world.run("INSERT INTO log_queue OVERRIDING SYSTEM VALUE TABLE opzij")
    assert check(world, exported(world)).ok
    assert check(world, exported(world), receipt).findings == [f"blad {receipt['logblad']} van een bewijs of antwoord staat niet in de log"]


def test_a_time_before_that_of_lower_numbers_is_found(world: World) -> None:
    """A case opened afterwards, with a time before the look that it explains."""
    recent(world)
    put(world, entry(world, timedelta(minutes=-14)))
    assert (check(world, exported(world)).ok, world.verify().ok) == (True, True)  # the control: writers do not wait for each other
    put(world, entry(world, timedelta(minutes=-21)))
    number = world.count("log_leaf") - 1
    said = f"regel {number}: eerder in de tijd dan een regel met een lager nummer"
    assert check(world, exported(world)).findings == world.verify().findings == [said]


@pytest.mark.parametrize(("old", "new"), [
    (b'"versie":1,', b'"versie":1,"bericht":"0192f3a0-0000-7000-8000-000000000000",'),
    (b'"versie":1,', b'"versie": 1,'),
    (b'{"activiteit"', b'{"versie":1,"activiteit"'),
])  # fmt: skip
def test_content_that_two_readers_read_otherwise_is_found(world: World, old: bytes, new: bytes) -> None:
    recent(world)
    for body in (entry(world, timedelta(0)), entry(world, timedelta(0)).replace(old, new)):
        assert check(world, exported(world)).ok  # the control
        put(world, body)
    said = f"regel {world.count('log_leaf') - 1}: inhoud is niet in de vaste vorm geschreven"
    assert check(world, exported(world)).findings == world.verify().findings == [said]


def test_content_is_read_whole_the_first_times_and_always_when_asked(world: World) -> None:
    recent(world)
    put(world, *[entry(world, timedelta(0)) for _ in range(logcheck.WHOLE + 1)])
    put(world, entry(world, timedelta(0)).replace(b'"versie":1,', b'"versie":1,"bericht":"0192f3a0-0000-7000-8000-000000000000",'))
    assert check(world, exported(world)).ok  # the limit, as `docs/log.md` says it
    assert not check(world, exported(world), strict=True).ok
    assert not world.verify().ok


STEPS: dict[str, tuple[tuple[str, str], ...]] = {
    "without a request": (("geopend", "A"),),
    "without a decision": (("gevraagd", "A"), ("geopend", "A")),
    "by the asker": (("gevraagd", "A"), ("besloten", "A"), ("geopend", "A")),
    "decided afterwards": (("gevraagd", "A"), ("geopend", "A"), ("besloten", "B")),
    "by another than asked": (("gevraagd", "A"), ("besloten", "B"), ("geopend", "B")),
    "as it should be": (("gevraagd", "A"), ("besloten", "B"), ("geopend", "A")),
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_a_name_that_was_opened_without_a_second_party_is_found(world: World, steps: tuple[tuple[str, str], ...]) -> None:
    recent(world)
    about: dict[str, Any] = {"gemeente": HAARLEM, "ontzegeling": ids.new(), "bericht": ids.new()}
    made: list[Entry] = []
    for step, who in steps:
        officer = CLERK if who == "A" else OTHER
        shared = {**Frame(officer, TRACE, world.clock.now(), "urn:test:activiteit").fields(), **about}
        kinds: dict[str, Callable[[], Entry]] = {
            "gevraagd": lambda shared=shared: OntzegelingGevraagd(**shared, reden="klacht"),  # type: ignore[misc]
            "besloten": lambda shared=shared: OntzegelingBesloten(**shared, resultaat="goedgekeurd"),  # type: ignore[misc]
            "geopend": lambda shared=shared: NaamOntzegeld(**shared, doel="d", rij="r", veldgroepen=("identiteit",)),  # type: ignore[misc]
        }
        made.append(kinds[step]())
    with psycopg.connect(world.dsns.toezicht) as connection:
        append(connection, made)
    world.number()
    good = steps == STEPS["as it should be"]
    report = check(world, exported(world))
    assert (report.ok, world.verify().ok) == (good, good), (report.findings, world.verify().findings)


def test_content_stays_for_two_years_at_least(world: World) -> None:
    for profile in (term.AUDIT, term.FILES, UTRECHT):
        with pytest.raises(ValueError, match="24 months"):
            ended(world, {profile: world.clock.now() - timedelta(days=700)})


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
