"""The convenant's list, whole or not at all; certificates that end soon, and requests for new ones."""

import base64
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from structlog.testing import capture_logs

from gateway.app import expiry
from gateway.app.metrics import Metrics
from gateway.core.errors import Invalid
from gateway.onboarding import certificaten, convenant, registration
from gateway.onboarding.convenant import Fout
from gateway.partners.dossier import Certificaatinhoud
from gateway.partners.register import Certificaat, GemeenteInstelling, Register
from tests.onboarding.world import CAK, LANDLORD, ROWS, TEAM, TODAY, TOWN, Hall, certify

HEAD = ";".join(convenant.COLUMNS)
GOOD = f"{LANDLORD};0392;{CAK};2026-01-01;2026-12-31"


@pytest.fixture
def listed(hall: Hall) -> Hall:
    registration.save(hall.office, ROWS[LANDLORD], GemeenteInstelling("0392", "Haarlem", TODAY))
    return hall


def take(hall: Hall, *lines: str, dry: bool = False) -> convenant.Uitkomst:
    return convenant.take_over(hall.office, "\r\n".join((HEAD, *lines)).encode("utf-8-sig"), dry=dry)


def test_list_is_taken_over_and_again_changes_nothing(listed: Hall) -> None:
    second = f"{LANDLORD};0392;{CAK};2027-01-01;"
    assert take(listed, GOOD, second, dry=True)[:3] == (2, 0, 0)
    assert listed.load().agreements() == []
    assert take(listed, GOOD, second)[:3] == (2, 0, 0)
    assert take(listed, GOOD, second)[:3] == (0, 0, 2)
    assert take(listed, GOOD.replace("12-31", "06-30"))[:3] == (0, 1, 0)
    ends = sorted(str(row.geldig_tot) for row in listed.load().agreements())
    assert ends == ["2026-06-30", "None"]


FAULTS = {
    "an OIN": (GOOD.replace(LANDLORD, "123"), "schuldeiser"),
    "a stranger": (GOOD.replace(LANDLORD, TEAM), "schuldeiser"),
    "a code": (GOOD.replace("0392", "392"), "gemeentecode"),
    "no desk": (GOOD.replace("0392", "0344"), "gemeentecode"),
    "a sector": (GOOD.replace(CAK, "huur"), "sector"),
    "a day": (GOOD.replace("2026-01-01", "2026-02-30"), "geldig_van"),
    "the order": (GOOD.replace("2026-12-31", "2025-12-31"), "geldig_tot"),
    "no end of the period": (f"{LANDLORD};0392;{CAK};2026-06-01;", "geldig_van"),
    "too few": (f"{LANDLORD};0392", ""),
    "a quote": (f'{LANDLORD};"0392', ""),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_one_fault_keeps_all_out_and_says_where(listed: Hall, kind: str) -> None:
    line, column = FAULTS[kind]
    found = take(listed, GOOD, line)
    assert [(fout.regel, fout.kolom) for fout in found.fouten] == [(3, column)]
    assert found[:3] == (0, 0, 0)
    assert listed.load().agreements() == []


def test_list_that_is_none_is_refused(listed: Hall) -> None:
    for content in (b"", b"\xff\xfe", b"naam;oin\n"):
        assert [(f.regel, f.kolom) for f in convenant.take_over(listed.office, content, dry=False).fouten] == [(1, "")]
    assert Fout(1, "", "x").melding  # the form that the command line shows


@pytest.mark.parametrize(("days", "limit"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7)])
def test_end_of_a_certificate_is_told_in_time(hall: Hall, days: int, limit: int | None) -> None:
    found = certificaten.ending([_until(hall.clock.now() + timedelta(days=days, hours=1), 1)], hall.clock.now())
    assert [end.grens for end in found] == ([limit] if limit else [])


def test_next_certificate_beside_the_last_one_ends_the_warning(hall: Hall) -> None:
    now = hall.clock.now()
    old, new = _until(now + timedelta(days=3), 1), _until(now + timedelta(days=300), 2)
    assert len(certificaten.ending([old], now)) == 1
    assert certificaten.ending([old, new], now) == []
    revoked = Certificaat(new.vingerafdruk, new.oin, new.geldig_van, new.geldig_tot, now)
    assert len(certificaten.ending([old, revoked], now)) == 1


