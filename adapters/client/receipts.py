"""How a creditor checks a receipt: the gateway's signature over everything else in it.

A receipt's `handtekening` is `header..signature`: a compact JWS with detached content (RFC 7515, appendix F), ES256, over the
receipt's other members in RFC 8785 form. Strict: base64url must be canonical, the header holds `alg` and `kid` and nothing
more, and keys are looked up by that `kid` only. Authority: RFC 7515, 7518, 8785; `docs/crypto.md`. Leaves fetching the keys
(`GET sleutels`) and the history of checkpoints to the caller.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from schemas.bestandsbewijs import Bestandsontvangst, Bestandsuitslag
from schemas.bewijs import Bewijs
from schemas.ontvangst import Aanlevering, Ontvangstbewijs
from schemas.regelingen import Regelingbewijs, Stiltebewijs
from schemas.schuldenoverzicht import Antwoordbewijs
from schemas.strict import canonical
from schemas.toets import Toetsuitslag

_PART = 32


class NotGenuine(Exception):
    """The receipt was not signed by one of these keys, or is not what was signed."""


Receipt = Ontvangstbewijs | Aanlevering | Bewijs | Bestandsontvangst | Bestandsuitslag | Antwoordbewijs


def verify_receipt(receipt: Receipt | Regelingbewijs | Stiltebewijs | Toetsuitslag, jwks: Mapping[str, Any]) -> None:
    """Check a receipt against the gateway's published keys (a JWK set).

    Raises:
        NotGenuine: unsigned, unknown key, any change, or an encoding that is not the canonical one.
    """
    header, gap, signature = (receipt.handtekening or "").partition("..")
    if not gap:
        raise NotGenuine("not a detached JWS")
    raw = _strict(signature)
    if len(raw) != 2 * _PART:
        raise NotGenuine("not an ES256 signature")
    body = canonical(msgspec.structs.replace(receipt, handtekening=None))
    der = encode_dss_signature(int.from_bytes(raw[:_PART], "big"), int.from_bytes(raw[_PART:], "big"))
    content = header.encode() + b"." + _base64url(body)
    if not any(_signed(key, der, content) for key in _keys(header, jwks)):
        raise NotGenuine("the signature is not over this receipt")


def _signed(key: ec.EllipticCurvePublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, content, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _keys(header: str, jwks: Mapping[str, Any]) -> list[ec.EllipticCurvePublicKey]:
    """The keys with the `kid` of the header: more than one where gateways each number their own. Raises NotGenuine: none fits."""
    try:
        fields = msgspec.json.decode(_strict(header), type=dict[str, str])
        named = [key for key in jwks["keys"] if key.get("kid") == fields["kid"]]
    except (msgspec.DecodeError, KeyError):
        raise NotGenuine("not the header of a receipt") from None
    if fields.keys() != {"alg", "kid"} or fields["alg"] != "ES256":
        raise NotGenuine("not an ES256 receipt")
    if not (found := [public for jwk in named if (public := _public(jwk))]):
        raise NotGenuine("no published key fits the header")
    return found


def _public(jwk: Mapping[str, Any]) -> ec.EllipticCurvePublicKey | None:
    """A P-256 key; None: something else, which must not stand in the way of a key that does fit."""
    try:
        if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
            return None
        x, y = (int.from_bytes(_strict(jwk[part]), "big") for part in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (NotGenuine, KeyError, ValueError):
        return None


def _strict(text: str) -> bytes:
    """Decode base64url in its one canonical form. Raises NotGenuine for padding, other characters or stray bits."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise NotGenuine("not base64url") from None
    if _base64url(data).decode() != text:
        raise NotGenuine("not canonical base64url")
    return data


def _base64url(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")
