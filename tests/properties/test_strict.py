"""Whatever comes in, strict decoding gives a value or says why not: never another error, never the submitted value in a text."""

import json
import traceback
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import strict
from schemas.inbox import Bevestiging, ClaimAanvraag, ClaimVerlenging
from schemas.signaal import AanleveringEnvelop, Signaal
from tests.properties.hostile import KINDS, LENIENT, NO_JSON
from tests.records import SIGNAL

BODIES: list[Any] = [Signaal, AanleveringEnvelop, ClaimAanvraag, Bevestiging, ClaimVerlenging]
TABLE = [
    *((name, text, True) for name, kind in KINDS.items() for text in kind.taken),
    *((name, text, False) for name, kind in KINDS.items() for text in kind.refused),
]
MARKER = "MERKTEKENwaarde"
ABSENT = frozenset({"VELD_VERPLICHT", "VELD_NIET_TOEGESTAAN", "VELD_DUBBEL"})

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["2026-11-20", "2011AB", strict.DUPLICATE])
names = st.text() | st.sampled_from([*SIGNAL, strict.DUPLICATE])
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=12,
)


def refusal(value: object, kind: Any, base: str = "") -> strict.Refused | None:
    """Why a value, or a body in bytes, is refused. Anything else that is raised fails the test."""
    try:
        taken = strict.parse(value, kind) if isinstance(value, bytes) else strict.convert(value, kind, base)
        if isinstance(taken, AanleveringEnvelop):
            strict.canonical(taken)  # its records are not decoded yet
    except strict.Refused as refused:
        return refused
    return None


def stands(refused: strict.Refused | None) -> bool:
    """A value, or a refusal with a reason."""
    return refused is None or len(refused.fouten) > 0


@given(st.binary(), st.sampled_from(BODIES))
def test_any_bytes_give_a_value_or_refused(body: bytes, kind: Any) -> None:
    assert stands(refusal(body, kind))


@given(json_values, st.sampled_from(BODIES))
def test_any_json_gives_a_value_or_refused(value: object, kind: Any) -> None:
    assert stands(refusal(json.dumps(value).encode(), kind))


@given(json_values, st.sampled_from(sorted(SIGNAL)))
def test_signal_with_any_member_gives_a_value_or_refused(value: object, member: str) -> None:
    assert stands(refusal(json.dumps({**SIGNAL, member: value}).encode(), Signaal))


@pytest.mark.parametrize("depth", [200, 254, 255, 256, 400, 900, 940, 960, 980, 990, 1_000, 5_000])
@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ('{"a":', "}")])
def test_any_depth_gives_a_value_or_refused(depth: int, kind: Any, begin: str, end: str) -> None:
    nested = begin * depth + "1" + end * depth
    assert stands(refusal(f'{{"kenmerk":"A-1","signalen":[{nested}],"leaseSeconden":{nested}}}'.encode(), kind))
    assert stands(refusal(f'{{"kenmerk":"A-1","signalen":[{nested}]}}'.encode(), kind))


@pytest.mark.parametrize("body", NO_JSON, ids=range(len(NO_JSON)))
def test_what_is_no_json_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(strict.Refused) as caught:
        strict.load(body)
    assert [(fout.pointer, fout.code) for fout in caught.value.fouten] in ([("", "JSON_ONGELDIG")], [("", "TEKENSET_ONGELDIG")])


def test_table_is_large() -> None:
    assert len(TABLE) >= 200
    assert all(kind.taken and kind.refused for kind in KINDS.values())


@pytest.mark.parametrize(("name", "text", "verdict"), TABLE, ids=[f"{name}-{nr}" for nr, (name, _, _) in enumerate(TABLE)])
def test_verdict_is_frozen_and_equals_that_of_the_schema(name: str, text: str, verdict: bool) -> None:
    kind = KINDS[name].type
    value = strict.load(text.encode())
    assert (refusal(value, kind) is None) == verdict
    assert strict._validator(kind).is_valid(value) == verdict


def test_only_lenience_is_the_one_that_is_written_down() -> None:
    name, text = LENIENT
    value = strict.load(text.encode())
    assert refusal(value, KINDS[name].type) is None
    assert not strict._validator(KINDS[name].type).is_valid(value)


@given(json_values, st.sampled_from(sorted(SIGNAL)), st.sampled_from(["", "/signalen/3"]))
def test_every_error_points_at_what_is_there_or_at_the_field_that_is_not(value: object, member: str, base: str) -> None:
    body = {**SIGNAL, member: value}
    refused = refusal(strict.load(json.dumps(body).encode()), Signaal, base) if _finite(body) else None
    for fout in refused.fouten if refused else ():
        assert fout.pointer.startswith(base)
        path = fout.pointer.removeprefix(base)
        exists(body, path.rpartition("/")[0] if fout.code in ABSENT else path)


def exists(value: Any, pointer: str) -> None:
    """Follow a JSON pointer (RFC 6901). Raises LookupError, ValueError or TypeError when it leads nowhere."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]


def _finite(value: object) -> bool:
    try:
        strict.load(json.dumps(value).encode())
    except strict.Refused:
        return False
    return True


def test_pointer_that_leads_nowhere_is_seen() -> None:
    exists(SIGNAL, "/personen/0/rol")
    with pytest.raises(LookupError):
        exists(SIGNAL, "/personen/7/rol")
    with pytest.raises(LookupError):
        exists(SIGNAL, "/persoon")


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all scalars in a JSON value."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return [found for key, part in pairs for found in leaves(part, (*path, key))]
    return [path]


def replaced(value: Any, path: tuple[str | int, ...], new: object) -> Any:
    """A copy of a JSON value with another part at a path."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


hostile = st.sampled_from(
    [MARKER, f"{MARKER}\n", f"=\u0000{MARKER}", [MARKER], {"bsn": MARKER}, f"{MARKER}@", f"2026-{MARKER}", MARKER * 20]
)


@given(st.sets(st.sampled_from(leaves(SIGNAL)), min_size=1), hostile)
def test_no_error_repeats_a_submitted_value(paths: set[tuple[str | int, ...]], mark: object) -> None:
    body = SIGNAL
    for path in paths:
        body = replaced(body, path, mark)
    refused = refusal(json.dumps(body).encode(), Signaal)
    said = "".join(traceback.format_exception(refused)) + repr(refused.fouten) if refused else ""
    assert MARKER not in said


def test_marker_would_be_seen_in_the_errors_of_the_parser_itself() -> None:
    body = replaced(SIGNAL, ("soort",), MARKER)
    with pytest.raises(msgspec.ValidationError, match=MARKER):
        msgspec.convert(body, Signaal)
