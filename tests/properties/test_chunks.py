"""Chunks of any delivery: nothing lost, nothing twice, no key twice in a chunk, and each key judged in its order."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gateway.signals.chunks import split

KEYS = st.lists(st.one_of(st.none(), st.sampled_from("abcdefgh")), max_size=120)
SIZES = st.integers(1, 20)


def orders(keys: Sequence[str | None], flat: Sequence[int]) -> dict[str, list[int]]:
    return {key: [p for p in flat if keys[p] == key] for key in keys if key is not None}


@given(KEYS, SIZES)
def test_every_position_comes_exactly_once(keys: list[str | None], size: int) -> None:
    assert sorted(p for chunk in split(keys, size) for p in chunk) == list(range(len(keys)))


@given(KEYS, SIZES)
def test_a_chunk_is_never_empty_nor_too_large_nor_holds_a_key_twice(keys: list[str | None], size: int) -> None:
    for chunk in split(keys, size):
        named = [keys[p] for p in chunk if keys[p] is not None]
        assert 1 <= len(chunk) <= size
        assert len(named) == len(set(named))


@given(KEYS, SIZES)
def test_equal_keys_keep_their_order(keys: list[str | None], size: int) -> None:
    flat = [p for chunk in split(keys, size) for p in chunk]
    assert orders(keys, flat) == orders(keys, range(len(keys)))


@given(st.lists(st.none(), max_size=120), SIZES)
def test_without_keys_it_only_cuts(keys: list[None], size: int) -> None:
    chunks = list(split(keys, size))
    assert [p for chunk in chunks for p in chunk] == list(range(len(keys)))
    assert len(chunks) == -(-len(keys) // size)


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), SIZES)
def test_different_keys_wait_for_nobody(keys: list[str], size: int) -> None:
    assert len(list(split(keys, size))) == -(-len(keys) // size)
