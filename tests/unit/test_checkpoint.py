"""Checkpoints: the example of the signed-note specification verifies, our own notes do, and altered ones do not."""

import base64
import os

import pytest

from gateway.privacylog.checkpoint import Checkpoint, CheckpointSigner, NoteVerifier, Untrusted, body

VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB_NOTE = (
    "go.sum database tree\n31700353\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n\n"
    "— sum.golang.org Az3grnmrIUEDFqHzAElIQCPNoRFRAAdFo47fooyWKMHb89k11GJh5zHIfNCOBmwn/C3YI8oW9/C8DJ87F61QqspBYwM=\n"
)
ORIGIN = "seinhuis.example/log"
SIGNER = CheckpointSigner(ORIGIN, bytes(range(32)))
ROOT = bytes(range(32, 64))


def test_the_specifications_example_verifies() -> None:
    assert NoteVerifier.of(VKEY).verify(NOTE) == NOTE.partition("\n\n")[0] + "\n"
    assert NoteVerifier.of(VKEY).vkey == VKEY


def test_a_checkpoint_of_a_public_log_verifies_and_has_our_layout() -> None:
    text = NoteVerifier.of(SUMDB).verify(SUMDB_NOTE)
    root = base64.b64decode("qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=")
    assert text == body("go.sum database tree", Checkpoint(31700353, root))


@pytest.mark.parametrize("size", [0, 1, 999, 10**12])
def test_our_checkpoint_reads_back(size: int) -> None:
    note = SIGNER.sign(size, ROOT)
    assert NoteVerifier.of(SIGNER.verifier.vkey).checkpoint(note) == Checkpoint(size, ROOT)
    assert note.startswith(f"{ORIGIN}\n{size}\n")


def test_every_changed_character_is_refused() -> None:
    note = SIGNER.sign(7, ROOT)
    refused = 0
    for place in range(len(note)):
        changed = note[:place] + ("A" if note[place] != "A" else "B") + note[place + 1 :]
        try:
            SIGNER.verifier.checkpoint(changed)
        except Untrusted:
            refused += 1
    assert refused == len(note)


@pytest.mark.parametrize(
    "text",
    [f"{ORIGIN}\n07\nX\n", f"{ORIGIN}\n-1\nX\n", f"{ORIGIN}\n7\nX\nmore\n", "other\n7\nX\n", f"{ORIGIN}\n7\nAAAA\n", f"{ORIGIN}\n"],
)
def test_a_signed_text_that_is_no_canonical_checkpoint_of_this_log_is_refused(text: str) -> None:
    full = text.replace("X", base64.b64encode(ROOT).decode())
    signature = base64.b64encode(SIGNER.verifier.key_id + SIGNER._private.sign(full.encode())).decode()
    note = f"{full}\n— {ORIGIN} {signature}\n"
    assert SIGNER.verifier.verify(note) == full  # the signature itself is good
    with pytest.raises(Untrusted):
        SIGNER.verifier.checkpoint(note)


def test_another_key_under_the_same_name_is_refused() -> None:
    with pytest.raises(Untrusted):
        CheckpointSigner(ORIGIN, os.urandom(32)).verifier.verify(SIGNER.sign(7, ROOT))


def test_the_signature_of_a_witness_beside_ours_is_no_obstacle() -> None:
    witness = CheckpointSigner("getuige.example", os.urandom(32))
    note = SIGNER.sign(7, ROOT)
    line = witness.sign(7, ROOT).rpartition("\n\n")[2]
    assert SIGNER.verifier.checkpoint(note + line).size == 7


@pytest.mark.parametrize(
    "vkey", ["", "a+b", VKEY.replace("c74f20a3", "c74f20a4"), VKEY[:-4], VKEY.replace("+ARp", "+ARq"), "a b+00000000+AAAA"]
)
def test_a_malformed_public_key_is_refused(vkey: str) -> None:
    with pytest.raises(Untrusted):
        NoteVerifier.of(vkey)
