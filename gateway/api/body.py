"""What a request may look like: media types, size, time, query, path ids and cursors. No more than one answer to each question.

Authority: RFC 9110 (Accept, Content-Type), API Design Rules 2.2 (400 with all errors; 406 and 415), ASVS 5.0 1.5.3 (one
parser). Leaves JSON itself to `schemas.strict` and the transport's own limits to `gateway.api.protocol`.
"""

import asyncio
import base64
import binascii
import re
from collections.abc import Sequence
from datetime import date
from email.message import Message
from functools import cache
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.datastructures import Headers
from starlette.types import Receive

from gateway.api.problem import TooSlow, Unacceptable, Unsupported, invalid
from gateway.core.errors import Invalid, NotFound, TooLarge
from schemas.strict import Fout, Refused, convert
from schemas.types import Wire

Q = TypeVar("Q", bound=Wire)
JSON = "application/json"
PlaceCursor = Annotated[str, Meta(pattern=r"^[A-Za-f][A-Za-z0-9_-]{9}[AEIMQUYcgkosw048]$(?!\n)", description="Plaats om verder te lezen")]
IdCursor = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{21}[AQgw]$(?!\n)", description="Plaats om verder te lezen")]
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})")
_QUALITY = re.compile(r"(0(\.[0-9]{0,3})?|1(\.0{0,3})?)")


class HungUp(Exception):
    """The client hung up; nobody waits for an answer."""


def choose(accept: str, offers: Sequence[str]) -> str:
    """The first of `offers` with the highest quality under an Accept header. Raises Unacceptable when it excludes them all."""
    if accept in ("", "*/*"):
        return offers[0]
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    quality, offer = max(((_quality(ranges, offer), offer) for offer in offers), key=lambda pair: pair[0])
    if quality == 0:
        raise Unacceptable("ANTWOORDVORM_NIET_BESCHIKBAAR", f"Deze bron geeft: {', '.join(offers)}. Pas de header Accept aan.")
    return offer


def _range(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    given = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    return media, float(given) if _QUALITY.fullmatch(given) else 0.0


def _quality(ranges: list[tuple[str, float]], offer: str) -> float:
    for pattern in (offer, offer.partition("/")[0] + "/*", "*/*"):
        found = [quality for media, quality in ranges if media == pattern]
        if found:
            return max(found)
    return 0.0


def require_json(headers: Headers) -> None:
    """Raises Unsupported unless the body says, once, that it is uncompressed JSON in UTF-8."""
    given = headers.getlist("content-type")
    if given != [JSON] and not (len(given) == 1 and _is_json(given[0])):
        raise Unsupported("INHOUDSTYPE_NIET_ONDERSTEUND", f"Stuur de inhoud als {JSON}.")
    if headers.get("content-encoding", "identity") != "identity":
        raise Unsupported("INHOUD_GECOMPRIMEERD", "Stuur de inhoud zonder compressie.")


def _is_json(value: str) -> bool:
    header = Message()
    header["content-type"] = value
    others = {name for name, _ in header.get_params([])[1:]} - {"charset"}
    return header.get_content_type() == JSON and not others and header.get_content_charset("utf-8") == "utf-8"


async def read(receive: Receive, headers: Headers, limit: int, seconds: float) -> bytes:
    """The whole body.

    Args:
        receive: the ASGI channel.
        headers: of the request.
        limit: bytes.
        seconds: for the whole body together.

    Raises:
        TooLarge: more than `limit`, announced or sent. TooSlow: not complete in time. HungUp: the client left.
    """
    announced = headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(seconds):
            return await _collect(receive, limit)
    except TimeoutError:
        raise TooSlow("INHOUD_TE_TRAAG", f"De inhoud was niet binnen {seconds:g} seconden compleet.") from None


async def _collect(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _too_large(limit: int) -> TooLarge:
    return TooLarge("INHOUD_TE_GROOT", f"De inhoud is groter dan {limit} bytes.")


def path_id(text: str) -> UUID:
    """The id in a path. Raises NotFound when it has not the form of one: no id of ours looks like that."""
    if not _UUID.fullmatch(text):
        raise NotFound
    return UUID(text)


def path_day(text: str) -> date:
    """The day in a path (`2026-11-20`). Raises NotFound when it is none."""
    if not _DAY.fullmatch(text):
        raise NotFound
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None


def query(raw: bytes, kind: type[Q]) -> Q:
    """The query as a `Wire` type. Raises Invalid with every unknown, doubled or malformed key."""
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError:
        raise _query([Fout("", "WAARDE_ONGELDIG", "De query is niet leesbaar als UTF-8, of heeft meer dan 50 parameters.")]) from None
    names = [name for name, _ in pairs]
    doubles = sorted({name for name in names if names.count(name) > 1})
    fouten = [Fout(f"/{name}", "VELD_DUBBEL", "Deze parameter staat er meer dan eens.") for name in doubles]
    try:
        value = convert({name: _typed(kind, name, text) for name, text in pairs}, kind)
    except Refused as refused:
        raise _query(fouten + refused.fouten) from None
    if fouten:
        raise _query(fouten)
    return value


def _query(fouten: list[Fout]) -> Invalid:
    return invalid(fouten, "QUERY_ONGELDIG", "De queryparameters kloppen niet; zie errors (de pointer noemt de parameter).")


def _typed(kind: type[Wire], name: str, text: str) -> str | int:
    return int(text) if name in _numbers(kind) and _NUMBER.fullmatch(text) else text


@cache
def _numbers(kind: type[Wire]) -> frozenset[str]:
    fields = msgspec.json.schema(kind)["$defs"][kind.__name__]["properties"]
    return frozenset(name for name, field in fields.items() if field.get("type") == "integer")


def cursor(raw: bytes) -> str:
    """Bytes of a place as unpadded base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def cursor_bytes(text: str) -> bytes:
    """The reverse of `cursor`, for a text that its pattern has let through."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise _query([Fout("/cursor", "VORM_ONJUIST", "Dit is geen cursor van ons.")]) from None
