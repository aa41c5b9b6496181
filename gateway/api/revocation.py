"""What a client certificate says, and whether its issuer took it back.

Authority: Digikoppeling PKI001 (OIN in `subject.serialNumber`, 2.5.4.5) and PKI002-004 (validity and CRL), RFC 5280. A list is
taken when the CA signed it and its number is higher; past `nextUpdate` it proves nothing and the caller refuses. One list per
issuing CA. Leaves to the partner register which certificates are known, and to the caller what to answer.
"""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from gateway.core.clock import Clock
from gateway.core.errors import Misconfigured, Unauthenticated
from schemas.types import Oin


class Leaf(NamedTuple):
    """What counts of a client certificate: the OIN, its own serial number, first and last instant (UTC)."""

    oin: Oin
    serial: int
    valid_from: datetime
    valid_until: datetime


@lru_cache(maxsize=4096)
def leaf(der: bytes) -> Leaf:
    """Read a client certificate (DER). Raises Unauthenticated when it has not exactly one well-formed OIN."""
    try:
        cert = x509.load_der_x509_certificate(der)
        (attribute,) = cert.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
        oin = msgspec.convert(attribute.value, Oin)
        return Leaf(oin, cert.serial_number, cert.not_valid_before_utc, cert.not_valid_after_utc)
    except (ValueError, msgspec.ValidationError):
        detail = "Het certificaat heeft geen geldig OIN in subject.serialNumber (2.5.4.5)."
        raise Unauthenticated("CERTIFICAAT_ZONDER_OIN", detail) from None


def subject_oin(der: bytes) -> Oin:
    """The OIN of a client certificate (DER). Raises Unauthenticated when it has not exactly one well-formed OIN."""
    return leaf(der).oin


class _List(NamedTuple):
    raw: bytes
    number: int
    serials: frozenset[int]
    next_update: datetime


_NONE = _List(b"", -1, frozenset(), datetime.min.replace(tzinfo=UTC))


class Revocations:
    """The certificate revocation list of one CA, read from a file that somebody else renews."""

    def __init__(self, path: Path, issuer: Path, clock: Clock) -> None:
        """Read the list (PEM or DER) of the CA certificate `issuer` (PEM). Raises Misconfigured when either is not usable."""
        self._path = path
        self._clock = clock
        self._stamp: tuple[int, int, int] | None = None
        self._list = _NONE
        try:
            self._issuer = x509.load_pem_x509_certificate(issuer.read_bytes())
        except (OSError, ValueError):
            raise Misconfigured(f"Het CA-certificaat {issuer} is niet leesbaar.") from None
        self.refresh()

    def refresh(self) -> bool:
        """Read the file again when it changed; True when another list came into force.

        Raises:
            Misconfigured: the file is missing, not signed by the CA or older; the list in force stays. Comes back at each call.
        """
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if stamp == self._stamp:
                return False
            fresh = _read(self._path.read_bytes(), self._issuer)
        except (OSError, ValueError, x509.ExtensionNotFound) as error:
            raise Misconfigured(f"De CRL {self._path} is niet bruikbaar ({type(error).__name__}).") from None
        changed = fresh.raw != self._list.raw
        if changed and fresh.number <= self._list.number:
            raise Misconfigured(f"De CRL {self._path} is ouder dan de CRL in gebruik (nummer {fresh.number}).")
        self._list, self._stamp = fresh, stamp
        return changed

    def is_revoked(self, serial: int) -> bool:
        """Whether the CA took back its certificate with this serial number."""
        return serial in self._list.serials

    def stale(self) -> bool:
        """Whether the list is past its `nextUpdate`: then every certificate must be refused."""
        return self._clock.now() > self._list.next_update


def _read(raw: bytes, issuer: x509.Certificate) -> _List:
    crl = x509.load_pem_x509_crl(raw) if raw.lstrip().startswith(b"-----") else x509.load_der_x509_crl(raw)
    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey) or crl.issuer != issuer.subject or not crl.is_signature_valid(key):
        raise ValueError("not of this CA")
    if crl.next_update_utc is None or any(isinstance(e.value, x509.DeltaCRLIndicator) for e in crl.extensions):
        raise ValueError("no nextUpdate, or not a complete list")
    number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    return _List(raw, number, frozenset(entry.serial_number for entry in crl), crl.next_update_utc)
