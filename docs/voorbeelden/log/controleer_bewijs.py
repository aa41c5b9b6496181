"""Check one proof of delivery (`GET /schuldeiser/v1/signalen/{id}/bewijs`), with nothing of the gateway: Python and `cryptography`.

    python controleer_bewijs.py bewijs.json sleutels.json [eerder-controlepunt.txt consistentie.json]

`sleutels.json` is what stands at `/.well-known/seinhuis-sleutels.json`. Three things are checked: the gateway signed the proof (JWS with
detached content, ES256, RFC 7515), the log signed the checkpoint (C2SP signed note, Ed25519), and the leaf of the proof stands in that
log at its number (RFC 9162 section 2.1.3.2). With a checkpoint that was kept before and a consistency proof from it to this one:
also that the log only grew in between (section 2.1.4.2). Ends with 0 when all of it holds.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256


class Onjuist(Exception):
    """The proof does not hold, and where."""


def b64url(text: str) -> bytes:
    """Base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_signature(proof: dict, keys: dict) -> None:
    """The gateway signed every other member of the proof."""
    header, _, signature = proof["handtekening"].partition("..")
    kid = json.loads(b64url(header))
    if kid.pop("alg") != "ES256":
        raise Onjuist("ander algoritme dan ES256")
    (jwk,) = [key for key in keys["keys"] if key["kid"] == kid["kid"]]
    x, y = (int.from_bytes(b64url(jwk[part]), "big") for part in ("x", "y"))
    rest = {name: value for name, value in proof.items() if name != "handtekening"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()  # RFC 8785, for what a proof holds
    signed = header.encode() + b"." + base64.urlsafe_b64encode(text).rstrip(b"=")
    raw = b64url(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key().verify(der, signed, ec.ECDSA(SHA256()))


def checkpoint(note: str, vkey: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint that the log signed."""
    name, key_id, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded)
    if hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] != key_id or key[:1] != b"\x01":
        raise Onjuist("logsleutel")
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        raw = base64.b64decode(signature)
        if (dash, signer, raw[:4].hex()) == ("\u2014", name, key_id):
            ed25519.Ed25519PublicKey.from_public_bytes(key[1:]).verify(raw[4:], f"{text}\n".encode())
            origin, size, root = text.split("\n")
            if origin != name:
                raise Onjuist("controlepunt van een andere log")
            return int(size), base64.b64decode(root)
    raise Onjuist("controlepunt is niet van deze log")


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaf: bytes, number: int, size: int, path: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to."""
    fn, sn, r = number, size - 1, leaf
    if not 0 <= number < size:
        raise Onjuist("nummer buiten de log")
    for p in path:
        if sn == 0:
            raise Onjuist("pad te lang")
        if fn & 1 or fn == sn:
            r = node(p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Onjuist("pad te kort")
    return r


def check_growth(old: tuple[int, bytes], new: tuple[int, bytes], path: list[bytes]) -> None:
    """The older log is the beginning of the newer."""
    (size, before), (total, after) = old, new
    if not 0 < size <= total or (size == total and (path or before != after)):
        raise Onjuist("de controlepunten passen niet bij elkaar")
    if size == total:
        return
    if size & (size - 1) == 0:
        path = [before, *path]
    fn, sn = size - 1, total - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            raise Onjuist("pad te lang")
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    if sn or (fr, sr) != (before, after):
        raise Onjuist("de log is tussen de twee controlepunten veranderd")


def main(proof_file: str, keys_file: str, old_file: str = "", growth_file: str = "") -> None:
    """Check what the files hold; raises when anything is wrong."""
    proof, keys = (json.loads(Path(name).read_text(encoding="utf-8")) for name in (proof_file, keys_file))
    check_signature(proof, keys)
    log = proof["log"]
    size, root = checkpoint(log["controlepunt"], keys["logsleutel"])
    if log["nummer"] + 1 != proof.get("bezorgdAlsNummer", log["nummer"] + 1):
        raise Onjuist("nummer")
    if root_of(bytes.fromhex(proof["logblad"]), log["nummer"], size, [bytes.fromhex(part) for part in log["pad"]]) != root:
        raise Onjuist("het blad staat niet in de log")
    if old_file:
        old = checkpoint(Path(old_file).read_text(encoding="utf-8"), keys["logsleutel"])
        growth = json.loads(Path(growth_file).read_text(encoding="utf-8"))
        new = checkpoint(growth["controlepunt"], keys["logsleutel"])
        check_growth(old, new, [bytes.fromhex(part) for part in growth["pad"]])
    sys.stdout.write(f"het bewijs klopt: blad {log['nummer']} van {size}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
