"""Strict decoding of JSON: one parser, one set of types, all errors at once.

Authority: RFC 8259 and the traps of `docs/trust-model.md` (duplicate keys, NaN, lone surrogates, numbers that lose digits).
A value is accepted exactly when `msgspec.convert` accepts it; when it refuses, the JSON Schema made from the same types
names the errors: no more than `FINDINGS`, and of a value that is no larger than `EXPLAIN_BYTES`, because the validator makes
every error with a copy of what it is about. `tests/properties/test_strict.py` holds the two verdicts against each other.
"""

import contextlib
import json
import math
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, NamedTuple, NoReturn, TypeVar

import jsonschema_rs
import msgspec

T = TypeVar("T")
DUPLICATE = "\x00dubbel"
EXPLAIN_BYTES = 32 * 1024
FINDINGS = 50
_NODE_BYTES = 32


class Fout(NamedTuple):
    """One error: a JSON pointer, a stable code and a Dutch text without the submitted value."""

    pointer: str
    code: str
    melding: str


_TOO_LARGE = Fout("", "TE_GROOT_OM_UIT_TE_LEGGEN", "Dit is ongeldig en te groot om uit te leggen; controleer het tegen het schema.")


class Refused(Exception):
    """The input is not acceptable; `fouten` has every reason."""

    def __init__(self, fouten: list[Fout]) -> None:
        super().__init__(f"{len(fouten)} fout(en)")
        self.fouten = fouten


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs) or DUPLICATE in value:  # nobody may send the mark itself
        seen = {DUPLICATE}
        value[DUPLICATE] = sorted({k for k, _ in pairs if k in seen or seen.add(k)})  # type: ignore[func-returns-value]
    return value


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def _number(text: str) -> int | float:
    """1.0 and 1 are one number (JSON Schema, integer). From 2**53 on digits get lost: a float, which no integer field takes."""
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


_EXACT = 2**53
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_number, parse_int=_number)


def load(body: bytes) -> Any:  # noqa: ANN401 - a JSON value has no narrower type
    """Parse UTF-8 JSON. Duplicate keys are marked under `DUPLICATE`, so that only the object that has them is refused.

    Raises:
        Refused: not UTF-8, not JSON, NaN or infinity, too deep, or a lone surrogate.
    """
    try:
        text = body.decode("utf-8")
        value = _DECODER.decode(text)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise Refused([Fout("", "JSON_ONGELDIG", f"Geen geldige JSON op regel {error.lineno}, teken {error.colno}.")]) from None
    except UnicodeError:
        raise Refused([Fout("", "TEKENSET_ONGELDIG", "De inhoud is geen geldige UTF-8 (of bevat een half tekenpaar).")]) from None
    except (ValueError, RecursionError):
        raise Refused([Fout("", "JSON_ONGELDIG", "NaN, oneindig, een te lang getal of te diepe nesting is niet toegestaan.")]) from None
    return value


