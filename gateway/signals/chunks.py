"""Cuts records into chunks in which no kenmerk of a principal stands twice, so that each is judged after its predecessor.

A key that comes too often would make a chunk, and so a transaction, each time: `excess` finds it first.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence


def excess(keys: Sequence[Hashable | None], most: int = 2) -> Iterator[bool]:
    """Whether each key came `most` times before; None never did."""
    seen: Counter[Hashable] = Counter()
    for key in keys:
        yield key is not None and seen[key] >= most
        seen[key] += 1


def split(keys: Sequence[Hashable | None], size: int) -> Iterator[list[int]]:
    """Positions of `keys` in chunks of at most `size`: order is kept per key, equal keys never share a chunk, None equals nothing."""
    waiting = list(range(len(keys)))
    while waiting:
        chunk: list[int] = []
        later: list[int] = []
        seen: set[Hashable] = set()
        for position in waiting:
            key = keys[position]
            if len(chunk) == size or (key is not None and key in seen):
                later.append(position)
            else:
                chunk.append(position)
            if key is not None:
                seen.add(key)
        yield chunk
        waiting = later
