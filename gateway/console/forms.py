"""What a browser sends: one way to read a form, and errors in words beside the field they are about.

Only `application/x-www-form-urlencoded`, uncompressed, in UTF-8, at most 64 KiB in thirty seconds. A form becomes the same wire type that
the API takes, so that the same rules hold; a field left empty is absent. Authority: ASVS 5.0 1.5 and 4.1, WCAG 2.2 3.3.1. Leaves to the
flows what may be in it.
"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import Headers
from starlette.types import Receive

from gateway.core.errors import Invalid, SeinhuisError, TooLarge
from gateway.rules import numbers
from schemas.strict import Fout, Refused, convert

T = TypeVar("T")
Fields = Mapping[str, str]
MEDIA = "application/x-www-form-urlencoded"
ADDRESS = ("postcode", "huisnummer", "huisletter", "toevoeging")
LIMIT = 64 * 1024
SECONDS = 30.0
_MOST = 100


class HungUp(Exception):
    """The browser left; nobody waits for an answer."""


class Slow(SeinhuisError):
    """The form did not arrive in time."""

    status, title = 408, "Te langzaam"


async def read(receive: Receive, headers: Headers) -> Fields:
    """The fields of a form, each once, without the white space round it. Raises Invalid, TooLarge, Slow, HungUp."""
    if headers.getlist("content-type") != [MEDIA] or "content-encoding" in headers:
        raise Invalid("FORMULIER_ONGELDIG", "Dit is geen formulier van deze console.")
    try:
        async with asyncio.timeout(SECONDS):
            content = await _collected(receive)
    except TimeoutError:
        raise Slow("INHOUD_TE_TRAAG", "Het formulier kwam niet op tijd binnen. Probeer het opnieuw.") from None
    return parsed(content)


def parsed(content: bytes) -> Fields:
    """Fields of a form or a query. Raises Invalid: not UTF-8, too many, or one of them twice."""
    try:
        pairs = parse_qsl(content.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except ValueError:
        raise _malformed() from None
    fields = {name: value.strip() for name, value in pairs}
    if len(fields) != len(pairs):
        raise _malformed()
    return fields


async def _collected(receive: Receive) -> bytes:
    content = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        content += bytes(message.get("body", b""))
        if len(content) > LIMIT:
            raise TooLarge("INHOUD_TE_GROOT", f"Het formulier is groter dan {LIMIT} bytes.")
        if not message.get("more_body", False):
            return content


def _malformed() -> Invalid:
    return Invalid("FORMULIER_ONGELDIG", "Dit is geen formulier van deze console.")


def filled(fields: Fields, *names: str) -> dict[str, Any]:
    """The fields of these names that are filled in."""
    return {name: fields[name] for name in names if fields.get(name)}


def address(fields: Fields, after: str = "") -> dict[str, Any]:
    """An address as typed: the postcode may have a space and small letters. `after`: what the names of its fields end with."""
    found: dict[str, Any] = {name: text for name in ADDRESS if (text := fields.get(name + after))}
    if "postcode" in found:
        found["postcode"] = found["postcode"].replace(" ", "").upper()
    if "huisnummer" in found:
        found["huisnummer"] = whole(found["huisnummer"])
    return found


def whole(text: str) -> int | str:
    """A number as typed; what is none stays as it is, so that the type says so."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else text


def wire(value: Mapping[str, Any], kind: type[T], formats: frozenset[str] = frozenset()) -> T:
    """The wire type of what was filled in. Raises Refused: it does not fit, or a text holds a citizen's number (Wgs art. 8c)."""
    made = convert(dict(value), kind)
    found = [Fout(pointer, numbers.CODE, numbers.MELDING) for pointer in _numbers(made, "", formats)]
    if found:
        raise Refused(found)
    return made


def _numbers(value: object, pointer: str, formats: frozenset[str]) -> Iterator[str]:
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name not in formats:
                yield from _numbers(getattr(value, name), f"{pointer}/{name}", formats)
    elif isinstance(value, list | tuple):
        for nr, inner in enumerate(value):
            yield from _numbers(inner, f"{pointer}/{nr}", formats)
    elif isinstance(value, str) and numbers.bare(value):
        yield pointer


def field_of(pointer: str) -> str:
    """The field of a form that an error is about: the last name in its pointer, or nothing."""
    return next((part for part in reversed(pointer.split("/")) if part and not part.isdecimal()), "")
