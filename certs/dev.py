"""A development PKI shaped like PKIoverheid: who may call is proven with certificates that look like the real ones.

Decides the shape: root -> intermediate ("TRIAL ...") -> leafs; the OIN in `subject.serialNumber` (2.5.4.5), the organisation in
`O`, client and server use for TLS, apart certificates for signing, a numbered CRL of the intermediate. Authority: Digikoppeling
Identificatie en Authenticatie (PKI001-PKI004), RFC 5280. Never for production: the keys of both CAs lie beside the certificates.
Leaves to the gateway what it trusts. The state is the files themselves; the CRL is the list of what was revoked.
"""

import ipaddress
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

_CRL_ADDRESS = "http://crl.seinhuis.example/trial.crl"
_CA_TERM = timedelta(days=3650)
_LEAF_TERM = timedelta(days=1095)
_DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336; without a use of its own it would do for TLS too
_BACKDATE = timedelta(minutes=5)  # clocks of partners differ
_LOCAL = (
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    x509.IPAddress(ipaddress.ip_address("::1")),
)


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        ...


class Issued(NamedTuple):
    """An issued certificate: PEM files (certificate, private key, certificate with its intermediate) and its DER form."""

    cert_path: Path
    key_path: Path
    chain_path: Path
    der: bytes

    @property
    def serial(self) -> int:
        """The certificate's own serial number (not the OIN)."""
        return x509.load_der_x509_certificate(self.der).serial_number


