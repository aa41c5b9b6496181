"""Compressed files: refused unless allowed; then read to exactly their end, and never further than the limits."""

import gzip
import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from gateway.core import ids
from gateway.files import reading, unpacking
from gateway.files.reading import FirstBytes, Leeswijze, Readers
from gateway.files.spool import Reader, Spool
from gateway.files.unpacking import Limits
from gateway.keys.keystore import MemoryKeyStore
from gateway.partners.mailroom import Bestandsprofiel
from gateway.partners.register import Register
from schemas.bestand import Lezing, Onleesbaar
from tests.files.lines import Lines, text
from tests.files.world import PARTY, FileWorld
from tests.flows.world import World

CONTENT = text([{"kenmerk": f"K-{n}"} for n in range(2_000)])
DAY = date(2026, 11, 20)


def gz(content: bytes) -> bytes:
    return gzip.compress(content)


def zipped(content: bytes, *names: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names or ("a.xml",):
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def open_(tmp_path: Path) -> Callable[[bytes], Reader]:
    spool = Spool(tmp_path / "spool", MemoryKeyStore())

    def opened(content: bytes) -> Reader:
        id = ids.new()
        writer = spool.create(id)
        writer.write(content)
        writer.close()
        return spool.open(id)

    return opened


Open = Callable[[bytes], Reader]


@pytest.mark.parametrize(("pack", "how"), [(gz, "gzip"), (zipped, "zip"), (lambda c: zipped(c, method=zipfile.ZIP_STORED), "zip")])
def test_what_was_packed_comes_out(open_: Open, pack: Callable[[bytes], bytes], how: str) -> None:
    reader = open_(pack(CONTENT))
    assert unpacking.packing(reader) == how
    assert unpacking.unpack(reader, how).read() == CONTENT


def _cut(data: bytes) -> bytes:
    return data[:-20]


def _flipped(data: bytes) -> bytes:
    return data[:200] + bytes([data[200] ^ 1]) + data[201:]


def _doubled(data: bytes) -> bytes:
    return data + data


@pytest.mark.parametrize("pack", [gz, zipped])
@pytest.mark.parametrize("damage", [_cut, _flipped])
def test_what_is_damaged_is_said(open_: Open, pack: Callable[[bytes], bytes], damage: Callable[[bytes], bytes]) -> None:
    reader = open_(damage(pack(CONTENT)))
    with pytest.raises(Onleesbaar, match="INGEPAKT_BESCHADIGD"):
        unpacking.unpack(reader, unpacking.packing(reader) or "").read()


@pytest.mark.parametrize("content", [_doubled(gz(CONTENT)), gz(CONTENT) + b"x", zipped(CONTENT, "a.xml", "b.xml")])
def test_one_file_is_one_file(open_: Open, content: bytes) -> None:
    reader = open_(content)
    with pytest.raises(Onleesbaar, match="INGEPAKT_MEER_DAN_EEN"):
        unpacking.unpack(reader, unpacking.packing(reader) or "").read()


@pytest.mark.parametrize("pack", [gz, zipped])
@pytest.mark.parametrize("limits", [Limits(size=100_000, ratio=10_000), Limits(ratio=10, allowance=0)])
def test_a_bomb_stops_at_the_limit(open_: Open, pack: Callable[[bytes], bytes], limits: Limits) -> None:
    taken: list[int] = []
    with pytest.raises(Onleesbaar, match="INGEPAKT_TE_GROOT"):
        drain(unpacking.unpack(*bomb(open_, pack), limits), taken)
    assert sum(taken) < 400_000
    with pytest.raises(Onleesbaar):  # the control: the shipped limits stop it too, later
        unpacking.unpack(*bomb(open_, pack)).read()


def drain(stream: BinaryIO, taken: list[int]) -> None:
    while block := stream.read(10_000):
        taken.append(len(block))


def bomb(open_: Open, pack: Callable[[bytes], bytes]) -> tuple[Reader, str]:
    reader = open_(pack(bytes(20_000_000)))
    return reader, unpacking.packing(reader) or ""


def test_a_directory_of_many_entries_is_not_read(open_: Open) -> None:
    entry = b"PK\x01\x02" + bytes(42)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry) * 1_000_000, 4, 0)
    reader = open_(b"PK\x03\x04" + entry * 1_000_000 + end)
    tracemalloc.start()
    with pytest.raises(Onleesbaar):
        unpacking.unpack(reader, "zip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_directory_behind_the_longest_comment_is_not_read(open_: Open) -> None:
    """The library believes a zip64 end that stands just before the end with the comment."""
    entry = b"PK\x01\x02" + bytes(42)
    many = entry * 200_000
    begin = b"PK\x03\x04" + bytes(26)
    end_64 = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 200_000, 200_000, len(many), len(begin))
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(begin) + len(many), 1)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, 46, len(begin), 65_535) + bytes(65_535)
    content = begin + many + end_64 + locator + end
    assert len(zipfile.ZipFile(io.BytesIO(content)).infolist()) == 200_000  # the control
    reader = open_(content)
    tracemalloc.start()
    with pytest.raises(Onleesbaar, match="INGEPAKT_BESCHADIGD"):
        unpacking.unpack(reader, "zip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_password_or_another_method_is_refused(open_: Open) -> None:
    for content in (zipped(CONTENT, method=zipfile.ZIP_LZMA), zipped(CONTENT, method=zipfile.ZIP_BZIP2)):
        with pytest.raises(Onleesbaar, match="INGEPAKT_ONBEKEND"):
            unpacking.unpack(open_(content), "zip").read()
    secret = bytearray(zipped(CONTENT))
    at = secret.index(b"PK\x01\x02")
    secret[at + 8] |= 1
    with pytest.raises(Onleesbaar, match="INGEPAKT_ONBEKEND"):
        unpacking.unpack(open_(bytes(secret)), "zip").read()


class Raw:
    """A reader that keeps what it got."""

    def __init__(self, stream: BinaryIO) -> None:
        self.kop, self.content = Lines(io.BytesIO(CONTENT)).kop, stream.read()

    def __iter__(self) -> Any:
        return iter(())


@pytest.mark.parametrize(
    ("content", "archief", "allowed", "code"),
    [
        (CONTENT, False, "", None),
        (gz(CONTENT), False, "", "INGEPAKT_NIET_TOEGESTAAN"),
        (gz(CONTENT), False, "gzip", None),
        (gz(CONTENT), False, "zip", "INGEPAKT_NIET_TOEGESTAAN"),
        (zipped(CONTENT), False, "gzip", "INGEPAKT_NIET_TOEGESTAAN"),
        (zipped(CONTENT), False, "zip", None),
        (zipped(CONTENT), True, "", None),
        (b"BZh91AY&SY", False, "gzip zip", "INGEPAKT_NIET_TOEGESTAAN"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", False, "gzip zip", "INGEPAKT_NIET_TOEGESTAAN"),
    ],
)
def test_only_what_the_profile_allows_is_unpacked(open_: Open, content: bytes, archief: bool, allowed: str, code: str | None) -> None:
    wijze = Leeswijze(Raw, archief, frozenset(allowed.split()))

    def begin() -> Lezing:
        return reading.begin(open_(content), wijze, Limits())

    if code is None:
        assert begin().content == (content if archief else CONTENT)  # type: ignore[attr-defined]
    else:
        with pytest.raises(Onleesbaar, match=code):
            begin()


@pytest.mark.parametrize("head", [b"MZ\x90\x00", b"\x7fELF", b"#!/bin/sh", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1"])
def test_programs_and_documents_are_no_deliveries(open_: Open, head: bytes) -> None:
    with pytest.raises(Onleesbaar, match="MALWARE_VERMOED"):
        reading.scanned(open_(head + CONTENT), FirstBytes())
    reading.scanned(open_(CONTENT), FirstBytes())  # the control


def by_profile(inhoud: str, naam: str) -> Leeswijze:
    return Leeswijze(Raw, archief=inhoud == "xlsx")


def readers(*profielen: Bestandsprofiel) -> Readers:
    return Readers(lambda: Register(1, profielen=profielen), Lines, by_profile)


def test_canonical_xml_is_read_without_a_profile_and_nothing_else() -> None:
    assert readers().choose(PARTY, "November.XML", DAY) == Leeswijze(Lines)
    with pytest.raises(Onleesbaar, match="PROFIEL_ONTBREEKT"):
        readers().choose(PARTY, "november.csv", DAY)


def test_the_profile_that_fits_the_name_on_the_day_is_used() -> None:
    every = Bestandsprofiel(PARTY, "alles", DAY, "*.xlsx", "xlsx")
    own = Bestandsprofiel(PARTY, "stand", DAY, "stand-*.xlsx", "stand", frozenset({"gzip"}), geldig_tot=date(2026, 12, 31))
    packed = Bestandsprofiel(PARTY, "ingepakt", DAY, "*.xml.gz", None, frozenset({"gzip"}))
    found = readers(every, own, packed)
    assert found.choose(PARTY, "Lijst.xlsx", DAY) == Leeswijze(Raw, archief=True)
    assert found.choose(PARTY, "stand-2026.xlsx", DAY) == Leeswijze(Raw, ingepakt=frozenset({"gzip"}))
    assert found.choose(PARTY, "stand-2027.xlsx", date(2027, 1, 1)) == Leeswijze(Raw, archief=True)
    assert found.choose(PARTY, "a.xml.gz", DAY) == Leeswijze(Lines, ingepakt=frozenset({"gzip"}))
    for party, naam, day in ((PARTY, "a.xlsx", date(2026, 11, 19)), ("00000099000000002000", "a.xlsx", DAY), (PARTY, "a.csv", DAY)):
        with pytest.raises(Onleesbaar, match="PROFIEL_ONTBREEKT"):
            found.choose(party, naam, day)


def test_a_packed_file_goes_through_the_whole_flow(world: World, tmp_path: Path) -> None:
    files = FileWorld(world, tmp_path)
    signals = world.signals(3)
    files.put("november.xml", gz(text(signals)))
    files.work()
    assert [b.code for b in files.result("november.xml").receipt.bevindingen] == ["INGEPAKT_NIET_TOEGESTAAN"]
    allowed = files.files.choose(PARTY, "november.xml", DAY)._replace(ingepakt=frozenset({"gzip"}))
    files.files = files.files._replace(choose=lambda *_: allowed)
    files.put("november.xml", gz(text(signals)))
    files.work()
    assert files.result("november.xml").outcome.aantallen.bezorgd == 3
