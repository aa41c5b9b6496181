"""Our compact JWE and joserfc's are the same format, in both directions."""

import os

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from adapters.client.opening import NotOpened, Opener
from gateway.core import ids
from gateway.sealing.jwe import encrypt_direct
from gateway.sealing.opening import _base64url
from schemas.inbox import Sleutels, Veldgroep
from tests.records import GROUPS, bericht

ALGORITHMS = ["dir", "A256GCM"]
groups: st.SearchStrategy[Veldgroep] = st.sampled_from(GROUPS)


@given(st.binary(max_size=2000), groups, st.binary(min_size=32, max_size=32))
def test_joserfc_opens_what_we_seal(plaintext: bytes, group: Veldgroep, key: bytes) -> None:
    kid = f"{ids.new()}.{group}"
    opened = jwe.decrypt_compact(encrypt_direct(key, kid, plaintext), OctKey.import_key(key), algorithms=ALGORITHMS)
    assert opened.plaintext == plaintext
    assert opened.protected == {"alg": "dir", "enc": "A256GCM", "kid": kid}


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=5), groups, st.binary(min_size=32, max_size=32))
def test_we_open_what_joserfc_seals(content: dict[str, str], group: Veldgroep, key: bytes) -> None:
    message = ids.new()
    header = {"alg": "dir", "enc": "A256GCM", "kid": f"{message}.{group}"}
    token = jwe.encrypt_compact(header, msgspec.json.encode(content), OctKey.import_key(key), algorithms=ALGORITHMS)
    sleutels = Sleutels(wijze="beheerd", kid="", groepssleutels={group: _base64url(key)})
    assert Opener().open(bericht(message, {group: token}, sleutels)) == {group: content}


@given(st.data())
def test_one_changed_character_is_refused(data: st.DataObject) -> None:
    message, key = ids.new(), os.urandom(32)
    token = encrypt_direct(key, f"{message}.klant", b'{"klantnummer":"1"}')
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCXYZabcxyz0189-_.").filter(lambda c: c != token[place]))
    changed = token[:place] + other + token[place + 1 :]
    sleutels = Sleutels(wijze="beheerd", kid="", groepssleutels={"klant": _base64url(key)})
    try:
        opened = Opener().open(bericht(message, {"klant": changed}, sleutels))
    except NotOpened:
        return
    assert opened == {"klant": {"klantnummer": "1"}}  # stray bits of the last base64 character of a part change nothing


def test_joserfc_refuses_another_key() -> None:
    with pytest.raises(JoseError):
        jwe.decrypt_compact(encrypt_direct(b"1" * 32, "a", b"x"), OctKey.import_key(b"2" * 32), algorithms=ALGORITHMS)
