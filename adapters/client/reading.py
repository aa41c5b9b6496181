"""How an answer is read: as what the agreement says, and patient with members that a newer gateway added.

The wire types refuse unknown members, which is right for what a partner sends. In an answer such a member is left out, so that a gateway
can add one without breaking its partners (to add is no breaking change: Semantic Versioning). Anything else that differs is refused. What
is signed does not profit: a receipt with a member that this client does not know does not verify.
"""

import re
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>[^`]*)`(?: - at `(?P<path>[^`]*)`)?")
_MOST = 100


def read(body: bytes, kind: type[T]) -> T:
    """Decode an answer. Raises msgspec.DecodeError."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        return _without(msgspec.json.decode(body), kind, error)


def _without(value: Any, kind: type[T], error: msgspec.ValidationError) -> T:  # noqa: ANN401 - a JSON value
    for _ in range(_MOST):
        found = _UNKNOWN.fullmatch(str(error))
        if found is None:
            raise error
        for place in _places(value, re.findall(r"\[[^\]]*\]|\.([^.\[]+)", (found["path"] or "$")[1:])):
            if isinstance(place, dict):
                place.pop(found["name"], None)
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as next_one:
            error = next_one
    raise error


def _places(value: Any, steps: list[str]) -> list[Any]:  # noqa: ANN401 - a JSON value
    """Every value at a path; an empty step is any element of a list or object."""
    found = [value]
    for step in steps:
        inside = []
        for one in found:
            if isinstance(one, dict):
                inside += [one[step]] if step in one else list(one.values()) if not step else []
            elif isinstance(one, list) and not step:
                inside += one
        found = inside
    return found
