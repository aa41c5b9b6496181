"""Hostile XML as streams that are made while they are read, and a program that reads them all and measures.

`python -m tests.formats.hostile_xml` prints one JSON object: per case its code, message, place and seconds, and the megabytes by which the
memory of the process grew at its highest. `… greedy` reads the same files whole, for the control.
"""

import gzip
import io
import json
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from itertools import chain, count, repeat
from pathlib import Path
from typing import BinaryIO

from adapters.formats import canonical, untrusted
from schemas.bestand import Onleesbaar
from schemas.elementen import NAMESPACE
from tests.formats.xmlfiles import ROOT, file, generator

DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'
HEAD = f"{DECLARED}{ROOT}<kop/>".encode()
BLOCK = 64 * 1024
GIGABYTES_2 = 2 * 1024**3


class Made(io.RawIOBase):
    """A stream of blocks that are made when they are asked for."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (part := next(self._parts, b"")):
            self._left += part
        given, self._left = self._left[:size], self._left[size:]
        return given


def stream(*parts: bytes | Iterator[bytes]) -> BinaryIO:
    return Made(chain.from_iterable([part] if isinstance(part, bytes) else part for part in parts))  # type: ignore[return-value]


def many(part: bytes, size: int) -> Iterator[bytes]:
    """`part` over and over, until about `size` bytes."""
    times = max(BLOCK // len(part), 1)
    return repeat(part * times, size // (times * len(part)))


def subset(inside: str, use: str) -> BinaryIO:
    """A file with an internal subset and a value that uses it."""
    return io.BytesIO(f"{DECLARED}<!DOCTYPE aanlevering [{inside}]>{ROOT}<kop><kenmerk>{use}</kenmerk></kop></aanlevering>".encode())


def in_record(text: str) -> BinaryIO:
    return io.BytesIO(f"{ROOT}<kop/><signaal>{text}</signaal></aanlevering>".encode())


PREFIX = "p" * 2000
LAUGHS = "<!ENTITY a 'ha'>" + "".join(f"<!ENTITY {b} '" + f"&{a};" * 10 + "'>" for a, b in zip("abcdefghij", "bcdefghijk", strict=True))
PLAIN = f"{DECLARED}{ROOT}<kop/></aanlevering>"
SIGNALS = file(("signaal", signal) for signal in generator().signals(20))
CASES: dict[str, tuple[str, Callable[[], BinaryIO]]] = {
    "doctype": ("XML_DOCTYPE", lambda: subset("", "A")),
    "doctype with a system id": ("XML_DOCTYPE", lambda: io.BytesIO(f'<!DOCTYPE a SYSTEM "http://localhost:1/a.dtd">{ROOT}'.encode())),
    "doctype in small letters": ("XML_ONGELDIG", lambda: io.BytesIO(f"<!doctype a>{ROOT}".encode())),
    "doctype after the root": ("XML_ONGELDIG", lambda: in_record("<!DOCTYPE a>")),
    "internal entity": ("XML_DOCTYPE", lambda: subset('<!ENTITY a "b">', "&a;")),
    "external entity": ("XML_DOCTYPE", lambda: subset('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;")),
    "parameter entity": ("XML_DOCTYPE", lambda: subset('<!ENTITY % a SYSTEM "http://localhost:1/"> %a;', "A")),
    "entity without doctype": ("XML_ONGELDIG", lambda: in_record("<kenmerk>&a;</kenmerk>")),
    "billion laughs": ("XML_DOCTYPE", lambda: subset(LAUGHS, "&k;")),
    "quadratic blow-up": ("XML_DOCTYPE", lambda: subset(f'<!ENTITY a "{"x" * 100_000}">', "&a;" * 10_000)),
    "endless doctype": ("XML_DOCTYPE", lambda: stream(b"<!DOCTYPE a [", many(b"<!ENTITY a 'b'>", GIGABYTES_2))),
    "200,000 attributes on the root": (
        "XML_ONBEKEND", lambda: stream(b"<aanlevering", (f" a{nr}='{nr}'".encode() for nr in range(200_000)), b">")),
    "200,000 attributes on a record": (
        "XML_TE_GROOT", lambda: stream(HEAD, b"<signaal", (f" a{nr}='{nr}'".encode() for nr in range(200_000)), b"/></aanlevering>")),
    "101 attributes": ("XML_TE_GROOT", lambda: in_record("<a " + " ".join(f"a{nr}='1'" for nr in range(101)) + "/>")),
    "200,000 namespaces": (
        "XML_ONBEKEND", lambda: stream(b"<aanlevering", (f" xmlns:a{nr}='urn:{nr}'".encode() for nr in range(200_000)), b">")),
    "65 deep": ("XML_TE_DIEP", lambda: in_record("<a>" * 63 + "</a>" * 63)),
    "endlessly deep": ("XML_TE_GROOT", lambda: stream(HEAD, many(b"<a>", GIGABYTES_2))),
    "endless name": ("XML_TE_GROOT", lambda: stream(HEAD, b"<", many(b"a", GIGABYTES_2))),
    "long name": ("XML_TE_GROOT", lambda: in_record(f"<{'a' * 201}/>")),
    "long prefix": ("XML_TE_GROOT", lambda: io.BytesIO(
        f'<{PREFIX}:aanlevering xmlns:{PREFIX}="{NAMESPACE}"><{PREFIX}:kop/></{PREFIX}:aanlevering>'.encode())),
    "endless text": ("XML_TE_GROOT", lambda: stream(HEAD, b"<signaal><kenmerk>", many(b"a", GIGABYTES_2))),
    "endless white space": ("XML_TE_GROOT", lambda: stream(HEAD, many(b" \n", GIGABYTES_2))),
    "endless head": ("XML_TE_GROOT", lambda: stream(f"{ROOT}<kop>".encode(), many(b"<a/>", GIGABYTES_2))),
    "endless record": ("XML_TE_GROOT", lambda: stream(HEAD, b"<signaal>", many(b"<kenmerk>A</kenmerk>", GIGABYTES_2))),
    "endless elements between records": ("XML_TE_GROOT", lambda: stream(HEAD, many(b"<a/>", GIGABYTES_2))),
    "endless different names": ("XML_TE_GROOT", lambda: stream(HEAD, (f"<a{nr}/>".encode() for nr in count()))),
    "endless different attributes": ("XML_TE_GROOT", lambda: stream(HEAD, (f"<a b{nr}=''/>".encode() for nr in count()))),
    "endless different prefixes": ("XML_TE_GROOT", lambda: stream(HEAD, (f"<a xmlns:b{nr}='urn:{nr}'/>".encode() for nr in count()))),
    "endless comment": ("XML_TE_GROOT", lambda: stream(HEAD, b"<!--", many(b"a", GIGABYTES_2))),
    "comment": ("XML_NIET_TOEGESTAAN", lambda: in_record("<!-- <signaal> -->")),
    "cdata": ("XML_NIET_TOEGESTAAN", lambda: in_record("<kenmerk><![CDATA[A]]></kenmerk>")),
    "stylesheet": ("XML_NIET_TOEGESTAAN", lambda: io.BytesIO(PLAIN.replace("?><", "?><?xml-stylesheet href='http://localhost:1/'?><").encode())),
    "instruction in a record": ("XML_NIET_TOEGESTAAN", lambda: in_record("<?php echo 1 ?>")),
    "xinclude": (
        "XML_NIET_TOEGESTAAN", lambda: in_record('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>')),
    "schema location": ("ATTRIBUUT_NIET_TOEGESTAAN", lambda: io.BytesIO(PLAIN.replace(
        "xmlns=", 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="urn:x http://localhost:1/x" xmlns=').encode())),
    "declared windows-1252": ("XML_TEKENSET", lambda: io.BytesIO(PLAIN.replace("UTF-8", "windows-1252").encode())),
    "declared latin 1": ("XML_TEKENSET", lambda: io.BytesIO(PLAIN.replace("UTF-8", "ISO-8859-1").encode())),
    "declared utf-7": ("XML_TEKENSET", lambda: io.BytesIO(PLAIN.replace("UTF-8", "UTF-7").encode())),
    "utf-7": ("XML_ONGELDIG", lambda: io.BytesIO(b"+ADw-?xml version=+ACI-1.0+ACI-?+AD4-")),
    "utf-16": ("XML_TEKENSET", lambda: io.BytesIO(PLAIN.encode("utf-16"))),
    "utf-16 without a mark": ("XML_TEKENSET", lambda: io.BytesIO(PLAIN.encode("utf-16-be"))),
    "utf-32": ("XML_TEKENSET", lambda: io.BytesIO(PLAIN.encode("utf-32"))),
    "latin 1 that says utf-8": ("XML_TEKENSET", lambda: io.BytesIO(SIGNALS.replace(b"Utrecht", b"Utr\xe9cht"))),
    "latin 1 far into the file": ("XML_TEKENSET", lambda: stream(HEAD, repeat(SIGNALS.split(b"\n")[3], 500), b"\xe9")),
    "overlong utf-8": ("XML_TEKENSET", lambda: io.BytesIO(f"{ROOT}<kop/>".encode() + b"<a>\xc0\xbc</a></aanlevering>")),
    "nul": ("XML_TEKENSET", lambda: in_record("<kenmerk>A\0</kenmerk>")),
    "nul as a reference": ("XML_ONGELDIG", lambda: in_record("<kenmerk>A&#0;</kenmerk>")),
    "2 GB of zeros": ("XML_TEKENSET", lambda: stream(many(b"\0", GIGABYTES_2))),
    "2 GB of zeros in a record": ("XML_TEKENSET", lambda: stream(HEAD, b"<signaal>", many(b"\0", GIGABYTES_2))),
    "truncated": ("XML_ONGELDIG", lambda: io.BytesIO(SIGNALS[:-100])),
    "truncated in a character": ("XML_TEKENSET", lambda: io.BytesIO(f"{ROOT}<kop/>".encode() + b"\xc3")),
    "empty": ("XML_ONGELDIG", lambda: io.BytesIO(b"")),
    "gzip": ("BESTAND_GECOMPRIMEERD", lambda: io.BytesIO(gzip.compress(SIGNALS))),
    "zip": ("BESTAND_GECOMPRIMEERD", lambda: io.BytesIO(b"PK\x03\x04" + bytes(100))),
    "deflate": ("XML_ONGELDIG", lambda: io.BytesIO(zlib.compress(SIGNALS))),
    "html": ("XML_DOCTYPE", lambda: io.BytesIO(b"<!DOCTYPE html><html></html>")),
    "another namespace": ("XML_ONBEKEND", lambda: io.BytesIO(PLAIN.replace(":1", ":2").encode())),
    "no namespace": ("XML_ONBEKEND", lambda: io.BytesIO(b"<aanlevering><kop/></aanlevering>")),
    "xml 1.1": ("XML_NIET_TOEGESTAAN", lambda: io.BytesIO(PLAIN.replace("1.0", "1.1").encode())),
    "two roots": ("XML_ONGELDIG", lambda: io.BytesIO((PLAIN * 2).encode())),
    "a record after the end": ("XML_ONGELDIG", lambda: io.BytesIO(PLAIN.encode() + b"<signaal></signaal>")),
    "a record in a record": ("XML_ONGELDIG", lambda: in_record("<signaal></signaal>")),
}  # fmt: skip


SHAPES = {  # not hostile where the shape is free: partner XML
    "endless white space", "endless elements between records", "endless head", "comment", "cdata", "schema location", "another namespace",
    "no namespace", "a record in a record", "long prefix",
}  # fmt: skip


def outcome(source: BinaryIO) -> dict[str, str]:
    try:
        for _ in canonical.read(source):
            pass
    except Onleesbaar as refused:
        return {"code": refused.code, "melding": refused.melding, "plek": refused.plek}
    return {"code": "gelezen", "melding": "", "plek": ""}


def partner(source: BinaryIO) -> dict[str, str]:
    """The same bytes as partner XML: any shape, records two deep."""
    try:
        for _ in untrusted.nodes(source, lambda path: len(path) == 2):
            pass
    except Onleesbaar as refused:
        return {"code": refused.code, "melding": refused.melding, "plek": refused.plek}
    return {"code": "gelezen", "melding": "", "plek": ""}


def greedy(source: BinaryIO) -> dict[str, str]:
    """What a reader does that keeps the file: for the control."""
    kept = [block for block, _ in zip(iter(lambda: source.read(BLOCK), b""), range(1500), strict=False)]
    return {"code": "gelezen", "melding": str(len(kept)), "plek": ""}


def peak() -> float:
    """The most memory that this program had, in megabytes; `ru_maxrss` would begin at what its parent had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main(reader: Callable[[BinaryIO], dict[str, str]]) -> None:
    outcome(io.BytesIO(SIGNALS))  # what any reading needs: patterns, the XSD
    before, found = peak(), {}
    for name, (_, make) in CASES.items():
        if reader is partner and name in SHAPES:
            continue
        source, begin = make(), time.perf_counter()
        found[name] = {**reader(source), "seconds": time.perf_counter() - begin, "grown": peak() - before}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main({"canonical": outcome, "partner": partner, "greedy": greedy}[sys.argv[1]])
