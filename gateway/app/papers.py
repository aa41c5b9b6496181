"""Where a node's certificate files stand. Authority: `docs/operations.md`."""

from pathlib import Path
from typing import NamedTuple

from gateway.app.settings import Settings


class Papers(NamedTuple):
    """The certificate files of a node."""

    certificate: Path
    key: Path
    client_ca: Path
    issuer: Path
    crl: Path


def papers(settings: Settings) -> Papers:
    """Where the certificate files stand: as set, else in the development PKI of the state folder."""
    pki = settings.state / "pki"
    return Papers(
        settings.tls_certificate or pki / "localhost.chain.pem",
        settings.tls_key or pki / "localhost.key",
        settings.client_ca or pki / "root.pem",
        settings.client_ca_issuer or pki / "intermediate.pem",
        settings.crl or pki / "crl.pem",
    )
