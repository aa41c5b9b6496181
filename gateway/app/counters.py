"""Wires the counter of the partner register: the operator's office, the database of the integrators' role, issuing in a trial.

Authority: decision 0040. Leaves opening database and keys to `house`.
"""

from cryptography import x509

from certs.dev import DevPki
from gateway.app.house import House
from gateway.app.settings import Settings
from gateway.onboarding.counter import Counters


def counters(settings: Settings, house: House) -> Counters:
    """The counter of this node; it issues certificates in an installation to try things on only."""

    def issue(request: x509.CertificateSigningRequest, oin: str, name: str) -> bytes:
        return DevPki.load(settings.state / "pki", house.clock).certify(request, oin, name).chain_path.read_bytes()

    return Counters(house.office, house.integrators, house.register.current, issue if house.office.trial else None)
