"""Hostile text in every free member of a wire type, each with a mark of its own, and what a page makes of it.

A member is free when its type lets such a text in: asked of the schema, so that a new one is found by itself.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, NamedTuple

from msgspec import inspect

LEAVES = "\"'>"
"""Ends a value in either kind of quotes, and the tag that it stands in."""
_MARK = re.compile(r"&lt;x([0-9]+)&gt;")


class Free(NamedTuple):
    """A free member: where it stands (`personen.achternaam`), and its mark."""

    path: str
    text: str


class Marks:
    """Gives each free member of the types that it is shown a text of its own."""

    def __init__(self) -> None:
        self._paths: list[str] = []

    def mark(self, path: str) -> str:
        """A hostile text for one place: an element that no page of ours has, outside of whatever it is put in."""
        if path not in self._paths:
            self._paths.append(path)
        return f"{LEAVES}<x{self._paths.index(path)}>"

    def spoil(self, value: Any, kind: Any, path: str) -> Any:
        """A lawful value, with a hostile text in every free member that it has; a member that it lacks and may have is added."""
        return self._spoiled(value, inspect.type_info(kind), path)

    def shown(self, pages: list[str]) -> set[str]:
        """The places whose text stands on one of these pages, as text."""
        return {self._paths[int(nr)] for page in pages for nr in _MARK.findall(page) if int(nr) < len(self._paths)}

    @property
    def paths(self) -> set[str]:
        """All places so far."""
        return set(self._paths)

    def _spoiled(self, value: Any, kind: inspect.Type, path: str) -> Any:
        for one in _kinds(kind):
            if isinstance(one, inspect.StructType) and isinstance(value, dict):
                return self._members(value, one, path)
            if isinstance(one, inspect.ListType) and isinstance(value, list):
                return [self._spoiled(inner, one.item_type, path) for inner in value]
            if isinstance(one, inspect.StrType) and isinstance(value, str) and is_free(one):
                return self.mark(path)
        return value

    def _members(self, value: dict[str, Any], kind: inspect.StructType, path: str) -> dict[str, Any]:
        made = dict(value)
        for member in kind.fields:
            place = f"{path}.{member.encode_name}"
            if member.encode_name in value:
                made[member.encode_name] = self._spoiled(value[member.encode_name], member.type, place)
            elif _free_text(member.type):
                made[member.encode_name] = self.mark(place)
        return made


def _kinds(kind: inspect.Type) -> Iterator[inspect.Type]:
    """What a type may be, without what is said about it."""
    if isinstance(kind, inspect.Metadata):
        yield from _kinds(kind.type)
    elif isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from _kinds(one)
    else:
        yield kind


def _free_text(kind: inspect.Type) -> bool:
    return any(isinstance(one, inspect.StrType) and is_free(one) for one in _kinds(kind))


def is_free(kind: inspect.StrType) -> bool:
    """Whether a text of this type may be a mark."""
    mark = f"{LEAVES}<x99>"
    return (kind.max_length is None or kind.max_length >= len(mark)) and (kind.pattern is None or re.search(kind.pattern, mark) is not None)


class _Reading(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" or re.fullmatch(r"x[0-9]+", tag):
            self.strange.append(f"<{tag}>")
        self.strange += [name for name, _ in attrs if name.startswith("on") or "<" in name or '"' in name]
        links = [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.strange += [link for link in links if not link.startswith(("/", "#")) or link.startswith("//")]


def strange(page: str) -> list[str]:
    """What stands in a page that no template of ours put there."""
    reading = _Reading()
    reading.feed(page)
    return reading.strange


def members(kind: Any) -> Iterator[str]:
    """The free members of a type, as `spoil` names them from a value that has everything."""
    return (path for path, _ in _walk(inspect.type_info(kind), "", "", ()))


def owned(kind: Any) -> set[str]:
    """The same by the type that declares each: `Persoon.achternaam`, wherever that stands."""
    return {owner for _, owner in _walk(inspect.type_info(kind), "", "", ()) if owner}


def _walk(kind: inspect.Type, path: str, owner: str, above: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    for one in _kinds(kind):
        if isinstance(one, inspect.StrType) and is_free(one):
            yield path, owner
        elif isinstance(one, inspect.ListType):
            yield from _walk(one.item_type, path, owner, above)
        elif isinstance(one, inspect.StructType) and one.cls not in above:
            for member in one.fields:
                name = member.encode_name
                yield from _walk(member.type, f"{path}.{name}", f"{one.cls.__name__}.{name}", (*above, one.cls))
