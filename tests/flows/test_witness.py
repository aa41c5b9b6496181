"""A municipality as witness: it follows a log that grows, and has two signed checkpoints in hand when the log was changed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.client.logcheck import Untrusted
from adapters.client.witness import PATIENCE, Changed, Frozen, Witness, grew
from gateway.privacylog import proofs, tree
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.tree import leaf_hash
from schemas.bewijs import Controlepunt
from tests.flows.world import World

LEAVES = [leaf_hash(b"%d" % n) for n in range(40)]
SIGNER = CheckpointSigner("seinhuis.example/log", bytes(range(32)))
Ask = Callable[[int, int], Controlepunt]


def note(leaves: list[bytes], size: int) -> str:
    return SIGNER.sign(size, tree.root_of(leaves[:size]))


def gateway(leaves: list[bytes]) -> Ask:
    """A gateway whose log these leaves are."""

    def ask(kept: int, size: int) -> Controlepunt:
        pad = [part.hex() for part in tree.consistency(leaves[:size], kept)]
        return Controlepunt(omvang=size, controlepunt=note(leaves, size), bewaard=kept, pad=pad)

    return ask


def test_every_growth_holds_and_no_other_does() -> None:
    for total in range(1, 40):
        for size in range(1, total):
            path = tree.consistency(LEAVES[:total], size)
            old, new = (size, tree.root_of(LEAVES[:size])), (total, tree.root_of(LEAVES[:total]))
            assert grew(old, new, path)
            assert not grew((size, bytes(32)), new, path)
            assert not grew(old, (total, bytes(32)), path)
            assert not grew(old, new, [*path, bytes(32)])
            assert not grew(old, new, path[:-1])
            assert not grew(new, old, path)


def test_a_witness_follows_a_log_that_grows_and_remembers_it(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "controlepunt", SIGNER.verifier.vkey)
    assert witness.size == 0
    for size in (3, 3, 8, 40, 21):  # an answer may come late
        witness.see(note(LEAVES, size), gateway(LEAVES))
    assert witness.size == 40
    assert Witness(tmp_path / "controlepunt", SIGNER.verifier.vkey).size == 40


@pytest.mark.parametrize("size", [10, 20, 30])
def test_a_rewritten_log_is_found_with_both_checkpoints_as_evidence(tmp_path: Path, size: int) -> None:
    witness = Witness(tmp_path / "controlepunt", SIGNER.verifier.vkey)
    witness.see(note(LEAVES, 20), gateway(LEAVES))
    rewritten = [leaf_hash(b"other"), *LEAVES[1:]]
    with pytest.raises(Changed) as found:
        witness.see(note(rewritten, size), gateway(rewritten))
    assert {found.value.kept, found.value.shown} == {note(LEAVES, 20), note(rewritten, size)}
    assert witness.size == 20  # it does not go along


def test_a_proof_of_another_checkpoint_than_was_shown_does_not_count(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "controlepunt", SIGNER.verifier.vkey)
    witness.see(note(LEAVES, 20), gateway(LEAVES))
    rewritten = [*LEAVES[:20], leaf_hash(b"other"), *LEAVES[21:]]
    with pytest.raises(Changed):
        witness.see(note(rewritten, 30), gateway(LEAVES))


def test_what_the_log_did_not_sign_is_not_kept(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "controlepunt", SIGNER.verifier.vkey)
    stranger = CheckpointSigner("seinhuis.example/log", bytes(range(1, 33)))
    with pytest.raises(Untrusted):
        witness.see(stranger.sign(3, tree.root_of(LEAVES[:3])), gateway(LEAVES))
    (tmp_path / "controlepunt").write_text(stranger.sign(3, bytes(32)))
    with pytest.raises(Untrusted):
        Witness(tmp_path / "controlepunt", SIGNER.verifier.vkey)


def test_a_checkpoint_that_stands_still_while_numbers_go_on_is_found(tmp_path: Path) -> None:
    file, day = tmp_path / "controlepunt", datetime(2026, 11, 22, tzinfo=UTC)
    witness = Witness(file, SIGNER.verifier.vkey)
    for hours, size in ((0, 3), (5, 8), (6, 21)):  # the control: it comes a little later each time
        witness.see(note(LEAVES, size), gateway(LEAVES))
        witness.late(size + 1, day + timedelta(hours=hours))
    witness.late(22, day + timedelta(hours=6) + PATIENCE)
    again = Witness(file, SIGNER.verifier.vkey)
    again.see(note(LEAVES, 21), gateway(LEAVES))
    with pytest.raises(Frozen):
        again.late(30, day + timedelta(hours=7) + PATIENCE)
    again.see(note(LEAVES, 40), gateway(LEAVES))
    again.late(40, day + timedelta(hours=8) + PATIENCE)


def served(world: World) -> Ask:
    """The proofs of a real log."""

    def ask(kept: int, size: int) -> Controlepunt:
        with world.log.transaction() as connection:
            found = proofs.grow(connection, kept, size)
        assert found is not None
        return Controlepunt(omvang=found.size, controlepunt=found.note, bewaard=kept, pad=[part.hex() for part in found.path])

    return ask


def test_a_witness_follows_a_real_log(world: World, tmp_path: Path) -> None:
    witness = Witness(tmp_path / "controlepunt", world.checkpoints.verifier.vkey)
    for n in range(6):
        world.clock.advance(timedelta(minutes=2))
        world.deliver(*world.signals(1 + 3 * n))
        world.number()
        newest = world.rows("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1")[0][0]
        witness.see(newest, served(world))
    assert witness.size == world.count("log_leaf")
    with world.log.transaction() as connection:
        assert proofs.grow(connection, 1, 9_999) is None  # no checkpoint is over so many


@pytest.mark.parametrize("size", [2, 255, 256, 257, 1500])
def test_growth_from_the_database_equals_that_of_the_tree(world: World, size: int) -> None:
    leaves = [leaf_hash(b"%d" % n) for n in range(size)]
    world.run("DELETE FROM log_leaf")
    world.run("DELETE FROM log_checkpoint")
    rows = ", ".join(f"({nr}, decode('{leaf.hex()}', 'hex'), gen_random_uuid())" for nr, leaf in enumerate(leaves))
    world.run(f"INSERT INTO log_leaf (nr, leaf, entry) VALUES {rows}")
    world.run("INSERT INTO log_checkpoint (size, at, note) VALUES (%s, now(), 'briefje')", size)
    for old in {1, size // 2, size - 1, size}:
        with world.log.transaction() as connection:
            found = proofs.grow(connection, old)
        assert found is not None
        assert list(found.path) == tree.consistency(leaves, old)
