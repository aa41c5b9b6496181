"""A file that a browser sends: two parts, the value of the session and then the file, which streams to where it goes as it comes.

Nothing is taken before the form is known to be ours, nothing is kept in memory or in a temporary file, and what breaks off leaves nothing.
The pace is watched by the listener. Authority: RFC 7578; ASVS 5.0 5.2 (size before content), 3.5.3. `python-multipart` finds the parts.
Leaves the name, the quota and what is in the file to `gateway.files`.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Generic, NoReturn, Protocol, TypeVar

from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import Receive

from gateway.console.forms import HungUp
from gateway.core.errors import Forbidden, Invalid, TooLarge
from schemas.ontvangst import Bevinding

MEDIA = b"multipart/form-data"
FIELD = "bestand"
_SECRET = 200
"""Longest value of a session, in bytes."""


class Sink(Protocol):
    """Where a file goes; each call may wait for a disk."""

    def write(self, data: bytes) -> None:
        """The next bytes. Raises SeinhuisError."""
        ...

    def discard(self) -> None:
        """Throw away what was written."""
        ...


S = TypeVar("S", bound=Sink)


class _Parts:
    """What the parser found, in order: the name of a part (with that of its file), its bytes, its end."""

    def __init__(self, boundary: bytes) -> None:
        self.found: list[tuple[str, bytes, bytes]] = []
        self._header: dict[bytes, bytes] = {}
        self._name = self._value = b""
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._header.clear,
                "on_header_field": lambda data, start, end: self._add("_name", data[start:end]),
                "on_header_value": lambda data, start, end: self._add("_value", data[start:end]),
                "on_header_end": self._ended,
                "on_headers_finished": self._named,
                "on_part_data": lambda data, start, end: self.found.append(("data", data[start:end], b"")),
                "on_part_end": lambda: self.found.append(("end", b"", b"")),
                "on_end": lambda: self.found.append(("whole", b"", b"")),
            },
        )

    def _add(self, what: str, data: bytes) -> None:
        setattr(self, what, getattr(self, what) + data)

    def _ended(self) -> None:
        self._header[self._name.lower()] = self._value
        self._name = self._value = b""

    def _named(self) -> None:
        kind, options = parse_options_header(self._header.get(b"content-disposition", b""))
        if kind != b"form-data" or b"name" not in options:
            raise malformed()
        self.found.append(("begin", options[b"name"], options.get(b"filename", b"")))


class Taking(Generic[S]):
    """One upload. `own` knows the value of the session; `begin` opens the sink for a name and may refuse it; `limit` in bytes."""

    def __init__(self, own: Callable[[str], bool], begin: Callable[[str], S], limit: int) -> None:
        self._own = own
        self._begin = begin
        self._limit = limit
        self._part = b""
        self._secret = b""
        self._whole = self._trusted = False
        self._size = 0
        self.sink: S | None = None

    async def take(self, receive: Receive, headers: Headers) -> S:
        """The sink with the whole file in it, still open. Raises HungUp, SeinhuisError: then nothing is left."""
        try:
            parts = _Parts(_boundary(headers))
            if int(headers.get("content-length") or 0) > self._limit + 64 * 1024:
                self._too_large()
            await self._read(receive, parts)
        except BaseException:
            if self.sink is not None:
                with suppress(Exception):  # the first error counts
                    await run_in_threadpool(self.sink.discard)
            raise
        if self.sink is None:
            raise malformed()
        return self.sink

    async def _read(self, receive: Receive, parts: _Parts) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise HungUp
            more = message.get("more_body", False)
            try:
                parts.parser.write(message.get("body", b""))
            except MultipartParseError:
                raise malformed() from None
            found, parts.found = parts.found, []
            for what, data, name in found:
                await self._on(what, data, name)
        if not self._whole or self.sink is None:
            raise malformed()

    async def _on(self, what: str, data: bytes, name: bytes) -> None:
        if what == "begin":
            await self._named(data, name)
        elif what == "data" and self._part == b"csrf":
            self._secret += data
            if len(self._secret) > _SECRET:
                raise malformed()
        elif what == "data" and self.sink is not None:
            self._size += len(data)
            if self._size > self._limit:
                self._too_large()
            await run_in_threadpool(self.sink.write, data)
        elif what == "end" and self._part == b"csrf":
            self._trust()
        elif what == "whole":
            self._whole = True

    async def _named(self, part: bytes, name: bytes) -> None:
        """First the value of the session, then the file; nothing else, and each once."""
        expected = FIELD.encode() if self._trusted else b"csrf"
        if part != expected or self.sink is not None:
            raise malformed()
        self._part = part
        if part == FIELD.encode():
            self.sink = await run_in_threadpool(self._begin, _text(name))

    def _trust(self) -> None:
        if not self._own(_text(self._secret)):
            raise Forbidden("FORMULIER_VERLOPEN", "Dit formulier is niet (meer) van uw sessie. Ga terug en probeer het opnieuw.")
        self._trusted = True

    def _too_large(self) -> NoReturn:
        raise TooLarge("INHOUD_TE_GROOT", f"Een bestand is hier hoogstens {self._limit >> 20} MB. Stuur een groter bestand met SFTP.")


def _boundary(headers: Headers) -> bytes:
    kinds = headers.getlist("content-type")
    kind, options = parse_options_header(kinds[0] if len(kinds) == 1 else None)
    boundary = options.get(b"boundary", b"")
    if kind != MEDIA or not 1 <= len(boundary) <= 70 or "content-encoding" in headers:
        raise malformed()
    return boundary


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise malformed() from None


def malformed() -> Invalid:
    """It is no upload of a page of ours."""
    return Invalid("FORMULIER_ONGELDIG", "Dit is geen formulier van deze console.")


def at_file(code: str, melding: str) -> Invalid:
    """An error that stands at the field of the file."""
    return Invalid(code, melding, errors=[Bevinding(code=code, oordeel="fout", melding=melding, pointer=f"/{FIELD}")])
