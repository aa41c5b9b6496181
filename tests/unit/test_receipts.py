"""Receipts: reproducible, checkable by a standard tool, and worthless after any change."""

from base64 import urlsafe_b64encode
from typing import Any

import msgspec
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from adapters.client.receipts import NotGenuine, verify_receipt
from gateway.core import ids
from gateway.keys.keystore import MemoryKeyStore
from gateway.keys.signing import ReceiptSigner
from schemas.ontvangst import Bevinding, Ontvangstbewijs
from schemas.strict import canonical
from tests.records import AT, HAARLEM


def receipt() -> Ontvangstbewijs:
    return Ontvangstbewijs(
        id=ids.new(),
        kenmerk="HUUR-2026-000123",
        gemeente=HAARLEM,
        sector="huur",
        ontvangen_op=AT,
        status="bezorgd",
        bevindingen=[Bevinding(code="X", oordeel="waarschuwing", melding="Ëen waarschuwing")],
        inhoud_hash="ab" * 32,
        logblad="cd" * 32,
    )


@pytest.fixture(scope="module")
def signer() -> ReceiptSigner:
    return ReceiptSigner(MemoryKeyStore(), "ontvangstbewijs/1")


def signed(signer: ReceiptSigner, bare: Ontvangstbewijs) -> Ontvangstbewijs:
    return msgspec.structs.replace(bare, handtekening=signer.sign(bare))


def test_a_receipt_verifies_with_the_published_keys(signer: ReceiptSigner) -> None:
    verify_receipt(signed(signer, receipt()), signer.public_jwks())


def test_a_reissued_receipt_is_byte_identical(signer: ReceiptSigner) -> None:
    done = signed(signer, receipt())
    assert {signer.sign(done) for _ in range(20)} == {done.handtekening}


def test_a_standard_tool_verifies_the_same_signature(signer: ReceiptSigner) -> None:
    bare = receipt()
    body = urlsafe_b64encode(canonical(bare)).rstrip(b"=").decode()
    published: Any = signer.public_jwks()
    token = signer.sign(bare).replace("..", f".{body}.")
    assert jws.deserialize_compact(token, KeySet.import_key_set(published), algorithms=["ES256"]).payload == canonical(bare)


@pytest.mark.parametrize(
    "change", [{"kenmerk": "HUUR-2026-000124"}, {"gemeente": "0344"}, {"logblad": "ce" * 32}, {"bevindingen": []}, {"status": "geclaimd"}]
)
def test_a_changed_receipt_is_refused(signer: ReceiptSigner, change: dict[str, object]) -> None:
    done = signed(signer, receipt())
    with pytest.raises(NotGenuine):
        verify_receipt(msgspec.structs.replace(done, **change), signer.public_jwks())


def test_another_key_an_unknown_kid_and_no_signature_are_refused(signer: ReceiptSigner) -> None:
    done = signed(signer, receipt())
    stranger = ReceiptSigner(MemoryKeyStore(), "ontvangstbewijs/1")
    for candidate, jwks in ((done, stranger.public_jwks()), (done, {"keys": []}), (receipt(), signer.public_jwks())):
        with pytest.raises(NotGenuine):
            verify_receipt(candidate, jwks)


def test_keys_of_two_gateways_under_one_kid_each_verify_their_own(signer: ReceiptSigner) -> None:
    other = ReceiptSigner(MemoryKeyStore(), "ontvangstbewijs/1")
    (own,), (theirs,) = signer.public_jwks()["keys"], other.public_jwks()["keys"]
    unusable = [{**own, "kty": "RSA"}, {**own, "x": "="}, {**own, "x": own["y"]}, {"kid": own["kid"]}]
    for keys in ([own, theirs], [theirs, own], [own, own, theirs], [*unusable, own, theirs]):
        for one in (signer, other):
            verify_receipt(signed(one, receipt()), {"keys": keys})
        with pytest.raises(NotGenuine):
            verify_receipt(signed(ReceiptSigner(MemoryKeyStore(), "ontvangstbewijs/1"), receipt()), {"keys": keys})


def encodings(signature: str) -> list[str]:
    """Other spellings of the same signature, or of a header that says something else."""
    header, _, value = signature.partition("..")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    stray = value[:-1] + last[last.index(value[-1]) + 1]
    none = urlsafe_b64encode(b'{"alg":"none","kid":"ontvangstbewijs/1"}').rstrip(b"=").decode()
    extra = urlsafe_b64encode(b'{"alg":"ES256","kid":"ontvangstbewijs/1","crit":"x"}').rstrip(b"=").decode()
    return [f"{signature}==", f"{header}==..{value}", f"{header}..{stray}", f"{none}..{value}", f"{extra}..{value}",
            f"{header}..{value}AAAA", f"{header}..{value[:-2]}\n{value[-2:]}", f"{header}.x.{value}", f"{none}..", "..", ""]  # fmt: skip


def test_only_the_canonical_encoding_is_accepted(signer: ReceiptSigner) -> None:
    done = signed(signer, receipt())
    wrong = encodings(done.handtekening or "")
    assert len(wrong) == 11
    for candidate in wrong:
        with pytest.raises(NotGenuine):
            verify_receipt(msgspec.structs.replace(done, handtekening=candidate), signer.public_jwks())


def test_a_retired_key_stays_published() -> None:
    keys = MemoryKeyStore()
    old = signed(ReceiptSigner(keys, "ontvangstbewijs/1"), receipt())
    new = ReceiptSigner(keys, "ontvangstbewijs/2", retired=("ontvangstbewijs/1",))
    verify_receipt(old, new.public_jwks())
    verify_receipt(signed(new, receipt()), new.public_jwks())
