"""The tree against an independent, naive reading of RFC 6962, for every size up to 70."""

import hashlib
import os

import pytest

from gateway.privacylog.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency,
    inclusion,
    is_consistent,
    is_included,
    leaf_hash,
    root_of,
)

SIZES = range(71)
BODIES = [f"regel {n}".encode() for n in range(71)]
LEAVES = [leaf_hash(body) for body in BODIES]


def naive_root(bodies: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, straight from its definition."""
    if not bodies:
        return hashlib.sha256().digest()
    if len(bodies) == 1:
        return hashlib.sha256(b"\x00" + bodies[0]).digest()
    k = 1
    while k * 2 < len(bodies):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(bodies[:k]) + naive_root(bodies[k:])).digest()


ROOTS = [naive_root(BODIES[:size]) for size in SIZES]


@pytest.mark.parametrize("size", SIZES)
def test_root_equals_the_definition(size: int) -> None:
    assert root_of(LEAVES[:size]) == ROOTS[size]


def test_published_roots_hold() -> None:
    """The test vectors that certificate-transparency implementations share."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    expected = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    leaves = [leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert {size: root_of(leaves[:size]).hex() for size in expected} == expected
    assert ROOTS[0] == EMPTY_ROOT


def test_a_frontier_taken_up_halfway_goes_on_the_same() -> None:
    for size in SIZES:
        half = Frontier()
        half.extend(LEAVES[: size // 2])
        again = Frontier(half.size, half.hashes)
        again.extend(LEAVES[size // 2 : size])
        assert (again.size, again.root()) == (size, ROOTS[size])


def test_a_frontier_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="fit"):
        Frontier(3, [b"x" * 32])


def test_every_inclusion_proof_holds_and_no_other_leaf_or_place_does() -> None:
    for size in range(1, 40):
        for index in range(size):
            proof = inclusion(LEAVES[:size], index)
            assert is_included(LEAVES[index], index, size, proof, ROOTS[size])
            assert not is_included(os.urandom(32), index, size, proof, ROOTS[size])
            assert not is_included(LEAVES[index], index, size, [*proof, LEAVES[0]], ROOTS[size])
            assert not is_included(LEAVES[index], (index + 1) % (size + 1), size, proof, ROOTS[size])
            if proof:
                assert not is_included(LEAVES[index], index, size, proof[:-1], ROOTS[size])


def test_every_consistency_proof_holds_and_no_rewritten_history_does() -> None:
    for size in range(40):
        for old in range(size + 1):
            proof = consistency(LEAVES[:size], old)
            assert is_consistent(old, ROOTS[old], size, ROOTS[size], proof)
            if old:
                assert not is_consistent(old, os.urandom(32), size, ROOTS[size], proof)
            if 0 < old < size:
                assert not is_consistent(old, ROOTS[old], size, os.urandom(32), proof)
                assert not is_consistent(old, ROOTS[old], size, ROOTS[size], proof[:-1])
                assert not is_consistent(old, ROOTS[old], size, ROOTS[size], [*proof, LEAVES[0]])


def test_proofs_outside_the_tree_are_refused() -> None:
    for index in (-1, 5):
        with pytest.raises(IndexError):
            inclusion(LEAVES[:5], index)
    with pytest.raises(IndexError):
        consistency(LEAVES[:5], 6)
    assert not is_included(LEAVES[0], 5, 5, [], ROOTS[5])
    assert not is_consistent(6, ROOTS[6], 5, ROOTS[5], [])
