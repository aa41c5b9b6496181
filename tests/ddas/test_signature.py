"""The signature is checked by other implementations than the one that made it: joserfc, and the parts one by one."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import RSAKey

from certs.dev import DevPki
from gateway.core.clock import FixedClock
from gateway.core.errors import Misconfigured
from gateway.ddas.signature import PayloadSigner, Signed

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
OIN = "00000099000000000000"
BODY = b'{"gegevens":{}}'


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> DevPki:
    return DevPki.create(tmp_path_factory.mktemp("pki"), FixedClock(NOW))


def signer(pki: DevPki, over: str = "inhoud") -> PayloadSigner:
    made, tls = pki.signing(OIN, "Seinhuis", rsa_key=True), pki.server("localhost")
    return PayloadSigner.load(made.chain_path, made.key_path, tls.cert_path, over)  # type: ignore[arg-type]


def header(signed: Signed) -> dict[str, Any]:
    text = signed.signature.partition(".")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def leaf(signed: Signed) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(header(signed)["x5c"][0]))


def verify(signed: Signed, body: bytes) -> None:
    key = RSAKey.import_key(leaf(signed).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    registry = jws.JWSRegistry(algorithms=["PS256"], strict_check_header=False)
    registry.max_header_length = 16 * 1024  # a chain is longer than the 512 bytes that joserfc takes by default
    jws.deserialize_compact(signed.signature, key, registry=registry, payload=body)


def test_other_implementation_accepts_exactly_these_bytes(pki: DevPki) -> None:
    signed = signer(pki).sign(BODY, NOW)
    verify(signed, BODY)
    with pytest.raises(BadSignatureError):
        verify(signed, BODY + b" ")


def test_header_carries_the_chain_and_its_thumbprint(pki: DevPki) -> None:
    signed = signer(pki).sign(BODY, NOW)
    found = header(signed)
    assert set(found) == {"alg", "typ", "kid", "x5c", "x5t#S256", "iat"}
    assert (found["alg"], found["typ"], found["iat"]) == ("PS256", "JOSE", int(NOW.timestamp()))
    chain = [x509.load_der_x509_certificate(base64.b64decode(one)) for one in found["x5c"]]
    assert len(chain) == 2
    chain[0].verify_directly_issued_by(chain[1])
    thumbprint = hashlib.sha256(chain[0].public_bytes(Encoding.DER)).digest()
    assert found["x5t#S256"] == base64.urlsafe_b64encode(thumbprint).rstrip(b"=").decode()
    assert signed.digest == "SHA-256=" + base64.b64encode(hashlib.sha256(BODY).digest()).decode()


def test_over_digest_signs_the_header_line(pki: DevPki) -> None:
    signed = signer(pki, "digest").sign(BODY, NOW)
    assert header(signed)["sigD"] == {"mId": "http://uri.etsi.org/19182/HttpHeaders", "pars": ["digest"]}
    protected, _, signature = signed.signature.partition("..")
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    key = leaf(signed).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(raw, f"{protected}.digest: {signed.digest}".encode(), padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def test_key_of_the_tls_certificate_is_refused(pki: DevPki) -> None:
    made = pki.signing(OIN, "Seinhuis", rsa_key=True)
    with pytest.raises(Misconfigured, match="TLS"):
        PayloadSigner.load(made.chain_path, made.key_path, made.cert_path)


def test_certificate_for_tls_is_refused(pki: DevPki) -> None:
    made, tls = pki.partner(OIN, "Seinhuis", rsa_key=True), pki.server("localhost")
    with pytest.raises(Misconfigured, match="niet voor TLS"):
        PayloadSigner.load(made.chain_path, made.key_path, tls.cert_path)


def test_elliptic_key_and_missing_file_are_refused(pki: DevPki, tmp_path: Path) -> None:
    made, tls = pki.signing("00000099000000007000", "Seinhuis"), pki.server("localhost")
    with pytest.raises(Misconfigured, match="RSA"):
        PayloadSigner.load(made.chain_path, made.key_path, tls.cert_path)
    with pytest.raises(Misconfigured, match="niet te lezen"):
        PayloadSigner.load(tmp_path / "weg.pem", made.key_path, tls.cert_path)


def test_key_of_another_certificate_is_refused(pki: DevPki) -> None:
    made, tls = pki.signing(OIN, "Seinhuis", rsa_key=True), pki.server("localhost")
    other = pki.signing("00000099000000008000", "Ander", rsa_key=True)
    with pytest.raises(Misconfigured, match="hoort niet bij"):
        PayloadSigner.load(made.chain_path, other.key_path, tls.cert_path)