def convert(value: Any, kind: type[T], base: str = "", most: int = FINDINGS) -> T:  # noqa: ANN401 - a JSON value has no narrower type
    """Turn a parsed JSON value into `kind`.

    Args:
        value: what `load` returned, or a part of it.
        kind: a `schemas` type.
        base: JSON pointer of `value` inside the body.
        most: how many errors to name; one is found without looking for the others.

    Raises:
        Refused: with its errors, each at its pointer; of a value that is too large to explain, only that.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise Refused(_reasons(value, kind, base, most)) from None


def parse(body: bytes, kind: type[T]) -> T:
    """`load` and `convert` in one."""
    return convert(load(body), kind)


def parse_apart(body: bytes, kind: type[T], member: str, most: int) -> T:
    """`parse`, for a `kind` that leaves the elements of its list `member` undecoded: they are taken, and no error is about them.

    Errors look at as many empty stand-ins, one more than `most` at the most, so that none of them copies the elements.
    """
    value = load(body)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        elements = value.get(member) if isinstance(value, dict) else None
        if not isinstance(elements, list):
            return convert(value, kind)
        value[member] = []
        stand_ins = {**value, member: [None] * min(len(elements), most + 1)}
        raise Refused([_TOO_LARGE] if _is_large(value) else _first_of(stand_ins, kind, "", FINDINGS)) from None


def schema(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - types and annotated types alike
    """JSON Schema (2020-12) of one type, self-contained."""
    (root,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    return {**root, "$defs": parts}


@cache
def _validator(kind: Any) -> Any:  # noqa: ANN401 - the library's own class is not typed as public
    return jsonschema_rs.validator_for(schema(kind), validate_formats=True, formats={"date": _is_date})


def _is_date(text: str) -> bool:
    """RFC 3339, from year 1 on."""
    with contextlib.suppress(msgspec.ValidationError):
        return bool(msgspec.convert(text, date))
    return False


def _reasons(value: Any, kind: Any, base: str, most: int) -> list[Fout]:  # noqa: ANN401
    return [_TOO_LARGE._replace(pointer=base)] if _is_large(value) else _first_of(value, kind, base, most)


def _first_of(value: Any, kind: Any, base: str, most: int) -> list[Fout]:  # noqa: ANN401
    return list(islice(_explain(value, kind, base, most), most)) or [Fout(base, "WAARDE_ONGELDIG", "De waarde is niet geldig.")]


def _is_large(value: Any) -> bool:  # noqa: ANN401
    """Whether text and nodes (`_NODE_BYTES` each) come above `EXPLAIN_BYTES`; stops counting as soon as they do."""
    left, waiting = EXPLAIN_BYTES, [value]
    while waiting and left >= 0:
        part = waiting.pop()
        if isinstance(part, str):
            left -= len(part)
        elif isinstance(part, list | dict) and (left := left - _NODE_BYTES * len(part)) >= 0:
            waiting.extend(part)
            waiting.extend(part.values() if isinstance(part, dict) else ())
    return left < 0


def _explain(value: Any, kind: Any, base: str, most: int) -> Iterator[Fout]:  # noqa: ANN401
    validator = _validator(kind)
    try:
        for error in validator.iter_errors(value) if most > 1 else _first(validator, value):
            yield from _flatten(error, base)
    except ValueError:  # the validator stops at a depth of 255
        yield Fout(base, "JSON_ONGELDIG", "Te diepe nesting is niet toegestaan.")


def _first(validator: Any, value: Any) -> Iterator[Any]:  # noqa: ANN401
    """The first error alone; `iter_errors` would make them all."""
    try:
        validator.validate(value)
    except jsonschema_rs.ValidationError as error:
        yield error


def _flatten(error: Any, base: str) -> Iterator[Fout]:  # noqa: ANN401
    kind = error.kind.as_dict()
    if error.kind.name == "anyOf":
        yield from _of_branches(kind["context"], base)
        return
    pointer = base + "".join(f"/{_escape(part)}" for part in error.instance_path)
    if error.kind.name == "additionalProperties":
        for name in kind["unexpected"]:
            if name == DUPLICATE:
                for double in error.instance[DUPLICATE]:
                    yield Fout(f"{pointer}/{_escape(double)}", "VELD_DUBBEL", "Dit veld staat twee keer in hetzelfde object.")
            else:
                yield Fout(f"{pointer}/{_escape(name)}", "VELD_NIET_TOEGESTAAN", "Dit veld hoort niet bij dit bericht; laat het weg.")
        return
    if error.kind.name == "required":
        yield Fout(f"{pointer}/{_escape(kind['property'])}", "VELD_VERPLICHT", "Dit veld is verplicht.")
        return
    code, text = _TEXTS.get(error.kind.name, ("WAARDE_ONGELDIG", "De waarde is niet geldig."))
    yield Fout(pointer, code, text.format(**{name: _readable(part) for name, part in kind.items()}))


def _of_branches(branches: list[list[Any]], base: str) -> Iterator[Fout]:
    """T | None: what T says. A union: what the message says whose tag (an enum of one value) was given; else which tags there are."""
    tags = [[error for error in branch if _is_tag(error)] for branch in branches] if not any(map(_is_null, branches)) else [[]]
    if all(tags):
        known = ", ".join(str(option) for found in tags for option in found[0].kind.as_dict()["options"])
        at = "".join(f"/{_escape(part)}" for part in tags[0][0].instance_path)
        yield Fout(base + at, "WAARDE_ONBEKEND", _TEXTS["enum"][1].format(options=known))
        return
    for part in branches[tags.index([])]:
        yield from _flatten(part, base)


def _is_null(branch: list[Any]) -> bool:
    return any(error.kind.name == "type" and "null" in str(error.kind.as_dict()) for error in branch)


def _is_tag(error: Any) -> bool:  # noqa: ANN401
    return bool(error.kind.name == "enum" and len(error.kind.as_dict()["options"]) == 1)


def _readable(part: object) -> str:
    if isinstance(part, list):
        return ", ".join(map(_readable, part))
    return _WORDS.get(str(part), str(part).replace("(?!\\n)", ""))


_WORDS = {
    "string": "tekst",
    "integer": "een heel getal",
    "boolean": "true of false",
    "object": "een groep",
    "array": "een lijst",
    "date": "datum (jjjj-mm-dd)",
    "date-time": "datum met tijd",
}
_TEXTS = {
    "type": ("TYPE_ONJUIST", "Verkeerd soort waarde; verwacht: {types}."),
    "pattern": ("VORM_ONJUIST", "De waarde heeft niet de vereiste vorm ({pattern})."),
    "format": ("VORM_ONJUIST", "De waarde is geen geldige {format}."),
    "enum": ("WAARDE_ONBEKEND", "De waarde staat niet in de lijst: {options}."),
    "const": ("WAARDE_ONBEKEND", "De waarde moet {expected_value} zijn."),
    "minLength": ("TE_KORT", "Minstens {limit} teken(s)."),
    "maxLength": ("TE_LANG", "Hoogstens {limit} tekens."),
    "minItems": ("TE_WEINIG", "Minstens {limit} element(en)."),
    "maxItems": ("TE_VEEL", "Hoogstens {limit} elementen."),
    "minimum": ("TE_LAAG", "Minstens {limit}."),
    "maximum": ("TE_HOOG", "Hoogstens {limit}."),
}


def _escape(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def canonical(value: msgspec.Struct) -> bytes:
    """RFC 8785 form: sorted keys, no white space; absent and null members left out. Wire values hold no floats.

    Raises:
        Refused: an undecoded part is nested too deep.
    """
    try:
        return msgspec.json.encode(value, order="sorted")
    except RecursionError:
        raise Refused([Fout("", "JSON_ONGELDIG", "Te diepe nesting is niet toegestaan.")]) from None