class DevPki:
    """One folder with a root, an intermediate, its CRL and what it issued."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self.root_path = folder / "root.pem"
        self.intermediate_path = folder / "intermediate.pem"
        self.crl_path = folder / "crl.pem"
        self._ca = x509.load_pem_x509_certificate(self.intermediate_path.read_bytes())
        self._ca_key = _load_key(folder / "intermediate.key")

    @classmethod
    def create(cls, folder: Path, clock: Clock) -> "DevPki":
        """Make a new PKI in `folder` with an empty CRL, valid for 7 days. Raises FileExistsError when one is there."""
        if (folder / "root.pem").exists():
            raise FileExistsError(folder)
        folder.mkdir(parents=True, exist_ok=True)
        root_key, ca_key = _new_key(rsa_key=False), _new_key(rsa_key=False)
        root_name, ca_name = _name("TRIAL Seinhuis Private Root CA"), _name("TRIAL Seinhuis Organisatie CA")
        until = clock.now() + _CA_TERM
        root = _ca(_builder(root_name, root_key.public_key(), clock.now(), until), 1).issuer_name(root_name)
        root_cert = _by(root, root_key.public_key(), root_key).sign(root_key, hashes.SHA256())
        ca = _ca(_builder(ca_name, ca_key.public_key(), clock.now(), until), 0).issuer_name(root_name)
        ca_cert = _by(ca, ca_key.public_key(), root_key).sign(root_key, hashes.SHA256())
        for name, key, cert in (("root", root_key, root_cert), ("intermediate", ca_key, ca_cert)):
            _write(folder / f"{name}.key", _key_pem(key), 0o600)
            _write(folder / f"{name}.pem", _pem(cert))
        pki = cls(folder, clock)
        pki.write_crl(timedelta(days=7))
        return pki

    @classmethod
    def load(cls, folder: Path, clock: Clock) -> "DevPki":
        """Open the PKI of `create`. Raises FileNotFoundError when there is none."""
        return cls(folder, clock)

    def server(self, name: str) -> Issued:
        """Issue a TLS certificate for a server with host name `name`; it also serves localhost, 127.0.0.1 and ::1."""
        sans = dict.fromkeys((*_LOCAL, x509.DNSName(name)))
        builder = _tls(self._leaf(_name(name, organisation="Seinhuis (test)"), key := _new_key(rsa_key=False), _LEAF_TERM))
        return self._issue(name, builder.add_extension(x509.SubjectAlternativeName(list(sans)), critical=False), key)

    def partner(self, oin: str, name: str, *, rsa_key: bool = False, valid_for: timedelta = _LEAF_TERM) -> Issued:
        """Issue a TLS certificate (client and server) to organisation `name`. Raises ValueError when `oin` is no OIN."""
        key = _new_key(rsa_key=rsa_key)
        return self._issue(oin, _tls(self._leaf(_name(name, organisation=name, oin=_oin(oin)), key, valid_for)), key)

    def certify(self, request: x509.CertificateSigningRequest, oin: str, name: str) -> Issued:
        """Issue the TLS certificate that a partner asked for; its key stays with it. Of the request only the key counts.

        Raises ValueError when `oin` is no OIN, TypeError when the key is neither EC nor RSA.
        """
        key = request.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            raise TypeError("the key of the request is neither EC nor RSA")
        builder = _tls(self._leaf(_name(name, organisation=name, oin=_oin(oin)), key, _LEAF_TERM))
        return self._keep(f"{oin}-{self._clock.now():%Y%m%d%H%M%S}", builder.sign(self._ca_key, hashes.SHA256()))

    def signing(self, oin: str, name: str, *, rsa_key: bool = False) -> Issued:
        """Issue a certificate for signatures only (no TLS use); PS256 needs an RSA key. Raises ValueError when `oin` is no OIN."""
        key = _new_key(rsa_key=rsa_key)
        builder = self._leaf(_name(name, organisation=name, oin=_oin(oin)), key, _LEAF_TERM)
        builder = builder.add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        return self._issue(f"{oin}-signing", builder.add_extension(x509.ExtendedKeyUsage([_DOCUMENTS]), critical=False), key)

    def revoke(self, what: int | Issued) -> None:
        """Put a certificate on the CRL (by certificate or serial number) and write it for 7 days."""
        serial = what if isinstance(what, int) else what.serial
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(self._clock.now()).build()
        self._write_crl([*self._revoked(), entry], timedelta(days=7))

    def write_crl(self, valid_for: timedelta) -> None:
        """Write the next CRL: the same entries, a higher number, `nextUpdate` after `valid_for`."""
        self._write_crl(self._revoked(), valid_for)

    def _crl(self) -> x509.CertificateRevocationList | None:
        return x509.load_pem_x509_crl(self.crl_path.read_bytes()) if self.crl_path.exists() else None

    def _revoked(self) -> list[x509.RevokedCertificate]:
        return list(self._crl() or [])

    def _write_crl(self, entries: list[x509.RevokedCertificate], valid_for: timedelta) -> None:
        last = self._crl()
        number = last.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number if last is not None else 0
        now = self._clock.now()
        builder = x509.CertificateRevocationListBuilder(self._ca.subject, now, now + valid_for, revoked_certificates=entries)
        builder = builder.add_extension(x509.CRLNumber(number + 1), critical=False)
        crl = builder.add_extension(_authority(self._ca_key), critical=False).sign(self._ca_key, hashes.SHA256())
        _write(self.crl_path, crl.public_bytes(serialization.Encoding.PEM))

    def _leaf(self, subject: x509.Name, key: Key | PublicKey, valid_for: timedelta) -> x509.CertificateBuilder:
        now, public = self._clock.now(), key if isinstance(key, PublicKey) else key.public_key()
        builder = _by(_builder(subject, public, now, now + valid_for), public, self._ca_key).issuer_name(self._ca.subject)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(_CRL_ADDRESS)], None, None, None)
        return builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)

    def _issue(self, stem: str, builder: x509.CertificateBuilder, key: Key) -> Issued:
        _write(self._folder / f"{stem}.key", _key_pem(key), 0o600)
        return self._keep(stem, builder.sign(self._ca_key, hashes.SHA256()))

    def _keep(self, stem: str, cert: x509.Certificate) -> Issued:
        paths = [self._folder / f"{stem}{ending}" for ending in (".pem", ".key", ".chain.pem")]
        _write(paths[0], _pem(cert))
        _write(paths[2], _pem(cert) + _pem(self._ca))
        return Issued(paths[0], paths[1], paths[2], cert.public_bytes(serialization.Encoding.DER))


def _oin(value: str) -> str:
    if not re.fullmatch(r"[0-9A-Z]{20}", value, re.ASCII):
        raise ValueError("an OIN has 20 positions, digits and capitals")
    return value


def _name(common: str, *, organisation: str = "Seinhuis (test)", oin: str | None = None) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "NL"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common)]
    if oin is not None:
        parts.append((NameOID.SERIAL_NUMBER, oin))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _builder(subject: x509.Name, key: PublicKey, now: datetime, until: datetime) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).public_key(key).serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - _BACKDATE).not_valid_after(until)


def _by(builder: x509.CertificateBuilder, key: PublicKey, issuer: Key) -> x509.CertificateBuilder:
    own = x509.SubjectKeyIdentifier.from_public_key(key)
    return builder.add_extension(own, critical=False).add_extension(_authority(issuer), critical=False)


def _authority(issuer: Key) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())


def _ca(builder: x509.CertificateBuilder, path_length: int) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    return builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)


def _tls(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH])
    return builder.add_extension(_usage("digital_signature"), critical=True).add_extension(uses, critical=False)


_USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def _usage(*given: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in given for use in _USES})


def _new_key(*, rsa_key: bool) -> Key:
    return rsa.generate_private_key(65537, 3072) if rsa_key else ec.generate_private_key(ec.SECP256R1())


def _load_key(path: Path) -> Key:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError("the key of the intermediate is neither EC nor RSA")
    return key


def _key_pem(key: Key) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _pem(cert: x509.Certificate) -> bytes:
    return cert.public_bytes(serialization.Encoding.PEM)


def _write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write beside and rename, so that a reader sees the old file or the new one, and a key is never open to others."""
    beside = path.with_name(path.name + ".part")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    beside.replace(path)
