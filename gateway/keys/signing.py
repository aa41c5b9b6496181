"""Signatures under receipts: ES256 as a compact JWS with detached content (RFC 7515, appendix F).

Deterministic ECDSA (RFC 6979): the same receipt gives the same signature, so receipts are reissued and never stored. The
content is detached, so that there is one text of a receipt and not two that may differ. Authority: `docs/crypto.md`, signatures.
"""

from base64 import urlsafe_b64encode
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from gateway.keys.keystore import KeyStore, public_jwk
from schemas.bestandsbewijs import Bestandsontvangst, Bestandsuitslag
from schemas.bewijs import Bewijs
from schemas.ontvangst import Aanlevering, Ontvangstbewijs
from schemas.regelingen import Regelingbewijs, Stiltebewijs
from schemas.schuldenoverzicht import Antwoordbewijs
from schemas.strict import canonical
from schemas.toets import Toetsuitslag

_ECDSA = ec.ECDSA(SHA256(), deterministic_signing=True)


Signed = (
    Ontvangstbewijs | Aanlevering | Bewijs | Bestandsontvangst | Bestandsuitslag | Antwoordbewijs | Regelingbewijs | Stiltebewijs
    | Toetsuitslag
)  # fmt: skip


class ReceiptSigner:
    """Signs with one key pair of the key store. `retired` keys stay published (7 years) and sign nothing."""

    def __init__(self, keys: KeyStore, name: str, retired: tuple[str, ...] = ()) -> None:
        self._published = [keys.create_private(name), *(public_jwk(old, keys.private(old).public_key()) for old in retired)]
        self._private = keys.private(name)
        self._header = _base64url(msgspec.json.encode({"alg": "ES256", "kid": name}))

    def sign(self, receipt: Signed) -> str:
        """`header..signature` over the canonical form of `receipt` without its `handtekening`."""
        body = canonical(msgspec.structs.replace(receipt, handtekening=None))
        r, s = decode_dss_signature(self._private.sign(self._header + b"." + _base64url(body), _ECDSA))
        return (self._header + b".." + _base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))).decode()

    def public_jwks(self) -> dict[str, Any]:
        """Every key that receipts were ever signed with, as a JWK set."""
        return {"keys": [{**jwk, "use": "sig", "alg": "ES256"} for jwk in self._published]}


def _base64url(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")
