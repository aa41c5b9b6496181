"""Compact JWE (RFC 7516) for one key used once: `dir` + `A256GCM`; and the wrapping of a content key to a municipality.

The first is assembled here over `cryptography`, because it runs three times per signal; it is tested against joserfc in both
directions. The second is joserfc's (`ECDH-ES+A256KW`, or `RSA-OAEP-256` for key vaults). Authority: `docs/crypto.md`, sealing.
"""

import os
from binascii import b2a_base64
from functools import lru_cache
from math import gcd, prod
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey, RSAKey

from gateway.core.errors import Misconfigured
from gateway.partners.sealkeys import Zegelsleutel

ALGORITHMS = {"EC": "ECDH-ES+A256KW", "RSA": "RSA-OAEP-256"}
RSA_BITS = 3072
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_IV = 12
_TAG = 16
_EXPONENT = 65_537
_SMALL_FACTORS = prod(range(3, 1_000, 2)) * 2
_PRIVATE = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})


def encrypt_direct(key: bytes, kid: str, plaintext: bytes) -> str:
    """A compact JWE under `key` (32 bytes, for this one text only); `kid` is authenticated and must need no JSON escape."""
    header = _base64url(b'{"alg":"dir","enc":"A256GCM","kid":"%b"}' % kid.encode())
    iv = os.urandom(_IV)
    sealed = AESGCM(key).encrypt(iv, plaintext, header)
    return (b"%b..%b.%b.%b" % (header, _base64url(iv), _base64url(sealed[:-_TAG]), _base64url(sealed[-_TAG:]))).decode()


def wrap_content_key(id: UUID, content_key: bytes, recipient: Zegelsleutel) -> str:
    """The content key as an encrypted JWK (RFC 7517, section 7): its `kid` is `id`, the header's `kid` is the recipient's key.

    Raises:
        Misconfigured: the registered key is no P-256 or RSA (3072 bits or more) key.
    """
    key, algorithm = recipient_key(recipient)
    jwk = msgspec.json.encode(OctKey.import_key(content_key).as_dict() | {"kid": str(id)})
    header = {"alg": algorithm, "enc": "A256GCM", "kid": recipient.kid, "cty": "jwk+json"}
    return jwe.encrypt_compact(header, jwk, key, algorithms=[algorithm, "A256GCM"])


def require_usable(recipient: Zegelsleutel) -> None:
    """Refuse a key that nothing could be sealed to, or that is weak or not public, before it is registered. Raises Misconfigured.

    NIST SP 800-56B, 6.2: the public exponent is odd and at least 65537. A modulus with a small factor comes of a broken generator.
    """
    if _PRIVATE & recipient.publiek.keys():
        raise Misconfigured("Er staat een geheime sleutel in; geef alleen de publieke, en houd de geheime bij de gemeente.")
    key, _ = recipient_key(recipient)
    if isinstance(key, RSAKey):
        numbers = key.public_key.public_numbers()
        if numbers.e < _EXPONENT or numbers.e % 2 == 0 or gcd(numbers.n, _SMALL_FACTORS) != 1:
            raise Misconfigured(f"Deze RSA-sleutel is zwak: de exponent moet minstens {_EXPONENT} zijn, de modulus zonder kleine delers.")


def recipient_key(recipient: Zegelsleutel) -> tuple[ECKey | RSAKey, str]:
    """The key, and the algorithm that a content key is wrapped to it with. Raises Misconfigured as `wrap_content_key`."""
    return _recipient(msgspec.json.encode(recipient.publiek, order="sorted"))


@lru_cache(maxsize=1024)
def _recipient(jwk: bytes) -> tuple[ECKey | RSAKey, str]:
    public: dict[str, Any] = msgspec.json.decode(jwk)
    algorithm = ALGORITHMS.get(public.get("kty", ""))
    try:
        if algorithm == ALGORITHMS["EC"] and public.get("crv") == "P-256":
            return ECKey.import_key(public), algorithm
        if algorithm == ALGORITHMS["RSA"]:
            key = RSAKey.import_key(public)
            if key.public_key.key_size >= RSA_BITS:
                return key, algorithm
    except (JoseError, ValueError, KeyError):
        pass
    raise Misconfigured(f"Een sleutel om voor te verzegelen moet P-256 of RSA van minstens {RSA_BITS} bits zijn.")


def _base64url(data: bytes) -> bytes:
    return b2a_base64(data, newline=False).translate(_URL_SAFE).rstrip(b"=")
