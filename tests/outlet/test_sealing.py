"""A whole file as one JWE, made as a stream: what a library opens, whatever the pieces, and within bounds of memory."""

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from gateway.core.errors import Misconfigured
from gateway.sealing import files
from tests.architecture.tree import ROOT
from tests.outlet.town import DESK, KEY, RSA, opened, party_key
from tests.tools import need

KEYS: dict[str, ECKey | RSAKey] = {"EC": KEY, "RSA": RSA}


def token(parts: list[bytes], key: ECKey | RSAKey = KEY) -> bytes:
    return b"".join(files.seal(parts, party_key(DESK, key, "k-1"), "text/csv"))


@settings(max_examples=60)
@given(content=st.binary(max_size=400), cuts=st.lists(st.integers(0, 400), max_size=6))
@pytest.mark.parametrize("kind", KEYS)
def test_library_opens_it_whatever_the_pieces(kind: str, content: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    pieces = [content[a:b] for a, b in pairwise(places)] or [content]
    assert opened(token(pieces, KEYS[kind]), KEYS[kind]) == content


def test_program_of_others_and_the_script_that_we_give_open_it(tmp_path: Path) -> None:
    content = b"Meldingsnummer\r\n" + bytes(range(256)) * 2_000
    (tmp_path / "b.jwe").write_bytes(token([content]))
    (tmp_path / "k.key").write_bytes(KEY.as_pem(private=True))
    (tmp_path / "k.jwk").write_text(json.dumps(KEY.as_dict(private=True)))
    jose = [need("jose"), "jwe", "dec", "-i", "b.jwe", "-k", "k.jwk"]
    ours = [sys.executable, str(ROOT / "docs/voorbeelden/uitlaat/open_bestand.py"), "b.jwe", "k.key"]
    for command in (jose, ours):
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout == content


def test_header_names_the_key_and_what_is_inside() -> None:
    found = jwe.decrypt_compact(token([b"x"]).decode(), KEY, algorithms=["ECDH-ES+A256KW", "A256GCM"])
    assert found.protected["kid"] == "k-1"
    assert found.protected["cty"] == "text/csv"
    assert found.protected["enc"] == "A256GCM"


@pytest.mark.parametrize("part", range(5))
def test_changed_in_any_part_it_does_not_open(part: int) -> None:
    pieces = token([b"a" * 100]).split(b".")
    flipped = b"A" if pieces[part][4:5] != b"A" else b"B"
    pieces[part] = pieces[part][:4] + flipped + pieces[part][5:]
    with pytest.raises((JoseError, ValueError)):
        opened(b".".join(pieces))
    assert opened(token([b"a" * 100])) == b"a" * 100  # the control


def test_two_files_share_no_key() -> None:
    one, two = (token([b"same"]).split(b".") for _ in range(2))
    assert [a == b for a, b in zip(one, two, strict=True)] == [False] * 5


def test_weak_key_is_refused() -> None:
    with pytest.raises(Misconfigured):
        token([b"x"], RSAKey.generate_key(2048))


def test_stream_holds_no_more_than_a_piece() -> None:
    piece = bytes(64 * 1024)

    def pieces() -> Iterator[bytes]:
        for _ in range(320):
            yield piece

    tracemalloc.start()
    total = sum(len(part) for part in files.seal(pieces(), party_key(DESK, KEY, "k"), "text/csv"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total > 20 * 2**20
    assert peak < 2**20
