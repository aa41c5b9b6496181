"""Which certificate is of the right kind for a participant's system, and which of a participant's will end soon.

Authority: Digikoppeling Identificatie en Authenticatie PKI001-PKI004 (OIN in `subject.serialNumber`, validity, chain), RFC 5280 (a leaf
for client authentication). `trusted` holds the certificates of the authorities that the doors trust (PEM). Leaves the revocation list to
the doors, and keeping to `registration`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway.core.errors import Invalid
from gateway.partners.dossier import Certificaatinhoud
from gateway.partners.register import Certificaat

WARNINGS = (60, 30, 7)
"""Days before its end on which a certificate is spoken of."""
_DEEP = 4
_GIVE, _KEYS = "geef het PEM-bestand met BEGIN", ", met een sleutel P-256, P-384 of RSA"
_UNREADABLE = (ValueError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
_Signed = TypeVar("_Signed", x509.Certificate, x509.CertificateSigningRequest)


class Einde(NamedTuple):
    """The last certificate of a participant that counts: when it ends, in how many whole days, and the warning that this falls under."""

    oin: str
    vingerafdruk: bytes
    geldig_tot: datetime
    dagen: int
    grens: int


def read(pem: bytes) -> x509.Certificate:
    """The first certificate of a PEM file. Raises Invalid."""
    try:
        return _whole(x509.load_pem_x509_certificates(pem)[0])
    except _UNREADABLE:
        raise Invalid("CERTIFICAAT_ONLEESBAAR", f"Hierin staat geen certificaat dat te lezen is; {_GIVE} CERTIFICATE{_KEYS}.") from None


def rows(oin: str, found: x509.Certificate) -> tuple[Certificaat, Certificaatinhoud]:
    """A certificate as rows of the register, whatever its kind."""
    print_ = found.fingerprint(SHA256())
    known = Certificaat(print_, oin, found.not_valid_before_utc, found.not_valid_after_utc)
    return known, Certificaatinhoud(print_, oin, found.public_bytes(Encoding.DER))


def wrong(der: bytes, oin: str, trusted: bytes, now: datetime) -> str | None:
    """Why a certificate will not do for this participant, in Dutch; None: it will."""
    found = x509.load_der_x509_certificate(der)
    begin, end, shown = found.not_valid_before_utc, found.not_valid_after_utc, owner(found.subject)
    faults = (
        (shown != oin, f"het certificaat is van {shown or 'niemand: in subject.serialNumber staat geen OIN'}, niet van {oin}"),
        (not begin <= now <= end, f"het certificaat geldt van {begin:%Y-%m-%d} tot {end:%Y-%m-%d}"),
        (not _for_clients(found), "het is geen certificaat waarmee een systeem zich meldt (clientAuth, digitalSignature, geen CA)"),
        (not _strong(found.public_key()), "de sleutel is te zwak: nodig is RSA vanaf 2048 bits of een kromme vanaf 256 bits"),
        (not _chains(found, trusted), "de uitgever hoort niet bij de CA's die de deur vertrouwt (SEINHUIS_CLIENT_CA)"),
    )
    return next((reason for fault, reason in faults if fault), None)


def owner(subject: x509.Name) -> str | None:
    """The OIN in `subject.serialNumber`; None when there is not exactly one."""
    values = [str(part.value) for part in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
    return values[0] if len(values) == 1 else None


def ending(certificates: Iterable[Certificaat], now: datetime) -> list[Einde]:
    """Of each participant its last certificate that counts, when that ends within the first warning; soonest first.

    Who already registered a next one is not spoken of: that is what the overlap is for.
    """
    last: dict[str, Certificaat] = {}
    for certificate in certificates:
        if certificate.ingetrokken_op is None and certificate.geldig_tot >= now:
            known = last.setdefault(certificate.oin, certificate)
            last[certificate.oin] = max(known, certificate, key=lambda c: c.geldig_tot)
    found = []
    for certificate in last.values():
        days = (certificate.geldig_tot - now) // timedelta(days=1)
        under = [limit for limit in WARNINGS if days <= limit]
        if under:
            found.append(Einde(certificate.oin, certificate.vingerafdruk, certificate.geldig_tot, days, min(under)))
    return sorted(found, key=lambda end: end.geldig_tot)


def readable(inhoud: Certificaatinhoud) -> bool:
    """Whether a stored certificate can be read at all."""
    try:
        _whole(x509.load_der_x509_certificate(inhoud.der))
    except _UNREADABLE:
        return False
    return True


def _whole(found: _Signed) -> _Signed:
    """Read what is looked at later and is only read then: names, key and extensions. Raises what `_UNREADABLE` has."""
    _ = (found.subject, found.public_key(), found.extensions)
    return found


def _for_clients(found: x509.Certificate) -> bool:
    try:
        uses = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        signs = found.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
        plain = not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in uses and signs and plain


def _strong(key: object) -> bool:
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= 2048
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size >= 256


def _chains(found: x509.Certificate, trusted: bytes) -> bool:
    """Whether a chain of trusted authorities leads to one that signed itself."""
    authorities = x509.load_pem_x509_certificates(trusted) if trusted else []
    at = found
    for _ in range(_DEEP):
        issuer = next((authority for authority in authorities if _issued(at, authority)), None)
        if issuer is None:
            return False
        if issuer.subject == issuer.issuer:
            return True
        at = issuer
    return False


def _issued(found: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        found.verify_directly_issued_by(authority)
        return authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (*_UNREADABLE, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False


def request(pem: bytes, oin: str) -> x509.CertificateSigningRequest:
    """A certificate request (PKCS #10) of a participant. Raises Invalid: unreadable, of another OIN, not signed by its own key, weak."""
    try:
        csr = _whole(x509.load_pem_x509_csr(pem))
        signed = csr.is_signature_valid
    except _UNREADABLE:
        raise Invalid("AANVRAAG_ONLEESBAAR", f"Hierin staat geen aanvraag die te lezen is; {_GIVE} CERTIFICATE REQUEST{_KEYS}.") from None
    shown = owner(csr.subject)
    if shown not in (None, oin):
        raise Invalid("AANVRAAG_VAN_ANDER", f"De aanvraag is van {shown}, niet van {oin}; maak haar opnieuw met uw eigen OIN.")
    if not signed or not _strong(csr.public_key()):
        raise Invalid("AANVRAAG_ZWAK", "De aanvraag is niet met haar eigen sleutel ondertekend, of die is te zwak (P-256 of RSA 2048).")
    return csr
