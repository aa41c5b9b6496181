"""The signature under a DDAS answer: JAdES-B, detached, PS256 over exactly the bytes of the body, with the certificate chain.

Authority: DDAS-VS API (`nlgov-adr-payload-sig`, `Digest`), ETSI TS 119 182-1, RFC 7515 appendix F, RFC 7518 (PS256), RFC 3230. The
signing certificate is not the TLS certificate, and its key is another: both are refused at start (LG-10). Two readings of the standard
are in use, so `over` chooses: `inhoud` signs the body, `digest` the `Digest` header by `sigD` (ADR module Signing). Leaves revocation
and the chain to PKIoverheid to the reader.
"""

import base64
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from gateway.core.errors import Misconfigured

RSA_BITS = 3072
Over = Literal["inhoud", "digest"]
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
_HTTP_HEADERS = "http://uri.etsi.org/19182/HttpHeaders"


class Signed(NamedTuple):
    """What goes into the headers `Digest` and `nlgov-adr-payload-sig`."""

    digest: str
    signature: str


class PayloadSigner:
    """Signs with one certificate and its RSA key."""

    def __init__(self, chain: list[x509.Certificate], key: rsa.RSAPrivateKey, over: Over = "inhoud") -> None:
        """Raises Misconfigured: the key is too short or not the certificate's; the certificate is for TLS or not for signatures."""
        _require(chain[0], key)
        self._key = key
        self._over = over
        leaf = chain[0].public_bytes(Encoding.DER)
        self._fixed: dict[str, Any] = {
            "alg": "PS256",
            "typ": "JOSE",
            "kid": _base64url(hashlib.sha256(_spki(chain[0])).digest()),
            "x5c": [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode() for certificate in chain],
            "x5t#S256": _base64url(hashlib.sha256(leaf).digest()),
        }

    @classmethod
    def load(cls, certificate: Path, key: Path, tls_certificate: Path, over: Over = "inhoud") -> "PayloadSigner":
        """Read the chain (leaf first) and the key (PEM). Raises Misconfigured: unreadable, unfit, or the key of the TLS certificate."""
        try:
            chain = x509.load_pem_x509_certificates(certificate.read_bytes())
            private = load_pem_private_key(key.read_bytes(), None)
            tls = x509.load_pem_x509_certificates(tls_certificate.read_bytes())[0]
        except (OSError, ValueError):
            raise Misconfigured(f"Het ondertekencertificaat {certificate.name} of zijn sleutel is niet te lezen.") from None
        if not isinstance(private, rsa.RSAPrivateKey):
            raise Misconfigured("Ondertekenen met PS256 vraagt een RSA-sleutel.")
        if _spki(tls) == _spki(chain[0]):
            raise Misconfigured("Het ondertekencertificaat heeft de sleutel van het TLS-certificaat; gebruik twee sleutels.")
        return cls(chain, private, over)

    def sign(self, body: bytes, at: datetime) -> Signed:
        """Sign a body at an instant (UTC)."""
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        header = {**self._fixed, "iat": int(at.timestamp())}
        if self._over == "digest":
            header |= {"b64": False, "crit": ["b64", "sigD"], "sigD": {"mId": _HTTP_HEADERS, "pars": ["digest"]}}
            payload = f"digest: {digest}".encode()
        else:
            payload = _base64url(body).encode()
        protected = _base64url(msgspec.json.encode(header))
        signature = self._key.sign(protected.encode() + b"." + payload, _PSS, hashes.SHA256())
        return Signed(digest, f"{protected}..{_base64url(signature)}")


def _require(certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> None:
    if key.key_size < RSA_BITS:
        raise Misconfigured(f"De ondertekensleutel moet minstens {RSA_BITS} bits hebben.")
    if key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != _spki(certificate):
        raise Misconfigured("De ondertekensleutel hoort niet bij het ondertekencertificaat.")
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        raise Misconfigured("Het ondertekencertificaat zegt niet waarvoor het is (KeyUsage, ExtendedKeyUsage).") from None
    if not usage.digital_signature or {x509.OID_SERVER_AUTH, x509.OID_CLIENT_AUTH} & set(uses):
        raise Misconfigured("Het ondertekencertificaat moet voor handtekeningen zijn en niet voor TLS.")


def _spki(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
