"""No citizen's number in any text of a body: what each operation refuses unless its flow has rules of its own (`Operation.numbers`).

Nine digits in a row that pass the eleven-test, in any member; a `kenmerk` or `zaaknummer` of a format that its owner registered may hold
one. Narrower than the rule on records (`gateway.rules.numbers`), since a reference with separators is no citizen's number. Authority: Wgs
art. 8c, UAVG art. 46. What is sealed, and records that are judged one by one, is not looked into.
"""

from collections.abc import Iterator

import msgspec

from gateway.api.problem import invalid
from gateway.rules import numbers
from schemas.strict import Fout


def require(body: object, formats: frozenset[str]) -> None:
    """Raises Invalid with every pointer."""
    found = list(_found(body, "", formats))
    if found:
        raise invalid([Fout(pointer, numbers.CODE, numbers.MELDING) for pointer in found], numbers.CODE, numbers.MELDING)


def _found(value: object, pointer: str, formats: frozenset[str]) -> Iterator[str]:
    if isinstance(value, msgspec.Struct):
        for name, wire in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
            if name not in formats:
                yield from _found(getattr(value, name), f"{pointer}/{wire}", formats)
    elif isinstance(value, list | tuple):
        for nr, inner in enumerate(value):
            yield from _found(inner, f"{pointer}/{nr}", formats)
    elif isinstance(value, str) and numbers.bare(value):
        yield pointer
