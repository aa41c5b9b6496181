"""The development PKI and what the gateway reads from certificates and revocation lists."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from certs.dev import DevPki, Issued
from gateway.api.revocation import Revocations, leaf, subject_oin
from gateway.core.clock import FixedClock
from gateway.core.errors import Misconfigured, Unauthenticated

OIN = "00000099000000001000"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def pki(tmp_path: Path, clock: FixedClock) -> DevPki:
    return DevPki.create(tmp_path / "pki", clock)


def _cert(issued: Issued) -> x509.Certificate:
    return x509.load_der_x509_certificate(issued.der)


def _usage(issued: Issued) -> x509.KeyUsage:
    return _cert(issued).extensions.get_extension_for_class(x509.KeyUsage).value


def test_partner_carries_oin_and_organisation(pki: DevPki) -> None:
    cert = _cert(pki.partner(OIN, "Woningstichting Voorbeeld"))
    assert [a.value for a in cert.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)] == [OIN]
    assert [a.value for a in cert.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)] == ["Woningstichting Voorbeeld"]
    uses = cert.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(uses) == {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH}
    assert cert.issuer.rfc4514_string().startswith("CN=TRIAL ")


def test_partner_chain_verifies_up_to_the_root(pki: DevPki) -> None:
    chain = x509.load_pem_x509_certificates(pki.server("gateway.example").chain_path.read_bytes())
    store = Store(x509.load_pem_x509_certificates(pki.root_path.read_bytes()))
    for name in (x509.DNSName("localhost"), x509.DNSName("gateway.example")):
        verified = PolicyBuilder().store(store).time(NOW).build_server_verifier(name).verify(chain[0], chain[1:])
        assert len(verified) == 3


def test_partner_key_is_ec_or_rsa_3072(pki: DevPki) -> None:
    key = _cert(pki.partner(OIN, "Voorbeeld", rsa_key=True)).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 3072


def test_partner_without_oin_raises(pki: DevPki) -> None:
    with pytest.raises(ValueError, match="20 positions"):
        pki.partner("../../" + OIN[6:], "Voorbeeld")


def test_signing_certificate_is_no_tls_certificate(pki: DevPki) -> None:
    issued = pki.signing(OIN, "Voorbeeld")
    assert _usage(issued).content_commitment
    assert not _usage(pki.partner(OIN, "Voorbeeld")).content_commitment
    uses = _cert(issued).extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert ExtendedKeyUsageOID.CLIENT_AUTH not in uses
    assert ExtendedKeyUsageOID.SERVER_AUTH not in uses


def test_private_keys_are_readable_by_owner_only(pki: DevPki) -> None:
    issued = pki.partner(OIN, "Voorbeeld")
    keys = sorted(issued.key_path.parent.glob("*.key"))
    assert len(keys) == 3
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}


def test_create_twice_raises(pki: DevPki, clock: FixedClock) -> None:
    with pytest.raises(FileExistsError):
        DevPki.create(pki.root_path.parent, clock)


def test_load_continues_the_same_pki(pki: DevPki, clock: FixedClock) -> None:
    issued = pki.partner(OIN, "Voorbeeld")
    DevPki.load(pki.root_path.parent, clock).revoke(issued)
    again = Revocations(pki.crl_path, pki.intermediate_path, clock)
    assert again.is_revoked(issued.serial)


def test_subject_oin_reads_the_oin(pki: DevPki) -> None:
    issued = pki.partner(OIN, "Voorbeeld", valid_for=timedelta(days=2))
    assert subject_oin(issued.der) == OIN
    assert leaf(issued.der).serial == issued.serial
    assert leaf(issued.der).valid_until == NOW + timedelta(days=2)


@pytest.mark.parametrize("oin", ["00000005000000001000", "000000990000000010AB", "A" * 20])
def test_subject_oin_of_malformed_oin_raises(pki: DevPki, oin: str) -> None:
    with pytest.raises(Unauthenticated):
        subject_oin(pki.partner(oin, "Voorbeeld").der)


def test_subject_oin_without_oin_raises(pki: DevPki) -> None:
    for der in (pki.server("localhost").der, b"no certificate"):
        with pytest.raises(Unauthenticated):
            subject_oin(der)


def test_revocations_refresh_sees_a_new_revocation(pki: DevPki, clock: FixedClock) -> None:
    good, bad = pki.partner(OIN, "Voorbeeld"), pki.partner("00000099000000002000", "Ander")
    revocations = Revocations(pki.crl_path, pki.intermediate_path, clock)
    assert not revocations.is_revoked(bad.serial)
    assert not revocations.refresh()
    pki.revoke(bad)
    assert revocations.refresh()
    assert revocations.is_revoked(bad.serial)
    assert not revocations.is_revoked(good.serial)


def test_revocations_past_next_update_are_stale(pki: DevPki, clock: FixedClock) -> None:
    pki.write_crl(timedelta(hours=1))
    revocations = Revocations(pki.crl_path, pki.intermediate_path, clock)
    clock.advance(timedelta(minutes=59))
    assert not revocations.stale()
    clock.advance(timedelta(minutes=2))
    assert revocations.stale()
    pki.write_crl(timedelta(hours=1))
    revocations.refresh()
    assert not revocations.stale()


def test_revocations_older_list_is_refused_and_the_newer_stays(pki: DevPki, clock: FixedClock) -> None:
    old, issued = pki.crl_path.read_bytes(), pki.partner(OIN, "Voorbeeld")
    pki.revoke(issued)
    revocations = Revocations(pki.crl_path, pki.intermediate_path, clock)
    pki.crl_path.write_bytes(old)
    for _ in range(2):  # not once: as long as it lasts
        with pytest.raises(Misconfigured, match="ouder"):
            revocations.refresh()
    assert revocations.is_revoked(issued.serial)


def test_revocations_of_another_ca_are_refused(pki: DevPki, clock: FixedClock, tmp_path: Path) -> None:
    other = DevPki.create(tmp_path / "other", clock)  # same names, other keys
    assert not Revocations(other.crl_path, other.intermediate_path, clock).stale()
    with pytest.raises(Misconfigured):
        Revocations(other.crl_path, pki.intermediate_path, clock)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN X509 CRL-----\n", None])
def test_revocations_unreadable_file_is_refused(pki: DevPki, clock: FixedClock, content: bytes | None) -> None:
    revocations = Revocations(pki.crl_path, pki.intermediate_path, clock)
    pki.crl_path.unlink()
    if content is not None:
        pki.crl_path.write_bytes(content)
    with pytest.raises(Misconfigured):
        revocations.refresh()
    with pytest.raises(Misconfigured):
        Revocations(pki.crl_path, pki.intermediate_path, clock)
