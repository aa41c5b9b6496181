"""The key store: random keys by name, made on first use, and key pairs made on request.

A key is random and never derived from another, so that destroying it destroys everything under it (`docs/crypto.md`, keys).
`MemoryKeyStore` is for tests and trials; `gateway.keys.database` keeps the keys wrapped. Leaves the names to `gateway.keys.names`.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey

from gateway.core.errors import Misconfigured

KEY_SIZE = 32
Make = Callable[[], bytes]


class KeyStore(Protocol):
    """Where keys come from. Every node that shares a store gets the same key for a name."""

    def key(self, name: str) -> bytes:
        """The 32-byte key of this name, made when it did not exist. Raises Misconfigured when it cannot be unwrapped."""
        ...

    def private(self, name: str) -> ec.EllipticCurvePrivateKey:
        """The P-256 private key of this name. Raises Misconfigured when it was never made."""
        ...

    def create_private(self, name: str) -> dict[str, Any]:
        """The public JWK (`kid` = name) of this name's P-256 key pair, made when it did not exist."""
        ...


class CachedKeys(ABC):
    """Keeps opened keys in this process; a subclass says where they are kept for good."""

    def __init__(self) -> None:
        self._opened: dict[str, bytes] = {}

    @abstractmethod
    def _load(self, name: str, make: Make | None) -> bytes | None:
        """The stored secret; made and stored first when absent and `make` is given."""

    def key(self, name: str) -> bytes:
        """See `KeyStore.key`."""
        key = self._secret(name, lambda: secrets.token_bytes(KEY_SIZE))
        if len(key) != KEY_SIZE:
            raise Misconfigured(f"{name} is een sleutelpaar, geen sleutel.")
        return key

    def private(self, name: str) -> ec.EllipticCurvePrivateKey:
        """See `KeyStore.private`."""
        return _decode(name, self._secret(name, None))

    def create_private(self, name: str) -> dict[str, Any]:
        """See `KeyStore.create_private`."""
        return public_jwk(name, _decode(name, self._secret(name, _new_pair)).public_key())

    def _secret(self, name: str, make: Make | None) -> bytes:
        secret = self._opened.get(name)
        if secret is None:
            secret = self._load(name, make)
            if secret is None:
                raise Misconfigured(f"Sleutel {name} bestaat niet.")
            self._opened[name] = secret
        return secret


class MemoryKeyStore(CachedKeys):
    """Keys that live as long as this process."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, bytes] = {}

    def _load(self, name: str, make: Make | None) -> bytes | None:
        return self._kept.setdefault(name, make()) if make is not None else self._kept.get(name)


def public_jwk(kid: str, key: ec.EllipticCurvePublicKey) -> dict[str, Any]:
    """The JWK (RFC 7517) of a P-256 public key."""
    return {**ECKey.import_key(_pem(key)).as_dict(private=False), "kid": kid}


def _pem(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _new_pair() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _decode(name: str, pkcs8: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_der_private_key(pkcs8, None)
    except ValueError:
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Misconfigured(f"{name} is geen sleutelpaar.")
    return key
