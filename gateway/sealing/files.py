"""A whole file as one compact JWE (RFC 7516), made as a stream: any JOSE library opens it in one call with the receiver's private key.

`ECDH-ES+A256KW` (RFC 7518, 4.6: Concat KDF over an ephemeral P-256 key) or `RSA-OAEP-256`, with `A256GCM` over the content. The library
that wraps content keys wants the whole text at once; this is the same form without that, tested against it. Authority: `docs/crypto.md`,
sealing. Leaves what is in the file to the flow.
"""

import os
from binascii import b2a_base64
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import ECDH, SECP256R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from gateway.partners.sealkeys import Zegelsleutel
from gateway.sealing.jwe import recipient_key

_KEY = 32
_IV = 12
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_THREE = 3
"""Bytes that base64 takes together."""


def seal(parts: Iterable[bytes], recipient: Zegelsleutel, content_type: str) -> Iterator[bytes]:
    """The token in parts, in order. Raises Misconfigured: the registered key is too weak."""
    key, iv = os.urandom(_KEY), os.urandom(_IV)
    header, wrapped = _wrapped(key, recipient, content_type)
    cipher = Cipher(AES256(key), GCM(iv)).encryptor()
    cipher.authenticate_additional_data(header)
    yield b"%b.%b.%b." % (header, _base64url(wrapped), _base64url(iv))
    rest = b""
    for part in parts:
        rest += cipher.update(part)
        whole = len(rest) - len(rest) % _THREE
        yield _base64url(rest[:whole])
        rest = rest[whole:]
    yield _base64url(rest + cipher.finalize())
    yield b"." + _base64url(cipher.tag)


def _wrapped(key: bytes, recipient: Zegelsleutel, content_type: str) -> tuple[bytes, bytes]:
    """The protected header as it is authenticated, and the encrypted key."""
    found, algorithm = recipient_key(recipient)
    header: dict[str, Any] = {"alg": algorithm, "cty": content_type, "enc": "A256GCM", "kid": recipient.kid}
    public = found.public_key
    if isinstance(public, RSAPublicKey):
        return _header(header), public.encrypt(key, OAEP(MGF1(SHA256()), SHA256(), None))
    if not isinstance(public, EllipticCurvePublicKey):
        raise TypeError(type(public).__name__)
    own = generate_private_key(SECP256R1())
    numbers = own.public_key().public_numbers()
    x, y = (_base64url(number.to_bytes(32, "big")).decode() for number in (numbers.x, numbers.y))
    kek = _derived(own.exchange(ECDH(), public), algorithm)
    return _header(header | {"epk": {"kty": "EC", "crv": "P-256", "x": x, "y": y}}), aes_key_wrap(kek, key)


def _derived(shared: bytes, algorithm: str) -> bytes:
    """RFC 7518, 4.6.2: the algorithm, no party names, and the length of the key in bits."""
    info = len(algorithm).to_bytes(4, "big") + algorithm.encode() + bytes(8) + (_KEY * 8).to_bytes(4, "big")
    return ConcatKDFHash(SHA256(), _KEY, info).derive(shared)


def _header(members: dict[str, Any]) -> bytes:
    return _base64url(msgspec.json.encode(members))


def _base64url(data: bytes) -> bytes:
    return b2a_base64(data, newline=False).translate(_URL_SAFE).rstrip(b"=")
