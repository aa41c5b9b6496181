"""Every way to tamper with an exported log is found; an honest log passes."""

from collections.abc import Callable
from datetime import datetime

import pytest

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.privacylog.checkpoint import CheckpointSigner, Destruction
from gateway.privacylog.entry import Frame, encode
from gateway.privacylog.messages import ClaimVerlengd
from gateway.privacylog.settings import LogVernietigd
from gateway.privacylog.term import FLOOR
from gateway.privacylog.tree import leaf_hash, root_of
from gateway.privacylog.verify import Leaf, Report, verify_export
from tests.records import AT, CREDITOR, HAARLEM

SIGNER = CheckpointSigner("seinhuis.example/log", bytes(range(32)))
STRANGER = CheckpointSigner("seinhuis.example/log", bytes(range(1, 33)))
FRAME = Frame(Sender(CREDITOR, CREDITOR), Trace("4b" * 16, "a7" * 8), AT, "urn:test:activiteit")
Leaves = list[Leaf]


def honest(size: int = 20) -> Leaves:
    made = [ClaimVerlengd(**FRAME.fields(), gemeente=HAARLEM, claim=ids.new()) for _ in range(size)]
    return [Leaf(nr, leaf_hash(encode(entry)), entry.id, encode(entry)) for nr, entry in enumerate(made)]


def notes(leaves: Leaves, *sizes: int) -> list[str]:
    return [SIGNER.sign(size, root_of(leaf.leaf for leaf in leaves[:size])) for size in sizes]


def check(leaves: Leaves, checkpoints: list[str], **options: object) -> Report:
    return verify_export(leaves, checkpoints, SIGNER.verifier, **options)  # type: ignore[arg-type]


def test_an_honest_log_passes() -> None:
    leaves = honest()
    report = check(leaves, notes(leaves, 5, 12, 20))
    assert report.ok, report.findings
    assert (report.leaves, report.bodies, report.checkpoints, report.newest) == (20, 20, 3, 20)


def test_an_empty_log_passes() -> None:
    assert check([], []).ok


def changed(leaf: Leaf) -> bytes:
    return (leaf.body or b"").replace(b'"0392"', b'"0344"')


def change_body(leaves: Leaves) -> Leaves:
    leaves[7] = leaves[7]._replace(body=changed(leaves[7]))
    return leaves


def change_body_and_leaf(leaves: Leaves) -> Leaves:
    body = changed(leaves[7])
    leaves[7] = leaves[7]._replace(body=body, leaf=leaf_hash(body))
    return leaves


def delete(leaves: Leaves) -> Leaves:
    del leaves[7]
    return leaves


def delete_and_renumber(leaves: Leaves) -> Leaves:
    return [leaf._replace(nr=nr) for nr, leaf in enumerate(delete(leaves))]


def insert(leaves: Leaves) -> Leaves:
    leaves.insert(7, honest(1)[0])
    return [leaf._replace(nr=nr) for nr, leaf in enumerate(leaves)]


def swap(leaves: Leaves) -> Leaves:
    leaves[7], leaves[8] = leaves[8]._replace(nr=7), leaves[7]._replace(nr=8)
    return leaves


def swap_entries(leaves: Leaves) -> Leaves:
    leaves[7], leaves[8] = leaves[7]._replace(entry=leaves[8].entry), leaves[8]._replace(entry=leaves[7].entry)
    return leaves


def truncate(leaves: Leaves) -> Leaves:
    return leaves[:15]


def drop_body(leaves: Leaves) -> Leaves:
    leaves[7] = leaves[7]._replace(body=None)
    return leaves


def unknown_event(leaves: Leaves) -> Leaves:
    body = (leaves[7].body or b"").replace(b"claim.verlengd", b"claim.gelekt")
    leaves[7] = leaves[7]._replace(body=body, leaf=leaf_hash(body))
    return leaves


TAMPERINGS: list[Callable[[Leaves], Leaves]] = [
    change_body, change_body_and_leaf, delete, delete_and_renumber, insert, swap, swap_entries, truncate, drop_body, unknown_event,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_tampering_is_found(tamper: Callable[[Leaves], Leaves]) -> None:
    leaves = honest()
    checkpoints = notes(leaves, 5, 12, 20)
    assert not check(tamper(list(leaves)), checkpoints).ok


def told(begin: int, end: int, before: datetime = AT - FLOOR) -> Destruction:
    return Destruction(range(begin, end), before)


def explained(leaves: Leaves, begin: int, end: int, note: str = "") -> Leaves:
    said = note or SIGNER.destroyed(told(begin, end))
    entry = LogVernietigd(**FRAME.fields(), van=begin, tot=end, aantal=end - begin, verklaring=said)
    return [*leaves, Leaf(len(leaves), leaf_hash(encode(entry)), entry.id, encode(entry))]


def test_a_missing_body_that_is_explained_is_no_finding() -> None:
    leaves = explained(drop_body(honest()), 0, 8)
    assert check(leaves, notes(leaves, 21)).ok
    beside = explained(drop_body(honest()), 0, 7)
    assert check(beside, notes(beside, 21)).findings == ["regel 7: inhoud ontbreekt zonder verklaring"]


@pytest.mark.parametrize("note", [STRANGER.destroyed(told(0, 8)), SIGNER.destroyed(told(0, 9)), SIGNER.sign(0, bytes(32)), "0\n8\n"])
def test_a_statement_that_the_log_did_not_sign_explains_nothing(note: str) -> None:
    leaves = explained(drop_body(honest()), 0, 8, note)
    assert len(check(leaves, notes(leaves, 21)).findings) == 2


def test_a_statement_about_numbers_after_it_explains_nothing() -> None:
    leaves = explained(drop_body(honest()), 0, 30)
    assert not check(leaves, notes(leaves, 21)).ok


def test_a_checkpoint_of_another_key_is_found() -> None:
    leaves = honest()
    assert not check(leaves, [STRANGER.sign(20, root_of(leaf.leaf for leaf in leaves))]).ok


def test_a_log_cut_off_with_its_checkpoints_shows_by_a_checkpoint_that_others_held() -> None:
    leaves = honest()
    cut, rest = truncate(list(leaves)), notes(leaves, 5, 12)
    assert check(cut, rest).ok  # alone it cannot be seen
    assert not check(cut, rest, held=notes(leaves, 20)).ok


def test_a_rewritten_log_with_new_checkpoints_shows_by_a_held_one() -> None:
    leaves = honest()
    rewritten = change_body_and_leaf(list(leaves))
    assert check(rewritten, notes(rewritten, 20)).ok  # alone it cannot be seen
    assert not check(rewritten, notes(rewritten, 20), held=notes(leaves, 12)).ok


def test_the_report_names_no_content() -> None:
    leaves = honest()
    report = check(change_body(leaves), notes(leaves, 20))
    assert report.findings == ["regel 7: inhoud past niet bij het blad"]