def test_operator_hears_of_organisations_only(hall: Hall) -> None:
    now, metrics = hall.clock.now(), Metrics()
    register = Register(1, deelnemers=[ROWS[LANDLORD]], certificaten=[_until(now + timedelta(days=20), 1)])
    with capture_logs() as said:
        expiry.warn(lambda: register, hall.clock, metrics)
    assert [(entry["event"], entry["deelnemer"], entry["binnen"]) for entry in said] == [("certificaat_verloopt", LANDLORD, 30)]
    counts = {days: metrics.registry.get_sample_value("seinhuis_certificates_ending", {"dagen": days}) for days in ("60", "30", "7")}
    assert counts == {"60": 1, "30": 1, "7": 0}


def test_rotation_leaves_both_certificates_in_use(hall: Hall) -> None:
    registration.save(hall.office, ROWS[LANDLORD])
    certify(hall, LANDLORD)
    (first,) = hall.load().certificates()
    certify(hall, LANDLORD)
    assert [c.ingetrokken_op for c in hall.load().certificates()] == [None, None]
    registration.revoke_certificate(hall.office, first.vingerafdruk)
    assert sorted(c.ingetrokken_op is None for c in hall.load().certificates()) == [False, True]


def test_request_becomes_a_certificate_of_the_right_kind(hall: Hall) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    issued = hall.pki.certify(certificaten.request(csr_of(key, LANDLORD), LANDLORD), LANDLORD, "Warmte Voorbeeld")
    found = certificaten.read(issued.cert_path.read_bytes())
    assert found.public_key() == key.public_key()
    assert not issued.key_path.exists()
    assert certificaten.wrong(issued.der, LANDLORD, hall.office.trusted, hall.clock.now()) is None
    assert certificaten.wrong(issued.der, TOWN, hall.office.trusted, hall.clock.now()) is not None


def test_request_of_another_or_with_a_weak_key_is_refused(hall: Hall) -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 - what is to be refused
    for pem, code in (
        (csr_of(ec.generate_private_key(ec.SECP256R1()), TOWN), "AANVRAAG_VAN_ANDER"),
        (csr_of(weak, LANDLORD), "AANVRAAG_ZWAK"),
        (b"niets", "AANVRAAG_ONLEESBAAR"),
    ):
        with pytest.raises(Invalid) as refused:
            certificaten.request(pem, LANDLORD)
        assert refused.value.code == code


CURVE = (bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d030104"))
"""P-256, and prime239v1, which the library does not know."""
TWICE = (bytes.fromhex("0603551d25"), bytes.fromhex("0603551d0f"))
"""The extended key usage, and the key usage, which is there already."""


@pytest.mark.parametrize(("was", "becomes"), [CURVE, TWICE], ids=["curve", "extension_twice"])
def test_certificate_that_the_library_cannot_read_is_told_so(hall: Hall, was: bytes, becomes: bytes) -> None:
    issued = hall.pki.partner(LANDLORD, "Warmte Voorbeeld")
    assert certificaten.read(armoured(issued.der, "CERTIFICATE")).subject  # the control
    assert was in issued.der
    changed = issued.der.replace(was, becomes)
    with pytest.raises(Invalid, match="CERTIFICAAT_ONLEESBAAR"):
        certificaten.read(armoured(changed, "CERTIFICATE"))
    assert not certificaten.readable(Certificaatinhoud(bytes(32), LANDLORD, changed))


def test_request_on_a_curve_that_the_library_does_not_know_is_told_so() -> None:
    pem = csr_of(ec.generate_private_key(ec.SECP256R1()), LANDLORD)
    der = x509.load_pem_x509_csr(pem).public_bytes(Encoding.DER)
    with pytest.raises(Invalid, match="AANVRAAG_ONLEESBAAR"):
        certificaten.request(armoured(der.replace(*CURVE), "CERTIFICATE REQUEST"), LANDLORD)


def armoured(der: bytes, kind: str) -> bytes:
    return f"-----BEGIN {kind}-----\n{base64.encodebytes(der).decode()}-----END {kind}-----\n".encode()


def _until(end: datetime, number: int) -> Certificaat:
    return Certificaat(bytes([number]) * 32, LANDLORD, end - timedelta(days=900), end)


def csr_of(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, oin: str) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x"), x509.NameAttribute(NameOID.SERIAL_NUMBER, oin)])
    return x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256()).public_bytes(Encoding.PEM)
